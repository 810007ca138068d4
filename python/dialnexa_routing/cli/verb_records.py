"""``records``: what call records are, how they are read, and what is open; nothing is charged."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from dialnexa_routing.cli import call_options, options, terminal
from dialnexa_routing.cli.call_options import SaidOfCalls
from dialnexa_routing.cli.spelled import said
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.money.rupees import grouped

_SHOWN = ("to", "seconds", "answered_at", "direction", "status", "reason")
_ROWS = 5


@call_options.with_calls
def look_at_records(
    records: Annotated[
        str, typer.Argument(metavar="FILE", help="Call records of any system: a file, folder or pattern.")
    ],
    *,
    calls: SaidOfCalls,
    json: options.Json = False,
) -> int:
    """Show the format of call records, counts, what is open, and five rows as they are read.

    Exits 1 if something is open, or rows are refused. Where something is open, the rows are as they stand.
    """
    from dialnexa_routing.records.call_records import CallRecords
    from dialnexa_routing.records.refused_numbers import refused_numbers

    found = CallRecords.look(records, **calls.arguments)
    document: dict[str, Any] = {
        "files": list(found.files),
        "format": found.format,
        "recognised_by": found.recognised_by,
        "questions": [said(one.told()) for one in found.questions],
    }
    if found.questions:
        document["rows"] = found.head(_ROWS).to_dicts()
        _show(document, json)
        return 1
    counts = found.counts
    rows = found.lazy().select(_SHOWN).head(_ROWS).collect()
    document |= {
        "refused_numbers": refused_numbers(found.lazy(), found.number_plan),
        "counts": {name: getattr(counts, name) for name in ("read", "loaded", "refused", "noise", "joined")},
        "by_reason": dict(counts.by_reason),
        "told": [said(text) for _, _, text in found.told()],
        "rows": [{name: _cell(cell) for name, cell in row.items()} for row in rows.iter_rows(named=True)],
    }
    _show(document, json)
    return 1 if counts.refused else 0


def _show(document: dict[str, Any], json: bool) -> None:
    if json:
        terminal.document(document)
        return
    console = terminal.out()
    lines = {"files": ", ".join(document["files"]), "format": document["format"]}
    lines["recognised by"] = document["recognised_by"]
    if "counts" in document:
        parts = [f"{grouped(times)} {name}" for name, times in document["counts"].items()]
        lines["rows"] = f"{parts[0]} = {' + '.join(parts[1:])}"
    terminal.pairs(console, {name: terminal.plain(value) for name, value in lines.items()})
    for question in document["questions"]:
        console.print(terminal.plain(f"open: {question}"), soft_wrap=True)
    for reason, times in document.get("by_reason", {}).items():
        console.print(terminal.plain(f"refused: {reason.replace('_', ' ')}, {grouped(times)}"))
    for reason, times in document.get("refused_numbers", {}).items():
        console.print(terminal.plain(_of_numbers(reason, times)), soft_wrap=True)
    for text in document.get("told", ()):
        console.print(terminal.plain(f"note: {text}"), soft_wrap=True)
    if document.get("rows"):
        names = _SHOWN if "counts" in document else [*document["rows"][0]]
        table = terminal.table(*names)
        for row in document["rows"]:
            table.add_row(*(terminal.plain(row[name]) for name in names))
        console.print(table)


def _of_numbers(reason: str, times: int) -> str:
    """What is to be known of numbers that rating refuses."""
    told = f"rating will refuse: {reason.replace('_', ' ')}, {grouped(times)}"
    if reason == Reason.EMERGENCY_NUMBER:
        return told
    cures = "--international-prefix, --calling-code, --trunk-prefix, --strip and --addresses"
    return f"{told}; {cures} name how numbers were dialled"


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, datetime) else str(value)
