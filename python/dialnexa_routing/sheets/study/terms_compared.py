"""What a row costs and to whom it belongs, numbered so that equal terms of two sheets are one number."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET
from dialnexa_routing.deck.exact_columns import nano_series
from dialnexa_routing.sheets.study.in_force import E164_DIGITS
from dialnexa_routing.sheets.study.prefix_keys import key

if TYPE_CHECKING:
    from dialnexa_routing.money.call_words import Direction

ZERO_IF_NONE = ("connect_fee", "minimum_s", "grace_s", "free_s", "min_charge")
OTHER_TERMS = ("initial_increment_s", "next_increment_s", *ZERO_IF_NONE, "max_charge", "schedule")
"""What a row states besides group and rate."""

_ALL = ("country_iso", "network_group", "blocked", "rate", "rate_unit_s", *OTHER_TERMS)


def numbered_terms(
    old: pl.DataFrame, new: pl.DataFrame, direction: Direction
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Two sheets in force as ``key``, ``exact`` and ``term``, and what each term states.

    Terms are equal if a call costs the same and belongs to the same network group: 30 paise for 30
    seconds is 60 paise for a minute, no fee is a fee of zero, and what a blocked row costs does not
    matter. Numbers start at 1.
    """
    both = [_comparable(rows, direction) for rows in (old, new)]
    said = pl.concat(both).select(_ALL).unique(maintain_order=True).with_row_index("term", offset=1)
    left, right = (
        rows.join(said, on=_ALL, how="left", nulls_equal=True).select("key", "exact", "term") for rows in both
    )
    return left, right, said


def _comparable(rows: pl.DataFrame, direction: Direction) -> pl.DataFrame:
    exact = pl.col("exact_match").fill_null(False)
    rows = rows.with_columns(pl.col("blocked").fill_null(False), exact=exact)
    # No number is longer than fifteen digits: a prefix of fifteen is a whole number, and yields to one.
    longest = pl.col("prefix").str.len_bytes() == E164_DIGITS
    whole = rows.filter(longest & pl.col("exact"))
    if whole.height:
        beside = rows.filter(longest & ~pl.col("exact")).join(whole, on="prefix", how="semi")
        rows = rows.join(beside, on=["prefix", "exact"], how="anti")
        rows = rows.with_columns(pl.col("exact") & ~longest)
    if direction == "inbound":
        rows = rows.with_columns(schedule=pl.lit(None, pl.String))
    terms = [pl.col(name) for name in OTHER_TERMS]
    terms = [term.fill_null(0) if term.meta.output_name() in ZERO_IF_NONE else term for term in terms]
    unit = pl.col("rate_unit_s").fill_null(60)
    charged = [pl.col(f"{direction}_rate").alias("rate"), unit, *terms]
    hidden = [pl.when(~pl.col("blocked")).then(term).alias(term.meta.output_name()) for term in charged]
    found = rows.select(key("prefix"), "exact", "country_iso", "network_group", "blocked", *hidden)
    unpriced = pl.col("rate").is_null()
    return _reduced(found.with_columns(rate_unit_s=pl.when(~unpriced).then("rate_unit_s")))


def _reduced(rows: pl.DataFrame) -> pl.DataFrame:
    """Rates per minute where that is exact, else for the least number of seconds."""
    odd = rows.filter(pl.col("rate_unit_s") != 60).select("rate", "rate_unit_s").unique()
    if not odd.height:
        return rows
    reduced = []
    for nano, unit in odd.select(pl.col("rate").to_physical(), "rate_unit_s").iter_rows():
        exact = Fraction(nano, unit)
        minute = exact * 60
        fits = minute.denominator == 1 and minute < 10**18
        reduced.append((int(minute), 60) if fits else (exact.numerator, exact.denominator))
    odd = odd.with_columns(
        nano_series(nano for nano, _ in reduced).alias("?rate"),
        pl.Series("?unit", [unit for _, unit in reduced], SHEET["rate_unit_s"]),
    )
    joined = rows.join(odd, on=["rate", "rate_unit_s"], how="left", maintain_order="left")
    return joined.with_columns(
        rate=pl.coalesce("?rate", "rate"), rate_unit_s=pl.coalesce("?unit", "rate_unit_s")
    ).drop("?rate", "?unit")
