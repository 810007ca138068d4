"""The bytes of a text in blocks of whole lines, in UTF-8 with line feeds, whatever they were in."""

from __future__ import annotations

import codecs
import gzip
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from dialnexa_routing.files.opening import opened
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dialnexa_routing.files.text_form import TextForm

BLOCK_BYTES = 4 << 20
LONGEST_LINE = 64 << 20
_GZIP = b"\x1f\x8b"


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, as they are without gzip. Raises what `opening.opened` does."""
    with opened(path) as file:
        if file.peek(2)[:2] != _GZIP:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as packed:
            yield cast("IO[bytes]", packed)


def blocks(
    file: IO[bytes], form: TextForm, name: str, *, size: int = BLOCK_BYTES, longest: int = LONGEST_LINE
) -> Iterator[bytes]:
    """A text in UTF-8 without a mark, some megabytes at a time; each block but the last ends a line.

    What an encoding has no meaning for becomes bytes that are no UTF-8, so that it costs its row and
    not the file.

    Raises:
        FileError: a line has more than `longest` bytes, or the text breaks off within a character or
            as gzip.
    """
    rest = b""
    try:
        for piece in _pieces(file, form, size):
            rest += piece
            end = rest.rfind(b"\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            if len(rest) > longest:
                raise FileError(f"{name} has a line of more than {longest} bytes; is it a table of text?")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"{name} breaks off as gzip ({error}); write it again") from error
    except UnicodeError as error:
        raise FileError(
            f"{name} cannot be read as {form.encoding} ({error}); pass another encoding="
        ) from error
    if rest:
        yield rest


def _pieces(file: IO[bytes], form: TextForm, size: int) -> Iterator[bytes]:
    decoder = None
    if form.encoding != "utf-8":
        decoder = codecs.getincrementaldecoder(form.encoding)(errors="surrogateescape")
    at_start, held = True, b""
    while True:
        read = file.read(size)
        piece = read
        if decoder is not None:
            text = decoder.decode(read, final=not read)
            piece = text.removeprefix("\ufeff" if at_start else "").encode(errors="surrogateescape")
        elif at_start:
            piece = piece.removeprefix(codecs.BOM_UTF8)
        at_start = False
        if form.bare_returns:
            piece = held + piece
            # The line feed of a pair may stand at the beginning of the next piece.
            held = b"\r" if read and piece.endswith(b"\r") else b""
            piece = piece.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if piece:
            yield piece
        if not read:
            return
