"""Where two sheets answer differently, as few prefixes that say it.

Both sheets are asked by longest match for every prefix that either has, and for all the shorter
ones above them. What a prefix then stands for is the numbers below it that no longer prefix takes
away. Equal neighbours are put together: a prefix says what most of its ten next digits say, and
those that say something else are rows of their own, or are left out of its row.

A number that is nothing but such a covered prefix, as 91 where 910 to 919 are listed, is not
counted as a number: nobody can be called there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.study.prefix_keys import ROOT, by_length, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = 0
"""The term that states that no prefix answers; the terms of rows are numbered from 1."""

_ANSWERS = ("old", "new")
_FEWEST = 6  # longer prefixes of ten, before they can outvote the shorter one
_MANY = 5  # of ten that state the same


def regions(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The prefixes below which two sheets answer differently.

    Args:
        old: columns ``key``, ``exact`` and ``term``; each key and exactness once.
        new: the same of the other sheet, its terms numbered alike.

    Returns:
        One row a prefix or whole number: ``key``, ``exact``, the terms ``old`` and ``new``, and the
        lists ``except_prefixes`` and ``except_numbers`` of keys below it that it does not speak for.
    """
    sheets = (old, new)
    starts = [sheet.filter(~pl.col("exact")).select("key", "term") for sheet in sheets]
    levels = _answered(by_length(pl.concat([old["key"], new["key"]])), starts)
    _settle_by_most(levels)
    nodes = _owned(levels)
    borders = nodes.filter(pl.col("key") == pl.col("owner"))
    numbers = _numbers(nodes, [sheet.filter("exact").select("key", "term") for sheet in sheets], starts)
    found = (
        borders.filter(_differs())
        .join(_listed(borders, "except_prefixes"), on="key", how="left")
        .join(_listed(numbers, "except_numbers"), on="key", how="left")
        .with_columns(exact=False)
    )
    whole = numbers.filter(_differs()).with_columns(
        exact=True,
        except_prefixes=pl.lit(None, pl.List(pl.UInt64)),
        except_numbers=pl.lit(None, pl.List(pl.UInt64)),
    )
    columns = ("key", "exact", *_ANSWERS, "except_prefixes", "except_numbers")
    return pl.concat([found.select(columns), whole.select(columns)])


def _differs() -> pl.Expr:
    return pl.col("old") != pl.col("new")


