"""Which network group a number belongs to, whether it may be called, and what each minute costs.

A rate sheet as its provider publishes it is read by `RateSheet`, compiled into a `RateDeck`, and
asked: one number at a time, as a Polars expression, or for a whole frame of call records with
`records.rate`. Importing this package imports neither Polars nor pydantic; they come with the
first thing that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing._deck import Match, __version__
from dialnexa_routing.charge import Charge
from dialnexa_routing.deck import RateDeck
from dialnexa_routing.deck_facts import DeckCounts, NetworkGroup
from dialnexa_routing.errors import (
    DeckError,
    DeckTimeError,
    MoneyError,
    NumberError,
    RecordError,
    RoutingError,
    SheetError,
)
from dialnexa_routing.reason import Reason

if TYPE_CHECKING:
    from dialnexa_routing import records
    from dialnexa_routing.semantics import Pulse, Semantics
    from dialnexa_routing.sheets import RateSheet

__all__ = [
    "Charge",
    "DeckCounts",
    "DeckError",
    "DeckTimeError",
    "Match",
    "MoneyError",
    "NetworkGroup",
    "NumberError",
    "Pulse",
    "RateDeck",
    "RateSheet",
    "Reason",
    "RecordError",
    "RoutingError",
    "Semantics",
    "SheetError",
    "__version__",
    "records",
]

_LATER = {"Pulse": "semantics", "Semantics": "semantics", "RateSheet": "sheets"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "records":
        return import_module("dialnexa_routing.records")
    if name in _LATER:
        return getattr(import_module(f"dialnexa_routing.{_LATER[name]}"), name)
    raise AttributeError(f"module 'dialnexa_routing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
