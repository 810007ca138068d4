"""Workspaces and routers from plain values, for every test that needs one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from decks import INDIA, deck_of
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.workspace.policy.question import Facts
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = "+912212345678"
"""A number of `workspace`, in Mumbai."""


def workspace(**fields: Any) -> Workspace:
    """One agent, one number that calls by it, and whatever is named."""
    plain: dict[str, Any] = {
        "id": "w1",
        "agents": [{"id": "sales", "versions": [{"version": 1, "status": "published"}]}],
        "numbers": [{"number": OWN, "inbound_version": "sales@1", "outbound_version": "sales@1"}],
        "enabled": switches({("IN", "India"), ("IN", "India - Mobile"), ("US", "United States")}),
    }
    return Workspace.model_validate(plain | fields)


def switches(on: Iterable[tuple[str, str]], provider: str = "plivo") -> list[dict[str, Any]]:
    """Network groups that are on, by country and name, as a workspace takes them."""
    return [{"provider": provider, "country_iso": iso, "network_groups": [name]} for iso, name in sorted(on)]


def router(space: Workspace | None = None, **options: Any) -> Router:
    """Over the deck that most tests ask."""
    options.setdefault("decks", {"plivo": deck_of(INDIA)})
    return Router(space or workspace(), **options)


def facts(*, kyc: bool = True, balance: str | None = "1000", live: int = 0) -> Facts:
    """A workspace in good order."""
    return Facts(kyc_verified=kyc, balance=None if balance is None else Decimal(balance), live_calls=live)


def plan(**fields: Any) -> BillingPlan:
    """A plan that sells the deck's rates on."""
    plain: dict[str, Any] = {"id": "growth", "llm": "1.00", "telephony": {"kind": "deck_prices"}}
    return BillingPlan.model_validate(plain | fields)
