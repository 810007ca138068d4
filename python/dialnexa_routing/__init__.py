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
from dialnexa_routing.deck.deck_facts import DeckCounts, NetworkGroup
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.call_words import Path
from dialnexa_routing.money.charge import Charge
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.numbers.number_plan import WORLD, NumberPlan
from dialnexa_routing.text.errors import (
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
from dialnexa_routing.workspace.decision import Allowed, Decision, Deferred, Refusal, Refused

if TYPE_CHECKING:
    from dialnexa_routing import records
    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.deck.explanation import Explanation
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.money.presets import Preset
    from dialnexa_routing.money.schedule import Schedule
    from dialnexa_routing.money.semantics import Pulse, Semantics
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.plan_charge import PlanCharge
    from dialnexa_routing.plans.plan_explanation import PlanExplanation
    from dialnexa_routing.plans.plan_terms import (
        Component,
        DeckPrices,
        GroupPrice,
        PriceList,
        SipRate,
        Voicemail,
    )
    from dialnexa_routing.plans.prepared_plans import PreparedPlans
    from dialnexa_routing.plans.pricing import Line
    from dialnexa_routing.records.call_records import CallRecords
    from dialnexa_routing.records.rating_options import RatingOptions
    from dialnexa_routing.sheets import RateSheet
    from dialnexa_routing.workspace.agent import Agent, AgentVersion
    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.choices import Choices
    from dialnexa_routing.workspace.country_rule import CountryRule
    from dialnexa_routing.workspace.policy.question import CallOrigin, Facts
    from dialnexa_routing.workspace.policy.setting import Screen
    from dialnexa_routing.workspace.router import Router
    from dialnexa_routing.workspace.sip_trunk import SipTrunk
    from dialnexa_routing.workspace.telephony import Telephony, recommend_provider
    from dialnexa_routing.workspace.workspace import Workspace
    from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

__all__ = [
    "WORLD",
    "Agent",
    "AgentKind",
    "AgentVersion",
    "Allowed",
    "BillingPlan",
    "CallOrigin",
    "CallRecords",
    "CallingWindow",
    "Charge",
    "Choices",
    "Component",
    "ConfigError",
    "ConflictError",
    "CountryRule",
    "Decision",
    "DeckBook",
    "DeckCounts",
    "DeckError",
    "DeckPrices",
    "DeckTimeError",
    "Deferred",
    "Direction",
    "Explanation",
    "Facts",
    "GroupPrice",
    "Line",
    "Match",
    "MoneyError",
    "NetworkGroup",
    "NumberError",
    "NumberPlan",
    "NumberReading",
    "Path",
    "PlanCharge",
    "PlanExplanation",
    "PreparedPlans",
    "Preset",
    "PriceList",
    "Pulse",
    "RateDeck",
    "RateSheet",
    "Rates",
    "RatingOptions",
    "Reason",
    "RecordError",
    "Refusal",
    "Refused",
    "Router",
    "RoutingError",
    "Schedule",
    "Screen",
    "Semantics",
    "SheetError",
    "SipRate",
    "SipTrunk",
    "Telephony",
    "UnknownNameError",
    "Voicemail",
    "Workspace",
    "WorkspaceNumber",
    "__version__",
    "billing",
    "job",
    "recommend_provider",
    "records",
    "screening",
    "sheets",
    "store",
]

_LATER = {
    "Agent": "workspace.agent",
    "AgentKind": "money.call_words",
    "AgentVersion": "workspace.agent",
    "BillingPlan": "plans.billing_plan",
    "CallOrigin": "workspace.policy.question",
    "CallRecords": "records.call_records",
    "CallingWindow": "workspace.calling_window",
    "Choices": "workspace.choices",
    "Component": "plans.plan_terms",
    "CountryRule": "workspace.country_rule",
    "DeckBook": "deck.deck_book",
    "DeckPrices": "plans.plan_terms",
    "Direction": "money.call_words",
    "Explanation": "deck.explanation",
    "Facts": "workspace.policy.question",
    "GroupPrice": "plans.plan_terms",
    "Line": "plans.pricing",
    "NumberReading": "numbers.number_reading",
    "PlanCharge": "plans.plan_charge",
    "PlanExplanation": "plans.plan_explanation",
    "PreparedPlans": "plans.prepared_plans",
    "Preset": "money.presets",
    "PriceList": "plans.plan_terms",
    "Pulse": "money.semantics",
    "RateSheet": "sheets",
    "Rates": "deck.rates",
    "RatingOptions": "records.rating_options",
    "Router": "workspace.router",
    "Schedule": "money.schedule",
    "Screen": "workspace.policy.setting",
    "Semantics": "money.semantics",
    "SipRate": "plans.plan_terms",
    "SipTrunk": "workspace.sip_trunk",
    "Telephony": "workspace.telephony",
    "Voicemail": "plans.plan_terms",
    "Workspace": "workspace.workspace",
    "WorkspaceNumber": "workspace.workspace_number",
    "recommend_provider": "workspace.telephony",
}
"""Names that bring in pydantic or Polars, and the modules that have them."""

_ROOMS = {
    "billing": "billing",
    "job": "job",
    "records": "records",
    "screening": "workspace.screening",
    "sheets": "sheets",
    "store": "store",
}
"""Rooms that are attributes without an import of their own."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"dialnexa_routing.{_ROOMS[name]}")
    if name in _LATER:
        return getattr(import_module(f"dialnexa_routing.{_LATER[name]}"), name)
    raise AttributeError(f"module 'dialnexa_routing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
