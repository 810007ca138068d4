"""The words that rating adds, as Enums: a deck knows all of them, and writing their places is faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.files.column_named import column_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialnexa_routing.deck.rates import Rates

_MOST, _PART = 1 << 17, 32
"""Bytes of all words, which stand in every row group; and the part of a file that they may be."""


@dataclass(frozen=True)
class CodedWords:
    """The words of a deck; made once for many files.

    Attributes:
        types: of the columns that hold them, without the prefix of their names.
        digest: of the deck; None for a book, whose rows name several.
        size: bytes of all words.
    """

    types: Mapping[str, pl.Enum]
    digest: str | None
    size: int

    @classmethod
    def of(cls, deck: Rates) -> Self:
        """The words of a deck, or of all decks of a book."""
        decks = decks_of(deck)
        groups = [group for one in decks for group in one.network_groups]
        found = {
            "network_group": _distinct(group.name for group in groups),
            "country_iso": _distinct(group.country_iso for group in groups),
        }
        return cls(
            types={name: pl.Enum(words) for name, words in found.items()},
            digest=decks[0].digest if len(decks) == 1 else None,
            size=sum(len(word.encode()) for words in found.values() for word in words),
        )

    def instead(self, schema: pl.Schema, add_prefix: str, size: int) -> list[pl.Expr]:
        """Enums in place of columns of a rated frame, for `files.parquet_writing`; none for small files.

        Args:
            schema: of the rated frame.
            add_prefix: what rating put before the names of its columns.
            size: of the file that is rated, in bytes.
        """
        if self.size > min(_MOST, size // _PART):
            return []
        coded = [
            column_named(add_prefix + name).cast(words)
            for name, words in self.types.items()
            if add_prefix + name in schema
        ]
        name = add_prefix + "deck_digest"
        if self.digest is not None and name in schema:
            coded.append(pl.lit(self.digest, dtype=pl.Enum([self.digest])).alias(name))
        return coded


def _distinct(words: Iterable[str | None]) -> list[str]:
    return sorted({word for word in words if word is not None})
