"""Plivo's real payloads: branches by type of number, and groups told apart by their names only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dialnexa_routing.text.errors import SheetError
from published import USD, prefixes, reasons, sheet

USD_RATE = {"0.00925": Decimal("0.74"), "0.05": Decimal(4)}
LOCAL = {
    "destination_prefix": ["91"],
    "origination_prefix": [""],
    "rate": "0.05000",
    "voice_network_group": "India",
    "voice_unit": 60,
}
IP = {"inbound": {"rate": "0.00330"}, "outbound": {"rates": {"all": "0.00330"}}}


def country(local: list[dict[str, Any]] | None = None, **branches: Any) -> dict[str, Any]:
    rows = [LOCAL] if local is None else local
    voice = {"ip": IP, "local": {"inbound": {"rate": None}, "outbound": {"rates": rows}}, **branches}
    return {"country_iso": "IN", "country": "India", "voice": voice}


def test_rows_by_prefix_load_beside_a_price_for_addresses() -> None:
    found = sheet(country(), **USD)
    assert (found.format, found.counts.loaded, found.rows["network_group"][0]) == (
        "plivo_country",
        1,
        "India",
    )
    told = reasons(found, "warning")
    assert (
        "IN: 1 rows of voice.ip.outbound were left out, for calls to addresses, which have no prefix" in told
    )
    alone = country()
    del alone["voice"]["ip"]
    assert sheet(alone, **USD).rows.equals(found.rows)


@pytest.mark.parametrize("name", ["tollfree", "toll_free"])
def test_rows_of_toll_free_numbers_are_counted_and_can_be_chosen(name: str) -> None:
    free: Any = {"inbound": {"rate": "0.02"}, "outbound": {"rate": "0", "rates": [{**LOCAL, "rate": "0.01"}]}}
    found = sheet(country(None, **{name: free}), **USD)
    assert found.rows["original_rate"].to_list() == ["0.05000"]
    assert "1 rows of voice.tollfree.outbound were left out" in reasons(found, "warning")
    chosen = sheet(country(None, **{name: free}), number_type=name, **USD)
    assert chosen.rows["original_rate"].to_list() == ["0.01"]
    assert chosen.rows["inbound_rate"].null_count() == 0


@pytest.mark.parametrize("branch", [None, {}, {"outbound": None}, {"outbound": {"rates": {}}}])
def test_branches_without_prices_say_nothing(branch: Any) -> None:
    found = sheet(country(ip=branch), **USD)
    assert found.counts.loaded == 1
    assert "voice.ip" not in reasons(found)


def test_a_type_that_nobody_knows_is_counted_too() -> None:
    found = sheet(country(national={"outbound": {"rates": [LOCAL, LOCAL]}}), **USD)
    assert "2 rows of voice.national.outbound were left out" in reasons(found, "warning")


def test_account_pricing_tells_of_prices_beside_its_rows() -> None:
    outbound = {
        "ip": {"rate": "0.00300"},
        "local": {"rate": "0.01"},
        "tollfree": {"rate": None},
        "rates": [{"prefix": ["91"], "rate": "0.05"}],
    }
    found = sheet({"country": "India", "voice": {"outbound": outbound, "inbound": None}}, **USD)
    assert (found.format, prefixes(found)) == ("plivo", ["91"])
    assert "1 row of voice.outbound.ip, 0.00300, was left out" in reasons(found, "warning")
    assert "voice.outbound.local" not in reasons(found)


def test_a_member_of_a_price_that_nobody_knows_is_asked_about() -> None:
    body = country([{**LOCAL, "connection_charge": "0.1"}])
    with pytest.raises(
        SheetError, match=r"'connection_charge' .* money .* pass leave_out=\('connection_charge',\)"
    ):
        sheet(body, **USD)
    assert sheet(body, leave_out="connection_charge", **USD).counts.loaded == 1
    assert sheet(country([{**LOCAL, "carrier_note": "premium"}]), **USD).counts.loaded == 1


def zentrunk(rates: dict[str, list[str]], groups: dict[str, list[str]] | None = None, **more: Any) -> Any:
    branch = {"rates": rates, "network_group_rates": groups or {}}
    trunk = {"local": {"outbound": branch}, **more}
    return {"country_iso": "IN", "country": "India", "zentrunk": trunk}


def test_quirk_26_the_cause_and_the_argument_stand_in_the_error() -> None:
    many = [f"91{at}" for at in range(10, 30)]
    with pytest.raises(SheetError) as caught:
        sheet(zentrunk({"0.00925": many, "0.05": many}), max_refused=0.5, **USD)
    assert "9110 and 19 more prefixes have several rates, 0.00925 and 0.05" in str(caught.value)
    assert "pass ambiguous_groups='dearest' or 'cheapest'" in str(caught.value)
    with pytest.raises(SheetError, match=r"91 has several rates, 0\.00925 and 0\.05"):
        sheet(zentrunk({"0.00925": ["91"], "0.05": ["91"]}), max_refused=0.5, **USD)
    dear = sheet(zentrunk({"0.00925": many, "0.05": many}), ambiguous_groups="dearest", **USD)
    assert dear.rows["original_rate"].unique().to_list() == ["0.05"]


@pytest.mark.parametrize("inverted", [False, True])
def test_R19_groups_named_after_their_callers_are_for_those(inverted: bool) -> None:
    names = {
        "0.00925": ["India - From India", "India Mumbai - From India"],
        "0.05": ["India", "India Mumbai"],
    }
    rates = {"0.00925": ["91", "9122", "9133"], "0.05": ["91", "9122"]}
    if inverted:
        groups = {name: rate for rate, listed in names.items() for name in listed}
        body = zentrunk(rates, outbound={"network_groups": groups})
    else:
        body = zentrunk(rates, names)
    found = sheet(body, **USD)
    assert found.rows.select("prefix", "origin", "original_rate").rows() == [
        ("91", "91", "0.00925"),
        ("9122", "91", "0.00925"),
        ("9133", "91", "0.00925"),
        ("91", None, "0.05"),
        ("9122", None, "0.05"),
    ]
    assert "their rate is for callers from 91" in reasons(found, "note")
    for origin, rate in (("91", "0.00925"), (None, "0.05"), ("44", "0.05")):
        match = sheet(body, origin=origin, **USD).compile().match("+912212345678")
        assert match is not None
        assert match.outbound_rate == USD_RATE[rate]


@pytest.mark.parametrize("caller", ["Europe", "High Cost Origins", "United States", "United Kingdom"])
def test_quirk_26_names_that_are_no_single_calling_code_stay_asked(caller: str) -> None:
    names = {"0.01": [f"India - From {caller}"], "0.05": ["India"]}
    with pytest.raises(SheetError, match="91 has several rates"):
        sheet(zentrunk({"0.01": ["91"], "0.05": ["91"]}, names), max_refused=0.5, **USD)
