"""Types between Spark and the library: what can travel, what is asked about, what is refused by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from pyspark.sql import types as st

from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SPARK = {
    pl.String(): st.StringType(),
    pl.Boolean(): st.BooleanType(),
    pl.Int8(): st.ByteType(),
    pl.Int16(): st.ShortType(),
    pl.Int32(): st.IntegerType(),
    pl.Int64(): st.LongType(),
    pl.UInt8(): st.ShortType(),
    pl.UInt16(): st.IntegerType(),
    pl.UInt32(): st.LongType(),
}
"""Spark has no counts without a sign: each goes into the next wider type, which holds all of them."""


def spark_type(name: str, dtype: pl.DataType) -> st.DataType:
    """The type of Spark that holds every value of a column exactly.

    Raises `RecordError` for a type that none holds.

    >>> spark_type("charge", pl.Decimal(18, 2)).simpleString()
    'decimal(18,2)'
    """
    if isinstance(dtype, pl.Decimal):
        return st.DecimalType(dtype.precision or 38, dtype.scale)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return st.TimestampType()
    found = _SPARK.get(dtype)
    if found is None:
        raise RecordError(
            f"column {name!r} would be {dtype}, which Spark cannot hold; leave it out by fields="
        )
    return found


def arrow_type(dtype: st.DataType) -> pa.DataType:
    """The Arrow type in which a column of ours goes back."""
    if isinstance(dtype, st.DecimalType):
        return pa.decimal128(dtype.precision, dtype.scale)
    plain: dict[st.DataType, pa.DataType] = {
        st.StringType(): pa.string(),
        st.BooleanType(): pa.bool_(),
        st.ByteType(): pa.int8(),
        st.ShortType(): pa.int16(),
        st.IntegerType(): pa.int32(),
        st.LongType(): pa.int64(),
        st.TimestampType(): pa.timestamp("us", "UTC"),
    }
    return plain[dtype]


def empty_frame(schema: st.StructType, names: Iterable[str]) -> pl.DataFrame:
    """The named columns of a Spark frame without rows, typed as its batches will be.

    Raises `RecordError` for a column that cannot be read.
    """
    return pl.DataFrame(
        {name: pl.Series(name, [], dtype=_polars(name, schema[name].dataType)) for name in names}
    )


def _polars(name: str, dtype: st.DataType) -> pl.DataType:
    if isinstance(dtype, st.DecimalType):
        return pl.Decimal(dtype.precision, dtype.scale)
    if isinstance(dtype, st.TimestampType):
        return pl.Datetime("us", "UTC")
    if isinstance(dtype, st.TimestampNTZType):
        return pl.Datetime("us")
    plain: dict[type[st.DataType], pl.DataType] = {
        st.StringType: pl.String(),
        st.VarcharType: pl.String(),
        st.CharType: pl.String(),
        st.BooleanType: pl.Boolean(),
        st.ByteType: pl.Int8(),
        st.ShortType: pl.Int16(),
        st.IntegerType: pl.Int32(),
        st.LongType: pl.Int64(),
        st.FloatType: pl.Float32(),
        st.DoubleType: pl.Float64(),
        st.DateType: pl.Date(),
        st.DayTimeIntervalType: pl.Duration("us"),
        st.NullType: pl.Null(),
    }
    found = plain.get(type(dtype))
    if found is None:
        raise RecordError(f"column {name!r} is {dtype.simpleString()}, which cannot be read; cast it first")
    return found


def added_fields(schema: st.StructType, added: pl.Schema) -> st.StructType:
    """A frame's schema with columns added at its end.

    Raises:
        RecordError: a name is there already, or twice. Spark's names differ by more than case.
    """
    twice = [name for name, count in Counter(schema.names).items() if count > 1]
    if twice:
        raise RecordError(f"there are several columns {twice[0]!r}: drop or rename all but one")
    there = {name.casefold(): name for name in schema.names}
    for name in added:
        if name.casefold() in there:
            held = there[name.casefold()]
            raise RecordError(
                f"there is a column {held!r} already, and {name!r} would be added: rename it, choose other"
                " fields=, or pass add_prefix="
            )
    return st.StructType(
        [*schema.fields, *(st.StructField(name, spark_type(name, dtype)) for name, dtype in added.items())]
    )


def conformed(
    batches: Sequence[pa.RecordBatch], added: pl.DataFrame, schema: st.StructType
) -> Iterator[pa.RecordBatch]:
    """Batches as they came, their parts of added columns behind them in the order and types of the schema.

    Raises `RecordError` where columns are not those of the schema, which Spark would match by position.
    """
    names = [*batches[0].schema.names, *added.columns]
    if names != schema.names:
        raise RecordError(f"a batch has the columns {names}, and {schema.names} were promised; report this")
    types = [arrow_type(schema[name].dataType) for name in added.columns]
    columns = [_column(added[name], wanted) for name, wanted in zip(added.columns, types, strict=True)]
    fields = [pa.field(name, wanted) for name, wanted in zip(added.columns, types, strict=True)]
    whole = pa.schema([*batches[0].schema, *fields])
    at = 0
    for batch in batches:
        # A slice is no copy.
        parts = (column.slice(at, batch.num_rows) for column in columns)
        yield pa.RecordBatch.from_arrays([*batch.columns, *parts], schema=whole)
        at += batch.num_rows


def _column(column: pl.Series, wanted: pa.DataType) -> pa.Array:
    array = column.to_arrow()
    cast = array if array.type == wanted else array.cast(wanted, safe=True)
    return cast.combine_chunks() if isinstance(cast, pa.ChunkedArray) else cast
