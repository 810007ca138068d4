"""A deck file that is replaced while a service runs: looked at again and again, verified, swapped in."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Self

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.file_stamp import stamp_of
from dialnexa_routing.text.errors import ConfigError, DeckError
from dialnexa_routing.text.half_made import also_half_made

if TYPE_CHECKING:
    from collections.abc import Callable

    Signature = tuple[int, int, int, int]

_LOG = logging.getLogger("dialnexa_routing.deck")


class DeckWatcher:
    """The latest good deck of a path, in `deck`.

    The file is looked at every few seconds by a thread of this process, begun when `deck` is first read,
    and again in a process that was forked since. What has been put in its place is opened and verified
    first; a file that is damaged, gone or no deck leaves the old one in place. What happened is logged under
    ``dialnexa_routing.deck``, once for each state of the file. Who holds a deck keeps it whole, whatever is
    swapped meanwhile.

    Args:
        path: a deck file, replaced by renaming, as `RateDeck.save` does.
        every_s: seconds between two looks.
        on_swap: called with the old deck and the new one, in the thread that looked; what it raises is
            logged, and the new deck stays.

    Raises:
        ConfigError: `every_s` is not above zero.
        DeckError, OSError: of the first deck, as `RateDeck.open`.

    >>> import pathlib, tempfile
    >>> from dialnexa_routing import testing
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name) / "plivo.deck"
    >>> testing.deck({"91": "0.60"}).save(path)
    >>> with DeckWatcher(path) as watcher:
    ...     before = watcher.deck
    ...     testing.deck({"91": "0.75"}).save(path)
    ...     watcher.look(), str(watcher.deck.match("919812345678").outbound_rate), watcher.deck == before
    (True, '0.75', False)
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        every_s: float = 5,
        on_swap: Callable[[RateDeck, RateDeck], object] | None = None,
    ) -> None:
        if not every_s > 0:
            raise ConfigError(f"every_s is {every_s!r}; pass seconds above zero")
        self.path = os.path.abspath(path)  # noqa: PTH100 (a service may change its folder)
        self._every_s = every_s
        self._on_swap = on_swap
        self._told: Signature | None = None
        self._looking = threading.Lock()
        self._ended = threading.Event()
        self._process = 0
        # The signature first: what is replaced between the two is then taken for new, and opened again.
        self._signature = stamp_of(self.path).content
        self._deck = RateDeck.open(self.path)

    @property
    def deck(self) -> RateDeck:
        """The latest deck that could be opened and verified."""
        if self._process != os.getpid() and not self._ended.is_set():
            self._begin()
        return self._deck

    def look(self) -> bool:
        """Looks at once; whether another deck was swapped in."""
        with self._looking:
            try:
                found = stamp_of(self.path).content
                if found == self._signature:
                    return False
                new = RateDeck.open(self.path)
            except (DeckError, OSError) as error:
                self._tell(error)
                return False
            old, self._deck, self._signature = self._deck, new, found
            self._told = None
        if old.digest == new.digest:
            return False
        _LOG.info("deck swapped: %s, %s in place of %s", self.path, new.digest, old.digest)
        if self._on_swap is not None:
            try:
                self._on_swap(old, new)
            except Exception:
                _LOG.exception("on_swap of %s failed; the new deck stays", self.path)
        return True

    def close(self) -> None:
        """Ends the looking; `deck` stays as it is."""
        self._ended.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @also_half_made
    def __repr__(self) -> str:
        return f"<DeckWatcher {self.path!r}, {self._deck.digest[:12]}>"

    def _begin(self) -> None:
        with self._looking:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            threading.Thread(target=self._run, name=f"watch {self.path}", daemon=True).start()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            self.look()

    def _tell(self, error: Exception) -> None:
        """Logs a file that cannot be taken, once for each state of it."""
        try:
            state = stamp_of(self.path).content
        except OSError:
            state = (0, 0, 0, 0)
        if state != self._told:
            self._told = state
            _LOG.warning("deck kept: %s cannot be taken (%s); %s stays", self.path, error, self._deck.digest)
