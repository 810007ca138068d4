"""Typed frames (Parquet, Arrow IPC, Polars) to a table of text, without losing a digit.

The types of such a frame were chosen by somebody, so they are believed, with two exceptions: a
rate held as a binary float has lost its exactness already (R48), and prefixes are text here.
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing.records.raw_cells import storage
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.tables.text_table import TextTable, named
from dialnexa_routing.text.errors import SheetError

_DEEPEST = 8


def read_frame(frame: pl.DataFrame, file: str) -> TextTable:
    """A frame whose column names are canonical or aliases; its rows are numbered from 1.

    Which of its columns are floats is kept, for money must not be. Raises `SheetError` when a
    column that would be read cannot be text.
    """
    frame = _flat(frame)
    header = headers.recognise(frame.columns, file)
    frame = named(frame, header)
    # Of an extension type, as ADBC's NUMERIC has, what is stored.
    frame = frame.select(storage(pl.col(name), dtype)[0] for name, dtype in frame.schema.items())
    floats = frozenset(at for at, dtype in enumerate(frame.dtypes) if dtype.is_float())
    try:
        frame = frame.select(_text(frame, name) for name in frame.columns)
    except pl.exceptions.PolarsError as error:
        why = next(iter(str(error).splitlines()), "")
        raise SheetError(
            f"{file} has a column that has no text form ({why}): make it text, one value a cell"
        ) from error
    rows = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True)
    return TextTable(file, frame, rows, header, floats=floats)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the members of objects as columns, ``rate.amount`` for one of ``rate``, as of JSON."""
    for _ in range(_DEEPEST):
        structs = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Struct)]
        if not structs:
            break
        frame = frame.unnest(structs, separator=".")
    return frame


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    column, dtype = pl.col(name), frame.schema[name]
    if dtype == pl.String:
        return column
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            return column.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
        return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    if isinstance(dtype, pl.Duration):
        whole, rest = column.dt.total_microseconds() // 1_000_000, column.dt.total_microseconds() % 1_000_000
        parts = (
            pl.when(rest == 0).then(pl.lit("")).otherwise(pl.format(".{}", rest.cast(pl.String).str.zfill(6)))
        )
        return pl.concat_str(whole.cast(pl.String), parts).alias(name)
    listed = name in ("prefix", "origin", "area_code") or name.startswith("?")
    if isinstance(dtype, pl.List) and listed and not dtype.inner.is_nested():
        return column.cast(pl.List(pl.String))
    if dtype.is_nested() or dtype == pl.Binary or dtype == pl.Object:
        if name.startswith("?"):
            return pl.lit(None, pl.String).alias(name)
        raise SheetError(
            f"the column {name!r} is {dtype}, which has no text form: make it text, one value a cell"
        )
    return column.cast(pl.String)
