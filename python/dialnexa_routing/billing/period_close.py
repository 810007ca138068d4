"""What a period owes besides its calls, and the state of the next one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.period_state import Committed, PeriodState, Share, shares
from dialnexa_routing.clock.time_columns import walls
from dialnexa_routing.money.exact import plus, rounded, total
from dialnexa_routing.plans.allowances import Commitment, MinimumSpend
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def close(
    state: PeriodState,
    *,
    plan: BillingPlan | Sequence[BillingPlan],
    owners: Iterable[str | None] = (),
) -> tuple[pl.DataFrame, PeriodState]:
    """Close a period: what it owes besides its calls, and the state of the next one.

    Args:
        state: what `apply` returned for its last rows.
        plan: or all its versions.
        owners: those who have the plan, so that who made no call owes the minimum too. Those with calls are
            among them anyway; of a state without `by` it is one.

    Returns:
        Lines: ``owner``, ``plan_id``, ``plan_digest``, ``line`` (``minimum_spend`` or ``commitment``),
        ``first`` and ``last`` day, ``amount`` (Decimal, rounded once). And the next period, of which nothing
        is used, with how far commitments have come.
    """
    versions = versions_given(plan)
    held = shares_of(state, versions)
    spent = {(one.owner, one.plan_digest): one.came_to for one in state.spent}
    everyone = {*owners, *(one.owner for one in state.spent), *(one.owner for one in state.committed)} or {
        None
    }
    places = max(one.decimals for one in versions)
    lines: list[tuple[str | None, str, str, str, date, date, Decimal]] = []
    carried: list[Committed] = []
    for owner in sorted(everyone, key=lambda one: (one is not None, one or "")):
        of_period = total((net for (whose, _), net in spent.items() if whose == owner), places)
        first = state.begin
        for share in held:
            net = Fraction(spent.get((owner, share.plan.digest), Decimal(0)))
            last = date.fromordinal(first.toordinal() + share.days - 1)
            for one in share.plan.allowances:
                if isinstance(one, MinimumSpend) and share.days and share.amount(one.amount) > net:
                    missing = rounded(
                        share.amount(one.amount) - net, share.plan.decimals, share.plan.rounding
                    )
                    lines.append((owner, share.plan.id, share.plan.digest, one.kind, first, last, missing))
                    of_period, net = plus(of_period, missing), share.amount(one.amount)
            first = date.fromordinal(first.toordinal() + share.days)
        holding = next((one for one in reversed(held) if one.days), held[-1]).plan
        for place, one in enumerate(holding.allowances):
            if not isinstance(one, Commitment):
                continue
            before = next(
                (kept for kept in state.committed if kept.owner == owner), Committed(owner=owner, place=place)
            )
            so_far, count = plus(before.spent, of_period), before.periods + 1
            if count < one.periods:
                carried.append(Committed(owner=owner, place=place, periods=count, spent=so_far))
            elif one.amount > so_far:
                missing = rounded(Fraction(one.amount) - Fraction(so_far), holding.decimals, holding.rounding)
                last = date.fromordinal(state.end.toordinal() - 1)
                lines.append((owner, holding.id, holding.digest, one.kind, state.begin, last, missing))
    schema = {
        "owner": pl.String(),
        "plan_id": pl.String(),
        "plan_digest": pl.String(),
        "line": pl.String(),
        "first": pl.Date(),
        "last": pl.Date(),
        "amount": pl.Decimal(38, places),
    }
    told = pl.DataFrame(lines, schema=schema, orient="row")
    following = PeriodState.opened(state.plan, state.period, state.end)
    return told, following.changed(committed=tuple(carried))


def versions_given(plan: BillingPlan | Sequence[BillingPlan]) -> tuple[BillingPlan, ...]:
    """The versions of one plan, in order. Raises `TypeError` for anything else."""
    plans = (plan,) if isinstance(plan, BillingPlan) else tuple(plan)
    if not plans or not all(isinstance(one, BillingPlan) for one in plans):
        raise TypeError("plan is one BillingPlan, or all versions of one")
    if len({one.id for one in plans}) != 1:
        raise TypeError(f"plan is of {', '.join(repr(one.id) for one in plans)}; pass the versions of one")
    return in_order(plans[0].id, plans)


def shares_of(state: PeriodState, versions: tuple[BillingPlan, ...]) -> list[Share]:
    """The days of each version in the state's period."""
    starts = pl.Series([one.valid_from for one in versions], dtype=pl.Datetime("us", "UTC"))
    return shares(versions, state.begin, state.end, walls(starts, state.zone).dt.date().to_list())
