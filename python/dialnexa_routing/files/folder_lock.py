"""One writer at a time in a folder, until it is done or dies in whatever way."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = ".lock"
"""The locked file, which is empty and stays: to remove it would let two others lock two files of one name."""


@contextmanager
def folder_lock(folder: str | os.PathLike[str], told: str, *, itself: bool = False) -> Iterator[None]:
    """The folder is ours within this context, or until this process dies.

    Args:
        folder: that is there.
        told: what the error states where another one has it.
        itself: lock the folder rather than a file in it, where the system can, so that none stays there.

    Raises:
        ConflictError: another one has it; it is not waited for.
        OSError: nothing can be locked there.
    """
    held = _take(Path(folder), told, itself)
    try:
        yield
    finally:
        with suppress(OSError):  # whatever it gives, the lock is gone, and what was written is not its affair
            os.close(held)


def _take(folder: Path, told: str, itself: bool) -> int:
    if sys.platform == "win32":
        # There the file goes away with its last handle, which the system closes.
        try:
            return os.open(folder / LOCK, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY)
        except (FileExistsError, PermissionError):
            raise ConflictError(told) from None
    if itself:
        try:
            return _locked(os.open(folder, os.O_RDONLY | os.O_CLOEXEC), told)
        except OSError:
            pass  # some network file systems lock only what is open for writing
    how = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    return _locked(os.open(folder / LOCK, how, 0o666), told)


def _locked(handle: int, told: str) -> int:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ConflictError(told) from None
    except OSError:
        os.close(handle)
        raise
    return handle
