"""One job at a time in an output folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.files.folder_lock import LOCK, folder_lock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

__all__ = ["LOCK", "locked"]


def locked(folder: Path) -> AbstractContextManager[None]:
    """The folder is ours within this context, or until this process dies in whatever way.

    Raises:
        ConflictError: another process has it.
    """
    return folder_lock(folder, f"another job is writing to {folder}; wait for it, or name another folder")
