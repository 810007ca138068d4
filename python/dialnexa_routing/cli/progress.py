"""Rows counted as they pass, shown on a terminal and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dialnexa_routing.cli import terminal
from dialnexa_routing.money.rupees import grouped


@contextmanager
def counted(
    lazy: pl.LazyFrame, column: str, total: int | None, doing: str = "rating"
) -> Iterator[pl.LazyFrame]:
    """The same rows, with a bar of how many have passed while they are collected.

    Args:
        lazy: what will be collected within this context.
        column: any column of it; batches of this one are counted.
        total: how many rows there will be, if that is known cheaply.
        doing: what is done to them.
    """
    console = terminal.err()
    if not console.is_terminal:
        yield lazy
        return
    columns = (TextColumn(doing), BarColumn(), TextColumn("{task.fields[rows]} rows"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(doing, total=total, rows="0")
        passed = 0

        def count(batch: pl.Series) -> pl.Series:
            nonlocal passed
            passed += batch.len()
            progress.update(task, completed=passed, rows=grouped(passed))
            return batch

        dtype = lazy.collect_schema()[column]
        yield lazy.with_columns(pl.col(column).map_batches(count, return_dtype=dtype, is_elementwise=True))
