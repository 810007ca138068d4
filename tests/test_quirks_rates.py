"""Quirks 28 to 32 and 35 to 47: amounts, their unit and currency, increments, fees and what is blocked."""

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import USD, prefixes, reasons, sheet

HEAD = "Code,Destination,Rate\n"


def rates(found: RateSheet, name: str = "outbound_rate") -> list[str | None]:
    return [None if rate is None else f"{rate.normalize():f}" for rate in found.rows[name]]


def deck(*cells: str, header: str = "Rate", **options: Any) -> RateSheet:
    lines = [f'{91 + at},Group,"{cell}"' for at, cell in enumerate(cells)]
    return sheet("\n".join([f"Code,Destination,{header}", *lines]), **options)


def test_quirk_28_zero_without_rows_is_not_offered() -> None:
    empty = {"inbound": {"rate": None}, "outbound": {"rate": "0.00000", "rates": None}}
    found = sheet({"country_iso": "GG", "country": "Guernsey", "voice": {"local": empty}})
    assert (found.format, found.counts.read) == ("plivo_country", 0)
    assert "GG has no outbound rates for local" in reasons(found)
    priced = {"outbound": {"rates": [{"destination_prefix": ["44"], "rate": "0.0"}]}}
    inside = sheet({"country": "UK", "voice": {"local": priced}})
    assert inside.rows["blocked"].to_list() == [True]
    assert "zero means not offered" in reasons(inside, "warning")


@pytest.mark.parametrize(
    "cell", ["", "NA", "N/A", "-", "blocked", "on request", "POA", "TBD", "Not Available"]
)
def test_quirk_29_what_is_not_sold_stays_as_blocked(cell: str) -> None:
    found = deck(cell, "0.5")
    assert found.rows["blocked"].to_list() == [True, False]
    match = found.compile().match("+919812345678")
    assert match is not None
    assert match.blocked


def test_quirk_30_a_price_nobody_should_reach_blocks_by_argument() -> None:
    assert deck("1200", "0.5").rows["blocked"].to_list() == [False, False]
    found = deck("1200", "0.5", max_rate="100")
    assert (found.rows["blocked"].to_list(), rates(found)) == ([True, False], [None, "0.5"])
    assert found.rows["original_rate"][0] == "1200"
    assert "above max_rate='100'" in reasons(found, "warning")
    with pytest.raises(SheetError, match="max_rate="):
        deck("1", max_rate=100.0)


def test_quirk_31_a_negative_rate_is_refused() -> None:
    assert "is negative" in reasons(deck("-0.5"), "error")


def test_quirk_32_words_and_flags_that_close_or_block() -> None:
    text = (
        "Code,Destination,Rate,Effective,Change,Reject calls\n"
        "91,India,1,2026-01-01,Increase,\n92,P,2,2026-02-01,Closed,\n93,A,3,,Blocked,\n94,L,4,,,yes\n"
        "95,M,5,,Withdrawn,\n"
    )
    found = sheet(text, timezone="UTC")
    assert prefixes(found) == ["91", "93", "94", "92"]
    closed = found.rows.row(by_predicate=pl.col("prefix") == "92", named=True)
    assert (closed["valid_from"], str(closed["valid_to"])[:10]) == (None, "2026-02-01")
    assert found.rows.filter("blocked")["prefix"].to_list() == ["93", "94"]
    assert "the first is 95" in reasons(found)
    flagged = sheet("Code,Destination,Rate,Discontinued,Forbidden\n91,I,1,1,0\n92,P,2,0,1\n93,A,3,0,0\n")
    assert flagged.rows.select("prefix", "blocked").rows() == [("92", True), ("93", False)]


def test_quirk_35_decimal_marks_are_decided_by_the_column() -> None:
    assert rates(deck("0,0123", "1.234,5")) == ["0.0123", "1234.5"]
    assert rates(deck("1,234.5", "0.5", "2'000.25", "3 000")) == ["1234.5", "0.5", "2000.25", "3000"]
    with pytest.raises(SheetError, match="decimal='comma' or decimal='point'"):
        deck("1,234", "2")
    assert rates(deck("1,234", "2", decimal="comma")) == ["1.234", "2"]
    assert rates(deck("1,234", "2", decimal="point")) == ["1234", "2"]
    mixed = deck("0,05", "0.05")
    assert rates(mixed) == ["0.05"]
    assert "differ from the rest of the column" in reasons(mixed, "error")