def _answered(levels: list[pl.Series], sheets: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Each level of keys with what both sheets answer there, a shorter prefix where they have none."""
    top = pl.DataFrame({"key": [ROOT], "old": [NOTHING], "new": [NOTHING]})
    nodes = [top.cast({"key": pl.UInt64, "old": pl.UInt32, "new": pl.UInt32})]
    for level in levels[1:]:
        here = level.to_frame().with_columns(parent=pl.col("key") // 10)
        here = here.join(nodes[-1].rename({"key": "parent"}), on="parent", how="left", maintain_order="left")
        for name, sheet in zip(_ANSWERS, sheets, strict=True):
            here = here.join(sheet, on="key", how="left", maintain_order="left")
            here = here.with_columns(pl.coalesce("term", name).alias(name)).drop("term")
        nodes.append(here.select("key", *_ANSWERS))
    return nodes


def _settle_by_most(levels: list[pl.DataFrame]) -> None:
    """Lets each prefix say, from below, what most of its ten next digits say, where that saves rows.

    Digits without a longer prefix state what the prefix states itself. If it is outvoted, they become
    prefixes of their own.
    """
    for length in range(len(levels) - 2, 0, -1):
        below = levels[length + 1].with_columns(parent=pl.col("key") // 10)
        below = below.filter(pl.len().over("parent") >= _FEWEST)
        if not below.height:
            continue
        above = levels[length].rename({"key": "parent"})
        above = above.join(below.group_by("parent").agg(listed=pl.len()), on="parent")
        outvoted = _outvoted(above, below, levels[length - 1])
        levels[length + 1] = pl.concat([levels[length + 1], _rest(above, outvoted, below)])
        found = outvoted.select(key="parent", most_old="old", most_new="new")
        levels[length] = (
            levels[length]
            .join(found, on="key", how="left", maintain_order="left")
            .select("key", *(pl.coalesce(f"most_{name}", name).alias(name) for name in _ANSWERS))
        )


def _outvoted(above: pl.DataFrame, below: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """The prefixes that should state something else, and what: fewer rows state it then.

    Whatever a prefix states, each of the ten digits that states another change is a row, and so is the
    prefix, unless it states what the next shorter one does. What is unchanged needs no row.
    """
    itself = above.select("parent", *_ANSWERS, votes=10 - pl.col("listed").cast(pl.Int64), own=True)
    votes = [below.select("parent", *_ANSWERS, "key", votes=pl.lit(1, pl.Int64), own=False)]
    votes.append(itself.select("parent", *_ANSWERS, key="parent", votes="votes", own="own"))
    counted = (
        pl.concat(votes)
        .with_columns(_kind("?"))
        .group_by("parent", "?old", "?new")
        .agg(
            pl.col(*_ANSWERS).sort_by("key").first(),
            pl.col("votes").sum(),
            pl.col("own").any(),
            first=pl.col("key").min(),
        )
        .with_columns(outer=pl.col("parent") // 10)
        .join(outer.rename({"key": "outer"}).with_columns(_kind("outer_")).drop(_ANSWERS), on="outer")
    )
    changed = pl.col("?old").is_not_null()
    spared = pl.when(changed).then("votes").otherwise(0)
    alone = pl.any_horizontal(pl.col(f"?{name}").ne_missing(pl.col(f"outer_{name}")) for name in _ANSWERS)
    counted = counted.with_columns(rows=(changed & alone).cast(pl.Int64) - spared)
    order = ["parent", "rows", -pl.col("votes"), pl.col("own").not_(), "first"]
    # "91 but for eight of ten" reads worse than two rows. But a prefix that nothing is left of must yield.
    empty = (pl.col("own") & (pl.col("votes") == 0)).any().over("parent")
    many = (pl.col("votes") >= _MANY) | pl.col("own") | empty
    best = (
        counted.filter(many & (pl.col("votes") > 0))
        .sort(order)
        .unique("parent", keep="first", maintain_order=True)
    )
    return best.filter(~pl.col("own"))


def _kind(name: str) -> list[pl.Expr]:
    """Answers to count by: all that is unchanged is one, for what it is does not matter here."""
    return [pl.when(_differs()).then(side).alias(f"{name}{side}") for side in _ANSWERS]


def _rest(above: pl.DataFrame, outvoted: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """The next digits of outvoted prefixes that had no longer prefix, each with what was stated there."""
    digits = pl.int_range(10, dtype=pl.UInt64, eager=True).alias("digit").to_frame()
    losers = above.join(outvoted.select("parent"), on="parent", how="semi")
    ten = losers.join(digits, how="cross").with_columns(key=pl.col("parent") * 10 + pl.col("digit"))
    return ten.join(below.select("key"), on="key", how="anti").select("key", *_ANSWERS)


def _owned(levels: list[pl.DataFrame]) -> pl.DataFrame:
    """All keys, each with the ``owner`` that speaks for it, and the ``outer`` owner around that one."""
    above = levels[0].with_columns(owner="key", outer="key")
    found = [above]
    for level in levels[1:]:
        here = level.with_columns(parent=pl.col("key") // 10).join(
            above.select(pl.all().name.prefix("above_")), left_on="parent", right_on="above_key", how="left"
        )
        same = (~_differs() & (pl.col("above_old") == pl.col("above_new"))) | (
            (pl.col("old") == pl.col("above_old")) & (pl.col("new") == pl.col("above_new"))
        )
        above = here.select(
            "key",
            *_ANSWERS,
            owner=pl.when(same).then("above_owner").otherwise("key"),
            outer=pl.when(same).then("above_outer").otherwise("above_owner"),
        )
        found.append(above)
    return pl.concat(found)


def _numbers(
    nodes: pl.DataFrame, exact: Sequence[pl.DataFrame], starts: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """The whole numbers for which the prefix that speaks for them is wrong: with answers and ``outer``."""
    asked = pl.concat(exact).select("key").unique()
    asked = asked.join(nodes.select("key", outer="owner"), on="key")
    speaking = nodes.select(outer="key", outer_old="old", outer_new="new")
    asked = asked.join(speaking, on="outer")
    for name, sheet, wholes in zip(_ANSWERS, starts, exact, strict=True):
        falls = nearest(asked["key"], sheet["key"]).join(sheet, left_on="above", right_on="key")
        asked = (
            asked.join(wholes, on="key", how="left")
            .join(falls.select("key", fall="term"), on="key", how="left")
            .select(pl.exclude("term", "fall"), pl.coalesce("term", "fall", NOTHING).alias(name))
        )
    silent = ~_differs() & (pl.col("outer_old") == pl.col("outer_new"))
    said = (pl.col("old") == pl.col("outer_old")) & (pl.col("new") == pl.col("outer_new"))
    return asked.filter(~(silent | said))


def _listed(inner: pl.DataFrame, name: str) -> pl.DataFrame:
    """The keys right inside each region, as a sorted list."""
    pairs = inner.select(key="outer", inside="key")
    return pairs.group_by("key").agg(pl.col("inside").sort().alias(name))
