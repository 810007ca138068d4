"""Which columns of digits are E.164, and as long as their countries' rules have it (R1, R3, R4).

The rules are a deck of their own: a calling code leads to the least and the most digits that a number
under it may have, and a trunk prefix after it to none at all, so that one lookup judges a number.
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
class RuleColumns:
    """Country rules that judge columns; pickles with its deck."""

    deck: RateDeck
    least: pl.Series  # characters, the plus among them, by the deck's network group
    most: pl.Series
    is_bare: bool  # E.164 alone, without a country's rule

    @classmethod
    def of(cls, rules: Mapping[str, CodeRule]) -> Self:
        """The plan that rules by calling code make."""
        bounds = {str(first): (1, _MOST) for first in range(1, 10)}
        for code, rule in rules.items():
            if rule.least is not None or rule.most is not None:
                most = _MOST if rule.most is None else min(_MOST, len(code) + rule.most)
                bounds[code] = (1 if rule.least is None else len(code) + rule.least, most)
        for code, rule in rules.items():
            trunk = max(rule.trunks, key=len, default=None)
            if trunk is not None and all(map(trunk.startswith, rule.trunks)):
                bounds[code + trunk] = (1, 0)
        # Where one calling code begins another, both rules hold.
        every = {prefix: _all_of(prefix, bounds) for prefix in bounds}
        rows = {"prefix": [*every], "network_group": [f"{low} {high}" for low, high in every.values()]}
        deck = RateDeck.compile(pl.DataFrame(rows))
        both = [[int(count) + 1 for count in group.name.split(" ")] for group in deck.network_groups]
        shortest, longest = (pl.Series([pair[at] for pair in both], dtype=pl.UInt32) for at in (0, 1))
        return cls(deck, shortest, longest, not rules)

    def are_numbers(self, numbers: pl.Series) -> pl.Series:
        """Whether each is E.164 with its plus and within its country's rules; null and the like are not."""
        group = self.deck.match(numbers, fields="group")
        if self.is_bare:
            return group.is_not_null()
        length = numbers.str.len_bytes()
        fits = (length >= self.least.gather(group)) & (length <= self.most.gather(group))
        return fits.fill_null(False)


def _all_of(prefix: str, bounds: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """The bounds of a prefix and of all shorter ones together."""
    held = [bounds[begin] for end in range(1, len(prefix) + 1) if (begin := prefix[:end]) in bounds]
    return max(low for low, _ in held), min(high for _, high in held)
