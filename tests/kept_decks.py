"""Decks that were kept, one of each format of the file, with what they answered when they were written.

``python tests/kept_decks.py`` writes that of the present format, once: what stands is never written over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from decks import deck_of, utc
from dialnexa_routing import RateDeck
from dialnexa_routing._deck import DECK_FORMAT, Match

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
TIMES = (utc(2026, 1, 1), utc(2026, 11, 23, 6), utc(2026, 11, 23, 18))

_NIGHT = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "22:00", "end": "24:00"}]
_DAY = [_NIGHT[0] | {"start": "00:00", "end": "22:00"}]
_HOURS = {
    "zone": "Asia/Kolkata",
    "bands": [
        {"hours": _DAY, "tiers": [{"rate": "1.10"}]},
        {"hours": _NIGHT, "connect_fee": "0.25", "tiers": [{"rate": "0.55", "increment_s": "6"}]},
    ],
}
ROWS: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "India", "country_iso": "IN", "country": "India"}
    | {"outbound_rate": "0.60", "inbound_rate": "0.20", "valid_to": utc(2026, 6, 1), "source_row": 2},
    {"prefix": "91", "network_group": "India", "country_iso": "IN", "country": "India"}
    | {"outbound_rate": "0.65", "inbound_rate": "0.20", "valid_from": utc(2026, 6, 1), "source_row": 3},
    {"prefix": "9198", "network_group": "India - Mobile", "country_iso": "IN", "country": "India"}
    | {"inbound_rate": "0.25", "source_row": 300},
    {"prefix": "91981", "network_group": "India - Mobile", "country_iso": "IN", "country": "India"}
    | {"outbound_rate": "0.750000001", "connect_fee": "0.10", "initial_increment_s": 30}
    | {"next_increment_s": 6, "minimum_s": 5, "grace_s": 2, "free_s": 1, "min_charge": "0.05"}
    | {"max_charge": "90", "source_row": 301},
    {"prefix": "9140", "network_group": "India - Hyderabad", "country_iso": "IN", "country": "India"}
    | {"blocked": True, "source_row": 4},
    {"prefix": "911400", "network_group": "Desk", "outbound_rate": "0", "exact_match": True, "source_row": 5},
    {"prefix": "1", "network_group": "NANP", "schedule": json.dumps(_HOURS), "source_row": 6},
    {"prefix": "1876", "network_group": "Jamaica", "country_iso": "JM", "outbound_rate": "12.40"}
    | {"source_row": 7},
    {"prefix": "262", "network_group": "Réunion", "country_iso": "RE", "outbound_rate": "1"}
    | {"rate_unit_s": 180, "source_row": 8},
]
"""Whatever a deck can hold: versions, one direction only, blocked, a whole number, bands of hours."""


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


def main() -> None:
    path = SAMPLES / f"kept_format_{DECK_FORMAT}.deck"
    if path.exists():
        raise SystemExit(f"{path.name} stands, and is kept as it is")
    provider = {"provider": "kept", "source_file": "kept.csv"}
    deck_of([row | provider for row in ROWS], digests={"kept.csv": "0" * 64}).save(path)
    parts = []
    for name, part in answers(RateDeck.open(path)).items():
        lines = [json.dumps(one, ensure_ascii=False) for one in (part if isinstance(part, list) else [part])]
        text = ",\n ".join(lines)
        parts.append(f'"{name}": ' + (f"[{text}]" if isinstance(part, list) else text))
    path.with_suffix(".json").write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
