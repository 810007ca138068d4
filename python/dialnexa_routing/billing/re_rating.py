"""One re-rating of calls, and whether a provider's charge comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.charged_records import AMOUNT, PLACES
from dialnexa_routing.money.semantics import Rounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialnexa_routing.billing.call_columns import CallColumns
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.semantics import Semantics

_FINEST = 6  # places of a charge that providers round to
_NANO = 9


class Cause(StrEnum):
    """The one main cause of a row, of `Reconciliation`."""

    AGREES = "agrees"
    """The same charge."""
    DUPLICATE_OURS = "duplicate_ours"
    """We have the call more often than they do."""
    DUPLICATE_THEIRS = "duplicate_theirs"
    """They have the call more often than we do."""
    DOUBLE_CHARGE = "double_charge"
    """They charge one call twice: under another key, or twice as much."""
    UNANSWERED = "unanswered"
    """A call of no seconds and no charge that one side alone has: nothing is missing."""
    MISSING_OURS = "missing_ours"
    """They charge a call that we do not have."""
    MISSING_THEIRS = "missing_theirs"
    """We have a call that they do not charge."""
    UNREADABLE = "unreadable"
    """Their charge is blank or no amount; it counts as none."""
    CURRENCY = "currency"
    """Their charge is not in INR; it counts as none, for amounts of two currencies have no difference."""
    SIGN = "sign"
    """Their charge is ours below zero: a credit, or the other sign."""
    NOT_RATED = "not_rated"
    """We have no charge for the call, for the reason given (R51)."""
    DURATION = "duration"
    """Their seconds at our terms."""
    PULSE = "pulse"
    """Other billed seconds, or another meaning of the terms, of the same seconds."""
    PREFIX = "prefix"
    """The price of another prefix of the number, or of another number."""
    PRICE_DATE = "price_date"
    """The price of another time or another deck."""
    ROUNDING = "rounding"
    """The same exact amount, rounded otherwise."""
    DIRECTION = "direction"
    """The price of the other direction."""
    OTHER = "other"
    """Unexplained."""


class Fit(StrEnum):
    """How close a re-rating comes to their charge."""

    EXACT = "exact"
    """The same to the last digit."""
    ROUNDED = "rounded"
    """The same before rounding, and rounded otherwise to as many places or more."""


@dataclass(frozen=True)
class Candidate:
    """One thing changed in how calls are rated.

    Attributes:
        cause: what it would be the cause of.
        detail: how it is reported, with ``{}`` for each of `told`.
        deck: what to rate with.
        semantics: how seconds and charge are counted.
        told: columns of the row, of the answer as ``answer.prefix``, or expressions.
        changes: arguments of `records.rated` that are others.
        where: rows that it can explain; all, if None.
        as_billed: their billed seconds, where they state them, must come out too.
    """

    cause: Cause
    detail: str
    deck: Rates
    semantics: Semantics
    told: tuple[str | pl.Expr, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    where: pl.Expr | None = None
    as_billed: bool = False

    def explains(self, rows: pl.DataFrame, calls: CallColumns, fit: Fit) -> pl.Series:
        """The detail of each row where their charge comes out, else null."""
        answer = calls.rated(
            self.deck, self.semantics, ("charge", "billed_seconds", "prefix"), **self.changes
        )
        answers = rows.select(answer.alias("answer")).unnest("answer").select(pl.all().name.prefix("answer."))
        told = [as_text(one).fill_null("none") for one in self.told]
        detail = pl.format(self.detail, *told)
        if fit is Fit.EXACT:
            fits = pl.col("answer.charge").cast(AMOUNT) == pl.col("theirs")
        else:
            answers = answers.hstack(bounds(rows, calls, self.deck, self.semantics, self.changes))
            words = _words(range(self.semantics.decimals, max(self.semantics.decimals, _FINEST) + 1))
            detail, fits = pl.format("{}, {}", detail, words), words.is_not_null()
        if self.where is not None:
            fits &= self.where
        if self.as_billed:
            stated = pl.col("their_billed_seconds")
            fits &= stated.is_null() | (stated == pl.col("answer.billed_seconds"))
        return rows.hstack(answers).select(pl.when(fits).then(detail).alias("detail")).to_series()


@dataclass(frozen=True)
class Roundings:
    """The same exact amount, rounded otherwise; to as many places as ours and more, or to fewer."""

    deck: Rates
    semantics: Semantics
    to_fewer: bool = False
    cause: Cause = Cause.ROUNDING

    def explains(self, rows: pl.DataFrame, calls: CallColumns, _: Fit) -> pl.Series:
        """The rounding of each row that makes their charge, else null."""
        ours = self.semantics.decimals
        places = range(ours - 1, -1, -1) if self.to_fewer else range(ours, max(ours, _FINEST) + 1)
        stated = pl.col("their_billed_seconds")
        same = stated.is_null() | (stated == pl.col("billed_seconds"))
        answers = bounds(rows, calls, self.deck, self.semantics, {})
        return rows.hstack(answers).select(pl.when(same).then(_words(places)).alias("detail")).to_series()


def as_text(column: str | pl.Expr) -> pl.Expr:
    """Values as they are reported: numbers without spare zeros."""
    values = pl.col(column) if isinstance(column, str) else column
    return values.cast(pl.String).str.replace(r"^(-?[0-9]+(\.[0-9]*[1-9])?)\.?0*$", "${1}")


def bounds(
    rows: pl.DataFrame, calls: CallColumns, deck: Rates, semantics: Semantics, changes: Mapping[str, Any]
) -> pl.DataFrame:
    """The charge before rounding, between ``low`` and ``high``; they are equal where it has nine places."""
    ways = {"low": Rounding.DOWN, "high": Rounding.UP}
    return rows.select(
        calls.rated(
            deck, semantics.model_copy(update={"rounding": way, "decimals": _NANO}), "charge", **changes
        )
        .cast(AMOUNT)
        .alias(name)
        for name, way in ways.items()
    )


def _words(places: Iterable[int]) -> pl.Expr:
    """The first of some roundings, by their places, that makes ``theirs`` of an amount, in words."""
    theirs, low = pl.col("theirs").to_physical(), pl.col("low").to_physical()
    above, below, more = theirs - low, low - theirs, pl.col("low") != pl.col("high")
    found = []
    for count in places:
        step = 10 ** (PLACES - count)
        half = step // 2
        near = (above > 0) & (above <= half) | (above <= 0) & (below < half)
        to_even = (below == half) & ~more & (theirs // step % 2 == 0)
        within = (above < step) & (below < step) | (above == step) & more
        way = (
            pl.when(near)
            .then(pl.lit("half_up"))
            .when(to_even)
            .then(pl.lit("half_even"))
            .when(above > 0)
            .then(pl.lit("up"))
            .otherwise(pl.lit("down"))
        )
        said = pl.format(f"rounded {{}} to {count} places", way)
        found.append(pl.when((theirs % step == 0) & within).then(said))
    return pl.coalesce(found) if found else pl.lit(None, pl.String)
