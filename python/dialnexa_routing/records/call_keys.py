"""Rows that say a call again: found by a key in one look at the key columns, sixteen bytes a row.

What is kept of that look is a bit a row, so that the rows themselves stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEEDS = (0x5EED, 0xCA11)


@dataclass(frozen=True)
class _Mask:
    """Whether a row is another one, by its place from 0."""

    others: pl.Series

    def __call__(self, places: pl.Series) -> pl.Series:
        return self.others.gather(places).alias(places.name)


def others(lazy: pl.LazyFrame, keys: Sequence[pl.Expr], *, longest: pl.Expr | None = None) -> pl.Series:
    """Which rows have the key of another row that is kept: the first, or the longest of them.

    Args:
        lazy: the rows in order.
        keys: what a key is made of; a row of which one part is null has none, and is kept.
        longest: of the rows with one key, the one of which this is most is kept, the first of equals.

    >>> rows = pl.LazyFrame({"id": ["a", "b", "a", None, None], "s": [1, 2, 9, 0, 0]})
    >>> others(rows, [pl.col("id")]).to_list(), others(rows, [pl.col("id")], longest=pl.col("s")).to_list()
    ([False, False, True, False, False], [True, False, False, False, False])
    """
    return _others(_hashed(lazy, keys, longest), is_longest=longest is not None)


@dataclass(frozen=True)
class Keyed:
    """The rows of one of several files, with what their keys are made of."""

    lazy: pl.LazyFrame
    keys: Sequence[pl.Expr]
    longest: pl.Expr


def others_among(files: Sequence[Keyed]) -> list[pl.Series]:
    """The same for several files, whose keys are of one kind: a leg may stand in the next file.

    Returns for each file which of its rows have the key of a longer one in any of them.
    """
    found = [_hashed(one.lazy, one.keys, one.longest) for one in files]
    whole = _others(pl.concat(found), is_longest=True)
    masks, at = [], 0
    for one in found:
        masks.append(whole.slice(at, one.height))
        at += one.height
    return masks


def _hashed(lazy: pl.LazyFrame, keys: Sequence[pl.Expr], longest: pl.Expr | None) -> pl.DataFrame:
    """Two hashes of each row's key, null where it has none, and what is compared."""
    missing = pl.any_horizontal(key.is_null() for key in keys)
    whole = pl.struct(key.alias(f"k{place}") for place, key in enumerate(keys))
    hashes = [
        pl.when(~missing).then(whole.hash(seed)).alias(f"h{place}") for place, seed in enumerate(_SEEDS)
    ]
    more = [] if longest is None else [longest.alias("longest")]
    return lazy.select(*hashes, *more).collect(engine="streaming")


def _others(found: pl.DataFrame, *, is_longest: bool) -> pl.Series:
    pair = pl.struct("h0", "h1")
    has_key = pl.col("h0").is_not_null()
    if not is_longest:
        return found.select((has_key & ~pair.is_first_distinct()).alias("other")).to_series()
    most = pl.col("longest").fill_null(-1)
    best = found.with_row_index("at").filter(has_key).sort(most, descending=True, maintain_order=True)
    kept = best.filter(pair.is_first_distinct())["at"]
    others_ = found.select(has_key.alias("other")).to_series()
    return others_.scatter(kept, False)


def marked(lazy: pl.LazyFrame, found: pl.Series, word: str, reason: str = "reason") -> pl.LazyFrame:
    """The rows with a reason where they are among the others; one that they have already stays."""
    at = "\u200bat"
    where = pl.col(at).map_batches(_Mask(found), return_dtype=pl.Boolean, is_elementwise=True)
    word_there = pl.when(pl.col(reason).is_null() & where).then(pl.lit(word)).otherwise(pl.col(reason))
    return lazy.with_row_index(at).with_columns(word_there.alias(reason)).drop(at)
