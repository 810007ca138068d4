"""Rows that say a call again: found by a key in one look at the key columns, sixteen bytes a row.

What is kept of that look is a bit a row, so that the rows themselves stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dialnexa_routing.files.text_look import PlainText

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
    return _others(_hashed(lazy, keys, longest), longest is not None)


@dataclass(frozen=True)
class Keyed:
    """The rows of one of several files, with what their keys are made of.

    Attributes:
        lazy: the raw rows.
        raw: the parts of a key, of raw columns.
        planned: the plan of raw rows.
        keys: the parts of a key of planned rows, null where a row takes no part.
        longest: of planned rows, which is kept.
    """

    lazy: pl.LazyFrame
    raw: Sequence[pl.Expr]
    planned: Callable[[pl.LazyFrame], pl.LazyFrame]
    keys: Sequence[pl.Expr]
    longest: pl.Expr


def others_among(files: Sequence[Keyed]) -> list[pl.Series | None]:
    """The same for several files, whose keys are of one kind: a leg may stand in the next file.

    Returns for each file which of its rows have the key of a longer one in any of them.
    """
    if not files:
        return []
    found = [_hashed(one.planned(one.lazy), one.keys, one.longest) for one in files]
    whole = _others(pl.concat(found), by_length=True)
    masks: list[pl.Series | None] = []
    at = 0
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


def _others(found: pl.DataFrame, by_length: bool) -> pl.Series:
    pair = pl.struct("h0", "h1")
    has_key = pl.col("h0").is_not_null()
    if not by_length:
        return found.select((has_key & ~pair.is_first_distinct()).alias("other")).to_series()
    most = pl.col("longest").fill_null(-1)
    best = found.with_row_index("at").filter(has_key).sort(most, descending=True, maintain_order=True)
    kept = best.filter(pair.is_first_distinct())["at"]
    others_ = found.select(has_key.alias("other")).to_series()
    return others_.scatter(kept, False)


def others_in(
    text: PlainText,
    raw: Sequence[str],
    keys: Sequence[pl.Expr],
    planned: Callable[[pl.LazyFrame], pl.LazyFrame],
    judged: Sequence[pl.Expr],
    *,
    longest: pl.Expr,
) -> pl.Series | None:
    """`others` of the rows of a text, of which only those are planned that share their raw key with another.

    Args:
        text: the rows.
        raw: the names that its columns have in the plan, in their order.
        keys: what a key is made of, of raw columns; a row of which one part is null has none.
        planned: the plan of some of the rows.
        judged: the key of planned rows, null where a row takes no part.
        longest: of planned rows, which is kept.

    Returns:
        Which rows are others; None where no two rows share a key.
    """
    names = dict(zip(raw, text.names, strict=True))
    wanted = [name for name in raw if name in {root for key in keys for root in key.meta.root_names()}]
    missing = pl.any_horizontal(key.is_null() for key in keys)
    whole = pl.struct(key.alias(f"k{place}") for place, key in enumerate(keys)).hash(_SEEDS[0])
    hashes = [
        cells.rename({names[name]: name for name in wanted})
        .select(pl.when(~missing).then(whole).alias("hash"))
        .to_series()
        for cells in text.cells([names[name] for name in wanted])
    ]
    if not wanted or not hashes:
        return None
    hashed = pl.concat(hashes)
    del hashes
    ordered = hashed.sort()
    twice = ordered.filter((ordered == ordered.shift(1)).fill_null(False)).unique()
    del ordered
    if not len(twice):
        return None
    sharing = hashed.is_in(twice.implode()).fill_null(False)
    del hashed
    back = dict(zip(text.names, raw, strict=True))
    parts = [
        _hashed(planned(text.scan(lines).rename(back)), judged, longest) for lines in text.lines(sharing)
    ]
    found = _others(pl.concat(parts), by_length=True)
    others_ = pl.repeat(False, len(sharing), dtype=pl.Boolean, eager=True)
    return others_.scatter(sharing.arg_true().filter(found), True)


def marked(lazy: pl.LazyFrame, found: pl.Series, word: str, reason: str = "reason") -> pl.LazyFrame:
    """The rows with a reason where they are among the others; one that they have already stays."""
    at = "\u200bat"
    where = pl.col(at).map_batches(_Mask(found), return_dtype=pl.Boolean, is_elementwise=True)
    word_there = pl.when(pl.col(reason).is_null() & where).then(pl.lit(word)).otherwise(pl.col(reason))
    return lazy.with_row_index(at).with_columns(word_there.alias(reason)).drop(at)
