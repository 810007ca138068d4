"""Cells of any source as text without loss: what a type adds to a number is taken off again.

A number that came through a database as ``Decimal(38,10)`` or through pandas as a float is its digits; a
key that came as sixteen bytes is a UUID; of a type that only its maker knows, the storage is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.files.streaming_words import filled
from dialnexa_routing.records.formats.call_format import folded
from dialnexa_routing.records.nothing_said import said

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHOLE = 1 << 53
"""From here on floats leave whole numbers out, so that one stands for several."""


def storage(column: pl.Expr, dtype: pl.DataType) -> tuple[pl.Expr, pl.DataType]:
    """A column, and its type, without the extension type around it."""
    while isinstance(dtype, pl.Extension):
        inside = dtype.ext_storage()
        column, dtype = column.ext.storage(), inside if isinstance(inside, pl.DataType) else inside()
    return column, dtype


def is_cell(dtype: pl.DataType) -> bool:
    """Whether a column of this type has cells that stand for one thing each."""
    return not (dtype.is_nested() or dtype == pl.Object)


def as_text(column: pl.Expr, dtype: pl.DataType, *, padded: bool = True) -> pl.Expr:
    """Cells as text without blanks around; an empty one is null.

    Whole numbers come as their digits, whatever type they have: nothing behind a point, and no exponent.
    Where no text is `padded`, none is asked for blanks.
    """
    if dtype == pl.String and not padded:
        return filled(column)
    column, dtype = storage(column, dtype)
    if dtype == pl.Binary:
        return column.map_batches(_binary, return_dtype=pl.String, is_elementwise=True)
    if dtype.is_float():
        text = column.map_batches(_floats, return_dtype=pl.String, is_elementwise=True)
    elif isinstance(dtype, pl.Decimal):
        text = column.cast(pl.String).str.replace(r"\.0*$", "")
    elif dtype == pl.Boolean:
        text = pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false"))
    else:
        text = column.cast(pl.String)
    if dtype != pl.String and not isinstance(dtype, pl.Categorical | pl.Enum):
        return text
    return filled(text.str.strip_chars())


def _floats(cells: pl.Series) -> pl.Series:
    whole = (cells.abs() < _WHOLE) & (cells == cells.round())
    digits = cells.set(~whole.fill_null(False), None).cast(pl.Int64, strict=False).cast(pl.String)
    return digits.zip_with(digits.is_not_null(), cells.cast(pl.String))


def _binary(cells: pl.Series) -> pl.Series:
    """Sixteen bytes are a UUID; others are text where they are, else their digits."""
    digits = cells.bin.encode("hex")
    uuid = digits.str.replace(r"^(.{8})(.{4})(.{4})(.{4})(.{12})$", "${1}-${2}-${3}-${4}-${5}")
    # Cell by cell where it is plain ASCII: the cast of a column raises where one of it is no text, strict
    # or not, and also where that one is masked.
    plain = digits.str.contains("^(?:[2-6][0-9a-f]|7[0-9a-e])+$").fill_null(False)
    texts = pl.Series(
        [cell.decode() if is_text else None for cell, is_text in zip(cells, plain, strict=True)],
        dtype=pl.String,
    )
    found = texts.zip_with(texts.is_not_null(), digits)
    return uuid.zip_with(digits.str.len_bytes() == 32, found).alias(cells.name)


class RawCells(dict[str, pl.Expr]):
    """Raw cells by folded header or place; one that is not there is null."""

    def __missing__(self, name: str) -> pl.Expr:
        return self[folded(name)] if folded(name) in self else pl.lit(None, pl.String)


def keys_of(schema: Mapping[str, pl.DataType], *, padded: bool = True) -> RawCells:
    """The same as what keys are made of: a word for nothing is none."""
    return RawCells({name: said(cell) for name, cell in raw_cells(schema, padded=padded).items()})


def raw_cells(schema: Mapping[str, pl.DataType], *, padded: bool = True) -> RawCells:
    """Every raw cell as text by its folded header, as formats ask for them."""
    return RawCells(
        {
            folded(name): as_text(column_named(name), dtype, padded=padded)
            for name, dtype in schema.items()
            if is_cell(dtype)
        }
    )
