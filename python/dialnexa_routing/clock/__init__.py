"""Time zones, their offsets, and wall times as instants.

`instants` and `walls` are for columns and bring in Polars, so they come when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.clock.wall_clock import NoInstant, Twice, in_utc, instant

if TYPE_CHECKING:
    from dialnexa_routing.clock.time_columns import instants, walls

__all__ = ["NoInstant", "Twice", "in_utc", "instant", "instants", "walls"]


def __getattr__(name: str) -> Any:
    if name in ("instants", "walls"):
        from dialnexa_routing.clock import time_columns  # a call on one number needs no Polars

        return getattr(time_columns, name)
    raise AttributeError(f"module 'dialnexa_routing.clock' has no attribute {name!r}")
