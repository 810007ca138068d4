"""``rate``: a file of call records into the same file with charges."""

import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import billing_plans, call_options, call_reading, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.call_options import SaidOfCalls
from dialnexa_routing.money.exact import is_within_percent
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    import polars as pl


@options.with_semantics
@call_options.with_calls
def rate_records(
    *,
    records: Annotated[
        str,
        typer.Argument(
            metavar="INPUT", help="Call records of any system or with our columns: a file, folder or pattern."
        ),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="Parquet, CSV or Arrow IPC, by suffix.")],
    deck: Annotated[Path, typer.Option(help="What to rate with: a deck file, or a folder with book.toml.")],
    calls: SaidOfCalls,
    add_prefix: options.AddPrefix = "",
    plan: billing_plans.Plan = None,
    plans: billing_plans.Plans = None,
    workspaces: billing_plans.Workspaces = None,
    plan_column: billing_plans.PlanColumn = "plan",
    workspace_column: billing_plans.WorkspaceColumn = "workspace",
    agent_kind: billing_plans.AgentKind = "agent_kind",
    path: billing_plans.CallPath = "path",
    voicemail: billing_plans.Voicemail = "voicemail",
    meaning: Semantics,
    max_refused: Annotated[
        str, typer.Option(metavar="PERCENT", help="Exit 1 if more of the rows have no charge.")
    ] = "100",
    summary: Annotated[bool, typer.Option("--summary/--no-summary", help="Add up the output.")] = True,
    json: options.Json = False,
) -> int:
    """Rate call records: all rows and columns come back in order, with charge or reason beside them."""
    percent = percentage(max_refused)
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
    from dialnexa_routing.records.coded_words import CodedWords

    began = time.monotonic_ns()
    found_calls = call_reading.opened(records, calls, is_dated=opened.is_dated)
    lazy = found_calls.lazy
    rating: dict[str, Any] = {
        **found_calls.columns,
        "deck": opened,
        "add_prefix": add_prefix,
        **counted_by,
    }
    _tried_on_nothing(lazy, rating)
    rows = _rows(lazy, records) if found_calls.records is None else None
    with counted(rate(lazy, **rating), add_prefix + "reason", rows) as rated:
        size = Path(records).stat().st_size if Path(records).is_file() else 0
        coded = CodedWords.of(opened).instead(rated.collect_schema(), add_prefix, size)
        call_files.sink(rated, output, source=records, check=found_calls.check, coded=coded)
    found_calls.tell(opened.is_dated)
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
        call_reading.cure(found.refused)
    return 0 if is_within_percent(found.refused_rows, found.rows, percent) else 1


def _tried_on_nothing(lazy: "pl.LazyFrame", rating: dict[str, Any]) -> None:
    """Rate no rows: a column that is missing or of a wrong type is found before anything is written."""
    from dialnexa_routing.records.rating import rate

    try:
        rate(lazy.collect_schema().to_frame(), **rating)
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error


def _rows(lazy: "pl.LazyFrame", source: str) -> int | None:
    """How many rows there are, where the files state so themselves."""
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
