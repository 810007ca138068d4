"""Options that say how call records are written, for all verbs that read them, and what they become."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import terminal
from dialnexa_routing.numbers.number_reading import NumberReading, Separators
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.records.call_records import CallRecords

_PANEL = "How the records are written"


def _how(words: str, **more: Any) -> Any:
    return typer.Option(help=words, rich_help_panel=_PANEL, **more)


_OPTIONS: dict[str, tuple[Any, Any]] = {
    "format": (
        Annotated[str, _how("The system that wrote them; auto recognises it.", metavar="NAME")],
        "auto",
    ),
    "column": (
        Annotated[
            list[str] | None,
            _how("Which column is what, as to=dst or seconds=14; may be repeated.", metavar="NAME=HEADER"),
        ],
        None,
    ),
    "header": (Annotated[bool, _how("Whether the first line names the columns.")], True),
    "dates": (Annotated[str | None, _how("Of 05/11/2026.", metavar="day_first|month_first")], None),
    "epoch_unit": (Annotated[str | None, _how("Of times that count from 1970.", metavar="s|ms|us|ns")], None),
    "seconds_unit": (
        Annotated[str | None, _how("Of durations.", metavar="s|ms|us|ns|min|clock")],
        None,
    ),
    "answered": (
        Annotated[list[str] | None, _how("A status that means answered; may be repeated.", metavar="WORD")],
        None,
    ),
    "legs": (
        Annotated[str, _how("Of a call in several rows, charge one or all.", metavar="one|all")],
        "one",
    ),
    "unique_by": (
        Annotated[list[str] | None, _how("A column that no two calls share; may be repeated.")],
        None,
    ),
    "longest_s": (Annotated[int | None, _how("Seconds beyond which a call is refused.")], None),
    "charge_sign": (
        Annotated[str | None, _how("Of the provider's charges.", metavar="positive|negative")],
        None,
    ),
    "currency": (Annotated[str | None, _how("Of the provider's charges, as USD.")], None),
    "encoding": (Annotated[str | None, _how("Of text, as cp1251.")], None),
    "international_prefix": (
        Annotated[str | None, _how("Dialled before calling codes, as 00.", metavar="DIGITS")],
        None,
    ),
    "calling_code": (
        Annotated[str | None, _how("Of numbers without plus and calling code, as 91.", metavar="DIGITS")],
        None,
    ),
    "strip": (
        Annotated[list[str] | None, _how("Taken away in front of numbers, as 9.", metavar="DIGITS")],
        None,
    ),
    "trunk_prefix": (
        Annotated[str | None, _how("Dialled before national numbers there, as 0.", metavar="DIGITS")],
        None,
    ),
    "separators": (
        Annotated[Separators, _how("Blanks, dashes, dots and brackets in numbers.")],
        Separators.REFUSED,
    ),
    "max_refused_rows": (
        Annotated[float, _how("The share of rows that may be unreadable, 0 to 1.")],
        0.5,
    ),
}
NAMED: dict[str, str | None] = {
    "to": "to",
    "seconds": "seconds",
    "answered_at": "answered_at",
    "ended_at": None,
    "direction": "direction",
}
"""What the options that name columns are called where nobody says otherwise."""
_READING = ("calling_code", "trunk_prefix", "international_prefix", "separators", "strip")


def with_calls(
    verb: Callable[..., int], format_options: tuple[str, ...] = ("--format", "--records-format")
) -> Callable[..., int]:
    """Gives a verb these options in the place of its parameter `written`: arguments of `CallRecords.read`.

    `format_options` is for verbs whose own ``--format`` is that of their output.
    """

    @wraps(verb)
    def told(**given: Any) -> int:
        written = {name: given.pop(name) for name in _OPTIONS}
        return verb(**given, written=_arguments(written))

    parameters: list[Parameter] = []
    for one in signature(verb).parameters.values():
        parameters += (
            _parameters(format_options)
            if one.name == "written"
            else [one.replace(kind=Parameter.KEYWORD_ONLY)]
        )
    told.__signature__ = Signature(parameters, return_annotation=int)  # type: ignore[attr-defined]
    told.__annotations__ = {one.name: one.annotation for one in parameters}
    return told


def _parameters(format_options: tuple[str, ...]) -> list[Parameter]:
    made = dict(_OPTIONS)
    words = "The system that wrote them; auto recognises it."
    option = typer.Option(*format_options, help=words, rich_help_panel=_PANEL, metavar="NAME")
    made["format"] = (Annotated[str, option], "auto")
    return [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, (option, default) in made.items()
    ]


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, as arguments of `CallRecords.read`; what was not is left out."""
    changed = {name: value for name, value in given.items() if value not in (_OPTIONS[name][1], [])}
    how = {name: changed.pop(name) for name in _READING if name in changed}
    if how:
        changed["reading"] = NumberReading(**how)
    if "column" in changed:
        changed["columns"] = dict(_column(text) for text in changed.pop("column"))
    if "max_refused_rows" in changed:
        changed["max_refused"] = changed.pop("max_refused_rows")
    for name in ("answered", "unique_by"):
        if name in changed:
            changed[name] = tuple(changed[name])
    return changed


def _column(text: str) -> tuple[str, str | int]:
    name, equals, header = text.partition("=")
    if not (name and equals and header):
        raise typer.BadParameter(f"{text!r} is not NAME=HEADER, as to=dst", param_hint="--column")
    place = header.isascii() and header.isdecimal() and len(header) < 5
    return name, int(header) if place else header


def columns_of(named: Mapping[str, str | None], usual: Mapping[str, str | None]) -> dict[str, Any]:
    """What the options that name columns one by one come to: ``--number`` and the like."""
    found: dict[str, Any] = {}
    columns = {name: header for name, header in named.items() if header not in (None, usual[name])}
    direction = columns.get("direction")
    if direction in ("outbound", "inbound"):
        found["direction"] = columns.pop("direction")
    if columns:
        found["columns"] = columns
    return found


def have_named(file: "Path", named: Mapping[str, str | None]) -> bool:
    """Whether records have the columns that were named, so that nothing of a system is to be known."""
    from dialnexa_routing.records import call_files

    try:
        columns = call_files.columns(file).columns
    except RecordError:
        return False
    return named["to"] in columns and named["ended_at" if named["ended_at"] else "seconds"] in columns


def merged(written: Mapping[str, Any], named: Mapping[str, str | None]) -> dict[str, Any]:
    """What was said of the records, by the options of the reader and by those that name columns."""
    found = columns_of(named, NAMED)
    columns = {**found.pop("columns", {}), **written.get("columns", {})}
    return {**written, **found, **({"columns": columns} if columns else {})}


def opened(source: Any, arguments: Mapping[str, Any]) -> "CallRecords":
    """The records; what is open is told in the words of the command line, all of it at once."""
    from dialnexa_routing.records.call_choices import all_told
    from dialnexa_routing.records.call_records import CallRecords

    found = CallRecords.look(source, face="command line", **arguments)
    if found.questions:
        raise RecordError(all_told(found.name, found.questions, "command line"))
    return found


def tell(found: "CallRecords", tally: Any) -> None:
    """What is to be known of whole files, a line each on stderr."""
    for file, column, text in found.told(tally):
        where = ", ".join(part for part in (file, column and f"column {column}") if part)
        terminal.note(f"{where}: {text}" if where else text)
