"""What a deck says of itself: how much it holds, and its network groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """How many of what a deck holds.

    `rows` were compiled; `redundant` of them stated what their parent states, or the same twice, and
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


@dataclass(frozen=True, slots=True)
class DeckWriter:
    """Who wrote a deck file, which its digest does not depend on: equal rows are one deck.

    `program` is a name and a version, `tzdata` the release of the time zone table that the offsets of its
    hours are from, as ``2026b``; each is None where the file does not state it, as those of format 3 do
    not. `format` is the version of the file's format.
    """

    program: str | None
    tzdata: str | None
    format: int

    def __str__(self) -> str:
        table = None if self.tzdata is None else f"tzdata {self.tzdata}"
        return ", ".join(word for word in (self.program, table, f"format {self.format}") if word)
