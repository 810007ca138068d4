"""Control totals: seconds and rupees by provider and network group, read back from the outputs, and exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.records import call_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_WIDEST = 38
_NONE = pl.DataFrame(
    schema={
        **dict.fromkeys(("country_iso", "network_group", "reason"), pl.String),
        **dict.fromkeys(("rows", "charged", "billed_seconds"), pl.Int64),
        "charge": pl.Decimal(_WIDEST, 0),
    }
)
"""The tally of no file."""


def tally(rated: Path, schema: pl.Schema, add_prefix: str) -> pl.DataFrame:
    """Rows, charged rows, seconds and rupees of an output by country, network group and reason.

    One streaming pass over some columns. `schema` has the types that the columns were written with,
    for CSV comes back as text. A sum of lines is null where no row has that line: no telephony is not
    telephony for nothing (R47).
    """
    keys = ("country_iso", "network_group", "reason")
    lines = [name for name in Component if isinstance(schema.get(add_prefix + name), pl.Decimal)]
    charge = _amount(schema, add_prefix, "charge")
    return (
        call_files.scan(rated)
        .group_by([pl.col(add_prefix + name).alias(name) for name in keys])
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            charge.count().cast(pl.Int64).alias("charged"),
            pl.col(add_prefix + "billed_seconds").cast(pl.Int64).sum(),
            charge.sum().alias("charge"),
            *(_sum(_amount(schema, add_prefix, name)).alias(name) for name in lines),
        )
        .rename({add_prefix + "billed_seconds": "billed_seconds"})
        .collect(engine="streaming")
        .sort(keys, nulls_last=True)
    )


def totals(tallies: Iterable[pl.DataFrame], provider: str) -> pl.DataFrame:
    """The rated rows of all files by provider and network group, in their order.

    ``calls``; ``billed_seconds``, the same as ``minutes`` and ``seconds`` beyond them; ``charge`` INR;
    with plans also ``stt``, ``llm``, ``tts``, ``telephony``, ``platform``.
    """
    keys = ["country_iso", "network_group"]
    rated = pl.concat([_NONE, *tallies], how="diagonal_relaxed").filter(pl.col("reason").is_null())
    amounts = [name for name in rated.columns if isinstance(rated.schema[name], pl.Decimal)]
    billed = pl.col("billed_seconds")
    return (
        rated.group_by(keys)
        .agg(pl.col("rows").sum().alias("calls"), billed.sum(), *(_sum(pl.col(name)) for name in amounts))
        .sort(keys, nulls_last=True)
        .select(
            pl.lit(provider).alias("provider"),
            *keys,
            "calls",
            billed,
            (billed // 60).alias("minutes"),
            (billed % 60).alias("seconds"),
            *amounts,
        )
    )


def write_totals(frame: pl.DataFrame, folder: Path) -> None:
    """``totals.csv`` and ``totals.parquet``, the same rows."""
    for suffix in (".csv", ".parquet"):
        call_files.sink(frame.lazy(), folder / f"totals{suffix}")


def _amount(schema: pl.Schema, add_prefix: str, name: str) -> pl.Expr:
    found = schema[add_prefix + name]
    scale = found.scale if isinstance(found, pl.Decimal) else 0
    return pl.col(add_prefix + name).cast(pl.Decimal(_WIDEST, scale))


def _sum(amount: pl.Expr) -> pl.Expr:
    return pl.when(amount.count() > 0).then(amount.sum())
