"""Words and flags that withdraw or refuse a destination (quirks 32 and 33)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.terms import truth
from dialnexa_routing.sheets.header_keys import normalise

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.questions import Questions


def listed(words: str) -> frozenset[str]:
    """The words of a text, each an item."""
    return frozenset(words.split())


CLOSED = listed(
    "close closed delete deleted deletion remove removed removal withdraw withdrawn discontinue discontinued"
    " terminated cancelled canceled expired ended retired obsolete"
) | {"code removal", "code removed", "code deletion", "code deleted", "code closed", "removed code"}
BLOCKED = listed(
    "block blocked bar barred suspend suspended forbidden rejected reject inactive disabled disable off"
    " deactivated unavailable denied stopped"
) | {"not available", "not active", "not offered", "not sold", "out of service"}
IN_FORCE = listed(
    "increase increased decrease decreased new unchanged current active open same change changed added add"
    " addition amended amendment modified update updated existing available enabled enable pending on ok live"
    " valid sold allowed normal"
) | {
    *("no change", "rate increase", "rate decrease", "code addition", "code added", "new code", "new rate"),
    *("rate change", "in force"),
}
_FREE = frozenset(["comment", "comments", "note", "notes", "remark", "remarks"])
_CHANGES = frozenset(["change", "rate_change", "indicator"])
_STEP = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+ ?%?|[\u2191\u2193=+-]|n/?a")
_YES = frozenset(["true", "yes", "1", "t", "y"])
_NO = frozenset(["false", "no", "0", "f", "n"])


@dataclass(frozen=True)
class Standing:
    """Which rows withdraw their prefix from their date on, and which say it is not sold."""

    closed: pl.Series
    blocked: pl.Series


def standing(intake: Intake, questions: Questions) -> Standing:
    """What the status columns and flags of each row say; unknown words of a status are asked about."""
    closed = truth(intake, "discontinued").fill_null(False)
    blocked = constant(False, intake.height)
    for name in intake.table.header.statuses():
        words, cells = _words(intake, name)
        strange = sorted(word for word in words if word not in CLOSED | BLOCKED | IN_FORCE)
        closed |= cells.is_in(list(CLOSED)).fill_null(False)
        blocked |= cells.is_in(list(BLOCKED)).fill_null(False)
        published = normalise(intake.published(name))
        doubtful = [word for word in strange if set(re.findall("[a-z]+", word)) & (CLOSED | BLOCKED)]
        if published in _CHANGES:
            # A step of the price, as +5 %, says nothing on whether the row holds.
            strange = [word for word in strange if not _STEP.fullmatch(word)]
        if doubtful and published in _FREE:
            reason = (
                "the words hold one for withdrawn or blocked, but say more, so the row is loaded as it is:"
                " write Closed or Blocked alone if that is meant"
            )
            intake.tell(name, cells.is_in(doubtful).fill_null(False), reason, Severity.WARNING)
        elif strange and published not in _FREE:
            _ask(intake, name, strange, cells, questions)
    gone, off = _enabled(intake)
    return Standing(closed | gone, blocked | off)


def _words(intake: Intake, name: str) -> tuple[list[str], pl.Series]:
    cells = intake.text(name).str.to_lowercase().str.strip_chars(" .!").str.replace_all(r"[\s_]+", " ")
    return cells.drop_nulls().unique().to_list(), cells


def _ask(intake: Intake, name: str, strange: list[str], cells: pl.Series, questions: Questions) -> None:
    published = intake.published(name)
    some = ", ".join(repr(word[:30]) for word in strange[:5])
    rows = int(cells.is_in(strange).sum())
    flags = set(strange) <= _YES | _NO
    way = (
        f"columns={{'enabled': {published!r}}} if it says what is sold,"
        f" columns={{'blocked': {published!r}}}"
        " if what is not,"
        if flags
        else "Closed, Blocked or Active in their place,"
    )
    verb = "pass" if flags else "write"
    questions.ask(
        "leave_out",
        f"{intake.table.file}: in the column {published!r} the words {some} of {rows} rows are not known to"
        f" sell, block or withdraw a row: {verb} {way} or pass leave_out=({published!r},) if no row depends"
        " on it",
        (f"({published!r},)",),
        column=published,
    )


def _enabled(intake: Intake) -> tuple[pl.Series, pl.Series]:
    """Which rows a column such as ``enabled`` withdraws, and which it says are not sold (R47, R50)."""
    never = constant(False, intake.height)
    if not intake.has("enabled"):
        return never, never
    _, cells = _words(intake, "enabled")
    off = cells.is_in(list(_NO | BLOCKED)).fill_null(False)
    closed = cells.is_in(list(CLOSED)).fill_null(False)
    known = off | closed | cells.is_in(list(_YES | IN_FORCE)).fill_null(True)
    intake.refuse("enabled", ~known, "neither yes nor no: write true, false, or nothing")
    return closed, off
