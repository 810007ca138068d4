"""A process with one long Arrow column, amid which Ctrl-C is pressed; prints whether the core heard it.

A call that hears nothing until it is over lets two signals in at most: one before the core begins, one when
it has ended. So the third one of a call is Ctrl-C, and calls are repeated in case the presser had no turn in
one of them. See `test_interrupt`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

import polars as pl

from dialnexa_routing import RateDeck

ROWS, CALLS = 6_000_000, 20
WITHOUT_HEARING = 2


class Core:
    """The core of a deck, that states when a call of it has begun and when it is over."""

    def __init__(self, core: Any) -> None:
        self._core = core
        self.inside, self.ended = threading.Event(), False
        self.heard = 0

    def match_column(self, *given: Any, **options: Any) -> Any:
        self.heard = 0
        self.inside.set()
        try:
            return self._core.match_column(*given, **options)
        finally:
            self.inside.clear()

    def press(self) -> None:
        """Whenever this thread has its turn, which is while the core works and others may run."""
        while self.inside.wait() and not self.ended:
            os.kill(os.getpid(), signal.SIGINT)

    def hear(self, *_: object) -> None:
        self.heard += self.inside.is_set()
        if self.heard > WITHOUT_HEARING:
            self.inside.clear()
            raise KeyboardInterrupt


def main(path: str) -> None:
    deck, numbers = RateDeck.open(path), pl.repeat("91981234", ROWS, eager=True).to_arrow()
    core = Core(deck._core)
    signal.signal(signal.SIGINT, core.hear)
    deck._core = core  # type: ignore[assignment]
    pressing = threading.Thread(target=core.press)
    pressing.start()
    told = "not heard"
    try:
        for _ in range(CALLS):
            deck.match(numbers, fields="group")
    except KeyboardInterrupt:
        told = "interrupted"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    core.ended = True
    core.inside.set()
    pressing.join()
    print(told)


if __name__ == "__main__":
    main(sys.argv[1])
