"""How long a call may last for a balance, by a billing plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.longest import longest_by
from dialnexa_routing.money.billed_time import whole_seconds
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.longest_call import LIMIT_S, LongestCall, checked_balance, checked_limit, longest
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.plans.plan_charge import billed_total, rate
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.plans.pricing import billed_seconds, charge_of, lines

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction, Path
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.billing_plan import BillingPlan


def longest_call(
    plan: BillingPlan,
    deck: Rates,
    *,
    number: str | None,
    balance: Decimal,
    at: datetime | None = None,
    direction: Direction = "outbound",
    agent_kind: AgentKind | str = AgentKind.CASCADED,
    path: Path | str = "pstn",
    voicemail: bool = False,
    number_plan: NumberPlan | None = WORLD,
    limit_s: int = LIMIT_S,
) -> LongestCall:
    """The most whole seconds that a balance buys by a plan; `BillingPlan.longest_call` as a function.

    >>> import polars as pl
    >>> from decimal import Decimal
    >>> from dialnexa_routing import BillingPlan, RateDeck
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> plan = BillingPlan(id="growth", llm="1.10", connect_fee="0.50")
    >>> found = longest_call(plan, deck, number="+919812345678", balance=Decimal("4.00"))
    >>> found.seconds, found.held
    (180, Decimal('3.80'))
    """
    how: dict[str, Any] = {"number": number, "at": at, "direction": direction, "agent_kind": agent_kind}
    how |= {"path": path, "voicemail": voicemail, "number_plan": number_plan}
    first = rate(plan, deck, seconds=1, **how)
    if first.reason is not None or not first.lines:
        return longest_by(lambda seconds: rate(plan, deck, seconds=seconds, **how), balance, limit_s)
    # The group and its price are those of every length, so the number is looked up once.
    balance, limit_s = checked_balance(balance), checked_limit(limit_s)
    kind = AgentKind(agent_kind)
    price = next((line.rate for line in first.lines if line.component is Component.TELEPHONY), None)

    def cost(seconds: int) -> Decimal | None:
        if whole_seconds(seconds, plan.part_second) == 0:
            return charge_of(plan, Fraction(0))
        billed = billed_seconds(plan, seconds)
        return billed_total(plan, lines(plan, kind, billed, price))[1]

    seconds, held = longest(cost, balance, limit_s)
    return LongestCall(seconds, None, held)
