"""What was billed up to a day, so that what comes late is billed once, in the next period.

A closed period is the sums that its bills were made of, with those of the periods before it. What is owed
next is everything up to the new last day, less that: late rows, customers that were unknown then, and
rows that were rated again, in one subtraction. So the bills of all periods come to all rated rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.invoice_sums import KEYS, within
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.records import call_files
from dialnexa_routing.text.errors import ConflictError, RecordError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

NAME = "billed.parquet"


def owed(sums: pl.DataFrame, billed: pl.DataFrame | None, first: date, last: date) -> pl.DataFrame:
    """The sums of what a period bills.

    Args:
        sums: of all rated rows, as `dialnexa_routing.billing.invoice_sums.sums_of` makes them.
        billed: the sums that were billed before; None takes the days of the period alone.
        first: its first day.
        last: its last day, which is inside.
    """
    if billed is None:
        return _in_order(within(sums, first, last))
    numbers = [name for name in sums.columns if name not in KEYS]
    minus = [-pl.col(name) for name in billed.columns if name not in KEYS]
    both = pl.concat([within(sums, None, last), billed.with_columns(minus)], how="diagonal_relaxed")
    by = both.group_by(KEYS).agg(
        pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
        for name in both.columns
        if name not in KEYS
    )
    is_left = pl.any_horizontal((pl.col(name) != 0).fill_null(False) for name in numbers)
    # A row that had no charge and has one now is no longer without.
    stays = pl.col("reason").is_null() | (pl.col("calls") > 0)
    return _in_order(by.filter(is_left & stays))


def closed(owed_now: pl.DataFrame, billed: pl.DataFrame | None) -> pl.DataFrame:
    """All that is billed once these sums are, for the period after."""
    parts = [part for part in (billed, owed_now) if part is not None]
    both = pl.concat(parts, how="diagonal_relaxed")
    return _in_order(
        both.group_by(KEYS).agg(
            pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
            for name in both.columns
            if name not in KEYS
        )
    )


def write_closed(frame: pl.DataFrame, folder: Path) -> None:
    """Put it into the folder of the period's bills."""
    call_files.sink(frame.lazy(), folder / NAME)


def refuse_closed(folder: Path, frame: pl.DataFrame) -> None:
    """Raise `ConflictError` where a period was closed in this folder with other sums than these."""
    if not (folder / NAME).is_file():
        return
    held = read_closed(folder)
    if not held.equals(frame):
        calls = int(frame["calls"].sum()) - int(held["calls"].sum())
        raise ConflictError(
            f"{folder} is closed, and {calls:+} calls would be billed now: what came late belongs into the "
            "next period (--after this folder), what was wrong into a credit note"
        )


def read_closed(folder: Path) -> pl.DataFrame:
    """What an earlier period has billed. Raises `RecordError` where the folder holds none."""
    path = folder / NAME
    if not path.is_file():
        raise RecordError(f"{folder} has no {NAME}, so no period was billed there; name its folder")
    frame = call_files.scan_written(path).collect()
    if not set(KEYS) <= set(frame.columns):
        raise RecordError(f"{path} is no sum of what was billed; name the folder of a period's bills")
    return frame


def _in_order(sums: pl.DataFrame) -> pl.DataFrame:
    """In one order and of one width, so that equal sums are equal bytes."""
    amounts = [
        pl.col(name).cast(pl.Decimal(WIDEST, dtype.scale))
        for name, dtype in sums.schema.items()
        if isinstance(dtype, pl.Decimal)
    ]
    return sums.with_columns(amounts).sort(KEYS, nulls_last=True)
