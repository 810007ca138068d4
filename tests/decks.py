"""Rows of plain values to canonical frames and decks, for every test that needs one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import RateDeck
from dialnexa_routing.deck.canonical_columns import MONEY, SHEET

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
