"""What stands in the cells of a workbook: numbers to their last digit, formulas with and without a value."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

HEAD = ["Code", "Destination", "Rate", "Billing", "rate_unit"]


def book(*rows: list[Any], formulas: dict[str, tuple[str, Any]] | None = None, saved: bool = False) -> bytes:
    """A workbook of `rows`; `formulas` are written with their values, `saved` as by a spreadsheet program."""
    held = io.BytesIO()
    made = xlsxwriter.Workbook(held, {"in_memory": True})
    page = made.add_worksheet("Rates & more")
    for at, row in enumerate([HEAD, *rows]):
        page.write_row(at, 0, row)
    for place, (formula, value) in (formulas or {}).items():
        page.write_formula(place, formula, None, value)
    made.close()
    return edited(held.getvalue(), b' fullCalcOnLoad="1"', b"") if saved else held.getvalue()


def edited(data: bytes, old: bytes, new: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(held, "w") as out:
        for entry in given.namelist():
            out.writestr(entry, given.read(entry).replace(old, new))
    return held.getvalue()


@pytest.mark.parametrize(
    "number", [0.5 / 60, 0.1 + 0.2, 1e-10, 1 / 3, 12345.678901234567, 2.5e-7, 1.0000000000000002, 7.25]
)
def test_R48_a_number_is_the_one_that_a_csv_file_would_have(number: float) -> None:
    data = book(["91", "India", 987654, "1/1", 1])
    data = edited(data, b"<v>987654</v>", f"<v>{number!r}</v>".encode())
    found, plain = sheet(data, "deck.xlsx"), sheet(f"{','.join(HEAD)}\n91,India,{number!r},1/1,1\n")
    texts = [found.rows["original_rate"][0], plain.rows["original_rate"][0]]
    assert Decimal(texts[0]) == Decimal(texts[1]) == Decimal(repr(number))
    assert found.rows["outbound_rate"].to_list() == plain.rows["outbound_rate"].to_list()
    assert reasons(found, "note") == reasons(plain, "note")


def test_R48_a_price_per_second_is_not_rounded_before_it_is_one_per_minute() -> None:
    found = sheet(book(["91", "India", 1, "1/1", 1], formulas={"C2": ("=0.5/60", 0.5 / 60)}), "deck.xlsx")
    assert found.rows["outbound_rate"][0] == Decimal("0.5")


def test_what_somebody_typed_stays_as_it_stands() -> None:
    cells = ["0.50", "0.008333333", "0.0000000001", "0"]
    found = sheet(book(*[[str(91 + at), "G", cell, "1/1", 60] for at, cell in enumerate(cells)]), "deck.xlsx")
    assert found.rows["original_rate"].to_list() == cells
    whole = sheet(book([447700900123, "UK", 2, "60/60", 60]), "deck.xlsx")
    assert whole.rows.select("prefix", "original_rate").row(0) == ("447700900123", "2")


@pytest.mark.parametrize("column", ["C", "A", "D"])
def test_a_formula_that_nobody_calculated_is_no_value(column: str) -> None:
    data = book(["91", "India", 1, "1/1", 60], formulas={f"{column}2": ("=1+0", 0)})
    with pytest.raises(
        SheetError, match=rf"sheet 'Rates & more'.*formula in {column}2.* open the workbook in a spr"
    ):
        sheet(data, "deck.xlsx")


def test_a_true_zero_stays_a_price() -> None:
    data = book(["91", "India", 1, "1/1", 60], formulas={"C2": ("=1-1", 0)}, saved=True)
    assert sheet(data, "deck.xlsx").rows["original_rate"].to_list() == ["0"]
    typed = book(["91", "India", 0, "1/1", 60], ["92", "P", 1, "1/1", 60])
    assert sheet(typed, "deck.xlsx").rows["original_rate"].to_list() == ["0", "1"]


@pytest.mark.parametrize("empty", [b"<v></v>", b"<v/>", b""])
def test_a_formula_without_any_value_was_never_calculated(empty: bytes) -> None:
    data = book(["91", "India", 1, "1/1", 60], formulas={"C2": ("=1+1", 2)}, saved=True)
    with pytest.raises(SheetError, match="was never calculated"):
        sheet(edited(data, b'<v>2</v></c><c r="D2', empty + b'</c><c r="D2'), "deck.xlsx")


def test_formulas_that_have_a_value_or_are_not_read_do_no_harm() -> None:
    valued = book(["91", "India", 1, "1/1", 60], formulas={"C2": ("=1+1", 2)})
    assert sheet(valued, "deck.xlsx").rows["original_rate"].to_list() == ["2"]
    text = book(["91", "India", 1, "1/1", 60], formulas={"B2": ('="x"', "x")})
    assert sheet(text, "deck.xlsx").rows["network_group"].to_list() == ["x"]
    beside = book(["91", "India", 1, "1/1", 60], formulas={"G2": ("=A2", 0)})
    assert sheet(beside, "deck.xlsx").rows["original_rate"].to_list() == ["1"]
