"""A script: ask everything of decks whose bytes were made to mislead, and print how many acts gave answers.

Run by ``test_bad_input.py`` in a process of its own, so that a crash is seen and memory is bounded.
Whatever is not an answer or a `DeckError` ends it: a `PanicException` is no `Exception`.
"""

from __future__ import annotations

import random
import resource
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import DeckError, RateDeck, records
from workspaces import OWN, plan, router

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = ["919812345678", "91", "4491981234", "1876555", "911400", "9"]
NUMBERS = pl.Series("to", [*TEXTS, None, "x"])
TIMES = pl.Series("answered_at", [1_767_225_600_000_000] * len(NUMBERS)).cast(pl.Datetime("us", "UTC"))
FRAME = pl.DataFrame([NUMBERS, TIMES]).with_columns(seconds=61)
TERMS = 7  # kind of the section that holds rates, increments and dates
WORDS = [0, 1, 2, 63, 255, 1 << 26, (1 << 26) - 1, 1 << 31, (1 << 32) - 1]


def acts(deck: RateDeck) -> list[Callable[[], object]]:
    at = TIMES[0]
    return [
        lambda: deck.match(NUMBERS, at=at).to_list(),
        lambda: [deck.match(number, at=at, direction="inbound") for number in TEXTS],
        lambda: records.rate(FRAME, deck=deck).rows(),
        lambda: [deck.rate(number, 61, at=at).total for number in TEXTS],
        lambda: [str(deck.explain(number, seconds=61, at=at)) for number in TEXTS],
        lambda: (
            repr(deck),
            deck.labels,
            deck.writer,
            deck.counts,
            deck.sizes,
            deck.is_dated,
            deck.to_bytes(),
        ),
        lambda: [repr(match) + str((match.source, match.country)) for match in deck._core.chain(TEXTS[0])],
        lambda: [(deck.prefixes(text), deck.groups_within(text)) for text in ["", "9", *TEXTS]],
        lambda: (deck.network_groups, deck.rows().rows()),
        lambda: [deck._core.match_one(text, 0, None, enabled(deck)) for text in TEXTS],
        lambda: column(deck).to_list(),
        lambda: screened(deck),
        lambda: records.rate(FRAME, deck=deck, plan=plan()).rows(),
        lambda: [plan().rate(deck, number=number, seconds=61, at=at).total for number in TEXTS],
        lambda: [router(decks={"plivo": deck}).outbound(number, source=OWN, at=at) for number in TEXTS],
        deck.verify,
    ]


def screened(deck: RateDeck) -> int:
    """Recipients, judged by the deck's own groups."""
    own = router(decks={"plivo": deck})
    return own.screen(FRAME, to="to", source=OWN, at=TIMES[0]).height


def enabled(deck: RateDeck) -> bytes:
    """Every second group."""
    return b"\x55" * ((deck.counts.network_groups + 7) // 8)


def column(deck: RateDeck) -> pl.Series:
    answer = deck._core.match_column(
        NUMBERS, ["group", "prefix"], name="match", alone=False, at=0, enabled=enabled(deck)
    )
    return pl.Series("match", answer)


def places(deck: bytes, part: str) -> list[int]:
    """Where words may be changed: the ``terms`` of rows and where they are said to be, or all ``else``."""
    (sections,) = struct.unpack_from("<I", deck, 12)
    table = [struct.unpack_from("<IIQQ", deck, 24 + 24 * at) for at in range(sections)]
    (terms,) = [range(offset, offset + length, 4) for kind, _, offset, length in table if kind == TERMS]
    header = range(24, 24 + 24 * sections, 4)
    if part == "terms":
        return [*header, *terms]
    return [at for at in range(header.stop, len(deck) - 32, 4) if at not in terms]


def main(path: str, part: str, seed: int, times: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    whole, dice, answered = Path(path).read_bytes(), random.Random(seed), 0
    where = places(whole, part)
    for _ in range(times):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            place = dice.choice(where)
            word = dice.choice(WORDS) if dice.random() < 0.7 else dice.getrandbits(32)
            data[place : place + 4] = word.to_bytes(4, "little")
        try:
            deck = RateDeck.from_bytes(bytes(data), verify=False)
        except DeckError:
            continue
        for act in acts(deck):
            try:
                act()
                answered += 1
            except DeckError:
                pass
    print(answered)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
