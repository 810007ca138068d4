"""Charges that come out where amounts are a hair higher or lower: what binary floats make of ties.

An engine that counts in binary floats holds most amounts a little too high or too low. It shows where an
exact sum lies right on a last place that is cut off, or an increment that is rounded by itself right between
two. Such a charge comes out of the exact arithmetic with each price, or the sum, moved by its last place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.charged_records import PLACES
from dialnexa_routing.billing.re_rating import Cause, Fit, bounds
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.deck_book import mapped
from dialnexa_routing.deck.exact_columns import exactly
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.exact import plus
from dialnexa_routing.money.semantics import Rounding

if TYPE_CHECKING:
    from dialnexa_routing.billing.call_columns import CallColumns
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.semantics import Semantics

_RATES = ("outbound_rate", "inbound_rate")
_LAST_PLACE = Decimal("0.000000001")
_MOST = 10**9
"""Of billed seconds in units of a charge's last place: above it, a hair a second is more than that unit."""


@dataclass(frozen=True)
class Floats:
    """The same seconds at the same prices, each of them or their sum a hair off."""

    deck: Rates
    semantics: Semantics
    cause: Cause = Cause.ROUNDING

    def explains(self, rows: pl.DataFrame, calls: CallColumns, _: Fit) -> pl.Series:
        """That a hair makes their charge, else null."""
        theirs, stated, billed = (
            pl.col(name) for name in ("theirs", "their_billed_seconds", "billed_seconds")
        )
        moves = (None, _LAST_PLACE.copy_negate(), _LAST_PLACE)
        decks = [
            self.deck if hair is None else mapped(self.deck, partial(moved, hair=hair)) for hair in moves
        ]
        exact = [
            bounds(rows, calls, deck, self.semantics, {}).select(pl.col("low", "high").name.prefix(f"{at}."))
            for at, deck in enumerate(decks)
        ]
        sums = [pl.col(f"{at}.{end}").to_physical() for at in range(len(decks)) for end in ("low", "high")]
        fits = pl.any_horizontal(
            self._rounded(one + hair) == theirs.to_physical() for one in sums for hair in (-1, 1)
        )
        same = (stated.is_null() | (stated == billed)) & (billed * 10**self.semantics.decimals < _MOST)
        told = pl.when(fits & same).then(pl.lit("their float, an amount a hair off"))
        return pl.concat([rows, *exact], how="horizontal").select(told.alias("detail")).to_series()

    def _rounded(self, amount: pl.Expr) -> pl.Expr:
        """Whole units of `PLACES`; a hair beside a tie both ways to halves are one."""
        step: int = 10 ** (PLACES - self.semantics.decimals)
        lift = {Rounding.DOWN: 0, Rounding.UP: step - 1}.get(self.semantics.rounding, step // 2)
        return (amount + lift) // step * step


def moved(deck: RateDeck, hair: Decimal) -> RateDeck:
    """A deck with each price above zero moved by a hair; those of schedules too."""
    rows = deck.rows()
    for name in _RATES:
        moves = (rows[name] > 0) & (rows[name] < Decimal(999_999_999))
        both = rows.select(pl.when(moves.fill_null(False)).then(pl.col(name) + pl.lit(hair)).otherwise(name))
        rows = rows.with_columns(exactly(both.to_series().alias(name), MONEY))
    texts = rows["schedule"].drop_nulls().unique()
    schedules = {text: _moved_schedule(text, hair) for text in texts}
    if schedules:
        rows = rows.with_columns(pl.col("schedule").replace(schedules))
    return RateDeck.compile(rows)


def _moved_schedule(text: str, hair: Decimal) -> str:
    schedule = json.loads(text)
    for band in schedule["bands"]:
        for tier in band["tiers"]:
            rate = Decimal(tier["rate"])
            if rate > 0:
                tier["rate"] = f"{plus(rate, hair):f}"
    return json.dumps(schedule)
