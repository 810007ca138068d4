"""Codes that begin later than a shorter one: until then the shorter, often cheaper one rates (quirk 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import FAULTS, Severity
from dialnexa_routing.sheets.cells.dates import told

if TYPE_CHECKING:
    from datetime import tzinfo

_LISTED = 5
_LONGEST = 15


def waiting(rows: pl.DataFrame, zone: tzinfo | None) -> pl.DataFrame:
    """One fault that lists the prefixes of `rows` which a shorter one serves until they begin.

    Dates are reported in `zone`. A prefix with an earlier version of its own does not wait; without dates
    nothing does.
    """
    starts = rows["valid_from"]
    if starts.null_count() == rows.height or starts.n_unique() == 1:
        return FAULTS.to_frame()
    first = rows.group_by("prefix", "origin").agg(
        start=pl.when(pl.col("valid_from").is_null().any()).then(None).otherwise(pl.col("valid_from").min()),
        file=pl.col("source_file").first(),
        row=pl.col("source_row").first(),
    )
    late = first.filter(pl.col("start").is_not_null())
    found = []
    for length in range(1, _LONGEST):
        shorter = first.filter(pl.col("prefix").str.len_bytes() == length)
        longer = late.filter(pl.col("prefix").str.len_bytes() > length)
        if shorter.height and longer.height:
            met = longer.with_columns(parent=pl.col("prefix").str.slice(0, length)).join(
                shorter.select("origin", parent="prefix", since="start"),
                on=["parent", "origin"],
                nulls_equal=True,
            )
            earlier = pl.col("since").is_null() | (pl.col("since") < pl.col("start"))
            found.append(met.filter(earlier).select("prefix", "start", "parent", "file", "row"))
    every = pl.concat(found) if found else FAULTS.to_frame().head(0)
    if not every.height:
        return FAULTS.to_frame()
    every = every.sort(pl.col("parent").str.len_bytes(), descending=True).unique(
        "prefix", keep="first", maintain_order=True
    )
    every = every.sort("prefix")
    some = [f"{p} from {told(start, zone)} by {q}" for p, start, q, _, _ in every.head(_LISTED).iter_rows()]
    more = f" and {every.height - _LISTED} more" if every.height > _LISTED else ""
    reason = f"until they begin, {every.height} prefixes are rated by a shorter one: {', '.join(some)}{more}"
    note = (every["file"][0], None, every["row"][0], "valid_from", every["prefix"][0])
    fault = (*note, f"{reason}; look whether those prices are right (quirk 22)", str(Severity.NOTE))
    return pl.DataFrame([fault], schema=FAULTS, orient="row")
