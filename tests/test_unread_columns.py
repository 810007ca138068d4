"""No column that may carry money, time, validity or a sale is passed over: read, asked about, or left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import USD, reasons, sheet, workbook

HEAD = "Code,Destination,Rate"


def with_column(name: str, *cells: str, **options: Any) -> RateSheet:
    lines = [f"{91 + at},G{at},1,{cell}" for at, cell in enumerate(cells)]
    return sheet("\n".join([f"{HEAD},{name}", *lines]), **options)


def terms(found: RateSheet) -> tuple[Any, ...]:
    return found.rows.select("initial_increment_s", "next_increment_s").row(0)


@pytest.mark.parametrize(
    ("name", "cell", "guess"),
    [
        ("Setup", "0.05", "connect_fee"),
        ("Flagfall", "1.5", "connect_fee"),
        ("Per Call", "2", "connect_fee"),
        ("Surcharge", "0.1", "connect_fee"),
        ("disconnectcharge", "0.2", "connect_fee"),
        ("Voice in USD", "0.04", "outbound_rate"),
        ("Zuschlag", "0.04", "outbound_rate"),
        ("x1", "$0.04", "outbound_rate"),
        ("x1", "0,04 EUR", "outbound_rate"),
        ("x1", "USD 4", "outbound_rate"),
        ("additional_grace", "4", "grace_s"),
        ("MB", "30", "initial_increment_s"),
        ("Takt", "60/1", "increments"),
        ("Takt", "60", "increments"),
        ("Takt", "30 sec", "increments"),
        ("Sekunden seconds", "25", "increments"),
        ("ab", "2026-03-01", "valid_from"),
        ("Stand", "01/03/2026", "valid_from"),
        ("Valid thru date", "2026-03-01", "valid_to"),
        ("verkauft", "yes", "enabled"),
        ("verkauft", "1", "enabled"),
        ("x1", "Closed", "status"),
        ("Is it suspended?", "x", "blocked"),
        ("Selling status", "gesperrt", "status"),
    ],
)
def test_what_may_decide_a_price_is_asked_with_the_argument_that_settles_it(
    name: str, cell: str, guess: str
) -> None:
    with pytest.raises(SheetError) as caught:
        with_column(name, cell if "," not in cell else f'"{cell}"')
    told = str(caught.value)
    assert f"columns={{{guess!r}: {name!r}}}" in told
    assert f"leave_out=({name!r},)" in told
    left = with_column(name, cell if "," not in cell else f'"{cell}"', leave_out=(name,))
    assert left.rows.height == 1
    assert "leave_out= names this column, so 1 cells" in reasons(left, "warning")


@pytest.mark.parametrize(
    ("name", "cells", "severity"),
    [
        ("Band", ["A", "B"], "note"),
        ("Line type", ["x", ""], "note"),
        ("MCC", ["404", "405"], "note"),
        ("Route id", ["17", "18"], "note"),
        ("No", ["1", "2", "3"], "note"),
        ("Ort", ["NO", "SE"], "note"),
        ("ASR", ["55.1", "60.0"], "note"),
        ("Setup", ["0.0000", "0"], "note"),
        ("Setup", ["", ""], "note"),
        ("ledger", ["7", "900"], "warning"),
        ("verkauft", ["0", "0"], "warning"),
    ],
)
def test_what_decides_no_price_is_told(name: str, cells: list[str], severity: str) -> None:
    found = with_column(name, *cells)
    assert found.rows.height == len(cells)
    assert found.faults.filter(column=name)["severity"].to_list() == [severity]


def test_a_column_without_a_name_is_no_way_past() -> None:
    text = "Code,Destination,,Rate\n91,India,0.04,1\n"
    with pytest.raises(SheetError, match=r"column 3 is not read and may hold money.*'outbound_rate': 3"):
        sheet(text)
    assert sheet(text, leave_out=3).rows.height == 1


@pytest.mark.parametrize("name", ["Voice in USD", "Kanon", "Rate of minutes", "x", "Initial Rate per Minute"])
@pytest.mark.parametrize("cells", [["0.032", "0.04"], ["1", "60"]])
def test_R47_a_sheet_whose_price_has_no_known_name_is_asked_about(name: str, cells: list[str]) -> None:
    text = f"Country,Destination Prefix,{name}\n" + "".join(
        f"India,91{at},{c}\n" for at, c in enumerate(cells)
    )
    with pytest.raises(SheetError, match=f"columns={{'outbound_rate': '{name}'}}"):
        sheet(text)
    options: dict[str, Any] = {**(USD if "USD" in name else {}), "columns": {"outbound_rate": name}}
    assert sheet(text, **options).rows["outbound_rate"].null_count() == 0
    with pytest.raises(SheetError, match="stands twice with different terms"):
        sheet(text.replace("910", "91").replace("911", "91"), **options)


@pytest.mark.parametrize("name", ["RATE BY MINUTE", "Price/Minute", "Cost per minute"])
def test_more_names_of_the_price(name: str) -> None:
    found = sheet(f"Country,Destination Prefix,{name}\nIndia,91,0.04\n")
    assert found.rows["original_rate"].to_list() == ["0.04"]


def test_a_table_of_names_needs_no_price_but_a_currency_does() -> None:
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "MCC": ["404"]})
    assert RateSheet.read(frame).rows["outbound_rate"].to_list() == [None]
    with pytest.raises(SheetError, match=r"no column is known as a price.*or leave out currency='USD'"):
        RateSheet.read(frame, currency="USD")


@pytest.mark.parametrize(
    "pair",
    [
        *(
            "Initial,Increment",
            "Initial,Next",
            "First,Subsequent",
            "Min Volume,Interval",
            "MBSeconds,IBSeconds",
        ),
        *("minimal_time,resolution_time", "connect_increment,talk_increment", "Initial Block,Next Block"),
        *("Initial Interval,Subsequent Interval", "Initial Increment,Subsequent Increment", "Min,Step"),
    ],
)
def test_R44_pairs_of_increments_are_read_together(pair: str) -> None:
    assert terms(sheet(f"{HEAD},{pair}\n91,India,0.60,30,6\n")) == (30, 6)


def test_R44_one_interval_in_two_numbers() -> None:
    assert terms(with_column("Interval", "60/1")) == (60, 1)


def test_R44_a_second_increment_of_no_known_name_is_asked_about() -> None:
    with pytest.raises(SheetError, match="'Anfang' is not read and may hold seconds or increments"):
        sheet(f"{HEAD},Anfang,Increment\n91,India,0.60,30,6\n")


def test_R53_a_minimum_beside_increments_may_be_seconds() -> None:
    text = f"{HEAD},Minimum Charge,Increment\n91,India,1,30,6\n"
    with pytest.raises(
        SheetError, match="'Minimum Charge' may hold money or seconds, as '30' beside 'Increment'"
    ):
        sheet(text)
    assert sheet(text, columns={"min_charge": "Minimum Charge"}).rows["min_charge"][0] == 30
    assert sheet(text, columns={"minimum_s": "Minimum Charge"}).rows["minimum_s"][0] == 30
    assert sheet(text.replace(",30,", ",0.50,")).rows["min_charge"].null_count() == 0


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *[("enabled", word) for word in ("false", "no", "0", "Inactive", "disabled")],
        *[("active", word) for word in ("no", "F", "off")],
        *[("status", word) for word in ("Inactive", "Disabled", "Off", "Not active", "Suspended")],
        *[("Disabled", word) for word in ("yes", "true", "1")],
    ],
)
def test_R47_what_is_switched_off_is_blocked_and_hides_the_shorter_prefix(name: str, word: str) -> None:
    on = "no" if name == "Disabled" else "Active" if name == "status" else "yes"
    found = sheet(f"{HEAD},{name}\n91,India,1,{on}\n9198,India M,2,{word}\n")
    assert found.rows.select("prefix", "blocked").rows() == [("91", False), ("9198", True)]
    match = found.compile().match("+919812345678")
    assert match is not None
    assert match.blocked


def test_R50_an_expired_row_is_withdrawn() -> None:
    found = sheet(f"{HEAD},Status\n91,India,1,Active\n9198,India M,2,Expired\n")
    assert found.rows["prefix"].to_list() == ["91"]


def test_words_of_a_status_that_are_not_known_are_asked_about() -> None:
    for cell in ("seltsam", "2"):
        with pytest.raises(SheetError, match=rf"pass statuses={{'{cell}': …}} .*leave_out=\('status',\)"):
            sheet(f"{HEAD},status\n91,India,1,{cell}\n")
    said = sheet(f"{HEAD},status\n91,India,1,Seltsam\n", statuses={"seltsam": "blocked"})
    assert said.rows["blocked"].to_list() == [True]
    with pytest.raises(SheetError, match=r"columns=\{'enabled': 'status'\} if it says what is sold"):
        sheet(f"{HEAD},status\n91,India,1,1\n92,P,1,0\n")
    flags = sheet(f"{HEAD},status\n91,India,1,1\n92,P,1,0\n", columns={"enabled": "status"})
    assert flags.rows["blocked"].to_list() == [False, True]
    assert sheet(f"{HEAD},Rate Change\n91,India,1,+5.2%\n92,P,1,-0.001\n").rows.height == 2
    assert sheet(f"{HEAD},Comments\n91,India,1,call us\n").rows.height == 1


def test_leave_out_names_columns_that_are_there() -> None:
    with pytest.raises(SheetError, match=r"leave_out='Setup' is no column of deck\.csv, which has 'Code'"):
        sheet(f"{HEAD}\n91,India,1\n", leave_out="Setup")
    with pytest.raises(SheetError, match="leave_out=True is no column"):
        sheet(f"{HEAD}\n91,India,1\n", leave_out=[True])
    known = sheet(f"{HEAD},Setup Fee\n91,India,1,0.5\n", leave_out=("setup fee",))
    assert known.rows["connect_fee"].to_list() == [None]
    assert "leave_out=" in reasons(known, "warning")


def test_leave_out_decides_between_two_prices() -> None:
    text = "Code,Destination,Peak,Off-Peak\n91,India,1,2\n"
    assert sheet(text, leave_out="Off-Peak").rows["original_rate"].to_list() == ["1"]
    chosen = sheet(text, columns={"outbound_rate": "Off-Peak"})
    assert "columns= says what 'outbound_rate' is" in reasons(chosen, "note")


def test_the_same_price_under_two_names_is_not_passed_over() -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": ["1"], "rate": ["2"]})
    with pytest.raises(SheetError, match="'rate' is not read and may hold money"):
        RateSheet.read(frame)


def test_all_open_questions_come_at_once() -> None:
    book = workbook(
        Rates=[
            ["Code", "Destination", "Price", "Peak", "Effective", "Setup", "Billing"],
            ["93-70", "A", "1,234", "1", "03/04/2026", "0.5", "60/1"],
            ["2345-6", "B", "1,235", "1", "04/05/2026", "0.5", "60/1"],
        ]
    )
    with pytest.raises(SheetError) as caught:
        sheet(book, "deck.xlsx", currency=None, max_refused=0.5)
    told = str(caught.value)
    assert told.startswith("7 questions are open: (1) ")
    for argument in (
        "columns={'outbound_rate':",
        "'Setup'",
        "decimal=",
        "dates=",
        "timezone=",
        "hyphens=",
        "currency=",
    ):
        assert argument in told
    settled: dict[str, Any] = {
        "columns": {"outbound_rate": "Price"},
        "leave_out": "Setup",
        "decimal": "comma",
        "dates": "day_first",
        "timezone": "UTC",
        "hyphens": "joins",
        "currency": "INR",
    }
    assert sheet(book, "deck.xlsx", **settled).rows["prefix"].to_list() == ["9370", "23456"]


def test_R51_a_sheet_of_which_nothing_was_loaded_is_refused() -> None:
    text = f"{HEAD}\nx,India,1\ny,India,1\nz,India,1\n"
    with pytest.raises(SheetError, match=r"3 of 3 prices of deck\.csv were refused, and none was loaded"):
        sheet(text, max_refused=0.5)
    assert sheet(text, max_refused=1).counts.refused == 3


@pytest.mark.parametrize("old", ["Current Rate", "Old Rate", "Previous rate"])
def test_R50_quirk_40_the_current_price_holds_until_the_date_of_the_new_one(old: str) -> None:
    head = f"Code,Destination,{old},New Rate,Effective Date,Change"
    text = f"{head}\n91,India,1,2,2027-01-01,Increase\n92,P,3,3,2027-01-01,Unchanged\n93,A,4,5,,Increase\n"
    found = sheet(text, timezone="UTC")
    rows = found.rows.sort("prefix", "valid_from").select("prefix", "original_rate", "valid_from", "valid_to")
    start = datetime(2027, 1, 1, tzinfo=UTC)
    assert rows.rows() == [
        ("91", "1", None, start),
        ("91", "2", start, None),
        ("92", "3", None, start),
        ("92", "3", start, None),
        ("93", "5", None, None),
    ]
    assert "2 rows have a price until the date of their new one" in reasons(found, "note")
