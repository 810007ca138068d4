"""Recipients out of a workbook: the one visible sheet that has their column, all cells as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.workbook import read_workbook
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

MAX_BYTES = 256 << 20
"""More are refused unread; ten million recipients as Parquet take less."""


def read_recipients(path: Path, to: str) -> pl.DataFrame:
    """The rows below the header of the sheet that has a column `to`.

    The header is the first row that holds anything; a column without a name there is called by its
    place. A number that is typed as a number comes as its digits.

    Raises:
        RecordError: not one sheet has the column, two columns have one name, the file is too large,
            the package for workbooks is missing, or it cannot be read.
        OSError: the file cannot be read.
    """
    headed = [
        (grid, [name or f"column_{place}" for place, name in enumerate(grid.head, 1)])
        for grid in read_workbook(read_whole(path, MAX_BYTES), path.name)
    ]
    having = [(grid, names) for grid, names in headed if to in names]
    if not having:
        every = [name for _, names in headed for name in names]
        raise RecordError(f"{path} has no sheet with a column {to!r}{nearest(to, every)}")
    if len(having) > 1:
        found = " and ".join(repr(grid.sheet) for grid, _ in having)
        raise RecordError(f"{path} has a column {to!r} in the sheets {found}; leave one of them")
    (grid, names), *_ = having
    for name in names:
        if names.count(name) > 1:
            raise RecordError(f"{path} has two columns {name!r}; rename one of them")
    rows = grid.cells.clone()
    rows.columns = names
    return rows
