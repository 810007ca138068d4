"""``check``: what is in rate sheets, and what is wrong with them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_reading, sheet_options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.options import Json
from dialnexa_routing.cli.spelled import said
from dialnexa_routing.text.errors import DeckTimeError, RecordError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.study.sheet_report import SheetReport

_RECORDS = "Call records"


@sheet_options.with_sheets
def check_sheets(
    sheets: Annotated[
        list[Path],
        typer.Argument(metavar="SHEET...", help="CSV, xlsx, JSON, Parquet or IPC of one provider."),
    ],
    *,
    how: dict[str, Any],
    at: reading.At = None,
    records: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Count these calls, and what they are charged, under findings on today's number plan.",
            rich_help_panel=_RECORDS,
        ),
    ] = None,
    records_read: call_reading.RecordsRead = None,
    number: Annotated[str, typer.Option(help="Column of called numbers.", rich_help_panel=_RECORDS)] = "to",
    seconds: Annotated[str, typer.Option(help="Column of durations.", rich_help_panel=_RECORDS)] = "seconds",
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: Json = False,
) -> int:
    """Show what sheets hold, which prefixes make no difference, what looks wrong, and what begins no number.

    Exits 1 if rows were refused, or something found is an error. Rows with dates are looked at as of --at.
    """
    when = reading.instant(at)
    reading.refuse_input(html, [*sheets, *([Path(records)] if records else [])])
    sheet = sheet_options.read(sheets, how)
    try:
        report = sheet.report(at=when)
    except DeckTimeError:
        raise DeckTimeError(
            "the sheets have rows that hold only at times; give --at the time to look at them at, or now"
        ) from None
    if records:
        report = _with_calls(report, records, records_read, number, seconds)
    if html:
        page_rows = reading.PAGE_ROWS if rows is None else rows
        reading.write_page(html, f"check of {report.name}", report.html(page_rows))
    if json:
        terminal.document(report.to_dict(rows))
    else:
        sys.stdout.write(f"{said(report.text() if rows is None else report.text(rows))}\n")
    return 0 if report.is_clean else 1


def _with_calls(
    report: "SheetReport", records: str, how: list[str] | None, number: str, seconds: str
) -> "SheetReport":
    calls = call_reading.opened_another(records, {"to": number, "seconds": seconds}, how, "--records-read")
    try:
        return report.with_calls(calls.lazy, number=calls.columns["number"], seconds=calls.columns["seconds"])
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
