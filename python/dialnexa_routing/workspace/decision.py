"""What comes of asking for a call: allowed, refused or deferred (R42). Values, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from dialnexa_routing.money.rupees import price
from dialnexa_routing.text.html import card
from dialnexa_routing.workspace.plain_data import plain_fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from dialnexa_routing.money.call_words import Path
    from dialnexa_routing.workspace.agent import VersionRef


class Refusal(StrEnum):
    """Why a call is refused or deferred, with its status in `STATUS`. A screen has its own word (R38)."""

    INVALID_NUMBER = "invalid_number"
    """Not E.164, or not as its country's rule has it (R1, R3, R4)."""
    IMPOSSIBLE_NUMBER = "impossible_number"
    """No number under its calling code is so long, or there is no such code; by the number plan."""
    EMERGENCY_NUMBER = "emergency_number"
    """An emergency number, with its calling code or without; by the number plan."""
    INVALID_TRANSFER_TARGET = "invalid_transfer_target"
    """No +1 or +91 number of exactly ten national digits (R41)."""
    TOO_MANY_TRANSFER_TARGETS = "too_many_transfer_targets"
    """More than seven (R41)."""
    NUMBER_NOT_FOUND = "number_not_found"
    """The source is no number of the workspace (R9)."""
    NUMBER_NOT_USABLE = "number_not_usable"
    """The source is not active, or its rental is not (R9)."""
    NO_SOURCE_NUMBER = "no_source_number"
    """None is named, and none is attached to the agent version (R32)."""
    PROVIDER_NOT_SELECTABLE = "provider_not_selectable"
    """The source's provider carries calls as a SIP trunk only (R10)."""
    TOLLFREE_INBOUND_ONLY = "tollfree_inbound_only"
    """The source is an Indian toll-free number (R11)."""
    AGENT_NOT_FOUND = "agent_not_found"
    """No agent of that id (R31)."""
    AGENT_VERSION_NOT_FOUND = "agent_version_not_found"
    """No version of that number (R31)."""
    AGENT_VERSION_NOT_PUBLISHED = "agent_version_not_published"
    """It is a draft, or none is published (R30, R31, R34)."""
    NO_INBOUND_AGENT = "no_inbound_agent"
    """The called number has no inbound version (R30)."""
    NO_OUTBOUND_AGENT = "no_outbound_agent"
    """The source number has no outbound version, and no agent is named (R32)."""
    KYC_NOT_VERIFIED = "kyc_not_verified"
    """(R35)"""
    ROUTE_DISABLED = "route_disabled"
    """The switch of SIP/BYOC is off (R20)."""
    NO_ENABLED_COUNTRIES = "no_enabled_countries"
    """Nothing is enabled for the provider (R17)."""
    UNSUPPORTED_COUNTRY = "unsupported_country"
    """The destination's country has no enabled group (R17)."""
    UNSUPPORTED_PREFIX = "unsupported_prefix"
    """No prefix matches, its group is off, or its row is blocked (R15-R17, R47)."""
    INDIA_DOMESTIC_ONLY = "india_domestic_only"
    """A carrier's +91 caller ID reaches +91 only (R12)."""
    INDIA_PURPOSE_MISSING = "india_purpose_missing"
    """An Indian call must state what it is for (R12)."""
    INDIA_PURPOSE_MISMATCH = "india_purpose_mismatch"
    """The series of the source is for other purposes or sectors (R12)."""
    INSUFFICIENT_BALANCE = "insufficient_balance"
    """(R35)"""
    ABOVE_MAX_RATE = "above_max_rate"
    """The call costs more a minute than the router's ceiling, or nobody knows what."""
    DAY_SPEND_REACHED = "day_spend_reached"
    """The day has come to the router's ceiling."""
    AT_CAPACITY = "at_capacity"
    """The pool of live calls is full (R36)."""
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    """A calling window has no zone that could be known (R37)."""
    OUTSIDE_CALLING_WINDOW = "outside_calling_window"
    """Deferred until the window opens (R37)."""


