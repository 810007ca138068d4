"""One provider's deck as Telephony Config lists it: countries, their network groups, their prefixes."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.workspace.telephony.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck

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

    def owners(self, digits: str) -> frozenset[Switch]:
        """The groups with prefixes that begin with the digits, or the longest that begins them (R25)."""
        if len(digits) > _MAX_DIGITS:
            return frozenset()
        return frozenset(self._switch_of[number] for number in self.deck.groups_within(digits))
