"""Texts in place of others, as expressions that stream.

To Polars `Expr.replace` and `Expr.replace_strict` are functions of whole columns: its streaming engine holds
every row back until the last one has come (2.1), and the memory grows with the file. These go batch by batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


def filled(texts: pl.Expr) -> pl.Expr:
    """Texts, of which an empty one is null.

    >>> pl.DataFrame({"a": ["x", "", None]}).select(filled(pl.col("a"))).to_series().to_list()
    ['x', None, None]
    """
    return without(texts, "")


def without(texts: pl.Expr, word: str) -> pl.Expr:
    """Texts, of which one word is null."""
    return pl.when(texts != word).then(texts)


def looked_up(words: pl.Expr, known: Mapping[str, str], *, keep: bool = False) -> pl.Expr:
    """The text of each word; one that is not known is null, or stays as it is.

    >>> words = pl.DataFrame({"a": ["in", "up", None]})
    >>> words.select(looked_up(pl.col("a"), {"in": "inbound"})).to_series().to_list()
    ['inbound', None, None]
    >>> words.select(looked_up(pl.col("a"), {"in": "inbound"}, keep=True)).to_series().to_list()
    ['inbound', 'up', None]
    """
    made = _LookedUp(dict(known), keep)
    return words.map_batches(made, return_dtype=pl.String, is_elementwise=True)


def by_number(places: pl.Expr, texts: list[str]) -> pl.Expr:
    """The text that stands at each place, from 0; null where there is none.

    >>> pl.DataFrame({"a": [1, None]}).select(by_number(pl.col("a"), ["x", "y"])).to_series().to_list()
    ['y', None]
    """
    made = _ByNumber(tuple(texts))
    return places.map_batches(made, return_dtype=pl.String, is_elementwise=True)


@dataclass(frozen=True)
class _LookedUp:
    known: dict[str, str]
    keep: bool

    def __call__(self, words: pl.Series) -> pl.Series:
        other = words if self.keep else None
        return words.replace_strict(self.known, default=other, return_dtype=pl.String)


@dataclass(frozen=True)
class _ByNumber:
    texts: tuple[str, ...]

    def __call__(self, places: pl.Series) -> pl.Series:
        return pl.Series(self.texts, dtype=pl.String).gather(places).alias(places.name)
