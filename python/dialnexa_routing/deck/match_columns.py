"""Matching as a Polars expression, on a Series, or on anything with an Arrow capsule.

The expression is elementwise, so that it stays lazy, streams, and has filters pushed below it; the
work is done by the compiled core on Arrow memory, with the GIL released. The plan holds the deck
itself: no registry, ordinary reference counts, and it pickles as the deck does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.clock.time_columns import utc
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.threads import threads_for
from dialnexa_routing.numbers.number_plan import core_of, is_plan
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing._deck import Column
    from dialnexa_routing.deck.rates import Compiled
    from dialnexa_routing.numbers.number_plan import NumberPlan

MATCH_FIELDS = (
    "prefix",
    "network_group",
    "country_iso",
    "country",
    "outbound_rate",
    "inbound_rate",
    "blocked",
    "reason",
)
"""What `RateDeck.match` states of a column; the other `MATCH_TYPES` are there for the asking."""

MATCH_TYPES: dict[str, pl.DataType] = {
    "entry": pl.UInt32(),
    "group": pl.UInt32(),
    "prefix": pl.String(),
    "network_group": pl.String(),
    "country_iso": pl.String(),
    "country": pl.String(),
    "outbound_rate": MONEY,
    "inbound_rate": MONEY,
    "rate_unit_s": pl.Int64(),
    "blocked": pl.Boolean(),
    "reason": pl.String(),
}


_PIECE = 1 << 19
"""Numbers of a Series that are matched at once: a tenth of a second on a busy machine."""

NUMBERS = (pl.String, pl.UInt64, pl.UInt32, pl.Int64, pl.Null)
"""Types of columns that can hold called numbers."""

CAST_NUMBERS = "numbers are text or unsigned 64-bit integers: cast the column to String"


def of_texts(column: pl.Series) -> pl.Series:
    """A column; one without any value, which has no type of its own, as texts, for the core knows those."""
    return column.cast(pl.String) if column.dtype == pl.Null else column


def one_direction(direction: object) -> str | None:
    """A direction given for all rows. Raises `ValueError` for another word, `TypeError` for no word."""
    if direction is None:
        return None
    if not isinstance(direction, str):
        raise TypeError(f"direction is {direction!r}; pass 'outbound' or 'inbound'")
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    return direction


def struct_or_one(fields: Sequence[str], types: dict[str, pl.DataType], alone: bool) -> pl.DataType:
    """The type of an answer with these fields."""
    return types[fields[0]] if alone else pl.Struct({field: types[field] for field in fields})


def utc_microseconds(times: pl.Series) -> pl.Series:
    """Times as the core counts them. Raises `RecordError` for times without a zone."""
    if times.dtype == pl.Null:
        return times.cast(pl.Int64)
    if not isinstance(times.dtype, pl.Datetime):
        raise TypeError(f"column {times.name!r} is {times.dtype}; a time is a Datetime with a time zone")
    if times.dtype.time_zone is None:
        raise RecordError(
            f"column {times.name!r} has times without a zone; where they are the wall times of one, take "
            "dialnexa_routing.clock.instants(column, 'Asia/Kolkata'); where they are UTC, as Spark's Parquet "
            "and ADBC's SQLite write them, dt.replace_time_zone('UTC')"
        )
    return utc(times).to_physical()


@dataclass(frozen=True)
class _Matcher:
    """What the expression calls with each batch; pickles with its deck."""

    deck: Compiled
    fields: tuple[str, ...]
    alone: bool
    at: int | None
    direction: str | None
    in_rows: bool  # the batch is structs of number, at, direction
    number_plan: NumberPlan | None

    @property
    def name(self) -> str:
        return self.fields[0] if self.alone else "match"

    def arrow(self, numbers: Any, name: str, threads: int = 1) -> Column:
        self.deck._check_file()
        if isinstance(numbers, pl.DataFrame):
            numbers = numbers.select(of_texts(column) for column in numbers)
        found = self.deck._core.match_column(
            numbers,
            list(self.fields),
            name=name,
            alone=self.alone,
            at=self.at,
            direction=self.direction,
            number_plan=core_of(self.number_plan),
            threads=threads,
        )
        self.deck._check_file()  # again, for it may be written into meanwhile
        return found

    def __call__(self, batch: pl.Series, threads: int = 1) -> pl.Series:
        numbers = batch
        of = batch.struct.field("number") if self.in_rows else batch
        if of.dtype not in NUMBERS:
            raise TypeError(f"column {of.name!r} is {of.dtype}; {CAST_NUMBERS}")
        if self.in_rows:
            columns = {column.name: column for column in batch.struct.unnest()}
            if "at" in columns:
                columns["at"] = utc_microseconds(columns["at"])
            columns["number"] = of_texts(columns["number"])
            numbers = pl.DataFrame(
                [of_texts(column.alias(name)) for name, column in columns.items()]
            ).to_struct("number")
        else:
            numbers = of_texts(numbers)
        return pl.Series(self.name, self.arrow(numbers, batch.name, threads))


def match_column(
    deck: Compiled,
    number: Any,
    at: datetime | pl.Expr | None,
    direction: str | pl.Expr | None,
    fields: str | Sequence[str] | None,
    number_plan: NumberPlan | None,
) -> pl.Expr | pl.Series | Column:
    """The bulk half of `RateDeck.match`."""
    alone = isinstance(fields, str)
    chosen = (fields,) if isinstance(fields, str) else tuple(MATCH_FIELDS if fields is None else fields)
    if not chosen:
        raise ValueError(f"there are no fields in {fields!r}; the fields are {', '.join(MATCH_TYPES)}")
    in_rows = {"at": at, "direction": direction}
    columns = [expr.alias(name) for name, expr in in_rows.items() if isinstance(expr, pl.Expr)]
    matcher = _Matcher(
        deck=deck,
        fields=chosen,
        alone=alone,
        at=None if at is None or isinstance(at, pl.Expr) else microseconds(at),
        direction=None if isinstance(direction, pl.Expr) else one_direction(direction),
        in_rows=bool(columns),
        number_plan=is_plan(number_plan),
    )
    for field in chosen:
        if field not in MATCH_TYPES:
            raise ValueError(f"there is no field {field!r}; the fields are {', '.join(MATCH_TYPES)}")
    if isinstance(number, pl.Expr):
        batch = pl.struct(number.alias("number"), *columns) if columns else number
        dtype = struct_or_one(chosen, MATCH_TYPES, alone)
        return batch.map_batches(matcher, return_dtype=dtype, is_elementwise=True).alias(matcher.name)
    if columns:
        raise TypeError("at and direction can be expressions only where the number is one")
    if isinstance(number, pl.Series):
        if len(number) <= _PIECE:
            return matcher(number, threads_for(len(number)))
        # Between two pieces Ctrl-C is heard.
        pieces = (number.slice(start, _PIECE) for start in range(0, len(number), _PIECE))
        return pl.concat([matcher(piece, threads_for(len(piece))) for piece in pieces])
    if not (hasattr(number, "__arrow_c_stream__") or hasattr(number, "__arrow_c_array__")):
        raise TypeError(
            f"number is {type(number).__name__}; "
            "pass a str, a Polars expression or Series, or an object with an Arrow capsule"
        )
    rows = len(number) if hasattr(number, "__len__") else 0
    return matcher.arrow(number, "number", threads_for(rows))


def rows(deck: Compiled) -> pl.DataFrame:
    """The bulk half of `RateDeck.rows`."""
    return pl.Series("rows", deck._core.rows()).struct.unnest()
