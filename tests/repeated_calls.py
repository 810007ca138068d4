"""A script: one kind of call over and over; prints calls, and what memory, open files and objects grew by.

Run by `test_flat_memory` in a process of its own. What the first calls take (modules, pools of threads,
caches) is not counted: a leak shows as growth from one half to the other.
"""

from __future__ import annotations

import gc
import pickle
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from decks import MOBILE
from dialnexa_routing import DeckError, NumberError, RateDeck, records
from workspaces import OWN, plan, router

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME = pl.DataFrame({"to": [MOBILE, "+12025550123", "x", None, "+861012345678"] * 200}).with_columns(
    seconds=pl.int_range(1000)
)


class Kind(NamedTuple):
    """A call, and how many of it are made in the daytime; a multiple of it at night."""

    usual: int
    made: Callable[[Path], Callable[[], object]]


def scalar(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")

    def call() -> None:
        deck.match(MOBILE)
        deck.rate(MOBILE, 61)
        with suppress(NumberError):
            deck.match("x")

    return call


def opened(folder: Path) -> Callable[[], object]:
    return lambda: RateDeck.open(folder / "a.deck").match(MOBILE)


def mapped(folder: Path) -> Callable[[], object]:
    return lambda: RateDeck.open(folder / "a.deck", load=False).match(MOBILE)


def refused(folder: Path) -> Callable[[], object]:
    data = (folder / "a.deck").read_bytes()
    (folder / "bad.deck").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    def call() -> None:
        for load in (True, False):
            with suppress(DeckError):
                RateDeck.open(folder / "bad.deck", load=load)

    return call


def saved(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")
    return lambda: deck.save(folder / "b.deck")


def pickled(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")
    return lambda: pickle.loads(pickle.dumps(deck.match(MOBILE)))


def explained(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")
    return lambda: str(deck.explain(MOBILE, seconds=61))


def framed(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")

    def call() -> None:
        deck.match(FRAME["to"])
        records.rate(FRAME, deck=deck)

    return call


def planned(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")
    return lambda: records.rate(FRAME, deck=deck, plan=plan())


def decided(folder: Path) -> Callable[[], object]:
    deck = RateDeck.open(folder / "a.deck")
    return lambda: router(decks={"plivo": deck}).outbound(MOBILE, source=OWN)


KINDS = {
    "scalar": Kind(20_000, scalar),
    "opened": Kind(200, opened),
    "mapped": Kind(200, mapped),
    "refused": Kind(200, refused),
    "saved": Kind(40, saved),
    "pickled": Kind(400, pickled),
    "explained": Kind(200, explained),
    "framed": Kind(40, framed),
    "planned": Kind(20, planned),
    "decided": Kind(100, decided),
}


def kilobytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def main(kind: str, folder: str, factor: int) -> None:
    times = KINDS[kind].usual * factor
    call = KINDS[kind].made(Path(folder))
    for _ in range(max(times // 4, 10)):
        call()
    before, open_before, objects = kilobytes(), handles(), len(gc.get_objects())
    for _ in range(times):
        call()
    after = kilobytes()
    print(times, after - before, handles() - open_before, len(gc.get_objects()) - objects)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
