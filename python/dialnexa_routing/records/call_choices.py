"""What a caller can say of call records, and what is asked where neither he nor the format says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dialnexa_routing.clock.wall_clock import Twice, twice_of
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.records.formats.call_format import CANONICAL, folded
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.text.shares import is_share

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.records.formats.call_format import CallFormat, SecondsUnit


class Legs(StrEnum):
    """What is done with one call that stands in several rows."""

    ONE = "one"
    """One of them is charged; the others stay, with the reason ``other_leg``."""
    ALL = "all"
    """Each row is charged: at some carriers each leg is one."""


MONTH_S = 31 * 86_400
"""Longer than which no call is charged by itself."""
_WORDS: dict[str, tuple[str, ...]] = {
    "dates": ("day_first", "month_first"),
    "epoch_unit": ("s", "ms", "us", "ns", "excel"),
    "seconds_unit": ("s", "ms", "us", "ns", "min", "h", "day", "clock"),
    "charge_sign": ("positive", "negative"),
}


@dataclass(frozen=True, kw_only=True)
class CallChoices:
    """The arguments of `CallRecords.read`, checked; they are described there."""

    format: str | CallFormat = "auto"
    columns: Mapping[str, Any] = field(default_factory=dict)
    header: bool | None = True
    reading: NumberReading | None = None
    timezone: str | None = None
    twice: Twice = Twice.REFUSED
    dates: str | None = None
    epoch_unit: str | None = None
    seconds_unit: SecondsUnit | None = None
    direction: str | Mapping[str, str] | None = None
    answered: Collection[str] | None = None
    legs: Legs = Legs.ONE
    unique_by: str | Sequence[str] | None = None
    longest_s: int | None = None
    number_plan: NumberPlan | None = None
    charge_sign: str | None = None
    currency: str | None = None
    inr_per_unit: Decimal | None = None
    inr_on: date | None = None
    encoding: str | None = None
    delimiter: str | None = None
    max_refused: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "twice", twice_of(self.twice))
        try:
            object.__setattr__(self, "legs", Legs(self.legs))
        except ValueError:
            raise RecordError(f"legs={self.legs!r} is neither 'one' nor 'all'") from None
        if isinstance(self.direction, str) and self.direction not in ("outbound", "inbound"):
            raise RecordError(
                f"direction={self.direction!r} is neither 'outbound' nor 'inbound'; a column is named by "
                f"columns={{'direction': {self.direction!r}}}"
            )
        for name, words in _WORDS.items():
            value = getattr(self, name)
            if value is not None and value not in words:
                raise RecordError(f"{name}={value!r} is none of {', '.join(map(repr, words))}")
        if self.timezone is not None:
            try:
                zone_named(self.timezone)
            except ValueError as error:
                raise RecordError(str(error)) from error
        for name in self.columns:
            if name not in CANONICAL:
                raise RecordError(
                    f"columns={{{name!r}: …}} names nothing of a call{nearest(name, CANONICAL)}; there are "
                    f"{', '.join(CANONICAL)}"
                )
        seconds = self.longest_s
        if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 1):
            raise RecordError(
                f"longest_s={seconds!r} is no length: pass whole seconds from 1, as longest_s=14400"
            )
        if isinstance(self.answered, str):
            raise TypeError("answered is one text; pass the words in a tuple, as ('ANSWERED',)")
        if not is_share(self.max_refused):
            raise RecordError(f"max_refused={self.max_refused!r} is no share: pass one from 0 to 1")
        if (self.inr_per_unit is None) != (self.inr_on is None):
            raise RecordError("a rate has its date: pass inr_per_unit= and inr_on= together (R49)")
        if isinstance(self.inr_per_unit, float):
            raise TypeError("inr_per_unit is a float; pass a Decimal, or its text (R48)")

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of `unique_by`."""
        if self.unique_by is None:
            return ()
        return (self.unique_by,) if isinstance(self.unique_by, str) else tuple(self.unique_by)

    @property
    def most_s(self) -> int:
        """Seconds beyond which no call is charged; by default those of a month."""
        return MONTH_S if self.longest_s is None else self.longest_s

    @property
    def words_answered(self) -> frozenset[str] | None:
        """The words of ``answered=`` as they are compared."""
        return None if self.answered is None else frozenset(map(folded, self.answered))


@dataclass(frozen=True)
class Question:
    """What only the caller can say.

    Attributes:
        argument: that states it, as ``timezone``.
        text: what is open, as a sentence without an end.
        values: what could be passed, the first as the example; several words, or columns of one cell, are a
            tuple.
        key: of ``columns``, which column.
    """

    argument: str
    text: str
    values: tuple[str | tuple[str, ...], ...]
    key: str = ""

    def told(self) -> str:
        """The question with what settles it."""
        ways = [way(self.argument, value, self.key) for value in self.values[:4]]
        return f"{self.text}: pass {' or '.join(ways)}"


def way(argument: str, value: str | tuple[str, ...], key: str = "") -> str:
    """How an argument is passed, or one of ``columns``; the command line spells it anew.

    >>> way("columns", "dst", "to"), way("seconds_unit", "ms")
    ("columns={'to': 'dst'}", "seconds_unit='ms'")
    >>> way("columns", ("day", "time"), "answered_at")
    "columns={'answered_at': Joined(('day', 'time'))}"
    """
    if key:
        meant = f"Joined({value!r})" if isinstance(value, tuple) else repr(value)
        return f"{argument}={{{key!r}: {meant}}}"
    return f"{argument}={value!r}"


def all_told(file: str, questions: Sequence[Question]) -> str:
    """All open questions as one message."""
    asked = [one.told() for one in questions]
    if len(asked) == 1:
        return f"{file}: {asked[0]}"
    numbered = "; ".join(f"({place}) {text}" for place, text in enumerate(asked, 1))
    return f"{file} leaves {len(asked)} things open. {numbered}"
