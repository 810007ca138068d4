"""Why a number leads where it leads, and how its seconds became a charge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from dialnexa_routing.clock.wall_clock import instant_at, microseconds
from dialnexa_routing.deck.explanation_html import html
from dialnexa_routing.deck.steps import ChargeStep, steps
from dialnexa_routing.money.charge import rate_one, whole_ticks
from dialnexa_routing.money.exact import exact_text
from dialnexa_routing.numbers.number_plan import is_plan
from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing._deck import Deck, Match
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.reason import Reason
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan


class Outcome(StrEnum):
    """What came of a prefix that begins the number (R15, R16)."""

    WINS = "wins"
    BLOCKED = "blocked"
    """Wins, and refuses the call (R47)."""
    SHORTER = "shorter"
    """Loses to a longer one."""
    NOT_YET = "not_yet"
    """Begins after the call (R50)."""
    EXPIRED = "expired"
    """Ended before the call, or as it began (R50)."""
    WRONG_DIRECTION = "wrong_direction"
    """Has a rate for the other direction only."""
    WHOLE_NUMBER = "whole_number"
    """Is for that whole number only, and this one is longer."""
    UNDECIDED = "undecided"
    """Prefixes of the deck hold only at times, and none is given."""


class Charged(Protocol):
    """What an explanation needs of a charge, whether a deck's or a plan's."""

    @property
    def match(self) -> Match | None:
        """The prefix that answered."""

    @property
    def billed_seconds(self) -> int | None:
        """After increments or pulse."""

    @property
    def exact(self) -> Fraction | None:
        """INR before rounding."""

    @property
    def total(self) -> Decimal | None:
        """INR, rounded once."""

    @property
    def reason(self) -> Reason | None:
        """Why there is no total."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One prefix that begins the number, and what came of it; `verdict` is `outcome` in words."""

    prefix: str
    network_group: str
    country_iso: str | None
    outcome: Outcome
    verdict: str
    rate: Decimal | None
    rate_unit_s: int
    has_schedule: bool
    source: tuple[str, int] | None

    @property
    def price(self) -> str:
        """The rate in words."""
        if self.has_schedule:
            return "by a schedule"
        return "no rate" if self.rate is None else f"₹{self.rate:f} per {self.rate_unit_s} s"

    @property
    def place(self) -> str:
        """File and row of the sheet; empty if the deck does not know them."""
        return f"{self.source[0]}:{self.source[1]}" if self.source and self.source[0] else ""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "prefix": self.prefix,
            "network_group": self.network_group,
            "country_iso": self.country_iso,
            "outcome": str(self.outcome),
            "verdict": self.verdict,
            "rate": None if self.rate is None else f"{self.rate:f}",
            "rate_unit_s": self.rate_unit_s,
            "has_schedule": self.has_schedule,
            "source": None if self.source is None else {"file": self.source[0], "row": self.source[1]},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Every prefix tried, longest first; with seconds, the steps of the charge.

    `charge.total` equals what `RateDeck.rate` and a frame state for the same call, bit for bit (R54).
    ``str()`` and `html` are for people and show the number as it is; `to_dict` is for machines.

    Attributes:
        given: the number as it was asked for.
        number: its digits; None if there is none, or it is not E.164.
        seconds: from answer to end, exact; None if there are none.
        tried: every prefix of the deck that begins the number; none where it can be no number.
        impossible: why it can be none by the number plan, in words.
    """

    given: str | None
    number: str | None
    direction: str
    at: datetime | None
    seconds: Fraction | None
    tried: tuple[Tried, ...]
    charge: Charged | None
    steps: tuple[ChargeStep, ...]
    deck_digest: str
    impossible: str | None = None

    @property
    def heading(self) -> str:
        """The question in words."""
        number = "no number" if self.given is None else self.given
        if self.number is not None:
            number = f"+{self.number}"
            number += "" if self.given == number else f" (given as {self.given})"
        when = f" at {self.at.isoformat()}" if self.at else ""
        return f"{number} {self.direction}{when}{self.terms}"

    @property
    def terms(self) -> str:
        """By what else than the deck it is charged, in words."""
        return ""

    @property
    def untried(self) -> str:
        """What stands in place of the prefixes where there are none."""
        return "" if self.tried else self.impossible or "no prefix of the deck begins this number"

    @property
    def winner(self) -> Tried | None:
        """The prefix that answers, if one does."""
        answers = (Outcome.WINS, Outcome.BLOCKED)
        return next((one for one in self.tried if one.outcome in answers), None)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text, so that JSON keeps them exact."""
        charge, winner = self.charge, self.winner
        exact = charge.exact if charge else None
        return {
            "given": self.given,
            "number": self.number,
            "direction": self.direction,
            "at": self.at.isoformat() if self.at else None,
            "seconds": None if self.seconds is None else exact_text(self.seconds),
            "prefix": winner.prefix if winner else None,
            "network_group": winner.network_group if winner else None,
            "tried": [one.to_dict() for one in self.tried],
            "billed_seconds": charge.billed_seconds if charge else None,
            "exact": None if exact is None else exact_text(exact),
            "charge": str(charge.total) if charge and charge.total is not None else None,
            "reason": str(charge.reason) if charge and charge.reason else None,
            "steps": [step.to_dict() for step in self.steps],
            "deck_digest": self.deck_digest,
        }

    def __str__(self) -> str:
        lines = [self.heading]
        wide = max((len(one.prefix) for one in self.tried), default=0)
        for one in self.tried:
            source = f"  [{one.place}]" if one.place else ""
            lines.append(f"  {one.prefix:<{wide}}  {one.verdict}: {one.network_group}, {one.price}{source}")
        if not self.tried:
            lines.append(f"  {self.untried}")
        lines += [f"  {step}" for step in self.steps]
        return "\n".join(map(shown, lines))

    def html(self) -> str:
        """The same as a piece of HTML that brings its own style; every text in it is escaped."""
        return html(self)

    def _repr_html_(self) -> str:
        return self.html()


