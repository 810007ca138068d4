"""What shows that a file was written into, or that another one has its name."""

from __future__ import annotations

import os
from typing import NamedTuple


class Stamp(NamedTuple):
    """A file as it stands; `content` leaves out what changes too when it is only named or owned anew."""

    device: int
    inode: int
    size: int
    modified_ns: int
    status_ns: int

    @property
    def content(self) -> tuple[int, int, int, int]:
        """Which file it is, how long it is and when it was last written into."""
        return self.device, self.inode, self.size, self.modified_ns


def stamp_of(path: str | os.PathLike[str] | int) -> Stamp:
    """The stamp of a file, by its path or its open handle. Raises `OSError` where there is none."""
    found = os.stat(path)  # noqa: PTH116 (pathlib is slower to import)
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
