"""How often a test repeats what dice decide: seldom for everybody, often at night (``make nightly``)."""

from __future__ import annotations

import os


def times(usual: int, nightly: int) -> int:
    """One of the two."""
    return nightly if os.environ.get("NIGHTLY") else usual
