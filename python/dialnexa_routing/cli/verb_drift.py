"""``drift``: the exact total of call records beside the rounded one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import options, terminal
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import RecordError

_COLUMNS = "Columns of the records"


@options.with_semantics
def drift_of_records(
    records: Annotated[
        str,
        typer.Argument(metavar="RECORDS", help="Call records, rated or not: a file, folder or pattern."),
    ],
    deck: Annotated[Path, typer.Option(help="The deck file that they are rated with.")],
    number: Annotated[str, typer.Option(help="Called numbers.", rich_help_panel=_COLUMNS)] = "to",
    seconds: Annotated[
        str, typer.Option(help="Durations from answer to end.", rich_help_panel=_COLUMNS)
    ] = "seconds",
    answered_at: Annotated[str, typer.Option(help="Answer times.", rich_help_panel=_COLUMNS)] = "answered_at",
    ended_at: Annotated[
        str | None, typer.Option(help="End times, in place of --seconds.", rich_help_panel=_COLUMNS)
    ] = None,
    direction: Annotated[
        str, typer.Option(help="A column, or outbound or inbound for all rows.", rich_help_panel=_COLUMNS)
    ] = "direction",
    timezone: Annotated[
        str | None, typer.Option(help="Zone of times without one, as Asia/Kolkata.", rich_help_panel=_COLUMNS)
    ] = None,
    twice: options.TwiceIs = options.REFUSED,
    *,
    meaning: Semantics,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """What rounding each call adds to a bill or takes from it, and what other roundings would."""
    opened = reading.deck_or_book(deck)
    from dialnexa_routing.billing.rounding_drift import drift
    from dialnexa_routing.records import call_files

    try:
        found = drift(
            call_files.scan(records),
            deck=opened,
            semantics=meaning,
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            ended_at=ended_at,
            direction=direction,
            timezone=timezone,
            twice=twice,
        )
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    if json:
        terminal.document({"records": records, "deck_digest": opened.digest} | found.to_dict())
    else:
        sys.stdout.write((found.text() if rows is None else found.text(rows)) + "\n")
    return 0
