"""Rows of other times: those that have ended, and those that begin later and what answers until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.study.in_force import has_begun, has_ended, per_minute
from dialnexa_routing.sheets.study.prefix_keys import key, nearest

if TYPE_CHECKING:
    from datetime import datetime

STATES = {"expired": "expired", "replaces": "later prices", "waits": "prefixes not open yet"}
"""What becomes of a row at other times, and how that is counted in words."""


def ages(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    """Rows not in force at an instant, with what answers in their place then.

    ``state`` is ``expired``; ``replaces``, a later row of a prefix that is in force; or ``waits``, a
    later row of a prefix that is not: until ``valid_from`` a shorter prefix answers, or none
    (quirk 22). ``difference`` is INR a minute, outbound, that the row is dearer than what answers
    now; of a row that waits and is dearer, calls are sold too cheaply if its price is meant already.
    """
    begun, ended = has_begun(at), has_ended(at)
    rows = rows.with_columns(per_minute("outbound"), key("prefix"), pl.col("exact_match").fill_null(False))
    live = rows.filter(begun & ~ended)
    other = rows.filter(~begun | ended)
    wholes, prefixes = (
        live.filter(chosen).select(
            above="key",
            now_prefix="prefix",
            now_group="network_group",
            now_rate="price",
            now_blocked="blocked",
        )
        for chosen in (pl.col("exact_match"), ~pl.col("exact_match"))
    )
    same = other.filter("exact_match").join(wholes, left_on="key", right_on="above")
    rest = other.join(same.select("key", "exact_match"), on=["key", "exact_match"], how="anti")
    found = nearest(rest["key"], prefixes["above"]).join(prefixes, on="above", how="left").drop("above")
    answered = pl.concat([same, rest.join(found, on="key", how="left")], how="diagonal")
    replaces = (pl.col("now_prefix") == pl.col("prefix")).fill_null(False)
    state = pl.when(ended).then(pl.lit("expired")).when(replaces).then(pl.lit("replaces"))
    return answered.select(
        state.otherwise(pl.lit("waits")).alias("state"),
        "country_iso",
        "network_group",
        "prefix",
        "valid_from",
        "valid_to",
        pl.col("price").alias("rate"),
        "now_prefix",
        "now_group",
        "now_rate",
        pl.col("now_blocked").fill_null(False),
        difference=pl.col("price") - pl.col("now_rate"),
        source_file="source_file",
        source_row="source_row",
    ).sort("state", "prefix", "valid_from", nulls_last=True)


def span(rows: pl.DataFrame) -> tuple[datetime | None, datetime | None]:
    """The oldest and the newest ``valid_from``."""
    oldest, newest = rows.select(oldest=pl.col("valid_from").min(), newest=pl.col("valid_from").max()).row(0)
    return oldest, newest
