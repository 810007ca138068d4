"""Every provider's format: recognised for a stated reason, and read with exact counts."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import SAMPLES, USD, prefixes, reasons

INTERSTATE = {"jurisdiction": "interstate"}
NO_CURRENCY = {"currency": None}
NO_MONEY: dict[str, Any] = dict.fromkeys(("currency", "inr_per_unit", "inr_on"))

FILES: list[tuple[str, str, str, tuple[int, int, int], dict[str, Any]]] = [
    ("plivo_country_IN.json", "plivo_country", "voice.local.outbound", (4, 0, 0), {}),
    ("zentrunk_TL.json", "zentrunk", "JSON with zentrunk", (5, 0, 0), {}),
    ("twilio_v1_TL.json", "twilio", "Twilio Pricing v1", (2, 0, 0), {}),
    ("twilio_v2_TL.json", "twilio", "Twilio Pricing v2", (4, 0, 0), {}),
    ("twilio_trunking_TL.json", "twilio", "Twilio Trunking Pricing v2", (1, 0, 0), {}),
    ("twilio_voice.csv", "twilio", "Price / min, Destination Prefixes", (11, 0, 0), {}),
    ("twilio_voice_older.csv", "twilio", "Price / min, Prefixes", (3, 0, 0), {}),
    ("telnyx.csv", "telnyx", "Interval 1, Interval N", (5, 0, 1), {}),
    ("didww.csv.gz", "didww", "Category, Prefix, Rate", (4, 1, 1), NO_CURRENCY),
    ("anveodirect.csv", "anveodirect", "rate_inter, rate_intra, billing", (2, 0, 0), INTERSTATE),
    ("callwithus_world.csv", "callwithus", "5 columns separated by ';'", (2, 0, 0), {}),
    ("callwithus_us.csv", "callwithus", "6 columns separated by ';'", (2, 0, 0), INTERSTATE),
    ("tcxc.csv", "tcxc", "Forbidden, Discontinued, Price 1, Price N", (4, 0, 0), {}),
    ("astpp.csv", "astpp", "Connection Cost, Cost / Min", (2, 0, 0), {}),
    ("astpp_terminations.csv", "astpp", "Connection Cost, Cost / Min", (1, 0, 0), {}),
    ("a2billing.csv", "a2billing", "dialprefix, rateinitial", (2, 0, 0), {}),
    ("a2billing_named.csv", "a2billing", "dialprefix, rateinitial", (2, 0, 0), {}),
    ("magnusbilling.csv", "magnusbilling", "6 columns separated by ','", (9, 0, 0), {}),
    ("kazoo.csv", "kazoo", "prefix, rate_cost", (4, 0, 1), {}),
    ("ivozprovider.csv", "ivozprovider", "Target Pattern Name", (3, 0, 0), {}),
    ("cgrates", "cgrates", "begins with #Id", (13, 0, 0), {}),
    ("npanxx.csv", "npanxx", "'NPANXX' holds area codes", (3, 0, 0), {}),
    ("us_jurisdictions.csv", "npanxx", "interrate and intrarate and ijrate", (2, 0, 0), INTERSTATE),
    (
        "numbering_plan.csv",
        "numbering_plan",
        "Length, Type, Tariff",
        (23, 1, 0),
        {**NO_MONEY, "calling_code": "990"},
    ),
    ("commpeak.csv", "canonical", "Effective date", (2, 0, 0), {}),
]


def read(name: str, **options: Any) -> RateSheet:
    given = {**USD, "timezone": "UTC", **options}
    return RateSheet.read(SAMPLES / name, **given)


@pytest.mark.parametrize(("name", "form", "why", "counts", "options"), FILES, ids=[row[0] for row in FILES])
def test_each_format_is_recognised_and_counted(
    name: str, form: str, why: str, counts: tuple[int, int, int], options: dict[str, Any]
) -> None:
    found = read(name, **options)
    assert (found.format, why in found.recognised_by) == (form, True), found.recognised_by
    assert (found.counts.loaded, found.counts.refused, found.counts.noise) == counts
    assert found.counts.read == sum(counts)
    named = read(name, format=form, **options)
    assert named.rows.equals(found.rows)
    assert named.recognised_by == f"the caller passed format={form!r}"
    found.compile()


def rates(found: RateSheet) -> list[str | None]:
    return [None if rate is None else f"{rate.normalize():f}" for rate in found.rows["outbound_rate"]]


def test_a_format_that_does_not_fit_is_refused_by_name() -> None:
    for name in (
        "plivo",
        "plivo_country",
        "zentrunk",
        "twilio",
        "telnyx",
        "didww",
        "kazoo",
        "callwithus",
        "cgrates",
    ):
        with pytest.raises(SheetError, match=r"leave out format=|fetch|take it away|begin with"):
            read("astpp.csv", format=name)
    with pytest.raises(SheetError, match="is JSON"):
        read("twilio_v1_TL.json", format="telnyx")


def test_twilio_bills_the_current_price_and_keeps_origins() -> None:
    found = read("twilio_v2_TL.json", origin="44")
    assert found.rows["original_rate"].to_list() == ["0.018", "0.018", "0.008", "0.008"]
    assert found.rows["origin"].to_list() == [None, None, "44", "353"]
    inbound = read("twilio_v1_TL.json", number_type="toll free")
    assert inbound.rows["inbound_rate"].n_unique() == 1
    assert str(inbound.rows["inbound_rate"][0]) == "2.000000000"


def test_plivo_country_normalises_the_unit_and_tells_of_other_types() -> None:
    found = read("plivo_country_IN.json")
    assert rates(found)[2:] == ["1.12", "1.12"]
    assert found.rows.filter(prefix="9140")["origin"].to_list() == ["91140"]
    assert "tollfree 0.02000" in reasons(found)


def test_didww_has_two_versions_blocked_rows_and_its_own_currency() -> None:
    found = read("didww.csv.gz", currency=None)
    assert found.rows["currency"].unique().to_list() == ["USD"]
    assert found.rows.filter(prefix="990").select("source_row", "valid_to").rows()[0][0] == 2
    assert found.rows.filter("blocked")["prefix"].to_list() == ["9909"]
    assert "Origin based" in found.faults["value"].to_list()
    with gzip.open(SAMPLES / "didww.csv.gz") as packed:
        assert packed.readline().startswith(b"Category,Country")


def test_telnyx_callers_local_to_the_country() -> None:
    found = read("telnyx.csv", local_origin="990", origin="990")
    assert found.rows.filter(network_group="Testland - Local")["origin"].to_list() == ["990"]
    assert found.rows.filter("exact_match")["prefix"].to_list() == ["99031234567"]


def test_cgrates_joins_its_files() -> None:
    found = read("cgrates")
    assert prefixes(found) == ["990", "9903", "9904", "9909", *(str(digit) for digit in range(1, 10))]
    assert found.rows.select("initial_increment_s", "next_increment_s").row(0) == (60, 1)
    assert rates(found)[:5] == ["8", "24", "24", None, "8"]
    assert found.rows["schedule"].null_count() == 12
    assert found.faults.filter(severity="error").height == 0
    assert found.faults["file"].unique().to_list() == ["DestinationRates.csv"]


def test_cgrates_needs_all_of_its_files(tmp_path: Path) -> None:
    for name in ("Destinations.csv", "Rates.csv"):
        (tmp_path / name).write_bytes((SAMPLES / "cgrates" / name).read_bytes())
    with pytest.raises(SheetError, match="no file of destination rates"):
        RateSheet.read(tmp_path, **USD)


def test_kazoo_weights_directions_and_callers() -> None:
    found = read("kazoo.csv")
    assert found.rows["network_group"].to_list() == [
        "testland",
        "testland_near",
        "testland_near",
        "testland_in",
    ]
    row = found.rows.row(3, named=True)
    assert (row["outbound_rate"], str(row["inbound_rate"]), row["blocked"]) == (None, "0.160000000", False)


def test_a2billing_codes_are_dialled_from_abroad() -> None:
    found = read("a2billing.csv")
    assert prefixes(found) == ["990", "9903"]
    assert "every code starts with 11" in reasons(found, "warning")


def test_astpp_has_six_names_over_seven_values() -> None:
    found = read("astpp.csv")
    terms = found.rows.select("prefix", "grace_s", "initial_increment_s", "next_increment_s").rows()
    assert terms == [("990", 0, 30, 60), ("9903", 3, 60, 60)]
    assert "six names stand over seven values" in reasons(found)


def test_ivozprovider_writes_blocked_as_a_huge_price() -> None:
    assert read("ivozprovider.csv", max_rate="1000").rows["blocked"].to_list() == [False, False, True]


def test_a_deck_of_history_keeps_its_versions() -> None:
    rows = read("commpeak.csv").rows
    assert rows["valid_to"].is_null().to_list() == [False, True]
