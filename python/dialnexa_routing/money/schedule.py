"""Prices that change inside a call, or with the hour of the week: the column ``schedule`` of a sheet.

A schedule is JSON text in its row, and prices outbound calls in place of the flat rate (R50, R53).
Which meaning its tiers and bands have is a choice of `Semantics`. The deck stores numbers only: the
offsets of the zone go with it, so that it answers alike whatever zone tables a machine has.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    model_validator,
)

from dialnexa_routing.clock.zone_offsets import offsets
from dialnexa_routing.files.document_model import Model
from dialnexa_routing.money.exact import NANO, nano, text_of, units
from dialnexa_routing.text.errors import ConfigError, SheetError

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SECONDS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,3})?")
_CLOCK = re.compile("([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S
_LONGEST_S = 2**31
_NONE = -1


class Day(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDER = {day: number for number, day in enumerate(Day)}


def _decimal(pattern: re.Pattern[str], what: str) -> BeforeValidator:
    def read(value: object) -> Decimal:
        if isinstance(value, float):
            raise ValueError(f"{value!r} is a float, which is not exact: write it as text, as '{value}'")
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        if (
            isinstance(value, bool)
            or not isinstance(value, str | int | Decimal)
            or not pattern.fullmatch(text)
        ):
            raise ValueError(f"{text[:40]!r} is not {what}")
        whole, _, part = text.partition(".")
        part = part.rstrip("0")
        return Decimal(f"{int(whole)}.{part}" if part else str(int(whole)))

    return BeforeValidator(read)


_PLAIN = PlainSerializer(lambda value: f"{value:f}", when_used="json-unless-none")  # never as 1E-9
Amount = Annotated[
    Decimal, _decimal(_AMOUNT, "an amount: write INR as text with at most nine places"), _PLAIN
]
Seconds = Annotated[
    Decimal, _decimal(_SECONDS, "seconds: write them as text with at most three places"), _PLAIN
]


class Tier(Model):
    """A price from some second of the call on, until the next tier."""

    from_s: Annotated[Seconds, Field(le=_LONGEST_S)] = Decimal(0)
    """First second; of a band's first tier 0."""
    to_s: Annotated[Seconds, Field(le=_LONGEST_S)] | None = None
    """Where the tier ends; after the last tier that states it, time is free."""
    rate: Amount
    """INR per `rate_unit_s` seconds."""
    rate_unit_s: Annotated[Seconds, Field(gt=0, le=_DAY_S)] = Decimal(60)
    """60 unless stated."""
    increment_s: Annotated[Seconds, Field(gt=0, le=_DAY_S)] | None = None
    """Length of a block; None takes the row's increments, or the plan's pulse (R44)."""
    fee: Amount = Decimal(0)
    """INR due once when the call goes past `from_s`."""


class Hours(Model):
    """Hours of some days, by the wall clock: from `start` until before `end`.

    An end that is not after the start lies on the next day: ``21:00`` to ``09:00`` is a night.
    """

    days: Annotated[tuple[Day, ...], Field(min_length=1)] = tuple(Day)
    """All of them unless stated."""
    start: str = "00:00"
    """As ``21:00``; on each of the days."""
    end: str = "24:00"
    """As ``09:00``, or ``24:00``."""

    @model_validator(mode="after")
    def _clocks(self) -> Self:
        if _clock(self.start) == _DAY_S:
            raise ValueError("start is 24:00: write 00:00 of the next day")
        _clock(self.end)
        return self

    def spans(self) -> list[tuple[int, int]]:
        """First and end second of the week, Monday 00:00 being 0; what runs past Sunday goes on there."""
        start, end = _clock(self.start), _clock(self.end)
        length = end - start if end > start else end - start + _DAY_S
        found = []
        for day in self.days:
            first = _ORDER[day] * _DAY_S + start
            found.append((first, min(first + length, _WEEK_S)))
            if first + length > _WEEK_S:
                found.append((0, first + length - _WEEK_S))
        return found


class Band(Model):
    """The tiers of some hours of the week, and what is due when a call is answered in them.

    No hours is always; then there is no other band. `connect_fee` of None is that of the row.
    """

    hours: tuple[Hours, ...] = ()
    """When it holds; none is always."""
    connect_fee: Amount | None = None
    """INR due when a call is answered in it; None is that of the row."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    """In the order of their first seconds."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.tiers[0].from_s:
            raise ValueError(f"the first tier starts at {self.tiers[0].from_s} s: start it at 0")
        for number, tier in enumerate(self.tiers, start=1):
            if tier.to_s is not None and tier.to_s <= tier.from_s:
                raise ValueError(f"tier {number} ends at {tier.to_s} s, where it has not begun: correct to_s")
        for number, (tier, following) in enumerate(zip(self.tiers, self.tiers[1:], strict=False), start=1):
            if following.from_s <= tier.from_s:
                raise ValueError(f"tier {number + 1} starts before tier {number}: put them in order")
            if tier.to_s is not None and tier.to_s != following.from_s:
                raise ValueError(
                    f"tier {number} ends at {tier.to_s} s and tier {number + 1} starts at"
                    f" {following.from_s} s: let one end where the next starts, with rate 0 if it is free"
                )
        return self


