"""The illustrative sheet of the world, read once for all tests that look at it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dialnexa_routing import RateSheet

DATA = Path(__file__).parents[1] / "data"


@cache
def world_sheet() -> RateSheet:
    """Its rows are frozen, so that tests can share it."""
    return RateSheet.read(DATA / "world.csv")
