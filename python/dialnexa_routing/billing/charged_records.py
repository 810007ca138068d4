"""What a provider charged, as its file says it: amounts exactly, by the columns it has.

A provider's file is text, Decimal or whole numbers. A column of floats has lost what was printed, so
it is refused (R48) until the reader says that the shortest decimal text of each is what is meant.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.call_columns import in_seconds, present
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.raw_cells import as_text
from dialnexa_routing.text.errors import MoneyError, RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES = 12
AMOUNT = pl.Decimal(38, PLACES)
"""Amounts of both sides: twelve places are more than anybody prints."""

_AMOUNT_TEXT = rf"^-?[0-9]{{1,18}}(\.[0-9]{{0,{PLACES}}}0*)?$"
_COUNT_TEXT = r"^([0-9]{1,10})(\.0*)?$"


class ChargeFloats(StrEnum):
    """What a float among the amounts is."""

    REFUSED = "refused"
    """An error: it may be any of many amounts."""
    AS_PRINTED = "as_printed"
    """Its shortest decimal text: 0.1 is a tenth."""


COLUMNS = (
    "key",
    "charge",
    "number",
    "seconds",
    "billed_seconds",
    "rate",
    "prefix",
    "answered_at",
    "direction",
    "currency",
)
"""What a provider's record can say; only the first two are a must."""


def charged_records(
    theirs: pl.DataFrame | pl.LazyFrame, columns: Mapping[str, str], floats: ChargeFloats
) -> pl.DataFrame:
    """A provider's records with the names of `COLUMNS` and ``their_`` before them, in their order.

    ``their_charge`` is null where it cannot be read, and ``their_text`` what stands there. ``their_row``
    counts from 0.

    Raises:
        RecordError: a column is not there, or a name in `columns` is none of `COLUMNS`.
        MoneyError: amounts are floats (R48).
    """
    lazy = theirs.lazy()
    schema = lazy.collect_schema()
    for name in columns:
        if name not in COLUMNS:
            raise RecordError(f"there is nothing called {name!r} to say; there is {', '.join(COLUMNS)}")
    named = {name: present(columns[name], schema.names()) for name in columns}
    for name in COLUMNS:
        if name not in named and (name in schema or name in COLUMNS[:2]):
            named[name] = present(name, schema.names())
    read = {name: column_named(column) for name, column in named.items()}
    read["key"] = as_text(read["key"], schema[named["key"]])
    frame = lazy.select(column.alias(f"their_{name}") for name, column in read.items()).collect()
    charge = _texts(frame["their_charge"], named["charge"], floats)
    frame = frame.with_columns(charge.alias("their_text"), _amounts(charge).alias("their_charge"))
    if "their_seconds" in frame.columns:
        frame = frame.with_columns(in_seconds(frame["their_seconds"]))
    if "their_rate" in frame.columns:
        frame = frame.with_columns(_amounts(_texts(frame["their_rate"], named["rate"], floats)))
    if "their_billed_seconds" in frame.columns:
        text = pl.col("their_billed_seconds").cast(pl.String).str.strip_chars()
        frame = frame.with_columns(text.str.extract(_COUNT_TEXT).cast(pl.Int64).alias("their_billed_seconds"))
    texts = [f"their_{name}" for name in ("key", "number", "prefix", "currency") if name in named]
    frame = frame.with_columns(pl.col(texts).cast(pl.String))
    missing = [
        name for name in ("number", "billed_seconds", "prefix", "rate", "currency") if name not in named
    ]
    types = {"billed_seconds": pl.Int64(), "rate": AMOUNT}
    return frame.with_columns(
        pl.lit(None, types.get(name, pl.String())).alias(f"their_{name}") for name in missing
    ).with_row_index("their_row")


def _texts(amounts: pl.Series, column: str, floats: ChargeFloats) -> pl.Series:
    """Amounts as text, digit for digit."""
    dtype = amounts.dtype
    if dtype.is_float():
        if floats is not ChargeFloats.AS_PRINTED:
            raise MoneyError(
                f"column {column!r} is of floats, which are not exact; read it as text or Decimal, "
                "or pass floats='as_printed' to take each for its shortest text"
            )
        printed = amounts.cast(pl.String).to_list()
        return pl.Series(
            amounts.name,
            [format(Decimal(text), "f") if text and "e" in text else text for text in printed],
            dtype=pl.String,
        )
    if dtype == pl.String or dtype == pl.Null or dtype.is_integer() or isinstance(dtype, pl.Decimal):
        return amounts.cast(pl.String).str.strip_chars()
    raise MoneyError(f"column {column!r} is {dtype}; amounts are text, Decimal or whole numbers")


def _amounts(texts: pl.Series) -> pl.Series:
    readable = texts.set(~texts.str.contains(_AMOUNT_TEXT), None)
    return readable.str.to_decimal(scale=PLACES).cast(AMOUNT)
