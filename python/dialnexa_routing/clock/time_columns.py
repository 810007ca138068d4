"""Columns of wall times as instants, and back: all of a column at once, by our own offsets (R50).

Whatever Polars is given is UTC, so its own table of zones decides nothing. The offsets of the years that
a column speaks of are looked up once, and each time is found among them by a search.
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing.clock.wall_clock import NoInstant, Twice
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.clock.zone_offsets import Segments, segments
from dialnexa_routing.text.forked import refuse_after_fork

UTC_TIME = pl.Datetime("us", "UTC")
WALL_TIME = pl.Datetime("us")
NO_INSTANT = pl.Enum(NoInstant)

_MICROS = 1_000_000
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_MOST_MS = _HIGHEST // 1_000
_FIRST_YEAR = 2
# No table lists a change by its date so late; what a rule states returns after 400 years, of whole weeks.
_CYCLE_FROM, _CYCLE_YEARS, _CYCLE_US = 2800, 400, 146_097 * 86_400 * _MICROS
_CYCLE_FROM_US = 26_192_246_400 * _MICROS
_FEW_YEARS = 8


def instants(walls: pl.Series, zone: str, *, twice: Twice = Twice.REFUSED) -> tuple[pl.Series, pl.Series]:
    """The instants at which the clocks of a zone showed some times, and why there is none.

    Args:
        walls: Datetime without a zone, of any unit; what is finer than a microsecond is cut off.
        zone: name of the zone, as ``Asia/Kolkata``.
        twice: what is done with times of an hour that came twice.

    Returns:
        Datetime in microseconds, UTC, null where there is none; and a `NoInstant`, null where there is one
        or where there was no time.

    Raises:
        ValueError: there is no such zone.
        TypeError: the column is no Datetime without a zone.

    >>> from datetime import datetime
    >>> hours = pl.Series([datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 50), datetime(2026, 7, 1)])
    >>> found, reasons = instants(hours, "America/New_York")
    >>> found.dt.to_string("%F %T").to_list(), reasons.to_list()
    ([None, None, '2026-07-01 04:00:00'], ['no_such_time', 'twice', None])
    """
    refuse_after_fork()
    if walls.dtype != pl.Null and (not isinstance(walls.dtype, pl.Datetime) or walls.dtype.time_zone):
        raise TypeError(f"column {walls.name!r} is {walls.dtype}; wall times are a Datetime without a zone")
    zone_named(zone)
    ticks = _microseconds(walls)
    held, years = _years(ticks)
    if years is None:
        return held.cast(UTC_TIME), _reasons(walls, held, None)
    table = segments(zone, years)
    if len(set(table.offsets)) == 1:
        found = held - table.offsets[0] * _MICROS
        return found.cast(UTC_TIME), _reasons(walls, found, None)
    # A stretch shows the walls from its begin to its end, both by its own offset. Begins ascend, and so do
    # ends; of the stretches that show a wall the first is the first to end later, the last the last begun.
    begins = [_LOWEST, *(_micros(at + of) for at, of in zip(*_after(table, 0), strict=True))]
    ends = [*(_micros(at + of) for at, of in zip(*_after(table, 1), strict=True)), _HIGHEST]
    cycled = _cycled(held)
    first = _search(ends, cycled)
    last = _search(begins, cycled) - 1
    two = first < last
    known = (first == last) | (two if twice is not Twice.REFUSED else False)
    taken = last if twice is Twice.LATEST else first
    found = held - pl.Series(table.offsets, dtype=pl.Int64).gather(taken) * _MICROS
    found = found.set(~known, None)
    return found.cast(UTC_TIME), _reasons(walls, found, two)


def walls(times: pl.Series, zone: str) -> pl.Series:
    """What the clocks of a zone show at some instants: Datetime in microseconds, without a zone.

    Args:
        times: Datetime with any zone; null, and what is beyond all calendars, is null.
        zone: name of the zone.

    Raises:
        ValueError: there is no such zone.
        TypeError: the column is no Datetime with a zone.

    >>> from datetime import UTC, datetime
    >>> walls(pl.Series([datetime(2026, 10, 31, 20, tzinfo=UTC)]), "Asia/Kolkata").dt.date().to_list()
    [datetime.date(2026, 11, 1)]
    """
    zone_named(zone)
    held, years = _years(utc(times).to_physical())
    if years is None:
        return held.cast(WALL_TIME)
    table = segments(zone, years)
    if len(set(table.offsets)) == 1:
        return (held + table.offsets[0] * _MICROS).cast(WALL_TIME)
    begun = [_LOWEST, *map(_micros, table.begins[1:])]
    taken = _search(begun, _cycled(held)) - 1
    return (held + pl.Series(table.offsets, dtype=pl.Int64).gather(taken) * _MICROS).cast(WALL_TIME)


def utc(times: pl.Series) -> pl.Series:
    """Times that carry a zone as UTC in microseconds, by what the column holds, which is UTC already.

    Null, and what 64 bits of microseconds cannot hold, is null. Raises `TypeError` for other columns.
    """
    if times.dtype != pl.Null and (not isinstance(times.dtype, pl.Datetime) or not times.dtype.time_zone):
        raise TypeError(f"column {times.name!r} is {times.dtype}; instants are a Datetime with a time zone")
    return _microseconds(times).cast(UTC_TIME)


def _microseconds(times: pl.Series) -> pl.Series:
    """The numbers behind times, in microseconds; Polars' own cast of milliseconds panics beyond them."""
    if not isinstance(times.dtype, pl.Datetime):
        return times.cast(pl.Int64)
    ticks = times.to_physical()
    if times.dtype.time_unit == "ms":
        return ticks.set(~ticks.is_between(-_MOST_MS, _MOST_MS), None) * 1_000
    return ticks // 1_000 if times.dtype.time_unit == "ns" else ticks


