"""One value for every row of a table."""

from __future__ import annotations

from typing import Any

import polars as pl


def constant(value: Any, rows: int, dtype: pl.DataType | type[pl.DataType] | None = None) -> pl.Series:
    """A column of `rows` times one value.

    `pl.repeat` makes a query of it and costs eight times as much, which counts where a sheet is two
    hundred small files.
    """
    return pl.Series([value], dtype=dtype).new_from_index(0, rows)
