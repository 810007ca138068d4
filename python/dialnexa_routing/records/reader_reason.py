"""Why a row has no charge though it could be rated: what the reader of call records knows of it.

`dialnexa_routing.records.rate` keeps these words; but for the last one it never finds them itself, for it
sees no whole file.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.money.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReaderReason(StrEnum):
    """What `CallRecords` states of a row beside the reasons of rating."""

    DUPLICATE = "duplicate"
    """A row before it has the same key (``unique_by=``)."""
    OTHER_LEG = "other_leg"
    """Another row of the same call is charged (``legs="one"``)."""
    INTERNAL_CALL = "internal_call"
    """Inside of the system, or from a browser: no call of the network."""
    UNKNOWN_STATUS = "unknown_status"
    """A word that states neither answered nor not, on a call that has a length."""
    UNCLEAR_NUMBER = "unclear_number"
    """Digits that may be national or have a calling code, or that the named reading makes no number of."""
    TOO_LONG = "too_long"
    """Longer than ``longest_s=``, or than a month: from a clock that was not set, say."""
    INVALID_VOICEMAIL = "invalid_voicemail"
    """A text that states neither that a machine answered nor that none did; found by rating by plan (R52)."""


REMEDIES: Mapping[str, str] = {
    ReaderReason.DUPLICATE: "the row stands in the records already; nothing is to be done",
    ReaderReason.OTHER_LEG: "another row of this call is charged; legs='all' charges every row",
    ReaderReason.INTERNAL_CALL: "it never left the system; direction= with its word rates it nevertheless",
    ReaderReason.UNKNOWN_STATUS: "name the words that mean answered with answered=",
    ReaderReason.UNCLEAR_NUMBER: "it may be national, or have its calling code: write a plus in front of it, "
    "or settle it with reading=NumberReading(calling_code='91', coded='national') with their code in place of"
    " 91",
    ReaderReason.TOO_LONG: "look at the call, or raise longest_s=",
    ReaderReason.INVALID_VOICEMAIL: "write true or false, or nothing",
    Reason.MISSING_NUMBER: "no called number stands in the row",
    Reason.INVALID_SECONDS: "write seconds as 63 or 00:01:03, or name their unit with seconds_unit=",
    Reason.NEGATIVE_SECONDS: "correct the length",
    Reason.MISSING_SECONDS: "write the length; a call that was not answered has 0",
    Reason.END_BEFORE_ANSWER: "correct the times",
    Reason.INVALID_ANSWERED_AT: "write 2026-11-02T10:00:00+05:30; dates=, epoch_unit=, timezone= and twice= "
    "settle what can be meant in two ways",
    Reason.INVALID_DIRECTION: "write outbound or inbound, or name the system's words, as "
    "direction={'OB': 'outbound'}",
    Reason.INVALID_NUMBER: "this is no number with its calling code; how it was dialled is named by reading="
    "NumberReading(calling_code='91', trunk_prefix='0', international_prefix='00', separators='removed', "
    "addresses='read')",
    Reason.IMPOSSIBLE_NUMBER: "no number under its calling code is so long; national ones are read with "
    "reading=NumberReading(calling_code='91') with their code in place of 91",
    Reason.MISSING_ANSWERED_AT: "prices have dates: name answer times as columns={'answered_at': 'HEADER'}",
    Reason.UNSUPPORTED_PREFIX: "no prefix of the deck begins the number, or none that held at its answer",
}
"""What can be done about a reason, for `CallRecords.faults`."""

COLUMN_OF: Mapping[str, str] = {
    Reason.INVALID_SECONDS: "seconds",
    Reason.NEGATIVE_SECONDS: "seconds",
    Reason.MISSING_SECONDS: "seconds",
    Reason.END_BEFORE_ANSWER: "ended_at",
    Reason.INVALID_ANSWERED_AT: "answered_at",
    Reason.MISSING_NUMBER: "to",
    Reason.INVALID_DIRECTION: "direction",
    ReaderReason.INTERNAL_CALL: "direction",
    ReaderReason.UNCLEAR_NUMBER: "to",
    ReaderReason.UNKNOWN_STATUS: "status",
    ReaderReason.TOO_LONG: "seconds",
}
"""Which column a reason speaks of."""
