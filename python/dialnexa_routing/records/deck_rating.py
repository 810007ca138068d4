"""Rating of call records by a deck's own terms, as one elementwise expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.match_columns import struct_or_one
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.numbers.number_plan import core_of, is_plan
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, beside, chosen, column, rated_whole
from dialnexa_routing.records.record_times import answer_times, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame, Named

RATED_FIELDS = (
    "prefix",
    "network_group",
    "country_iso",
    "rate",
    "rate_unit_s",
    "billed_seconds",
    "charge",
    "reason",
)
"""The columns that `rate` adds, besides ``answered_at_utc`` and ``deck_digest``. For the asking there are
``country``, and ``charge_units``: the charge as an integer of its last place, paise with two decimals. So
are, more slowly, ``exact_numerator`` and ``exact_denominator``: the charge before its rounding is their
ratio, in nano-rupees; both are null where there is no charge, or one of more than 38 digits, or 63 bits."""


def rated_types(decimals: int) -> dict[str, pl.DataType]:
    """Types of the added columns; the charge has `decimals` places."""
    return {
        "prefix": pl.String(),
        "network_group": pl.String(),
        "country_iso": pl.String(),
        "country": pl.String(),
        "rate": MONEY,
        "rate_unit_s": pl.Int64(),
        "billed_seconds": pl.Int64(),
        "charge": pl.Decimal(18, decimals),
        "charge_units": pl.Int64(),
        "exact_numerator": pl.Decimal(38, 0),
        "exact_denominator": pl.Int64(),
        "reason": pl.String(),
    }


@dataclass(frozen=True)
class _Rater:
    """What the expression calls with each batch; pickles with its deck."""

    deck: RateDeck
    semantics: Semantics
    fields: tuple[str, ...]
    alone: bool
    direction: str | None
    timezone: str | None
    twice: Twice
    number_plan: NumberPlan | None

    @property
    def name(self) -> str:
        return self.fields[0] if self.alone else "rated"

    def __call__(self, batch: pl.Series, threads: int = 1) -> pl.Series:
        records, per_second = prepare(batch, self.timezone, self.twice)
        self.deck._check_file()
        column = self.deck._core.rate_column(
            records,
            list(self.fields),
            self.semantics.core,
            name=self.name,
            alone=self.alone,
            per_second=per_second,
            direction=self.direction,
            number_plan=core_of(self.number_plan),
            threads=threads,
        )
        self.deck._check_file()  # again, for it may be written into meanwhile
        return pl.Series(self.name, column)


def rated_by_deck(
    deck: RateDeck,
    parts: Mapping[str, pl.Expr],
    direction: str | None,
    semantics: Semantics,
    timezone: str | None,
    twice: Twice,
    fields: str | Sequence[str] | None,
    number_plan: NumberPlan | None,
) -> pl.Expr:
    """The work of `records.rated` by one deck; `parts` are the columns by what they are."""
    rater, dtype = _rater(deck, direction, semantics, timezone, twice, fields, number_plan)
    return _batch(parts).map_batches(rater, return_dtype=dtype, is_elementwise=True).alias(rater.name)


def _batch(parts: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.struct(part.alias(name) for name, part in parts.items())


def _rater(
    deck: RateDeck,
    direction: str | None,
    semantics: Semantics,
    timezone: str | None,
    twice: Twice,
    fields: str | Sequence[str] | None,
    number_plan: NumberPlan | None,
) -> tuple[_Rater, pl.DataType]:
    """What rates batches, and the type of its answers."""
    types = rated_types(semantics.decimals)
    rater = _Rater(
        deck=deck,
        semantics=semantics,
        fields=chosen(RATED_FIELDS, types, fields),
        alone=isinstance(fields, str),
        direction=direction,
        timezone=timezone,
        twice=twice,
        number_plan=is_plan(number_plan),
    )
    return rater, struct_or_one(rater.fields, types, rater.alone)


def rate_by_deck(frame: Frame, schema: pl.Schema, read: Named, deck: RateDeck, asked: Asked) -> Frame:
    """The work of `records.rate` by a deck's own terms."""
    semantics = Semantics.of(asked.semantics)
    fields = chosen(RATED_FIELDS, rated_types(semantics.decimals), asked.fields)
    word = read["direction"]
    parts = {name: column(name, part) for name, part in read.items() if part is not None}
    if isinstance(word, str):
        del parts["direction"]
    one = word if isinstance(word, str) else None
    how = (one, semantics, asked.timezone, asked.twice, fields, asked.number_plan)
    answers: pl.Expr | pl.Series
    if isinstance(frame, pl.DataFrame):
        answers = rated_whole(_rater(deck, *how)[0], frame, _batch(parts))
    else:
        answers = rated_by_deck(deck, parts, *how)
    also: dict[str, str | pl.Expr] = {
        ANSWERED_AT_UTC: answer_times(schema, asked),
        "deck_digest": deck.digest,
    }
    return beside(frame, schema.names(), answers, fields, also, asked.add_prefix)
