"""What is in a sheet: how many of what, and which country has which prefixes at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.study.in_force import has_begun, has_ended, per_minute

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.sheets.sheet import RateSheet


def counts(sheet: RateSheet, rows: pl.DataFrame) -> pl.DataFrame:
    """How many of what, one a row; `rows` are those of the sheet's caller."""
    of = sheet.counts
    dated = pl.col("valid_from").is_not_null() | pl.col("valid_to").is_not_null()
    exact = pl.col("exact_match").fill_null(False)
    measured = rows.select(
        prefixes=pl.col("prefix").filter(~exact).n_unique(),
        whole_numbers=pl.col("prefix").filter(exact).n_unique(),
        network_groups=pl.struct("country_iso", "network_group").n_unique(),
        countries=pl.col("country_iso").drop_nulls().n_unique(),
        blocked_rows=pl.col("blocked").fill_null(False).sum(),
        dated_rows=dated.sum(),
        rows_with_inbound_rate=pl.col("inbound_rate").is_not_null().sum(),
    )
    found = {
        "rows_read": of.read,
        "rows_loaded": of.loaded,
        "rows_refused": of.refused,
        "rows_noise": of.noise,
        "rows_for_other_callers": sheet.rows.height - rows.height,
        **measured.row(0, named=True),
    }
    return pl.DataFrame(
        {"measure": list(found), "count": list(found.values())},
        schema={"measure": pl.String, "count": pl.Int64},
    )


def coverage(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    """Of each country prefixes, groups, prices for a minute out of those in force, and rows of other times.

    The median is the lower of the two in the middle: a price that is on the sheet. Prices are
    outbound; a country of blocked prefixes only has none.
    """
    begun, ended = has_begun(at), has_ended(at)
    live, blocked = begun & ~ended, pl.col("blocked").fill_null(False)
    price = pl.col("price").filter(live & ~blocked)
    ordered = price.drop_nulls().sort()
    return (
        rows.with_columns(per_minute("outbound"))
        .group_by("country_iso", "country")
        .agg(
            prefixes=pl.col("prefix").n_unique(),
            groups=pl.col("network_group").n_unique(),
            blocked=(live & blocked).sum(),
            min_rate=price.min(),
            median_rate=ordered.get((ordered.len().cast(pl.Int64) - 1) // 2, null_on_oob=True),
            max_rate=price.max(),
            future=(~begun).sum(),
            expired=ended.sum(),
        )
        .sort("country_iso", "country", nulls_last=True)
    )
