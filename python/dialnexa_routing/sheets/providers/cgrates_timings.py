"""Timings of a CGRateS tariff plan: hours of the week, and which of several rates holds in each.

Of the timings that hold at a moment the one of the highest weight counts, and of equal ones that
which began last on that day, as the engine has it. Those that hold on some dates only: `cgrates_dates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.providers.cgrates_dates import Dates, TimingError

__all__ = ["Timing", "TimingError", "is_dated", "timing", "week"]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

_ANY = frozenset(["", "*any", "*all", "*"])
_AT_ONCE = frozenset(["", "*any", "*asap", "*now"])
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile("([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
_DAY_S = 86_400
_BOUNDS = {"years": (1970, 2100), "months": (1, 12), "monthdays": (1, 31)}


@dataclass(frozen=True)
class Timing:
    """Some days of the week from a second of the day until another."""

    days: tuple[int, ...] = tuple(range(7))
    start: int = 0
    end: int = _DAY_S
    dates: Dates | None = None

    @property
    def is_always(self) -> bool:
        """Whether it never ends."""
        return len(self.days) == 7 and (self.start, self.end) == (0, _DAY_S) and self.dates is None

    def hours(self) -> list[dict[str, object]]:
        """It as hours of a band."""
        return [
            {"days": [_DAYS[day] for day in self.days], "start": _clock(self.start), "end": _clock(self.end)}
        ]


def is_dated(record: dict[str, str] | None) -> bool:
    """Whether a line of ``Timings.csv`` names years, months or days of the month."""
    return record is not None and any(record.get(key, "").lower() not in _ANY for key in _BOUNDS)


def timing(record: dict[str, str] | None, name: str) -> Timing:
    """The timing of a line of ``Timings.csv``; without one, the names that the engine knows itself.

    Raises `TimingError` for an unknown name, and for days or hours that are none.
    """
    if record is None:
        if name.lower() in _ANY | _AT_ONCE | {"*always"}:
            return Timing()
        raise TimingError(f"the timing {name!r} is in no file: add it")
    parts_of = [_numbers(record.get(key, ""), key, name) for key in ("years", "months", "monthdays")]
    dates = Dates(*parts_of) if any(part is not None for part in parts_of) else None
    if dates is not None and not dates.spans():
        raise TimingError(f"the timing {name!r} holds on no day of the calendar: correct its dates")
    weekdays = record.get("weekdays", "").lower()
    days = tuple(range(7)) if weekdays in _ANY else _weekdays(weekdays, name)
    clocks = record.get("time", "").lower()
    if clocks in _AT_ONCE:
        return Timing(days, dates=dates)
    parts = [_second(part, name) for part in clocks.split(";")]
    if len(parts) > 2 or (len(parts) == 2 and parts[1] <= parts[0]):
        raise TimingError(
            f"the time {clocks!r} of the timing {name!r} is not one start and one later end of a day: correct"
            " it, or for hours over midnight write two timings, one that begins at 00:00:00"
        )
    return Timing(days, parts[0], parts[1] if len(parts) == 2 else _DAY_S, dates)


def _numbers(text: str, key: str, name: str) -> frozenset[int] | None:
    """The years, months or days of the month of a timing; None for any."""
    if text.lower() in _ANY:
        return None
    low, high = _BOUNDS[key]
    parts = [part.strip() for part in text.split(";")]
    if not all(re.fullmatch("[0-9]{1,4}", part) and low <= int(part) <= high for part in parts):
        raise TimingError(f"the {key} {text!r} of the timing {name!r} are not {low} to {high}: correct them")
    return frozenset(map(int, parts))


def _weekdays(text: str, name: str) -> tuple[int, ...]:
    numbers = text.split(";")
    if not all(re.fullmatch("[0-7]", number.strip()) for number in numbers):
        raise TimingError(f"the weekdays {text!r} of the timing {name!r} are not 1 to 7: correct them")
    return tuple(sorted({(int(number) - 1) % 7 for number in numbers}))  # 0 and 7 are Sunday


def _second(text: str, name: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3]) > 59:
        raise TimingError(f"the time {text!r} of the timing {name!r} is none of a day: write it as 08:00:00")
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])


def week(entries: Sequence[tuple[Fraction, Timing]]) -> list[list[Timing]]:
    """Of each entry, a weight and a timing, the hours of the week in which it is the one that counts.

    >>> from fractions import Fraction
    >>> peak, rest = Timing((0, 1, 2, 3, 4), 8 * 3600), Timing()
    >>> [len(hours) for hours in week([(Fraction(10), peak), (Fraction(5), rest)])]
    [1, 2]
    """
    held: list[dict[tuple[int, int], list[int]]] = [{} for _ in entries]
    for day in range(7):
        there = [(at, weight, one) for at, (weight, one) in enumerate(entries) if day in one.days]
        bounds = sorted({0, _DAY_S, *(second for _, _, one in there for second in (one.start, one.end))})
        spans: list[tuple[int, int, int]] = []
        for start, end in pairwise(bounds):
            holding = [(weight, one.start, -at) for at, weight, one in there if one.start <= start < one.end]
            if not holding:
                continue
            winner = -max(holding)[2]
            if spans and spans[-1][0] == winner and spans[-1][2] == start:
                spans[-1] = (winner, spans[-1][1], end)
            else:
                spans.append((winner, start, end))
        for winner, start, end in spans:
            held[winner].setdefault((start, end), []).append(day)
    return [[Timing(tuple(days), start, end) for (start, end), days in one.items()] for one in held]


def _clock(second: int) -> str:
    hour, rest = divmod(second, 3600)
    minute, left = divmod(rest, 60)
    return f"{hour:02}:{minute:02}:{left:02}" if left else f"{hour:02}:{minute:02}"
