"""Who wrote a deck: a note behind it that its digest does not cover, since equal rows are one deck (R50)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing._deck import __version__
from dialnexa_routing.clock.zone_table import zone_table
from dialnexa_routing.deck.deck_facts import DeckWriter

if TYPE_CHECKING:
    from dialnexa_routing import _deck


def note() -> list[tuple[str, str]]:
    """What stands behind a deck that is compiled here and now."""
    return [("writer", f"dialnexa_routing {__version__}"), ("tzdata", zone_table())]


def writer_of(core: _deck.Deck) -> DeckWriter:
    """The work of `RateDeck.writer`."""
    version, lines = core.written
    said = dict(lines)
    return DeckWriter(said.get("writer"), said.get("tzdata"), version)
