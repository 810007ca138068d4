"""Timings of a CGRateS tariff plan that hold on some dates only, as stretches of time with other prices.

A row of a sheet holds from an instant until another, so a price of some days becomes rows of those days,
and the prices around them rows of the times between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.cells.dates import moment
from dialnexa_routing.sheets.cells.dates import zone as zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_YEAR, LAST_YEAR = 2000, 2050
"""Dates that come back every year are held in these."""
MOST = 600
"""Stretches of one destination: more are no exceptions, but a calendar."""
_DAY = timedelta(days=1)


class TimingError(Exception):
    """A timing that cannot be read; the message is the sentence for the rows it prices."""


@dataclass(frozen=True)
class Dates:
    """Days by their year, their month and their place in it; None is any."""

    years: frozenset[int] | None = None
    months: frozenset[int] | None = None
    days: frozenset[int] | None = None

    @property
    def come_back(self) -> bool:
        """Whether they name no year."""
        return self.years is None

    def spans(self) -> tuple[tuple[date, date], ...]:
        """The stretches of such days, each from a day until before another.

        >>> Dates(frozenset([2016]), frozenset([3]), frozenset([28, 29])).spans()
        ((datetime.date(2016, 3, 28), datetime.date(2016, 3, 30)),)
        """
        return _spans(self)


@lru_cache(maxsize=256)
def _spans(dates: Dates) -> tuple[tuple[date, date], ...]:
    found: list[tuple[date, date]] = []
    for year in sorted(dates.years if dates.years is not None else range(FIRST_YEAR, LAST_YEAR + 1)):
        day = date(year, 1, 1)
        while day.year == year:
            held = dates.months is None or day.month in dates.months
            if held and (dates.days is None or day.day in dates.days):
                if found and found[-1][1] == day:
                    found[-1] = (found[-1][0], day + _DAY)
                else:
                    found.append((day, day + _DAY))
            day += _DAY
    return tuple(found)


@dataclass(frozen=True)
class Stretch:
    """A time in which the same entries hold: from a day until before another, None for no bound."""

    start: date | None
    end: date | None
    holding: tuple[int, ...]


def stretches(given: Sequence[Dates | None]) -> list[Stretch]:
    """The times in which the same of some entries hold, in order; those in which none does are left out.

    >>> [one.holding for one in stretches([None, Dates(frozenset([2016]), frozenset([3]), frozenset([28]))])]
    [(0,), (0, 1), (0,)]
    """
    spans = [None if dates is None else dates.spans() for dates in given]
    days = sorted({day for one in spans if one is not None for span in one for day in span})
    bounds: list[date | None] = [None, *days, None]
    found: list[Stretch] = []
    for start, end in pairwise(bounds):
        holding = tuple(
            at
            for at, one in enumerate(spans)
            if one is None or (start is not None and any(low <= start < high for low, high in one))
        )
        if found and found[-1].holding == holding and found[-1].end == start:
            found[-1] = Stretch(found[-1].start, end, holding)
        else:
            found.append(Stretch(start, end, holding))
    return [one for one in found if one.holding]


def within(stretch: Stretch, since: str | None, until: str | None, zone: str) -> dict[str, str | None] | None:
    """When a stretch is in force, by the clock of `zone` and inside the time of its plan; None for never."""
    starts = [_midnight(stretch.start, zone), _instant(since)]
    ends = [_midnight(stretch.end, zone), _instant(until)]
    start = max((one for one in starts if one is not None), default=None)
    end = min((one for one in ends if one is not None), default=None)
    if start is not None and end is not None and start >= end:
        return None
    return {
        "valid_from": None if start is None else f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "valid_to": None if end is None else f"{end:%Y-%m-%dT%H:%M:%SZ}",
    }


def _midnight(day: date | None, zone: str) -> datetime | None:
    """The first instant of a day. Raises `TimingError` where no clock of the zone showed that midnight."""
    if day is None:
        return None
    found = moment(f"{day:%Y-%m-%d}T00:00:00", zone_of(zone))
    if isinstance(found, str):
        raise TimingError(f"the day {day} of a timing {found}")
    return found


def _instant(text: str | None) -> datetime | None:
    found = moment(text, UTC) if text else None
    return found if isinstance(found, datetime) else None
