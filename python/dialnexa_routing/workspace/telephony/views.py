"""What Telephony Config shows, as plain values (R24-R27)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dialnexa_routing.workspace.plain_data import plain_fields

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from dialnexa_routing.workspace.telephony.switch import Switch


class SwitchStatus(StrEnum):
    """How many of a country's network groups are on."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider of the selector.

    Attributes:
        name: as the decks and ``sip`` are named.
        selected: whether it is the workspace's own.
        selectable: whether it may become that (R10).
        reason: why it may not, or an empty text.
    """

    name: str
    selected: bool
    selectable: bool
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class CountryView:
    """A country that a provider has network groups for.

    Attributes:
        iso: ``ZZ`` for groups whose sheet names no country.
        name: in English.
        calling_code: without plus; None where the country has none.
        groups: how many network groups there are.
        enabled: how many of them are on.
    """

    iso: str
    name: str
    calling_code: str | None
    groups: int
    enabled: int

    @property
    def status(self) -> SwitchStatus:
        """Whether all of its groups are on, some or none."""
        return (
            SwitchStatus.NONE
            if not self.enabled
            else SwitchStatus.SOME
            if self.enabled < self.groups
            else SwitchStatus.ALL
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, with the status."""
        return plain_fields(self) | {"status": str(self.status)}


@dataclass(frozen=True, slots=True)
class PriceRange:
    """INR per minute: the lowest and the highest of a group's prefixes, the same where all agree."""

    lowest: Decimal
    highest: Decimal

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A network group with its prefixes, switch and prices.

    Attributes:
        provider: whose group it is.
        country_iso: ``ZZ`` where the sheet names none.
        name: as the sheet has it.
        prefixes: in order, those of any time; what a shorter one states already is left out.
        enabled: whether its switch is on.
        outbound: None where the plan has no price for it, which is not zero (R26, R47).
        inbound: likewise.
    """

    provider: str
    country_iso: str
    name: str
    prefixes: tuple[str, ...]
    enabled: bool
    outbound: PriceRange | None
    inbound: PriceRange | None

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class SipView:
    """SIP/BYOC: one switch and one flat rate, INR per minute; None where the plan has none (R26, R27)."""

    enabled: bool
    outbound: Decimal | None
    inbound: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A provider of the selector with its countries, and the network groups of each; ``sip`` has none."""

    provider: ProviderView
    countries: tuple[tuple[CountryView, tuple[GroupView, ...]], ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; a country has its groups with it."""
        countries = [
            one.to_dict() | {"network_groups": [group.to_dict() for group in groups]}
            for one, groups in self.countries
        ]
        return self.provider.to_dict() | {"countries": countries}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigView:
    """All that Telephony Config shows at once, as the page, the frames and plain data have it.

    Attributes:
        workspace: its id.
        title: its name, or the id where it has none.
        plan: name or id of the billing plan; None where none was passed.
        at: when prices are asked for.
        is_priced: whether the plan has telephony rates, so that prices of groups show (R26).
        providers: in the order of the selector.
        sip: the switch and the flat rate of SIP/BYOC (R27).
        unknown: switches that are on and that no deck knows any longer.
    """

    workspace: str
    title: str
    plan: str | None
    at: datetime | None
    is_priced: bool
    providers: tuple[ProviderPage, ...]
    sip: SipView
    unknown: tuple[Switch, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        return plain_fields(self) | {"unknown": [one._asdict() for one in self.unknown]}
