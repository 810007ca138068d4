"""Rating by one deck: by its own terms, or by billing plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.records.deck_rating import rate_by_deck
from dialnexa_routing.records.plan_rating import prepared, rate_by_plan
from dialnexa_routing.records.record_columns import named
from dialnexa_routing.records.zones_told import tell_stale_zones

if TYPE_CHECKING:
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame


def rate_by_one(frame: Frame, deck: RateDeck, asked: Asked, place: int = 0) -> Frame:
    """The work of `records.rate`; `place` is the deck's among those that plans are prepared for."""
    tell_stale_zones(deck)
    schema = frame.collect_schema()
    plans = prepared(deck, asked) if asked.is_by_plan else None
    read = named(
        schema,
        is_dated=deck.is_dated or (plans is not None and plans.is_dated),
        number=asked.number,
        seconds=asked.seconds,
        answered_at=asked.answered_at,
        ended_at=asked.ended_at,
        direction=asked.direction,
    )
    if plans is not None:
        return rate_by_plan(frame, schema, read, deck, asked, plans, place)
    return rate_by_deck(frame, schema, read, deck, asked)
