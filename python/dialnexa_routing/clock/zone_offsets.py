"""The UTC offsets of a time zone as numbers: what wall times are read by, and what a deck keeps (R50).

They come from `zoneinfo`, so from the system's table, or from the package ``tzdata`` where the system has
none. It is the only table in the library: Polars has another one compiled in, which is never asked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dialnexa_routing.clock.zone import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY_S = 86_400
_YEARS = range(1970, 2101)


class Segments(NamedTuple):
    """Stretches of time of one offset each: the seconds since 1970 UTC at which they begin, and offsets."""

    begins: list[int]
    offsets: list[int]


@lru_cache(maxsize=256)
def offsets(name: str) -> tuple[int, ...]:
    """The UTC offset of a zone in 1970, then each second it changes at until 2100, and to what.

    Raises `ValueError` for a zone that is not known.
    """
    try:
        zone_named(name)
    except ValueError:
        raise ValueError(f"zone {name[:40]!r} is not known: write it as 'Asia/Kolkata'") from None
    first, *changes = zip(*segments(name, _YEARS), strict=True)
    return (first[1], *(word for change in changes for word in change))


def segments(name: str, years: Iterable[int]) -> Segments:
    """The offsets of a zone in some of the years 2 to 9998; between years that are not asked for, none.

    The zone is one that `zone_named` knows.
    """
    found = Segments([], [])
    before = None
    for year in sorted(years):
        for begin, offset in _of_year(name, year):
            if year - 1 != before or offset != found.offsets[-1]:
                found.begins.append(begin)
                found.offsets.append(offset)
            before = year
    return found


@lru_cache(maxsize=8192)
def _of_year(name: str, year: int) -> tuple[tuple[int, int], ...]:
    """The offset as a year begins in UTC, then each change: the second, and the offset from then on."""
    zone = zone_named(name)

    def offset(second: int) -> int:
        found = (_EPOCH + second * _SECOND).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found else 0

    start, end = ((datetime(one, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND for one in (year, year + 1))
    before = offset(start)
    found = [(start, before)]
    # The shortest time between two changes of any zone is four days.
    for day in range(start, end, _DAY_S):
        low, high = day, day + _DAY_S
        if offset(high) != before:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            before = offset(high)
            found.append((high, before))
    return tuple(found)
