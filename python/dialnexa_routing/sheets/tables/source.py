"""From a path to what a sheet holds: tables under canonical names, or a JSON document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.files.contents import FRAME, Content, FileSource, Reading, contents
from dialnexa_routing.files.decoding import FALLBACK
from dialnexa_routing.sheets.headers import score
from dialnexa_routing.sheets.tables import workbook_headers
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable, table_of
from dialnexa_routing.sheets.tables.typed import read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FRAME", "FileSource", "Source", "sources"]

_FOLDER = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip")


@dataclass(frozen=True)
class Source:
    """One thing to read: tables of text, or a JSON document."""

    file: str
    tables: tuple[TextTable, ...] = ()
    document: Any = None
    digest: str | None = None  # SHA-256 of the file as it came, which anybody can compute again
    remarks: tuple[Remark, ...] = ()
    """What is to be reported of a document; tables have their own."""
    made: dict[str, list[TextTable]] = field(default_factory=dict, compare=False, repr=False)
    """Tables that a format makes of the document, by its name; who recognises them makes them only once."""

    @property
    def is_json(self) -> bool:
        """Whether it is a document rather than tables."""
        return not self.tables


def sources(
    given: FileSource | Sequence[FileSource],
    encoding: str | None = None,
    delimiter: str | None = None,
    bounds: Bounds = USUAL,
) -> list[Source]:
    """Everything `given` names: a file, a frame, a folder of files, an archive, or a list of those.

    Raises `FileNotFoundError` for a path that is not there, `SheetError` for what cannot be read.
    """
    reading = Reading(score, workbook_headers.frames, _FOLDER, encoding, delimiter, bounds)
    return [_source(content) for content in contents(given, reading)]


def _source(content: Content) -> Source:
    if content.frame is not None:
        tables: tuple[TextTable, ...] = (read_frame(content.frame, content.file),)
    else:
        # Only texts: in a workbook a cell that begins with a quotation mark is one.
        tables = tuple(table_of(grid, escaped=grid.delimiter is not None) for grid in content.grids)
    for grid in content.grids[:1]:
        if grid.delimiter not in (None, ",") or grid.encoding not in (None, "utf-8", FALLBACK):
            reason = f"the text is {grid.encoding}, its cells are parted by {grid.delimiter!r}: nothing to do"
            tables[0].remarks.append(Remark(reason))
    remarks = tuple(Remark(note, severity=Severity.WARNING) for note in content.notes)
    for table in tables[:1]:
        table.remarks.extend(remarks)
    return Source(content.file, tables, content.document, content.digest, () if tables else remarks)
