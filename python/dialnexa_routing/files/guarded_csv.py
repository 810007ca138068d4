"""The one writer of CSV: no cell in it is run by a spreadsheet as a formula.

A network group named ``=1+1`` comes from a stranger's sheet, and a spreadsheet that opens the file
computes it, or worse. Text with such a beginning gets ``'`` in front, names of columns too. A cell
that is wholly a sign and digits, as ``+919812345678`` or ``-12.50``, is a number and no formula; it
stays as it is, for E.164 numbers begin with a plus (R5). `unguarded` is the way back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl
import polars.selectors as cs

if TYPE_CHECKING:
    from typing import BinaryIO

_LEADS = "=@\t\r\n'\uff1d\uff0b\uff0d\uff20"
"""Beginnings that are always guarded: formulas, and the guard itself, so that there is a way back.

The wide signs of East Asian text count as the plain ones to some spreadsheets."""
_GUARDED = re.compile(f"'[+\\-{_LEADS}]")
_NO_NUMBER = r"(?:$|[^0-9]|[0-9]+(?:[^0-9.]|\.(?:$|[^0-9]|[0-9]+[^0-9])))"  # what may follow a sign in text
RISKY = f"^(?:[{_LEADS}]|[+\\-]{_NO_NUMBER})"
"""A pattern for Polars: the beginning of a cell that is guarded."""
_TEXTS = cs.by_dtype(pl.String, pl.Categorical, pl.Enum)


def write_csv(frame: pl.DataFrame, file: BinaryIO, **form: Any) -> None:
    """Write a frame as CSV, guarded; `form` goes to Polars, as ``datetime_format``."""
    guarded(frame.lazy()).collect().write_csv(file, **form)


def sink_csv(lazy: pl.LazyFrame, file: BinaryIO) -> None:
    """Write a lazy frame as CSV batch by batch, guarded."""
    guarded(lazy).sink_csv(file, engine="streaming", check_extension=False)


def guarded(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """A frame of which no text, and no name of a column, is a formula to a spreadsheet.

    >>> frame = pl.LazyFrame({"=a": ["=1+1", "+91981", "-12.50", "-1+1", "'x", "a=1"]})
    >>> guarded(frame).collect().to_dict(as_series=False)
    {"'=a": ["'=1+1", '+91981', '-12.50', "'-1+1", "''x", 'a=1']}
    """
    names = lazy.collect_schema().names()
    found = pl.Series(names, dtype=pl.String).str.contains(RISKY)
    renamed = {name: f"'{name}" for name, risky in zip(names, found, strict=True) if risky}
    texts = _TEXTS.cast(pl.String).map_batches(_guarded, return_dtype=pl.String, is_elementwise=True)
    return lazy.with_columns(texts).rename(renamed)


def unguarded(lazy: pl.LazyFrame, *, cells: bool = True) -> pl.LazyFrame:
    """A frame as it was before it was guarded; its names alone where no cell is.

    >>> lazy = pl.LazyFrame({"a": ["=1+1", "'=1", "-5", "'"], "=b": "x"})
    >>> unguarded(guarded(lazy)).collect().equals(lazy.collect())
    True
    """
    names = lazy.collect_schema().names()
    renamed = {name: name[1:] for name in names if _GUARDED.match(name) and name[1:] not in names}
    if not cells:
        return lazy.rename(renamed)
    texts = cs.string().map_batches(unguarded_cells, return_dtype=pl.String, is_elementwise=True)
    return lazy.with_columns(texts).rename(renamed)


def unguarded_cells(cells: pl.Series) -> pl.Series:
    """Texts as they were before they were guarded."""
    plain = cells.alias("")  # a name such as ^.*$ is taken for a pattern by the methods of a series
    if not plain.str.starts_with("'").any():
        return cells  # nearly always, and ten times as fast
    return plain.str.replace(f"^'([+\\-{_LEADS}])", "${1}").alias(cells.name)


def _guarded(cells: pl.Series) -> pl.Series:
    plain = cells.alias("")
    if not plain.str.contains(RISKY).any():
        return cells
    return plain.str.replace(f"({RISKY})", "'${1}").alias(cells.name)
