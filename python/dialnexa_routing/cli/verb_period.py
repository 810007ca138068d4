"""``period``: allowances of plans applied to the rated records of a period; what is due when it closes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dialnexa_routing.cli import billing_plans, terminal
from dialnexa_routing.cli.options import Json

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.billing.period import PeriodState


def close_period(
    rated: Annotated[
        str, typer.Argument(metavar="RATED", help="Rated records of a period, with all columns.")
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="The same with net charges: Parquet or Arrow.")
    ],
    plans: Annotated[list[Path], typer.Option(help="A plan, or a folder of plans and their versions.")],
    lines: Annotated[Path, typer.Option(metavar="FILE", help="What the period owes besides its calls.")],
    following: Annotated[
        Path, typer.Option("--next", metavar="FOLDER", help="States of the next period, a file a plan; made.")
    ],
    states: Annotated[
        Path | None,
        typer.Option("--state", metavar="FOLDER", help="States that --next of the period before wrote."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Who has allowances of their own each, as workspace.")
    ] = None,
    call_id: Annotated[str, typer.Option(metavar="COLUMN", help="Ids of calls.")] = "call_id",
    zone: Annotated[str, typer.Option(help="Whose days these are.")] = "Asia/Kolkata",
    starts_on: Annotated[int, typer.Option(help="Day of the month on which periods begin.")] = 1,
    json: Json = False,
) -> int:
    """Apply bundles, tiers and discounts to a period's calls, and close it: minimums and commitments.

    Nothing that is read is written over, so a run that was stopped is started again.
    """
    import polars as pl

    from dialnexa_routing.billing import period as periods
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.prepared_plans import versions_of
    from dialnexa_routing.records import call_files

    if states is not None and states.resolve() == following.resolve():
        raise typer.BadParameter("it is the folder of --state; name another one", param_hint="--next")
    cycle = periods.Period(zone, starts_on)
    rows = call_files.scan(rated).collect()
    whose = rows["plan_id"] if "plan_id" in rows.columns else pl.Series([None] * rows.height, dtype=pl.String)
    parts, due, kept, place = [], [], {}, "?row"
    numbered = rows.with_row_index(place)
    for id_, versions in versions_of(billing_plans.loaded(BillingPlan, plans)).items():
        mine, state = numbered.filter(whose == id_), _state(states, id_)
        if mine.is_empty() and state is None:
            continue
        done, state = periods.apply(
            mine.drop(place), plan=versions, period=cycle, state=state, by=by, call_id=call_id
        )
        parts.append(done.with_columns(mine[place]))
        more, kept[id_] = periods.close(state, plan=versions)
        due.append(more)
    others = numbered.filter(~whose.is_in(list(kept)).fill_null(False))
    told = pl.concat([*parts, others], how="diagonal").sort(place).drop(place)
    call_files.sink(told.lazy(), output, source=rated)
    owed = pl.concat(due, how="diagonal_relaxed") if due else pl.DataFrame()
    call_files.sink(owed.lazy(), lines, source=rated)
    following.mkdir(parents=True, exist_ok=True)
    for id_, state in kept.items():
        state.save(following / f"{_named(id_)}.json")
    document = {
        "rows": rows.height,
        "applied": rows.height - others.height,
        "late": _late(told),
        "plans": sorted(kept),
        "lines": owed.height,
    }
    if json:
        terminal.document(document)
    else:
        sys.stdout.write("".join(f"{name}: {_said(value)}\n" for name, value in document.items()))
    return 0


def _state(folder: Path | None, id_: str) -> "PeriodState | None":
    from dialnexa_routing.billing.period import PeriodState

    file = None if folder is None else folder / f"{_named(id_)}.json"
    return PeriodState.load(file) if file is not None and file.exists() else None


def _named(id_: str) -> str:
    """An id as the name of a file: what is no letter, digit or dash is written as its number."""
    return "".join(
        one if one.isascii() and (one.isalnum() or one in "-_") else f"%{ord(one):x}" for one in id_
    )


def _late(told: "pl.DataFrame") -> int:
    return int(told["is_late"].sum() or 0) if "is_late" in told.columns else 0


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
