"""Prefixes as whole numbers, and the shorter prefixes above them, found a level at a time.

The key of a prefix is its digits behind a 1, so that leading digits and length both count and the
next shorter prefix is the key without its last digit. Joins of such keys are many times quicker
than joins of text, and fifteen digits behind a 1 fit 64 bits.
"""

from __future__ import annotations

import polars as pl

ROOT = 1
"""The key of no digits at all."""

_LONGEST = 15


def key(name: str) -> pl.Expr:
    """The keys of a column of prefixes, named ``key``.

    >>> pl.DataFrame({"prefix": ["91", "091"]}).select(key("prefix"))["key"].to_list()
    [191, 1091]
    """
    return (pl.lit("1") + pl.col(name)).cast(pl.UInt64).alias("key")


def prefix_of(column: pl.Expr) -> pl.Expr:
    """The prefixes of keys."""
    return column.cast(pl.String).str.slice(1)


def digits_of(column: pl.Expr) -> pl.Expr:
    """How many digits the prefixes of keys have."""
    return column.cast(pl.String).str.len_bytes() - 1


def nearest(asked: pl.Series, known: pl.Series, *, shorter: bool = False) -> pl.DataFrame:
    """For each asked key the longest known one that begins it; `shorter` leaves out the key itself.

    Returns:
        The distinct ``key`` that have one, each with it as ``above``.

    >>> nearest(pl.Series([19198, 144], dtype=pl.UInt64), pl.Series([19, 191], dtype=pl.UInt64)).rows()
    [(19198, 191)]
    """
    probes = known.alias("probe").to_frame().unique()
    left = asked.alias("key").to_frame().unique().with_columns(probe=pl.col("key") // (10 if shorter else 1))
    found = []
    while left.height:
        found.append(left.join(probes, on="probe", how="semi"))
        left = left.join(probes, on="probe", how="anti").filter(pl.col("probe") >= 10)
        left = left.with_columns(pl.col("probe") // 10)
    return pl.concat([left, *found]).rename({"probe": "above"}).sort("key")


def within(asked: pl.Series, ranges: pl.Series) -> pl.DataFrame:
    """For each asked key the range that it is or lies in, of ranges of which none lies in another.

    Returns:
        The distinct ``key`` that lie in one, each with it as ``above``: as `nearest`, in a single join.

    >>> within(pl.Series([19198, 144], dtype=pl.UInt64), pl.Series([19, 155], dtype=pl.UInt64)).rows()
    [(19198, 19)]
    """
    text = pl.col("key").cast(pl.String)
    first, last = (text.str.pad_end(_LONGEST + 1, digit).cast(pl.UInt64) for digit in "09")
    known = ranges.alias("key").to_frame().select(first=first, last=last, above="key").sort("first")
    keys = asked.unique().alias("key").to_frame().select("key", first=first).sort("first")
    found = keys.join_asof(known, on="first")
    inside = (pl.col("first") <= pl.col("last")) & (pl.col("key") >= pl.col("above"))
    return found.filter(inside).select("key", "above")


def by_length(keys: pl.Series) -> list[pl.Series]:
    """The keys and all the shorter ones above them, in a list by their number of digits, 0 to 15.

    >>> [level.to_list() for level in by_length(pl.Series([191, 1920], dtype=pl.UInt64))[:4]]
    [[1], [19], [191, 192], [1920]]
    """
    given = keys.alias("key").to_frame().unique()
    levels = [pl.Series("key", [], pl.UInt64)]
    for length in range(_LONGEST, -1, -1):
        own = given.filter(pl.col("key").is_between(10**length, 2 * 10**length - 1))["key"]
        level = pl.concat([own, levels[-1] // 10]).unique().sort()
        levels.append(level)
    return levels[:0:-1]


def covered_by_longer(keys: pl.Series) -> pl.Series:
    """The keys below which every further digit leads to another of these keys, sooner or later.

    A number that begins with such a prefix always begins with a longer one too.

    >>> ten = pl.Series([191, *range(1910, 1920)], dtype=pl.UInt64)
    >>> covered_by_longer(ten).to_list()
    [191]
    """
    given = keys.alias("key").to_frame().unique()
    covered = [pl.Series("key", [], pl.UInt64)]
    for length in range(_LONGEST, 0, -1):
        own = given.filter(pl.col("key").is_between(10**length, 2 * 10**length - 1))["key"]
        level = pl.concat([own, covered[-1]]).unique()
        above = (level // 10).value_counts().filter(pl.col("count") == 10)["key"]
        covered.append(above)
    return pl.concat(covered).to_frame().join(given, on="key", how="semi")["key"].sort()
