"""Regions that two sheets answer differently, as rows that people read: what, from what, to what.

A row is made of what both sheets say; whether that is dearer, and by how much, is judged from the
row alone. So the comparison the other way round is the same rows with old and new exchanged.
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing.deck.exact_columns import half_up, rupees_of, scaled
from dialnexa_routing.sheets.study.in_force import E164_DIGITS
from dialnexa_routing.sheets.study.prefix_keys import digits_of, prefix_of
from dialnexa_routing.sheets.study.terms_compared import OTHER_TERMS

KINDS = ("dearer", "cheaper", "new", "removed", "blocked", "unblocked", "regrouped", "terms")
"""What became of a region, the first that holds:

``new``: no prefix answered, or none with a rate; ``removed``: none does any more; ``blocked`` and
``unblocked``; ``dearer`` and ``cheaper`` by the rate; ``regrouped``: another network group or
country at the same rate; ``terms``: the same, but for fees, increments, bounds or schedules.
"""

PERCENT_PLACES = 4

_SIDES = ("country_iso", "group", "rate", "unit_s", "schedule", "blocked", "terms")
_PLACE = ("prefix", "exact_match", "except_prefixes", "except_numbers")
_TEXTS = {
    "connect_fee": "connect fee",
    "minimum_s": "minimum",
    "grace_s": "grace",
    "free_s": "free",
    "min_charge": "minimum charge",
    "max_charge": "maximum charge",
    "schedule": "schedule",
}


def changes(regions: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Regions and numbered terms as rows with `KINDS`, by prefix."""
    rows = regions
    for side in ("old", "new"):
        named = said.rename({name: f"{side}_{name}" for name in said.columns if name != "term"})
        rows = rows.join(named, left_on=side, right_on="term", how="left")
    both = pl.col("old_blocked").eq(False) & pl.col("new_blocked").eq(False)
    for side in ("old", "new"):
        rows = rows.with_columns(pl.when(both).then(_told(side)).alias(f"{side}_terms"))
    rows = rows.select(
        prefix_of(pl.col("key")).alias("prefix"),
        pl.col("exact").alias("exact_match"),
        *(_prefixes(name) for name in ("except_prefixes", "except_numbers")),
        *(
            pl.col(f"{side}_{_SOURCES.get(name, name)}").alias(f"{side}_{name}")
            for name in _SIDES
            for side in ("old", "new")
        ),
        share=_share(),
    )
    return judged(rows.sort("prefix", "exact_match"))


_SOURCES = {"group": "network_group", "unit_s": "rate_unit_s"}


