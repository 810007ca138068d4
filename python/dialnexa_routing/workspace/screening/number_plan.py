"""Which columns of digits are E.164, and no longer than their countries allow (R1, R3, R4).

The rules are a deck of their own: a calling code leads to the most digits that a number under it
may have, and a trunk prefix after it to none at all, so that one lookup judges a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from dialnexa_routing.deck.rate_deck import RateDeck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.workspace.country_rule import CodeRule

_MOST = 15


@dataclass(frozen=True)
class NumberPlan:
    """Judges numbers; pickles with its deck."""

    deck: RateDeck
    most: pl.Series  # characters, the plus among them, by the deck's network group
    is_bare: bool  # E.164 alone, without a country's rule

    @classmethod
    def of(cls, rules: Mapping[str, CodeRule]) -> Self:
        """The plan that rules by calling code make."""
        most = {str(first): _MOST for first in range(1, 10)}
        for code, rule in rules.items():
            if rule.most is not None:
                most[code] = min(_MOST, len(code) + rule.most)
        for code, rule in rules.items():
            longest = max(rule.trunks, key=len, default=None)
            if longest is not None and all(map(longest.startswith, rule.trunks)):
                most[code + longest] = 0
        # Where one calling code begins another, both rules hold.
        every = {
            prefix: min(most[begin] for end in range(1, len(prefix) + 1) if (begin := prefix[:end]) in most)
            for prefix in most
        }
        rows = {"prefix": [*every], "network_group": [str(digits) for digits in every.values()]}
        deck = RateDeck.compile(pl.DataFrame(rows))
        lengths = [int(group.name) + 1 for group in deck.network_groups]
        return cls(deck, pl.Series(lengths, dtype=pl.UInt32), not rules)

    def are_numbers(self, numbers: pl.Series) -> pl.Series:
        """Whether each is E.164 with its plus and within its country's rules; null and the like are not."""
        group = self.deck.match(numbers, fields="group")
        if self.is_bare:
            return group.is_not_null()
        return (numbers.str.len_bytes() <= self.most.gather(group)).fill_null(False)