def explain(
    deck: Deck,
    number: str,
    seconds: int | Decimal | timedelta | None,
    *,
    at: datetime | None,
    direction: Direction,
    semantics: Semantics,
    number_plan: NumberPlan | None,
) -> Explanation:
    """The work of `RateDeck.explain`."""
    if not isinstance(number, str):
        raise TypeError(f"number is {type(number).__name__}; pass a str")
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    winner = deck.match_one(number, None if at is None else microseconds(at), direction)
    impossible = told_impossible(number, number_plan, winner)
    charge = None
    if seconds is not None:
        how: dict[str, Any] = {"at": at, "direction": direction, "semantics": semantics}
        charge = rate_one(deck, number, seconds, **how, number_plan=number_plan)
    return Explanation(
        given=number,
        number=number.removeprefix("+"),
        direction=direction,
        at=at,
        seconds=exact_seconds(seconds),
        tried=() if impossible else tried(deck, number, winner, at=at, direction=direction),
        charge=charge,
        steps=steps(charge, seconds, at=at, direction=direction, semantics=semantics),
        deck_digest=deck.digest,
        impossible=impossible,
    )


def told_impossible(number: str, plan: NumberPlan | None, winner: Match | None) -> str | None:
    """Why a number can be none, in words; a whole number of the deck wins over the plan."""
    known = is_plan(plan)
    is_listed = winner is not None and winner.exact_match
    return None if known is None or is_listed else known.told(number)


def tried(
    deck: Deck, number: str, winner: Match | None, *, at: datetime | None, direction: Direction
) -> tuple[Tried, ...]:
    """Every prefix that begins a number, longest first; `winner` is what the deck leads it to."""
    digits, when = number.removeprefix("+"), None if at is None else microseconds(at)
    found, won, undecided = [], False, at is None and deck.is_dated
    for one in deck.chain(number):
        if undecided:
            judged = (Outcome.UNDECIDED, "undecided, it takes the time of the call")
        elif not won and one == winner:
            won = True
            judged = (Outcome.BLOCKED, "wins, and is blocked") if one.blocked else (Outcome.WINS, "wins")
        else:
            judged = _why_lost(one, digits, when, direction, won)
        rate = one.outbound_rate if direction == "outbound" else one.inbound_rate
        scheduled = one.has_schedule and direction == "outbound"
        place = (one.prefix, one.network_group, one.country_iso)
        found.append(Tried(*place, *judged, rate, one.rate_unit_s, scheduled, one.source))
    return tuple(found)


def _why_lost(
    one: Match, digits: str, when: int | None, direction: Direction, won: bool
) -> tuple[Outcome, str]:
    if one.exact_match and one.prefix != digits:
        return Outcome.WHOLE_NUMBER, "passed over, it is for that whole number only"
    if when is not None and one.valid_from_us is not None and when < one.valid_from_us:
        return Outcome.NOT_YET, f"passed over, it begins {_time(one.valid_from_us)}"
    if when is not None and one.valid_to_us is not None and when >= one.valid_to_us:
        return Outcome.EXPIRED, f"passed over, it ended {_time(one.valid_to_us)}"
    priced = {
        "outbound": one.outbound_rate is not None or one.has_schedule,
        "inbound": one.inbound_rate is not None,
    }
    if not one.blocked and not priced[direction] and any(priced.values()):
        return Outcome.WRONG_DIRECTION, f"passed over, it has no {direction} rate"
    return Outcome.SHORTER, "loses to the longer prefix" if won else "loses"


def exact_seconds(seconds: int | Decimal | timedelta | None) -> Fraction | None:
    """Seconds as they are counted: to the nanosecond."""
    ticks, per_second = whole_ticks(seconds)
    return None if ticks is None else Fraction(ticks, per_second)


def _time(microseconds: int) -> str:
    return instant_at(microseconds).isoformat()
