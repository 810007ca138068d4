"""Telephony Config: what a workspace may call and what it costs, to look at and to switch (R22-R27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.plans.price_list import DeckPrices
from dialnexa_routing.text.errors import ConfigError, DeckTimeError, UnknownNameError
from dialnexa_routing.text.half_made import also_half_made
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.telephony.listing import COUNTRY_NAMES, GroupPrices, Listing, iso_of
from dialnexa_routing.workspace.telephony.page import fragment, page
from dialnexa_routing.workspace.telephony.search import digits_of, folded
from dialnexa_routing.workspace.telephony.switch import Switch, of_group, switched_on, with_switches
from dialnexa_routing.workspace.telephony.views import (
    ConfigView,
    CountryView,
    GroupView,
    ProviderPage,
    ProviderView,
    SipView,
)
from dialnexa_routing.workspace.workspace_number import SIP, unselectable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.workspace import Workspace


class Telephony:
    """A workspace's Telephony Config: immutable; whatever is switched gives another `Workspace` (R23).

    Args:
        workspace: whose switches they are.
        decks: the deck of each provider, by its name; of a book, the one in force at `at`.
        plan: the workspace's billing plan; without one, and without telephony rates in it, no price is
            shown (R26).
        at: when prices are asked for, with a zone; a must where the plan takes them from dated decks (R50).

    Raises:
        ConfigError: a deck is named ``sip``, or the plan is not the one that the workspace names.
        DeckTimeError: `at` is missing, or has no zone.

    >>> import polars as pl
    >>> from dialnexa_routing import RateDeck
    >>> from dialnexa_routing.workspace.workspace import Workspace
    >>> rows = {"prefix": ["91", "9140"], "network_group": ["India", "Hyderabad"], "country_iso": "IN"}
    >>> deck = RateDeck.compile(pl.DataFrame(rows))
    >>> workspace = Telephony(Workspace(id="w"), {"plivo": deck}).enable(country="India")
    >>> telephony = Telephony(workspace, {"plivo": deck})
    >>> [(country.iso, str(country.status)) for country in telephony.countries(search="+91")]
    [('IN', 'all')]
    >>> [group.name for group in telephony.network_groups("IN", search="9140")]
    ['Hyderabad']
    """

    def __init__(
        self,
        workspace: Workspace,
        decks: Mapping[str, Rates],
        plan: BillingPlan | None = None,
        at: datetime | None = None,
    ) -> None:
        if SIP in decks:
            raise ConfigError(f"a deck is named {SIP!r}, which has no sheet (R27); name it as its provider")
        if plan is not None and workspace.billing_plan not in (None, plan.id):
            named = workspace.billing_plan
            raise ConfigError(f"plan {plan.id!r} is not the workspace's, which is {named!r}; pass that one")
        if plan is not None and isinstance(plan.telephony, DeckPrices) and at is None:
            for provider, deck in decks.items():
                if deck.is_dated:
                    raise DeckTimeError(f"prices of {provider!r} begin and end; pass at=, with a zone (R50)")
        self.workspace = workspace
        self.plan = plan
        self.at = at
        self._prices = GroupPrices(plan, at)
        held = {provider: in_force(deck, at) for provider, deck in decks.items()}
        self._listings = {provider: Listing(provider, deck) for provider, deck in held.items()}
        self._on = switched_on(workspace)

    @property
    def is_priced(self) -> bool:
        """Whether the plan has telephony rates, so that prices of groups show (R26)."""
        return self._prices.are_shown

    def providers(self) -> tuple[ProviderView, ...]:
        """The provider selector: those with decks in the order of their names, then ``sip`` (R10, R24)."""
        selected = self.workspace.provider
        return tuple(
            ProviderView(name, name == selected, not (reason := unselectable(name)), reason)
            for name in (*sorted(self._listings), SIP)
        )

    def countries(self, provider: str | None = None, search: str = "") -> tuple[CountryView, ...]:
        """The countries that a provider has network groups for, by name (R24).

        Args:
            provider: None is the selected one. ``sip`` has no countries (R27).
            search: a part of the name, or the beginning of ISO code or calling code; of any case,
                accents and blanks (R25).

        Raises:
            UnknownNameError: no deck is of that provider; with the nearest names.
        """
        if self._or_selected(provider) == SIP:
            return ()
        listing, term = self._listing(provider), folded(search)
        digits = digits_of(term)
        found = []
        for iso, switches in listing.by_country.items():
            country = COUNTRIES.get(iso)
            view = CountryView(
                iso=iso,
                name=listing.country_names[iso],
                calling_code=country and country.calling_code,
                groups=len(switches),
                enabled=len(self._on.intersection(switches)),
            )
            is_coded = digits is not None and (view.calling_code or "").startswith(digits)
            if is_coded or term in folded(view.name) or folded(iso).startswith(term):
                found.append(view)
        return tuple(sorted(found, key=lambda view: (view.iso == NO_COUNTRY, folded(view.name), view.iso)))

    def network_groups(
        self, country: str | None, provider: str | None = None, search: str = ""
    ) -> tuple[GroupView, ...]:
        """The network groups of a country, by name, with prefixes, switches and prices (R24, R26).

        Args:
            country: ISO code, or name in any language; None is all of them, in the order of their codes.
            provider: None is the selected one.
            search: a part of the name, or digits: those find the groups with prefixes that begin with
                them, and the one that owns them by a shorter prefix (R25).

        Raises:
            UnknownNameError: of provider or country; with the nearest names.
        """
        listing, term = self._listing(provider), folded(search)
        digits = digits_of(term)
        owners = listing.owners(digits) if digits else frozenset()
        names = {iso: listing.country_names[iso] for iso in listing.by_country}
        within = sorted(names) if country is None else [iso_of(country, listing.provider, names)]
        return tuple(
            listing.group(switch, self._prices, enabled=switch in self._on)
            for iso in within
            for switch in listing.by_country[iso]
            if term in folded(switch.network_group) or switch in owners
        )

    def sip(self) -> SipView:
        """SIP/BYOC: one switch, one flat rate, no countries (R27)."""
        rate = self.plan.sip if self.plan else None
        outbound, inbound = (rate.outbound, rate.inbound) if rate else (None, None)
        return SipView(self.workspace.sip_enabled, outbound, outbound if inbound is None else inbound)

    def enable(
        self, *, group: str | None = None, country: str | None = None, provider: str | None = None
    ) -> Workspace:
        """The workspace with these groups on: one, all of a country, or all of a provider (R23).

        Args:
            group: a network group, exactly as it is named.
            country: ISO code, or name in any language; needed for a group whose name several countries have.
            provider: None is the selected one; must be named to switch all of its groups.

        Raises:
            UnknownNameError: of provider, country or group; with the nearest names.
            TypeError: nothing is named.
        """
        return with_switches(self.workspace, self._on | self._named(group, country, provider, frozenset()))

    def disable(
        self, *, group: str | None = None, country: str | None = None, provider: str | None = None
    ) -> Workspace:
        """The workspace with these groups off, those that no deck knows any longer among them (R23).

        Arguments and errors are those of `enable`.
        """
        return with_switches(self.workspace, self._on - self._named(group, country, provider, self._on))

    def enable_sip(self) -> Workspace:
        """The workspace with the switch of SIP/BYOC on (R27)."""
        return self.workspace.changed(sip_enabled=True)

    def disable_sip(self) -> Workspace:
        """The workspace with the switch of SIP/BYOC off (R27)."""
        return self.workspace.changed(sip_enabled=False)

    def select(self, provider: str) -> Workspace:
        """The workspace with another provider of its own.

        Raises:
            ConfigError: that provider carries calls as a SIP trunk only (R10).
            UnknownNameError: no deck is of that provider; with the nearest names.
        """
        if reason := unselectable(provider):
            raise ConfigError(reason)
        if provider != SIP:
            self._listing(provider)
        return self.workspace.changed(provider=provider)

    def unknown_switches(self) -> tuple[Switch, ...]:
        """Switches that are on and that no deck knows any longer; they allow nothing."""
        known = (listing.by_country.values() for listing in self._listings.values())
        return tuple(
            sorted(self._on.difference(*(switches for countries in known for switches in countries)))
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data; amounts are text."""
        return self._view().to_dict()

    def frames(self) -> dict[str, pl.DataFrame]:
        """``countries`` and ``network_groups`` of all providers.

        A price is INR per minute, the lowest and the highest of the group's prefixes; null is no price (R26).
        """
        # Looking and switching do without Polars.
        from dialnexa_routing.workspace.telephony.frames import frames

        return frames(self._view())

    def html(self) -> str:
        """All of it as a piece of HTML that brings its own style; every text in it is escaped."""
        return fragment(self._view())

    def page(self) -> str:
        """The same as a page of HTML that stands alone, to be written to a file."""
        return page(self._view())

    def _repr_html_(self) -> str:
        return self.html()

    @also_half_made
    def __repr__(self) -> str:
        names = ", ".join(self._listings) or "no decks"
        return f"<Telephony of {self.workspace.id!r}: {names}; {len(self._on)} network groups on>"

    def _view(self) -> ConfigView:
        space, plan = self.workspace, self.plan
        pages = []
        for one in self.providers():
            countries = self.countries(one.name)
            groups = (self.network_groups(country.iso, one.name) for country in countries)
            pages.append(ProviderPage(one, tuple(zip(countries, groups, strict=True))))
        return ConfigView(
            workspace=space.id,
            title=space.name or space.id,
            plan=None if plan is None else plan.name or plan.id,
            at=self.at,
            is_priced=self.is_priced,
            providers=tuple(pages),
            sip=self.sip(),
            unknown=self.unknown_switches(),
        )

    def _or_selected(self, provider: str | None) -> str:
        return self.workspace.provider if provider is None else provider

    def _listing(self, provider: str | None) -> Listing:
        name = self._or_selected(provider)
        if name == SIP:
            raise UnknownNameError(
                f"{SIP!r} has one switch and no countries; use enable_sip, disable_sip (R27)"
            )
        if name not in self._listings:
            raise UnknownNameError(f"there is no deck of provider {name!r}{nearest(name, self._listings)}")
        return self._listings[name]

    def _named(
        self, group: str | None, country: str | None, provider: str | None, also: frozenset[Switch]
    ) -> frozenset[Switch]:
        """The switches that are meant, among those of the decks and some others."""
        if group is None and country is None and provider is None:
            raise TypeError("nothing is named; pass group=, country= or provider=, or several of them")
        name = self._or_selected(provider)
        switches = {switch for switch in also if switch.provider == name}
        if name in self._listings or not switches:
            switches.update(*self._listing(name).by_country.values())
        if country is not None:
            known = self._listings[name].country_names if name in self._listings else COUNTRY_NAMES
            named = {one.country_iso: known.get(one.country_iso, one.country_iso) for one in switches}
            iso = iso_of(country, name, named)
            switches = {switch for switch in switches if switch.country_iso == iso}
        return frozenset(switches) if group is None else of_group(switches, group)
