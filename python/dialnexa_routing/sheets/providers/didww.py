"""DIDWW's outbound prices: a packed CSV in US dollars, with the next price beside the current one.

``Category`` is the routing condition: International is any caller, Local a caller of the country
called. An empty rate means that the plan rejects the destination; ``0.0`` is free.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.layouts import Layout

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_CSV = Layout(
    "didww",
    "didww",
    "DIDWW's outbound prices",
    frozenset(["category", "prefix", "rate", "connection_fee", "initial_increment", "recurring_increment"]),
    aliases={
        "category": "origin",
        "next_initial_increment": "",
        "next_recurring_increment": "",
        "next_price_effective_at": "upcoming_from",
        "next_price_rate": "upcoming_rate",
    },
    constants={"currency": "USD"},
    left_out=dict.fromkeys(
        ("next_initial_increment", "next_recurring_increment"),
        "increments of the next price are not read, so it has those of the present one: look if they differ",
    ),
)
_ANY = ("international", "")


def _tables(source: Source, choices: Choices) -> list[TextTable]:
    tables = []
    for table in _CSV.tables(source, choices):
        category = table.cells["origin"].fill_null("").str.strip_chars()
        known = category.str.to_lowercase()
        origin = category.set(known.is_in(_ANY), "")
        tables.append(replace(table, cells=table.cells.with_columns(origin.alias("origin").cast(pl.String))))
    return tables


FORMAT = Format("didww", "didww", _CSV.recognise, _tables)
