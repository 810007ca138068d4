"""New customers and new plans of a job that was begun before: more work, and no change of what was rated.

Whoever was unknown had rows with a reason. Only files with such rows are rated anew, and files whose charges
had other places, for a new plan may bring finer ones: all others would come out as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.job.work import WorkPlan, WorkState
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records import call_files
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.job.work import JobWork

_NEW = {
    ("rating", "workspaces"): Reason.UNKNOWN_WORKSPACE,
    ("rating", "plans"): Reason.UNKNOWN_PLAN,
    ("rating", "plans", "workspaces"): Reason.UNKNOWN_WORKSPACE,
    ("rating", "plans", "plans"): Reason.UNKNOWN_PLAN,
}
"""Where settings list customers and plans by id, and the reason of rows that named none of them."""
_BESIDE = {"plans", "workspaces"}


@dataclass(frozen=True)
class Additions:
    """What is new.

    Attributes:
        settings: those before, with what is new in them: what still differs is a change.
        ids: of new customers and plans.
        reasons: of rows that may have a charge now.
    """

    settings: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    reasons: frozenset[str] = frozenset()


def additions(before: Mapping[str, Any], now: Mapping[str, Any]) -> Additions:
    """The customers and plans that settings list now and did not before.

    >>> old = {"rating": {"workspaces": {"acme": "growth"}}}
    >>> new = {"rating": {"workspaces": {"acme": "growth", "zenith": "growth"}}}
    >>> additions(old, new).ids, additions(old, new).settings == new
    (('zenith',), True)
    """
    grown, ids, reasons = _copied(before), [], set()
    for path, reason in _NEW.items():
        old, new = _at(grown, path), _at(now, path)
        # A mapping of plans prepared before holds both lists; it is no list of ids itself.
        if not isinstance(old, dict) or not isinstance(new, Mapping) or set(new) == _BESIDE == set(old):
            continue
        more = {name: value for name, value in new.items() if name not in old}
        if more:
            old.update(more)
            ids += sorted(more)
            # A workspace may have had a plan that was not among those given.
            reasons |= {str(reason), str(Reason.UNKNOWN_PLAN)}
    return Additions(grown, tuple(ids), frozenset(reasons))


def with_anew(plan: WorkPlan, new: Additions, folder: Path, charge: str, places: int) -> WorkPlan:
    """A plan of work in which files that what is new may concern are to be rated.

    Args:
        plan: of the files.
        new: what is.
        folder: of the outputs.
        charge: the column of charges in them.
        places: that charges have now.
    """
    if not new.ids:
        return plan

    def concerned(work: JobWork) -> bool:
        assert work.entry is not None
        return bool(new.reasons & work.entry.refused.keys()) or _places(
            folder / work.entry.output, charge
        ) not in (None, places)

    files = tuple(
        replace(work, state=WorkState.TO_RATE, entry=None, tally=None)
        if work.state is WorkState.DONE and concerned(work)
        else work
        for work in plan.files
    )
    return WorkPlan(files, plan.changes)


def places_of(rating: Mapping[str, Any]) -> int:
    """How many places charges have by these arguments of rating: those of the plan that has most."""
    plan, plans = rating.get("plan"), rating.get("plans")
    if plans is None and (plan is None or isinstance(plan, str)):
        return int(rating["semantics"].decimals)
    if isinstance(plan, BillingPlan):
        return plan.decimals
    if isinstance(plans, PreparedPlans):
        return plans.decimals
    each: Any = plan if plans is None else plans.values() if isinstance(plans, Mapping) else plans
    return max((one.decimals for one in each), default=0)


def _places(output: Path, charge: str) -> int | None:
    """How many places the charges of an output have; None where it has none."""
    try:
        lazy = call_files.scan_written(output)
        dtype = lazy.collect_schema().get(charge)
        if isinstance(dtype, pl.Decimal):
            return dtype.scale
        text = lazy.select(pl.col(charge).drop_nulls().first()).collect(engine="streaming").item()
    except (RecordError, OSError, pl.exceptions.PolarsError):
        return -1
    return None if text is None else len(str(text).partition(".")[2])


def _at(settings: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings


def _copied(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in plain.items()}
