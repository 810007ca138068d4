"""The naive twin of schedules: block by block, in fractions of a second, by a clock on the wall.

Of the product it knows only the names of the policies; the JSON of a row it reads by itself.
"""

from __future__ import annotations

import json
from bisect import bisect
from datetime import timedelta
from fractions import Fraction
from itertools import groupby, islice, pairwise
from math import ceil, floor
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dialnexa_routing.money import semantics as policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_timed(row: Mapping[str, Any]) -> bool:
    """R50: with several bands the hour decides."""
    return len(json.loads(row.get("schedule") or '{"bands": []}')["bands"]) > 1


def rounded_increment(exact: Fraction, choices: policy.Semantics) -> Fraction:
    """R48: one increment, where increments are rounded."""
    if choices.round_at is policy.RoundingPoint.CHARGE:
        return exact
    unit = Fraction(10**choices.increment_decimals)
    return floor(exact * unit + Fraction(1, 2)) / unit


def rounded_pieces(parts: Iterable[tuple[object, Fraction, Fraction]], choices: policy.Semantics) -> Fraction:
    """R48: parts of a call, each with its piece, what is paid of its seconds, and its exact price."""
    parts = list(parts)
    if choices.round_at is not policy.RoundingPoint.PIECE:
        return sum((rounded_increment(exact, choices) for _, _, exact in parts), Fraction(0))
    total = Fraction(0)
    for _, piece in groupby(parts, key=itemgetter(0)):
        held = list(piece)
        paid = sum(1 for _, seconds, _ in held if seconds) or 1
        whole = rounded_increment(sum((exact for _, _, exact in held), Fraction(0)), choices)
        total += rounded_increment(whole / paid, choices) * paid
    return total


def clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def holds(hours: Mapping[str, Any], day: int, minute: int) -> bool:
    """Whether hours hold at a minute of a day; those that end no later than they start run into the next."""
    start, end, days = clock(hours["start"]), clock(hours["end"]), hours["days"]
    today, yesterday = DAYS[day] in days, DAYS[day - 1] in days
    if end > start:
        return today and start <= minute < end
    return (today and minute >= start) or (yesterday and minute < end)


class Call:
    """A call at a schedule: what is in force at each moment of the time that is counted."""

    def __init__(self, schedule: Any, choices: policy.Semantics, at: datetime | None, free: Fraction) -> None:
        self.bands, self.zone = schedule["bands"], schedule.get("zone")
        self.choices, self.at, self.free = choices, at, free

    def band(self, moment: Fraction) -> Any:
        """The band in force so many seconds into the call."""
        if len(self.bands) == 1:
            return self.bands[0]
        assert self.at is not None
        # Added to the instant in UTC, so that a night of 23 or 25 hours is just that.
        wall = self.at + timedelta(microseconds=floor(moment * 10**6))
        wall = wall.astimezone(ZoneInfo(self.zone))
        minute = wall.hour * 60 + wall.minute
        (one,) = (
            band
            for band in self.bands
            if any(holds(hours, wall.weekday(), minute) for hours in band["hours"])
        )
        return one

    def band_counted(self, second: Fraction) -> Any:
        split = self.choices.bands is policy.Bands.SPLIT
        return self.band(self.free + second if split else Fraction(0))

    def tier(self, second: Fraction) -> Any:
        """The tier at a second of the counted time, or None past the last one."""
        band = self.band_counted(second)
        starts = [Fraction(tier.get("from_s", "0")) for tier in band["tiers"]]
        number = max(at for at, start in enumerate(starts) if start <= second)
        end = band["tiers"][number].get("to_s")
        return None if end is not None and second >= Fraction(end) else band["tiers"][number]

    def changes(self, until: Fraction) -> list[Fraction]:
        """Where tier or band may change: at seconds that tiers name, and at minutes of the clock."""
        seconds = {Fraction(0)}
        for band in self.bands:
            for tier in band["tiers"]:
                seconds |= {Fraction(tier.get(name) or "0") for name in ("from_s", "to_s")}
        if self.at is not None and self.choices.bands is policy.Bands.SPLIT:
            into_minute = Fraction(self.at.second * 10**6 + self.at.microsecond, 10**6) + self.free
            first = -into_minute % 60
            # A change of band is known to the millisecond.
            seconds |= {
                Fraction(ceil((first + 60 * step) * 1000), 1000) for step in range(ceil(until / 60) + 1)
            }
        return sorted(second for second in seconds if second <= until)


