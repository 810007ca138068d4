"""Billing periods, and how far one has come: a value that is handed from batch to batch, and kept as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field

from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.files.document_model import Model
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.money.amount_field import exact_amount
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.plans.billing_plan import BillingPlan

_MOST_DAY = 28


@dataclass(frozen=True, slots=True)
class Period:
    """How time is cut into periods: months of a zone, from one of their days on.

    Attributes:
        zone: whose days these are.
        starts_on: day of the month on which periods begin, 1 to 28.

    Raises:
        ConfigError: there is no such zone, or no such day in every month.

    >>> Period(starts_on=15).around(date(2026, 3, 1))
    (datetime.date(2026, 2, 15), datetime.date(2026, 3, 15))
    """

    zone: str = "Asia/Kolkata"
    starts_on: int = 1

    def __post_init__(self) -> None:
        try:
            zone_named(self.zone)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        if type(self.starts_on) is not int or not 1 <= self.starts_on <= _MOST_DAY:
            raise ConfigError(f"starts_on is {self.starts_on!r}; pass a day that every month has, 1 to 28")

    def around(self, day: date) -> tuple[date, date]:
        """The first day of the period that a day lies in, and the first of the next one."""
        begin = day.replace(day=self.starts_on)
        if begin > day:
            begin = (begin.replace(day=1) - timedelta(days=1)).replace(day=self.starts_on)
        return begin, self.after(begin)

    def after(self, begin: date) -> date:
        """The first day of the period after one that begins on this day."""
        return (begin.replace(day=1) + timedelta(days=32)).replace(day=self.starts_on)


@dataclass(frozen=True, slots=True)
class Share:
    """The days of a period on which one version of a plan holds.

    Attributes:
        plan: the version.
        days: how many.
        of: days of the whole period.
    """

    plan: BillingPlan
    days: int
    of: int

    def seconds(self, minutes: int) -> int:
        """Its part of some minutes, in whole seconds; a part of a second is dropped."""
        return minutes * 60 * self.days // self.of

    def amount(self, whole: Decimal) -> Fraction:
        """Its part of an amount, exact."""
        return Fraction(whole) * self.days / self.of


def shares(
    versions: Iterable[BillingPlan], begin: date, end: date, starts: Iterable[date | None]
) -> list[Share]:
    """The days of each version of a plan in a period; `starts` are the days from which they hold."""
    plans, first = tuple(versions), [begin if day is None else min(max(day, begin), end) for day in starts]
    return [
        Share(plan, (until - since).days, (end - begin).days)
        for plan, since, until in zip(plans, first, [*first[1:], end], strict=True)
    ]


def _fraction(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,300}(/[0-9]{1,300})?", value):
        return value
    raise ValueError("an exact amount is written as a ratio of whole numbers, as 5/2")


def _decimals(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("an amount is a number")
    return value


_Amount = Annotated[Decimal, BeforeValidator(exact_amount), AfterValidator(_decimals)]


class Used(Model):
    """How much of one allowance is used.

    Seconds of a bundle or of tiers, or the exact amount that a discount has seen.
    """

    owner: str | None = None
    """Whose it is, of the column `by`."""
    plan_digest: str
    """Of the version of the plan."""
    place: Annotated[int, Field(ge=0, strict=True)]
    """Among the allowances of that version, from 0."""
    seconds: Annotated[int, Field(ge=0, strict=True)] = 0
    """That were covered, or counted."""
    amount: Annotated[str, BeforeValidator(_fraction)] = "0"
    """INR, as an exact ratio."""


class Spent(Model):
    """What the calls of one owner came to."""

    owner: str | None = None
    """Of the column `by`."""
    came_to: _Amount = Decimal(0)
    """INR of this period by the plan's version, after allowances and rounding."""
    plan_digest: str
    """Of the version."""


class Committed(Model):
    """How far a commitment has come, at the end of the last closed period."""

    owner: str | None = None
    """Of the column `by`."""
    place: Annotated[int, Field(ge=0, strict=True)]
    """Among the allowances of the plan."""
    periods: Annotated[int, Field(ge=0, strict=True)] = 0
    """That are closed."""
    spent: _Amount = Decimal(0)
    """INR of those."""


class PeriodState(Document):
    """How far an open period has come: saved as JSON or TOML, compared, handed to the next batch."""

    plan: str
    """Id of the plan."""
    zone: str
    """Of the period."""
    starts_on: int
    """Of the period."""
    begin: date
    """Its first day."""
    last_us: int | None = None
    """Answer of the last row, microseconds since 1970 UTC."""
    last_id: str | None = None
    """Id of the last row."""
    used: tuple[Used, ...] = ()
    """Of allowances, in order."""
    spent: tuple[Spent, ...] = ()
    """By owner and version, in order."""
    committed: tuple[Committed, ...] = ()
    """Of commitments, in order."""

    @classmethod
    def opened(cls, plan: str, period: Period, day: date) -> Self:
        """Nothing used yet of the period that a day lies in."""
        begin, _ = period.around(day)
        return cls(plan=plan, zone=period.zone, starts_on=period.starts_on, begin=begin)

    @property
    def period(self) -> Period:
        """How time is cut."""
        return Period(self.zone, self.starts_on)

    @property
    def end(self) -> date:
        """The first day of the next period."""
        return self.period.after(self.begin)
