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
from dialnexa_routing.files.drafts import old_drafts
from dialnexa_routing.files.file_stamp import stamp_of
from dialnexa_routing.files.opening import naming, opened, refuse_endless
from dialnexa_routing.text.errors import DeckError

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.files.file_stamp import Stamp

_TRIES = 100
LOADED_BYTES = 32 << 20
"""A deck file up to this size is read, where nothing is given."""

_DRAFT = re.compile(r"\.deck-[A-Za-z0-9]{6}")
"""How `save` calls a deck until it is whole."""


class DeckFile:
    """A file that a deck is mapped from, as it was when it was opened."""

    __slots__ = ("_path", "_stamp")

    def __init__(self, path: str, stamp: Stamp) -> None:
        self._path = path
        self._stamp = stamp

    def is_there(self) -> bool:
        """Whether its path still leads to it."""
        try:
            return stamp_of(self._path)[:2] == self._stamp[:2]
        except OSError:
            return False

    def check(self) -> None:
        """Raises `DeckError` if something was written into the file since.

        A file that was replaced by renaming is another one: the map shows the old one still.
        """
        try:
            now = stamp_of(self._path)
        except OSError:
            return  # it has no name any more, so nobody opens it to write
        if now[:2] == self._stamp[:2] and now.content != self._stamp.content:
            raise DeckError(
                f"{self._path} was written into since it was opened: replace decks by renaming, as save does,"
                " and open this one anew; load=True reads one into memory"
            )


def clear_drafts(path: str | Path) -> None:
    """Remove what a process that was killed while it saved a deck left beside `path`, a day old or older."""
    folder = os.path.dirname(os.fspath(path)) or "."  # noqa: PTH120 (pathlib is slower to import)
    with suppress(OSError):
        for one in list(old_drafts(folder, _DRAFT)):
            with suppress(OSError):
                os.unlink(one.path)  # noqa: PTH108 (likewise)


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
        return _mapped(path, verify=verify)
    with naming(path), opened(path, DeckError) as held:
        data = held.read()
    try:
        return _deck.Deck.from_bytes(data, verify=verify), None
    except DeckError as error:
        raise DeckError(f"{os.fspath(path)}: {error}") from None


def _mapped(path: str | Path, *, verify: bool) -> tuple[_deck.Deck, DeckFile]:
    """A core over a map, with the file that it shows, however often another one takes its name meanwhile.

    As long as a file is held, no other one gets its number; a stamp by the path alone might be of the file
    before, and of nobody soon after.
    """
    for _ in range(_TRIES):
        with naming(path), opened(path, DeckError) as held:
            file = DeckFile(os.path.abspath(path), stamp_of(held.fileno()))  # noqa: PTH100 (likewise)
            core = _deck.Deck.open(path, verify=verify)
            if file.is_there():
                file.check()
                return core, file
    raise DeckError(f"{os.fspath(path)} is replaced faster than it can be opened: let it stand")
