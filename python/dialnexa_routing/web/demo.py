"""A workspace and a plan to look around with; invented, and in a store that lives as long as the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.store import ConfigStore
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.workspace.telephony.config import Telephony
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialnexa_routing.deck.rates import Rates

_PLAN = {
    "id": "growth",
    "name": "Growth",
    "stt": "0.50",
    "llm": "1.10",
    "tts": "0.90",
    "sip": {"outbound": "0.25", "inbound": "0.10"},
    "telephony": {"kind": "deck_prices", "markup_percent": "20"},
}
_WORKSPACE = {
    "id": "demo",
    "name": "Demo shop",
    "billing_plan": "growth",
    "agents": [{"id": "sales", "versions": [{"version": 1, "status": "published"}]}],
    "numbers": [{"number": "+912235550100", "outbound_version": "sales@1", "inbound_version": "sales@1"}],
}
_ON = ("IN", "US", "GB", "AU")


def demo_store(decks: Mapping[str, Rates], at: datetime) -> ConfigStore:
    """A store in memory with one workspace, its plan, and four countries switched on where a deck has them.

    `decks` names the workspace's provider by its first key.
    """
    store = ConfigStore("sqlite://")
    plan = BillingPlan.from_dict(_PLAN)
    store.plans.create(plan, by="demo", at=at, note="invented prices")
    workspace = Workspace.from_dict(_WORKSPACE | {"provider": next(iter(decks))})
    for iso in _ON:
        try:
            workspace = Telephony(workspace, decks, plan, at).enable(country=iso)
        except UnknownNameError:
            continue
    store.create(workspace, by="demo", at=at, note="an invented workspace")
    return store
