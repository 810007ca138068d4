"""Rows of a table to a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    import os

SUFFIXES = (".csv", ".parquet", ".arrow", ".ipc")
_RISKY = r"^([=+\-@\t\r'])"


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
                _guarded(rows).write_csv(file, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
            elif suffix == ".parquet":
                rows.write_parquet(file)
            else:
                rows.write_ipc(file)
    except OSError as error:
        raise SheetError(
            f"{target} cannot be written ({error.strerror or error}): check the folder"
        ) from error


def _guarded(rows: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would run as a formula, with ``'`` in front; text that starts with one too."""
    return rows.with_columns(pl.col(pl.String).str.replace(_RISKY, "'${1}"))
