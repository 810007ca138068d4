"""Words that programs write where a value is missing, none of which can be a value of a call."""

from __future__ import annotations

import polars as pl

NOTHING = ("\\N", "NULL", "Null", "null", "(null)", "<null>", "<NULL>", "None", "NaN", "nan", "NaT", "nil")
r"""``\N`` is of dumps of PostgreSQL and MySQL, the others of their clients, of pandas and of languages."""


def said(texts: pl.Expr) -> pl.Expr:
    """Texts, of which an empty one and a word for nothing are null.

    >>> pl.DataFrame({"a": ["x", "", "NULL", None]}).select(said(pl.col("a"))).to_series().to_list()
    ['x', None, None, None]
    """
    return pl.when(~texts.is_in(["", *NOTHING])).then(texts)


def said_by(texts: pl.Series) -> pl.Series:
    """The same of a batch."""
    return texts.set(texts.is_in(["", *NOTHING]).fill_null(False), None)
