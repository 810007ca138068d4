"""Parquet as this library writes it: the same bytes whatever runs beside, read as the types that went in."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

ROW_GROUP = 1 << 17
"""Rows. Of a fixed number: otherwise groups follow the batches, and those the number of threads."""
_LEVEL = 1
"""Of zstd. The third one, as usual, takes a quarter more to write a file, and saves 3 % of its size."""
_SCHEMA = "ARROW:schema"
"""The name under which readers of Arrow find the types of columns."""


def sink_parquet(lazy: pl.LazyFrame, file: BinaryIO, coded: Sequence[pl.Expr] = ()) -> None:
    """Run a lazy frame batch by batch into an open file.

    Args:
        lazy: what to write.
        file: where to.
        coded: Enums that stand for columns of text with the same names and the same words. Their places
            go into the file as they are, where texts would be put together row by row, which takes
            several times as long; readers find the texts.
    """
    schema = lazy.collect_schema()
    kept = None
    if coded and _keeps_types():
        lazy = lazy.with_columns(coded)
        kept = {_SCHEMA: _types(schema.to_frame())}
    lazy.sink_parquet(
        file, engine="streaming", row_group_size=ROW_GROUP, compression_level=_LEVEL, metadata=kept
    )


def _types(empty: pl.DataFrame) -> str:
    """The types of a frame, as a Parquet file spells them for readers of Arrow."""
    file = io.BytesIO()
    empty.write_parquet(file)
    file.seek(0)
    return pl.read_parquet_metadata(file)[_SCHEMA]


@lru_cache(maxsize=1)
def _keeps_types() -> bool:
    """Whether Polars writes the types that it is given in place of its own: 2.1 does, undocumented."""
    file = io.BytesIO()
    text = pl.DataFrame({"a": ["x"]})
    coded = text.cast(pl.Enum(["x"]))
    try:
        coded.write_parquet(file, metadata={_SCHEMA: _types(text)})
        file.seek(0)
        return pl.read_parquet(file).equals(text)
    except (pl.exceptions.PolarsError, TypeError, KeyError):
        return False
