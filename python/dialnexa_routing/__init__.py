"""Which network group a number belongs to, whether it may be called, and what each minute costs.

A rate sheet as its provider publishes it is read by `RateSheet`, compiled into a `RateDeck`, and
asked: one number at a time, as a Polars expression, or for a whole frame of call records with
`records.rate`. A `Router` decides by a `Workspace` whether a call may go, and through what; a
`BillingPlan` prices it. Importing this package imports neither Polars nor pydantic; they come with
the first thing that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing._deck import Match, __version__
from dialnexa_routing.deck.deck_facts import DeckCounts, DeckWriter, NetworkGroup
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
    ForkError,
    MoneyError,
    NumberError,
    RecordError,
    RoutingError,
    SheetError,
    UnknownNameError,
)
from dialnexa_routing.text.lazily import lazily
from dialnexa_routing.workspace.decision import Allowed, Decision, Deferred, Refusal, Refused

if TYPE_CHECKING:
    from dialnexa_routing import records, testing
    from dialnexa_routing.billing import (
        Adjustment,
        Balance,
        Bill,
        BillLine,
        BillRun,
        BillTerms,
        Comparison,
        Drift,
        FraudScreen,
        Invoice,
        Invoices,
        Margin,
        Offer,
        Offers,
        Party,
        PriceNotice,
        RateCard,
        Reconciliation,
        Repricing,
        Seller,
        SheetMargin,
        Span,
        Supply,
        Taxed,
        TaxLine,
        TaxRounding,
        Traffic,
    )
    from dialnexa_routing.billing.call_columns import ColumnOptions
    from dialnexa_routing.billing.charged_records import ChargeFloats
    from dialnexa_routing.billing.costs import Costs
    from dialnexa_routing.billing.margins import Selling
    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.billing.period_state import Period, PeriodState
    from dialnexa_routing.billing.rounding_drift import GroupDrift
    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.deck.book_folder import BookVersion
    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.deck.deck_watcher import DeckWatcher
    from dialnexa_routing.deck.explanation import Charged, Explanation, Outcome, Tried
    from dialnexa_routing.deck.rates import Explains, Rates
    from dialnexa_routing.deck.stale_zones import StaleZone
    from dialnexa_routing.deck.steps import ChargeStep, StepKind
    from dialnexa_routing.files.contents import FileSource
    from dialnexa_routing.files.model_files import Document, Secrets
    from dialnexa_routing.files.rejected import Rejected
    from dialnexa_routing.job import (
        JobEntry,
        JobEstimate,
        JobManifest,
        JobReport,
        JobStep,
        JobWork,
        OnChange,
        OutputFormat,
        RatingJob,
        Unreadable,
        WorkPlan,
        WorkState,
    )
    from dialnexa_routing.job.inputs import JobInput
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.money.exact import Rounding
    from dialnexa_routing.money.longest_call import LongestCall, Reservation, Wallet
    from dialnexa_routing.money.presets import Preset
    from dialnexa_routing.money.schedule import Schedule
    from dialnexa_routing.money.semantics import (
        Bands,
        Choosing,
        ConnectFee,
        FreeSeconds,
        Grace,
        Increments,
        MaxCharge,
        Minimum,
        PartSecond,
        Pulse,
        RoundingPoint,
        Semantics,
        Tiers,
    )
    from dialnexa_routing.numbers.number_reading import NumberReading, Read, Separators
    from dialnexa_routing.numbers.sip_addresses import Addresses
    from dialnexa_routing.plans.allowances import (
        Allowance,
        Commitment,
        Covers,
        Discount,
        FreeMinutes,
        MinimumSpend,
        VolumeTier,
        VolumeTiers,
    )
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.plan_charge import PlanCharge
    from dialnexa_routing.plans.plan_coverage import GroupNames
    from dialnexa_routing.plans.plan_explanation import PlanExplanation
    from dialnexa_routing.plans.plan_longest import longest_call
    from dialnexa_routing.plans.plan_terms import Component, SipRate, Voicemail
    from dialnexa_routing.plans.prepared_plans import HasPlan, PreparedPlans, plan_at
    from dialnexa_routing.plans.price_list import (
        CountryPrice,
        DeckPrices,
        GroupPrice,
        PrefixPrice,
        PriceList,
    )
    from dialnexa_routing.plans.pricing import Line
    from dialnexa_routing.records.call_arguments import CallOptions
    from dialnexa_routing.records.call_choices import Legs
    from dialnexa_routing.records.call_records import CallRecords
    from dialnexa_routing.records.call_report import CallCounts
    from dialnexa_routing.records.call_tally import CallTally
    from dialnexa_routing.records.formats.call_format import CallColumn, CallFormat, Joined, SecondsUnit
    from dialnexa_routing.records.rating_options import RatingOptions
    from dialnexa_routing.records.stored_row import StoredRow
    from dialnexa_routing.sheets import RateSheet
    from dialnexa_routing.sheets.cells.money import Conversion
    from dialnexa_routing.sheets.conflicts import OnConflict
    from dialnexa_routing.sheets.faults import Counts
    from dialnexa_routing.sheets.questions import Question
    from dialnexa_routing.sheets.sheet_choices import (
        AmbiguousGroups,
        Dates,
        DecimalMark,
        Hyphens,
        Jurisdiction,
        Mode,
    )
    from dialnexa_routing.sheets.sheet_look import SheetLook, TableHead
    from dialnexa_routing.sheets.sheet_options import SheetOptions
    from dialnexa_routing.sheets.study.diff import SheetDiff
    from dialnexa_routing.sheets.study.impact import SheetImpact
    from dialnexa_routing.sheets.study.sheet_report import SheetReport
    from dialnexa_routing.store import Change, Versioned
    from dialnexa_routing.store.database import Database
    from dialnexa_routing.store.rated_copy import ControlTotal
    from dialnexa_routing.store.sealing import Seal, Vault
    from dialnexa_routing.text.errors import FileError
    from dialnexa_routing.workspace.agent import Agent, AgentVersion, VersionRef
    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.ceiling import Ceiling
    from dialnexa_routing.workspace.choices import Choices, Purpose
    from dialnexa_routing.workspace.country_rule import CountryRule
    from dialnexa_routing.workspace.policy.check import Checked, Verdict
    from dialnexa_routing.workspace.policy.decision_explanation import (
        DecisionExplanation,
        PrefixOutcome,
        SwitchedPrefix,
    )
    from dialnexa_routing.workspace.policy.question import CallOrigin, Facts
    from dialnexa_routing.workspace.policy.setting import Screen
    from dialnexa_routing.workspace.router import Router
    from dialnexa_routing.workspace.sip_trunk import SipTrunk
    from dialnexa_routing.workspace.telephony import (
        CountryView,
        GroupView,
        PriceRange,
        ProviderView,
        Recommendation,
        Scenario,
        SipView,
        Telephony,
        recommend_provider,
    )
    from dialnexa_routing.workspace.telephony.switch import Switch
    from dialnexa_routing.workspace.telephony.views import SwitchStatus
    from dialnexa_routing.workspace.workspace import Workspace
    from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

__all__ = [
    "WORLD",
    "Addresses",
    "Adjustment",
    "Agent",
    "AgentKind",
    "AgentVersion",
    "Allowance",
    "Allowed",
    "AmbiguousGroups",
    "Balance",
    "Bands",
    "Bill",
    "BillLine",
    "BillRun",
    "BillTerms",
    "BillingPlan",
    "BookVersion",
    "CallColumn",
    "CallCounts",
    "CallFormat",
    "CallOptions",
    "CallOrigin",
    "CallRecords",
    "CallTally",
    "CallingWindow",
    "Ceiling",
    "Change",
    "Charge",
    "ChargeFloats",
    "ChargeStep",
    "Charged",
    "Checked",
    "Choices",
    "Choosing",
    "Coded",
    "ColumnOptions",
    "Commitment",
    "Comparison",
    "Component",
    "ConfigError",
    "ConflictError",
    "ConnectFee",
    "ControlTotal",
    "Conversion",
    "Costs",
    "CountryPrice",
    "CountryRule",
    "CountryView",
    "Counts",
    "Covers",
    "Database",
    "Dates",
    "DecimalMark",
    "Decision",
    "DecisionExplanation",
    "DeckBook",
    "DeckCounts",
    "DeckError",
    "DeckPrices",
    "DeckTimeError",
    "DeckWatcher",
    "DeckWriter",
    "Deferred",
    "Direction",
    "Discount",
    "Document",
    "Drift",
    "Explains",
    "Explanation",
    "Facts",
    "FileError",
    "FileSource",
    "ForkError",
    "FraudScreen",
    "FreeMinutes",
    "FreeSeconds",
    "Grace",
    "GroupDrift",
    "GroupNames",
    "GroupPrice",
    "GroupView",
    "HasPlan",
    "Hyphens",
    "Increments",
    "Invoice",
    "Invoices",
    "JobEntry",
    "JobEstimate",
    "JobInput",
    "JobManifest",
    "JobReport",
    "JobStep",
    "JobWork",
    "Joined",
    "Jurisdiction",
    "Legs",
    "Line",
    "LongestCall",
    "Margin",
    "Match",
    "MaxCharge",
    "Meanings",
    "Minimum",
    "MinimumSpend",
    "Mode",
    "MoneyError",
    "NetworkGroup",
    "NumberError",
    "NumberPlan",
    "NumberReading",
    "Offer",
    "Offers",
    "OnChange",
    "OnConflict",
    "Outcome",
    "OutputFormat",
    "PartSecond",
    "Party",
    "Path",
    "Period",
    "PeriodState",
    "PlanCharge",
    "PlanExplanation",
    "PrefixOutcome",
    "PrefixPrice",
    "PreparedPlans",
    "Preset",
    "PriceList",
    "PriceNotice",
    "PriceRange",
    "ProviderView",
    "Pulse",
    "Purpose",
    "Question",
    "RateCard",
    "RateDeck",
    "RateSheet",
    "Rates",
    "RatingJob",
    "RatingOptions",
    "Read",
    "Reason",
    "Recommendation",
    "Reconciliation",
    "RecordError",
    "Refusal",
    "Refused",
    "Rejected",
    "Repricing",
    "Reservation",
    "Rounding",
    "RoundingPoint",
    "Router",
    "RoutingError",
    "Scenario",
    "Schedule",
    "Screen",
    "Seal",
    "SecondsUnit",
    "Secrets",
    "Seller",
    "Selling",
    "Semantics",
    "Separators",
    "SheetDiff",
    "SheetError",
    "SheetImpact",
    "SheetLook",
    "SheetMargin",
    "SheetOptions",
    "SheetReport",
    "SipRate",
    "SipTrunk",
    "SipView",
    "Span",
    "StaleZone",
    "StepKind",
    "StoredRow",
    "Supply",
    "Switch",
    "SwitchStatus",
    "SwitchedPrefix",
    "TableHead",
    "TaxLine",
    "TaxRounding",
    "Taxed",
    "Telephony",
    "Tiers",
    "Traffic",
    "Tried",
    "Twice",
    "UnknownNameError",
    "Unreadable",
    "Vault",
    "Verdict",
    "VersionRef",
    "Versioned",
    "Voicemail",
    "VolumeTier",
    "VolumeTiers",
    "Wallet",
    "WorkPlan",
    "WorkState",
    "Workspace",
    "WorkspaceNumber",
    "__version__",
    "billing",
    "job",
    "longest_call",
    "plan_at",
    "recommend_provider",
    "records",
    "screening",
    "sheets",
    "spark",
    "store",
    "testing",
    "web",
]

_LATER = {
    "Agent": "workspace.agent",
    "AgentKind": "money.call_words",
    "AgentVersion": "workspace.agent",
    "Allowance": "plans.allowances",
    "AmbiguousGroups": "sheets.sheet_choices",
    "Bands": "money.semantics",
    "BillingPlan": "plans.billing_plan",
    "BookVersion": "deck.book_folder",
    "CallColumn": "records.formats.call_format",
    "CallCounts": "records.call_report",
    "CallFormat": "records.formats.call_format",
    "CallOptions": "records.call_arguments",
    "CallOrigin": "workspace.policy.question",
    "CallRecords": "records.call_records",
    "CallTally": "records.call_tally",
    "CallingWindow": "workspace.calling_window",
    "Ceiling": "workspace.ceiling",
    "Change": "store",
    "ChargeFloats": "billing.charged_records",
    "ChargeStep": "deck.steps",
    "Charged": "deck.explanation",
    "Checked": "workspace.policy.check",
    "Choices": "workspace.choices",
    "Choosing": "money.semantics",
    "Coded": "numbers.coded_numbers",
    "ColumnOptions": "billing.call_columns",
    "Commitment": "plans.allowances",
    "Comparison": "billing",
    "Component": "plans.plan_terms",
    "ConnectFee": "money.semantics",
    "Conversion": "sheets.cells.money",
    "ControlTotal": "store.rated_copy",
    "Costs": "billing.costs",
    "CountryPrice": "plans.price_list",
    "CountryRule": "workspace.country_rule",
    "CountryView": "workspace.telephony",
    "Counts": "sheets.faults",
    "Covers": "plans.allowances",
    "Database": "store.database",
    "Dates": "sheets.sheet_choices",
    "DecimalMark": "sheets.sheet_choices",
    "DecisionExplanation": "workspace.policy.decision_explanation",
    "DeckBook": "deck.deck_book",
    "DeckPrices": "plans.price_list",
    "DeckWatcher": "deck.deck_watcher",
    "Direction": "money.call_words",
    "Discount": "plans.allowances",
    "Document": "files.model_files",
    "Drift": "billing",
    "Addresses": "numbers.sip_addresses",
    "Adjustment": "billing",
    "Balance": "billing",
    "Bill": "billing",
    "BillLine": "billing",
    "BillRun": "billing",
    "BillTerms": "billing",
    "FraudScreen": "billing",
    "Party": "billing",
    "PriceNotice": "billing",
    "RateCard": "billing",
    "Seller": "billing",
    "Traffic": "billing",
    "Explains": "deck.rates",
    "Explanation": "deck.explanation",
    "Facts": "workspace.policy.question",
    "FileError": "text.errors",
    "FileSource": "files.contents",
    "FreeMinutes": "plans.allowances",
    "FreeSeconds": "money.semantics",
    "Grace": "money.semantics",
    "GroupDrift": "billing.rounding_drift",
    "GroupNames": "plans.plan_coverage",
    "GroupPrice": "plans.price_list",
    "GroupView": "workspace.telephony",
    "HasPlan": "plans.prepared_plans",
    "Hyphens": "sheets.sheet_choices",
    "Increments": "money.semantics",
    "Invoice": "billing",
    "Invoices": "billing",
    "JobEntry": "job",
    "JobEstimate": "job",
    "JobInput": "job.inputs",
    "JobManifest": "job",
    "JobReport": "job",
    "JobStep": "job",
    "JobWork": "job",
    "Joined": "records.formats.call_format",
    "Jurisdiction": "sheets.sheet_choices",
    "Legs": "records.call_choices",
    "Line": "plans.pricing",
    "LongestCall": "money.longest_call",
    "Margin": "billing",
    "MaxCharge": "money.semantics",
    "Meanings": "billing.offered",
    "Minimum": "money.semantics",
    "MinimumSpend": "plans.allowances",
    "Mode": "sheets.sheet_choices",
    "NumberReading": "numbers.number_reading",
    "Offer": "billing",
    "Offers": "billing",
    "OnChange": "job",
    "OnConflict": "sheets.conflicts",
    "Outcome": "deck.explanation",
    "OutputFormat": "job",
    "PartSecond": "money.semantics",
    "Period": "billing.period_state",
    "PeriodState": "billing.period_state",
    "PlanCharge": "plans.plan_charge",
    "PlanExplanation": "plans.plan_explanation",
    "PrefixOutcome": "workspace.policy.decision_explanation",
    "PrefixPrice": "plans.price_list",
    "PreparedPlans": "plans.prepared_plans",
    "Preset": "money.presets",
    "PriceList": "plans.price_list",
    "PriceRange": "workspace.telephony",
    "ProviderView": "workspace.telephony",
    "Pulse": "money.semantics",
    "Purpose": "workspace.choices",
    "Question": "sheets.questions",
    "RateSheet": "sheets",
    "Rates": "deck.rates",
    "RatingJob": "job",
    "RatingOptions": "records.rating_options",
    "Read": "numbers.number_reading",
    "Recommendation": "workspace.telephony",
    "Reconciliation": "billing",
    "Rejected": "files.rejected",
    "Repricing": "billing",
    "Reservation": "money.longest_call",
    "Rounding": "money.exact",
    "RoundingPoint": "money.semantics",
    "Router": "workspace.router",
    "Scenario": "workspace.telephony",
    "Schedule": "money.schedule",
    "Screen": "workspace.policy.setting",
    "Seal": "store.sealing",
    "SecondsUnit": "records.formats.call_format",
    "Secrets": "files.model_files",
    "Selling": "billing.margins",
    "Semantics": "money.semantics",
    "Separators": "numbers.number_reading",
    "SheetDiff": "sheets.study.diff",
    "SheetImpact": "sheets.study.impact",
    "SheetLook": "sheets.sheet_look",
    "SheetOptions": "sheets.sheet_options",
    "SheetMargin": "billing",
    "SheetReport": "sheets.study.sheet_report",
    "SipRate": "plans.plan_terms",
    "SipTrunk": "workspace.sip_trunk",
    "SipView": "workspace.telephony",
    "Span": "billing",
    "StaleZone": "deck.stale_zones",
    "StepKind": "deck.steps",
    "StoredRow": "records.stored_row",
    "Supply": "billing",
    "Switch": "workspace.telephony.switch",
    "SwitchStatus": "workspace.telephony.views",
    "SwitchedPrefix": "workspace.policy.decision_explanation",
    "TableHead": "sheets.sheet_look",
    "TaxLine": "billing",
    "TaxRounding": "billing",
    "Taxed": "billing",
    "Telephony": "workspace.telephony",
    "Tiers": "money.semantics",
    "Tried": "deck.explanation",
    "Twice": "clock.wall_clock",
    "Unreadable": "job",
    "Vault": "store.sealing",
    "Verdict": "workspace.policy.check",
    "VersionRef": "workspace.agent",
    "Versioned": "store",
    "Voicemail": "plans.plan_terms",
    "VolumeTier": "plans.allowances",
    "VolumeTiers": "plans.allowances",
    "Wallet": "money.longest_call",
    "WorkPlan": "job",
    "WorkState": "job",
    "Workspace": "workspace.workspace",
    "WorkspaceNumber": "workspace.workspace_number",
    "longest_call": "plans.plan_longest",
    "plan_at": "plans.prepared_plans",
    "recommend_provider": "workspace.telephony",
}
"""Names that bring in pydantic or Polars, and the modules that have them."""

_ROOMS = {
    "billing": "billing",
    "job": "job",
    "records": "records",
    "screening": "workspace.screening",
    "sheets": "sheets",
    "spark": "spark",
    "store": "store",
    "testing": "testing",
    "web": "web",
}
"""Rooms that are attributes without an import of their own."""


__getattr__, _ = lazily("dialnexa_routing", _LATER, _ROOMS)


def __dir__() -> list[str]:
    return sorted(__all__)
