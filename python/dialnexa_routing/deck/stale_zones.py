"""Where the zones inside a deck are no longer what this machine's table says (R50).

A deck with hours keeps the offsets of its zones, so it answers alike everywhere; but a deck compiled today
from the same rows may answer otherwise, when governments have changed their clocks since. Which table it was
made with stands in the note behind the deck and not in its digest: equal offsets are one deck.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from dialnexa_routing.clock.wall_clock import instant_at
from dialnexa_routing.clock.zone_offsets import offsets
from dialnexa_routing.clock.zone_table import zone_table
from dialnexa_routing.deck.written import writer_of
from dialnexa_routing.text.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing import _deck


class StaleZone(NamedTuple):
    """A zone of a deck that this machine knows otherwise.

    Attributes:
        zone: its name.
        since: the first instant at which the offsets differ, in UTC; None if the machine has no such zone.
    """

    zone: str
    since: datetime | None

    def __str__(self) -> str:
        if self.since is None:
            return f"{self.zone}, which this machine does not know"
        return f"{self.zone} from {self.since.isoformat()} on"


def stale_zones(core: _deck.Deck) -> tuple[StaleZone, ...]:
    """The work of `RateDeck.stale_zones`."""
    held, schedules = core.schedules()
    named = {(number, _zone(text)) for number, text in schedules if number is not None}
    found = (_compared(name, held[number]) for number, name in named)
    return tuple(sorted({one for one in found if one is not None}, key=lambda one: one.zone))


def tables(core: _deck.Deck) -> str:
    """Which time zone table the deck was compiled with, and which this machine has, in words."""
    try:
        theirs = writer_of(core).tzdata
    except DeckError:  # a damaged note stops no answer; `verify` refuses it
        theirs = None
    held = "the deck does not state its table" if theirs is None else f"the deck is of tzdata {theirs}"
    return f"{held}, this machine has {zone_table()}"


def _zone(text: str) -> str:
    try:
        return str(json.loads(text)["zone"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DeckError("the deck is damaged: a schedule names no zone; compile it again") from None


def _compared(name: str, held: Sequence[int]) -> StaleZone | None:
    try:
        now = offsets(name)
    except ValueError:
        return StaleZone(name, None)
    if tuple(held) == now:
        return None
    for second in sorted({0, *held[1::2], *now[1::2]}):
        if _at(held, second) != _at(now, second):
            return StaleZone(name, instant_at(second * 1_000_000))
    return None


def _at(words: Sequence[int], second: int) -> int:
    """The offset at a second, of words as `offsets` gives them."""
    begun = sum(change <= second for change in words[1::2])
    return words[2 * begun]