def test_quirk_36_signs_and_codes_of_money() -> None:
    assert rates(deck("₹0.5", "Rs. 1", "2 INR")) == ["0.5", "1", "2"]
    with pytest.raises(SheetError, match=r"'\$', the sign of several currencies"):
        deck("$0.5", currency=None)
    dollars = deck("$0.5", "0.25 USD", **USD)
    assert (rates(dollars), dollars.rows["original_rate"].to_list()) == (["40", "20"], ["$0.5", "0.25 USD"])
    euros = deck("0.5", header="Rate (EUR/Min)", currency=None, inr_per_unit="90", inr_on="2026-01-05")
    assert (rates(euros), euros.rows["currency"][0]) == (["45"], "EUR")
    for options in ({"header": "Rate (USD)"}, {"header": "Price(€)"}):
        with pytest.raises(SheetError, match=r"says (USD|EUR).* says GBP|says GBP.* says (USD|EUR)"):
            deck("£0.5", **options)
    with pytest.raises(SheetError, match="leave out currency='INR'"):
        deck("0.5", header="Rate USD")


def test_quirk_37_no_currency_at_all() -> None:
    with pytest.raises(SheetError, match="states no currency for 'Rate': pass currency="):
        deck("0.5", currency=None)
    found = deck("0.5", **USD)
    assert found.conversion is not None
    assert (str(found.conversion.inr_per_unit), str(found.conversion.inr_on)) == ("80", "2026-01-05")


def test_quirk_38_hundredths() -> None:
    assert rates(deck("74", unit="paise")) == ["0.74"]
    assert rates(deck("74", header="Rate (paise)")) == ["0.74"]
    assert rates(deck("1.5", header="Price(USD cent)", **USD)) == ["1.2"]
    pence = deck("2p".replace("p", " pence"), currency=None, inr_per_unit="100", inr_on="2026-01-05")
    assert (rates(pence), pence.rows["currency"][0]) == (["2"], "GBP")
    assert rates(deck("74", header="Rate (paise)", unit="major")) == ["74"]
    dear = deck("2", "3", "1.5", **USD)
    assert "unit='cent'" in reasons(dear, "warning")
    assert "unit='cent'" not in reasons(deck("2", "3", "1.5", unit="major", **USD))
    with pytest.raises(SheetError, match="unit="):
        deck("1", unit="shilling")


def test_quirk_39_a_rate_that_is_not_per_minute() -> None:
    assert rates(deck("0.01", header="Rate/sec")) == ["0.6"]
    found = sheet("Code,Destination,Rate,voice_unit\n91,I,0.38,30\n92,P,0.1,45\n")
    assert found.rows.select("outbound_rate", "rate_unit_s").rows() == [
        (Decimal("0.76"), 60),
        (Decimal("0.1"), 45),
    ]
    assert found.rows["original_rate"].to_list() == ["0.38", "0.1"]


def test_quirk_40_several_price_columns() -> None:
    both = "Code,Destination,Current Rate,New Rate\n91,India,1,2\n"
    found = sheet(both)
    assert (rates(found), found.faults["column"].to_list()) == (["2"], ["Current Rate", "country_iso"])
    with pytest.raises(SheetError, match="'Peak' and 'Off-Peak' could both be outbound_rate: pass columns="):
        sheet("Code,Destination,Peak,Off-Peak\n91,India,1,2\n")
    peak = sheet("Code,Destination,Peak,Off-Peak\n91,India,1,2\n", columns={"outbound_rate": "Off-Peak"})
    assert rates(peak) == ["2"]


def test_quirk_41_text_becomes_decimals_and_never_floats() -> None:
    assert rates(deck("0.1", "0.2", "1e-7", "0.300000000")) == ["0.1", "0.2", "0.0000001", "0.3"]
    frame = pl.DataFrame({"prefix": ["91"], "tarif": [0.1]})
    with pytest.raises(SheetError, match="binary floats"):
        RateSheet.read(frame, columns={"outbound_rate": "tarif"}, currency="INR")


@pytest.mark.parametrize(
    ("cell", "terms"),
    [
        ("60/1", (60, 1)),
        ("1-1", (1, 1)),
        ("30/6", (30, 6)),
        ("60", (60, 60)),
        ("60s / 1s", (60, 1)),
        ("60+60 sec", (60, 60)),
        ("1:1", (1, 1)),
        ("0/1/1", (1, 1)),
        ("1/0/60", (1, 60)),
        ("per second", (1, 1)),
        ("", (None, None)),
    ],
)
def test_quirk_42_increments_in_any_spelling(cell: str, terms: tuple[int | None, int | None]) -> None:
    found = sheet(f"Code,Destination,Rate,Billing\n91,India,1,{cell}\n")
    assert found.rows.select("initial_increment_s", "next_increment_s").row(0) == terms
    if cell.count("/") == 2:
        assert "the zero was dropped" in reasons(found, "warning")


