"""Which provider to take for a purpose: one that is bought in the dashboard, or the customer's own (R13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.telephony.search import folded
from dialnexa_routing.workspace.workspace_number import DEFAULT_PROVIDER, SIP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.numbers.countries import Country

STANDARD_COUNTRIES = frozenset({"US", "GB", "AU", "IN"})
"""Where the default provider is the plain choice."""


class Scenario(StrEnum):
    """What the numbers are for (R13)."""

    STANDARD_CALLING = "standard_calling"
    """Ordinary calls in the United States, the United Kingdom, Australia or India."""
    EXISTING_CARRIER = "existing_carrier"
    """There is a contract with a carrier."""
    COST_OPTIMISATION = "cost_optimisation"
    """A preferred carrier has better prices."""
    UNSERVED_GEOGRAPHY = "unserved_geography"
    """Calls go where the default provider has no network groups."""
    REGULATORY_REQUIREMENT = "regulatory_requirement"
    """The law asks for a certain carrier, or for numbers of one's own."""


_REASONS = {
    Scenario.STANDARD_CALLING: "Numbers for the United States, the United Kingdom, Australia and India are "
    "bought in the dashboard and work at once, without a trunk to set up.",
    Scenario.EXISTING_CARRIER: "The contract stays: link its numbers as SIP trunks, and calls go through "
    "that carrier at its prices.",
    Scenario.COST_OPTIMISATION: "Link the preferred carrier's numbers as SIP trunks; it bills its own "
    "minutes, and the plan adds one flat rate.",
    Scenario.UNSERVED_GEOGRAPHY: "Link the numbers of a carrier that serves the place as SIP trunks; "
    "country rules do not apply to them.",
    Scenario.REGULATORY_REQUIREMENT: "Link the numbers of a carrier that meets it as SIP trunks.",
}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A provider, ``plivo`` or ``sip``, and why, in one sentence."""

    provider: str
    reason: str


def recommend_provider(
    scenario: Scenario | str, *, country: str | None = None, decks: Mapping[str, RateDeck] | None = None
) -> Recommendation:
    """The provider to take: Plivo for standard calling, the customer's own carrier for the rest (R13).

    Args:
        scenario: one of `Scenario`.
        country: where calls go, by ISO code or English name. If Plivo's deck has no network groups for it,
            the answer is ``sip``.
        decks: the deck of each provider; needed for countries other than the four of standard calling.

    Raises:
        UnknownNameError: of scenario or country; with the nearest names.
        TypeError: standard calling to another country, and no decks to look it up in.

    >>> recommend_provider("standard_calling", country="India").provider
    'plivo'
    >>> recommend_provider("existing_carrier").provider
    'sip'
    """
    if scenario not in list(Scenario):
        raise UnknownNameError(f"there is no scenario {scenario!r}{nearest(scenario, Scenario)}")
    asked = Scenario(scenario)
    place = None if country is None else _country(country)
    if asked is not Scenario.STANDARD_CALLING:
        return Recommendation(SIP, _REASONS[asked])
    if place is not None and not _is_served(place, decks):
        reason = f"{DEFAULT_PROVIDER} has no network groups for {place.name}: "
        return Recommendation(SIP, reason + "link the numbers of a carrier that has as SIP trunks.")
    return Recommendation(DEFAULT_PROVIDER, _REASONS[asked])


def _is_served(country: Country, decks: Mapping[str, RateDeck] | None) -> bool:
    if decks is not None:
        deck = decks.get(DEFAULT_PROVIDER)
        return deck is not None and any(group.country_iso == country.iso for group in deck.network_groups)
    if country.iso not in STANDARD_COUNTRIES:
        raise TypeError(f"whether {country.name} is served stands in the decks; pass decks=")
    return True


def _country(named: str) -> Country:
    wanted = folded(named)
    for country in COUNTRIES.values():
        if wanted in (folded(country.iso), folded(country.name)):
            return country
    near = nearest(named, [*COUNTRIES, *(country.name for country in COUNTRIES.values())])
    raise UnknownNameError(f"there is no country {named!r}{near}")
