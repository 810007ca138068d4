"""Which network groups of a deck a plan prices, told before a call asks for one that it does not (R47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing._deck import priced_groups
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.plans.price_list import PriceList

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.plans.plan_terms import PlanTerms

GroupNames = tuple[tuple[str, str], ...]
"""Country and name of network groups; ``ZZ`` where the sheet names no country."""


def missing(plan: PlanTerms, deck: Rates, direction: Direction, at: datetime | None) -> GroupNames:
    """The work of `BillingPlan.missing`."""
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    way = direction == "inbound"
    groups = priced_groups(in_force(deck, at)._core)
    if plan.telephony is None:
        return ()
    unrated = {(iso, name) for iso, name, _, lacks in groups if lacks[way]}
    if not isinstance(plan.telephony, PriceList):
        return tuple(sorted(unrated))
    priced = {
        (one.country_iso, one.network_group)
        for one in plan.telephony.prices
        if (one.inbound if way else one.outbound) is not None
    }
    countries = {
        one.country_iso
        for one in plan.telephony.countries
        if (one.inbound if way else one.outbound) is not None
    }
    wanted = {(iso, name) for iso, name, answers, _ in groups if answers[way] and iso not in countries}
    if plan.telephony.fallback is not None:
        wanted &= unrated
    return tuple(sorted(wanted - priced))


def unused(plan: PlanTerms, deck: Rates, at: datetime | None) -> GroupNames:
    """The work of `BillingPlan.unused`."""
    if not isinstance(plan.telephony, PriceList):
        return ()
    known = {(iso, name) for iso, name, *_ in priced_groups(in_force(deck, at)._core)}
    listed = ((one.country_iso, one.network_group) for one in plan.telephony.prices)
    isos = {iso for iso, _ in known}
    countries = ((one.country_iso, "") for one in plan.telephony.countries if one.country_iso not in isos)
    return (*(group for group in listed if group not in known), *countries)
