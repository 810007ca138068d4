"""The records of a delimited text: which are rows, and where the others stand.

A reader of tables takes a line that breaks off for a row with empty cells, and gives up at one that
is too long. For money neither will do. So every line is looked at, by the one definition of `Grammar`.
Nearly always all of them are rows; where not, those that are go on, and the others are told with their
places.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.rejected import Rejected, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

LONGEST_QUOTE = 1 << 20
"""Bytes within which a quote that spans lines is closed."""


class Grammar:
    """What a row is: as many cells as the header, each plain, or in quotes with those inside doubled.

    Where one line is no row so, quotes inside a quoted cell are its text if neither a delimiter nor
    the end of the line follows them, as telephone systems write callers' names: ``""Asha" <1115>"``; and
    blanks may stand before a quoted cell, as their templates have it.
    """

    def __init__(self, delimiter: str, cells: int) -> None:
        self.delimiter = delimiter
        self.cells = cells
        apart = re.escape(delimiter)
        # Possessive: each way to read a cell is the only one, so that nothing is tried twice.
        strict = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{apart}\n]*+)'
        loose = rf'(?: *+"[^"\n]*+(?:"(?!{apart}|\r?\n?\Z)[^"\n]*+)*+"|[^"{apart}\n]*+)'
        self._one, self._one_loose = re.compile(strict.encode()), re.compile(loose.encode())
        self._row, self._loose_row = (
            re.compile(rf"{cell}(?:{apart}{cell}){{{cells - 1}}}\r?\n?".encode()) for cell in (strict, loose)
        )

    def is_row(self, text: bytes) -> bool:
        """Whether some lines are one row."""
        return self._row.fullmatch(text) is not None and _is_utf8(text)

    def mended(self, text: bytes) -> bytes | None:
        """One line with the quotes inside of its cells doubled, if it is a row then."""
        if b'"' not in text or not self._loose_row.fullmatch(text) or not _is_utf8(text):
            return None
        made, at = [], 0
        body = text.rstrip(b"\r\n")
        while at <= len(body):
            found = self._one_loose.match(body, at)
            cell = found[0] if found else b""
            bare = cell.lstrip(b" ")
            made.append(b'"%b"' % bare[1:-1].replace(b'"', b'""') if bare[:1] == b'"' else cell)
            at += len(cell) + 1
        return self.delimiter.encode().join(made) + text[len(body) :]

    def split(self, text: bytes) -> list[str] | None:
        """The cells of a row of whatever width, without its line end; None if it is none."""
        found, at = [], 0
        while at <= len(text):
            cell = self._one.match(text, at)
            if cell is None or text[cell.end() : cell.end() + 1] not in (b"", self.delimiter.encode()):
                return None
            at = cell.end() + 1
            inner = cell[0][1:-1].replace(b'""', b'"') if cell[0][:1] == b'"' else cell[0]
            found.append(inner)
        return [cell.decode() for cell in found] if _is_utf8(text) else None

    def split_loose(self, text: bytes) -> list[str] | None:
        """The same of a line that is one only with the quotes inside of its cells doubled."""
        if not text or not _is_utf8(text):
            return None
        found, at = [], 0
        while at <= len(text):
            cell = self._one_loose.match(text, at)
            if cell is None or text[cell.end() : cell.end() + 1] not in (b"", self.delimiter.encode()):
                return None
            at = cell.end() + 1
            bare = cell[0].lstrip(b" ")
            found.append((bare[1:-1] if bare[:1] == b'"' else cell[0]).decode())
        return found

    def fault(self, text: bytes) -> tuple[Unreadable, int]:
        """Why a line is no row, and how many cells it has, as far as they can be kept apart."""
        text = text.rstrip(b"\r\n")
        found, at, quoted = 0, 0, True
        while quoted:
            cell = self._one.match(text, at)
            at = cell.end() if cell else at
            found += 1
            if at == len(text):
                break
            quoted = text[at : at + 1] == self.delimiter.encode()
            at += 1
        if not _is_utf8(text):
            return Unreadable.NOT_UTF8, found
        if not quoted:
            return Unreadable.BROKEN_QUOTES, found
        return (Unreadable.FEWER_CELLS if found < self.cells else Unreadable.MORE_CELLS), found

    @property
    def pattern(self) -> str:
        """What a line that is a row matches, for Polars, whose lines have no ends."""
        apart = f"\\x{ord(self.delimiter):02x}"
        cell = f'(?:"(?:[^"]|"")*"|[^"{apart}\\n]*)'
        return f"^{cell}(?:{apart}{cell}){{{self.cells - 1}}}\r?$"

    def others(self, lines: list[bytes]) -> list[int]:
        """The places of the lines that are no rows by themselves."""
        try:
            texts = b"".join(lines).decode().split("\n")[: len(lines)]
        except UnicodeDecodeError:
            return [place for place, line in enumerate(lines) if not self.is_row(line)]
        rows = pl.Series(texts, dtype=pl.String).str.contains(self.pattern)
        return (~rows).arg_true().to_list()


def part(
    blocks: Iterator[bytes], grammar: Grammar, sound: BinaryIO, *, header_lines: int
) -> tuple[int, Rejected]:
    """Write the rows of a text to `sound`, each ended by a line feed, without those that cannot be read.

    A cell with line ends in its quotes makes a row of several lines. If they come to none, the first
    of them alone is at fault, and the next one is looked at for itself. Blank lines are no rows, but
    in a table of one column, below its first line.

    Args:
        blocks: the text, in blocks of whole lines.
        grammar: what a row is.
        sound: takes the rows.
        header_lines: how many lines are passed over.

    Returns:
        How many rows there are, those that cannot be read too, and these.
    """
    text = _Lines(blocks, grammar)
    text.skip(header_lines)
    rows, rejected = 0, Rejected()
    at_start = not header_lines
    while text.is_more():
        if at_start and not text.first().strip():
            text.skip(1)
            continue
        at_start = False
        if run := text.rows():
            rows += len(run)
            sound.write(_ended(b"".join(run)))
            continue
        line = text.first()
        if not line.strip():
            text.skip(1)
            continue
        rows += 1
        several = text.to_closing_quote() if line.count(b'"') % 2 else 1
        whole = text.joined(several) if several > 1 else line
        if several > 1 and grammar.is_row(whole):
            sound.write(_ended(whole))
            text.skip(several)
            continue
        mended = grammar.mended(line)
        if mended is not None:
            sound.write(_ended(mended))
        else:
            fault, cells = grammar.fault(line)
            rejected.add(rows, text.number + 1, cells, fault)
        text.skip(1)
    return rows, rejected


class _Lines:
    """The lines of a text from some place on, of which a block or two are held."""

    def __init__(self, blocks: Iterator[bytes], grammar: Grammar) -> None:
        self.number = 0  # of the lines that are behind us
        self._blocks = blocks
        self._grammar = grammar
        self._lines: list[bytes] = []
        self._others: deque[int] = deque()
        self._at = 0

    def is_more(self) -> bool:
        if self._at == len(self._lines):
            self._lines, self._at = [], 0
            self._others.clear()
            return self._extend()
        return True

    def first(self) -> bytes:
        return self._lines[self._at]

    def joined(self, count: int) -> bytes:
        return b"".join(self._lines[self._at : self._at + count])

    def skip(self, count: int) -> None:
        for _ in range(count):
            if self.is_more():
                self._at += 1
                self.number += 1

    def rows(self) -> list[bytes]:
        """The lines from here on that are rows by themselves, taken."""
        while self._others and self._others[0] < self._at:
            self._others.popleft()
        end = self._others[0] if self._others else len(self._lines)
        run = self._lines[self._at : end]
        self._at = end
        self.number += len(run)
        return run

    def to_closing_quote(self) -> int:
        """How many lines from here on there are to one that closes the quote of the first."""
        count, size = 1, len(self.first())
        while size < LONGEST_QUOTE:
            if self._at + count == len(self._lines) and not self._extend():
                break
            line = self._lines[self._at + count]
            count += 1
            size += len(line)
            if line.count(b'"') % 2:
                break
        return count

    def _extend(self) -> bool:
        block = next(self._blocks, b"")
        if not block:
            return False
        lines = [line + b"\n" for line in block.split(b"\n")]
        lines[-1] = lines[-1][:-1]
        if not lines[-1]:
            del lines[-1]
        self._others.extend(len(self._lines) + place for place in self._grammar.others(lines))
        self._lines += lines
        return True


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") else text + b"\n"


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
