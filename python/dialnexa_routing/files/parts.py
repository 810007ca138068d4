"""What the parts of a workbook say, as far as a reader of workbooks might come to grief on it.

A kilobyte can name a cell in the far corner of a sheet, for which a reader allocates the whole
rectangle, or show one part as a thousand sheets. The markup is searched and not parsed: whatever
the search does not understand, the limits of the process that reads it are there for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = rb"<(?:[\w.-]+:)?"
_ATTRIBUTES = rb"\s(?:[^<>]*?\s)??"  # `<` stands in none, so that a search ends at the next tag
_PLACE = _ATTRIBUTES + rb"r\s*=\s*[\"']"
_REFERENCE = re.compile(_TAG + rb"(?:c|row)" + _PLACE + rb"([A-Za-z]*[0-9]+)")
_FILLED = re.compile(_TAG + rb"c" + _PLACE + rb"([A-Za-z]+)[0-9]+[\"'](?:[^<>]*[^<>/])?>")
_ROW = re.compile(_TAG + rb"row[\s>]")
_CELL_STARTS = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/")
_SHEET = re.compile(_TAG + rb"sheet" + _ATTRIBUTES + rb"[\w.-]+:id\s*=\s*[\"']([^\"'<>]*)")
_TARGET = re.compile(_TAG + rb"Relationship" + _ATTRIBUTES + rb"Target\s*=\s*[\"']([^\"'<>]*)")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FROM_1904 = re.compile(_TAG + rb"workbookPr" + _ATTRIBUTES + rb"date1904\s*=\s*[\"'](?:1|true|on)[\"']")
_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Parts:
    """Looks at one part after the other; what concerns the whole workbook is gathered."""

    def __init__(self, file: str, bounds: Bounds = USUAL) -> None:
        self.file = file
        self.bounds = bounds
        self.from_1904 = False
        self._sheets: list[bytes] = []
        self._targets: list[bytes] = []

    def look_at(self, pieces: Iterator[bytes], name: str) -> int:
        """The bytes of a part. Raises `FileError` when it is not what a workbook consists of."""
        extent, used, rest, markup = Extent(self.bounds), 0, b"", False
        name = name.replace("\\", "/").lower()
        for piece in pieces:
            if not used:
                markup = piece.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
                if b"\0" in piece[:100] and name.endswith((".xml", ".rels")):
                    raise self._refused(name, "is not UTF-8, as workbooks are: save it again as .xlsx")
            used += len(piece)
            block = rest + piece
            cut = max(block.rfind(b"<"), 0) if markup else len(block)
            rest = block[cut:]
            if len(rest) > self.bounds.cell_bytes:
                longest = f"holds a cell of more than {megabytes(self.bounds.cell_bytes)}"
                raise self._refused(name, f"{longest}: shorten it, or export the sheet as CSV")
            self._look_into(block[:cut], name, extent)
        self._look_into(rest, name, extent)
        if not extent.fits:
            bounds = self.bounds
            raise FileError(
                f"{self.file}: a sheet reaches to row {extent.row} and column {extent.column} with"
                f" {extent.cells} cells in it, more than {bounds.rows} rows, {bounds.columns} columns or"
                f" {bounds.spare_cells} blanks: delete the far cells, or export the sheet as CSV"
            )
        return used

    def check_sheets(self) -> None:
        """Raises `FileError` when two sheets are one part: a thousand of them are read a thousand times."""
        for named in (self._sheets, self._targets):
            if len(set(named)) < len(named):
                raise FileError(
                    f"{self.file} shows one part as several sheets, which no spreadsheet program writes:"
                    " save it again as .xlsx"
                )

    def _look_into(self, block: bytes, name: str, extent: Extent) -> None:
        if not name.endswith(".svg") and _DECLARATION.search(block):  # pictures may declare their type
            reason = "declares entities or a document type, which no spreadsheet program writes"
            raise self._refused(name, f"{reason}: save it again as .xlsx")
        if name == "xl/workbook.xml":
            self._sheets += _SHEET.findall(block)
            self.from_1904 |= _FROM_1904.search(block) is not None
        elif name == "xl/_rels/workbook.xml.rels":
            self._targets += _TARGET.findall(block)
        extent.add(block)

    def _refused(self, name: str, reason: str) -> FileError:
        return FileError(f"{self.file}: the part {name[:80]!r} {reason}")


class Extent:
    """How far the cells of one part reach, and how many there are."""

    def __init__(self, bounds: Bounds = USUAL) -> None:
        self.bounds = bounds
        self.row = self.column = self.cells = 0
        self._seen: set[bytes] = set()

    def add(self, block: bytes) -> None:
        """Counts the cells of some markup in which every tag is whole."""
        places = b" ".join(_REFERENCE.findall(block))
        columns = places.translate(None, _DIGITS).split()
        started = sum(map(block.count, _CELL_STARTS))
        self.cells += max(started, len(columns))
        if started > len(columns) + self.bounds.columns:
            # Cells that do not state where they stand come one after the other.
            widest = max(sum(map(row.count, _CELL_STARTS)) for row in _ROW.split(block))
            self.column = max(self.column, widest)
        rows = set(places.translate(None, _LETTERS).split())
        self.row = max([self.row, *(int(row[:10]) for row in rows)])
        fresh = set(columns) - self._seen
        if any(number(letters) > self.bounds.columns for letters in fresh):
            # A format without a value, as whole formatted rows have it, makes no cell.
            fresh &= set(_FILLED.findall(block))
        self._seen |= fresh
        self.column = max([self.column, *map(number, fresh)])

    @property
    def fits(self) -> bool:
        """Whether a sheet may reach so far."""
        spanned = self.row * self.column
        within = self.row <= self.bounds.rows and self.column <= self.bounds.columns
        return within and spanned <= self.bounds.spare_cells + 2 * self.cells


def number(letters: bytes) -> int:
    """The number of a column, 1 for A; of long nonsense some large one.

    >>> number(b"A"), number(b"IV"), number(b"xfd")
    (1, 256, 16384)
    """
    found = 0
    for letter in letters[:7].upper():
        found = found * 26 + letter - 64
    return found
