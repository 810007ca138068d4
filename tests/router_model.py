"""A naive twin of the router's outbound decision: rows and a workspace, walked from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import oracle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing.workspace.workspace import Workspace

Row = Mapping[str, Any]
Answer = tuple[str, str | None, str | None]
"""``allowed`` or a reason, the network group and the prefix."""


def outbound(
    space: Workspace, decks: Mapping[str, Sequence[Row]], to: str, source: str, at: datetime | None
) -> Answer:
    """R1, R7, R9, R14-R21, of a source that has a published outbound version."""
    digits = to[1:]
    if not (to[:1] == "+" and 1 <= len(digits) <= 15 and digits[0] in "123456789"):
        return "invalid_number", None, None
    if any(digit not in "0123456789" for digit in digits):
        return "invalid_number", None, None
    mine = [number for number in space.numbers if number.number == source]
    if not mine:
        return "number_not_found", None, None
    if mine[0].status != "active" or mine[0].rental != "active":
        return "number_not_usable", None, None
    if mine[0].sip_trunk_enabled:
        return "allowed" if space.sip_enabled else "route_disabled", None, None
    on = {
        (one.country_iso, name)
        for one in space.enabled
        if one.provider == mine[0].provider
        for name in one.network_groups
    }
    rows = decks.get(mine[0].provider)
    if space.sip_enabled and space.choices.sip_bypass == "workspace_wide":
        row = None if rows is None else oracle.longest(rows, digits, at, "outbound")
        return ("allowed", None, None) if row is None else ("allowed", *named(row))
    if not on:
        return "no_enabled_countries", None, None
    if rows is None:
        return "unsupported_prefix", None, None
    if space.choices.winner == "enabled_groups":
        row = oracle.longest([row for row in rows if switch(row) in on], digits, at, "outbound")
        if row is not None:
            return ("unsupported_prefix" if row.get("blocked") else "allowed", *named(row))
    first = oracle.longest(rows, digits, at, None)
    if first is None:
        return "unsupported_country", None, None
    home = {switch(row)[0] for row in rows if switch(row) in on}
    if switch(first) not in on:
        return ("unsupported_prefix" if switch(first)[0] in home else "unsupported_country", *named(first))
    if first.get("blocked"):
        return ("unsupported_prefix", *named(first))
    rated = oracle.longest(rows, digits, at, "outbound")
    if rated is None:
        return ("unsupported_prefix", *named(first))
    carried = switch(rated) in on and not rated.get("blocked")
    return ("allowed" if carried else "unsupported_prefix", *named(rated))


def switch(row: Row) -> tuple[str, str]:
    """Country and network group, which one switch turns on."""
    return row.get("country_iso") or "ZZ", row["network_group"]


def named(row: Row) -> tuple[str, str]:
    return row["network_group"], row["prefix"]
