"""``diff``: what becomes of numbers when one rate sheet takes the place of another."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_reading, options, sheet_options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.money import call_words
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import DeckTimeError, RecordError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.study.diff import SheetDiff
    from dialnexa_routing.sheets.study.impact import SheetImpact

_RECORDS, _OPTION = "Call records", "--records-read"


@options.with_semantics
@sheet_options.with_sheets
def diff_sheets(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The sheet now in use.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The sheet that is to take its place.")],
    *,
    how: dict[str, Any],
    at: reading.At = None,
    direction: Annotated[call_words.Direction, typer.Option(help="Which of the two rates.")] = "outbound",
    records: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Rate these calls by both sheets as they are at --at.",
            rich_help_panel=_RECORDS,
        ),
    ] = None,
    records_read: call_reading.RecordsRead = None,
    number: Annotated[str, typer.Option(help="Column of called numbers.", rich_help_panel=_RECORDS)] = "to",
    seconds: Annotated[str, typer.Option(help="Column of durations.", rich_help_panel=_RECORDS)] = "seconds",
    meaning: Semantics,
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """Compare two sheets by the numbers they cover: what gets dearer, cheaper, new, removed, blocked.

    The options of reading hold for both. Exits 1 if rows of either were refused, for then the
    comparison is not the whole one.
    """
    when = reading.instant(at)
    reading.refuse_input(html, [old, new, *([Path(records)] if records else [])])
    before, after = (sheet_options.read([path], how) for path in (old, new))
    try:
        found = before.diff(after, at=when, direction=direction)
    except DeckTimeError as error:
        raise DeckTimeError(
            "the sheets have rows that hold only at times; give --at the time to compare them at, or now"
        ) from error
    impact = _impact(found, records, records_read, number, seconds, meaning) if records else None
    if html:
        page_rows = reading.PAGE_ROWS if rows is None else rows
        body = found.html(page_rows) + (impact.html(page_rows) if impact else "")
        reading.write_page(html, f"{old.name} -> {new.name}", body)
    refused = [sheet.counts.refused for sheet in (before, after)]
    if json:
        told = found.to_dict(rows) | {"refused": dict(zip(("old", "new"), refused, strict=True))}
        terminal.document(told | ({"impact": impact.to_dict(rows)} if impact else {}))
    else:
        sys.stdout.write(_text(found, impact, rows))
        for path, count in zip((old, new), refused, strict=True):
            if count:
                sys.stdout.write(f"\n{terminal.plain(path)}: {count} rows were refused; see check\n")
    return 1 if any(refused) else 0


def _text(found: "SheetDiff", impact: "SheetImpact | None", rows: int | None) -> str:
    parts = [found.text() if rows is None else found.text(rows)]
    if impact:
        parts.append(f"impact\n{impact.text() if rows is None else impact.text(rows)}")
    return "\n\n".join(parts) + "\n"


def _impact(
    found: "SheetDiff", records: str, how: list[str] | None, number: str, seconds: str, meaning: Semantics
) -> "SheetImpact":
    calls = call_reading.opened_another(records, {"to": number, "seconds": seconds}, how, _OPTION)
    columns = {name: calls.columns[name] for name in ("number", "seconds")}
    try:
        return found.impact(calls.lazy, **columns, semantics=meaning)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
