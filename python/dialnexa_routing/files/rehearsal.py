"""Reads a Parquet or Arrow file once in a process of its own, before it is read in this one.

Polars aborts on some damaged files, and a file of a kilobyte may unpack to any number of rows. What
was read to its end there, within bounds, is read here with the same result; nothing is sent back.
"""

from __future__ import annotations

import io

import polars as pl

from dialnexa_routing.files import sandbox
from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.text.errors import FileError
from dialnexa_routing.text.scrub import quoted

_LIMITS = sandbox.Limits(memory=448 << 20, seconds=4)


def rehearse(data: bytes, file: str, kind: str, bounds: Bounds = USUAL) -> None:
    """Raises `FileError` when the Parquet or Arrow file `data` cannot be read, or is too large."""
    task = rehearse_parquet if kind == "Parquet" else rehearse_arrow
    try:
        sandbox.run(task, data, _LIMITS, bounds.to_json())
    except sandbox.ReaderError as error:
        raise FileError(
            f"{file} is not readable {kind} ({quoted(str(error))}): write it again, or in parts"
        ) from error


def rehearse_parquet(data: bytes, bounds: str) -> list[bytes]:
    """In the child: raises for a Parquet file that is damaged or too large."""
    frame = pl.scan_parquet(io.BytesIO(data))
    most = Bounds.from_json(bounds)
    _check_shape(frame.select(pl.len()).collect().item(), len(frame.collect_schema()), most)
    _check_text(pl.read_parquet(io.BytesIO(data)), most)
    return []


def rehearse_arrow(data: bytes, bounds: str) -> list[bytes]:
    """In the child: raises for an Arrow IPC file that is damaged or too large."""
    frame = pl.read_ipc(io.BytesIO(data))
    most = Bounds.from_json(bounds)
    _check_shape(frame.height, frame.width, most)
    _check_text(frame, most)
    return []


def _check_shape(rows: int, columns: int, bounds: Bounds) -> None:
    if columns > bounds.columns or rows * columns > bounds.frame_cells:
        raise FileError(
            f"it has {rows} rows and {columns} columns, more than {bounds.columns} columns or"
            f" {bounds.frame_cells} cells"
        )


def _check_text(frame: pl.DataFrame, bounds: Bounds) -> None:
    """A text that stands in a million rows is stored once, and is copied as soon as a row is touched."""
    held = 0
    for column in frame:
        if column.dtype in (pl.String, pl.Categorical):
            held += int(column.cast(pl.String).str.len_bytes().cast(pl.UInt64).sum())
    if held > bounds.frame_text_bytes:
        raise FileError(
            f"its texts come to {megabytes(held)}, more than {megabytes(bounds.frame_text_bytes)}"
        )