def test_quirk_42_a_missing_or_zero_increment_needs_a_pulse() -> None:
    text = "Code,Destination,Rate,Billing\n91,India,1,0\n92,P,1,\n93,A,1,0/60\n"
    assert sheet(text).counts.refused == 2
    found = sheet(text, pulse="30/6")
    assert found.rows.select("initial_increment_s", "next_increment_s").unique().rows() == [(30, 6)]
    pairs = "rounding,rounding|mc,ci|min,inc|Min Volume,Interval|Initial Increment,Increment"
    for pair in [
        *pairs.split("|"),
        "Duration,Increment",
        "rate_minimum,rate_increment",
        "Interval 1,Interval N",
    ]:
        rows = sheet(f"Code,Destination,Rate,{pair}\n91,India,1,30,6\n").rows
        assert rows.select("initial_increment_s", "next_increment_s").row(0) == (30, 6), pair


def test_quirk_43_a_first_interval_with_its_own_price_is_a_tier() -> None:
    head = "prefix,Destination,initial_rate,next_rate,initial_interval,next_interval,connect_fee"
    found = sheet(f"{head}\n91,India,0.5,0.50,60,6,0\n92,P,1.2,0.6,60,6,0.25\n")
    assert prefixes(found) == ["91", "92"]
    assert rates(found) == ["0.5", None]
    deck_ = found.compile()
    for seconds, total in ((7, "1.45"), (60, "1.45"), (61, "1.51"), (72, "1.57"), (120, "2.05")):
        assert deck_.rate("+923001234567", seconds).total == Decimal(total), seconds
    assert "1 rows price their first interval apart" in reasons(found, "note")


def test_quirk_43_foreign_and_odd_units_stay_exact() -> None:
    head = "prefix,Destination,initial_rate,next_rate,rate_unit_s,initial_interval,next_interval"
    found = sheet(f"{head}\n91,India,1,0.5,180,60,60\n92,P,0.1,0.05,60,1,1\n", **USD)
    first, second = (json.loads(text)["bands"][0]["tiers"] for text in found.rows["schedule"])
    assert [(tier["rate"], tier["rate_unit_s"]) for tier in first] == [("80", "180"), ("40", "180")]
    assert [(tier["rate"], tier.get("rate_unit_s")) for tier in second] == [("8", None), ("4", None)]


def test_quirk_43_how_long_the_first_interval_is_must_be_known() -> None:
    text = "prefix,Destination,initial_rate,next_rate\n91,India,0.5,0.50\n92,P,1,0.5\n"
    found = sheet(text)
    assert (prefixes(found), rates(found)) == (["91"], ["0.5"])
    assert "pass pulse= with the increments" in reasons(found, "error")
    assert sheet(text, pulse="30/6").rows["schedule"].null_count() == 1
    bad = sheet(text.replace("92,P,1", "92,P,x"), pulse="30/6")
    assert prefixes(bad) == ["91"]
    dear = sheet(text, pulse="30/6", max_rate="0.4")
    assert dear.rows.select("blocked", "schedule").rows() == [(True, None), (True, None)]


def test_quirk_44_connect_fees() -> None:
    found = sheet("Code,Destination,Rate,Connection fee\n91,India,1,0.25\n92,P,1,\n")
    assert rates(found, "connect_fee") == ["0.25", None]
    assert "1 rows leave the connect fee blank" in reasons(found, "note")
    assert deck("1").rows["connect_fee"].to_list() == [None]


def test_quirk_45_exact_match_rows_are_whole_numbers() -> None:
    found = sheet("Code,Destination,Rate,Exact Match\n91,India,1,\n911234567890,Shop,2,true\n")
    assert found.rows["exact_match"].to_list() == [False, True]
    deck_ = found.compile()
    for number, prefix in (("+911234567890", "911234567890"), ("+9112345678901", "91")):
        match = deck_.match(number)
        assert match is not None
        assert match.prefix == prefix


def test_quirk_46_bounds_of_number_length_are_told() -> None:
    found = sheet("prefix,Destination,Rate,Dst number min length,Number Length\n91,India,1,10,12\n")
    assert reasons(found, "warning").count("length of numbers are not applied") == 2


def test_quirk_47_a_jurisdiction_is_chosen_never_averaged() -> None:
    text = "code,interrate,intrarate,ijrate\n1201200,0.1,0.3,0.2\n1201201,0.2,,0.1\n"
    with pytest.raises(SheetError, match="jurisdiction='interstate' or 'intrastate' or 'indeterminate'"):
        sheet(text)
    found = {name: rates(sheet(text, jurisdiction=name)) for name in ("interstate", "intrastate", "dearest")}
    assert found == {"interstate": ["0.1", "0.2"], "intrastate": ["0.3", None], "dearest": ["0.3", "0.2"]}
    with pytest.raises(SheetError, match="has no rate for jurisdiction='indeterminate'"):
        sheet(text.replace("ijrate", "ledger"), jurisdiction="indeterminate")
