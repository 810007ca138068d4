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
    """The core of a deck, that states when a call of it has begun and when it is over.

    A signal may come while another one is heard, so hearing takes no lock: the presser waits at a pipe.
    """

    def __init__(self, core: Any) -> None:
        self._core = core
        self.inside = self.ended = False
        self.heard = 0
        self.waiting, self.begun = os.pipe()

    def match_column(self, *given: Any, **options: Any) -> Any:
        self.heard, self.inside = 0, True
        os.write(self.begun, b".")
        try:
            return self._core.match_column(*given, **options)
        finally:
            self.inside = False

    def press(self) -> None:
        """Whenever this thread has its turn, which is while the core works and others may run."""
        while os.read(self.waiting, 1) and not self.ended:
            while self.inside:
                os.kill(os.getpid(), signal.SIGINT)

    def hear(self, *_: object) -> None:
        self.heard += self.inside
        if self.inside and self.heard > WITHOUT_HEARING:
            self.inside = False
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
    os.write(core.begun, b".")
    pressing.join()
    print(told)


if __name__ == "__main__":
    main(sys.argv[1])
