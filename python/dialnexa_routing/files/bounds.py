"""How large what is read may be: beyond it a file costs its reader out of proportion to what it can say."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of all readers of whole files; those that stream have none on rows.

    Attributes:
        file_bytes: of a file as it lies there.
        unpacked_bytes: of what gzip or an archive unpacks to.
        ratio: of unpacked to packed bytes; text and XML pack 5 to 50 times, zeros a thousand times.
        ratio_from: unpacked bytes from which the ratio counts; what is small and packs well harms nobody.
        gzip_ratio_from: the same for gzip, which packs a file as a whole.
        entries: of an archive.
        rows: of a sheet of a workbook.
        columns: of any table.
        cell_bytes: of a cell of a workbook.
        line_bytes: of a line of a text.
        spare_cells: blank ones a sheet may span besides two for each that it holds: readers make them all.
        free_cells: a text may have however short they are.
        accents: on one letter.
        document_bytes: of a JSON document.
        document_memory: what it may come to as objects, in bytes.
        document_depth: levels in it.
        frame_cells: of a Parquet or Arrow file.
        frame_text_bytes: of the texts in one; those that are stored once count as often as they stand.
        reader_memory: of the process that reads a workbook, bytes beyond what importing the reader takes.
        reader_memory_per_byte: besides, for each unpacked byte; shared texts were measured to need 3.
        sample_bytes: of a text, in which columns and accents are counted.
    """

    file_bytes: int = 1 << 30
    unpacked_bytes: int = 256 << 20
    ratio: int = 200
    ratio_from: int = 1 << 20
    gzip_ratio_from: int = 16 << 20
    entries: int = 1_000
    rows: int = 2_000_000
    columns: int = 256
    cell_bytes: int = 1 << 20
    line_bytes: int = 32 << 20
    spare_cells: int = 4_000_000
    free_cells: int = 12_000_000
    accents: int = 100
    document_bytes: int = 128 << 20
    document_memory: int = 400 << 20
    document_depth: int = 64
    frame_cells: int = 26_000_000
    frame_text_bytes: int = 256 << 20
    reader_memory: int = 384 << 20
    reader_memory_per_byte: int = 4
    sample_bytes: int = 1 << 20

    def to_json(self) -> str:
        """As text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Bounds:
        """What `to_json` wrote.

        >>> Bounds.from_json(Bounds(rows=5).to_json()) == Bounds(rows=5)
        True
        """
        return cls(**json.loads(text))


USUAL = Bounds()


def megabytes(count: int) -> str:
    """A number of bytes in words; below a megabyte in bytes.

    >>> megabytes(256 << 20), megabytes(900)
    ('256 MB', '900 bytes')
    """
    return f"{count >> 20} MB" if count >= 1 << 20 else f"{count} bytes"
