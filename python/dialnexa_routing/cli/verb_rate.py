"""``rate``: a file of call records into the same file with charges."""

import time
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import billing_plans, call_options, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.money.exact import is_within_percent
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.records.call_records import CallRecords

_COLUMNS = "Columns of the records"


@options.with_semantics
@call_options.with_calls
def rate_records(
    records: Annotated[
        str,
        typer.Argument(
            metavar="INPUT", help="Parquet, CSV, .csv.gz or Arrow IPC; a file, folder or pattern."
        ),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="Parquet, CSV or Arrow IPC, by suffix.")],
    deck: Annotated[Path, typer.Option(help="What to rate with: a deck file, or a folder with book.toml.")],
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
    add_prefix: Annotated[
        str, typer.Option(help="Put before the names of the added columns.", rich_help_panel=_COLUMNS)
    ] = "",
    plan: billing_plans.Plan = None,
    plans: billing_plans.Plans = None,
    workspaces: billing_plans.Workspaces = None,
    plan_column: billing_plans.PlanColumn = "plan",
    workspace_column: billing_plans.WorkspaceColumn = "workspace",
    agent_kind: billing_plans.AgentKind = "agent_kind",
    path: billing_plans.CallPath = "path",
    voicemail: billing_plans.Voicemail = "voicemail",
    *,
    written: dict[str, Any],
    meaning: Semantics,
    max_refused: Annotated[
        str, typer.Option(metavar="PERCENT", help="Exit 1 if more of the rows have no charge.")
    ] = "100",
    summary: Annotated[bool, typer.Option("--summary/--no-summary", help="Add up the output.")] = True,
    json: options.Json = False,
) -> int:
    """Rate call records: all rows and columns come back in order, with charge or reason beside them."""
    percent, zone = percentage(max_refused), _zone(timezone)
    counted_by = billing_plans.rating(
        meaning,
        plan=plan,
        plans=plans,
        workspaces=workspaces,
        plan_column=plan_column,
        workspace_column=workspace_column,
        agent_kind=agent_kind,
        path=path,
        voicemail=voicemail,
    )
    opened = reading.deck_or_book(deck)
    from dialnexa_routing.cli.progress import counted
    from dialnexa_routing.records import call_files, rate

    began = time.monotonic_ns()
    named = dict(zip(call_options.NAMED, (number, seconds, answered_at, ended_at, direction), strict=True))
    calls = _read(records, named, {**written, "timezone": zone, "twice": twice}, bool(written))
    if calls is not None:
        named, zone = {**call_options.NAMED, "ended_at": None}, None
    lazy, tally = (call_files.scan(records), None) if calls is None else calls.streamed()
    rating: dict[str, Any] = {
        "deck": opened,
        "number": named["to"],
        **{name: named[name] for name in call_options.NAMED if name != "to"},
        "timezone": zone,
        "twice": twice,
        "add_prefix": add_prefix,
        **counted_by,
    }
    _tried_on_nothing(lazy, rating)
    rows = None if calls is not None else _rows(lazy, records)
    with counted(rate(lazy, **rating), add_prefix + "reason", rows) as rated:
        check = None if calls is None or tally is None else partial(calls.check, tally)
        call_files.sink(rated, output, source=None if calls else records, check=check)
    if calls is not None:
        call_options.tell(calls, tally)
    took = max(time.monotonic_ns() - began, 1)
    document = {"input": records, "output": str(output), "deck": str(deck), "deck_digest": opened.digest}
    if not summary and percent >= 100:
        if json:
            terminal.document(document)
        return 0
    from dialnexa_routing.cli.shown_totals import show
    from dialnexa_routing.cli.summary import Summary

    billed_by = billing_plans.plans_of(counted_by)
    places = max((one.decimals for one in billed_by), default=meaning.decimals)
    found = Summary.of(output, places, add_prefix, with_components=bool(billed_by))
    rows_per_second = found.rows * 1_000_000_000 // took
    if json:
        totals = found.as_data() | {"rows_per_second": rows_per_second} if summary else {}
        terminal.document(document | totals)
    elif summary:
        labelled = f"{deck}, {opened.digest}"
        show(terminal.out(), found, file=str(output), deck=labelled, rows_per_second=rows_per_second)
    return 0 if is_within_percent(found.refused_rows, found.rows, percent) else 1


def _read(
    source: str, named: dict[str, str | None], given: dict[str, Any], is_asked: bool
) -> "CallRecords | None":
    """The records by the reader of all systems; None where they have the columns that were named already."""
    from dialnexa_routing.records import call_files

    if not is_asked:
        try:
            if call_options.have_named(call_files.files(source)[0], named):
                return None
        except RecordError:
            pass  # files of a kind that only the reader knows
    return call_options.opened(source, call_options.merged(given, named))


def _tried_on_nothing(lazy: "pl.LazyFrame", rating: dict[str, Any]) -> None:
    """Rate no rows: a column that is missing or of a wrong type is found before anything is written."""
    from dialnexa_routing.records.rating import rate

    try:
        rate(lazy.collect_schema().to_frame(), **rating)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error


def _rows(lazy: "pl.LazyFrame", source: str) -> int | None:
    """How many rows there are, where the files say so themselves."""
    import polars as pl

    from dialnexa_routing.records import call_files

    if any(".csv" in file.name.lower() for file in call_files.files(source)):
        return None
    return int(lazy.select(pl.len()).collect().item())


def percentage(text: str) -> Decimal:
    """The value of --max-refused."""
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= 100):
        raise typer.BadParameter(f"{text!r} is not from 0 to 100", param_hint="--max-refused")
    return percent


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            zone_named(name)
        except ValueError:
            raise typer.BadParameter(
                f"{name!r} is no time zone; write Asia/Kolkata", param_hint="--timezone"
            ) from None
    return name
