"""How a delimited text is written: its encoding, what parts its cells, and what ends its lines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from dialnexa_routing.files.decoding import chosen, known_encoding
from dialnexa_routing.text.errors import FileError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES = 1 << 20
MOST_COLUMNS = 5_000
"""Of a text that streams: Polars takes the square of their number, two seconds for so many."""
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text is written.

    Attributes:
        encoding: by its plain name; ``utf-8`` where nothing states otherwise.
        delimiter: one character between cells.
        bare_returns: lines end in a carriage return alone, as old Macintosh programs write.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    bare_returns: bool = False

    def __str__(self) -> str:
        ends = ", lines that end in CR" if self.bare_returns else ""
        return f"{self.encoding}, cells parted by {self.delimiter!r}{ends}"


def form_of(head: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None) -> TextForm:
    r"""How a text that begins with `head` is written, as far as the caller does not say.

    Raises:
        FileError: the encoding is unknown or not that of the file; the delimiter is no single character.

    >>> str(form_of(b"to;seconds\r+91;5\r", "a.csv"))
    "utf-8, cells parted by ';', lines that end in CR"
    """
    found = chosen(head, file, encoding) or ("utf-8" if encoding is None else known_encoding(encoding))
    sample = head.decode(found, errors="ignore").removeprefix("\ufeff")
    bare = _bare_returns(sample)
    if delimiter is None:
        delimiter = _delimiter(sample.replace("\r", "\n") if bare else sample)
    elif len(delimiter) != 1 or delimiter in '\r\n"' or ord(delimiter) > 127:
        raise FileError(f"delimiter={delimiter!r} cannot part cells: pass one character as ';' or '\\t'")
    return TextForm(found, delimiter, bare)


def _bare_returns(sample: str) -> bool:
    """Whether the first line that ends outside of quotes ends in a carriage return alone."""
    quoted = False
    for at, character in enumerate(sample):
        if character == '"':
            quoted = not quoted
        elif character == "\n" and not quoted:
            return False
        elif character == "\r" and not quoted:
            return sample[at + 1 : at + 2] != "\n"
    return False


def _delimiter(sample: str) -> str:
    """The one by which most of the first rows have as many cells as the first; a comma where none is.

    Of two that part as many rows alike, as a comma inside of a cell of each does, the one of more cells.
    """
    best, most = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths: list[int] = []
        with suppress(csv.Error):  # a cell longer than the module's limit
            widths.extend(len(cells) for cells in islice(reader, _LOOKED_AT) if cells)
        counted = Counter(widths)
        agreeing = (counted[widths[0]], widths[0]) if widths and widths[0] > 1 else (0, 0)
        if agreeing > most:
            best, most = delimiter, agreeing
    return best
