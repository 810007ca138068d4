"""Frames in types that every lake, engine and warehouse holds: no unsigned integers, instants in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.exact_columns import scaled
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.records.record_columns import Frame

_WIDER: dict[pl.DataType, pl.DataType] = {
    pl.UInt8(): pl.Int16(),
    pl.UInt16(): pl.Int32(),
    pl.UInt32(): pl.Int64(),
    pl.UInt64(): pl.Decimal(20, 0),
    pl.Int128(): pl.Decimal(38, 0),
    pl.UInt128(): pl.Decimal(38, 0),
}
_UTC = pl.Datetime("us", "UTC")


def for_lake(frame: Frame) -> Frame:
    """A frame, rated or not, in types that travel into Delta, Iceberg, Spark and warehouses as they are.

    Unsigned integers become the next wider type with a sign, those of 64 bits and more a Decimal without
    places; instants are microseconds in UTC; lengths of time are seconds, `Decimal(38, 9)`; words of a
    category are text; a column of nothing but null is text. Everything else stays. Lazy stays lazy.

    Raises:
        RecordError: a column of a type that does not travel, by its name; of wall times, which some
            stores take for UTC and some for their own zone.

    >>> calls = pl.DataFrame({"to": ["919812345678"], "seconds": pl.Series([61], dtype=pl.UInt32)})
    >>> for_lake(calls).schema
    Schema([('to', String), ('seconds', Int64)])
    """
    schema = frame.collect_schema()
    changed = [expression for name, dtype in schema.items() if (expression := _cast(name, dtype)) is not None]
    return frame.with_columns(changed)


def _cast(name: str, dtype: pl.DataType) -> pl.Expr | None:
    """How a column changes; None where it stays."""
    column = column_named(name)
    if dtype in _WIDER:
        return column.cast(_WIDER[dtype])
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            raise RecordError(
                f"column {name!r} has times without a zone, which stores read differently; state it, as"
                f" pl.col({name!r}).dt.replace_time_zone('Asia/Kolkata'), or drop the column"
            )
        if dtype.time_unit == "ns":
            column = column.map_batches(_whole_microseconds, return_dtype=pl.Datetime("us", dtype.time_zone))
        return None if dtype == _UTC else column.dt.convert_time_zone("UTC").cast(_UTC)
    if isinstance(dtype, pl.Duration):
        places = {"ms": 3, "us": 6, "ns": 9}[dtype.time_unit]
        return scaled(column.to_physical(), places).cast(pl.Decimal(38, 9)).alias(name)
    if isinstance(dtype, pl.Categorical | pl.Enum) or dtype == pl.Null:
        return column.cast(pl.String)
    if isinstance(dtype, pl.Object | pl.Time | pl.Extension) or dtype == pl.Binary:
        raise RecordError(f"column {name!r} is {dtype}, which not every store holds; cast it, or drop it")
    return None


def _whole_microseconds(times: pl.Series) -> pl.Series:
    """Times to the nanosecond as microseconds. Raises `RecordError` where a digit would be lost."""
    lost = (times.to_physical() % 1000 != 0).fill_null(False)
    if lost.any():
        raise RecordError(
            f"column {times.name!r} has times finer than a microsecond, first in row {lost.arg_max()}: round"
            " them"
        )
    return times.dt.cast_time_unit("us")
