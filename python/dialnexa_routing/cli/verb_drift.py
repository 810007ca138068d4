"""``drift``: the exact total of call records beside the rounded one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dialnexa_routing.cli import call_options, call_reading, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.call_options import SaidOfCalls
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import RecordError


@options.with_semantics
@call_options.with_calls
def drift_of_records(
    records: Annotated[
        str,
        typer.Argument(metavar="RECORDS", help="Call records, rated or not: a file, folder or pattern."),
    ],
    deck: Annotated[Path, typer.Option(help="The deck file that they are rated with.")],
    *,
    calls: SaidOfCalls,
    meaning: Semantics,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """What rounding each call adds to a bill or takes from it, and what other roundings would."""
    opened = reading.deck_or_book(deck)
    from dialnexa_routing.billing.rounding_drift import drift

    found_calls = call_reading.opened(records, calls, is_dated=opened.is_dated, whole=True)
    try:
        found = drift(
            found_calls.lazy,
            deck=opened,
            semantics=meaning,
            **found_calls.columns,
        )
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    found_calls.tell(opened.is_dated)
    if json:
        terminal.document({"records": records, "deck_digest": opened.digest} | found.to_dict())
    else:
        sys.stdout.write((found.text() if rows is None else found.text(rows)) + "\n")
    return 0