def exchanged(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the comparison the other way round."""
    turned = {f"old_{name}": f"new_{name}" for name in _SIDES}
    return judged(rows.rename(turned | {new: old for old, new in turned.items()}))


def judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with ``kind``, ``change`` in INR a minute and ``percent``, in the order people read them.

    Both are decimals, not floats: the change exact to the nano-rupee, the percentage rounded half
    away from zero to `PERCENT_PLACES`, and null where the old rate is zero.
    """
    old_unit, new_unit = (pl.col(f"{side}_unit_s").cast(pl.Int128) for side in ("old", "new"))
    old = pl.col("old_rate").to_physical().cast(pl.Int128) * new_unit
    new = pl.col("new_rate").to_physical().cast(pl.Int128) * old_unit
    change = half_up((new - old) * 60, old_unit * new_unit)
    percent = half_up((new - old) * (100 * 10**PERCENT_PLACES), pl.when(old > 0).then(old))
    sides = [f"{side}_{name}" for name in _SIDES for side in ("old", "new")]
    return rows.with_columns(
        kind=_kind(old, new), change=rupees_of(change), percent=scaled(percent, PERCENT_PLACES)
    ).select(*_PLACE, "kind", *sides[:6], "change", "percent", *sides[6:], "share")


def by_group(rows: pl.DataFrame) -> pl.DataFrame:
    """Changes added up by kind and the groups on both sides, of each kind the greatest share first.

    ``mean_change`` weighs each change by its share of the number space, to the nano-rupee.
    """
    keys = ["kind", "old_country_iso", "new_country_iso", "old_group", "new_group"]
    share = pl.col("share").to_physical().cast(pl.Int128)
    nano = pl.col("change").to_physical().cast(pl.Int128)
    weighed = pl.when(pl.col("change").is_not_null()).then(share)
    found = rows.group_by(keys).agg(
        prefixes=pl.len().cast(pl.Int64),
        share=pl.col("share").sum(),
        least_change=pl.col("change").min(),
        greatest_change=pl.col("change").max(),
        weight=weighed.sum(),
        product=(nano * share).sum(),
    )
    weight = pl.when(pl.col("weight") > 0).then("weight")
    mean = rupees_of(half_up(pl.col("product"), weight)).alias("mean_change")
    found = found.with_columns(mean).drop("weight", "product")
    return found.sort(_rank(), -pl.col("share"), *keys[1:], nulls_last=True)


def read(rows: pl.DataFrame) -> pl.DataFrame:
    """Changes, or groups of them, as people read them: what costs most numbers more, first."""
    moved = pl.col("old_group").ne_missing(pl.col("new_group"))
    none = pl.lit("nothing")
    group = pl.format("{} -> {}", pl.col("old_group").fill_null(none), pl.col("new_group").fill_null(none))
    shown = [pl.when(moved).then(group).otherwise("new_group").alias("network_group")]
    if "prefix" not in rows.columns:
        return rows.select(
            "kind", *shown, "prefixes", "share", "least_change", "mean_change", "greatest_change"
        )
    kept = pl.col("except_prefixes").list.len() + pl.col("except_numbers").list.len()
    terms = pl.format("{} -> {}", "old_terms", "new_terms")
    without = pl.concat_list("except_prefixes", "except_numbers")
    return rows.sort(_rank(), -pl.col("share"), "prefix", nulls_last=True).select(
        "kind",
        "prefix",
        pl.when("exact_match").then(pl.lit("whole number")).alias("only"),
        pl.when(kept > 0).then(without).alias("except"),
        *shown,
        "old_rate",
        "new_rate",
        "change",
        "percent",
        terms.alias("terms"),
    )


def _rank() -> pl.Expr:
    order = {kind: place for place, kind in enumerate(KINDS)}
    return pl.col("kind").replace_strict(order, return_dtype=pl.UInt8)


def _kind(old: pl.Expr, new: pl.Expr) -> pl.Expr:
    priced = {
        side: pl.col(f"{side}_rate").is_not_null() | pl.col(f"{side}_schedule").is_not_null()
        for side in ("old", "new")
    }
    was, now = pl.col("old_group").is_not_null(), pl.col("new_group").is_not_null()
    old_blocked, new_blocked = pl.col("old_blocked"), pl.col("new_blocked")
    moved = pl.any_horizontal(
        pl.col(f"old_{name}").ne_missing(pl.col(f"new_{name}")) for name in ("group", "country_iso")
    )
    return (
        pl.when(~was)
        .then(pl.lit("new"))
        .when(~now)
        .then(pl.lit("removed"))
        .when(new_blocked & ~old_blocked)
        .then(pl.lit("blocked"))
        .when(old_blocked & ~new_blocked)
        .then(pl.lit("unblocked"))
        .when(new > old)
        .then(pl.lit("dearer"))
        .when(new < old)
        .then(pl.lit("cheaper"))
        .when(~priced["old"] & priced["new"])
        .then(pl.lit("new"))
        .when(priced["old"] & ~priced["new"])
        .then(pl.lit("removed"))
        .when(moved)
        .then(pl.lit("regrouped"))
        .otherwise(pl.lit("terms"))
    )


def _share() -> pl.Expr:
    """How much of all digit strings a row speaks for: 91 is a hundredth, less what it leaves out."""
    weight = pl.lit(10, pl.Int64).pow(E164_DIGITS - digits_of(pl.col("key")).cast(pl.Int64))
    inner = pl.element().cast(pl.String).str.len_bytes().cast(pl.Int64)
    without = (
        pl.col("except_prefixes").list.eval(pl.lit(10, pl.Int64).pow(E164_DIGITS + 1 - inner)).list.sum()
    )
    counted = pl.when("exact").then(0).otherwise(weight - without.fill_null(0))
    return scaled(counted, E164_DIGITS)


def _prefixes(name: str) -> pl.Expr:
    return pl.col(name).list.eval(prefix_of(pl.element())).list.sort().fill_null([])


def _told(side: str) -> pl.Expr:
    """What one side states of the terms that differ, in words."""

    def differ(name: str) -> pl.Expr:
        return pl.col(f"old_{name}").ne_missing(pl.col(f"new_{name}"))

    first, following = OTHER_TERMS[:2]
    pulse = pl.format("increments {}/{}", f"{side}_{first}", f"{side}_{following}")
    parts = [pl.when(differ(first) | differ(following)).then(pulse.fill_null("increments of the plan"))]
    for name, words in _TEXTS.items():
        value = pl.col(f"{side}_{name}").cast(pl.String)
        value = pl.format("{} s", value) if name.endswith("_s") else value.str.replace(r"\.?0+$", "")
        parts.append(pl.when(differ(name)).then(pl.format(f"{words} {{}}", value.fill_null("none"))))
    told = pl.concat_str(parts, separator=", ", ignore_nulls=True)
    return pl.when(told != "").then(told)
