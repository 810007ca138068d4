"""``reprice``: the same call records by the decks in use and by those that are to come."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dialnexa_routing import semantics
from dialnexa_routing.cli import options, reading, terminal
from dialnexa_routing.deck import RateDeck
from dialnexa_routing.errors import RecordError

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.billing.book import DeckBook

_COLUMNS = "Columns of the records"


def reprice_records(
    records: Annotated[
        str, typer.Argument(metavar="RECORDS", help="Call records, as of rate; a file, folder or pattern.")
    ],
    old: Annotated[
        Path, typer.Option(metavar="DECK", help="What is in use: a deck file, or a folder with book.toml.")
    ],
    new: Annotated[Path, typer.Option(metavar="DECK", help="What is to take its place, likewise.")],
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
    pulse: options.Pulse = "60/60",
    part_second: options.PartSecond = semantics.PartSecond.UP,
    increments: options.Increments = semantics.Increments.ANCHORED,
    minimum: options.Minimum = semantics.Minimum.BEFORE_INCREMENTS,
    grace: options.Grace = semantics.Grace.GRACE_FIRST,
    free_seconds: options.FreeSeconds = semantics.FreeSeconds.DEDUCTED,
    connect_fee: options.ConnectFee = semantics.ConnectFee.WHEN_ANSWERED,
    max_charge: options.MaxCharge = semantics.MaxCharge.CAP,
    rounding: options.Rounding = semantics.Rounding.HALF_UP,
    decimals: options.Decimals = 2,
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """What other decks charge for the same calls: the change exactly, by group, country and reason.

    Exits 1 if calls that the old ones rate are not rated by the new ones.
    """
    meaning = options.chosen(
        pulse=pulse,
        part_second=part_second,
        increments=increments,
        minimum=minimum,
        grace=grace,
        free_seconds=free_seconds,
        connect_fee=connect_fee,
        max_charge=max_charge,
        rounding=rounding,
        decimals=decimals,
    )
    when = _instant(new_at)
    reading.refuse_input(html, [Path(records), old, new, old / "book.toml", new / "book.toml"])
    before, after = _opened(old), _opened(new)
    from dialnexa_routing import call_files
    from dialnexa_routing.billing.reprice import reprice

    try:
        found = reprice(
            call_files.scan(records),
            old=before,
            new=after,
            by=by or ["network_group"],
            new_at=when,
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            ended_at=ended_at,
            direction=direction,
            semantics=meaning,
            timezone=timezone,
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


def _instant(text: str | None) -> "datetime | None":
    try:
        return reading.instant(text)
    except typer.BadParameter as error:
        raise typer.BadParameter(error.message, param_hint="--new-at") from None


def _opened(path: Path) -> "RateDeck | DeckBook":
    if not path.is_dir():
        return RateDeck.open(path)
    from dialnexa_routing.billing.book import DeckBook

    return DeckBook.open(path)
