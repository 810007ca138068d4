"""Files that are on the disk once they are there, also if the power goes."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from dialnexa_routing.files.opening import naming, opened
from dialnexa_routing.files.whole_file import replacing

if TYPE_CHECKING:
    from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, and see it and its name on the disk."""
    # Of a fixed name: only the holder of the lock writes.
    with replacing(path, draft=path.with_name(f".{path.name}")) as file:
        file.write(text.encode())
    settle(path.parent)


def settle(folder: Path) -> None:
    """See the names in a folder on the disk; a renamed file may else bear its old one after a crash."""
    if os.name == "nt":
        return  # folders cannot be opened there, and names need no flushing
    handle = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as ``sha256sum`` states it."""
    with naming(path), opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
