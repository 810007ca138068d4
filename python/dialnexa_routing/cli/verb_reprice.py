"""``reprice``: the same call records by the decks in use and by those that are to come."""

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
def reprice_records(
    records: Annotated[
        str, typer.Argument(metavar="RECORDS", help="Call records, as of rate; a file, folder or pattern.")
    ],
    old: Annotated[
        Path, typer.Option(metavar="DECK", help="What is in use: a deck file, or a folder with book.toml.")
    ],
    new: Annotated[Path, typer.Option(metavar="DECK", help="What is to take its place, likewise.")],
    old_plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="The plan in use, JSON or TOML; the deck's own terms without it."),
    ] = None,
    new_plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="The plan that is to take its place.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="A column of the rating or of the records; may be repeated.  [network_group]"),
    ] = None,
    new_at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Rate by --new as if all calls were answered then, or now."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the records that differ: Parquet, CSV or Arrow IPC."),
    ] = None,
    *,
    calls: SaidOfCalls,
    meaning: Semantics,
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """What other decks charge for the same calls: the change exactly, by group, country and reason.

    Exits 1 if calls that the old ones rate are not rated by the new ones.
    """
    when = reading.instant(new_at, "--new-at")
    if old_plan is not None and new_plan is not None and meaning != Semantics():
        raise typer.BadParameter(
            "a plan says itself how it counts; leave --pulse and the like out", param_hint="--old-plan"
        )
    reading.refuse_input(html, [Path(records), old, new, old / "book.toml", new / "book.toml"])
    before, after = reading.deck_or_book(old), reading.deck_or_book(new)
    from dialnexa_routing.billing.repricing import reprice
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.records import call_files

    is_dated = before.is_dated or (after.is_dated and when is None)
    found_calls = call_reading.opened(records, calls, is_dated=is_dated, whole=True)
    try:
        found = reprice(
            found_calls.lazy,
            old=before,
            new=after,
            by=by or ["network_group"],
            new_at=when,
            old_plan=None if old_plan is None else BillingPlan.load(old_plan),
            new_plan=None if new_plan is None else BillingPlan.load(new_plan),
            semantics=meaning,
            **found_calls.columns,
        )
        if out is not None:
            call_files.sink(found.rows, out, source=records)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    found_calls.tell(before.is_dated or after.is_dated)
    if html:
        page = found.html(reading.PAGE_ROWS if rows is None else rows)
        reading.write_page(html, f"{old.name} -> {new.name}", page)
    if json:
        told = {"records": records, "old": str(old), "new": str(new)}
        terminal.document(told | found.to_dict(rows))
    else:
        sys.stdout.write((found.text() if rows is None else found.text(rows)) + "\n")
    return 1 if found.totals["only_by_old"] else 0
