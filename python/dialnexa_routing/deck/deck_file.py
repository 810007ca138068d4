"""How a deck file becomes a core: read into memory, or mapped and looked at again at each batch.

A map shows what is written into the file under it: another deck's prices under this deck's digest, or the
end of the process where the file becomes shorter. So a deck of ordinary size is read, which costs a
millisecond for seven megabytes; a larger one is mapped, and processes share it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from dialnexa_routing import _deck
from dialnexa_routing.files.opening import opened, refuse_endless
from dialnexa_routing.text.errors import DeckError

if TYPE_CHECKING:
    from pathlib import Path

LOADED_BYTES = 32 << 20
"""A deck file up to this size is read, where nothing is said."""

_DRAFT = re.compile(r"\.deck-[A-Za-z0-9]{6}")
"""How `save` calls a deck until it is whole."""
_OLD_NS = 86_400 * 10**9

Stamp = tuple[int, int, int, int]


class DeckFile:
    """A file that a deck is mapped from, as it was when it was opened."""

    __slots__ = ("_path", "_stamp")

    def __init__(self, path: str, stamp: Stamp) -> None:
        self._path = path
        self._stamp = stamp

    def check(self) -> None:
        """Raises `DeckError` if something was written into the file since.

        A file that was replaced by renaming is another one: the map shows the old one still.
        """
        try:
            now = stamp_of(self._path)
        except OSError:
            return  # it has no name any more, so nobody opens it to write
        if now[:2] == self._stamp[:2] and now != self._stamp:
            raise DeckError(
                f"{self._path} was written into since it was opened: replace decks by renaming, as save does,"
                " and open this one anew; load=True reads one into memory"
            )


def clear_drafts(path: str | Path) -> None:
    """Remove what a process that was killed while it saved a deck left beside `path`, a day old or older.

    A draft has no time of its own but that of its file, so its age is told against the folder's: what
    another process is writing at this moment is newer than a day and stays.
    """
    folder = os.path.dirname(os.fspath(path)) or "."  # noqa: PTH120 (pathlib is slower to import)
    with suppress(OSError):
        latest = os.stat(folder).st_mtime_ns  # noqa: PTH116 (likewise)
        with os.scandir(folder) as inside:  # the system's order is as good as any
            drafts = [
                one for one in inside if _DRAFT.fullmatch(one.name) and one.is_file(follow_symlinks=False)
            ]
        for one in drafts:
            with suppress(OSError):
                if latest - one.stat(follow_symlinks=False).st_mtime_ns >= _OLD_NS:
                    os.unlink(one.path)  # noqa: PTH108 (likewise)


def stamp_of(path: str | Path) -> Stamp:
    """Device, inode, size and time of the last change of a file."""
    found = os.stat(path)  # noqa: PTH116 (pathlib is slower to import)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def core_of(path: str | Path, *, verify: bool, load: bool | None) -> tuple[_deck.Deck, DeckFile | None]:
    """The core of the deck in a file, and the file where it is mapped.

    Raises:
        DeckError: damaged, of another version, or no deck; a pipe or a device; written meanwhile.
        OSError: the file cannot be opened, by its usual subclass.
    """
    refuse_endless(path, DeckError)
    try:
        stamp = stamp_of(path)
    except ValueError:  # a NUL in the name, say: whoever opens it has the words
        return _deck.Deck.open(path, verify=verify), None
    if load is None:
        load = verify and stamp[2] <= LOADED_BYTES
    if not load:
        file = DeckFile(os.path.abspath(path), stamp)  # noqa: PTH100 (pathlib is slower to import)
        core = _deck.Deck.open(path, verify=verify)
        file.check()
        return core, file
    with opened(path, DeckError) as held:
        data = held.read()
    try:
        return _deck.Deck.from_bytes(data, verify=verify), None
    except DeckError as error:
        raise DeckError(f"{os.fspath(path)}: {error}") from None
