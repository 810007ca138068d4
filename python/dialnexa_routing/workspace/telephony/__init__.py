"""Telephony Config as people see it: providers, countries, network groups, switches and prices (R22-R27)."""

from __future__ import annotations

from dialnexa_routing.workspace.telephony.config import Telephony
from dialnexa_routing.workspace.telephony.recommend import Recommendation, Scenario, recommend_provider
from dialnexa_routing.workspace.telephony.switch import Switch
from dialnexa_routing.workspace.telephony.views import (
    CountryView,
    GroupView,
    PriceRange,
    ProviderView,
    SipView,
    SwitchStatus,
)

__all__ = [
    "CountryView",
    "GroupView",
    "PriceRange",
    "ProviderView",
    "Recommendation",
    "Scenario",
    "SipView",
    "Switch",
    "SwitchStatus",
    "Telephony",
    "recommend_provider",
]
