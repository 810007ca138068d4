"""Reads a Parquet or Arrow file once in a process of its own, before it is read in this one.

Polars aborts on some damaged files, and a file of a kilobyte may unpack to any number of rows. What
was read to its end there, within bounds, is read here with the same result; nothing is sent back.
"""

from __future__ import annotations

import io

import polars as pl

from dialnexa_routing.files import sandbox
from dialnexa_routing.text.errors import SheetError

MAX_COLUMNS = 256
MAX_CELLS = 26_000_000
"""A million rows of all canonical columns."""
MAX_TEXT_BYTES = 256 << 20
_LIMITS = sandbox.Limits(memory=448 << 20, seconds=4)


def rehearse(data: bytes, file: str, kind: str) -> None:
    """Raises `SheetError` when the Parquet or Arrow file `data` cannot be read, or is too large."""
    task = rehearse_parquet if kind == "Parquet" else rehearse_arrow
    try:
        sandbox.run(task, data, _LIMITS)
    except sandbox.ReaderError as error:
        raise SheetError(f"{file} is not readable {kind} ({error}): write it again, or in parts") from error


def rehearse_parquet(data: bytes) -> list[bytes]:
    """In the child: raises for a Parquet file that is damaged or too large."""
    frame = pl.scan_parquet(io.BytesIO(data))
    _check_shape(frame.select(pl.len()).collect().item(), len(frame.collect_schema()))
    _check_text(pl.read_parquet(io.BytesIO(data)))
    return []


def rehearse_arrow(data: bytes) -> list[bytes]:
    """In the child: raises for an Arrow IPC file that is damaged or too large."""
    frame = pl.read_ipc(io.BytesIO(data))
    _check_shape(frame.height, frame.width)
    _check_text(frame)
    return []


def _check_shape(rows: int, columns: int) -> None:
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise SheetError(
            f"it has {rows} rows and {columns} columns, more than {MAX_COLUMNS} columns or {MAX_CELLS} cells"
        )


def _check_text(frame: pl.DataFrame) -> None:
    """A text that stands in a million rows is stored once, and is copied as soon as a row is touched."""
    held = 0
    for column in frame:
        if column.dtype in (pl.String, pl.Categorical):
            held += int(column.cast(pl.String).str.len_bytes().cast(pl.UInt64).sum())
    if held > MAX_TEXT_BYTES:
        raise SheetError(f"its texts come to {held >> 20} MB, more than {MAX_TEXT_BYTES >> 20} MB")
