"""Allowances over a period: applied to its rated rows when it is closed, never when a call is rated.

`apply` takes the rows of an open period, in batches if need be, and hands on how far it has come as a value;
`close` states what the period owes besides its calls, and opens the next one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.days import days
from dialnexa_routing.billing.period_close import close, shares_of, versions_given
from dialnexa_routing.billing.period_rows import WIDE, Parts, applied
from dialnexa_routing.billing.period_state import Period, PeriodState, Spent
from dialnexa_routing.deck.exact_columns import nearest_of, scaled
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.exact import NANO, PLACES, nano, plus
from dialnexa_routing.plans.plan_terms import BY_THE_MINUTE, Component
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.plans.billing_plan import BillingPlan

__all__ = ["Period", "PeriodState", "apply", "close"]

ADDED = ("covered_seconds", "net_charge", "period", "is_late")
_TOLD = ("row", "share", "owner", "is_late", "covered", "net")
_TIME, _DIGEST = "answered_at_utc", "plan_digest"
_READ = ("network_group", "country_iso", "telephony_rate", "billed_seconds", "charge", "reason", "plan_id")


def apply(
    rated: pl.DataFrame,
    *,
    plan: BillingPlan | Sequence[BillingPlan],
    period: Period,
    state: PeriodState | None = None,
    by: str | None = None,
    call_id: str = "call_id",
) -> tuple[pl.DataFrame, PeriodState]:
    """Apply a plan's allowances to rated rows of an open period.

    Rows count in the order of their answer, those of one instant in that of their ids. Billed seconds count;
    a call across the end of a bundle is split by seconds; allowances are applied in the order written, and
    each charge is rounded once after all of them (R48). A row is of the version that rated it, whose share of
    the period is by days. A row of a period that is closed is late, and counts in this one. Batches give what
    all their rows at once give.

    Args:
        rated: what `records.rate` made by the plan, with all its columns; typed, as Parquet keeps them.
        plan: or all its versions.
        period: how time is cut.
        state: what `apply` returned for the rows before, or `close` for the period before. None is the
            period of these rows, of which nothing is used.
        by: column of those who have allowances of their own each, as ``workspace``; None is one for all rows.
        call_id: column of ids of calls.

    Returns:
        All rows and columns, in order, with ``covered_seconds`` (Int64: in bundles), ``net_charge`` (as
        ``charge``, after allowances), ``period`` (Date: its first day) and ``is_late``, null where there is
        no charge. And how far the period has come.

    Raises:
        RecordError: a column is missing or of a wrong type; rows are of another plan, of several periods
            or a later one, before rows that are applied already, without an answer time, or not what the plan
            charges.
        ConfigError: `period` is not the one of the state.
    """
    if not isinstance(period, Period):
        raise TypeError(f"period is {type(period).__name__}; pass a Period, as Period('Asia/Kolkata')")
    versions = versions_given(plan)
    rows = _read(rated, by, call_id, period, versions)
    charged = rows.filter("counts")
    if state is None:
        state = PeriodState.opened(versions[0].id, period, _first_day(charged))
    _is_open(state, versions[0].id, period, charged)
    held = shares_of(state, versions)
    charged = charged.sort("at", "id").with_columns(is_late=pl.col("day") < state.begin)
    open_ = next((one for one in held if one.days), held[-1])
    # A late row is of the version that this period begins with.
    own = pl.when("is_late").then(pl.lit(open_.plan.digest)).otherwise("digest")
    charged = charged.with_columns(share=own)
    scale = rated.schema["charge"].scale  # type: ignore[attr-defined]
    parts_of, used = [], list(state.used)
    for share in held:
        digest = share.plan.digest
        of_share = charged.filter(pl.col("share") == digest)
        if not of_share.height:
            continue
        parts = Parts.of(share)
        parts.hold(of_share["charge"])
        counted, now = applied(_amounts(of_share, parts, versions, scale), share, parts, state.used)
        net = pl.sum_horizontal(pl.col(name).fill_null(0) for name in ("telephony", "rest", "fee"))
        parts_of.append(counted.with_columns(net=_rounded(net, parts, versions, scale)).select(_TOLD))
        used = [one for one in used if one.plan_digest != digest] + now
    nothing = charged.with_columns(covered=pl.lit(0, pl.Int64), net=pl.lit(None, pl.Decimal(38, scale)))
    done = pl.concat(parts_of) if parts_of else nothing.select(_TOLD)
    told = done.rename({"covered": "covered_seconds", "net": "net_charge"})
    found = rows.select("row").join(told, on="row", how="left", maintain_order="left")
    last = charged.select("at", "id").tail(1).rows()
    # What costs nothing and has no time, as a call that nobody answered, takes no part and stays free.
    free = ((rated["charge"] == 0) & found["net_charge"].is_null()).fill_null(False)
    answer = rated.with_columns(
        found["covered_seconds"].cast(pl.Int64).set(free, 0),
        found["net_charge"].cast(rated.schema["charge"]).set(free, 0),
        pl.when(found["net_charge"].is_not_null()).then(pl.lit(state.begin)).alias("period"),
        found["is_late"],
    )
    return answer, state.changed(
        used=sorted(
            used, key=lambda one: (one.plan_digest, one.place, one.owner is not None, one.owner or "")
        ),
        spent=_spent(state, told),
        **({"last_us": last[0][0], "last_id": last[0][1]} if last else {}),
    )


def _read(
    rated: pl.DataFrame, by: str | None, call_id: str, period: Period, versions: tuple[BillingPlan, ...]
) -> pl.DataFrame:
    """The columns that are read, under names of our own."""
    if not isinstance(rated, pl.DataFrame):
        raise TypeError(f"rated is {type(rated).__name__}; pass a Polars DataFrame")
    components = [one.value for one in BY_THE_MINUTE]
    wanted = [*_READ, *components, _TIME, _DIGEST, call_id, *([] if by is None else [by])]
    for name in wanted:
        if name not in rated.columns:
            raise RecordError(
                f"there is no column {name!r}{nearest_or_all(name, rated.columns)}; rate with all fields"
            )
    for name in ADDED:
        if name in rated.columns:
            raise RecordError(f"the frame has a column {name!r} already; drop it")
    for name in ("charge", "telephony_rate"):
        if not isinstance(rated.schema[name], pl.Decimal):
            raise RecordError(
                f"column {name!r} is {rated.schema[name]}; charges are Decimal, as Parquet keeps them"
            )
    scoped = any(getattr(one, "direction", None) for plan in versions for one in plan.allowances)
    if scoped and "direction" not in rated.columns:
        raise RecordError("an allowance is of one direction, and there is no column 'direction'; add it")
    fee = Component.CONNECT_FEE.value
    rows = rated.select(
        pl.int_range(pl.len()).alias("row"),
        *(
            column_named(name)
            for name in ("network_group", "country_iso", "telephony_rate", "charge", "plan_id")
        ),
        (pl.col("direction") if "direction" in rated.columns else pl.lit(None))
        .cast(pl.String)
        .alias("direction"),
        pl.col(_TIME).dt.cast_time_unit("us").to_physical().alias("at"),
        days(_TIME, rated.schema[_TIME], period.zone).alias("day"),
        column_named(call_id).cast(pl.String).alias("id"),
        (pl.lit(None) if by is None else column_named(by)).cast(pl.String).alias("owner"),
        pl.col(_DIGEST).alias("digest"),
        pl.col("billed_seconds").cast(pl.Int64).alias("billed"),
        *(pl.col(name).is_not_null().alias(f"has_{name}") for name in BY_THE_MINUTE),
        (pl.col(fee).is_not_null() if fee in rated.columns else pl.lit(False)).alias(f"has_{fee}"),
    ).with_columns(counts=pl.col("charge").is_not_null())
    rows = rows.with_columns(
        counts=pl.col("counts") & ((pl.col("charge") != 0) | pl.col("digest").is_not_null())
    )
    rows = rows.with_columns(counts=pl.col("counts") & ((pl.col("billed") > 0) | pl.col("at").is_not_null()))
    _are_of(rows.filter("counts"), versions)
    return rows


def _are_of(charged: pl.DataFrame, versions: tuple[BillingPlan, ...]) -> None:
    id_ = versions[0].id
    others = charged.filter(pl.col("plan_id").ne_missing(pl.lit(id_)))
    if others.height:
        raise RecordError(
            f"{others.height} rows are of other plans, as {others['plan_id'][0]!r}, and not of {id_!r}: apply"
            " each plan to its own rows"
        )
    unknown = charged.filter(~pl.col("digest").is_in([one.digest for one in versions]).fill_null(False))
    if unknown.height:
        raise RecordError(
            f"{unknown.height} rows were rated by a version of plan {id_!r} that is not given, its digest "
            f"{str(unknown['digest'][0])[:12]}; pass all versions as plan="
        )
    timeless = charged["at"].null_count()
    if timeless:
        raise RecordError(
            f"{timeless} rows have a charge and no 'answered_at_utc', so their period is not known: rate them"
            " with their answer times"
        )


def _first_day(charged: pl.DataFrame) -> date:
    first = charged["day"].min()
    if not isinstance(first, date):
        raise RecordError("no row has a charge, so its period is not known: pass state=PeriodState.opened(…)")
    return first


def _is_open(state: PeriodState, id_: str, period: Period, charged: pl.DataFrame) -> None:
    if state.plan != id_ or state.period != period:
        raise RecordError(
            f"the state is of plan {state.plan!r} and {state.period}, not of {id_!r} and {period}"
        )
    later = charged.filter(pl.col("day") >= state.end)
    if later.height:
        raise RecordError(
            f"{later.height} rows are of {_first_day(later)} and after, and the open period ends before "
            f"{state.end}: close it first"
        )
    if state.last_us is None or not charged.height:
        return
    first = min(charged.select("at", "id").rows())
    if first < (state.last_us, state.last_id or ""):
        raise RecordError(
            "rows were answered before some that are applied already: apply batches in the order of answer,"
            " late rows first"
        )


def _amounts(rows: pl.DataFrame, parts: Parts, versions: tuple[BillingPlan, ...], scale: int) -> pl.DataFrame:
    """What rating charged, exact, in parts: telephony, other components, connect fee.

    Raises:
        RecordError: it is not what stands in ``charge``.
    """
    unit = pl.lit(parts.of_nano // 60, WIDE)
    billed = pl.col("billed").cast(WIDE)
    rest, fee = pl.lit(0, WIDE), pl.lit(0, WIDE)
    for component in Component:
        if component is Component.TELEPHONY:
            continue
        found = pl.lit(0, WIDE)
        for plan in versions:
            rate = plan.component(component) or Decimal(0)
            found = pl.when(pl.col("digest") == plan.digest).then(pl.lit(nano(rate), WIDE)).otherwise(found)
        is_there = pl.col(f"has_{component.value}")
        if component is Component.CONNECT_FEE:
            fee = pl.when(is_there).then(found * 60 * unit).otherwise(0)
        else:
            rest += pl.when(is_there).then(found * billed * unit).otherwise(0)
    telephony = pl.col("telephony_rate").cast(pl.Decimal(38, PLACES)).to_physical().cast(WIDE) * billed * unit
    telephony = pl.when("has_telephony").then(telephony)
    rows = rows.with_columns(telephony=telephony, rest=rest.cast(WIDE), fee=fee.cast(WIDE))
    gross = pl.sum_horizontal(pl.col(name).fill_null(0) for name in ("telephony", "rest", "fee"))
    told = _rounded(gross, parts, versions, scale)
    wrong = rows.filter(told != pl.col("charge").cast(pl.Decimal(38, scale)))
    if wrong.height:
        raise RecordError(
            f"{wrong.height} rows, as that with the id {wrong['id'][0]!r}, have another charge than the rates"
            " of the plan give: rate them again"
        )
    return rows


def _rounded(units: pl.Expr, parts: Parts, versions: tuple[BillingPlan, ...], scale: int) -> pl.Expr:
    """Parts as rupees, rounded once as each row's version states, in a column of `scale` places."""
    told = pl.lit(None, pl.Decimal(38, scale))
    for plan in versions:
        below = NANO // 10**plan.decimals * parts.of_nano
        whole = nearest_of(units.cast(WIDE), pl.lit(below, WIDE), plan.rounding)
        rupees = scaled(whole * 10 ** (scale - plan.decimals), scale)
        told = pl.when(pl.col("digest") == plan.digest).then(rupees).otherwise(told)
    return told


def _spent(state: PeriodState, told: pl.DataFrame) -> tuple[Spent, ...]:
    found = {(one.owner, one.plan_digest): one.came_to for one in state.spent}
    sums = told.group_by("owner", "share").agg(pl.col("net_charge").cast(pl.Decimal(38, PLACES)).sum())
    for owner, digest, net in sums.iter_rows():
        found[owner, digest] = plus(found.get((owner, digest), Decimal(0)), net)
    order = sorted(found, key=lambda one: (one[0] is not None, one[0] or "", one[1]))
    return tuple(
        Spent(owner=owner, plan_digest=digest, came_to=found[owner, digest]) for owner, digest in order
    )
