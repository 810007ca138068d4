"""``invoice``: rated records added up to what each workspace owes, with tax as a step of its own."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dialnexa_routing.cli import call_options, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.cli.verb_bills import days_of
from dialnexa_routing.text.html import joined


@in_place_of("written", call_options.TEXT, dict)
def invoice(
    rated: Annotated[str, typer.Argument(metavar="RATED", help="Rated records, as `rate` writes them.")],
    timezone: Annotated[str, typer.Option(help="Where days begin.")] = "Asia/Kolkata",
    workspace: Annotated[
        str | None, typer.Option(help="Column of workspaces; without it all records are one invoice.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Calls answered in this month alone; all without it."),
    ] = None,
    only: Annotated[str | None, typer.Option(help="This workspace alone.")] = None,
    answered_at: Annotated[
        str | None,
        typer.Option(help="Column of answer times with a zone.", show_default="answered_at_utc, as rated"),
    ] = None,
    decimals: Annotated[
        int | None,
        typer.Option(min=0, max=9, help="Places of the charges of a CSV.", show_default="those it has"),
    ] = None,
    gst: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Add GST at this rate, as 18; none without it.")
    ] = None,
    inter_state: Annotated[
        bool, typer.Option("--inter-state", help="GST as IGST, between states; else as CGST and SGST.")
    ] = False,
    *,
    written: dict[str, Any],
    html: reading.Html = None,
    json: options.Json = False,
) -> int:
    """Add up rated records to invoices: by network group and by day, exact to the paisa.

    Calls that were not rated stand beside the total with their reasons; there are then exit code 1.
    """
    from dialnexa_routing.billing.invoice import invoices
    from dialnexa_routing.billing.tax import Supply
    from dialnexa_routing.records.any_file import scan_any
    from dialnexa_routing.records.written_amounts import with_amounts

    reading.refuse_input(html, [Path(rated)])
    lazy = with_amounts(scan_any(rated, having="charge", **written), decimals=decimals)
    first, last = (None, None) if month is None else days_of(month)
    found = invoices(
        lazy, timezone=timezone, workspace=workspace, answered_at=answered_at, first=first, last=last
    )
    each = [found[only]] if only is not None else list(found)
    if gst is not None:
        supply = Supply.INTER_STATE if inter_state else Supply.INTRA_STATE
        each = [one.with_gst(supply=supply, percent=gst) for one in each]
    if html:
        reading.write_page(html, "Invoices", joined((one._repr_html_() for one in each), "<hr>"))
    if json:
        terminal.document({"invoices": [one.to_dict() for one in each]})
    else:
        sys.stdout.write("\n\n\n".join(map(str, each)) + "\n")
    return 1 if any(one.not_rated.height for one in each) else 0
