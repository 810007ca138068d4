"""Rated records added up: rows, seconds and rupees by any keys. The one summer of all reports (R48).

Charges are added as whole numbers of their last place, in 38 digits, so a sum is what one gets by hand.
Counts are Int64. What has no charge is counted under its reason and adds nothing (R51).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.exact_columns import WIDEST, exactly, least_places
from dialnexa_routing.money.exact import PLACES, total
from dialnexa_routing.plans.plan_terms import BY_THE_MINUTE, Component
from dialnexa_routing.text.errors import MoneyError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FEWEST = 2
_MANY = 10**9


def summed(
    calls: pl.LazyFrame,
    by: Iterable[pl.Expr],
    *,
    rows: str = "calls",
    counts: Mapping[str, pl.Expr] | None = None,
    seconds: Mapping[str, pl.Expr] | None = None,
    amounts: Mapping[str, tuple[pl.Expr, int]] | None = None,
    also: Iterable[pl.Expr] = (),
) -> pl.LazyFrame:
    """Groups of calls and what they come to, to be collected by streaming.

    Args:
        calls: any frame.
        by: what the groups are by, each expression under its name.
        rows: what the number of rows is called.
        counts: rows for which something holds, by name.
        seconds: whole numbers to be added, by name.
        amounts: INR to be added, by name, and the places that they have; nulls add nothing.
        also: further columns of a group, as they are.
    """
    return calls.group_by(list(by)).agg(
        pl.len().cast(pl.Int64).alias(rows),
        *(holds.sum().cast(pl.Int64).alias(name) for name, holds in (counts or {}).items()),
        *(whole.cast(pl.Int64).sum().alias(name) for name, whole in (seconds or {}).items()),
        *(
            amount.cast(pl.Decimal(WIDEST, places)).sum().alias(name)
            for name, (amount, places) in (amounts or {}).items()
        ),
        *also,
    )


def rated_sums(
    rated: pl.LazyFrame,
    by: Mapping[str, pl.Expr],
    places: Mapping[str, int],
    *,
    add_prefix: str = "",
    rows: str = "calls",
) -> pl.LazyFrame:
    """What `records.rate` made, by some keys: ``calls``, ``charged``, ``billed_seconds`` and amounts.

    ``charged`` are the rows that have a charge. An amount is null where no row has it: no telephony is
    not telephony for nothing (R47).

    Args:
        rated: with the columns of `places` and ``billed_seconds``, which may be text, as from a CSV.
        by: what the groups are by, under their names.
        places: the amounts to be added, ``charge`` among them, and the places that each has.
        add_prefix: what the rating put before the names of its columns.
        rows: what the number of rows is called.
    """
    amounts = {name: (pl.col(add_prefix + name), scale) for name, scale in places.items()}
    others = [name for name in places if name != "charge"]  # that one is counted anyway
    sums = summed(
        rated,
        (key.alias(name) for name, key in by.items()),
        rows=rows,
        counts={"charged": amounts["charge"][0].is_not_null()},
        seconds={"billed_seconds": pl.col(add_prefix + "billed_seconds")},
        amounts=amounts,
        also=[pl.col(add_prefix + name).count().alias(f"?{name}") for name in others],
    )
    counts = {"charge": "charged"} | {name: f"?{name}" for name in others}
    known = [pl.when(pl.col(count) > 0).then(name).alias(name) for name, count in counts.items()]
    return sums.with_columns(known).drop(f"?{name}" for name in others)


def put_together(sums: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Sums of groups as those of fewer: every number in them is added, for these keys alone.

    An amount stays null where no group has it.
    """
    numbers = [name for name, dtype in sums.schema.items() if dtype.is_numeric() and name not in by]
    return sums.group_by(by).agg(
        pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in numbers
    )


def whole_of(sums: pl.DataFrame, amount: str) -> Decimal:
    """An amount of all groups together, exact also where that has more than 38 digits."""
    dtype = sums.schema[amount]
    assert isinstance(dtype, pl.Decimal)
    column = sums[amount].drop_nulls()
    if len(column) < _MANY and column.is_between(*_bounds(dtype.scale)).all():
        column = column.to_frame().select(pl.all().sum()).to_series()
    return total(column.to_list(), dtype.scale)


