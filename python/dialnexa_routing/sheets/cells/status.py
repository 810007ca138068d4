"""Words and flags that withdraw or refuse a destination (quirks 32 and 33)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.status_words import BLOCKED, CLOSED, IN_FORCE, NO, YES
from dialnexa_routing.sheets.cells.terms import flags_of, truth
from dialnexa_routing.sheets.folding import folded
from dialnexa_routing.sheets.header_keys import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.questions import Questions
    from dialnexa_routing.sheets.sheet_choices import Choices


_FREE = frozenset(["comment", "comments", "note", "notes", "remark", "remarks"])
_CHANGES = frozenset(["change", "rate_change", "indicator"])
_STEP = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+ ?%?|[\u2191\u2193=+-]|n/?a")
_FIGURE = re.compile("[0-9]")
_PHRASE = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, CLOSED | BLOCKED), key=len, reverse=True))})\b")
_SAID = {"closed": CLOSED, "blocked": BLOCKED, "active": IN_FORCE}


@dataclass(frozen=True)
class Standing:
    """Which rows withdraw their prefix from their date on, and which state it is not sold."""

    closed: pl.Series
    blocked: pl.Series


def standing(intake: Intake, choices: Choices) -> Standing:
    """What the status columns and flags of each row say; unknown words of a status are asked about."""
    closed = truth(intake, "discontinued").fill_null(False)
    blocked = constant(False, intake.height)
    known = _known(choices)
    for name in intake.table.header.statuses():
        words, cells = _words(intake, name)
        strange = sorted(word for word in words if not any(word in those for those in known.values()))
        closed |= cells.is_in(list(known["closed"])).fill_null(False)
        blocked |= cells.is_in(list(known["blocked"])).fill_null(False)
        published = normalise(intake.published(name))
        doubtful = [word for word in strange if _PHRASE.search(word)]
        if published in _CHANGES:
            # A step of the price, as +5 %, states nothing on whether the row holds.
            strange = [word for word in strange if not _STEP.fullmatch(word)]
        if doubtful and published in _FREE:
            reason = (
                "the words hold one for withdrawn or blocked, but say more, so the row is loaded as it is:"
                " write Closed or Blocked alone if that is meant"
            )
            intake.tell(name, cells.is_in(doubtful).fill_null(False), reason, Severity.WARNING)
        elif strange and published not in _FREE:
            _ask(intake, name, strange, cells, choices.questions)
        elif strange:
            _tell_remarks(intake, name, strange, cells)
    gone, off = _enabled(intake, known)
    return Standing(closed | gone, blocked | off)


def plain_status(word: str) -> str:
    """A word of a status as it is compared.

    >>> plain_status(" Bloqu\u00e9 "), plain_status("Out-of-service")
    ('bloque', 'out of service')
    """
    return " ".join(re.sub(r"[\s_]+|(?<=[^\W_])-(?=[^\W_])", " ", folded(word)).split()).strip(" .!")


def _known(choices: Choices) -> dict[str, frozenset[str]]:
    """The words of each meaning, those of the caller first."""
    given = {plain_status(word): meaning for word, meaning in choices.statuses.items()}
    own = {name: {word for word, meaning in given.items() if meaning == name} for name in _SAID}
    return {name: frozenset(own[name]) | (words - given.keys()) for name, words in _SAID.items()}


def _words(intake: Intake, name: str) -> tuple[list[str], pl.Series]:
    cells = intake.text(name)
    plain = {cell: plain_status(cell) for cell in cells.drop_nulls().unique()}
    if any(cell != word for cell, word in plain.items()):
        cells = cells.replace(plain)
    return list(dict.fromkeys(plain.values())), cells


def _ask(intake: Intake, name: str, strange: list[str], cells: pl.Series, questions: Questions) -> None:
    published = intake.published(name)
    some = ", ".join(repr(word[:30]) for word in strange[:5])
    rows = int(cells.is_in(strange).sum())
    flags = set(strange) <= YES | NO
    each = ", ".join(f"{word[:30]!r}: \u2026" for word in strange[:5])
    way = (
        f"columns={{'enabled': {published!r}}} if it says what is sold,"
        f" columns={{'blocked': {published!r}}}"
        " if what is not,"
        if flags
        else f"statuses={{{each}}} with 'active', 'blocked' or 'closed' for each,"
    )
    questions.ask(
        "statuses" if not flags else "columns",
        f"{intake.table.file}: in the column {published!r} the words {some} of {rows} rows are not known to"
        f" sell, block or withdraw a row: pass {way} or leave_out=({published!r},) if no row depends on it",
        [f"{{{word!r}: {meaning!r}}}" for word in strange[:1] for meaning in _SAID]
        if not flags
        else [f"{{'enabled': {published!r}}}", f"{{'blocked': {published!r}}}"],
        column=published,
    )


def _tell_remarks(intake: Intake, name: str, strange: list[str], cells: pl.Series) -> None:
    """Warns of remarks that hold figures, as of money or time; others are a note with their count."""
    figured = [word for word in strange if _FIGURE.search(word)]
    reason = "this remark holds a figure and was not read: look whether the price of the row depends on it"
    intake.tell(name, cells.is_in(figured).fill_null(False), reason, Severity.WARNING)
    if rows := int(cells.is_in([word for word in strange if word not in figured]).sum()):
        intake.faults.tell(f"remarks of {rows} rows were not read", column=intake.published(name))


def _enabled(intake: Intake, known: Mapping[str, frozenset[str]]) -> tuple[pl.Series, pl.Series]:
    """Which rows a column such as ``enabled`` withdraws, and which it states are not sold (R47, R50)."""
    never = constant(False, intake.height)
    if not intake.has("enabled"):
        return never, never
    _, cells = _words(intake, "enabled")
    yes, no = flags_of(cells)
    off = cells.is_in(list(no | known["blocked"])).fill_null(False)
    closed = cells.is_in(list(known["closed"])).fill_null(False)
    on = off | closed | cells.is_in(list(yes | known["active"])).fill_null(True)
    intake.refuse("enabled", ~on, "neither yes nor no: write true, false, or nothing")
    return closed, off
