"""What Telephony Config shows, as plain values (R24-R27)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

SIP = "sip"
"""The customer's own carrier, beside the providers that have sheets (R27)."""


class Status(StrEnum):
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
    def status(self) -> Status:
        """Whether all of its groups are on, some or none."""
        return Status.NONE if not self.enabled else Status.SOME if self.enabled < self.groups else Status.ALL


@dataclass(frozen=True, slots=True)
class PriceRange:
    """INR per minute: the lowest and the highest of a group's prefixes, the same where all agree."""

    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True)
class GroupView:
    """A network group with its prefixes, switch and prices.

    Attributes:
        provider: whose group it is.
        country_iso: ``ZZ`` where the sheet names none.
        name: as the sheet has it.
        prefixes: in order, those of any time; what a shorter one says already is left out.
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


@dataclass(frozen=True, slots=True)
class SipView:
    """SIP/BYOC: one switch and one flat rate, INR per minute; None where the plan has none (R26, R27)."""

    enabled: bool
    outbound: Decimal | None
    inbound: Decimal | None
