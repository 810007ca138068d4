"""Eight threads ask while decks are swapped: each answer is right for the digest it carries (R50)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from counts import counted, times
from decks import MOBILE, deck_of
from dialnexa_routing import RateDeck, records
from watchers import watched

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = 6
CALLS = pl.DataFrame({"to": [MOBILE, "+14155550100"] * 40, "seconds": [61] * 80})


def version(number: int) -> RateDeck:
    """A deck that tells its number by its rate and by its group."""
    rows = [
        {"prefix": prefix, "network_group": f"group {number}", "outbound_rate": number}
        for prefix in ("91", "1")
    ]
    rows += [
        {"prefix": f"91{more}", "network_group": "other", "outbound_rate": 99}
        for more in range(10, 10 + number)
    ]
    return deck_of(rows)


class Holder:
    """What a service does: an attribute that is assigned anew while others read it."""

    def __init__(self, deck: RateDeck) -> None:
        self.deck = deck


def ask(deck: RateDeck, number: int) -> None:
    """Everything that a deck says belongs to that one deck."""
    match = deck.match(MOBILE)
    assert match is not None
    assert (match.network_group, match.outbound_rate) == (f"group {number}", Decimal(number))
    charge = deck.rate(MOBILE, 61)
    assert (charge.total, charge.deck_digest) == (Decimal(2 * number), deck.digest)
    rated = records.rate(CALLS, deck=deck)
    assert rated["charge"].unique().to_list() == [Decimal(2 * number)]
    assert rated["deck_digest"].unique().to_list() == [deck.digest]
    assert deck.match(CALLS["to"], fields="network_group").unique().to_list() == [f"group {number}"]


def test_r50_decks_swapped_by_assignment() -> None:
    decks = [version(number) for number in range(1, VERSIONS + 1)]
    numbers = {deck.digest: number for number, deck in enumerate(decks, start=1)}
    holder = Holder(decks[0])

    def look() -> int:
        deck = holder.deck
        ask(deck, numbers[deck.digest])
        return numbers[deck.digest]

    with watched(look) as watchers:
        for turn in range(times(60, 170) * VERSIONS):
            holder.deck = decks[turn % VERSIONS]
            ask(holder.deck, turn % VERSIONS + 1)
            if turn % (8 * VERSIONS + 1) == 0:  # another version each time
                watchers.look()
    assert len(watchers.seen) > 1
    counted(times(60, 170) * VERSIONS, "swaps")


def test_r50_decks_swapped_by_renaming_the_file(tmp_path: Path) -> None:
    path, decks = tmp_path / "live.deck", [version(number) for number in range(1, VERSIONS + 1)]
    numbers = {deck.digest: number for number, deck in enumerate(decks, start=1)}
    decks[0].save(path)
    kept = RateDeck.open(path)

    def look() -> int:
        deck = RateDeck.open(path)
        ask(deck, numbers[deck.digest])
        return numbers[deck.digest]

    with watched(look) as watchers:
        for turn in range(times(10, 170) * VERSIONS):
            decks[turn % VERSIONS].save(path)
            if turn % (2 * VERSIONS + 1) == 0:
                watchers.look()
    assert len(watchers.seen) > 1
    assert watchers.seen <= set(numbers.values())
    # Who opened the first one still asks the first one, whatever the path holds by now.
    ask(kept, 1)
    kept.verify()
    assert RateDeck.open(path) == decks[-1]
    assert [file.name for file in tmp_path.iterdir()] == ["live.deck"]
    counted(times(10, 170) * VERSIONS, "swaps")


def test_r54_many_threads_rate_as_one() -> None:
    deck = version(3)
    alone = records.rate(CALLS, deck=deck)
    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(lambda _: records.rate(CALLS, deck=deck), range(64)))
    assert all(frame.equals(alone) for frame in frames)
