"""A service: decides and charges calls, reloads its deck when that is replaced, has Telephony Config beside.

DECK=plivo.deck uvicorn --app-dir examples service:app
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

from dialnexa_routing import BillingPlan, DeckWatcher, Router, Telephony, UnknownNameError, Workspace
from dialnexa_routing.store import ConfigStore
from dialnexa_routing.web import application

watcher = DeckWatcher(os.environ["DECK"])
store = ConfigStore(os.environ.get("STORE", "sqlite://"))
plan = BillingPlan(
    id="growth", llm="1.10", tts="0.90", telephony={"kind": "deck_prices", "markup_percent": "20"}
)
if not store.workspaces():
    first = Workspace(
        id="shop",
        billing_plan="growth",
        agents=[{"id": "sales", "versions": [{"version": 1, "status": "published"}]}],
        numbers=[{"number": "+912235550100", "outbound_version": "sales@1"}],
    )
    first = Telephony(first, {"plivo": watcher.deck}).enable(provider="plivo")
    store.create(first, by="setup", at=datetime.now(UTC))

app = FastAPI(title="calls")


class Call(BaseModel):
    """What callers of this service send."""

    to: str
    source: str
    seconds: int = 60


@app.post("/workspaces/{workspace}/calls")
def ask(workspace: str, call: Call) -> dict[str, Any]:
    """May it go out, and what would it cost?"""
    try:
        document = store.read(workspace).document
    except UnknownNameError as error:
        raise HTTPException(404, str(error)) from error
    deck, now = watcher.deck, datetime.now(UTC)
    decision = Router(document, decks={"plivo": deck}, plans=[plan]).outbound(call.to, call.source, at=now)
    charge = plan.rate(deck, number=call.to, seconds=call.seconds, at=now)
    return {"decision": decision.to_dict(), "charge": None if charge.total is None else f"{charge.total}"}


def who(request: Request) -> str:
    """Whoever your login says; here a header."""
    return request.headers.get("x-user", "somebody")


app.mount(
    "/telephony",
    application(store, {"plivo": watcher}, plans=[plan], who=who, now=lambda: datetime.now(UTC), token=None),
)
