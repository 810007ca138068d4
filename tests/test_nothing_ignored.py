"""Nothing that is given is ignored: whatever argument changes, the answer does, or it is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from decks import deck_of, utc
from dialnexa_routing import BillingPlan, RateDeck, RatingOptions, RoutingError, records

RAW = {
    "to": ["+919812345678", "112", "+919812345678"],
    "callee": ["+12125550100"] * 3,
    "seconds": [61, 5, 30],
    "length": [7, 7, 7],
    "answered_at": [utc(2026, 6, 1).replace(tzinfo=None)] * 3,
    "told_at": [utc(2024, 6, 1).replace(tzinfo=None)] * 3,
    "ended_at": [utc(2026, 6, 1, 1).replace(tzinfo=None)] * 3,
    "direction": ["outbound"] * 3,
    "way": ["inbound"] * 3,
    "plan": ["gold"] * 3,
    "which": ["tin"] * 3,
    "workspace": ["acme"] * 3,
    "owner": ["bolt"] * 3,
    "agent_kind": ["cascaded"] * 3,
    "path": ["pstn"] * 3,
    "voicemail": [False] * 3,
    "machine": [True] * 3,
}
ROWS = [
    {
        "prefix": "91",
        "outbound_rate": Decimal("0.60"),
        "inbound_rate": Decimal("0.1"),
        "valid_from": utc(2025, 1, 1),
    },
    {"prefix": "1", "outbound_rate": Decimal("0.90"), "inbound_rate": Decimal("0.2")},
]
MARKUP = {"kind": "deck_prices"}
GOLD = BillingPlan(
    id="gold", stt="1", llm="2", tts="1", telephony=MARKUP, sip={"outbound": "3"}, voicemail="free"
)
TIN = GOLD.changed(id="tin", llm=Decimal(7))
BASE: RatingOptions = {"timezone": "Asia/Kolkata"}
BY_PLAN: RatingOptions = {**BASE, "plans": [GOLD, TIN]}
OWNED: RatingOptions = {**BY_PLAN, "workspaces": {"acme": "gold", "bolt": "tin"}}
CHANGES: dict[str, list[tuple[RatingOptions, Any]]] = {
    "number": [(BASE, "callee")],
    "seconds": [(BASE, "length"), (BASE, None)],
    "answered_at": [(BASE, "told_at")],
    "ended_at": [(BASE, "ended_at")],
    "direction": [(BASE, "way"), (BASE, "inbound")],
    "semantics": [(BASE, {"pulse": "1/1"}), (BY_PLAN, {"pulse": "1/1"})],
    "timezone": [(BASE, "America/New_York"), (BASE, None)],
    "twice": [(BASE, "never")],
    "fields": [(BASE, ["charge", "reason"]), (BY_PLAN, ["charge", "reason"])],
    "add_prefix": [(BASE, "x_")],
    "number_plan": [(BASE, None)],
    "plan": [(BASE, GOLD), (BY_PLAN, "which"), (OWNED, "which")],
    "plans": [(BY_PLAN, [GOLD.changed(llm=Decimal(9)), TIN]), (BASE, [GOLD, TIN])],
    "workspace": [(OWNED, "owner"), (BASE, "owner"), (BY_PLAN, "owner")],
    "workspaces": [(OWNED, {"acme": "tin"}), (BASE, {"acme": "gold"})],
    "agent_kind": [(BY_PLAN, "speech_to_speech"), (BASE, "speech_to_speech")],
    "path": [(BY_PLAN, "sip_trunk"), (BASE, "webrtc")],
    "voicemail": [(BY_PLAN, "machine"), (BASE, "machine")],
}


@pytest.fixture(scope="module")
def deck() -> RateDeck:
    return deck_of(ROWS)


def test_every_argument_of_rating_is_tried() -> None:
    assert set(CHANGES) == set(RatingOptions.__annotations__)


@pytest.mark.parametrize(
    ("name", "given", "value"), [(name, *one) for name, those in CHANGES.items() for one in those]
)
def test_another_value_gives_another_answer_or_is_refused(
    deck: RateDeck, name: str, given: RatingOptions, value: Any
) -> None:
    frame = pl.DataFrame(RAW)
    before = records.rate(frame, deck=deck, **given)
    changed: Any = {**given, name: value}
    try:
        after = records.rate(frame, deck=deck, **changed)
    except (RoutingError, TypeError, ValueError):
        return
    assert after.height == before.height
    assert not after.equals(before) or after.columns != before.columns
