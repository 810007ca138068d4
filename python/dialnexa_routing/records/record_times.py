"""The times and durations of call records, as whole ticks for the core.

Durations come as integers, text, Decimal, floats or Polars Durations; times with a zone or without.
What cannot be read is a fault of its row, never a zero and never a lost row (R51).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing._deck import REASONS
from dialnexa_routing.clock.odd_times import says_never
from dialnexa_routing.clock.time_columns import UTC_TIME, instants
from dialnexa_routing.clock.time_texts import read_times
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.clock.zero_times import near_zero
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.deck.match_columns import of_texts, utc_microseconds
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.records.nothing_said import said_by
from dialnexa_routing.records.record_words import ways
from dialnexa_routing.records.second_texts import nanoseconds
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.records.rating_options import Asked

_PER_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_NANO = 1_000_000_000
_DAY_US = 86_400_000_000
_ZONELESS = (
    "where they are the wall times of one, pass its name, as timezone='Asia/Kolkata'; where "
    "they are UTC, as Spark's Parquet and ADBC's SQLite write them, pass timezone='UTC'"
)
_COUNTED = (
    "counts from 1970 by seconds, or by parts of them, read it with CallRecords.read(…, epoch_unit='s')"
)
_CODE = {Reason(name): code for code, name in enumerate(REASONS)}


def known_zone(timezone: str | None) -> None:
    """Raise `RecordError` for a time zone that the system does not know."""
    if timezone is not None:
        try:
            zone_named(timezone)
        except ValueError as error:
            raise RecordError(str(error)) from error


def prepare(batch: pl.Series, timezone: str | None, twice: Twice = Twice.REFUSED) -> tuple[pl.Series, int]:
    """Structs of the user's columns as structs of number, at, ticks, fault, direction.

    Times without a zone are wall times of `timezone`; `twice` settles those that two instants had.

    Returns them and how many ticks are a second.
    """
    columns = {column.name: column for column in batch.struct.unnest()}
    out = {"number": of_texts(columns["number"])}
    if "direction" in columns:
        out["direction"] = ways(columns["direction"])
    late: list[pl.Series] = []
    if "answered_at" in columns:
        out["at"], late = _ticked(columns["answered_at"], timezone, twice, Reason.INVALID_ANSWERED_AT)
    if "seconds" in columns:
        out["ticks"], per_second, faults = _ticks(columns["seconds"])
    else:
        out["ticks"], per_second, faults = _between(out["at"], columns["ended_at"], timezone, twice)
    # In the order in which reasons are looked for: the seconds first, then the answer time.
    if faults + late:
        out["fault"] = pl.select(pl.coalesce(faults + late)).to_series()
    records = pl.DataFrame([column.alias(name) for name, column in out.items()])
    return records.to_struct(batch.name), per_second


def _fault(where: pl.Series, reason: Reason) -> list[pl.Series]:
    """Codes of a reason where a mask holds; nothing if it holds nowhere."""
    if not where.any():
        return []
    return [pl.select(pl.when(where).then(pl.lit(_CODE[reason], pl.UInt8))).to_series()]


def _ticked(
    times: pl.Series, timezone: str | None, twice: Twice, reason: Reason
) -> tuple[pl.Series, list[pl.Series]]:
    """Microseconds since 1970 UTC, and faults of what is no time, or a wall time that is no instant."""
    found, wrong = times_of(times, timezone, twice)
    return found.to_physical(), _fault(wrong, reason)


def times_of(
    times: pl.Series, timezone: str | None, twice: Twice = Twice.REFUSED
) -> tuple[pl.Series, pl.Series]:
    """Times of records, as text or with a type, as instants.

    Args:
        times: text in ISO 8601, of which a blank one is no time; Datetime with or without a zone.
        timezone: whose wall times those without a zone are.
        twice: what is done with wall times that two instants had.

    Returns:
        Datetime in microseconds, UTC; and where there is a time that is no instant: a text that is no
        time, a wall time that no clock showed, or that two did.

    Raises:
        RecordError: times without a zone, and no `timezone`.
        TypeError: a column of another type.
    """
    if times.dtype == pl.String:
        text, aware, walls = read_times(times)
        text, walls = said_by(text), walls.alias(times.name)
        if walls.null_count() < walls.len():
            aware = aware.zip_with(aware.is_not_null(), _in_zone(walls, timezone, twice))
        wrong = text.is_not_null() & aware.is_null()
        if wrong.any():
            wrong &= ~says_never(text)
        return _ever(aware).alias(times.name), wrong
    if times.dtype.is_numeric():
        raise TypeError(f"column {times.name!r} is {times.dtype}; where it {_COUNTED}")
    if isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone is None:
        found = _in_zone(times, timezone, twice)
    else:
        found = utc_microseconds(times).cast(UTC_TIME)
    return _ever(found), times.is_not_null() & found.is_null()


def _ever(times: pl.Series) -> pl.Series:
    """Instants; the begin of 1970, or of another count, is how systems write that a call was never answered.

    Whatever the zone makes of it, so a day before and after are the same.
    """
    ticks = times.to_physical()
    least = ticks.min()
    if not isinstance(least, int) or least > _DAY_US:
        return times
    times = times.set(ticks.is_between(-_DAY_US, _DAY_US).fill_null(False), None)
    zero = near_zero(times)
    return times if zero is None else times.set(zero, None)


def answer_times(schema: pl.Schema, asked: Asked) -> pl.Expr:
    """The answer times of a frame as instants, null where there are none, whatever the column holds.

    A deck without dates rates calls whose times nobody can read; so these are not refused here.
    """
    dtype, timezone, twice = schema.get(asked.answered_at), asked.timezone, asked.twice

    def told(times: pl.Series) -> pl.Series:
        if timezone is None and times.dtype == pl.String:
            return _ever(read_times(times)[1])
        return times_of(times, timezone, twice)[0]

    walls = isinstance(dtype, pl.Datetime) and dtype.time_zone is None
    if not isinstance(dtype, pl.Datetime | pl.String) or (walls and timezone is None):
        return pl.lit(None, UTC_TIME)
    return column_named(asked.answered_at).map_batches(told, return_dtype=UTC_TIME, is_elementwise=True)


def _in_zone(walls: pl.Series, timezone: str | None, twice: Twice) -> pl.Series:
    """Wall times as instants."""
    if timezone is None:
        raise RecordError(f"column {walls.name!r} has times without a zone; {_ZONELESS}")
    return instants(walls, timezone, twice=twice)[0]


def _ticks(seconds: pl.Series) -> tuple[pl.Series, int, list[pl.Series]]:
    """Durations as whole ticks, ticks a second, and faults of what is no duration."""
    dtype = seconds.dtype
    if dtype == pl.Int64:
        return seconds, 1, []
    if dtype.is_integer() or dtype == pl.Null:
        ticks = seconds.cast(pl.Int64, strict=False)
        return ticks, 1, _fault(seconds.is_not_null() & ticks.is_null(), Reason.INVALID_SECONDS)
    if isinstance(dtype, pl.Duration):
        return seconds.to_physical(), _PER_SECOND[dtype.time_unit], []
    if dtype == pl.String:
        seconds = said_by(seconds.str.strip_chars())
    elif not (dtype.is_float() or isinstance(dtype, pl.Decimal)):
        raise TypeError(
            f"column {seconds.name!r} is {dtype}; "
            "seconds are integers, Decimal, Duration, text or floats: cast it"
        )
    ticks = nanoseconds(seconds)
    return ticks, _NANO, _fault(seconds.is_not_null() & ticks.is_null(), Reason.INVALID_SECONDS)


def _between(
    answered: pl.Series, ended: pl.Series, timezone: str | None, twice: Twice
) -> tuple[pl.Series, int, list[pl.Series]]:
    """Ticks from answer to end; an end without an answer is a call that was not answered (R43)."""
    end, fault = _ticked(ended, timezone, twice, Reason.INVALID_SECONDS)
    ticks = end - answered
    ticks = ticks.set(answered.is_null() & end.is_not_null(), 0)
    return ticks, 1_000_000, fault + _fault(ticks < 0, Reason.END_BEFORE_ANSWER)
