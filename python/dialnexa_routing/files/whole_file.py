"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from functools import lru_cache
from secrets import token_hex
from typing import TYPE_CHECKING

from dialnexa_routing.files.drafts import old_drafts
from dialnexa_routing.files.opening import naming, refuse_endless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_DRAFT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}", re.DOTALL)
"""How a file is called until it is whole."""
_FOLDERS = 64


@contextmanager
def replacing(path: Path, *, draft: Path | None = None, mode: int = 0o666) -> Iterator[BinaryIO]:
    """An open file that takes the place of `path` once it is whole and on the disk.

    Whatever goes wrong, it is removed, and what was at `path` stays. What a process that was killed left of
    an earlier writing to `path` is removed behind a later one, once it is a day old.

    Args:
        path: what is written.
        draft: the file's name until then, in the same folder. None is one that nobody else has; a
            given one is for those who write alone, and takes the place of what an earlier crash left.
        mode: the file's permissions, before the process's mask.
    """
    refuse_endless(path)  # as root one would replace /dev/null
    new = path.with_name(f".{path.name}.{token_hex(4)}") if draft is None else draft

    def remove() -> None:
        with suppress(OSError):  # the place may be none at all, which is reported already
            new.unlink(missing_ok=True)

    # One Ctrl-C may be raised twice, by Polars and then by Python, and the second time amid the
    # cleaning up: hence two of these.
    try:
        try:
            with naming(path, instead_of=str(new)):
                if draft is not None:
                    new.unlink(missing_ok=True)  # if it were a link, what it leads to would be written over
                with open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(path)
                if draft is None:
                    _clear_drafts(path)
        finally:
            remove()
    finally:
        remove()


def _clear_drafts(path: Path) -> None:
    """Remove the drafts of `path` that nobody writes any more; those of other names are somebody else's."""
    with suppress(OSError):
        for name in _old_drafts(os.path.abspath(path.parent)).pop(path.name, ()):  # noqa: PTH100 (as a key)
            with suppress(OSError):
                path.with_name(name).unlink()


@lru_cache(maxsize=_FOLDERS)
def _old_drafts(folder: str) -> dict[str, list[str]]:
    """The drafts in a folder that are a day old or older, by whose they are.

    A folder is looked through once by a process: a job writes thousands of files.
    """
    found: dict[str, list[str]] = {}
    for one in old_drafts(folder, _DRAFT):
        if draft := _DRAFT.fullmatch(one.name):
            found.setdefault(draft["name"], []).append(one.name)
    return found
