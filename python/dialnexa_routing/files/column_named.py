"""Columns by their names. Polars takes some names for patterns: ``*``, and what stands in ``^…$``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable


def column_named(name: str) -> pl.Expr:
    """The one column of that name, whatever the name looks like.

    >>> frame = pl.DataFrame({"^s.*$": ["+911"], "seconds": [911]})
    >>> frame.select(column_named("^s.*$")).columns, frame.select(pl.col("^s.*$")).columns
    (['^s.*$'], ['seconds'])
    """
    is_pattern = name == "*" or (name.startswith("^") and name.endswith("$"))
    return pl.col(f"^{re.escape(name)}$" if is_pattern else name)


def columns_named(names: Iterable[str]) -> list[pl.Expr]:
    """The columns of these names, in their order."""
    return [column_named(name) for name in names]
