"""``job``: a folder of call records into a folder of rated ones; started again, it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dialnexa_routing.cli import billing_plans, call_options, call_reading, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.call_options import SaidOfCalls
from dialnexa_routing.cli.spelled import said
from dialnexa_routing.cli.verb_rate import percentage
from dialnexa_routing.money.exact import is_within_percent
from dialnexa_routing.money.semantics import Semantics

if TYPE_CHECKING:
    from dialnexa_routing.job import JobStep


@options.with_semantics
@partial(call_options.with_calls, format_options=("--records-format",))
def run_job(
    inputs: Annotated[
        str,
        typer.Argument(
            metavar="INPUTS",
            help="Call records, of any system or with our columns: a folder, pattern, file.",
        ),
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="A folder: new, empty, or of the same job.")
    ],
    deck: Annotated[Path, typer.Option(help="The deck file to rate with.")],
    plan: billing_plans.Plan = None,
    plans: billing_plans.Plans = None,
    workspaces: billing_plans.Workspaces = None,
    plan_column: billing_plans.PlanColumn = "plan",
    workspace_column: billing_plans.WorkspaceColumn = "workspace",
    agent_kind: billing_plans.AgentKind = "agent_kind",
    path: billing_plans.CallPath = "path",
    voicemail: billing_plans.Voicemail = "voicemail",
    *,
    calls: SaidOfCalls,
    add_prefix: options.AddPrefix = "",
    meaning: Semantics,
    output_format: Annotated[
        Literal["parquet", "csv", "arrow"], typer.Option("--format", help="Of the outputs.")
    ] = "parquet",
    on_change: Annotated[
        Literal["refuse", "restart"], typer.Option(help="Where inputs or settings are not as they were.")
    ] = "refuse",
    max_refused: Annotated[
        str, typer.Option(metavar="PERCENT", help="Exit 1 if more of the rows are refused or rejected.")
    ] = "0",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what there is to do; write nothing.")
    ] = False,
    json: options.Json = False,
) -> int:
    """Rate a folder of call records, file by file.

    A run that was stopped is started again with the same words, and goes on where it was. Exits 1 for
    rows without a charge and for files that fail.
    """
    percent = percentage(max_refused)
    rating = billing_plans.rating(
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
    from dialnexa_routing.job import RatingJob

    read: dict[str, Any] | None = None
    columns = calls.columns
    if calls.written or not _have_named(inputs, calls):
        read, columns = calls.arguments, {"number_plan": calls.number_plan}
    job = RatingJob(
        inputs=inputs,
        output=output,
        deck=reading.deck_or_book(deck),
        format=output_format,
        on_change=on_change,
        calls=read,
        add_prefix=add_prefix,
        **columns,
        **rating,
    )
    if dry_run:
        estimate = job.estimate()
        _tell(estimate, json)
        without_charge = estimate.refused.total() + estimate.rejected.total()
        within = is_within_percent(without_charge, estimate.sample_rows, percent)
        return 0 if within and not estimate.failed and not estimate.changes else 1
    with _shown() as progress:
        report = job.run(progress)
    for note in report.notes:
        terminal.note(said(note))
    _tell(report, json)
    return 0 if report.within(percent) else 1


def _have_named(source: str, calls: SaidOfCalls) -> bool:
    """Whether any of the inputs has the columns that were named, and all are scanned as they stand.

    Where none can be taken, the job states so.
    """
    from dialnexa_routing.job.inputs import inputs
    from dialnexa_routing.records.call_files import SUFFIXES

    found = inputs(source, of_any_system=True)
    usable = [one.path for one in found if one.problem is None]
    if any(not path.name.lower().endswith(SUFFIXES) for path in usable):
        return False
    return not usable or any(call_reading.have_named(path, calls) for path in usable)


def _tell(found: Any, json: bool) -> None:
    if json:
        terminal.document(found.to_dict())
    else:
        for line in str(found).splitlines():
            terminal.out().print(terminal.plain(said(line)), soft_wrap=True)


@contextmanager
def _shown() -> Iterator[Callable[["JobStep"], None] | None]:
    """A bar of the bytes that are done, on a terminal and nowhere else."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = terminal.err()
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[files]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("rating", files="")

        def show(step: "JobStep") -> None:
            files = f"{step.files_done} of {step.files} files"
            name = terminal.plain(step.file) if step.file else "adding up"
            bar.update(task, total=step.bytes, completed=step.bytes_done, files=files, description=name)

        yield show
