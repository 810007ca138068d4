"""Why a record has no charge, as the `reason` column says it."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The first that holds, in this order, is the answer for a row (R51)."""

    MISSING_NUMBER = "missing_number"
    """No called number."""
    INVALID_NUMBER = "invalid_number"
    """Not E.164: an optional plus and 1 to 15 digits, the first of them 1-9 (R1, R2)."""
    IMPOSSIBLE_NUMBER = "impossible_number"
    """No number under its calling code is so long, or there is no such code; by the number plan."""
    EMERGENCY_NUMBER = "emergency_number"
    """An emergency number, with its calling code or without; by the number plan."""
    INVALID_SECONDS = "invalid_seconds"
    """The seconds, or the end of the call, cannot be read."""
    END_BEFORE_ANSWER = "end_before_answer"
    """The call ends before it is answered."""
    INVALID_ANSWERED_AT = "invalid_answered_at"
    """The answer time is no time."""
    MISSING_SECONDS = "missing_seconds"
    """Neither seconds nor an end of the call."""
    NEGATIVE_SECONDS = "negative_seconds"
    """Fewer than zero seconds."""
    INVALID_DIRECTION = "invalid_direction"
    """Neither ``outbound`` nor ``inbound``."""
    UNKNOWN_WORKSPACE = "unknown_workspace"
    """The record's workspace is not among those given."""
    UNKNOWN_PLAN = "unknown_plan"
    """The record's billing plan is not among those given, or its workspace has none."""
    INVALID_AGENT_KIND = "invalid_agent_kind"
    """Neither ``cascaded`` nor ``speech_to_speech`` (R45)."""
    INVALID_PATH = "invalid_path"
    """None of ``pstn``, ``sip_trunk``, ``webrtc``."""
    MISSING_ANSWERED_AT = "missing_answered_at"
    """The deck has dated entries, or the plan dated versions, and the record no time (R50)."""
    BEFORE_FIRST_DECK = "before_first_deck"
    """The call was answered before the first deck of a book was in force (R50)."""
    BEFORE_FIRST_PLAN = "before_first_plan"
    """The call was answered before the first version of its billing plan held (R50)."""
    UNSUPPORTED_PREFIX = "unsupported_prefix"
    """No prefix of the deck begins the number (R15)."""
    BLOCKED = "blocked"
    """The prefix is refused; it does not fall back to a shorter one (R47)."""
    RATE_MISSING = "rate_missing"
    """The prefix has no rate for the direction, which is not a rate of zero (R47)."""
    OVERFLOW = "overflow"
    """The charge is more than a column can hold (R48)."""


def words_of(reason: Reason | None) -> str:
    """A reason as people read it.

    >>> words_of(Reason.MISSING_NUMBER)
    'missing number'
    """
    return "none" if reason is None else str(reason).replace("_", " ")
