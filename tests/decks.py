"""Rows of plain values to canonical frames and decks, for every test that needs one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import RateDeck, _deck
from dialnexa_routing.deck.canonical_columns import MONEY, SHEET
from dialnexa_routing.deck.compile import prepare
from dialnexa_routing.deck.written import note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MONEY_COLUMNS = [name for name, dtype in SHEET.items() if dtype == MONEY]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def sheet(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A canonical frame; columns a row lacks are null, its group is ``group`` unless named."""
    columns = {name: [row.get(name) for row in rows] for name in SHEET}
    columns["network_group"] = [row.get("network_group", "group") for row in rows]
    for name in MONEY_COLUMNS:
        columns[name] = [None if value is None else Decimal(value) for value in columns[name]]
    return pl.DataFrame(columns, schema=SHEET)


def deck_of(rows: Sequence[Mapping[str, Any]], **options: Any) -> RateDeck:
    return RateDeck.compile(sheet(rows), **options)


def deck_of_many(rows: Sequence[Mapping[str, Any]], *, keep_redundant: bool = False) -> RateDeck:
    """The same rows under the slots of decks with more than 67 million entries."""
    return written(rows, note(), usual_entries=0, keep_redundant=keep_redundant)


def written(
    rows: Sequence[Mapping[str, Any]],
    lines: list[tuple[str, str]],
    *,
    usual_entries: int | None = None,
    keep_redundant: bool = False,
    digests: Mapping[str, str] | None = None,
) -> RateDeck:
    """A deck with another note behind it, or with slots of many entries from more than so many on."""
    prepared, labels, schedules, zones = prepare(sheet(rows), None, digests or {})
    has_sources = any(row.get("source_row") for row in rows)
    core = _deck.Deck.compile(
        prepared,
        labels,
        schedules,
        zones,
        note=lines,
        keep_redundant=keep_redundant,
        keep_sources=has_sources,
        usual_entries=usual_entries,
    )
    return RateDeck(core)


INDIA: list[dict[str, Any]] = [
    {
        "prefix": "91",
        "network_group": "India",
        "country_iso": "IN",
        "outbound_rate": "0.60",
        "inbound_rate": "0.20",
    },
    {"prefix": "9198", "network_group": "India - Mobile", "country_iso": "IN", "outbound_rate": "0.75"},
    {"prefix": "9140", "network_group": "India - Hyderabad", "country_iso": "IN", "blocked": True},
    {"prefix": "1", "network_group": "United States", "country_iso": "US", "outbound_rate": "1.10"},
    {"prefix": "1876", "network_group": "Jamaica", "country_iso": "JM", "outbound_rate": "12.40"},
    {"prefix": "911400", "network_group": "India - Desk", "outbound_rate": "0", "exact_match": True},
]
"""A deck that most tests can ask: nesting, a blocked row, one direction only, a whole number."""

DATED: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "India", "outbound_rate": "0.60"},
    {"prefix": "9198", "network_group": "Mobile 2025", "outbound_rate": "0.80", "valid_to": utc(2026, 1, 1)},
    {
        "prefix": "9198",
        "network_group": "Mobile 2026",
        "outbound_rate": "0.70",
        "valid_from": utc(2026, 1, 1),
        "valid_to": utc(2027, 1, 1),
    },
]
"""One prefix with two prices in turn, and a longer time without any."""

MOBILE = "+919812345678"