STATUS: dict[Refusal, int] = dict.fromkeys(Refusal, 403) | {
    Refusal.INVALID_NUMBER: 400,
    Refusal.IMPOSSIBLE_NUMBER: 400,
    Refusal.INVALID_TRANSFER_TARGET: 400,
    Refusal.TOO_MANY_TRANSFER_TARGETS: 400,
    Refusal.NUMBER_NOT_FOUND: 404,
    Refusal.NUMBER_NOT_USABLE: 400,
    Refusal.NO_SOURCE_NUMBER: 400,
    Refusal.PROVIDER_NOT_SELECTABLE: 400,
    Refusal.TOLLFREE_INBOUND_ONLY: 400,
    Refusal.AGENT_NOT_FOUND: 404,
    Refusal.AGENT_VERSION_NOT_FOUND: 404,
    Refusal.AGENT_VERSION_NOT_PUBLISHED: 400,
    Refusal.NO_INBOUND_AGENT: 400,
    Refusal.NO_OUTBOUND_AGENT: 400,
    Refusal.INDIA_PURPOSE_MISSING: 400,
    Refusal.INSUFFICIENT_BALANCE: 402,
    Refusal.AT_CAPACITY: 409,
    Refusal.TIME_ZONE_UNKNOWN: 400,
}
"""HTTP-like status of each refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The call may go. True in a condition.

    Attributes:
        path: how it travels.
        provider: whose network; None for a web call.
        source: our number, with plus; None for a web call.
        to: the other number, with plus; None for a web call and for an inbound one.
        network_group: of the destination; None where country rules do not apply (R20, R34).
        country_iso: of that group (R18).
        prefix: that matched, the longest (R16).
        rate: INR per minute of telephony, if the workspace's plan shows it (R26).
        agent_version: that answers or dials.
        deck_digest: of the deck that was asked, or None.
        legs: of a transfer, one a target (R41).
        max_seconds: whole seconds that the balance buys, where one was passed; None where it bounds none,
            or the plan does not price the call. How long the agent talks at most is the agent's affair.
    """

    path: Path
    provider: str | None = None
    source: str | None = None
    to: str | None = None
    network_group: str | None = None
    country_iso: str | None = None
    prefix: str | None = None
    rate: Decimal | None = None
    agent_version: VersionRef | None = None
    deck_digest: str | None = None
    legs: tuple[Allowed, ...] = ()
    max_seconds: int | None = None

    kind = "allowed"

    def __bool__(self) -> Literal[True]:
        return True

    def to_dict(self) -> dict[str, Any]:
        """Plain data; amounts are text."""
        return {"decision": self.kind} | plain_fields(self)

    def _repr_html_(self) -> str:
        facts = [
            ("to", self.to or "a browser"),
            ("from", self.source or "nothing"),
            ("path", f"{self.path} by {self.provider}" if self.provider else self.path),
            ("network group", f"{self.network_group} ({self.prefix})" if self.network_group else "not asked"),
            ("₹ a minute", "not shown" if self.rate is None else price(self.rate)),
            ("agent", self.agent_version or "none"),
        ]
        return card("allowed", facts, then="router.explain_outbound(…) shows every check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The call may not go. False in a condition.

    Attributes:
        reason: a `Refusal`, or the word of an injected screen (R38).
        status: HTTP-like: 400, 402, 403, 404 or 409.
        sentence: the same for people, with what to do.
        network_group: of the destination, if one was found.
        country_iso: of that group.
        prefix: that matched, if one did.
        deck_digest: of the deck that was asked, or None.
    """

    reason: Refusal | str
    status: int
    sentence: str
    network_group: str | None = None
    country_iso: str | None = None
    prefix: str | None = None
    deck_digest: str | None = None

    kind = "refused"

    def __bool__(self) -> Literal[False]:
        return False

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"decision": self.kind} | plain_fields(self)

    def _repr_html_(self) -> str:
        group = f"{self.network_group} ({self.prefix})" if self.network_group else "none"
        facts = [("why", self.sentence), ("network group", group)]
        title = f"refused: {str(self.reason).replace('_', ' ')} ({self.status})"
        return card(title, facts, then="router.explain_outbound(…) shows every check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The call may go later. False in a condition.

    Attributes:
        reason: `OUTSIDE_CALLING_WINDOW` or `AT_CAPACITY`.
        until: when to ask again; None is when a live call ends.
        sentence: the same for people.
    """

    reason: Refusal
    until: datetime | None
    sentence: str

    kind = "deferred"

    def __bool__(self) -> Literal[False]:
        return False

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the time is ISO 8601."""
        return {"decision": self.kind} | plain_fields(self)

    def _repr_html_(self) -> str:
        until = "a live call ends" if self.until is None else self.until.isoformat()
        return card(f"deferred until {until}", [("why", self.sentence)])


Decision = Allowed | Refused | Deferred
"""The answer to a call request (R42)."""


def refused(reason: Refusal, sentence: str, **where: Any) -> Refused:
    """A refusal with the status that its reason has."""
    return Refused(reason=reason, status=STATUS[reason], sentence=sentence, **where)


def all_of(head: Allowed, legs: Sequence[Decision]) -> Decision:
    """`head` with all legs if each is allowed; else the first refusal, or else the first deferral (R41)."""
    if (refusal := next((leg for leg in legs if isinstance(leg, Refused)), None)) is not None:
        return refusal
    if (later := next((leg for leg in legs if isinstance(leg, Deferred)), None)) is not None:
        return later
    return replace(head, legs=tuple(leg for leg in legs if isinstance(leg, Allowed)))
