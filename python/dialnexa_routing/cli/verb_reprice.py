"""``reprice``: the same call records by the decks in use and by those that are to come."""

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

    try:
        found = reprice(
            call_files.scan(records),
            old=before,
            new=after,
            by=by or ["network_group"],
            new_at=when,
            old_plan=None if old_plan is None else BillingPlan.load(old_plan),
            new_plan=None if new_plan is None else BillingPlan.load(new_plan),
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            ended_at=ended_at,
            direction=direction,
            semantics=meaning,
            timezone=timezone,
            twice=twice,
        )
        if out is not None:
            call_files.sink(found.rows, out, source=records)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    if html:
        page = found.html(reading.PAGE_ROWS if rows is None else rows)
        reading.write_page(html, f"{old.name} -> {new.name}", page)
    if json:
        told = {"records": records, "old": str(old), "new": str(new)}
        terminal.document(told | found.to_dict(rows))
    else:
        sys.stdout.write((found.text() if rows is None else found.text(rows)) + "\n")
    return 1 if found.totals["only_by_old"] else 0