def _years(ticks: pl.Series) -> tuple[pl.Series, set[int] | None]:
    """The ticks that are of some year, the years in which their offsets are looked up; None if none is."""
    low, high = ticks.min(), ticks.max()
    if low is None:
        return ticks, None
    ends = pl.Series([low, high], dtype=pl.Int64).cast(WALL_TIME).dt.year()
    first, last = ends[0], ends[1]
    if first is None or last is None:
        ticks = ticks.set(ticks.cast(WALL_TIME).dt.year().is_null(), None)
        return _years(ticks)
    found: set[int] = set(range(first, last + 1)) if last - first < _FEW_YEARS else set()
    if not found or last >= _CYCLE_FROM:
        found = set(_cycled(ticks).cast(WALL_TIME).dt.year().unique().drop_nulls())
    near = {max(year, _FIRST_YEAR) + beside for year in found for beside in (-1, 0, 1)}
    return ticks, {max(year, _FIRST_YEAR) for year in near}


def _cycled(ticks: pl.Series) -> pl.Series:
    """Ticks of late years as those of an earlier year with the same calendar."""
    high = ticks.max()
    if not isinstance(high, int) or high < _CYCLE_FROM_US:
        return ticks
    back = ((ticks - _CYCLE_FROM_US) // _CYCLE_US + 1) * _CYCLE_US
    return ticks.zip_with((ticks < _CYCLE_FROM_US).fill_null(True), ticks - back)


def _after(table: Segments, by: int) -> tuple[list[int], list[int]]:
    """The begins of all stretches but the first, beside the offset from (0) or until (1) then."""
    return table.begins[1:], table.offsets[1 - by : len(table.offsets) - by]


def _search(sorted_: list[int], ticks: pl.Series) -> pl.Series:
    places = pl.Series(sorted_, dtype=pl.Int64).search_sorted(ticks.fill_null(0), side="right")
    return places.cast(pl.Int64)


def _micros(second: int) -> int:
    return second * _MICROS


def _reasons(walls: pl.Series, found: pl.Series, two: pl.Series | None) -> pl.Series:
    """Why a time is no instant, of those that are none."""
    none = walls.is_not_null() & found.is_null()
    if not none.any():
        return pl.repeat(None, len(walls), dtype=NO_INSTANT, eager=True)
    no_such, twice = (pl.lit(str(word), NO_INSTANT) for word in NoInstant)
    word = no_such if two is None else pl.when(two).then(twice).otherwise(no_such)
    return pl.select(pl.when(none).then(word)).to_series()
