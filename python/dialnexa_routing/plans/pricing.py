"""A billing plan applied to one call: its billed time, and what each component of it costs (R44-R48)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.money.billed_time import whole_seconds
from dialnexa_routing.money.exact import NANO, amount_of, nearest, rounded, units
from dialnexa_routing.plans.plan_terms import COMPONENTS_OF, Component, PriceList

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.plans.plan_terms import PlanTerms


@dataclass(frozen=True, slots=True)
class Line:
    """One component of a charge.

    Attributes:
        component: which.
        rate: INR per minute.
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

    __slots__ = ("_factor", "_listed", "is_priced")

    def __init__(self, plan: PlanTerms) -> None:
        telephony = plan.telephony
        self.is_priced = telephony is not None
        self._listed: dict[tuple[str, str], tuple[Decimal | None, Decimal | None]] | None = None
        self._factor = Fraction(0)
        if isinstance(telephony, PriceList):
            self._listed = {
                (one.country_iso, one.network_group): (one.outbound, one.inbound) for one in telephony.prices
            }
        elif telephony is not None:
            self._factor = telephony.factor

    def of(self, match: Match, direction: Direction) -> Decimal | None:
        """The price of the group that a number belongs to."""
        if not self.is_priced or match.blocked:
            return None
        if self._listed is not None:
            both = self._listed.get((match.country_iso or NO_COUNTRY, match.network_group), (None, None))
            return both[direction == "inbound"]
        rate = match.outbound_rate if direction == "outbound" else match.inbound_rate
        return None if rate is None else marked_up(rate, match.rate_unit_s, self._factor)


def marked_up(rate: Decimal, rate_unit_s: int, factor: Fraction) -> Decimal:
    """A deck's rate as a price per minute, half-up to nine places (R48)."""
    over, under = rate.as_integer_ratio()
    above = over * 60 * factor.numerator * NANO
    below = under * rate_unit_s * factor.denominator
    return amount_of(nearest(above, below))


def billed_seconds(plan: PlanTerms, seconds: Fraction | Decimal | int) -> int:
    """Seconds from answer to end, rounded up to the plan's pulse: once, for all components (R44, R45).

    >>> from dialnexa_routing import BillingPlan
    >>> [billed_seconds(BillingPlan(id="growth", pulse="30/30"), seconds) for seconds in (0, 1, 61)]
    [0, 30, 90]
    """
    whole = whole_seconds(seconds, plan.part_second)
    if whole <= 0:
        return 0
    initial, following = plan.pulse.initial_s, plan.pulse.next_s
    return initial + following * max(0, -((initial - whole) // following))


def lines(plan: PlanTerms, kind: AgentKind, billed: int, telephony: Decimal | None) -> tuple[Line, ...]:
    """What each component that the plan has costs for so many billed seconds, before rounding (R45).

    `telephony` is the rate of the call's own line, None for a call without one (R34, R47).
    """
    rates = {component: plan.component(component) for component in COMPONENTS_OF[kind]}
    rates[Component.TELEPHONY] = telephony
    found, up_to, told = [], Fraction(0), 0
    for component, rate in rates.items():
        if rate is not None:
            exact = Fraction(rate) * billed / 60
            up_to += exact
            nano = units(up_to)
            found.append(Line(component, rate, exact, amount_of(nano - told)))
            told = nano
    return tuple(found)


def charge_of(plan: PlanTerms, exact: Fraction) -> Decimal:
    """The one rounding of a call's total (R48)."""
    return rounded(exact, plan.decimals, plan.rounding)
