"""What decks that were kept are asked. It needs nothing but the package and pydantic.

The decks are in `samples`, with what they answered when they were written; `kept_decks.py` writes them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialnexa_routing import Match, RateDeck

SAMPLES = Path(__file__).parent / "samples"
NUMBERS = (
    "9",
    "91",
    "+919812345678",
    "914012345678",
    "911400",
    "9114001",
    "1876",
    "18765551234",
    "262692123456",
    "12025550100",
)
TIMES = (
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 23, 6, tzinfo=UTC),
    datetime(2026, 11, 23, 18, tzinfo=UTC),
)


def told(found: Match | None) -> dict[str, Any] | None:
    """A match as plain data: amounts as text; what is not stated, or not so, is left out."""
    if found is None:
        return None
    plain = ("prefix", "network_group", "country_iso", "country", "rate_unit_s", "minimum_s", "grace_s")
    flags = ("free_s", "blocked", "exact_match", "has_schedule", "valid_from_us", "valid_to_us")
    money = ("outbound_rate", "inbound_rate", "connect_fee", "min_charge", "max_charge")
    words = {name: getattr(found, name) for name in (*plain, *flags, *money, "increments", "source")}
    words |= {name: format(words[name], "f") for name in money if words[name] is not None}
    return {name: list(word) if isinstance(word, tuple) else word for name, word in words.items() if word}


def answers(deck: RateDeck) -> dict[str, Any]:
    """What a deck says of itself and of the numbers, at the times, in both directions and in none."""
    asked = [(number, at, way) for number in NUMBERS for at in TIMES for way in (None, "outbound", "inbound")]
    return {
        "digest": deck.digest,
        "labels": deck.labels,
        "rows": deck.counts.rows,
        "prefixes": deck.prefixes(""),
        "answers": [
            [number, at.isoformat(), way, told(deck.match(number, at=at, direction=way))]  # type: ignore[arg-type]
            for number, at, way in asked
        ],
        "charges": [
            [number, at.isoformat(), str(deck.rate(number, 61, at=at, number_plan=None).exact)]
            for number in NUMBERS
            for at in TIMES
        ],
    }
