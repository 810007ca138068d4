"""Cells and lines as spreadsheets, databases and people leave them: increments, codes, titles, footers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import prefixes, reasons, sheet

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Code,Destination,Rate"


def increments(header: str, cell: str, **options: Any) -> tuple[int, int]:
    found = sheet(f'{HEAD},{header}\n91,India,1,"{cell}"\n', columns={"increments": header}, **options)
    first, further = found.rows.select("initial_increment_s", "next_increment_s").row(0)
    return first, further


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("1 min", (60, 60)),
        ("2 min / 1 min", (120, 60)),
        ("Full minute", (60, 60)),
        ("60x1", (60, 1)),
        ("30|6", (30, 6)),
        ("6.0", (6, 6)),
        ("1+1", (1, 1)),
        ("30-6", (30, 6)),
    ],
)
def test_increments_in_any_spelling(cell: str, seconds: tuple[int, int]) -> None:
    assert increments("Takt", cell) == seconds


def test_increments_in_another_unit_than_seconds() -> None:
    assert increments("Increment (ms)", "6000") == (6, 6)
    assert increments("Increment in minutes", "1") == (60, 60)
    assert increments("Min/Inc", "60/6") == (60, 6)
    grace = sheet(f"{HEAD},Grace (ms)\n91,India,1,3000\n", columns={"grace_s": "Grace (ms)"})
    assert grace.rows["grace_s"].to_list() == [3]
    with pytest.raises(SheetError, match="says min, which may be minutes or a minimum: write its times"):
        increments("Increment (min)", "1")
    for header, cell in (("Increment (ms)", "500"), ("Takt", "1:00"), ("Takt", "0.1")):
        assert (
            sheet(f"{HEAD},{header}\n91,India,1,{cell}\n", columns={"increments": header}).counts.refused == 1
        )


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('"=""91"""', ["91"]),
        ('"=""0091"""', ["91"]),
        ("'91", ["91"]),
        ("9170-9179", ["917"]),
        ('"91,92;93"', ["91", "92", "93"]),
        ("[91]", []),
        ('"[91,92]"', []),
        ("91[7-9]", ["917", "918", "919"]),
    ],
)
def test_codes_as_spreadsheets_keep_them(cell: str, found: list[str]) -> None:
    assert prefixes(sheet(f"{HEAD}\n{cell},Somewhere,1\n", country_by="nothing")) == found


def test_a_list_in_brackets_is_no_digit_of_several() -> None:
    told = reasons(sheet(f"{HEAD}\n[91],Somewhere,1\n"), "error")
    assert "'[91]' may be a list or one digit of several: write the codes without brackets" in told


def test_amounts_that_a_spreadsheet_is_kept_from_counting_with() -> None:
    found = sheet(f'{HEAD}\n="91",India,="0.6"\n="9198",India M,="0.7"\n')
    assert found.rows["outbound_rate"].to_list() == [Decimal("0.6"), Decimal("0.7")]


def test_a_sentence_below_the_table_is_read_as_one_above_it() -> None:
    paise = "All rates in paise per 30 seconds"
    for text in (f"{paise}\n{HEAD}\n91,India,60\n", f"{HEAD}\n91,India,60\n\n{paise}\n"):
        found = sheet(text, currency=None)
        assert found.rows["outbound_rate"].to_list() == [Decimal("1.2")]
        assert "the title states that rates are for 30 s" in reasons(found, "warning")


@pytest.mark.parametrize(
    "line",
    [
        "A setup fee of 0.10 applies to each call",
        "Surcharge of 0.05 for callers outside the EEA",
        "Prices include 18% GST",
        "Volume discount of 5 % above 100000 minutes",
    ],
)
def test_sentences_on_money_beside_the_table_are_warned_of(line: str) -> None:
    for text in (f"{line}\n{HEAD}\n91,India,1\n", f"{HEAD}\n91,India,1\n\n{line}\n"):
        found = sheet(text)
        assert "speaks of what no column has" in reasons(found, "warning")
        assert line in found.faults["value"].to_list()


def test_a_sentence_that_dates_prices_without_dates_is_warned_of() -> None:
    text = f"Valid from 01/12/2026\n{HEAD}\n91,India,1\n"
    assert "this sentence dates the prices, and no row does" in reasons(sheet(text), "warning")
    dated = sheet(f"Valid from 01/12/2026\n{HEAD},Effective\n91,India,1,2026-12-01\n", timezone="UTC")
    assert reasons(dated, "warning") == ""


def test_the_destination_in_digits_is_the_prefix_and_an_interval_is_none() -> None:
    head = "Destination,Country,Interval One,Interval Two,Price One,Price Two"
    with pytest.raises(SheetError, match=r"columns={'prefix': 'Destination', 'outbound_rate': 'Price One'"):
        sheet(f"{head}\n91,India,60,1,0.03,0.02\n92,Pakistan,30,1,0.03,0.02\n")


def test_prefixes_of_several_rates_are_a_question(tmp_path: Path) -> None:
    branch = {"rates": {"0.01": ["49"], "0.05": ["49"]}, "network_group_rates": {"0.01": ["A - From Europe"]}}
    document = {"country_iso": "DE", "country": "Germany", "zentrunk": {"local": {"outbound": branch}}}
    path = tmp_path / "de.json"
    path.write_text(json.dumps(document))
    (question,) = RateSheet.look(path, currency="INR").questions
    assert (question.argument, question.values) == ("ambiguous_groups", ("'dearest'", "'cheapest'"))


def test_decks_without_dates_are_asked_for_their_order_with_their_mode(tmp_path: Path) -> None:
    for name, rate in (("2026-01", 1), ("2026-07", 2)):
        (tmp_path / f"{name}.csv").write_text(f"{HEAD}\n91,India,{rate}\n")
    with pytest.raises(SheetError, match=r"pass mode='update'.* give the files as a list, oldest first"):
        RateSheet.read(tmp_path, currency="INR")
    both = RateSheet.read(sorted(tmp_path.iterdir()), currency="INR", mode="update")
    assert both.rows["outbound_rate"].to_list() == [2]


@pytest.mark.parametrize("what", ["pulse", "increment", "call", "SMS", "day"])
def test_a_price_for_what_is_no_time_is_no_price_of_a_minute(what: str) -> None:
    text = f"Code,Destination,Price per {what},Pulse\n91,India,0.3,30\n"
    price = {"outbound_rate": f"Price per {what}"}
    with pytest.raises(SheetError, match=f"has prices for a {what.lower()}, which is no time"):
        sheet(text, columns=price)
    found = sheet(text, columns={**price, "rate_unit_s": "Pulse", "increments": "Pulse"})
    assert found.rows.select("outbound_rate", "initial_increment_s").row(0) == (Decimal("0.6"), 30)


def test_area_codes_beside_a_prefix_are_not_passed_over() -> None:
    text = "Country,Code,Area,Rate\nIndia,91,98,0.7\n"
    with pytest.raises(SheetError, match="and 'Area' beside it holds area codes, as '98'"):
        sheet(text)
    assert prefixes(sheet(text, columns={"calling_code": "Code", "area_code": "Area"})) == ["9198"]
    assert prefixes(sheet(text, columns={"area_code": None})) == ["91"]
    assert prefixes(sheet("Country,Code,Area,Rate\nIndia,9198,98,0.7\n")) == ["9198"]
    assert prefixes(sheet("Country,Code,Area,Rate\nIndia,91,Delhi,0.7\n")) == ["91"]
