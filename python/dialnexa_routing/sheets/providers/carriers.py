"""Carriers whose price file is one table with columns of its own: Telnyx, AnveoDirect, TCXC."""

from __future__ import annotations

from dialnexa_routing.sheets.providers.layouts import Layout

TELNYX = Layout(
    "telnyx",
    "telnyx",
    "Telnyx's rate deck",
    frozenset(["iso", "destination_prefixes", "interval_1", "interval_n", "rate"]),
)
ANVEODIRECT = Layout(
    "anveodirect",
    "anveodirect",
    "AnveoDirect's rate file",
    frozenset(["destination", "prefix", "rate_inter", "rate_intra", "billing"]),
)
TCXC = Layout(
    "tcxc",
    None,
    "TCXC's upload",
    frozenset(["prefix", "effective_from", "forbidden", "discontinued", "price_1", "price_n", "interval_1"]),
    constants={"network_group": "not named"},  # an upload may leave its names out
)
