"""Which network group a number belongs to, whether it may be called, and what each minute costs.

A rate sheet as its provider publishes it is read by `RateSheet`, compiled into a `RateDeck`, and
asked: one number at a time, as a Polars expression, or for a whole frame of call records with
`records.rate`. A `Router` decides by a `Workspace` whether a call may go, and through what; a
`BillingPlan` prices it. Importing this package imports neither Polars nor pydantic; they come with
the first thing that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing._deck import Match, __version__
from dialnexa_routing.charge import Charge
from dialnexa_routing.decision import Allowed, Decision, Deferred, Path, Refusal, Refused
from dialnexa_routing.deck import RateDeck
from dialnexa_routing.deck_facts import DeckCounts, NetworkGroup
from dialnexa_routing.errors import (
    ConfigError,
    ConflictError,
    DeckError,
    DeckTimeError,
    MoneyError,
    NumberError,
    RecordError,
    RoutingError,
    SheetError,
    UnknownNameError,
)
from dialnexa_routing.reason import Reason

if TYPE_CHECKING:
    from dialnexa_routing import records
    from dialnexa_routing.model.agent import Agent, AgentVersion
    from dialnexa_routing.model.choices import Choices
    from dialnexa_routing.model.country_rule import CountryRule
    from dialnexa_routing.model.number import WorkspaceNumber
    from dialnexa_routing.model.plan import BillingPlan
    from dialnexa_routing.model.trunk import SipTrunk
    from dialnexa_routing.model.window import CallingWindow
    from dialnexa_routing.model.workspace import Workspace
    from dialnexa_routing.policy.facts import CallOrigin, Facts
    from dialnexa_routing.policy.screens import Screen
    from dialnexa_routing.router import Router
    from dialnexa_routing.semantics import Pulse, Semantics
    from dialnexa_routing.sheets import RateSheet
    from dialnexa_routing.telephony import Telephony, recommend_provider

__all__ = [
    "Agent",
    "AgentVersion",
    "Allowed",
    "BillingPlan",
    "CallOrigin",
    "CallingWindow",
    "Charge",
    "Choices",
    "ConfigError",
    "ConflictError",
    "CountryRule",
    "Decision",
    "DeckCounts",
    "DeckError",
    "DeckTimeError",
    "Deferred",
    "Facts",
    "Match",
    "MoneyError",
    "NetworkGroup",
    "NumberError",
    "Path",
    "Pulse",
    "RateDeck",
    "RateSheet",
    "Reason",
    "RecordError",
    "Refusal",
    "Refused",
    "Router",
    "RoutingError",
    "Screen",
    "Semantics",
    "SheetError",
    "SipTrunk",
    "Telephony",
    "UnknownNameError",
    "Workspace",
    "WorkspaceNumber",
    "__version__",
    "recommend_provider",
    "records",
]

_LATER = {
    "Agent": "model.agent",
    "AgentVersion": "model.agent",
    "BillingPlan": "model.plan",
    "CallOrigin": "policy.facts",
    "CallingWindow": "model.window",
    "Choices": "model.choices",
    "CountryRule": "model.country_rule",
    "Facts": "policy.facts",
    "Pulse": "semantics",
    "RateSheet": "sheets",
    "Router": "router",
    "Screen": "policy.screens",
    "Semantics": "semantics",
    "SipTrunk": "model.trunk",
    "Telephony": "telephony",
    "Workspace": "model.workspace",
    "WorkspaceNumber": "model.number",
    "recommend_provider": "telephony",
}
"""Names that bring in pydantic or Polars, and the modules that have them."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "records":
        return import_module("dialnexa_routing.records")
    if name in _LATER:
        return getattr(import_module(f"dialnexa_routing.{_LATER[name]}"), name)
    raise AttributeError(f"module 'dialnexa_routing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
