"""Pictures of calls: what each length costs by whom, what is paid for besides talking, prices over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.billing.break_even import spans
from dialnexa_routing.billing.duration_histogram import histogram
from dialnexa_routing.billing.offered import semantics_for
from dialnexa_routing.clock.wall_clock import instant_at
from dialnexa_routing.deck.deck_book import DeckBook, decks_of
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.exact import PLACES, Rounding, amount_of, units
from dialnexa_routing.money.semantics import Pulse, Semantics

if TYPE_CHECKING:
    from decimal import Decimal

    import polars as pl
    from altair import Chart, LayerChart

    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction

_MOMENT = timedelta(microseconds=1)


def cost_chart(
    number: str,
    decks: Mapping[str, Rates],
    *,
    up_to_s: int = 300,
    at: datetime | None = None,
    direction: Direction = "outbound",
    semantics: Meanings = None,
) -> LayerChart:
    """What a call costs by its length with each provider, and where their order changes (R53).

    Arguments and errors are those of `spans`; the chart is Altair's (extra ``plot``).
    """
    from dialnexa_routing.plot.lengths import costs  # brings in Altair, an extra

    found = spans(number, decks, up_to_s=up_to_s, at=at, direction=direction, semantics=semantics)
    rows = []
    for provider, deck in sorted(decks.items()):
        held, meanings = in_force(deck, at), semantics_for(provider, semantics)
        for seconds in range(1, up_to_s + 1):
            charge = held.rate(
                number, seconds, at=at, direction=direction, semantics=meanings, number_plan=None
            )
            if charge.total is not None:
                rows.append({"provider": provider, "seconds": seconds, "cost": charge.total})
    return costs(rows, [one.from_s for one in found[1:]], title=f"A call to {number}, by its length")


def duration_chart(
    calls: Mapping[int, int] | pl.DataFrame | pl.LazyFrame, *, pulse: Pulse | str = "60/60"
) -> Chart:
    """Calls by their length: minutes talked, and silence that is paid for under a pulse (R44).

    Args:
        calls: by whole seconds, as `histogram` counts them, or call records with ``seconds``.
        pulse: increments that they are billed in.

    Raises:
        ConfigError: this is no pulse.
        RecordError: call records without ``seconds``; count others with `histogram`.

    >>> duration_chart({61: 1}).to_dict()["data"]["values"][1]["minutes"]
    0.9833333333333333
    """
    from dialnexa_routing.plot.lengths import durations  # brings in Altair, an extra

    each = Semantics.of({"pulse": pulse}).pulse
    calls = calls if isinstance(calls, Mapping) else histogram(calls)
    billed = {
        seconds: 0
        if not seconds
        else each.initial_s + each.next_s * max(0, -((each.initial_s - seconds) // each.next_s))
        for seconds in calls
    }
    return durations(calls, billed, title=f"Calls by length, billed {each}")


def price_chart(number: str, decks: Mapping[str, Rates], *, direction: Direction = "outbound") -> Chart:
    """The price of a number over time: versions of its prefix with each provider, and decks of a book (R50).

    Args:
        number: or a prefix.
        decks: decks and books by provider.
        direction: whose rate.
    """
    from dialnexa_routing.plot.lengths import versions  # brings in Altair, an extra

    digits = number.removeprefix("+")
    rows: list[tuple[datetime | None, datetime | None, Decimal | None, str]] = []
    for provider, deck in sorted(decks.items()):
        edges = _edges(digits, deck)
        begins: list[datetime | None] = [None, *edges]
        ends: list[datetime | None] = [*edges, None]
        for begin, end in zip(begins, ends, strict=True):
            moment = begin or (end and end - _MOMENT)
            held = deck.deck_at(moment)
            match = None if held is None else held.match(digits, at=moment, direction=direction)
            if match is None or match.blocked:
                continue
            rate = match.outbound_rate if direction == "outbound" else match.inbound_rate
            minute = None if rate is None else _a_minute(rate, match.rate_unit_s)
            rows.append((begin, end, minute, f"{provider} {match.prefix}"))
    return versions(rows, title=f"The price of {number} over time")


def _edges(digits: str, deck: Rates) -> list[datetime]:
    """When something may change for a number."""
    found: set[datetime] = set()
    if isinstance(deck, DeckBook):
        found.update(version.valid_from for version in deck)
    for one in decks_of(deck):
        for entry in one._core.chain(digits):
            known = (at for at in (entry.valid_from_us, entry.valid_to_us) if at is not None)
            found.update(map(instant_at, known))
    return sorted(found)


def _a_minute(rate: Decimal, unit_s: int) -> Decimal:
    return amount_of(units(Fraction(rate) * 60 / unit_s, PLACES, Rounding.HALF_UP))
