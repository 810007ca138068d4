"""What one router decides by, found without a search; immutable once made."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from dialnexa_routing.plans.pricing import TelephonyPrices, billed_seconds, charge_of, lines
from dialnexa_routing.workspace.choices import SipBypass
from dialnexa_routing.workspace.policy.number_check import code_rules
from dialnexa_routing.workspace.policy.provider import Provider
from dialnexa_routing.workspace.policy.source_check import Own
from dialnexa_routing.workspace.policy.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.country_rule import CountryRule
    from dialnexa_routing.workspace.policy.screens import Screen
    from dialnexa_routing.workspace.workspace import Workspace

_KEPT = 65_536  # prefixes of a large deck


class Setting:
    """A workspace with its decks, plan, country rules and screens.

    Prices are kept as they are asked for, here and nowhere else, so that no two settings mix.
    """

    def __init__(
        self,
        workspace: Workspace,
        decks: Mapping[str, RateDeck],
        plan: BillingPlan | None,
        rules: Iterable[CountryRule],
        screens: tuple[Screen, ...],
    ) -> None:
        choices = workspace.choices
        self.workspace = workspace
        self.sip_enabled = workspace.sip_enabled
        self.skips_country_rules = workspace.sip_enabled and choices.sip_bypass is SipBypass.WORKSPACE_WIDE
        self.winner = choices.winner
        self.india = choices.india
        self.window = workspace.calling_window
        self.capacity = choices.capacity
        self.at_capacity = choices.at_capacity
        self.balance_need = choices.balance_need
        self.numbers = {one.number: Own.of(one) for one in workspace.numbers}
        self.versions = Versions(workspace)
        names = {*decks, *(one.provider for one in workspace.numbers)}
        self.providers = {name: Provider(name, decks.get(name), workspace.enabled) for name in names}
        self.code_rules = code_rules(rules)
        self.screens = screens
        self.plan = plan
        self._prices = None if plan is None else TelephonyPrices(plan)
        self.price: Callable[[Match, Direction], Decimal | None] = lru_cache(_KEPT)(self._price)
        """INR per minute of telephony, as the plan has it."""
        self.cost: Callable[[AgentKind, int, Decimal | None], Decimal] = lru_cache(_KEPT)(self._cost)
        """INR that a call of so many seconds comes to by the plan, of which there must be one."""

    def _price(self, match: Match, direction: Direction) -> Decimal | None:
        return None if self._prices is None else self._prices.of(match, direction)

    def _cost(self, kind: AgentKind, seconds: int, telephony: Decimal | None) -> Decimal:
        assert self.plan is not None
        billed = billed_seconds(self.plan, seconds)
        exact = sum((line.exact for line in lines(self.plan, kind, billed, telephony)), Fraction(0))
        return charge_of(self.plan, exact)
