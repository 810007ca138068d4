"""What one call comes to, or the reason why it has no charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.money.exact import NANO, PLACES, Rounding, amount_of, units
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.numbers.number_plan import core_of

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing import _deck
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan

_LIMIT = 2**63
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Charge:
    """A rated call. `total` is None exactly where `reason` says why (R42, R47, R51).

    Attributes:
        match: the prefix that answered, or None.
        billed_seconds: after grace, free seconds, minimum time and increments.
        total: INR, rounded once.
        exact: INR before that rounding.
        reason: why there is no total, or None.
        deck_digest: names the deck, so that rating again gives the same (R50).
    """

    match: _deck.Match | None
    billed_seconds: int | None
    total: Decimal | None
    exact: Fraction | None
    reason: Reason | None
    deck_digest: str


def rate_one(
    core: _deck.Deck,
    number: str | None,
    seconds: int | Decimal | timedelta | None,
    *,
    at: datetime | None,
    direction: str,
    semantics: Semantics,
    number_plan: NumberPlan | None,
) -> Charge:
    """Rate one call on the compiled core; the face of it is `RateDeck.rate`."""
    when = None if at is None else microseconds(at)
    ticks, per_second = whole_ticks(seconds)
    fits = fit(ticks)
    held = ticks if fits else None
    plan = core_of(number_plan)
    found = core.rate_one(number, held, per_second, when, direction, semantics.core, fits, plan)
    match, billed, whole, exact, reason = found
    return Charge(
        match=match,
        billed_seconds=billed,
        total=None if whole is None else amount_of(whole, semantics.decimals),
        exact=None if exact is None else Fraction(exact[0], exact[1] * NANO),
        reason=None if reason is None else Reason(reason),
        deck_digest=core.digest,
    )


def fit(ticks: int | None) -> bool:
    """Whether the core can hold so many ticks."""
    return ticks is None or -_LIMIT <= ticks < _LIMIT


def whole_ticks(seconds: int | Decimal | timedelta | None) -> tuple[int | None, int]:
    """Seconds as whole ticks, and how many of them are a second."""
    if seconds is None or (isinstance(seconds, int) and not isinstance(seconds, bool)):
        return seconds, 1
    if isinstance(seconds, timedelta):
        return seconds // timedelta(microseconds=1), 1_000_000
    if isinstance(seconds, Decimal) and seconds.is_finite():
        if seconds and not -_MOST_DIGITS < seconds.adjusted() < _MOST_DIGITS:
            # Its digits would fill the memory; what it comes to is known without them.
            whole = _LIMIT if seconds.adjusted() > 0 else 0
        else:
            # To the nanosecond, half to even, as columns are.
            whole = units(seconds.copy_abs(), PLACES, Rounding.HALF_EVEN) if seconds else 0
        # What is below zero stays below zero.
        return -max(whole, 1) if seconds < 0 else whole, NANO
    raise TypeError(f"seconds is {seconds!r}; pass an int, a Decimal or a timedelta")
