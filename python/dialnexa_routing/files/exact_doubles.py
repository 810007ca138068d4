"""Numbers of a workbook to the last digit: its reader rounds what it gives as text to nine decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = r"^-?[0-9]+(?:\.[0-9]{1,9})?$"


def exact(reader: Any, name: str, frame: pl.DataFrame, dates: Iterable[int], first: int) -> pl.DataFrame:
    """`frame` with the shortest text of each number that its own text rounds, as a CSV file would have it.

    `first` is the column of the sheet, from 0, that the frame begins with.

    A cell is a number where its text is what the reader makes of its value; a text that somebody
    typed stays as it stands. Columns of `dates` are left alone.
    """
    columns = frame.columns
    numeric = [
        at
        for at, column in enumerate(columns)
        if at not in dates and frame[column].str.contains(_NUMBER).any()
    ]
    if not numeric:
        return frame
    places = [first + at for at in numeric]
    values = reader.load_sheet(
        name, header_row=None, skip_rows=0, use_columns=places, dtypes=dict.fromkeys(places, "float")
    ).to_polars()
    if values.shape != (frame.height, len(numeric)):
        return frame
    for at, value in zip(numeric, values.get_columns(), strict=True):
        text = frame.to_series(at)
        pairs = pl.DataFrame({"text": text, "value": value})
        fractions = (pl.col("value") != pl.col("value").round()) & pl.col("text").str.contains(_NUMBER)
        known = pairs.filter(fractions).unique()
        whole = [_shortest(told, number) for told, number in known.iter_rows()]
        table = known.with_columns(pl.Series("exact", whole, dtype=pl.String)).drop_nulls("exact")
        if table.height:
            joined = pairs.join(table, on=["text", "value"], how="left", maintain_order="left")
            frame = frame.with_columns(joined["exact"].fill_null(text).alias(columns[at]))
    return frame


def _shortest(told: str, number: float) -> str | None:
    """The shortest text that is this number, if `told` is the number cut to nine decimals; else None.

    >>> _shortest("0.008333333", 0.5 / 60), _shortest("0.5", 0.5), _shortest("0.50", 0.5)
    ('0.008333333333333333', None, None)
    """
    rounded = f"{number:.9f}".rstrip("0").rstrip(".")
    if told not in (rounded, rounded.removeprefix("-")) or Decimal(told) == Decimal(repr(number)):
        return None
    return repr(number)
