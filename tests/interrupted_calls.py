"""A process that Ctrl-C reaches in its first batch; prints how many rows it began. See `test_interrupt`."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import RateDeck, records
from dialnexa_routing.deck.match_columns import _Matcher
from dialnexa_routing.records.deck_rating import _Rater

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 6_000_000
BEGUN = [0]


def interrupting(original: Callable[..., Any]) -> Callable[..., Any]:
    """A batch that is told of, and in the first of which somebody presses Ctrl-C."""

    def call(self: Any, batch: pl.Series, *threads: Any) -> Any:
        if not BEGUN[0]:
            os.kill(os.getpid(), signal.SIGINT)
        BEGUN[0] += len(batch)
        return original(self, batch, *threads)

    return call


def main() -> None:
    deck, how = RateDeck.open(sys.argv[1]), sys.argv[2]
    to = pl.repeat("+919812345678", ROWS, eager=True).alias("to")
    frame = pl.DataFrame([to]).with_columns(seconds=61)
    patched: Any = _Matcher if how == "match" else _Rater
    patched.__call__ = interrupting(patched.__call__)
    try:
        try:
            if how == "match":
                deck.match(to)
            else:
                records.rate(frame, deck=deck)
            print("not interrupted")
        except KeyboardInterrupt:
            print(BEGUN[0])
    except KeyboardInterrupt:  # Polars raises it, and then Python does
        print(BEGUN[0])


if __name__ == "__main__":
    main()
