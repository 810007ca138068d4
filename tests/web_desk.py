"""A small application to test with: two decks with hostile names, a workspace, a plan, a set clock."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.testclient import TestClient

from dialnexa_routing import BillingPlan, RateDeck, RateSheet, Telephony, Workspace
from dialnexa_routing.store import ConfigStore
from dialnexa_routing.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = "<script>alert(1)</script> \" ' & </td> \u202e"
TOKEN = "a-token-that-is-long-enough"
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
_COLUMNS = ["prefix", "network_group", "country_iso", "outbound_rate", "inbound_rate"]
_ROWS = [
    ["91", "India", "IN", "0.60", "0.30"],
    ["9198", "India - Mobile", "IN", "0.80", "0.40"],
    ["9140", HOSTILE, "IN", "0.90", None],
    ["44", "United Kingdom", "GB", "1.20", None],
    ["1", "United States", "US", "0.70", None],
]
PLAN = BillingPlan.from_dict(
    {
        "id": "growth",
        "llm": "1.10",
        "sip": {"outbound": "0.25"},
        "telephony": {"kind": "deck_prices", "markup_percent": "20"},
    }
)


class Clock:
    """A clock of the tests: each look is a second later."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def deck() -> RateDeck:
    return RateSheet.read(pl.DataFrame(_ROWS, _COLUMNS, orient="row")).compile()


def workspace(decks: dict[str, Any]) -> Workspace:
    plain = {
        "id": "shop",
        "name": "Shop",
        "billing_plan": "growth",
        "agents": [{"id": "sales", "versions": [{"version": 1, "status": "published"}]}],
        "numbers": [{"number": "+912235550100", "outbound_version": "sales@1"}],
    }
    return Telephony(Workspace.from_dict(plain), decks).enable(country="India")


def made(token: str | None = TOKEN, **more: Any) -> tuple[Any, ConfigStore]:
    """The application and its store."""
    decks = {"plivo": deck(), "telnyx": deck()}
    store = ConfigStore("sqlite://")
    store.create(workspace(decks), by="asha", at=AT)
    arguments: dict[str, Any] = {
        "plans": [PLAN],
        "who": lambda request: request.headers.get("x-user", "ravi"),
        "now": Clock(),
        "token": token,
    }
    return application(store, decks, **(arguments | more)), store


@contextmanager
def browser(**more: Any) -> Iterator[tuple[TestClient, ConfigStore]]:
    """Somebody with the cookie, and the store behind the pages."""
    app, store = made(**more)
    with store, TestClient(app, base_url="http://testserver") as client:
        if more.get("token", TOKEN) is not None:
            client.get(f"/?token={TOKEN}")
        yield client, store


@contextmanager
def caller(**more: Any) -> Iterator[TestClient]:
    """A program with the token."""
    app, store = made(**more)
    with store, TestClient(app, headers={"authorization": f"Bearer {TOKEN}"}) as client:
        yield client
