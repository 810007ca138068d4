"""Arrow in and out through capsules, with whichever library is there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from decks import INDIA, deck_of

DECK = deck_of(INDIA)
NUMBERS = ["+919812345678", None, "1876", "x", "914012345678", "447700900123"]
EXPECTED = DECK.match(pl.Series(NUMBERS)).struct.unnest()


def library(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed")


def test_polars_in_and_out() -> None:
    column = DECK._core.match_column(pl.Series(NUMBERS), ["prefix"], name="p", alone=True)
    assert pl.Series(column).to_list() == EXPECTED["prefix"].to_list()
    assert (pl.Series(column).name, pl.Series(column).dtype, len(column)) == ("p", pl.String(), 6)
    assert pl.Series(DECK.match(pl.DataFrame({"number": NUMBERS}))).struct.unnest().equals(EXPECTED)


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_pyarrow_in_and_out(kind: str) -> None:
    pa = library("pyarrow")
    chunks = pa.chunked_array([NUMBERS[:2], [], NUMBERS[2:]], getattr(pa, kind)())
    out = pa.chunked_array(DECK.match(chunks))
    assert out.num_chunks == 3
    assert out.to_pylist() == EXPECTED.to_dicts()
    rates = out.combine_chunks().field("outbound_rate")
    assert rates.type == pa.decimal128(18, 9)
    assert rates.to_pylist()[0] == Decimal("0.75")


def test_pyarrow_slices_keep_their_offsets() -> None:
    pa = library("pyarrow")
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        whole = pa.chunked_array([pa.array(["91"] * 1500 + NUMBERS + ["1"] * 1500, kind)])
        out = pa.chunked_array(DECK.match(whole.slice(1500, len(NUMBERS))))
        assert out.to_pylist() == EXPECTED.to_dicts()


def test_pyarrow_integers() -> None:
    pa = library("pyarrow")
    for kind in (pa.uint64(), pa.uint32(), pa.int64()):
        numbers = pa.chunked_array([pa.array([91, None, 1876, 0], kind)])
        out = pa.chunked_array(DECK.match(numbers, fields="prefix"))
        assert out.to_pylist() == ["91", None, "1876", None]
    negative = pa.chunked_array([pa.array([-91], pa.int64())])
    assert pa.chunked_array(DECK.match(negative, fields="reason")).to_pylist() == ["invalid_number"]


def test_pyarrow_without_rows_or_values() -> None:
    pa = library("pyarrow")
    none = pa.chunked_array([], pa.string())
    assert pa.chunked_array(DECK.match(none, fields="prefix")).to_pylist() == []
    assert (
        pa.chunked_array(DECK.match(none)).type
        == pa.chunked_array(DECK.match(pa.chunked_array([["91"]]))).type
    )
    missing = pa.chunked_array([pa.nulls(3)])
    assert pa.chunked_array(DECK.match(missing, fields="reason")).to_pylist() == ["missing_number"] * 3


@pytest.mark.parametrize("kind", ["int8", "float64", "binary", "bool_", "date32", "decimal128", "dictionary"])
def test_pyarrow_types_that_hold_no_numbers_are_named(kind: str) -> None:
    pa = library("pyarrow")
    arrow = {"decimal128": (18, 0), "dictionary": (pa.int32(), pa.string())}
    column = pa.chunked_array([pa.array([None], getattr(pa, kind)(*arrow.get(kind, ())))])
    with pytest.raises(TypeError, match=r"column \"number\" is .*cast the column"):
        DECK.match(column)


def test_pyarrow_array_in_and_out() -> None:
    pa = library("pyarrow")
    assert pa.chunked_array(DECK.match(pa.array(NUMBERS))).to_pylist() == EXPECTED.to_dicts()


def test_arro3_in_and_out() -> None:
    arro3 = library("arro3.core")
    column = arro3.ChunkedArray(pl.Series(NUMBERS))
    out = arro3.ChunkedArray(DECK.match(column))
    assert pl.Series(out).struct.unnest().equals(EXPECTED)


def test_nanoarrow_in_and_out() -> None:
    na = library("nanoarrow")
    column = na.ArrayStream(na.Array(NUMBERS, na.string()))
    units = na.Array(DECK.match(column, fields="rate_unit_s"))
    assert units.to_pylist() == [60, None, 60, None, 60, None]
    # nanoarrow 0.9 damages memory when it lists string views, whoever made them: ask for plain text.
    column = na.ArrayStream(na.Array(NUMBERS, na.string()))
    groups = na.Array(DECK.match(column, fields="network_group"), na.string())
    assert groups.to_pylist() == EXPECTED["network_group"].to_list()


def test_a_requested_type_is_given() -> None:
    pa = library("pyarrow")
    out = pa.chunked_array(DECK.match(pa.chunked_array([NUMBERS]), fields="prefix"), type=pa.large_string())
    assert out.type == pa.large_string()
    assert out.to_pylist() == EXPECTED["prefix"].to_list()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_duckdb_in_and_out() -> None:
    duckdb = library("duckdb")
    pa = library("pyarrow")
    values = ", ".join("(NULL)" if number is None else f"('{number}')" for number in NUMBERS)
    with duckdb.connect() as connection:
        relation = connection.sql(f"SELECT number FROM (VALUES {values}) AS calls(number)")
        answers = pa.table(pl.DataFrame(pl.Series(DECK.match(relation)).struct.unnest()))
        found = connection.from_arrow(answers)
        dear = found.filter("outbound_rate > 1").project("network_group, outbound_rate").fetchall()
    assert pl.DataFrame(answers).rows() == EXPECTED.rows()
    assert dear == [("Jamaica", Decimal("12.400000000"))]


def test_a_frame_of_columns_brings_time_and_direction() -> None:
    """What a library without expressions hands over: `number`, `at` in microseconds, `direction`."""
    frame = pl.DataFrame({"number": ["9198", "9198", "91"], "direction": ["inbound", "outbound", None]})
    out = pl.Series(DECK.match(frame, fields="prefix"))
    assert out.to_list() == ["91", "9198", "91"]