class Schedule(Model):
    """Bands of hours, each with tiers of seconds, in place of a flat outbound rate.

    >>> later = '{"from_s": 60, "rate": "0.6", "increment_s": "0.5"}'
    >>> Schedule.parse('{"bands": [{"tiers": [{"rate": "0.9"}, %s]}]}' % later).bands[0].tiers[1].increment_s
    Decimal('0.5')
    """

    zone: str | None = None
    """Whose wall clock the hours are of, as ``Asia/Kolkata``; a must where there are hours."""
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    """Each hour of the week lies in one."""

    @model_validator(mode="after")
    def _covers_the_week(self) -> Self:
        if self.zone is not None:
            offsets(self.zone)
        if any(band.hours for band in self.bands) and self.zone is None:
            raise ValueError("the bands have hours but no zone: name it, as 'Asia/Kolkata'")
        self.week()
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """The schedule in a cell. Raises `SheetError` with one sentence that states which band and tier."""
        try:
            return cls.model_validate_json(text)
        except ConfigError as error:
            first = error.errors()[0]
            raise SheetError(f"{_place(first['loc'])}{first['msg']}") from None

    def week(self) -> list[tuple[int, int]]:
        """From which second of the week on which band holds. Raises `ValueError` unless that is one each."""
        if len(self.bands) == 1 and not self.bands[0].hours:
            return [(0, 0)]
        spans = []
        for number, band in enumerate(self.bands):
            if not band.hours:
                raise ValueError(f"band {number + 1} has no hours, so it holds always: leave the others out")
            spans += [(*span, number) for hours in band.hours for span in hours.spans()]
        spans.sort()
        reached, held, week = 0, 0, list[tuple[int, int]]()
        for start, end, number in [*spans, (_WEEK_S, _WEEK_S, 0)]:
            if start > reached:
                raise ValueError(f"{_when(reached, start)} is in no band: add it to one")
            if start < reached:
                both = f"band {held + 1} and of band {number + 1}"
                raise ValueError(f"{_when(start, min(end, reached))} is of {both}: take it out of one")
            if start < _WEEK_S and (not week or week[-1][1] != number):
                week.append((start, number))
            reached, held = end, number
        return week

    def words(self) -> list[int]:
        """The numbers that stand for it in a deck, but for its zone."""
        week = self.week()
        words = [len(week), *(word for change in week for word in change)]
        for band in self.bands:
            words += [_nano(band.connect_fee), _ms(band.tiers[-1].to_s), len(band.tiers)]
            for tier in band.tiers:
                words += [_ms(tier.from_s), _nano(tier.rate), _ms(tier.rate_unit_s)]
                words += [_ms(tier.increment_s), _nano(tier.fee)]
        return words

    def converted(self, inr_per_unit: Decimal) -> tuple[Self, bool]:
        """The same with its amounts in rupees, half-up to the nano-rupee; whether one was rounded (R49).

        Raises `SheetError` for an amount that becomes a billion rupees or more.
        """
        rounded = False

        def inr(amount: Decimal) -> str:
            nonlocal rounded
            exact = Fraction(amount) * Fraction(inr_per_unit)
            whole = units(exact)
            if whole >= NANO**2:
                raise SheetError(f"{amount} is a billion rupees or more: correct it")
            rounded |= whole != exact * NANO
            return text_of(whole)

        data = self.model_dump()
        for band in data["bands"]:
            if band["connect_fee"] is not None:
                band["connect_fee"] = inr(band["connect_fee"])
            for tier in band["tiers"]:
                tier |= {"rate": inr(tier["rate"]), "fee": inr(tier["fee"])}
        return type(self).model_validate(data), rounded

    @property
    def is_timed(self) -> bool:
        """Whether the answer time decides about the price (R50)."""
        return len(self.week()) > 1

    def __str__(self) -> str:
        """As JSON; amounts and seconds without zeros behind, so that equal schedules are equal text."""
        return self.model_dump_json(exclude_defaults=True)


def _clock(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    total = hour * 3600 + minute * 60 + second
    if total > _DAY_S or minute > 59 or second > 59:
        raise ValueError(f"{text[:40]!r} is not a time of day: write it as 09:00, midnight as 00:00 or 24:00")
    return total


def _when(start: int, end: int) -> str:
    day = start // _DAY_S
    clocks = [f"{second // 3600:02}:{second % 3600 // 60:02}" for second in _within(day, start, end)]
    return f"{_NAMES[day]} {'-'.join(clocks)}"


def _within(day: int, start: int, end: int) -> tuple[int, int]:
    return start - day * _DAY_S, min(end - day * _DAY_S, _DAY_S)


def _place(location: tuple[int | str, ...]) -> str:
    names = {"bands": "band", "tiers": "tier", "hours": "hours", "days": "day"}
    words: list[str] = []
    for part in location:
        if isinstance(part, int):
            words[-1] = f"{names.get(words[-1], words[-1])} {part + 1}"
        else:
            words.append(part)
    return f"{', '.join(words)}: " if words else ""


def _nano(amount: Decimal | None) -> int:
    return _NONE if amount is None else nano(amount)


def _ms(seconds: Decimal | None) -> int:
    return _NONE if seconds is None else units(seconds, 3)
