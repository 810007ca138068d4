"""Parquet and Arrow files to frames, tried in another process before."""

from __future__ import annotations

import io

import polars as pl

from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.files.rehearsal import rehearse
from dialnexa_routing.text.errors import FileError
from dialnexa_routing.text.scrub import quoted

# Polars panics on some damaged files, and a panic is no Exception.
_DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def read_typed(data: bytes, file: str, bounds: Bounds = USUAL) -> pl.DataFrame:
    """The Parquet or Arrow IPC file in `data`, by what it starts with.

    Raises `FileError` when it is damaged, or larger than `bounds`.
    """
    kind = "Parquet" if data[:4] == b"PAR1" else "Arrow IPC"
    rehearse(data, file, kind, bounds)
    try:
        return pl.read_parquet(io.BytesIO(data)) if kind == "Parquet" else pl.read_ipc(io.BytesIO(data))
    except _DAMAGED as error:
        reason = quoted(str(error)) or type(error).__name__
        raise FileError(f"{file} is not readable {kind} ({reason}): write it again") from error
