"""How often a test repeats what dice decide, and how often it did: seldom for everybody, often at night.

``make nightly`` states for each of its rows what was tried; a test says so by `counted`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PLACE = "NIGHTLY_COUNTS"
"""The variable that names the file in which counts are kept, a line each."""


def times(usual: T, nightly: T) -> T:
    """One of the two."""
    return nightly if os.environ.get("NIGHTLY") else usual


def counted(count: int, what: str) -> None:
    """Keep how many of something a test has tried, for whoever asked for counts."""
    place = os.environ.get(PLACE)
    if place is not None:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(f"{count} {what}\n")


def summed(text: str) -> str:
    r"""All that was kept, in words; what stands several times is added up.

    >>> summed("3 kills\n1000 faults\n4 kills\n")
    '7 kills, 1,000 faults'
    """
    found: dict[str, int] = {}
    for line in text.splitlines():
        count, _, what = line.partition(" ")
        found[what] = found.get(what, 0) + int(count)
    return ", ".join(f"{count:,} {what}" for what, count in found.items())
