"""For tests of those who use the library: a deck in one line, a router, calls drawn by hypothesis.

``strategies`` needs hypothesis; the rest needs nothing more than the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.text.lazily import lazily

if TYPE_CHECKING:
    from dialnexa_routing.testing import strategies
    from dialnexa_routing.testing.small_decks import deck
    from dialnexa_routing.testing.small_routers import SOURCE, router

_LATER = {
    "SOURCE": "testing.small_routers",
    "deck": "testing.small_decks",
    "router": "testing.small_routers",
}

__all__ = ["SOURCE", "deck", "router", "strategies"]

__getattr__, __dir__ = lazily("dialnexa_routing", _LATER, {"strategies": "testing.strategies"})
