"""Break-even durations: how long a call must be for another provider to be the cheapest (R53)."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING, Any

from dialnexa_routing.billing.offered import matches_of, semantics_for
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.rates import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Span:
    """Durations in seconds, both inclusive, through which one order of providers holds."""

    from_s: int
    to_s: int
    order: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"from_s": self.from_s, "to_s": self.to_s, "order": list(self.order)}

    def __str__(self) -> str:
        return f"{self.from_s} to {self.to_s} s: {', '.join(self.order) or 'no price'}"


def spans(
    number: str,
    decks: Mapping[str, Rates],
    *,
    up_to_s: int = 3600,
    at: datetime | None = None,
    direction: Direction = "outbound",
    semantics: Meanings = None,
) -> tuple[Span, ...]:
    """Break-even durations: where the order of providers changes, for calls of 1 to `up_to_s` seconds.

    An order holds as long as it is true: while two providers cost the same, the one that was cheaper
    still stands first. Equal from the first second on, they stand by name. Providers without a price
    are left out. The other arguments and what is raised are as of `offers`.
    """
    if type(up_to_s) is not int or not 1 <= up_to_s <= _DAY:
        raise ValueError(f"up_to_s is {up_to_s}; it is 1 to {_DAY} seconds")
    when = None if at is None else microseconds(at)
    priced: dict[str, list[tuple[int, int] | None]] = {}
    held = {provider: in_force(deck, at) for provider, deck in decks.items()}
    for provider in sorted(matches_of(number, held, at, direction)):
        rate_one, core = held[provider]._core.rate_one, semantics_for(provider, semantics).core
        durations = range(1, up_to_s + 1)
        priced[provider] = [rate_one(number, one, 1, when, direction, core, True)[3] for one in durations]
    # Whole numbers of one unit compare much quicker than fractions.
    unit = lcm(*{exact[1] for costs in priced.values() for exact in costs if exact is not None})
    columns = [
        [None if exact is None else exact[0] * (unit // exact[1]) for exact in costs]
        for costs in priced.values()
    ]
    begun: list[tuple[int, list[int]]] = []
    for duration, costs in enumerate(zip(*columns, strict=True), 1):
        if not begun or not _holds(begun[-1][1], costs):
            known = sorted((cost, place) for place, cost in enumerate(costs) if cost is not None)
            begun.append((duration, [place for _, place in known]))
    names, ends = tuple(priced), [start - 1 for start, _ in begun[1:]] + [up_to_s]
    return tuple(
        Span(start, end, tuple(names[place] for place in order))
        for (start, order), end in zip(begun, ends, strict=True)
    )


def _holds(order: list[int], costs: tuple[int | None, ...]) -> bool:
    """Whether those with a price are these, and none costs more than the next."""
    ranked = [cost for place in order if (cost := costs[place]) is not None]
    return len(ranked) == len(order) == len(costs) - costs.count(None) and ranked == sorted(ranked)
