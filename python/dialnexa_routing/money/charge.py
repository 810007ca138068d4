"""What one call comes to, or the reason why it has no charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.money.exact import NANO, PLACES, Rounding, amount_of, units
from dialnexa_routing.money.reason import Reason, words_of
from dialnexa_routing.money.rupees import price
from dialnexa_routing.numbers.number_plan import WORLD, core_of
from dialnexa_routing.text.html import card
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing import _deck
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan

_LIMIT = 2**63
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Charge:
    """A rated call. `total` is None exactly where `reason` states why (R42, R47, R51).

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

    def _repr_html_(self) -> str:
        found = self.match
        facts = [
            ("network group", "none" if found is None else f"{found.network_group} ({found.prefix})"),
            ("billed", "nothing" if self.billed_seconds is None else f"{self.billed_seconds} s"),
            ("before rounding", "none" if self.exact is None else f"₹{self.exact}"),
            ("deck", self.deck_digest[:12]),
        ]
        title = f"no charge: {words_of(self.reason)}" if self.total is None else price(self.total)
        return card(title, facts, then="deck.explain(number, seconds=…) shows each step")


def rate_one(
    core: _deck.Deck,
    number: str | None,
    seconds: int | Decimal | timedelta | None,
    *,
    at: datetime | None,
    direction: str,
    semantics: Semantics | dict[str, Any] | None,
    number_plan: NumberPlan | None,
) -> Charge:
    """Rate one call on the compiled core; the face of it is `RateDeck.rate`."""
    when = None if at is None else microseconds(at)
    ticks, per_second = (seconds, 1) if type(seconds) is int else whole_ticks(seconds)
    fits = ticks is None or -_LIMIT <= ticks < _LIMIT
    held = ticks if fits else None
    plan = _world() if number_plan is WORLD else core_of(number_plan)
    how, decimals = _defaults() if semantics is None else _meanings(semantics)
    found = core.rate_one(number, held, per_second, when, direction, how, fits, plan)
    match, billed, whole, exact, reason = found
    charge = _new(Charge)
    _put_match(charge, match)
    _put_billed_seconds(charge, billed)
    _put_total(charge, None if whole is None else amount_of(whole, decimals))
    _put_exact(charge, None if exact is None else Fraction(exact[0], exact[1] * NANO))
    _put_reason(charge, None if reason is None else Reason(reason))
    _put_deck_digest(charge, core.digest)
    return charge


# A frozen dataclass looks each of its setters up for each field; a call is rated in less.
_new = object.__new__
_put_match = vars(Charge)["match"].__set__
_put_billed_seconds = vars(Charge)["billed_seconds"].__set__
_put_total = vars(Charge)["total"].__set__
_put_exact = vars(Charge)["exact"].__set__
_put_reason = vars(Charge)["reason"].__set__
_put_deck_digest = vars(Charge)["deck_digest"].__set__


@cache
def _world() -> _deck.NumberPlan | None:
    return core_of(WORLD)


@cache
def _defaults() -> tuple[_deck.Semantics, int]:
    """The meanings where none are given, as the core takes them, and the places of a charge."""
    from dialnexa_routing.money.semantics import Semantics  # brings in pydantic

    return Semantics().core, Semantics().decimals


_last: tuple[Semantics, tuple[_deck.Semantics, int]] | None = None


def _meanings(semantics: Semantics | dict[str, Any]) -> tuple[_deck.Semantics, int]:
    """The same of meanings that are given; those of the call before are known without hashing them."""
    global _last
    last = _last
    if last is not None and last[0] is semantics:
        return last[1]
    from dialnexa_routing.money.semantics import Semantics  # brings in pydantic

    chosen = Semantics.of(semantics)
    known = (chosen.core, chosen.decimals)
    _last = (chosen, known)
    return known


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
    # Masked, for it may be the number that stands in its place.
    raise TypeError(f"seconds is {quoted(repr(seconds))}; pass an int, a Decimal or a timedelta")
