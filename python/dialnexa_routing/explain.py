"""Why a number leads where it leads, and how its seconds became a charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dialnexa_routing.charge import microseconds
from dialnexa_routing.steps import Step, steps

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.charge import Charge
    from dialnexa_routing.deck import Direction, RateDeck
    from dialnexa_routing.semantics import Semantics

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tried:
    """One prefix that begins the number, and what came of it: ``wins``, or why it lost."""

    prefix: str
    network_group: str
    verdict: str
    rate: Decimal | None
    rate_unit_s: int
    has_schedule: bool
    source: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every prefix tried, longest first; with seconds, the steps of the charge.

    `charge.total` equals what `RateDeck.rate` and a frame say for the same call, bit for bit (R54).
    """

    number: str
    direction: str
    at: datetime | None
    tried: tuple[Tried, ...]
    charge: Charge | None
    steps: tuple[Step, ...]
    deck_digest: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text, so that JSON keeps them exact."""
        charge = self.charge
        return {
            "number": self.number,
            "direction": self.direction,
            "at": self.at.isoformat() if self.at else None,
            "tried": [
                {
                    "prefix": one.prefix,
                    "network_group": one.network_group,
                    "verdict": one.verdict,
                    "rate": None if one.rate is None else str(one.rate),
                    "rate_unit_s": one.rate_unit_s,
                    "has_schedule": one.has_schedule,
                    "source": None if one.source is None else {"file": one.source[0], "row": one.source[1]},
                }
                for one in self.tried
            ],
            "billed_seconds": charge.billed_seconds if charge else None,
            "charge": str(charge.total) if charge and charge.total is not None else None,
            "reason": str(charge.reason) if charge and charge.reason else None,
            "steps": [step.to_dict() for step in self.steps],
            "deck_digest": self.deck_digest,
        }

    def __str__(self) -> str:
        lines = [f"+{self.number} {self.direction}" + (f" at {self.at.isoformat()}" if self.at else "")]
        wide = max((len(one.prefix) for one in self.tried), default=0)
        for one in self.tried:
            rate = "no rate" if one.rate is None else f"₹{one.rate} per {one.rate_unit_s} s"
            rate = "by a schedule" if one.has_schedule else rate
            source = f"  [{one.source[0]}:{one.source[1]}]" if one.source and one.source[0] else ""
            lines.append(f"  {one.prefix:<{wide}}  {one.verdict}: {one.network_group}, {rate}{source}")
        if not self.tried:
            lines.append("  no prefix of the deck begins this number")
        lines += [f"  {step}" for step in self.steps]
        return "\n".join(lines)


def explain(
    deck: RateDeck,
    number: str,
    seconds: int | Decimal | timedelta | None,
    *,
    at: datetime | None,
    direction: Direction,
    semantics: Semantics,
) -> Explanation:
    """The work of `RateDeck.explain`."""
    if not isinstance(number, str):
        raise TypeError(f"number is {type(number).__name__}; pass a str")
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    digits = number.removeprefix("+")
    winner = deck.match(number, at=at, direction=direction)
    tried, won = [], False
    for one in deck._core.chain(number):
        wins = not won and one == winner
        if wins:
            verdict, won = "wins, and is blocked" if one.blocked else "wins", True
        else:
            verdict = _why_lost(one, digits, at, direction, won)
        rate = one.outbound_rate if direction == "outbound" else one.inbound_rate
        scheduled = one.has_schedule and direction == "outbound"
        tried.append(
            Tried(one.prefix, one.network_group, verdict, rate, one.rate_unit_s, scheduled, one.source)
        )
    charge = None
    if seconds is not None:
        charge = deck.rate(number, seconds, at=at, direction=direction, semantics=semantics)
    return Explanation(
        number=digits,
        direction=direction,
        at=at,
        tried=tuple(tried),
        charge=charge,
        steps=steps(charge, seconds, at=at, direction=direction, semantics=semantics),
        deck_digest=deck.digest,
    )


def _why_lost(one: Match, digits: str, at: datetime | None, direction: Direction, won: bool) -> str:
    if one.exact_match and one.prefix != digits:
        return "passed over, it is for that whole number only"
    when = None if at is None else microseconds(at)
    if when is not None and one.valid_from_us is not None and when < one.valid_from_us:
        return f"passed over, it begins {_time(one.valid_from_us)}"
    if when is not None and one.valid_to_us is not None and when >= one.valid_to_us:
        return f"passed over, it ended {_time(one.valid_to_us)}"
    priced = {
        "outbound": one.outbound_rate is not None or one.has_schedule,
        "inbound": one.inbound_rate is not None,
    }
    if not one.blocked and not priced[direction] and any(priced.values()):
        return f"passed over, it has no {direction} rate"
    return "loses to the longer prefix" if won else "loses"


def _time(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat()
