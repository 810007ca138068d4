"""Prefixes that make no difference: those that can never match, and those that repeat a shorter one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.study.in_force import E164_DIGITS, has_begun, has_ended, serves
from dialnexa_routing.sheets.study.prefix_keys import covered_by_longer, key, nearest
from dialnexa_routing.sheets.study.terms_compared import OTHER_TERMS, ZERO_IF_NONE

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.money.call_words import Direction

_PLACE = ("country_iso", "network_group", "prefix")
_SOURCE = ("source_file", "source_row")
_TERMS = (
    "country_iso",
    "country",
    "network_group",
    "outbound_rate",
    "inbound_rate",
    "rate_unit_s",
    "blocked",
)
_WHEN = ("valid_from", "valid_to")
_DIRECTIONS: tuple[Direction, ...] = ("outbound", "inbound")


def shadowed(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    """Rows that no number reaches, now or later: longer prefixes take every one away.

    That is so where all ten next digits lead to longer prefixes, sooner or later, which hold from
    now on without a gap, in each direction that the row has a rate for. The other case is a prefix
    of fifteen digits that is listed as a whole number too, for there is no longer number.
    """
    keyed = _unended(rows, at)
    prefixes, wholes = keyed.filter(~pl.col("exact_match")), keyed.filter("exact_match")
    longest = wholes.filter(pl.col("prefix").str.len_bytes() == E164_DIGITS)
    taken = pl.lit(True)
    for direction in _DIRECTIONS:
        covered = covered_by_longer(_lasting(prefixes.filter(serves(direction)), at))
        covered = pl.concat([covered, _lasting(longest.filter(serves(direction)), at)])
        taken &= ~serves(direction) | pl.col("key").is_in(covered.implode())
    found = prefixes.filter(taken)
    return found.select(*_PLACE, "outbound_rate", "inbound_rate", *_SOURCE).sort("prefix")


def redundant(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    """Rows that state in every term, for the same time, what the next shorter prefix states.

    A deck leaves most of them out by itself (quirk 60). As there, a prefix with several rows in
    turn is not one of them, nor is one below such a prefix.
    """
    live = _unended(rows, at)
    live = live.with_columns(alone=~pl.struct("key", "exact_match").is_duplicated())
    answering = live.filter(~pl.col("exact_match"))
    wholes = live.filter("exact_match")
    above = [
        nearest(answering["key"], answering["key"], shorter=True).with_columns(exact_match=False),
        nearest(wholes["key"], answering["key"]).with_columns(exact_match=True),
    ]
    terms = [*_TERMS, *OTHER_TERMS, *_WHEN, "alone"]
    named = [pl.col(name).alias(f"?{name}") for name in terms]
    upper = answering.select(pl.col("key").alias("above"), pl.col("prefix").alias("parent"), *named)
    same = [_filled(name).eq_missing(_filled(f"?{name}")) for name in terms]
    pairs = live.filter("alone").join(pl.concat(above), on=["key", "exact_match"]).join(upper, on="above")
    found = pairs.filter(pl.all_horizontal(same))
    return found.select(*_PLACE, "parent", "outbound_rate", "exact_match", *_SOURCE).sort("prefix")


def _unended(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    flags = (pl.col(name).fill_null(False) for name in ("exact_match", "blocked"))
    return rows.filter(~has_ended(at)).with_columns(key("prefix"), *flags)


def _filled(name: str) -> pl.Expr:
    return pl.col(name).fill_null(0) if name.removeprefix("?") in ZERO_IF_NONE else pl.col(name)


def _lasting(rows: pl.DataFrame, at: datetime | None) -> pl.Series:
    """Keys of which one row or another holds from now on: begun, without a gap, without an end."""
    lasting = has_begun(at) & pl.col("valid_to").is_null()
    chained = (
        rows.filter(~pl.col("key").is_in(rows.filter(lasting)["key"].implode()))
        .sort("key", "valid_from", nulls_last=False)
        .with_columns(follows=pl.col("valid_from") == pl.col("valid_to").shift(1).over("key"))
    )
    whole = chained.group_by("key").agg(
        holds=(has_begun(at) | pl.col("follows").fill_null(False)).all()
        & has_begun(at).first()
        & pl.col("valid_to").last().is_null()
    )
    return pl.concat([rows.filter(lasting)["key"], whole.filter("holds")["key"]]).unique()
