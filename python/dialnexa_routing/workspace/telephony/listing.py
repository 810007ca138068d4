"""One provider's deck as Telephony Config lists it: countries, network groups, prefixes; and their prices."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import isos_of
from dialnexa_routing.plans.pricing import TelephonyPrices
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.telephony.search import folded
from dialnexa_routing.workspace.telephony.switch import Switch
from dialnexa_routing.workspace.telephony.views import GroupView, PriceRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.plans.billing_plan import BillingPlan

COUNTRY_NAMES = {iso: country.name for iso, country in COUNTRIES.items()} | {NO_COUNTRY: "No country"}
"""The name of each country by ISO code."""

_MAX_DIGITS = 15


class Listing:
    """The groups of a deck by their switches. A deck may number one group twice; it has one switch."""

    def __init__(self, provider: str, deck: RateDeck) -> None:
        self.provider = provider
        self.deck = deck
        self._switch_of = tuple(
            Switch(provider, group.country_iso or NO_COUNTRY, group.name) for group in deck.network_groups
        )

    @cached_property
    def by_country(self) -> Mapping[str, list[Switch]]:
        """The switches of each country in the order of their names, by ISO code."""
        found: defaultdict[str, list[Switch]] = defaultdict(list)
        for switch in sorted(set(self._switch_of)):
            found[switch.country_iso].append(switch)
        return dict(found)

    @cached_property
    def country_names(self) -> Mapping[str, str]:
        """The name of each country by ISO code; the sheet's own for codes that are not known."""
        own = {group.country_iso: group.country for group in self.deck.network_groups}
        return {iso: own.get(iso) or iso for iso in self.by_country} | COUNTRY_NAMES

    @cached_property
    def _entries(self) -> Mapping[Switch, list[Match]]:
        found: defaultdict[Switch, list[Match]] = defaultdict(list)
        for prefix in self.deck.prefixes():
            for match in self.deck._core.chain(prefix):
                if match.prefix == prefix:
                    found[self._switch_of[match.group]].append(match)
        return found

    def entries(self, switch: Switch) -> list[Match]:
        """What the group holds, in the order of prefixes, at any time."""
        return self._entries[switch]

    def group(self, switch: Switch, prices: GroupPrices, *, enabled: bool) -> GroupView:
        """The group of a switch as it is shown."""
        entries = self.entries(switch)
        outbound, inbound = prices.ranges(entries)
        return GroupView(
            provider=switch.provider,
            country_iso=switch.country_iso,
            name=switch.network_group,
            prefixes=tuple(dict.fromkeys(one.prefix for one in entries)),
            enabled=enabled,
            outbound=outbound,
            inbound=inbound,
        )

    def owners(self, digits: str) -> frozenset[Switch]:
        """The groups with prefixes that begin with the digits, or the longest that begins them (R25)."""
        if len(digits) > _MAX_DIGITS:
            return frozenset()
        return frozenset(self._switch_of[number] for number in self.deck.groups_within(digits))


class GroupPrices:
    """What a billing plan asks for a group's entries that hold at a time; nothing without a plan (R26).

    A price of a prefix shows for the entries of the deck that begin with it; of numbers within an entry it
    shows on the call alone.
    """

    def __init__(self, plan: BillingPlan | None, at: datetime | None) -> None:
        self._at_us = None if at is None else microseconds(at)
        self._prices = None if plan is None or plan.telephony is None else TelephonyPrices(plan)

    @property
    def are_shown(self) -> bool:
        """Whether the plan has telephony rates."""
        return self._prices is not None

    def ranges(self, entries: Iterable[Match]) -> tuple[PriceRange | None, PriceRange | None]:
        """Outbound and inbound."""
        if self._prices is None:
            return None, None
        at, found = self._at_us, {}
        for one in entries:
            begin, end = one.valid_from_us, one.valid_to_us
            if at is None or ((begin is None or begin <= at) and (end is None or at < end)):
                # One for each price is enough.
                by_prefix = self._prices.prefix_of(one.prefix)
                found[one.outbound_rate, one.inbound_rate, one.rate_unit_s, one.blocked, by_prefix] = one
        return self._range(found.values(), "outbound"), self._range(found.values(), "inbound")

    def _range(self, entries: Iterable[Match], direction: Direction) -> PriceRange | None:
        assert self._prices is not None
        each = (self._prices.of(entry, direction, entry.prefix) for entry in entries)
        prices = [price for price in each if price is not None]
        return PriceRange(min(prices), max(prices)) if prices else None


def iso_of(country: str, provider: str, names: Mapping[str, str]) -> str:
    """The country of that code or name, in any language, among those that a provider has groups for.

    Raises:
        UnknownNameError: there is none, with the nearest names; or the name is of several.
    """
    wanted = folded(country)
    for iso, name in names.items():
        if wanted in (folded(iso), folded(name)):
            return iso
    meant = [iso for iso in isos_of(country) if iso in names]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UnknownNameError(f"{country!r} may be {' or '.join(map(names.__getitem__, meant))}; name one")
    near = nearest(country, [*names, *names.values()])
    raise UnknownNameError(f"{provider!r} has no network groups for a country {country!r}{near}")
