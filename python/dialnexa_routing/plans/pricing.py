"""A billing plan applied to one call: its billed time, and what each component of it costs (R44-R48)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.money.billed_time import whole_seconds
from dialnexa_routing.money.exact import NANO, amount_of, nearest, rounded, units
from dialnexa_routing.plans.plan_terms import COMPONENTS_OF, Component
from dialnexa_routing.plans.price_list import DeckPrices, PriceList

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.plans.plan_terms import PlanTerms


_Both: TypeAlias = "tuple[Decimal | None, Decimal | None]"
_NEITHER = (None, None)


class PricedBy(StrEnum):
    """What of a plan gave a price of telephony."""

    PREFIX = "prefix"
    GROUP = "group"
    COUNTRY = "country"
    DECK = "deck"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """One component of a charge.

    Attributes:
        component: which.
        rate: INR per minute; of a connect fee, a call.
        exact: INR of the call before any rounding.
        amount: INR to nine places: the sum of all lines up to this one, rounded half-up, less the
            same sum without it. So the amounts add up to the exact total at nine places, which
            lines rounded one by one would not.
    """

    component: Component
    rate: Decimal
    exact: Fraction
    amount: Decimal


class TelephonyPrices:
    """INR per minute of telephony by network group, as a plan sets it (R46, R47).

    `of` is None where there is no price: the plan has no telephony rates at all (`is_priced` is False),
    or lacks this group.
    """

    __slots__ = ("_countries", "_factor", "_groups", "_lengths", "_prefixes", "is_priced")

    def __init__(self, plan: PlanTerms) -> None:
        telephony = plan.telephony
        self.is_priced = telephony is not None
        self._groups: dict[tuple[str, str], _Both] = {}
        self._countries: dict[str, _Both] = {}
        self._prefixes: dict[str, _Both] = {}
        marked = telephony if isinstance(telephony, DeckPrices) else None
        if isinstance(telephony, PriceList):
            self._groups = {
                (one.country_iso, one.network_group): (one.outbound, one.inbound) for one in telephony.prices
            }
            self._countries = {one.country_iso: (one.outbound, one.inbound) for one in telephony.countries}
            self._prefixes = {one.prefix: (one.outbound, one.inbound) for one in telephony.prefixes}
            marked = telephony.fallback
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)
        self._factor = None if marked is None else marked.factor

    def of(self, match: Match, direction: Direction, number: str = "") -> Decimal | None:
        """The price of a number, or, without one, of the group that it belongs to."""
        return self.found(match, direction, number)[0]

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Digits that have a price of their own."""
        return tuple(self._prefixes)

    def prefix_of(self, digits: str) -> str:
        """The longest of them that begins some digits; an empty text without one."""
        return next((digits[:one] for one in self._lengths if digits[:one] in self._prefixes), "")

    def found(self, match: Match, direction: Direction, number: str) -> tuple[Decimal | None, PricedBy]:
        """The same, and what gave it."""
        if not self.is_priced or match.blocked:
            return None, PricedBy.NOTHING
        way = direction == "inbound"
        digits = number.removeprefix("+")
        for length in self._lengths:
            price = self._prefixes.get(digits[:length], _NEITHER)[way]
            if price is not None:
                return price, PricedBy.PREFIX
        iso = match.country_iso or NO_COUNTRY
        price = self._groups.get((iso, match.network_group), _NEITHER)[way]
        if price is not None:
            return price, PricedBy.GROUP
        price = self._countries.get(iso, _NEITHER)[way]
        if price is not None:
            return price, PricedBy.COUNTRY
        rate = match.inbound_rate if way else match.outbound_rate
        if self._factor is None or rate is None:
            return None, PricedBy.NOTHING
        return marked_up(rate, match.rate_unit_s, self._factor), PricedBy.DECK


def marked_up(rate: Decimal, rate_unit_s: int, factor: Fraction) -> Decimal:
    """A deck's rate as a price per minute, half-up to nine places (R48)."""
    over, under = rate.as_integer_ratio()
    above = over * 60 * factor.numerator * NANO
    below = under * rate_unit_s * factor.denominator
    return amount_of(nearest(above, below))


def billed_seconds(plan: PlanTerms, seconds: Fraction | Decimal | int) -> int:
    """Seconds from answer to end, rounded up to the plan's pulse: once, for all components (R44, R45).

    The first `free_seconds` are not counted; of what is left `minimum_s` at least are (R53).

    >>> from dialnexa_routing import BillingPlan
    >>> [billed_seconds(BillingPlan(id="growth", pulse="30/30"), seconds) for seconds in (0, 1, 61)]
    [0, 30, 90]
    >>> plan = BillingPlan(id="growth", pulse="1/1", free_seconds=5, minimum_s=10)
    >>> [billed_seconds(plan, seconds) for seconds in (5, 6, 20)]
    [0, 10, 15]
    """
    left = whole_seconds(seconds, plan.part_second) - plan.free_seconds
    return 0 if left <= 0 else pulsed(plan, left)


def pulsed(plan: PlanTerms, left: int) -> int:
    """Whole seconds, more than none, as the minimum and the pulse bill them."""
    initial, following = plan.pulse.initial_s, plan.pulse.next_s
    return initial + following * max(0, -((initial - max(left, plan.minimum_s)) // following))


def lines(plan: PlanTerms, kind: AgentKind, billed: int, telephony: Decimal | None) -> tuple[Line, ...]:
    """What each component that the plan has costs for so many billed seconds, before rounding (R45).

    Of a call that was answered: its connect fee is due also where all seconds are free.

    `telephony` is the rate of the call's own line, None for a call without one (R34, R47).
    """
    rates = {component: plan.component(component) for component in COMPONENTS_OF[kind]}
    rates[Component.TELEPHONY] = telephony
    each = [
        (component, rate, Fraction(rate) * billed / 60)
        for component, rate in rates.items()
        if rate is not None
    ]
    if plan.connect_fee is not None:
        each.append((Component.CONNECT_FEE, plan.connect_fee, Fraction(plan.connect_fee)))
    found, up_to, told = [], Fraction(0), 0
    for component, rate, exact in each:
        up_to += exact
        nano = units(up_to)
        found.append(Line(component, rate, exact, amount_of(nano - told)))
        told = nano
    return tuple(found)


def charge_of(plan: PlanTerms, exact: Fraction) -> Decimal:
    """The one rounding of a call's total (R48)."""
    return rounded(exact, plan.decimals, plan.rounding)
