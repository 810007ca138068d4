"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from dialnexa_routing.files.opening import refuse_endless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


@contextmanager
def replacing(path: Path, *, draft: Path | None = None, mode: int = 0o666) -> Iterator[BinaryIO]:
    """An open file that takes the place of `path` once it is whole and on the disk.

    Whatever goes wrong, it is removed, and what was at `path` stays.

    Args:
        path: what is written.
        draft: the file's name until then, in the same folder. None is one that nobody else has; a
            given one is for those who write alone, and takes the place of what an earlier crash left.
        mode: the file's permissions, before the process's mask.
    """
    refuse_endless(path)  # as root one would replace /dev/null
    new = path.with_name(f".{path.name}.{token_hex(4)}") if draft is None else draft

    def remove() -> None:
        with suppress(OSError):  # the place may be none at all, which is told already
            new.unlink(missing_ok=True)

    # One Ctrl-C may be raised twice, by Polars and then by Python, and the second time amid the
    # cleaning up: hence two of these.
    try:
        try:
            if draft is not None:
                new.unlink(missing_ok=True)  # if it were a link, what it leads to would be written over
            with open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            remove()
    finally:
        remove()
