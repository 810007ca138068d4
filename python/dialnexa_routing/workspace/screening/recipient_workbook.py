"""Recipients out of an Excel workbook: the one visible sheet that has their column, all cells as text."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files import sandbox
from dialnexa_routing.files.archive import look_through
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 256 << 20
"""More are refused unread; ten million recipients as Parquet take less."""
_MEMORY, _MEMORY_PER_BYTE = 384 << 20, 4
_SECONDS, _BYTES_PER_SECOND = 5, 12 << 20


def read_recipients(path: Path, to: str) -> pl.DataFrame:
    """The rows below the header of the sheet that has a column `to`.

    A number that is typed as a number comes as its digits. The reader runs in a process of its own,
    for a damaged workbook may end it.

    Raises:
        RecordError: not one sheet has the column, two columns have one name, the file is too large,
            the package for workbooks is missing, or it cannot be read.
        SheetError: the archive is damaged or made to do harm.
        OSError: the file cannot be read.
    """
    headers = {name: _header(frame) for name, frame in read_sheets(path).items()}
    having = [(name, *headed) for name, headed in headers.items() if to in headed[0]]
    if not having:
        every = [name for header, _ in headers.values() for name in header]
        raise RecordError(f"{path} has no sheet with a column {to!r}{nearest(to, every)}")
    if len(having) > 1:
        found = " and ".join(repr(name) for name, _, _ in having)
        raise RecordError(f"{path} has a column {to!r} in the sheets {found}; leave one of them")
    (_, header, rows), *_ = having
    for name in header:
        if header.count(name) > 1:
            raise RecordError(f"{path} has two columns {name!r}; rename one of them")
    rows.columns = header
    return rows


def read_sheets(path: Path) -> dict[str, pl.DataFrame]:
    """The visible sheets of a workbook by name, every cell text, without a header. Raises as `read_recipients`."""
    try:
        # Of the extra for workbooks, which need not be there.
        import fastexcel  # noqa: F401 - only whether it is
    except ImportError as error:
        raise RecordError(
            f"{path} is a workbook, which needs one more package: pip install 'dialnexa-routing[excel]'"
        ) from error
    data = read_whole(path, MAX_BYTES)
    unpacked = look_through(data, path.name).unpacked
    limits = sandbox.Limits(_MEMORY + _MEMORY_PER_BYTE * unpacked, _SECONDS + unpacked // _BYTES_PER_SECOND)
    try:
        names, *frames = sandbox.run(cells, data, limits)
    except sandbox.ReaderError as error:
        raise RecordError(f"{path} is not a readable workbook ({error}); export the sheet as CSV") from error
    return dict(zip(json.loads(names), map(pl.read_ipc, map(io.BytesIO, frames)), strict=True))


def cells(data: bytes) -> list[bytes]:
    """The names of the visible sheets as JSON, then each of them as a frame of text without a header."""
    # Runs in a process of its own, after it was looked whether the package is there.
    import fastexcel

    reader = fastexcel.read_excel(data)
    found: dict[str, bytes] = {}
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible == "visible" and sheet.width and sheet.height:
            out = io.BytesIO()
            sheet.to_polars().write_ipc(out)
            found[name] = out.getvalue()
    return [json.dumps([*found]).encode(), *found.values()]


def _header(frame: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """The names in the first row, and the rows below it; a column without a name is called by its place."""
    names = [name or f"column_{place}" for place, name in enumerate(frame.row(0), 1)]
    return names, frame.slice(1)
