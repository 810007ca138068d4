"""Totals of a job by customer: workspace, plan, provider and network group, exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.records import call_files
from dialnexa_routing.records.rated_sums import put_together

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dialnexa_routing.deck.rates import Rates

NAMES = ("customers.csv", "customers.parquet")
KEYS = ("workspace", "plan_id", "deck_digest")
"""What tallies are by besides country, network group and reason; null where records have no such column."""
BY = ("workspace", "plan_id", "provider", "country_iso", "network_group")
_NONE = pl.DataFrame(
    schema={
        **dict.fromkeys((*KEYS, "country_iso", "network_group", "reason"), pl.String),
        **dict.fromkeys(("rows", "charged", "billed_seconds"), pl.Int64),
        "charge": pl.Decimal(WIDEST, 0),
    }
)


def customer_totals(tallies: Iterable[pl.DataFrame], deck: Rates) -> pl.DataFrame:
    """The rated rows of all files by workspace, plan, provider, country and network group, in their order.

    ``calls``, ``billed_seconds``, the same as ``minutes`` and ``seconds`` beyond them, and the amounts, as
    `dialnexa_routing.job.totals.totals` has them. The provider is that of the deck that rated the row.
    """
    providers = {one.digest: one.labels.get("provider", "") for one in decks_of(deck)}
    rated = pl.concat([_NONE, *tallies], how="diagonal_relaxed").filter(pl.col("reason").is_null())
    amounts = [name for name in rated.columns if isinstance(rated.schema[name], pl.Decimal)]
    provider = pl.col("deck_digest").replace_strict(providers, default=None, return_dtype=pl.String)
    billed = pl.col("billed_seconds")
    return (
        put_together(rated.with_columns(provider=provider).rename({"rows": "calls"}), BY)
        .sort(BY, nulls_last=True)
        .select(
            *BY,
            "calls",
            billed,
            (billed // 60).alias("minutes"),
            (billed % 60).alias("seconds"),
            *amounts,
        )
    )


def write_customers(frame: pl.DataFrame, folder: Path) -> None:
    """``customers.csv`` and ``customers.parquet``, the same rows."""
    for name in NAMES:
        call_files.sink(frame.lazy(), folder / name)
