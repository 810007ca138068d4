"""One job at a time in an output folder."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".lock"
"""The locked file, which is empty and stays: to remove it would let two others lock two files of one name."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder is ours within this context, or until this process dies in whatever way.

    Raises:
        ConflictError: another process has it.
    """
    held = _take(folder)
    try:
        yield
    finally:
        os.close(held)


def _take(folder: Path) -> int:
    told = f"another job is writing to {folder}; wait for it, or name another folder"
    if sys.platform == "win32":
        # There the file goes away with its last handle, which the system closes.
        try:
            return os.open(folder / LOCK, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY)
        except (FileExistsError, PermissionError):
            raise ConflictError(told) from None
    import fcntl

    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ConflictError(told) from None
    except OSError:
        os.close(handle)
        raise
    return handle
