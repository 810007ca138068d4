"""What a deck says of itself: how much it holds, and its network groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """How many of what a deck holds.

    `rows` were compiled; `redundant` of them said what their parent says, or the same twice, and
    were left out; `entries` can be found.
    """

    rows: int
    redundant: int
    entries: int
    network_groups: int
    terms: int


@dataclass(frozen=True, slots=True)
class NetworkGroup:
    """A network group of a deck: what a carrier calls a set of prefixes with one price.

    `number` is the deck's own, and valid for a deck of that digest only.
    """

    number: int
    name: str
    country_iso: str | None
    country: str | None
