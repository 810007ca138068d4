"""Strategies of hypothesis: numbers that can be ones, amounts, call records; needs hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "these strategies need hypothesis; install it with: pip install hypothesis", name=error.name
    ) from error

from dialnexa_routing.money.exact import amount_of
from dialnexa_routing.numbers.number_plan import WORLD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from dialnexa_routing.deck.rate_deck import RateDeck

_MOST = 15
_FROM, _TO = datetime(2026, 1, 1), datetime(2027, 1, 1)


def numbers(calling_codes: Sequence[str] | None = None) -> st.SearchStrategy[str]:
    """E.164 numbers with plus that the number plan lets pass: no emergency numbers, lengths that exist.

    Args:
        calling_codes: without plus; None is all of them.

    >>> from hypothesis import find
    >>> find(numbers(["91"]), lambda number: True)[:3]
    '+91'
    """
    known = sorted(WORLD.lengths) if calling_codes is None else list(calling_codes)

    def drawn(code: str) -> st.SearchStrategy[str]:
        lengths = WORLD.lengths[code] or frozenset(range(4, _MOST + 1))
        fitting = sorted(length for length in lengths if length + len(code) <= _MOST)
        digits = st.sampled_from(fitting).flatmap(
            lambda length: st.text("0123456789", min_size=length, max_size=length)
        )
        return digits.map(lambda rest: f"+{code}{rest}").filter(lambda number: WORLD.judge(number) is None)

    return st.sampled_from(known).flatmap(drawn)


def numbers_of(deck: RateDeck) -> st.SearchStrategy[str]:
    """Numbers of at least seven digits that a prefix of the deck begins; possible ones or not.

    >>> from hypothesis import find
    >>> from dialnexa_routing import testing
    >>> find(numbers_of(testing.deck({"9198": "0.80"})), lambda number: True)
    '+9198000'
    """
    prefixes = deck.prefixes()

    def drawn(prefix: str) -> st.SearchStrategy[str]:
        rest = st.text("0123456789", min_size=max(0, 7 - len(prefix)), max_size=_MOST - len(prefix))
        return rest.map(lambda digits: f"+{prefix}{digits}")

    return st.sampled_from(prefixes).flatmap(drawn)


def amounts(most: int = 1000) -> st.SearchStrategy[Decimal]:
    """INR to a billionth, from zero to `most`; never a float."""
    return st.integers(0, most * 10**9).map(amount_of)


def call_records(
    to: st.SearchStrategy[str | None] | None = None, *, max_seconds: int = 7200, max_size: int = 20
) -> st.SearchStrategy[pl.DataFrame]:
    """Frames for `records.rate`: ``to``, ``answered_at`` (UTC), ``seconds``, ``direction``.

    Args:
        to: numbers; None draws them by `numbers`.
        max_seconds: of the longest call.
        max_size: rows at most; none at all are drawn as well.
    """
    times = st.datetimes(_FROM, _TO, timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))
    row = st.tuples(
        numbers() if to is None else to,
        times,
        st.integers(0, max_seconds),
        st.sampled_from(["outbound", "inbound"]),
    )
    schema = {
        "to": pl.String(),
        "answered_at": pl.Datetime("us", "UTC"),
        "seconds": pl.Int64(),
        "direction": pl.String(),
    }
    return st.lists(row, max_size=max_size).map(lambda rows: pl.DataFrame(rows, schema, orient="row"))
