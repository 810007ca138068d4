"""Billing plans as the compiled core takes them: prices by group, amounts in nano-rupees.

The core knows lists of network groups and a markup of the deck. What a plan has beyond that (versions,
prefixes, a fallback) becomes further core plans, each with a key of its own; countries become their groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing._deck import priced_groups
from dialnexa_routing.money.exact import nano
from dialnexa_routing.plans.plan_terms import Voicemail
from dialnexa_routing.plans.price_list import DeckPrices, PriceList, fallback_of
from dialnexa_routing.plans.pricing import pulsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from dialnexa_routing._deck import Deck
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.plan_terms import PlanTerms

Prices = list[tuple[str, str, int | None, int | None]]

NO_PLAN = "\0"
"""Key of a workspace, or a plan, that is none of those given."""
AT_DECK = "\0deck"
"""Behind a key: the same plan with its fallback in place of its list."""
AT_NOTHING = "\0nothing"
"""Behind a key: the same plan with a price of nothing for all groups, for numbers priced by prefix."""

AT_NO_LENGTH = "\0no length"
"""Behind all that: without components and at the finest pulse, for calls all seconds of which are free."""


def key_of(id_: str, version: int) -> str:
    """The key of a version of a plan, by its place among those of its id."""
    return f"{id_}\0{version}"


def as_they_are(core: Deck, plans: Mapping[str, BillingPlan]) -> Iterator[dict[str, Any]]:
    """Plans without versions, by id."""
    first: dict[int, int] = {}
    for number, (id_, plan) in enumerate(plans.items()):
        telephony = plan.telephony
        # Prices that plans share are handed over once.
        like = None if telephony is None else first.setdefault(id(telephony), number)
        if like != number and like is not None:
            yield _stated(id_, plan) | {"like": like}
        else:
            yield _priced(core, id_, plan)


def as_sold(core: Deck, versions: Mapping[str, tuple[BillingPlan, ...]]) -> Iterator[dict[str, Any]]:
    """Every version of plans under its key, and what it has beyond a list of groups under further keys."""
    free: Prices = [(iso, name, 0, 0) for iso, name, *_ in priced_groups(core)]
    for id_, of_id in versions.items():
        for place, plan in enumerate(of_id):
            key, telephony = key_of(id_, place), plan.telephony
            all_ = [_priced(core, key, plan)]
            if (fallback := fallback_of(telephony)) is not None:
                factor = fallback.factor.as_integer_ratio()
                all_.append(_stated(key + AT_DECK, plan) | {"factor": factor})
            if isinstance(telephony, PriceList) and telephony.prefixes:
                all_.append(_stated(key + AT_NOTHING, plan) | {"prices": free})
            yield from all_
            if plan.free_seconds:
                shortest = {"components": [None] * 4, "pulse": (1, 1)}
                yield from (one | shortest | {"id": one["id"] + AT_NO_LENGTH} for one in all_)


def _priced(core: Deck, key: str, plan: BillingPlan) -> dict[str, Any]:
    stated, telephony = _stated(key, plan), plan.telephony
    if isinstance(telephony, PriceList):
        return stated | {"prices": _listed(core, telephony)}
    if isinstance(telephony, DeckPrices):
        return stated | {"factor": telephony.factor.as_integer_ratio()}
    return stated


def _stated(key: str, plan: PlanTerms) -> dict[str, Any]:
    """A plan without its telephony prices. Its minimum is the first block of its pulse (R44, R53)."""
    return {
        "id": key,
        "components": [_nano(rate) for rate in (plan.stt, plan.llm, plan.tts, plan.platform)],
        "like": None,
        "prices": None,
        "factor": None,
        "sip": None
        if plan.sip is None
        else tuple(_nano(plan.sip.of(way)) for way in ("outbound", "inbound")),
        "pulse": (pulsed(plan, 1), plan.pulse.next_s),
        "part_second": plan.part_second.value,
        "rounding": plan.rounding.value,
        "decimals": plan.decimals,
        "voicemail_is_free": plan.voicemail is Voicemail.FREE,
    }


def _listed(core: Deck, telephony: PriceList) -> Prices:
    """Prices by group; those of a country for its groups that have none of their own for a direction."""
    own = {
        (one.country_iso, one.network_group): (_nano(one.outbound), _nano(one.inbound))
        for one in telephony.prices
    }
    countries = {one.country_iso: (_nano(one.outbound), _nano(one.inbound)) for one in telephony.countries}
    if countries:
        for iso, name, *_ in priced_groups(core):
            if iso in countries:
                group, country = own.get((iso, name), (None, None)), countries[iso]
                both = (mine if mine is not None else all_ for mine, all_ in zip(group, country, strict=True))
                own[iso, name] = (next(both), next(both))
    return [(iso, name, *both) for (iso, name), both in own.items()]


def _nano(amount: Decimal | None) -> int | None:
    return None if amount is None else nano(amount)
