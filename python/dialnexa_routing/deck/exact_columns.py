"""The exact room in columns: amounts of many rows as whole numbers of their last place (R48).

Polars casts a decimal to fewer places without a word about the digits it drops; nothing here does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.money.exact import PLACES, Rounding, amount_of, text_of
from dialnexa_routing.text.errors import MoneyError, SheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDEST = 38
"""Digits of a sum: what eighteen digits hold fits it 10^20 times."""


def half_up(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A ratio of whole numbers to the nearest one, half away from zero, as `money.exact.nearest` does.

    So the negative of a ratio is the negative of what it comes to. `whole` is greater than zero; give
    both as Int128 where they are amounts.
    """
    return (part.abs() * 2 + whole) // (whole * 2) * part.sign()


def nearest_of(above: pl.Expr, below: pl.Expr, rounding: Rounding) -> pl.Expr:
    """A ratio of whole numbers, `above` not below zero, as one: `money.exact.nearest` for columns."""
    whole = above // below
    rest = above - whole * below
    match rounding:
        case Rounding.HALF_UP:
            more = rest >= below - rest
        case Rounding.HALF_EVEN:
            more = (rest > below - rest) | ((rest == below - rest) & (whole % 2 == 1))
        case Rounding.UP:
            more = rest > 0
        case Rounding.DOWN:
            more = pl.lit(False)
    return whole + more.cast(pl.Int128)


def scaled(whole: pl.Expr, places: int) -> pl.Expr:
    """Whole units of the last of so many places, as the decimal they are; no division takes place."""
    unit = pl.lit(amount_of(1, places), pl.Decimal(WIDEST, places))
    return whole.cast(pl.Decimal(WIDEST, 0)) * unit


def rupees_of(nano: pl.Expr) -> pl.Expr:
    """Whole nano-rupees as an amount with nine places."""
    return scaled(nano, PLACES)


def nano_series(nano: Iterable[int | None]) -> pl.Series:
    """Whole nano-rupees as a column of money."""
    texts = [None if one is None else text_of(one) for one in nano]
    return pl.Series(texts, dtype=pl.String).cast(MONEY)


def exactly(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """A column cast. Raises `MoneyError`, or `SheetError`, for a value that the cast would change."""
    cast = column.cast(dtype, strict=False)
    back = cast.cast(column.dtype, strict=False)
    changed = (back != column).fill_null(False) | (cast.is_null() & column.is_not_null())
    if changed.any():
        at = changed.arg_max() or 0
        error = MoneyError if isinstance(dtype, pl.Decimal) else SheetError
        place = f"column {column.name!r}, row {at + 1}"
        raise error(f"{place}: {column[at]} does not fit {dtype} exactly; correct it")
    return cast


def least_places(amounts: pl.Series, least: int = 2, most: int = PLACES) -> int | None:
    """The fewest places, from `least` to `most`, that hold every amount of a column of decimals.

    None where even the most do not.
    """
    dtype = amounts.dtype
    assert isinstance(dtype, pl.Decimal)
    whole = pl.select(amounts.to_physical().cast(pl.Int128).alias("whole"))
    for places in range(least, most + 1):
        spare = pl.lit(10 ** max(0, dtype.scale - places), pl.Int128)
        if not whole.select((pl.col("whole") % spare != 0).any()).item():
            return places
    return None
