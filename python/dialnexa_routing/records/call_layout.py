"""Which column of a table is what: by its format, by the names that the caller gives, or by our own names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialnexa_routing.records.call_choices import Question, way
from dialnexa_routing.records.formats import FORMATS, by_name, recognised
from dialnexa_routing.records.formats.call_format import (
    Answered,
    CallFormat,
    CallHead,
    Choice,
    FirstOf,
    Joined,
    Kind,
    folded,
)
from dialnexa_routing.records.telling_columns import answers_of, ways_of
from dialnexa_routing.records.unit_names import speaks_of
from dialnexa_routing.records.unknown_layout import UnknownLayoutError, like, unknown
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.formats.call_format import CallColumn
    from dialnexa_routing.records.raw_tables import RawTable

OWN = "plain"


def _is_own(head: CallHead) -> bool:
    there = set(head.names)
    return "to" in there and bool({"seconds", "ended_at"} & there)


PLAIN = CallFormat(
    name=OWN,
    title="our own columns",
    recognised_by="columns to, and seconds or ended_at",
    sign=_is_own,
    columns={
        "call_id": "call_id",
        "to": "to",
        "from": "from",
        "answered_at": "answered_at",
        "ended_at": "ended_at",
        "seconds": "seconds",
        "direction": "direction",
        "status": "status",
        "voicemail": "voicemail",
        "their_charge": "their_charge",
        "their_currency": "their_currency",
    },
    direction="outbound",
    charge_sign="positive",
)
"""The layout that `records.rate` reads as well. Without a column ``direction`` its calls are outbound."""


@dataclass(frozen=True)
class Layout:
    """How one table is read.

    Attributes:
        format: by what.
        at: of a document, the list of records; of a workbook, the sheet.
        header: whether its first line names the columns.
        names: of its raw columns.
        columns: which of them are what, by canonical name; several are joined, or the first filled is taken.
        questions: what the caller has to state first.
        currency: of the charges of the first rows that are not in rupees.
    """

    format: CallFormat
    at: str
    header: bool
    names: tuple[str, ...]
    columns: Mapping[str, Joined | FirstOf]
    questions: tuple[Question, ...]
    currency: str | None = None


def layout(table: RawTable, choices: CallChoices) -> Layout:
    """The layout of a table.

    Raises:
        RecordError: none is recognised, or several are; a column that was named is not there.
    """
    form, at = _format(table, choices)
    head = table.heads[at]
    header = form.header and choices.header is not None and choices.header is not False
    if head.kind is not Kind.TEXT:
        header = True
    names = head.names if header else form.names_of(len(head.names))
    if header:
        names = tuple(name or f"column_{place}" for place, name in enumerate(names, 1))
    elif form.width is not None and len(names) not in form.width:
        wanted = ", ".join(map(str, sorted(form.width)))
        raise RecordError(f"{table.file} has {len(names)} cells in its first line; {form.title} has {wanted}")
    questions: list[Question] = []
    columns: dict[str, Joined | FirstOf] = {}
    for canonical, meant in form.columns.items():
        found = (
            _found(meant, (*names, *form.adds), canonical, questions)
            if canonical not in choices.columns
            else None
        )
        if found is not None:
            columns[canonical] = found
    for canonical, meant in choices.columns.items():
        columns[canonical] = _named(meant, names, canonical, table)
    _complete(form, columns, choices, table, names, questions)
    if "direction" not in columns and choices.direction is None:
        # What a known format has there is of the leg as the switch sees it.
        ways = ways_of(names, head.rows) if form.sign is None or form.name == OWN else ()
        if ways or form.direction is None:
            questions.append(_of_ways(form, ways))
    if "status" not in columns and (form.sign is None or form.name == OWN):
        questions += _of_answers(columns, names, head)
    if form.name == OWN and "direction" in columns:
        form = replace(form, direction={})
    return Layout(form, at, header, names, columns, tuple(questions))


def _format(table: RawTable, choices: CallChoices) -> tuple[CallFormat, str]:
    """By which format, and which list of a document."""
    given = choices.format
    if isinstance(given, CallFormat):
        return given, _list_of(given, table)
    if given != "auto":
        known = PLAIN if given == OWN else by_name(given)
        if known is None:
            names = [OWN, *(one.name for one in FORMATS)]
            raise RecordError(
                f"there is no format {given!r}{nearest(given, names)}; formats: {', '.join(names)}"
            )
        return known, _list_of(known, table)
    headless = choices.header is None or choices.header is False
    found = [
        (one, at)
        for at, head in table.heads.items()
        for one in recognised(head)
        if not (headless and one.header and head.kind is Kind.TEXT)
    ]
    # One format may take several lists of a document for its own: the one it names, else the first.
    kept = {one.name: (one, at) for one, at in reversed(found)}
    kept |= {one.name: (one, at) for one, at in found if at == one.records_at}
    if len(kept) > 1:
        told = " and ".join(f"{one.title} ({one.recognised_by})" for one, _ in kept.values())
        ways = " or ".join(way("format", name) for name in kept)
        raise RecordError(f"{table.file} could be of {told}: pass {ways}")
    if kept:
        (one,) = kept.values()
        return one
    own = next((at for at, head in table.heads.items() if _is_own(head) and not headless), None)
    if own is not None:
        return PLAIN, own
    if {"to"} <= choices.columns.keys():
        return _by_columns(choices), _having(table, choices)
    raise UnknownLayoutError(unknown(table, choices))


def _list_of(form: CallFormat, table: RawTable) -> str:
    if form.records_at in table.heads:
        return form.records_at
    return next((at for at, head in table.heads.items() if form.recognises(head)), next(iter(table.heads)))


def _having(table: RawTable, choices: CallChoices) -> str:
    """The first list of a document, or sheet, that has the columns that the caller names."""
    wanted = [one for one in choices.columns.values() if isinstance(one, str)]
    return next((at for at, head in table.heads.items() if head.has(*wanted)), next(iter(table.heads)))


def _by_columns(choices: CallChoices) -> CallFormat:
    return CallFormat(
        name="columns",
        title="the columns that were named",
        recognised_by="columns=",
        sign=None,
        columns={},
        header=choices.header is True,
        seconds_unit=None,
        direction={} if "direction" in choices.columns else None,
        answered=Answered(at=False),
        charge_sign=None,
    )


def _parts(meant: CallColumn) -> tuple[str | int, ...]:
    return (meant,) if isinstance(meant, str | int) else meant.parts


def _found(
    meant: CallColumn, names: Sequence[str], canonical: str, questions: list[Question]
) -> Joined | FirstOf | None:
    """The columns of a format that are there."""
    there = [name for part in _parts(meant) if (name := _place(part, names)) is not None]
    if isinstance(meant, Joined):
        return Joined(tuple(there)) if len(there) == len(meant.parts) else None
    if not there:
        return None
    if isinstance(meant, Choice) and len(there) > 1:
        questions.append(Question("columns", meant.why, tuple(there), canonical))
    return FirstOf(tuple(there) if isinstance(meant, FirstOf) and meant.filled else (there[0],))


def _place(part: str | int, names: Sequence[str]) -> str | None:
    if isinstance(part, int):
        return names[part - 1] if 1 <= part <= len(names) else None
    if part in names:
        return part
    wanted = folded(part)
    return next((name for name in names if folded(name) == wanted), None)


def _spelled(part: str | int, names: Sequence[str]) -> str | None:
    """A column as the caller spells it, or but for case where only one is."""
    if isinstance(part, int) or part in names:
        return _place(part, names)
    alike = [name for name in names if name.casefold() == part.casefold()]
    return alike[0] if len(alike) == 1 else None


def _of_ways(form: CallFormat, names: tuple[str, ...]) -> Question:
    """Which way calls went, of a file whose columns with these names look as if they stated it."""
    if not names:
        text = f"{form.title} says of no call which way it went"
        return Question("direction", text, ("outbound", "inbound"))
    text = (
        f"the column {names[0]!r} looks as if it says which way calls went; where all went one way there is "
    )
    return Question("columns", text + "direction='outbound'", names, "direction")


def _of_answers(
    columns: Mapping[str, Joined | FirstOf], names: tuple[str, ...], head: CallHead
) -> list[Question]:
    """Whether calls were answered, of a file whose column nobody named looks as if it stated so."""
    taken = {str(part) for meant in columns.values() for part in meant.parts}
    length = columns.get("seconds")
    said = answers_of(names, head.rows, str(length.parts[0]) if length is not None else None)
    open_ = tuple(name for name in said if name not in taken)
    if not open_:
        return []
    text = (
        f"the column {open_[0]!r} looks as if it says which calls were answered; where all of them count, "
        "name all of its words with answered= as well"
    )
    return [Question("columns", text, open_, "status")]


_FOR_ALL = "; for all rows alike pass direction='outbound' or direction='inbound'"


def _named(meant: CallColumn, names: Sequence[str], canonical: str, table: RawTable) -> Joined | FirstOf:
    """The columns that the caller names, all of which must be there, as they are spelled or but for case."""
    there: list[str | int] = []
    if not isinstance(meant, str | int | Joined | FirstOf):
        raise TypeError(f"columns[{canonical!r}] is {meant!r}; pass a header, a place from 1, or Joined(…)")
    for part in _parts(meant):
        name = _spelled(part, names)
        if name is None:
            raise RecordError(_no_column(part, canonical, names, table))
        there.append(name)
    return Joined(tuple(there)) if isinstance(meant, Joined) else FirstOf(tuple(there))


def _no_column(part: str | int, canonical: str, names: Sequence[str], table: RawTable) -> str:
    """What is reported of a column that was named and is not there."""
    shown = quoted(", ".join(map(repr, names[:40])), 600)
    near = nearest(part, names) if isinstance(part, str) else ""
    told = f"{table.file}: there is no column {part!r}{near}; for {canonical!r} there are {shown}"
    if any(part in row for head in table.heads.values() for row in head.rows):
        told += "; it stands in a later line: take away the lines above"
    return told + (_FOR_ALL if canonical == "direction" else "")


def _complete(
    form: CallFormat,
    columns: Mapping[str, Joined | FirstOf],
    choices: CallChoices,
    table: RawTable,
    names: Sequence[str],
    questions: list[Question],
) -> None:
    """Ask for whatever is missing: the number, the length, the direction."""
    shown = quoted(", ".join(map(repr, names[:40])), 600)
    if "to" not in columns:
        text = f"the column of called numbers is not named; there are {shown}"
        questions.append(Question("columns", text, like(("to", "dst", "destination", "number"), names), "to"))
    if "seconds" not in columns and not {"answered_at", "ended_at"} <= columns.keys():
        text = f"neither seconds of talk nor both answer and end are named; there are {shown}"
        near = like(("seconds", "billsec", "duration", "talk"), names)
        questions.append(Question("columns", text, near, "seconds"))
    open_unit = form.seconds_unit is None or "seconds" in choices.columns
    if "seconds" in columns and choices.seconds_unit is None and open_unit:
        for name in columns["seconds"].parts:
            unit = speaks_of(str(name))
            if unit is not None:
                text = f"the column {name!r} speaks of another unit than seconds"
                questions.append(Question("seconds_unit", text, (unit, "s")))
