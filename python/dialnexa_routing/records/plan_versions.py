"""Which version of a plan held when a record was answered (R50)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from dialnexa_routing.plans.core_plans import key_of
from dialnexa_routing.plans.prepared_plans import ALWAYS_US, begin_us

if TYPE_CHECKING:
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.prepared_plans import PreparedPlans


class Version(NamedTuple):
    """A version of a plan, with its key in the core and the instant from which it holds."""

    key: str
    id: str
    begin: int
    plan: BillingPlan


def version_of(plans: PreparedPlans, ids: pl.Series, at: pl.Series) -> pl.DataFrame:
    """``key`` and ``digest`` of the version that held at each answer, in microseconds; null where none did.

    Of a plan without dates it is that one, whatever the time.
    """
    versions = versions_in(plans)
    dated = [of_id for of_id in plans.versions.values() if any(one.valid_from for one in of_id)]
    starts = pl.DataFrame(
        {
            "id": [one.id for one in versions],
            "begin": [one.begin for one in versions],
            "key": [one.key for one in versions],
            "digest": [one.plan.digest for one in versions],
        },
        schema={"id": pl.String, "begin": pl.Int64, "key": pl.String, "digest": pl.String},
    )
    calls = pl.DataFrame({"id": ids.cast(pl.String), "at": at.cast(pl.Int64)})
    if not dated:
        return calls.join(starts, on="id", how="left", maintain_order="left").select("key", "digest")
    is_dated = pl.col("id").is_in([of_id for of_id, all_ in plans.versions.items() if all_ in dated])
    # A record without a time finds what has always held, which counts only where nothing is dated.
    found = (
        calls.with_row_index("row")
        .with_columns(known=pl.col("at").is_not_null() | ~is_dated, at=pl.col("at").fill_null(ALWAYS_US))
        .sort("at")
        .join_asof(
            starts.sort("begin"),
            left_on="at",
            right_on="begin",
            by="id",
            strategy="backward",
            check_sortedness=False,
        )
        .sort("row")
    )
    return found.select(pl.when("known").then(name).alias(name) for name in ("key", "digest"))


def versions_in(plans: PreparedPlans) -> list[Version]:
    """All versions of all plans."""
    return [
        Version(key_of(id_, place), id_, begin_us(plan), plan)
        for id_, of_id in plans.versions.items()
        for place, plan in enumerate(of_id)
    ]
