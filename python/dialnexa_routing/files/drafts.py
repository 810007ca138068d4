"""What processes that were killed left behind of files that never became whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_OLD_NS = 86_400 * 10**9


def old_drafts(folder: str, called: re.Pattern[str]) -> Iterator[os.DirEntry[str]]:
    """The files of a folder with such names that are a day old or older.

    A draft has no time of its own but that of its file, so it is compared with the folder's, into which
    somebody has just written: what another process is writing at this moment is newer than a day.

    Raises:
        OSError: the folder cannot be read.
    """
    latest = os.stat(folder).st_mtime_ns  # noqa: PTH116 (pathlib is slower to import)
    with os.scandir(folder) as inside:  # the system's order is as good as any
        for one in inside:
            if not (called.fullmatch(one.name) and one.is_file(follow_symlinks=False)):
                continue
            try:
                written = one.stat(follow_symlinks=False).st_mtime_ns
            except OSError:  # somebody else has removed it
                continue
            if latest - written >= _OLD_NS:
                yield one