def by_schedule(
    seconds: int, row: Mapping[str, Any], choices: policy.Semantics, at: datetime | None
) -> tuple[int, Fraction]:
    """R50, R53: billed seconds and the exact charge, fees included, before bounds and rounding."""
    schedule, free = json.loads(row["schedule"]), Fraction(row.get("free_s") or 0)
    deducted = choices.free_seconds is policy.FreeSeconds.DEDUCTED
    call = Call(schedule, choices, at, free if deducted else Fraction(0))
    stated = call.band(Fraction(0)).get("connect_fee")
    total = Fraction((row.get("connect_fee") or 0) if stated is None else stated)
    counted, minimum = Fraction(seconds), Fraction(row.get("minimum_s") or 0)
    counted -= min(counted, free) if deducted else 0
    if not counted:
        return 0, total
    if choices.minimum is policy.Minimum.BEFORE_INCREMENTS:
        counted = max(counted, minimum)
    for band in schedule["bands"]:
        for tier in band["tiers"]:
            start = Fraction(tier.get("from_s", "0"))
            if counted > start and call.band_counted(start) is band:
                total += Fraction(tier.get("fee", "0"))
    left = Fraction(0) if deducted else free
    billed = Fraction(0)
    blocks = [
        (tier, length, (gap, id(tier), length)) for gap, tier, length in cut(call, counted, row, choices)
    ]
    reached = sum((length for _, length, _ in blocks), Fraction(0))
    if choices.minimum is policy.Minimum.AFTER_INCREMENTS and minimum > reached:
        added = as_it_stands(call, reached, minimum)
        blocks += [(tier, length, (-1, number, length)) for number, (tier, length) in enumerate(added)]
    parts = []
    for tier, length, piece in blocks:
        paid = length - min(left, length)
        left -= length - paid
        billed += paid
        unit = Fraction(tier.get("rate_unit_s", "60"))
        parts.append((piece, paid, Fraction(tier["rate"]) * paid / unit))
    return ceil(billed), total + rounded_pieces(parts, choices)


def cut(call: Call, counted: Fraction, row: Mapping[str, Any], choices: policy.Semantics) -> Any:
    """The blocks of the counted time: each with the gaps before it, the tier of its price, and its length."""
    initial, following = row.get("initial_increment_s"), row.get("next_increment_s")
    if initial is None and following is None:
        initial, following = choices.pulse.initial_s, choices.pulse.next_s
    initial, following = initial or following or 0, following or initial or 0
    anchored = choices.increments is policy.Increments.ANCHORED
    if not anchored and call.tier(Fraction(0)).get("increment_s") is None:
        counted = max(counted, Fraction(initial))
    changes = call.changes(counted)
    second, gaps = Fraction(0), 0
    while second < counted:
        tier = call.tier(second)
        later = islice(changes, bisect(changes, second), None)
        if tier is None:
            gaps += 1
            second = next((change for change in later if call.tier(change) is not None), counted)
            continue
        own = tier.get("increment_s")
        first = second == 0 and anchored
        length = Fraction(own) if own is not None else Fraction(initial if first else following)
        yield gaps, tier, length
        end = second + length
        if choices.tiers is policy.Tiers.VOLUME:
            end = min(end, next((change for change in later if call.tier(change) is not tier), end))
        second = end


def as_it_stands(call: Call, start: Fraction, end: Fraction) -> Any:
    """The time from start to end, without blocks: a part for each tier that prices it."""
    inner = [change for change in call.changes(end) if start < change < end]
    part: tuple[Any, Fraction] | None = None
    for first, last in pairwise([start, *inner, end]):
        tier = call.tier(first)
        if tier is None:
            continue
        if part is not None and part[0] is tier:
            part = tier, part[1] + last - first
            continue
        if part is not None:
            yield part
        part = tier, last - first
    if part is not None:
        yield part
