"""Rated records added up to what invoices are made of: by workspace, day, network group, plan and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.days import days, has_days
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.records.rated_sums import amounts_of, in_places_of_a_plan, rated_sums
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, lacking
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from datetime import date

KEYS = ("workspace", "day", "plan_id", "country_iso", "network_group", "reason", "answered")
"""What the sums are by; ``plan_id`` is null where records name no plan."""
_READ = ("network_group", "country_iso", "billed_seconds", "charge", "reason")


def sums_of(
    rated: pl.DataFrame | pl.LazyFrame,
    *,
    timezone: str,
    workspace: str | None,
    answered_at: str | None,
    add_prefix: str,
) -> pl.DataFrame:
    """Sums by `KEYS`: ``calls``, ``charged``, ``billed_seconds``, ``charge``, and a plan's lines if any.

    ``answered`` is false for a call of which no second is billed and that costs nothing, null for one that
    is not rated.

    Raises:
        RecordError: a column is missing; the charges are no Decimal, or a row has neither a charge nor a
            reason; times have no zone, are no times, or none of the calls that were billed has one.
        MoneyError: a charge has more than nine places that are not zero.
    """
    refuse_after_fork()
    lazy = rated.lazy()
    schema = lazy.collect_schema()
    own = {name: add_prefix + name for name in _READ}
    if answered_at is None:
        ours = add_prefix + ANSWERED_AT_UTC
        answered_at = ours if ours in schema else "answered_at"
    for name in (*own.values(), answered_at, *([workspace] if workspace is not None else [])):
        if name not in schema:
            raise RecordError(lacking(name, schema.names()))
    places = amounts_of(schema, add_prefix)
    try:
        zone_named(timezone)
    except ValueError as error:
        raise RecordError(str(error)) from error
    plan = add_prefix + "plan_id"
    by = {
        "workspace": pl.lit("") if workspace is None else pl.col(workspace).cast(pl.String).fill_null(""),
        "day": days(answered_at, schema[answered_at], timezone),
        "plan_id": (pl.col(plan) if plan in schema else pl.lit(None)).cast(pl.String),
        **{name: pl.col(own[name]) for name in ("country_iso", "network_group", "reason")},
        "answered": (pl.col(own["billed_seconds"]).cast(pl.Int64) != 0) | (pl.col(own["charge"]) != 0),
    }
    sums = rated_sums(lazy, by, places, add_prefix=add_prefix).collect(engine="streaming")
    has_days(sums, answered_at)
    _agree(sums)
    return in_places_of_a_plan(sums, places, lazy, add_prefix)


def components_in(sums: pl.DataFrame) -> list[Component]:
    """The lines of plans among the sums, in their order."""
    return [part for part in Component if part in sums.columns]


def within(sums: pl.DataFrame, first: date | None, last: date | None) -> pl.DataFrame:
    """The sums of days from `first` to `last`, both inside; what has no day is in every span."""
    day = pl.col("day")
    inside = (day >= (first or pl.lit(None))).fill_null(True) & (day <= (last or pl.lit(None))).fill_null(
        True
    )
    return sums.filter(inside)


def _agree(sums: pl.DataFrame) -> None:
    """Raise `RecordError` unless each row has either a charge or a reason (R51)."""
    has_charge = pl.when(pl.col("reason").is_null()).then("calls").otherwise(0)
    wrong = int(sums.select((has_charge - pl.col("charged")).abs().sum()).item())
    if wrong:
        raise RecordError(
            f"{wrong} rows have both a charge and a reason, or neither: rate them again, so that what is"
            " owed for them is known (R51)"
        )
