"""Usual cells of sheets, which the core looks at: the answers are those of Polars and of the careful ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialnexa_routing import _deck
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.files.decoding import decoded
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.sheets.cells.intake import _cleaned, clean
from dialnexa_routing.sheets.cells.money import PLAIN
from dialnexa_routing.sheets.cells.prefixes import PREFIX
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.sampled_from(
    [
        "",
        "91",
        '""',
        '"x,y"',
        '"q""r"',
        '"a long cell, with ""quotes"""',
        "é",
        "India - Mobile - Ä",
        "x" * 61,
        "Côte d\u2019Ivoire",
        "'5",
        " 7",
        '" 7"',
        "twelve bytes",
        "thirteen byte",
    ]
)
LINES = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=40)
ODD = st.sampled_from(["a", '"', "a,b", "a,b,c,d", 'a,"b"c,d', 'a,"two\nlines",b', ""])
TEXTS = st.text("19 .'-+\u00a0\u2003\u200b\u2060\ufeff\u2019\u0130=a\t\n", max_size=6) | st.sampled_from(
    ["\u00e9" * 30, "a name that is longer than its view ", "a name that is longer than its view"]
)


def as_polars(data: bytes, cells: int, lines: int) -> pl.DataFrame:
    """The rows as a reader of tables has them."""
    schema = {f"c{at}": pl.String for at in range(cells)}
    try:
        return pl.read_csv(data, has_header=False, skip_lines=lines, schema=schema, infer_schema=False)
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema=schema)


def as_core(data: bytes, cells: int, lines: int) -> pl.DataFrame | None:
    columns = _deck.text_columns(data, ord(","), cells, lines)
    if columns is None:
        return None
    return pl.DataFrame([pl.Series(column).alias(f"c{at}") for at, column in enumerate(columns)])


@given(LINES, st.booleans())
@settings(max_examples=400)
def test_rows_become_the_columns_that_polars_makes(lines: list[tuple[str, str, str]], ended: bool) -> None:
    text = "\n".join(["title", "a,b,c", *(",".join(cells) for cells in lines)]) + "\n" * ended
    data = text.encode()
    found = as_core(data, 3, 2)
    assert found is not None
    assert found.equals(as_polars(data, 3, 2), null_equal=True)


@given(LINES, ODD, st.integers(0, 40))
def test_a_line_that_is_no_row_is_left_to_others(
    lines: list[tuple[str, str, str]], odd: str, at: int
) -> None:
    rows = [",".join(cells) for cells in lines]
    rows.insert(min(at, len(rows)), odd)
    assert as_core(("\n".join(rows) + "\n").encode(), 3, 0) is None


@pytest.mark.parametrize("cell", [b"\xff", b"\xe2\x80", b"x" * 20 + b"\xff", b'"\xff"', b"\xed\xa0\x80"])
def test_what_is_no_utf8_never_becomes_a_text(cell: bytes) -> None:
    assert _deck.text_columns(b"a,b\n" + cell + b",2\n", ord(","), 2, 1) is None
    assert _deck.text_columns(b"a,b\n2," + cell + b"\n", ord(","), 2, 1) is None


def test_many_columns_of_short_lines_take_no_room_ahead() -> None:
    assert _deck.text_columns(b"\n" * 1_000_000, ord(","), 500, 0) is None


def python_fault(data: bytes) -> int | None:
    """Where Python's own codec stops."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


@given(st.binary(max_size=30) | st.text(max_size=9).map(str.encode))
@example(b"\xed\xa0\x80")
@example(b"a\xe2\x80")
def test_the_place_where_a_text_stops_being_utf8_is_pythons(data: bytes) -> None:
    assert _deck.utf8_fault(data) == python_fault(data)


def test_a_text_that_is_no_utf8_is_told_with_its_place() -> None:
    with pytest.raises(FileError, match="byte 9 is no utf-8"):
        decoded("prefix,é".encode() + b"\xff", "a.csv", "utf-8")
    assert decoded("prefix,é".encode(), "a.csv") == ("prefix,é".encode(), "utf-8")


@given(st.binary(max_size=700))
def test_bytes_are_counted_as_python_counts_them(data: bytes) -> None:
    assert _deck.counted(data, b'\n\r"') == [data.count(mark) for mark in (b"\n", b"\r", b'"')]


@given(st.lists(TEXTS | st.none(), max_size=12), st.booleans())
@settings(max_examples=400)
@example(["\u00a0x"], False)
@example(["x\u200b"], False)
@example(["'-1"], True)
@example(['="0091"'], True)
def test_a_column_is_tidy_where_cleaning_changes_nothing(texts: list[str | None], escaped: bool) -> None:
    cells = pl.Series("name", texts, dtype=pl.String)
    careful = _cleaned(cells, escaped=escaped)
    if _deck.are_tidy(cells, escaped):
        assert careful.equals(cells, null_equal=True)
    assert clean(cells, escaped=escaped).equals(careful, null_equal=True)


@given(st.lists(st.text("0123456789", max_size=17) | st.sampled_from(["+91", "91 ", "9x", "\u0661"])))
def test_prefixes_are_numbers_where_all_are_plain(texts: list[str]) -> None:
    cells = pl.Series(texts, dtype=pl.String)
    numbers = _deck.prefix_numbers(cells)
    assert (numbers is not None) == cells.str.contains(PREFIX).all()
    if numbers is not None:
        assert pl.Series(numbers).to_list() == [int(text) for text in texts]


@given(
    st.lists(
        st.from_regex(PLAIN, fullmatch=True)
        | st.none()
        | st.text("0123456789.", max_size=12)
        | st.sampled_from(["+1", "-1", "1e3", ".5", "5.", " 1", "1,5", "", "\u0661"])
    )
)
def test_plain_amounts_are_the_money_that_polars_reads(texts: list[str | None]) -> None:
    cells = pl.Series(texts, dtype=pl.String)
    amounts = _deck.plain_amounts(cells)
    assert (amounts is not None) == cells.str.contains(PLAIN).all()
    if amounts is not None:
        found = pl.Series(amounts)
        assert found.dtype == MONEY
        assert found.equals(cells.cast(MONEY), null_equal=True)


def test_a_file_is_counted_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"prefix\n91\n")
    assert read_whole(path, 10) == b"prefix\n91\n"
    with pytest.raises(FileError, match="larger than 9 bytes"):
        read_whole(path, 9)
