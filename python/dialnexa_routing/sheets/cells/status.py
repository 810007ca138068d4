"""Words and flags that withdraw or refuse a destination (quirks 32 and 33)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.terms import truth
from dialnexa_routing.sheets.headers import normalise

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.sheets.cells.intake import Intake

CLOSED = frozenset(
    [
        "close",
        "closed",
        "delete",
        "deleted",
        "deletion",
        "remove",
        "removed",
        "removal",
        "withdraw",
        "withdrawn",
        "discontinue",
        "discontinued",
        "terminated",
        "cancelled",
        "canceled",
    ]
) | {"code removal", "code removed", "code deletion", "code deleted", "code closed", "removed code"}
BLOCKED = frozenset(
    ["block", "blocked", "bar", "barred", "suspend", "suspended", "forbidden", "rejected"]
) | {
    "not available",
    "not offered",
    "out of service",
}
IN_FORCE = frozenset(
    [
        "increase",
        "increased",
        "decrease",
        "decreased",
        "new",
        "unchanged",
        "current",
        "active",
        "open",
        "same",
        "change",
        "changed",
        "added",
        "add",
        "addition",
        "amended",
        "amendment",
        "modified",
        "update",
        "updated",
        "existing",
        "available",
        "enabled",
        "pending",
    ]
) | {"no change", "rate increase", "rate decrease", "code addition", "code added", "new code", "new rate"}
_FREE = frozenset(["comment", "comments", "note", "notes", "remark", "remarks"])


@dataclass(frozen=True)
class Standing:
    """Which rows withdraw their prefix from their date on, and which say it is not sold."""

    closed: pl.Series
    blocked: pl.Series


def standing(intake: Intake) -> Standing:
    """What the status columns and flags of each row say; words that say nothing known are told."""
    closed = truth(intake, "discontinued").fill_null(False)
    blocked = constant(False, intake.height)
    for name in intake.table.header.statuses():
        cells = intake.text(name).str.to_lowercase().str.strip_chars(" .!")
        cells = cells.str.replace_all(r"[\s_]+", " ")
        words = cells.drop_nulls().unique().to_list()
        strange = sorted(word for word in words if word not in CLOSED | BLOCKED | IN_FORCE)
        closed |= cells.is_in(list(CLOSED)).fill_null(False)
        blocked |= cells.is_in(list(BLOCKED)).fill_null(False)
        doubtful = [word for word in strange if set(re.findall("[a-z]+", word)) & (CLOSED | BLOCKED)]
        if doubtful:
            reason = (
                "the words hold one for withdrawn or blocked, but say more, so the row is loaded as it is:"
                " write Closed or Blocked alone if that is meant"
            )
            intake.tell(name, cells.is_in(doubtful).fill_null(False), reason, Severity.WARNING)
        elif strange and normalise(intake.published(name)) not in _FREE:
            some = ", ".join(repr(word[:30]) for word in strange[:5])
            reason = f"{len(strange)} words of this column are not known and change nothing: {some}"
            intake.faults.tell(reason, column=intake.published(name))
    return Standing(closed, blocked)
