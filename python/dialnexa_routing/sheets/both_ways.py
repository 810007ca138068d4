"""Two rows of one prefix, one for calls in and one for calls out, as one row with both rates (R46)."""

from __future__ import annotations

from typing import Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET, Severity

_RATES = ("inbound_rate", "outbound_rate", "schedule")
_OWN = (*_RATES, "original_rate", "source_file", "source_row")
_SAME = [name for name in SHEET if name not in _OWN]


def one_way(row: dict[str, Any]) -> str | None:
    """The way of which alone a row has a price; None where it has none, both, or is blocked.

    >>> one_way({"inbound_rate": 1, "outbound_rate": None, "schedule": None, "blocked": False})
    'in'
    """
    out = row["outbound_rate"] is not None or row["schedule"] is not None
    if row["blocked"] or out == (row["inbound_rate"] is not None):
        return None
    return "out" if out else "in"


def with_both_ways(rows: pl.DataFrame, faults: list[tuple[Any, ...]]) -> pl.DataFrame:
    """`rows` with pairs that differ in the way of their price alone as one row, in the place of the first.

    Says so in `faults` once.
    """
    out = pl.col("outbound_rate").is_not_null() | pl.col("schedule").is_not_null()
    into = pl.col("inbound_rate").is_not_null()
    lone = rows.filter((out != into) & ~pl.col("blocked"))
    sides = pl.struct(pl.col("inbound_rate").is_null().alias("out"), *_SAME)
    if (
        lone.height < 2
        or not lone["inbound_rate"].null_count()
        or lone["inbound_rate"].null_count() == lone.height
    ):
        return rows
    # More than one row of a way under the same terms is a conflict, and stays one.
    lone = lone.filter(~sides.is_duplicated())
    pairs = lone.filter(pl.struct(_SAME).is_duplicated())
    if not pairs.height:
        return rows
    first = pl.all().exclude(*_SAME, *_RATES, "original_rate").first()
    whole = (
        pairs.sort("?order")
        .group_by(_SAME, maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in _RATES),
            pl.col("original_rate").sort_by(pl.col("inbound_rate").is_not_null()).first(),
            first,
        )
        .select(rows.columns)
    )
    row = whole.row(0, named=True)
    reason = (
        f"{whole.height} prefixes have a row for calls in and one for calls out, which became one row with"
        " both rates: nothing to do (R46)"
    )
    faults.append(
        (row["source_file"], None, row["source_row"], "direction", row["prefix"], reason, str(Severity.NOTE))
    )
    others = rows.join(pairs.select("?order"), on="?order", how="anti", maintain_order="left")
    return pl.concat([others, whole])
