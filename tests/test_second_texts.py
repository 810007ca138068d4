"""Seconds as text are read as widely as seconds as numbers, and as exactly (R51, R54)."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from decks import INDIA, MOBILE, deck_of
from dialnexa_routing import records
from dialnexa_routing.records.call_values import Durations
from dialnexa_routing.records.second_texts import nanoseconds

DECK = deck_of(INDIA)
WIDE = 38


def rated(seconds: pl.Series) -> list[tuple[int | None, Decimal | None, str | None]]:
    frame = pl.DataFrame({"to": [MOBILE] * len(seconds), "seconds": seconds})
    return records.rate(frame, deck=DECK).select("billed_seconds", "charge", "reason").rows()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2147483647", 2_147_483_647),
        ("4294967220", 4_294_967_220),
        ("61.0000000000", 61),
        ("61." + "0" * 30, 61),
        ("00000000000061", 61),
        ("-2147483648", -2_147_483_648),
        (" 1234567890 ", 1_234_567_890),
    ],
)
def test_r54_a_text_is_charged_as_its_number_is(text: str, number: int) -> None:
    assert rated(pl.Series([text])) == rated(pl.Series([number]))


@pytest.mark.parametrize("text", ["9223372037", "9" * 20, "9" * 21, "9" * 400, "1." + "0" * 400, "1.", ".5"])
def test_r51_what_is_too_long_or_no_number_is_a_fault_of_its_row(text: str) -> None:
    assert rated(pl.Series([text, "61"])) == [(None, None, "invalid_seconds"), *rated(pl.Series(["61"]))]


@given(st.decimals(-(10**9), 10**10, places=12, allow_nan=False, allow_infinity=False))
@example(Decimal("61.000000000500"))
@example(Decimal("61.000000001500"))
@example(Decimal("-0.000000000400"))
def test_r54_texts_and_decimals_come_to_the_same_nanoseconds(value: Decimal) -> None:
    text, number = pl.Series([f"{value:f}"]), pl.Series([value], dtype=pl.Decimal(WIDE, 12))
    assert nanoseconds(text).to_list() == nanoseconds(number).to_list()
    as_records = Durations("s")(text).cast(pl.Decimal(WIDE, 9))
    assert nanoseconds(as_records).to_list() == nanoseconds(number).to_list()


@pytest.mark.parametrize(
    ("text", "nanos"),
    [
        ("00:01:03.0000000000", 63 * 10**9),
        ("63.0000000000s", 63 * 10**9),
        ("1.0000000000m", 60 * 10**9),
        ("1500.0000000ms", 15 * 10**8),
        ("2147483647 s", 2_147_483_647 * 10**9),
    ],
)
def test_zeros_behind_a_point_change_nothing_in_other_spellings(text: str, nanos: int) -> None:
    assert nanoseconds(pl.Series([text])).to_list() == [nanos]
