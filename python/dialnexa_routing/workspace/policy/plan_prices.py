"""What one version of a workspace's plan asks, kept as it is asked for."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from dialnexa_routing.money.longest_call import longest
from dialnexa_routing.plans.plan_charge import MOST_RUPEES
from dialnexa_routing.plans.price_list import PriceList
from dialnexa_routing.plans.pricing import TelephonyPrices, billed_seconds, charge_of, lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.plans.billing_plan import BillingPlan

_KEPT = 65_536  # prefixes of a large deck


class PlanPrices:
    """One version of a plan and what it asks; prices are kept as they are asked for."""

    __slots__ = ("_prices", "cost", "plan", "price")

    def __init__(self, plan: BillingPlan) -> None:
        self.plan = plan
        self._prices = TelephonyPrices(plan)
        by_prefix = isinstance(plan.telephony, PriceList) and bool(plan.telephony.prefixes)
        # Numbers are kept apart only where prices are by their digits.
        kept = lru_cache(_KEPT)(self._prices.of)
        self.price: Callable[[Match, Direction, str], Decimal | None] = (
            self._prices.of if by_prefix else lambda match, direction, _: kept(match, direction, "")
        )
        """INR per minute of telephony, as the plan has it."""
        self.cost: Callable[[AgentKind, int, Decimal | None], Decimal] = lru_cache(_KEPT)(self._cost)
        """INR that a call of so many seconds comes to."""

    def longest(self, kind: AgentKind, telephony: Decimal | None, balance: Decimal) -> int | None:
        """The whole seconds that a balance buys; None where it bounds none."""

        def cost(seconds: int) -> Decimal | None:
            found = self._cost(kind, seconds, telephony)
            return found if found < MOST_RUPEES else None

        return longest(cost, balance)[0]

    def _cost(self, kind: AgentKind, seconds: int, telephony: Decimal | None) -> Decimal:
        if not seconds:
            return charge_of(self.plan, Fraction(0))
        billed = billed_seconds(self.plan, seconds)
        exact = sum((line.exact for line in lines(self.plan, kind, billed, telephony)), Fraction(0))
        return charge_of(self.plan, exact)
