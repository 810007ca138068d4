"""What is said, once a deck, before records are rated by hours that this machine knows otherwise (R50)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialnexa_routing.deck.rate_deck import RateDeck

_LOG = logging.getLogger("dialnexa_routing.records")
_TOLD: set[str] = set()


def tell_stale_zones(deck: RateDeck) -> None:
    """Warn of each zone of a deck whose offsets are not those of this machine's table."""
    # Only a dated deck can have hours, and a digest is looked at once.
    if not deck.is_dated or deck.digest in _TOLD:
        return
    _TOLD.add(deck.digest)
    for one in deck.stale_zones():
        _LOG.warning(
            "the deck %s has the hours of %s by other offsets than this machine's table (%s); "
            "calls are rated by the deck's: compile it again to rate by the table's",
            deck.digest[:12],
            one,
            deck.zone_tables,
        )
