"""``job``: a folder of call records into a folder of rated ones; started again, it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dialnexa_routing import semantics
from dialnexa_routing.cli import options, terminal
from dialnexa_routing.cli.rate import percentage
from dialnexa_routing.semantics import Semantics

if TYPE_CHECKING:
    from dialnexa_routing.job import Step

_COLUMNS = "Columns of the records"


def _column(words: str, **more: Any) -> Any:
    return typer.Option(help=words, rich_help_panel=_COLUMNS, **more)


def run_job(
    inputs: Annotated[
        str,
        typer.Argument(
            metavar="INPUTS", help="Parquet, CSV, .csv.gz or Arrow IPC; a folder, pattern or file."
        ),
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="A folder: new, empty, or of the same job.")
    ],
    deck: Annotated[Path, typer.Option(help="The deck file to rate with.")],
    plan: Annotated[
        Path | None, typer.Option(help="A billing plan, JSON or TOML, in place of the deck's own terms.")
    ] = None,
    number: Annotated[str, _column("Called numbers.")] = "to",
    seconds: Annotated[str, _column("Durations from answer to end.")] = "seconds",
    answered_at: Annotated[str, _column("Answer times.")] = "answered_at",
    ended_at: Annotated[str | None, _column("End times, in place of --seconds.")] = None,
    direction: Annotated[str, _column("A column, or outbound or inbound for all rows.")] = "direction",
    timezone: Annotated[str | None, _column("Zone of times without one, as Asia/Kolkata.")] = None,
    add_prefix: Annotated[str, _column("Put before the names of the added columns.")] = "",
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
    """Rate a folder of call records, file by file. Exits 1 for rows without a charge and for files that fail.

    A run that was stopped is started again with the same words, and goes on where it was.
    """
    percent = percentage(max_refused)
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
        rounding=rounding,
    )
    rating: dict[str, Any] = {"semantics": meaning}
    if plan is not None:
        if meaning != Semantics():
            raise typer.BadParameter(
                "a plan says itself how it counts; leave --pulse and the like out", param_hint="--plan"
            )
        from dialnexa_routing.model.plan import BillingPlan

        rating = {"plan": BillingPlan.load(plan)}
    from dialnexa_routing.job import RatingJob

    job = RatingJob(
        inputs=inputs,
        output=output,
        deck=deck,
        format=output_format,
        on_change=on_change,
        number=number,
        seconds=seconds,
        answered_at=answered_at,
        ended_at=ended_at,
        direction=direction,
        timezone=timezone,
        add_prefix=add_prefix,
        **rating,
    )
    if dry_run:
        estimate = job.estimate()
        _tell(estimate, json)
        without_charge = estimate.refused.total() + estimate.rejected.total()
        within = without_charge * 100 <= percent * estimate.sample_rows
        return 0 if within and not estimate.failed and not estimate.changes else 1
    with _shown() as progress:
        report = job.run(progress)
    _tell(report, json)
    return 0 if report.within(percent) else 1


def _tell(found: Any, json: bool) -> None:
    if json:
        terminal.document(found.to_dict())
    else:
        for line in str(found).splitlines():
            terminal.out().print(terminal.plain(line), soft_wrap=True)


@contextmanager
def _shown() -> Iterator[Callable[["Step"], None] | None]:
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

        def show(step: "Step") -> None:
            files = f"{step.files_done} of {step.files} files"
            name = terminal.plain(step.file) if step.file else "adding up"
            bar.update(task, total=step.bytes, completed=step.bytes_done, files=files, description=name)

        yield show
