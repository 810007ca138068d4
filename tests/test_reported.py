"""Faults that were found in use, each held mended by the test that found it."""

from __future__ import annotations

import decimal
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import RateDeck, Semantics, SheetError, records

DECK, TIMED = deck_of(INDIA), deck_of(DATED)


def reasons(**columns: Any) -> list[str | None]:
    frame = pl.DataFrame({"to": [MOBILE] * len(next(iter(columns.values()))), **columns})
    return records.rate(frame, deck=TIMED, timezone="Asia/Kolkata")["reason"].to_list()


def test_r48_the_decimal_context_of_the_caller_changes_no_total() -> None:
    with decimal.localcontext(prec=4):
        assert str(DECK.rate(MOBILE, 3_600_000).total) == "45000.00"


def test_r51_a_little_below_zero_is_negative() -> None:
    assert DECK.rate(MOBILE, Decimal("-0.0000000001")).reason == "negative_seconds"


@pytest.mark.parametrize(
    "seconds", [2**63, Decimal("1E10"), timedelta.max], ids=["int", "Decimal", "timedelta"]
)
def test_r54_seconds_beyond_all_calls_are_a_reason(seconds: Any) -> None:
    column = pl.Series([2**63], dtype=pl.UInt64)
    rated = records.rate(pl.DataFrame({"to": [MOBILE], "seconds": column}), deck=DECK)
    assert rated["reason"].to_list() == ["invalid_seconds"]
    assert DECK.rate(MOBILE, seconds).reason in ("invalid_seconds", "overflow")


def test_r51_a_text_that_is_no_time_spoils_only_its_row() -> None:
    times = ["soon", "2026-02-01T10:00:00Z"]
    assert reasons(seconds=[61, 61], answered_at=times) == ["invalid_answered_at", None]


def test_r54_a_time_is_read_alike_whatever_stands_beside_it() -> None:
    times = ["2026-02-01 10:00:00", "01-02-2026 10:00"]
    together = reasons(seconds=[61, 61], answered_at=times)
    assert together == [reasons(seconds=[61], answered_at=[time])[0] for time in times]


def test_r51_reasons_come_in_their_order() -> None:
    assert reasons(seconds=["x"], answered_at=["2026-13-01T00:00:00Z"]) == ["invalid_seconds"]


def test_r51_an_end_that_is_no_time_is_not_the_answer() -> None:
    frame = pl.DataFrame(
        {"to": [MOBILE], "answered_at": [utc(2026, 2, 1)], "ended": ["2026-13-01T00:00:00Z"]}
    )
    rated = records.rate(frame, deck=TIMED, ended_at="ended")
    assert rated["reason"].to_list() != ["invalid_answered_at"]


def test_rated_takes_the_end_it_is_given() -> None:
    """`rate` lets `ended_at` replace the seconds; `rated` prefers a column that was not named."""
    begin = utc(2026, 2, 1)
    frame = pl.DataFrame({"to": [MOBILE], "seconds": [1], "a": [begin], "e": [begin + timedelta(seconds=61)]})
    rated = frame.select(records.rated(DECK, answered_at="a", ended_at="e", fields="billed_seconds"))
    assert rated.item() == 120


@pytest.mark.parametrize("options", [{}, {"ended_at": "e"}], ids=["nothing", "an end alone"])
def test_rated_says_which_column_it_lacks(options: dict[str, Any]) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "e": [utc(2026, 2, 1)]})
    with pytest.raises((TypeError, ValueError)):
        frame.select(records.rated(DECK, seconds=None, **options))


def test_r16_an_unknown_direction_in_a_column_is_a_reason() -> None:
    frame = pl.DataFrame({"to": [MOBILE], "way": ["sideways"]})
    told = frame.select(DECK.match(pl.col("to"), direction=pl.col("way"), fields="reason"))
    assert told.item() == "invalid_direction"


def test_numbers_of_other_scripts_are_masked_too() -> None:
    number = "+٩١٩٨١٢٣٤٥٦٧٨"
    with pytest.raises(ValueError, match=r"not an E\.164 number") as error:
        DECK.match(number)
    assert number not in str(error.value)


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128], ids=str)
def test_a_column_of_128_bits_is_named(dtype: Any) -> None:
    with pytest.raises(TypeError, match="128"):
        DECK.match(pl.Series("to", [91], dtype=dtype))


def test_r22_rows_without_a_source_are_told_by_their_place() -> None:
    with pytest.raises(SheetError, match=r"row 1\b.*row 2\b"):
        deck_of([{"prefix": "91", "network_group": "a"}, {"prefix": "91", "network_group": "b"}])


def test_r19_the_longest_origin_wins_whether_exact_is_false_or_null() -> None:
    columns = {"prefix": ["91", "91"], "network_group": ["any", "british"]}
    frame = pl.DataFrame(columns | {"origin": [None, "44"], "exact_match": [None, False]})
    match = RateDeck.compile(frame, origin="44").match(MOBILE)
    assert match is not None
    assert match.network_group == "british"


def test_semantics_of_another_type_are_refused() -> None:
    falsy: list[Any] = [0, "", [], False]
    for value in falsy:
        with pytest.raises((TypeError, ValueError)):
            Semantics.of(value)
