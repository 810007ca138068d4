"""Where a frame of calls says what was called, when and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import polars as pl

from dialnexa_routing import records
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.deck.exact_columns import WIDEST, scaled
from dialnexa_routing.money.exact import PLACES
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.records.kept_reasons import has_readers
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan


class ColumnOptions(TypedDict, total=False):
    """Which columns of call records are read; `records.rate` states what each of them means."""

    number: str
    seconds: str | None
    answered_at: str
    ended_at: str | None
    direction: str
    timezone: str | None
    twice: Twice | str
    number_plan: NumberPlan | None


@dataclass(frozen=True)
class CallColumns:
    """Columns, or expressions of them, that one rating after another asks for."""

    number: str | pl.Expr = "to"
    seconds: str | pl.Expr | None = "seconds"
    answered_at: str | pl.Expr | None = "answered_at"
    ended_at: str | pl.Expr | None = None
    direction: str | pl.Expr = "direction"
    timezone: str | None = None
    twice: Twice | str = Twice.REFUSED
    number_plan: NumberPlan | None = WORLD
    reader: pl.Expr | None = None
    """The reasons of the reader, in rows of `CallRecords`, which come before those of rating."""

    @classmethod
    def of(
        cls,
        columns: Sequence[str],
        *,
        number: str = "to",
        seconds: str | None = "seconds",
        answered_at: str = "answered_at",
        ended_at: str | None = None,
        direction: str = "direction",
        timezone: str | None = None,
        twice: Twice | str = Twice.REFUSED,
        number_plan: NumberPlan | None = WORLD,
    ) -> CallColumns:
        """The arguments of `records.rate` as they hold for a frame with these columns.

        Answer times are taken where there are any: a deck without dates does not ask for them.

        Raises:
            RecordError: a column is missing, with the nearest names.
        """
        if direction in columns:
            ways: str | pl.Expr = pl.col(direction)
        elif direction in ("outbound", "inbound", "direction"):
            ways = "outbound" if direction == "direction" else direction
        else:
            ways = present(direction, columns)
        needed = answered_at != "answered_at" or ended_at is not None or answered_at in columns
        return cls(
            number=present(number, columns),
            seconds=None if ended_at is not None else present(seconds or "seconds", columns),
            answered_at=present(answered_at, columns) if needed else None,
            ended_at=None if ended_at is None else present(ended_at, columns),
            direction=ways,
            timezone=timezone,
            twice=twice,
            number_plan=number_plan,
            reader=pl.col("reason") if has_readers(columns) else None,
        )

    def rated(self, deck: Rates, semantics: Semantics, fields: str | Sequence[str], **other: Any) -> pl.Expr:
        """`records.rated` of these columns, some of them replaced by `other`."""
        asked = vars(self) | other
        reader = asked.pop("reader")
        if not deck.is_dated and asked["ended_at"] is None:
            asked["answered_at"] = None
        found = records.rated(deck, semantics=semantics, fields=fields, **asked)
        if reader is None:
            return found
        if isinstance(fields, str):
            return _kept(fields, found, reader)
        return pl.struct(_kept(name, found.struct.field(name), reader).alias(name) for name in fields)


def _kept(name: str, found: pl.Expr, reader: pl.Expr) -> pl.Expr:
    """A field of a rating, none of a row that its reader refused."""
    return pl.coalesce(reader, found) if name == "reason" else pl.when(reader.is_null()).then(found)


def present(name: str, columns: Sequence[str]) -> str:
    """The name itself. Raises `RecordError` where there is no such column."""
    if name not in columns:
        raise RecordError(f"there is no column {name!r}{nearest_or_all(name, columns)}")
    return name


def has_answer_times(deck: Rates, calls: CallColumns) -> None:
    """Raise `RecordError` where a dated deck is to rate calls that have no answer times (R50)."""
    if deck.is_dated and calls.answered_at is None:
        raise RecordError("the deck has dated entries and the calls have no answer times; name answered_at")


def differs_from_held(columns: Sequence[str], deck: Rates, charge: pl.Expr) -> pl.Expr:
    """How many rows carry a rating, ``charge`` beside ``deck_digest``, that is not this one (R50)."""
    if not {"charge", "deck_digest"} <= set(columns):
        return pl.lit(0)
    known = pl.col("deck_digest").is_in([one.digest for one in decks_of(deck)])
    held = pl.col("charge").cast(pl.String).str.to_decimal(scale=PLACES)
    other = held.ne_missing(charge.cast(pl.Decimal(WIDEST, PLACES))) | ~known.fill_null(False)
    return other.sum()


def refuse_held(rows: int) -> None:
    """Raise `RecordError` for rows that were rated in another way."""
    if rows:
        raise RecordError(
            f"{rows} rows were rated with another deck or other semantics; "
            "pass those, or drop charge and deck_digest"
        )


def in_seconds(durations: pl.Series) -> pl.Series:
    """Polars Durations as Decimal seconds, which can be reported and compared; other types as they are."""
    if not isinstance(durations.dtype, pl.Duration):
        return durations
    return (
        durations.to_frame().select(scaled(pl.col(durations.name).dt.total_nanoseconds(), PLACES)).to_series()
    )
