"""``allowances``: what bundles, discounts and minimums make of a month, as lines for its bills."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dialnexa_routing.cli import billing_plans, terminal
from dialnexa_routing.cli.verb_bills import days_of
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import ConfigError, RecordError

if TYPE_CHECKING:
    from dialnexa_routing.billing.period_state import PeriodState
    from dialnexa_routing.plans.billing_plan import BillingPlan


def list_allowances(
    rated: Annotated[
        str,
        typer.Argument(metavar="RATED", help="Rated records: a file, a folder as of a job, or a pattern."),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="CSV, as bills takes for --adjustments.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month that is closed.")],
    plans: billing_plans.Plans = None,
    workspaces: Annotated[
        list[Path] | None,
        typer.Option(help="Workspaces that have these plans, so that who made no call owes a minimum too."),
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="The folder that the month before left by --next.")
    ] = None,
    following: Annotated[
        Path | None, typer.Option("--next", help="A folder for what the next month begins with.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Where days begin.")] = "Asia/Kolkata",
    workspace: Annotated[str, typer.Option(help="Column of workspaces.")] = "workspace",
    call_id: Annotated[str, typer.Option(help="Column of ids of calls.")] = "call_id",
) -> int:
    """Apply the allowances of plans to a month, and list what they come to for each workspace.

    Calls of the month count in the order of their answer, those of one instant in that of their ids.
    """
    import polars as pl

    from dialnexa_routing.billing.bill_inputs import allowance_lines
    from dialnexa_routing.billing.days import days
    from dialnexa_routing.billing.period import Period, apply, close
    from dialnexa_routing.files.guarded_csv import write_csv
    from dialnexa_routing.files.whole_file import replacing
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, lacking
    from dialnexa_routing.records.written_amounts import with_amounts
    from dialnexa_routing.workspace.workspace import Workspace

    first, last = days_of(month)
    period = Period(zone=timezone)
    lazy = with_amounts(call_files.scan(rated))
    columns = lazy.collect_schema().names()
    for name in (ANSWERED_AT_UTC, "plan_id"):
        if name not in columns:
            raise RecordError(lacking(name, columns) + ("" if name != "plan_id" else "; rate by plans"))
    day = days(ANSWERED_AT_UTC, lazy.collect_schema()[ANSWERED_AT_UTC], timezone)
    of_month = lazy.filter((day >= first) & (day <= last))
    known = billing_plans.loaded(Workspace, workspaces)
    lines: list[tuple[str, str, str]] = []
    states: list[PeriodState] = []
    for id_, versions in _by_id(plans).items():
        now = _opened(id_, period, first, state)
        rows = of_month.filter(pl.col("plan_id") == id_).collect(engine="streaming")
        if rows.height:
            applied, now = apply(rows, plan=versions, period=period, state=now, by=workspace, call_id=call_id)
            for who, found in allowance_lines(applied, workspace=workspace).items():
                lines += [(who, one.caption, f"{one.amount:f}") for one in found]
        owners = [one.id for one in known if one.billing_plan == id_]
        owed, then = close(now, plan=versions, owners=owners)
        states.append(then)
        # Without calls and workspaces there is nobody to owe it.
        of_somebody = owed.filter(pl.col("owner").is_not_null())
        for who, line, amount in of_somebody.select("owner", "line", "amount").iter_rows():
            lines.append((who, f"{line.replace('_', ' ').capitalize()} of {id_}", f"{amount:f}"))
    names = dict.fromkeys(("workspace", "caption", "amount"), pl.String)
    with replacing(output) as file:
        write_csv(pl.DataFrame(sorted(lines), schema=names, orient="row"), file)
    if following is not None:
        following.mkdir(parents=True, exist_ok=True)
        for one in states:
            one.save(following / f"{one.plan}.json")
    terminal.pairs(terminal.out(), {"lines": grouped(len(lines)), "of plans": grouped(len(states))})
    return 0


def _by_id(paths: list[Path] | None) -> "dict[str, list[BillingPlan]]":
    """The versions of each plan that has allowances."""
    from dialnexa_routing.plans.billing_plan import BillingPlan

    found: dict[str, list[BillingPlan]] = {}
    for one in billing_plans.loaded(BillingPlan, paths):
        found.setdefault(one.id, []).append(one)
    return {id_: held for id_, held in sorted(found.items()) if any(one.allowances for one in held)}


def _opened(id_: str, period: object, first: date, folder: Path | None) -> "PeriodState":
    from dialnexa_routing.billing.period_state import Period, PeriodState

    assert isinstance(period, Period)
    if folder is None or not (folder / f"{id_}.json").is_file():
        return PeriodState.opened(id_, period, first)
    held = PeriodState.load(folder / f"{id_}.json")
    if held.begin != first:
        raise ConfigError(f"{folder / f'{id_}.json'} begins on {held.begin}, and the month on {first}")
    return held
