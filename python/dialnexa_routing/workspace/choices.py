"""Where a rule can be read two ways, or a deployment may want otherwise: each reading has a name.

The first member is the default; the docstring of any other says which rule it bends.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from dialnexa_routing.files.document_model import Model


class Winner(StrEnum):
    """Over which groups the longest prefix is looked for (R16)."""

    ALL_GROUPS = "all_groups"
    """Over all of them, enabled or not; then the winner's switch decides."""
    ENABLED_GROUPS = "enabled_groups"
    """Over the enabled ones only: a longer disabled prefix vanishes. Bends R16."""


class SipBypass(StrEnum):
    """For which calls country rules are left out when the SIP/BYOC switch is on (R21)."""

    PER_NUMBER = "per_number"
    """For calls from SIP numbers."""
    WORKSPACE_WIDE = "workspace_wide"
    """For every call of the workspace. Bends R21: it lifts the toll-fraud guard from bought numbers."""


class TrunkEmergency(StrEnum):
    """What becomes of a call to an emergency number over the customer's own trunk (R20)."""

    REFUSED = "refused"
    """It is refused, as it is over every other path."""
    ALLOWED = "allowed"
    """The trunk's carrier takes it, and knows where the caller is."""


class AtCapacity(StrEnum):
    """What an outbound call by API gets when the pool of live calls is full (R36)."""

    QUEUE = "queue"
    """It waits: deferred."""
    CONFLICT = "conflict"
    """It is refused with status 409."""


class BalanceNeed(StrEnum):
    """What the wallet must hold before a call (R35)."""

    ONE_PULSE = "one_pulse"
    """The price of the first billed block; more than nothing where the price is not known."""
    WHOLE_CALL = "whole_call"
    """The price of the longest call that the agent allows."""


class Purpose(StrEnum):
    """What an Indian call is for, as carriers there ask (R12)."""

    SERVICE = "service"
    TRANSACTIONAL = "transactional"
    PROMOTIONAL = "promotional"


class Sector(StrEnum):
    """Whose calls they are; the 160 series is for banking, insurance, securities and government (R12)."""

    OTHER = "other"
    BFSI = "bfsi"
    GOVERNMENT = "government"


class IndiaRules(Model):
    """The carrier rules of India, off unless a workspace has them (R12)."""

    sector: Sector = Sector.OTHER
    """Whose calls they are; it decides about numbers of the 160 series."""
    purpose: Purpose | None = None
    """Of calls that name none; where this names none either, such calls are refused."""


class Choices(Model):
    """The readings that a workspace is decided by."""

    winner: Winner = Winner.ALL_GROUPS
    """Over which groups the longest prefix is looked for (R16)."""
    sip_bypass: SipBypass = SipBypass.PER_NUMBER
    """For which calls SIP/BYOC leaves country rules out (R21)."""
    trunk_emergency: TrunkEmergency = TrunkEmergency.REFUSED
    """What becomes of calls to emergency numbers over the customer's own trunk."""
    at_capacity: AtCapacity = AtCapacity.QUEUE
    """What an outbound call by API gets when `capacity` is reached (R36)."""
    balance_need: BalanceNeed = BalanceNeed.ONE_PULSE
    """What the wallet must hold before a call (R35)."""
    india: IndiaRules | None = None
    """The carrier rules of India; None leaves them out (R12)."""
    capacity: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Live calls of every kind at most, in one pool (R36); None is without end."""
