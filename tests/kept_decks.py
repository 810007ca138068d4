"""Decks that were kept, one of each format of the file, with what they answered when they were written.

``python tests/kept_decks.py`` writes those of the present format, once: one with the slots of most decks, one
with the slots of many entries. What stands is never written over.
"""

from __future__ import annotations

import json
from typing import Any

from decks import utc, written
from dialnexa_routing import RateDeck
from dialnexa_routing._deck import DECK_FORMAT
from kept_answers import NUMBERS, SAMPLES, TIMES, answers, told

__all__ = ["NUMBERS", "SAMPLES", "TIMES", "answers", "told"]

NOTE = [("writer", "kept 0.1"), ("tzdata", "2026b")]

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


def main() -> None:
    for name, usual_entries in ((f"kept_format_{DECK_FORMAT}", None), (f"kept_format_{DECK_FORMAT}_many", 0)):
        path = SAMPLES / f"{name}.deck"
        if path.exists():
            raise SystemExit(f"{path.name} stands, and is kept as it is")
        provider = {"provider": "kept", "source_file": "kept.csv"}
        rows = [row | provider for row in ROWS]
        written(rows, NOTE, usual_entries=usual_entries, digests={"kept.csv": "0" * 64}).save(path)
        parts = []
        for part, said in answers(RateDeck.open(path)).items():
            lines = [
                json.dumps(one, ensure_ascii=False) for one in (said if isinstance(said, list) else [said])
            ]
            text = ",\n ".join(lines)
            parts.append(f'"{part}": ' + (f"[{text}]" if isinstance(said, list) else text))
        path.with_suffix(".json").write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
