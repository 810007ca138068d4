"""Quirks 24 to 27: prices that depend on the caller, and groups that only a name tells apart."""

from typing import Any

from published import USD, prefixes, reasons, sheet


def test_quirk_24_origin_rows_are_kept_and_a_deck_is_compiled_for_one() -> None:
    head = "Code,Destination,Rate,Origination Prefixes\n"
    text = head + '91,India,5,\n91,India Domestic,1,91\n91,140,2,"91140,92"\n'
    found = sheet(text)
    assert found.rows["origin"].to_list() == [None, "91", "91140", "92"]
    groups = {}
    for origin in (None, "91", "91140", "44"):
        match = sheet(text, origin=origin).compile().match("+919812345678")
        assert match is not None
        groups[origin] = match.network_group
    assert groups == {None: "India", "91": "India Domestic", "91140": "140", "44": "India"}


def test_quirk_25_words_for_any_caller_and_local() -> None:
    head = "Code,Destination,Rate,Origin\n"
    text = head + "91,A,1,ALL\n92,B,1,ROW\n93,C,1,\n352,D,1,\n352,E,2,local\n91,F,3,local\n"
    found = sheet(text)
    assert found.rows["origin"].to_list() == [None] * 4
    assert (found.counts.read, found.counts.noise, found.counts.refused) == (6, 2, 0)
    assert "pass local_origin=" in reasons(found, "warning")
    local = sheet(text, local_origin="352", origin="352")
    assert local.rows.filter(prefix="352").select("network_group", "origin").rows() == [
        ("D", None),
        ("E", "352"),
    ]
    assert local.counts.noise == 1


def zentrunk(**options: Any) -> Any:
    rates = {
        "0.0100": ["91", "9198", "91"],
        "0.0500": ["91", "9199"],
        "NA": ["91140"],
        "0.2": ["5917\n59163", ""],
    }
    groups = {
        "0.0100": ["Testland - From Testland", "Testland Mobile"],
        "0.0500": ["Testland"],
        "0.2": ["Testland - Premium"],
    }
    branch = {"rate": "0.0100", "tollfree_rate": "NA", "rates": rates, "network_group_rates": groups}
    body = {"country_iso": "TL", "country": "Testland", "zentrunk": {"local": {"outbound": branch}}}
    return sheet(body, **{**USD, **options})


def test_quirk_26_a_prefix_under_several_rates_needs_a_policy() -> None:
    found = zentrunk()
    assert prefixes(found) == ["9198", "9199", "91140", "5917", "59163"]
    assert found.faults.filter(severity="error")["value"].unique().sort().to_list() == ["", "91", "91,91"]
    told = "as 91 has 0.0100 (Testland - From Testland, Testland Mobile) and 0.0500"
    assert told in reasons(found, "warning")
    for policy, rate in (("dearest", "0.0500"), ("cheapest", "0.0100")):
        settled = zentrunk(ambiguous_groups=policy)
        assert settled.rows.filter(prefix="91")["original_rate"].to_list() == [rate]
        assert settled.counts.refused == 1


def test_quirk_27_the_rate_is_the_key() -> None:
    found = zentrunk(ambiguous_groups="cheapest")
    assert (found.format, found.provider) == ("zentrunk", "plivo")
    assert found.rows["network_group"][0] == "Testland - From Testland | Testland Mobile"
    assert "2 groups share this rate" in reasons(found, "warning")
    blocked = found.rows.filter(prefix="91140")
    assert blocked.select("blocked", "outbound_rate").row(0) == (True, None)
    assert (found.counts.read, found.counts.loaded, found.counts.noise) == (9, 6, 2)
