"""Which numbers a deck has prefixes for, as a picture of their first two digits."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dialnexa_routing.deck.rates import in_force

if TYPE_CHECKING:
    from datetime import datetime

    from altair import LayerChart

    from dialnexa_routing.deck.rates import Rates

_WORDS = 4


def coverage_chart(deck: Rates, *, at: datetime | None = None) -> LayerChart:
    """A grid of first digits, darker where a deck has more prefixes; Altair's (extra ``plot``).

    Args:
        deck: a deck, or a book with `at`.
        at: of a book, when.

    Raises `DeckTimeError` for a book without a time.
    """
    from dialnexa_routing.plot.dial_codes import grid  # brings in Altair, an extra

    held = in_force(deck, at)
    prefixes = held.prefixes()
    counted = Counter(prefix[:2] for prefix in prefixes if len(prefix) > 1)
    # A prefix of one digit is of all its pairs.
    for short in (prefix for prefix in prefixes if len(prefix) == 1):
        counted.update(f"{short}{digit}" for digit in "0123456789")
    groups = {group.number: group for group in held.network_groups}
    countries: defaultdict[str, set[str]] = defaultdict(set)
    for pair in counted:
        for number in held.groups_within(pair):
            countries[pair].add(groups[number].country_iso or groups[number].name)
    words = {}
    for pair, found in countries.items():
        named = sorted(found)
        more = len(named) - _WORDS
        words[pair] = ", ".join(named[:_WORDS]) + (f" and {more} more" if more > 0 else "")
    return grid(
        counted, words, title=f"Prefixes of {held.labels.get('provider') or 'the deck'} by first digits"
    )
