"""A number that a workspace calls from and is called at (R6-R11)."""

from __future__ import annotations

from enum import StrEnum

from dialnexa_routing.files.document_model import E164, Model, Name
from dialnexa_routing.workspace.agent import VersionRef

DEFAULT_PROVIDER = "plivo"
"""Of numbers bought in the dashboard, in every region (R6)."""
SIP = "sip"
"""Stands for the provider where calls go through the customer's own trunk (R7, R27)."""
NOT_SELECTABLE = ("twilio",)
"""Providers whose sheets are read, but which carry no calls but as a SIP trunk (R10)."""


def unselectable(provider: str) -> str:
    """Why a provider cannot be a workspace's own (R10), or an empty text."""
    if provider.lower() not in NOT_SELECTABLE:
        return ""
    return f"{provider} cannot be selected as the provider; link its numbers as SIP trunks instead (R10)"


class NumberStatus(StrEnum):
    """Whether a number works (R9)."""

    ACTIVE = "active"
    PENDING = "pending"
    UNAVAILABLE = "unavailable"


class RentalStatus(StrEnum):
    """Whether a number is paid for (R9)."""

    ACTIVE = "active"
    EXPIRED = "expired"
    FREE = "free"


class NumberType(StrEnum):
    """What kind of number it is."""

    LOCAL = "local"
    MOBILE = "mobile"
    TOLLFREE = "tollfree"


class WorkspaceNumber(Model):
    """A number of a workspace. Whose lines carry its calls was settled when it was added (R6)."""

    number: E164
    """With plus; once in a workspace (R29)."""
    id: Name | None = None
    """What the caller's own system calls it; nothing here looks at it."""
    provider: Name = DEFAULT_PROVIDER
    """Whose network carries its calls, by the name of the deck; of a SIP number only a word (R6, R7)."""
    sip_trunk_enabled: bool = False
    """The only thing that makes it a SIP number, whatever `provider` states (R7)."""
    status: NumberStatus = NumberStatus.ACTIVE
    """Whether it works; what is not active takes no part in calls (R9)."""
    rental: RentalStatus = RentalStatus.ACTIVE
    """Whether it is paid for; what is not active takes no part in calls (R9)."""
    type: NumberType = NumberType.LOCAL
    """What kind of number it is; Indian toll-free ones take inbound calls only (R11)."""
    nickname: str = ""
    """For people."""
    inbound_version: VersionRef | None = None
    """Answers calls to it (R30); independent of the other slot (R33)."""
    outbound_version: VersionRef | None = None
    """Places batch and workflow calls from it (R32)."""

    @property
    def is_sip(self) -> bool:
        """Whether its calls go through the customer's own trunk (R7)."""
        return self.sip_trunk_enabled

    @property
    def is_usable(self) -> bool:
        """Active, with an active rental (R9)."""
        return self.status is NumberStatus.ACTIVE and self.rental is RentalStatus.ACTIVE

    @property
    def is_indian_tollfree(self) -> bool:
        """Takes inbound calls only (R11)."""
        indian = self.number.startswith("+91")
        return indian and (self.type is NumberType.TOLLFREE or self.number.startswith("+911800"))
