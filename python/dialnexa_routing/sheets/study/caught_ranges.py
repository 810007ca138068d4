"""Ranges that only a country's row of a sheet answers: mobiles, new codes, satellites, premium numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.numbers import number_series as series
from dialnexa_routing.numbers.number_changes import all_mobile, born_under, change_of
from dialnexa_routing.sheets.study.dead_prefixes import unlisted
from dialnexa_routing.sheets.study.prefix_keys import key, nearest, prefix_of, within

if TYPE_CHECKING:
    from datetime import date

_SHARED = "1"
"""The calling code under which mobiles and landlines have the same digits."""
_AREA_CODE = 4  # digits, with it
_ROW = ("country_iso", "network_group", "rate", "source_file", "source_row")
_GROUPED = ["top_group", "above", *_ROW, "instead_group", "instead_rate"]


def mobiles(live: pl.DataFrame, inner: pl.Series) -> pl.DataFrame:
    """Mobile ranges that only a country's row answers, or none, where the sheet prices others of it apart.

    ``instead_rate`` is the lower median of what the sheet has for that country's mobiles. A country's row
    of that very price is no finding. `inner` are the keys above those of `live`.
    """
    ranges = _mobile_ranges()
    country = pl.col("key").is_in(_country_keys().implode())
    roots, own = live.filter(country), live.filter(~country)
    over = nearest(ranges["key"], own["key"])
    below = within(own["key"], ranges["key"])
    regions = ranges.select("key", "region")
    priced = pl.concat(
        [
            over.join(regions, on="key").select("region", key="above").unique(),
            below.join(regions.rename({"key": "above"}), on="above").select("region", "key"),
        ]
    ).join(own, on="key")
    usual = priced.group_by("region").agg(instead_rate=_lower_median())
    found = _at_the_country(ranges, over, usual, live, roots, inner)
    grouped = _grouped(found)
    told = [_born(prefixes) for prefixes in grouped["listed"]]
    words = pl.format(
        "the sheet prices other mobiles of {} apart{}", "top_group", pl.Series([t[0] for t in told])
    )
    return grouped.with_columns(why=words, by=pl.Series([t[1] for t in told], dtype=pl.Date))


def new_codes(live: pl.DataFrame, inner: pl.Series) -> pl.DataFrame:
    """Area codes of North America that began numbers of late, and that only a country's row answers, or none.

    Mobiles have the digits of landlines there, so what is new shows by area codes, where the sheet prices
    others of that country apart. ``instead_rate`` is the lower median of those; `inner` are as for `mobiles`.
    """
    ranges = _new_ranges()
    country = pl.col("key").is_in(_country_keys().implode())
    roots, own = live.filter(country), live.filter(~country & pl.col("prefix").str.starts_with(_SHARED))
    heads = own.select(head=pl.col("prefix").str.slice(0, _AREA_CODE)).unique().sort("head")
    regions = pl.Series([series.region_of(head) for head in heads["head"]], dtype=pl.String)
    priced = own.with_columns(head=pl.col("prefix").str.slice(0, _AREA_CODE)).join(
        heads.with_columns(region=regions), on="head"
    )
    over = nearest(ranges["key"], own["key"])
    usual = priced.group_by("region").agg(instead_rate=_lower_median())
    grouped = _grouped(_at_the_country(ranges, over, usual, live, roots, inner))
    told = [change_of(prefix, "born") for prefixes in grouped["listed"] for prefix in prefixes]
    last = max((one.by for one in told if one is not None), default=None)
    words = pl.format(
        "the sheet prices other area codes of {} apart, and these are new since 2022", "top_group"
    )
    return grouped.with_columns(why=words, by=pl.lit(last, pl.Date))


def _at_the_country(
    ranges: pl.DataFrame,
    over: pl.DataFrame,
    usual: pl.DataFrame,
    live: pl.DataFrame,
    roots: pl.DataFrame,
    inner: pl.Series,
) -> pl.DataFrame:
    """The parts of ranges that a row of `roots` answers, or none, at another price than is usual there."""
    free = ranges.join(over, on="key", how="anti").join(usual, on="region")
    parts = unlisted(free["key"], live["key"], inner)
    answered = nearest(free["key"], roots["key"]).rename({"key": "top"})
    return (
        parts.join(answered, on="top", how="left")
        .join(free.select("region", "instead_rate", top="key"), on="top")
        .join(roots.rename({"key": "above"}), on="above", how="left")
        .filter(pl.col("blocked").fill_null(False) | pl.col("rate").ne_missing(pl.col("instead_rate")))
        .with_columns(
            pl.coalesce("country_iso", pl.when(pl.col("above").is_null()).then("region")).alias(
                "country_iso"
            ),
            instead_group=pl.lit(None, pl.String),
            top_group="region",
        )
    )


def _lower_median() -> pl.Expr:
    """The rate in the middle, the lower one of two."""
    rates = pl.col("rate").drop_nulls().sort()
    return rates.get((rates.len().cast(pl.Int64) - 1) // 2, null_on_oob=True)


def dear(live: pl.DataFrame, inner: pl.Series) -> pl.DataFrame:
    """Satellite and premium series below the sheet's own price for such, as a shorter prefix answers them.

    Prices of satellites are compared with each other, those of premium numbers within their country.
    ``instead_rate`` is the lowest of them; null where the sheet blocks what it has of them.
    """
    known = _series()
    own = within(live["key"], known["key"]).join(known.rename({"key": "above"}), on="above")
    priced = own.select("key", "like").join(live, on="key").sort("rate", "prefix", nulls_last=True)
    lowest = priced.group_by("like", maintain_order=True).agg(
        pl.col("network_group", "rate").first().name.prefix("instead_")
    )
    lowest = lowest.rename({"instead_network_group": "instead_group"})
    above = nearest(known["key"], live["key"]).join(own.select(above="key"), on="above", how="anti")
    caught = (
        above.join(known, on="key")
        .join(lowest, on="like")
        .join(live.rename({"key": "above"}).drop("prefix"), on="above")
        .filter(~pl.col("blocked") & pl.col("rate").is_not_null())
        .filter((pl.col("rate") < pl.col("instead_rate")).fill_null(True))
    )
    parts = unlisted(caught["key"], live["key"], inner)
    found = parts.join(caught.rename({"key": "top"}), on="top").with_columns(top_group="whose")
    blocks = pl.when(pl.col("instead_rate").is_null()).then(pl.lit("; the sheet blocks its other ones"))
    words = pl.format(
        "{} that +{} answers{}", "top_group", prefix_of(pl.col("above")), blocks.otherwise(pl.lit(""))
    )
    return _grouped(found).with_columns(why=words, by=pl.lit(None, pl.Date))


def _grouped(found: pl.DataFrame) -> pl.DataFrame:
    """Parts of ranges as one row for each row of the sheet that answers them."""
    return (
        found.with_columns(prefix=prefix_of(pl.col("key")))
        .sort("prefix")
        .group_by(_GROUPED, maintain_order=True)
        .agg(pl.col("prefix").alias("listed"))
    )


def _born(prefixes: pl.Series) -> tuple[str, date | None]:
    """How many of some ranges are new, in words, and by when the last of them was."""
    born = [one for prefix in prefixes if (one := change_of(prefix, "born")) is not None]
    last = max((one.by for one in born), default=None)
    return (f", {len(born)} of them new since 2022" if born else ""), last


@lru_cache(1)
def _mobile_ranges() -> pl.DataFrame:
    regions = [(prefix, series.region_of(prefix)) for prefix in all_mobile()]
    frame = pl.DataFrame(regions, schema={"prefix": pl.String, "region": pl.String}, orient="row")
    return frame.drop_nulls("region").with_columns(key("prefix"))


@lru_cache(1)
def _new_ranges() -> pl.DataFrame:
    rows = [(one.prefix, series.region_of(one.prefix)) for one in born_under(_SHARED)]
    frame = pl.DataFrame(rows, schema={"prefix": pl.String, "region": pl.String}, orient="row")
    return frame.drop_nulls("region").with_columns(key("prefix"))


@lru_cache(1)
def _series() -> pl.DataFrame:
    rows = [
        (
            one.prefix,
            "satellite" if one.kind == "satellite" else f"premium {one.owner}",
            f"a {one.kind} series of {'no country' if one.owner == '-' else one.owner}",
        )
        for one in series.all_series()
    ]
    names = ("prefix", "like", "whose")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.select(key("prefix"), "like", "whose")


@lru_cache(1)
def _country_keys() -> pl.Series:
    return pl.DataFrame({"prefix": sorted(series.country_prefixes())}).select(key("prefix"))["key"]


def answering(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that answer, as these functions take them: what is blocked has no rate."""
    rate = pl.when(~pl.col("blocked")).then("price").cast(MONEY).alias("rate")
    columns = (name for name in _ROW if name != "rate")
    return rows.select("key", "prefix", "blocked", rate, *columns)
