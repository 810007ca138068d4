"""Texts whose lines are statements of SQL, one row each: ``INSERT INTO cdr VALUES ("a","b");``."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing.files.text_blocks import blocks, unpacked
from dialnexa_routing.files.text_form import SAMPLE_BYTES, form_of
from dialnexa_routing.files.text_stream import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = rb"INSERT INTO [^\s(]{1,64} VALUES ?\("
_LINE = re.compile(rb"^" + _HEAD + rb"(.*)\)[ \t]*;?[ \t]*\r?$", re.MULTILINE)


def are_inserts(begin: bytes) -> bool:
    """Whether a text begins as statements without a list of columns do."""
    return re.match(rb"(?:\xef\xbb\xbf)?" + _HEAD, begin) is not None


def without_statements(path: Path, encoding: str | None = None) -> Copy:
    r"""A copy of a text with what stands between the brackets of each statement; other lines stay.

    It is in UTF-8, and removed as soon as nobody holds it any longer. `encoding` is that of the text, as
    `form_of` takes it.

    Raises:
        FileError: a line is too long, or the text breaks off as gzip.
        OSError: it cannot be read, or the copy not be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "Master.csv")
    ...     _ = path.write_text('INSERT INTO cdr VALUES ("1001","63", "x");\nodd\n')
    ...     copy = without_statements(path)
    ...     copy.path.read_text()
    '"1001","63", "x"\nodd\n'
    """
    handle, name = tempfile.mkstemp(prefix="dialnexa-", suffix=".csv")
    made = Copy(Path(name))  # from here on it is removed whatever happens
    with os.fdopen(handle, "wb") as out:
        for block in _blocks(path, encoding):
            out.write(_LINE.sub(rb"\1", block))
    return made


def _blocks(path: Path, encoding: str | None) -> Iterator[bytes]:
    with unpacked(path) as file:
        form = form_of(file.read(SAMPLE_BYTES), str(path), encoding=encoding, delimiter=",")
    with unpacked(path) as file:
        yield from blocks(file, form, str(path))
