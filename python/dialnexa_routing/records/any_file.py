"""Files that are no call records of a system: recipients, rated records, a provider's charges, as they stand.

They are opened, and judged line by line, as call records are; which column is what, their reader knows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.records import call_files
from dialnexa_routing.records.formats.call_format import Kind
from dialnexa_routing.records.raw_tables import raw_tables
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    import os

    from dialnexa_routing.records.raw_tables import RawTable


def scan_any(
    source: str | os.PathLike[str],
    *,
    having: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> pl.LazyFrame:
    """Records of any kind of file as a lazy frame, their columns as they are named.

    Args:
        source: a file, a folder or a pattern: text of any delimiter and encoding, JSON, a workbook, Parquet
            or Arrow.
        having: a column, by which the sheet of a workbook or the list of a document is found.
        encoding: of texts; None is what they state themselves, else UTF-8.
        delimiter: between their cells; None is what their first rows agree on.

    Raises:
        OSError: a file is not there or cannot be read.
        RecordError: a file or a row of it cannot be read, or not one sheet has the column.
    """
    path = Path(source)
    if path.is_dir() or path.name.lower().endswith(call_files.SUFFIXES):
        return call_files.scan(source, encoding=encoding, delimiter=delimiter)
    tables, _ = raw_tables(source, encoding=encoding, delimiter=delimiter)
    lazy = []
    for table in tables:
        opened = table.open(True, _list_of(table, having))
        call_files.refuse_rejected(Path(table.file), opened.rejected)
        lazy.append(opened.lazy)
    return lazy[0] if len(lazy) == 1 else pl.concat(lazy)


def _list_of(table: RawTable, having: str | None) -> str:
    """Which of several sheets or lists; of a document the first with the column, of sheets the only one."""
    heads = table.heads
    if having is None or ("" in heads and len(heads) == 1):
        return next(iter(heads))
    found = [at for at, head in heads.items() if having in head.names]
    if not found:
        names = [name for head in heads.values() for name in head.names]
        raise RecordError(f"{table.file} has no sheet with a column {having!r}{nearest(having, names)}")
    if len(found) > 1 and heads[found[0]].kind is not Kind.DOCUMENT:
        told = " and ".join(map(repr, found))
        raise RecordError(f"{table.file} has a column {having!r} in the sheets {told}; leave one of them")
    return found[0]
