"""Rated rows into a table of PostgreSQL by COPY, with a control total of what has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.money.exact import plus
from dialnexa_routing.text.errors import ConflictError, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

_TYPES: dict[pl.DataType, str] = {
    pl.String(): "text",
    pl.Boolean(): "boolean",
    pl.Int8(): "smallint",
    pl.Int16(): "smallint",
    pl.Int32(): "integer",
    pl.Int64(): "bigint",
    pl.Float32(): "real",
    pl.Float64(): "double precision",
    pl.Date(): "date",
}
_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What a table was given, counted by the database: rows, and the sum of their charges in INR."""

    rows: int
    charge: Decimal | None


def copy_rated(
    frame: pl.DataFrame | pl.LazyFrame,
    connection: Connection[Any],
    table: str,
    *,
    charge: str = "charge",
    progress: Callable[[int], object] | None = None,
) -> ControlTotal:
    """Copy a frame into a new table of PostgreSQL, in the transaction of a connection.

    Amounts become NUMERIC with their places, instants TIMESTAMPTZ; a lazy frame streams. The caller commits.

    Args:
        frame: in types of `records.for_lake`, which see.
        connection: of psycopg.
        table: a new one; with a schema, as ``billing.rated``.
        charge: the column of the control total; one that is not there is None.
        progress: called with the rows of each batch that was sent, for a progress bar.

    Returns:
        What the database holds, counted there.

    Raises:
        RecordError: a column of a type that no column of PostgreSQL takes; a text with a NUL.
        ConflictError: the table is there, or holds other totals than were sent.
    """
    from psycopg import sql
    from psycopg.errors import DuplicateTable

    lazy = frame.lazy()
    schema = lazy.collect_schema()
    name = sql.SQL(".").join(map(sql.Identifier, table.split(".")))
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(one), sql.SQL(_type(one, dtype)))
        for one, dtype in schema.items()
    ]
    try:
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(columns)))
    except DuplicateTable as error:
        raise ConflictError(
            f"there is a table {table} already (409); name a new one, or drop that"
        ) from error
    sent, total = 0, Decimal(0)
    has_charge = charge in schema.names()
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
        for batch in lazy.collect_batches(chunk_size=_BATCH):
            for row in batch.iter_rows():
                copy.write_row(row)
            sent += batch.height
            if has_charge:
                total = plus(total, Decimal(batch[charge].sum() or 0))
            if progress is not None:
                progress(batch.height)
    amount = sql.SQL("sum({})").format(sql.Identifier(charge)) if has_charge else sql.SQL("NULL")
    found = connection.execute(sql.SQL("SELECT count(*), {} FROM {}").format(amount, name)).fetchone()
    assert found is not None
    arrived = ControlTotal(*found)
    if arrived.rows != sent or (has_charge and (arrived.charge or Decimal(0)) != total):
        raise ConflictError(
            f"{table} holds {arrived.rows} rows and {arrived.charge} INR, where {sent} and {total} were sent"
            " (409): roll back, and copy again"
        )
    return arrived


def _type(name: str, dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"numeric({dtype.precision or 38},{dtype.scale})"
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return "timestamptz"
    found = _TYPES.get(dtype)
    if found is None:
        raise RecordError(
            f"column {name!r} is {dtype}, which has no column in PostgreSQL; see records.for_lake"
        )
    return found
