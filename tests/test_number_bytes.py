"""Every code point there is, placed inside a number: only the ten digits pass, and a leading plus (R1)."""

from __future__ import annotations

import sys

import polars as pl
import pytest

from counts import counted
from decks import deck_of
from dialnexa_routing import NumberError, RateDeck

# Surrogates are no characters; an Arrow text cannot hold them.
POINTS = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
DIGITS = "0123456789"
PLACES = {
    # where the character stands: the number, and which characters make it one
    "in the first eight bytes": ("91{}8123", DIGITS),
    "over the ends of words": ("9198123{}45", DIGITS),
    "behind the twelfth": ("919812345678{}", DIGITS),
    "in front": ("{}9198123", "+123456789"),
    "behind a plus": ("+{}9198", "123456789"),
    "alone": ("{}", "123456789"),
}


@pytest.fixture(scope="module")
def deck() -> RateDeck:
    return deck_of([{"prefix": str(first)} for first in range(1, 10)])


@pytest.mark.parametrize("place", PLACES)
def test_r1_only_digits_pass_in_a_column(deck: RateDeck, place: str) -> None:
    pattern, good = PLACES[place]
    before, after = pattern.split("{}")
    column = pl.select(pl.concat_str(pl.lit(before), pl.Series(POINTS), pl.lit(after))).to_series()
    reasons = deck.match(column, fields="reason")
    passed = pl.Series(POINTS).filter(reasons.is_null()).to_list()
    assert "".join(sorted(passed)) == "".join(sorted(good))
    assert reasons.drop_nulls().unique().to_list() == ["invalid_number"]
    assert len(reasons) == 1_114_112 - 2048
    counted(len(reasons), "code points")


def test_r54_alone_is_as_in_a_column(deck: RateDeck) -> None:
    """All in one place, and in each whatever Python takes for a digit, a number, a blank or a sign."""
    odd = [point for point in POINTS if point.isnumeric() or point.isspace() or point in "+-"]
    for place, (pattern, good) in PLACES.items():
        for point in POINTS if place == "in the first eight bytes" else [*POINTS[:0x800], *odd]:
            number = pattern.format(point)
            try:
                found = deck.match(number) is not None
            except NumberError:
                found = False
            assert found == (point in good), hex(ord(point))


def test_r1_a_lone_surrogate_is_no_number(deck: RateDeck) -> None:
    with pytest.raises(NumberError):
        deck.match("91\ud8008123")
