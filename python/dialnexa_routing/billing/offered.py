"""What each provider asks for calls to one number, the cheapest first: by what they really cost (R53).

A headline rate says little: increments, fees and minimum charges decide. So an offer is the exact
charge of the durations asked for. A provider that cannot be priced is never cheap: it stands last,
with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from dialnexa_routing.billing.amount import plain, told
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.exact import NANO
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.html import card, table

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction

Meanings: TypeAlias = "Semantics | Mapping[str, Semantics] | None"

_LONGEST = 2**32 - 1  # seconds; billed time has 32 bits


@dataclass(frozen=True, slots=True)
class Offer:
    """One provider's price for the calls asked about.

    Attributes:
        provider: whose deck it is.
        match: the prefix that answers, or None.
        headline: INR per minute by the rate alone, exact; None where there is no rate.
        cost: INR of all the calls together, exact and unrounded; None where `reason` states why.
        per_minute: INR per minute of talk time at that cost, exact; None likewise, and for no talk at all.
        reason: why there is no price, or None.
    """

    provider: str
    match: Match | None
    headline: Fraction | None
    cost: Fraction | None
    per_minute: Fraction | None
    reason: Reason | None

    def to_dict(self) -> dict[str, Any]:
        """As plain data; exact amounts are ratios, as `3/2`."""
        return {
            "provider": self.provider,
            "prefix": None if self.match is None else self.match.prefix,
            "network_group": None if self.match is None else self.match.network_group,
            "headline_per_minute": plain(self.headline),
            "cost": plain(self.cost),
            "per_minute": plain(self.per_minute),
            "reason": None if self.reason is None else str(self.reason),
        }


_HEADS = ["", "provider", "cost", "a minute of talk", "headline", "prefix"]


@dataclass(frozen=True, slots=True)
class Offers(Sequence[Offer]):
    """The offers for a number, in order; a sequence of them.

    Attributes:
        number: the called number, without a plus.
        calls: how many of each duration in seconds.
        ranked: the offers, the cheapest first, those without a price last.
    """

    number: str
    direction: Direction
    at: datetime | None
    calls: Mapping[int, int]
    ranked: tuple[Offer, ...]

    @property
    def cheapest(self) -> Offer | None:
        """The first offer that has a price, or None."""
        return self.ranked[0] if self.ranked and self.ranked[0].cost is not None else None

    def to_dict(self) -> dict[str, Any]:
        """As plain data; exact amounts are ratios, as `3/2`."""
        return {
            "number": self.number,
            "direction": self.direction,
            "at": self.at.isoformat() if self.at else None,
            "calls": sum(self.calls.values()),
            "seconds": _seconds(self.calls),
            "offers": [offer.to_dict() for offer in self.ranked],
        }

    @property
    def heading(self) -> str:
        """The number, the time and the calls, in words."""
        when = f" at {self.at.isoformat()}" if self.at else ""
        return f"+{self.number} {self.direction}{when}, {calls_told(self.calls)}"

    def __str__(self) -> str:
        return "\n".join([self.heading, *_aligned([_HEADS, *self._rows()])])

    def _repr_html_(self) -> str:
        offers = table(_HEADS, self._rows(), numbers={2, 3, 4})
        return card(self.heading, (), offers, then="billing.spans(number, decks) has the break-evens")

    def _rows(self) -> list[list[str]]:
        rows = []
        for place, offer in enumerate(self.ranked, 1):
            of = offer.match
            costs = (
                [_told(offer.cost), _told(offer.per_minute)] if offer.reason is None else [offer.reason, ""]
            )
            prefix = f"{of.prefix} {of.network_group}" if of else ""
            rank = str(place) if offer.reason is None else "-"
            rows.append([rank, offer.provider, *costs, _told(offer.headline), prefix])
        return rows

    @overload
    def __getitem__(self, at: int) -> Offer: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Offer, ...]: ...
    def __getitem__(self, at: int | slice) -> Offer | tuple[Offer, ...]:
        return self.ranked[at]

    def __len__(self) -> int:
        return len(self.ranked)


def offers(
    number: str,
    decks: Mapping[str, Rates],
    *,
    seconds: int | Mapping[int, int],
    at: datetime | None = None,
    direction: Direction = "outbound",
    semantics: Meanings = None,
) -> Offers:
    """What each provider asks for calls to a number, the cheapest first.

    The order is total: by the exact cost, then by the name of the provider. Those without a price
    come last, by name; a provider that cannot price one second has none, also for calls of no
    seconds.

    Args:
        number: the called number.
        decks: by provider.
        seconds: a duration, or a histogram: calls by their whole seconds.
        at: time of the call, with a zone; a must for dated decks.
        direction: which of the two rates.
        semantics: how each provider counts, by provider; or one for all.

    Raises:
        ValueError: no deck, no call, a duration or count that cannot be.
        NumberError: the number is not E.164.
        DeckTimeError: a deck is dated and there is no `at` (R50).

    >>> import polars as pl
    >>> from dialnexa_routing import RateDeck
    >>> from dialnexa_routing.deck.canonical_columns import MONEY
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.60"]})
    >>> minutes = rows.cast({"outbound_rate": MONEY})
    >>> seconds = minutes.with_columns(initial_increment_s=pl.lit(1, pl.UInt32))
    >>> decks = {"minutes": RateDeck.compile(minutes), "seconds": RateDeck.compile(seconds)}
    >>> [(offer.provider, str(offer.cost)) for offer in offers("+911234567890", decks, seconds=61)]
    [('seconds', '61/100'), ('minutes', '6/5')]
    """
    refuse_after_fork()
    histogram = histogram_of(seconds)
    held = {provider: in_force(deck, at) for provider, deck in decks.items()}
    matches = matches_of(number, held, at, direction)
    talked = sum(duration * calls for duration, calls in histogram.items())
    found = []
    for provider, match in matches.items():
        meaning = semantics_for(provider, semantics)
        cost = exact_cost(held[provider], number, histogram, at=at, direction=direction, semantics=meaning)
        rate = (
            None if match is None else match.outbound_rate if direction == "outbound" else match.inbound_rate
        )
        headline = None if match is None or rate is None else Fraction(rate) * 60 / match.rate_unit_s
        if isinstance(cost, Reason):
            found.append(Offer(provider, match, headline, None, None, cost))
        else:
            found.append(Offer(provider, match, headline, cost, cost * 60 / talked if talked else None, None))
    found.sort(key=lambda offer: (offer.cost is None, offer.cost or 0, offer.provider))
    return Offers(number.removeprefix("+"), direction, at, histogram, tuple(found))


def exact_cost(
    deck: RateDeck,
    number: str,
    histogram: Mapping[int, int],
    *,
    at: datetime | None,
    direction: Direction,
    semantics: Semantics,
) -> Fraction | Reason:
    """INR of all calls of a histogram, exact and unrounded; or why there is no price.

    One second is tried first: calls of no seconds are free everywhere, which prices nothing.
    """
    when = None if at is None else microseconds(at)
    nano: dict[int, int] = {}
    for duration, calls in ((1, 0), *histogram.items()):
        *_, exact, reason = deck._core.rate_one(number, duration, 1, when, direction, semantics.core, True)
        if reason is not None:
            return Reason(reason)
        assert exact is not None
        nano[exact[1]] = nano.get(exact[1], 0) + exact[0] * calls
    return sum((Fraction(amount, unit * NANO) for unit, amount in nano.items()), Fraction(0))


def histogram_of(seconds: int | Mapping[int, int]) -> dict[int, int]:
    """Calls by their seconds, shortest first and checked: whole, not negative, at least one call."""
    if not isinstance(seconds, int | Mapping):
        raise TypeError(f"seconds is {type(seconds).__name__}; pass whole seconds, or calls by whole seconds")
    histogram = dict(seconds) if isinstance(seconds, Mapping) else {seconds: 1}
    for duration, calls in histogram.items():
        if type(duration) is not int or type(calls) is not int:
            raise TypeError(
                f"{duration!r}: {calls!r} is no duration in whole seconds with its number of calls"
            )
        if not 0 <= duration <= _LONGEST or calls < 0:
            raise ValueError(
                f"{duration} s: {calls} calls; seconds are 0 to {_LONGEST}, calls not below zero"
            )
    if not any(histogram.values()):
        raise ValueError("there are no calls in the histogram; give seconds, or seconds with their calls")
    return {duration: calls for duration, calls in sorted(histogram.items()) if calls}


def semantics_for(provider: str, semantics: Meanings) -> Semantics:
    """The meanings that hold for a provider."""
    if semantics is None or isinstance(semantics, Semantics):
        return Semantics.of(semantics)
    return Semantics.of(semantics.get(provider))


def calls_told(histogram: Mapping[int, int]) -> str:
    """A histogram in words."""
    calls, talked = sum(histogram.values()), sum(one * count for one, count in histogram.items())
    if calls == 1:
        return f"one call of {talked} s"
    shortest, longest = min(histogram), max(histogram)
    each = f"{shortest} s" if shortest == longest else f"{shortest} to {longest} s"
    return f"{grouped(calls)} calls of {each}, {grouped(talked)} s together"


def matches_of(
    number: str, decks: Mapping[str, RateDeck], at: datetime | None, direction: Direction
) -> dict[str, Match | None]:
    """What each deck answers. Raises as `offers` does where a deck cannot be asked."""
    if not decks:
        raise ValueError("there are no decks; pass at least one by its provider")
    return {name: deck.match(number, at=at, direction=direction) for name, deck in decks.items()}


def _seconds(histogram: Mapping[int, int]) -> dict[str, int]:
    return {str(duration): calls for duration, calls in histogram.items()}


def _told(exact: Fraction | None) -> str:
    return "" if exact is None else told(exact)


def _aligned(rows: list[list[str]]) -> list[str]:
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows
    ]