def _bounds(scale: int) -> tuple[Decimal, Decimal]:
    """Amounts between them, fewer than `_MANY`, come to less than the 38 digits that Polars adds."""
    # Written out: to Polars 2.1 no column is below 1E+26, spelt so, whatever is in it.
    return Decimal(-(10 ** (28 - scale))), Decimal(10 ** (28 - scale))


def refused_by_reason(sums: pl.DataFrame, rows: str = "calls") -> pl.DataFrame:
    """``reason`` and its rows, of groups that have one; the most frequent first (R51)."""
    return (
        sums.filter(pl.col("reason").is_not_null())
        .group_by("reason")
        .agg(pl.col(rows).sum())
        .sort(rows, "reason", descending=[True, False])
    )


def amounts_of(schema: pl.Schema, add_prefix: str = "") -> dict[str, int]:
    """The amounts of a rated frame and their places: ``charge``, and a plan's lines where it has them.

    Raises:
        RecordError: one of them is no Decimal; the message states what makes it one.
    """
    present = [name for name in Component if add_prefix + name in schema]
    if not set(BY_THE_MINUTE) <= set(present):
        # Rating by plans adds all of them; one alone that is no Decimal is the caller's, as a platform.
        present = [name for name in present if isinstance(schema[add_prefix + name], pl.Decimal)]
    return {name: _places(add_prefix + name, schema[add_prefix + name]) for name in ("charge", *present)}


def in_places_of_a_plan(
    sums: pl.DataFrame, amounts: Iterable[str], rated: pl.LazyFrame, add_prefix: str = ""
) -> pl.DataFrame:
    """Sums with the places that a plan can have: as they are, or 2 to 9 where a database gave them more.

    A driver may give every number of a table ten places or more, most of which are zeros. None but
    zeros are dropped.

    Args:
        sums: of the amounts.
        amounts: their names.
        rated: what was added up, to name what does not fit.
        add_prefix: what stands before the names of the amounts in it.

    Raises:
        MoneyError: an amount has more than nine places that are not zero.
    """
    for name in amounts:
        dtype = sums.schema[name]
        if not isinstance(dtype, pl.Decimal) or dtype.scale <= PLACES:
            continue
        least = least_places(sums[name], _FEWEST)
        if least is None:
            column = pl.col(add_prefix + name)
            fine = column.cast(pl.Decimal(WIDEST, PLACES)) != column
            value = rated.select(column.filter(fine).first()).collect().item()
            raise MoneyError(
                f"column {add_prefix + name!r} has {value}, and charges have nine places at most: round each"
                " to the places of its plan before they are added up (R48)"
            )
        sums = sums.with_columns(exactly(sums[name], pl.Decimal(WIDEST, least)))
    return sums


def _places(column: str, dtype: pl.DataType) -> int:
    if isinstance(dtype, pl.Decimal):
        return dtype.scale
    if dtype == pl.Null:
        return _FEWEST
    cast, given = f"pl.col({column!r})", dtype
    if isinstance(dtype, pl.Extension):
        # As ADBC gives NUMERIC, which no cast takes: text inside.
        inside = dtype.ext_storage()
        cast, dtype = f"{cast}.ext.storage()", inside if isinstance(inside, pl.DataType) else inside()
    cure = f"cast it by {cast}.cast(pl.Decimal(38, 2)), with the places that it has"
    if dtype == pl.String:
        cure = f"cast it by {cast}.str.to_decimal(scale=2), with the places that it has"
    elif dtype.is_float():
        cure = (
            "read it from its source as a decimal or as text; or, where each float stands for a charge of"
            f" two places, cast it by {cast}.round(2).cast(pl.Decimal(38, 2))"
        )
    elif dtype.is_integer():
        cure = f"cast it by {cast}.cast(pl.Decimal(38, 2)) if these are rupees"
    raise RecordError(
        f"column {column!r} is {given}; charges are Decimal, as rating makes them (R48): {cure}"
    )
