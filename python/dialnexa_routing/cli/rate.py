"""``rate``: a file of call records into the same file with charges."""

import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from dialnexa_routing import semantics
from dialnexa_routing.cli import options, terminal
from dialnexa_routing.deck import RateDeck
from dialnexa_routing.errors import RecordError

if TYPE_CHECKING:
    import polars as pl

_COLUMNS = "Columns of the records"


def rate_records(
    records: Annotated[
        str,
        typer.Argument(
            metavar="INPUT", help="Parquet, CSV, .csv.gz or Arrow IPC; a file, folder or pattern."
        ),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="Parquet, CSV or Arrow IPC, by suffix.")],
    deck: Annotated[Path, typer.Option(help="The deck file to rate with.")],
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
    add_prefix: Annotated[
        str, typer.Option(help="Put before the names of the added columns.", rich_help_panel=_COLUMNS)
    ] = "",
    pulse: options.Pulse = "60/60",
    part_second: options.PartSecond = semantics.PartSecond.UP,
    increments: options.Increments = semantics.Increments.ANCHORED,
    minimum: options.Minimum = semantics.Minimum.BEFORE_INCREMENTS,
    grace: options.Grace = semantics.Grace.GRACE_FIRST,
    free_seconds: options.FreeSeconds = semantics.FreeSeconds.DEDUCTED,
    connect_fee: options.ConnectFee = semantics.ConnectFee.WHEN_ANSWERED,
    max_charge: options.MaxCharge = semantics.MaxCharge.CAP,
    tiers: options.Tiers = semantics.Tiers.ANCHORED,
    bands: options.Bands = semantics.Bands.BY_START,
    round_at: options.RoundAt = semantics.RoundingPoint.CHARGE,
    increment_decimals: options.IncrementDecimals = 5,
    rounding: options.Rounding = semantics.Rounding.HALF_UP,
    decimals: options.Decimals = 2,
    max_refused: Annotated[
        str, typer.Option(metavar="PERCENT", help="Exit 1 if more of the rows have no charge.")
    ] = "100",
    summary: Annotated[bool, typer.Option("--summary/--no-summary", help="Add up the output.")] = True,
    json: options.Json = False,
) -> int:
    """Rate call records: all rows and columns come back in order, with charge or reason beside them."""
    percent, zone = percentage(max_refused), _zone(timezone)
    meaning = options.chosen(
        pulse=pulse,
        decimals=decimals,
        part_second=part_second,
        increments=increments,
        minimum=minimum,
        grace=grace,
        free_seconds=free_seconds,
        connect_fee=connect_fee,
        max_charge=max_charge,
        tiers=tiers,
        bands=bands,
        round_at=round_at,
        increment_decimals=increment_decimals,
        rounding=rounding,
    )
    opened = RateDeck.open(deck)
    from dialnexa_routing import call_files
    from dialnexa_routing.cli.progress import counted
    from dialnexa_routing.records import rate

    began = time.monotonic_ns()
    lazy = call_files.scan(records)
    rating: dict[str, Any] = {
        "deck": opened,
        "number": number,
        "seconds": seconds,
        "answered_at": answered_at,
        "ended_at": ended_at,
        "direction": direction,
        "semantics": meaning,
        "timezone": zone,
        "add_prefix": add_prefix,
    }
    _tried_on_nothing(lazy, rating)
    with counted(rate(lazy, **rating), add_prefix + "reason", _rows(lazy, records)) as rated:
        call_files.sink(rated, output, source=records)
    took = max(time.monotonic_ns() - began, 1)
    document = {"input": records, "output": str(output), "deck": str(deck), "deck_digest": opened.digest}
    if not summary and percent >= 100:
        if json:
            terminal.document(document)
        return 0
    from dialnexa_routing.cli.summary import Summary
    from dialnexa_routing.cli.totals import show

    found = Summary.of(output, decimals, add_prefix)
    rows_per_second = found.rows * 1_000_000_000 // took
    if json:
        totals = found.as_data() | {"rows_per_second": rows_per_second} if summary else {}
        terminal.document(document | totals)
    elif summary:
        labelled = f"{deck}, {opened.digest}"
        show(terminal.out(), found, file=str(output), deck=labelled, rows_per_second=rows_per_second)
    return 1 if found.refused_rows * 100 > percent * found.rows else 0


def _tried_on_nothing(lazy: "pl.LazyFrame", rating: dict[str, Any]) -> None:
    """Rate no rows: a column that is missing or of a wrong type is found before anything is written."""
    from dialnexa_routing.records import rate

    try:
        rate(lazy.collect_schema().to_frame(), **rating)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error


def _rows(lazy: "pl.LazyFrame", source: str) -> int | None:
    """How many rows there are, where the files say so themselves."""
    import polars as pl

    from dialnexa_routing import call_files

    if any(".csv" in file.name.lower() for file in call_files.files(source)):
        return None
    return int(lazy.select(pl.len()).collect().item())


def percentage(text: str) -> Decimal:
    """The value of --max-refused."""
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal(-1)
    if not 0 <= percent <= 100:
        raise typer.BadParameter(f"{text!r} is not from 0 to 100", param_hint="--max-refused")
    return percent


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise typer.BadParameter(
                f"{name!r} is no time zone; write Asia/Kolkata", param_hint="--timezone"
            ) from None
    return name
