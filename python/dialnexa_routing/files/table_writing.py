"""Rows of a table to a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing.files.guarded_csv import write_csv
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    import os

    import polars as pl

SUFFIXES = (".csv", ".parquet", ".arrow", ".ipc")


def write(rows: pl.DataFrame, path: str | os.PathLike[str]) -> None:
    """Writes `rows` by the suffix of `path`, under another name first, so that no reader sees half a file.

    Raises `SheetError` for an unknown suffix or a place that cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise SheetError(f"{target} has the suffix {suffix!r}: write to one of {', '.join(SUFFIXES)}")
    try:
        with replacing(target) as file:
            if suffix == ".csv":
                write_csv(rows, file, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
            elif suffix == ".parquet":
                rows.write_parquet(file)
            else:
                rows.write_ipc(file)
    except OSError as error:
        raise SheetError(
            f"{target} cannot be written ({error.strerror or error}): check the folder"
        ) from error
