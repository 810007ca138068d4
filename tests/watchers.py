"""Threads that look at what one thread changes, and a way for that one to know that they have looked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING, Generic, TypeVar

from hangs import HANG_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Seen = TypeVar("Seen")
THREADS = 8


class Watchers(Generic[Seen]):
    """What they have seen so far, which is complete once `watched` is left."""

    def __init__(self) -> None:
        self.seen: set[Seen] = set()
        self._looks = 0
        self._over = False
        self._changed = Condition()

    def look(self) -> None:
        """Return once somebody has looked who began after this was called."""
        with self._changed:
            # At most one look of each thread was under way by now.
            enough = self._looks + THREADS + 1
            assert self._changed.wait_for(lambda: self._over or self._looks >= enough, HANG_S)

    def _watch(self, one: Callable[[], Seen]) -> None:
        try:
            while not self._over:
                seen = one()
                with self._changed:
                    self.seen.add(seen)
                    self._looks += 1
                    self._changed.notify_all()
        finally:
            self._end()

    def _end(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify_all()


@contextmanager
def watched(one: Callable[[], Seen]) -> Iterator[Watchers[Seen]]:
    """Let eight threads do `one` again and again while the block runs; what it raises is raised here."""
    watchers = Watchers[Seen]()
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(watchers._watch, one) for _ in range(THREADS)]
        try:
            yield watchers
        finally:
            watchers._end()
        for future in futures:
            future.result()
