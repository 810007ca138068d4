"""What a balance buys: rate(n) is at most the balance and rate(n + 1) above it, or nothing bounds it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, MOBILE, deck_of, utc
from dialnexa_routing import DeckBook, LongestCall, Reservation, Wallet, longest_call, records
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import MoneyError, RecordError
from plan_strategies import PLAN
from strategies import SMALL
from test_schedules import MEANINGS, TIMES, schedules

if TYPE_CHECKING:
    from collections.abc import Callable

DECK = deck_of(INDIA)
LIMIT = 130
BALANCES = st.decimals(-1, 500, places=2) | st.sampled_from([Decimal(0), Decimal(10) ** 12])


def slowly(rate: Callable[[int], Any], balance: Decimal) -> LongestCall:
    """Second by second."""
    reason = rate(1).reason
    if reason is not None and reason != "overflow":
        return LongestCall(None, reason, None)
    bought = [0]
    for seconds in range(LIMIT + 2):
        total = rate(seconds).total
        if total is not None and total <= balance:
            bought.append(seconds)
    if bought[-1] == LIMIT + 1:
        return LongestCall(None, None, rate(LIMIT).total)
    return LongestCall(bought[-1], None, rate(bought[-1]).total)


@given(
    PLAN, BALANCES, st.sampled_from(["outbound", "inbound"]), st.sampled_from(["pstn", "sip_trunk", "webrtc"])
)
def test_a_plan_is_asked_second_by_second(
    plan: BillingPlan, balance: Decimal, direction: Any, path: Any
) -> None:
    how: dict[str, Any] = {"number": MOBILE, "direction": direction, "path": path}
    found = longest_call(plan, DECK, balance=balance, limit_s=LIMIT, **how)
    assert found == slowly(lambda seconds: plan.rate(DECK, seconds=seconds, **how), balance)
    assert found == plan.longest_call(DECK, balance=balance, limit_s=LIMIT, **how)
    calls = pl.DataFrame({"to": [MOBILE, MOBILE], "balance": [balance, None]})
    columns = records.longest_calls(
        calls, deck=DECK, plan=plan, direction=direction, path=path, limit_s=LIMIT
    )
    assert columns.row(0)[2:] == (found.seconds, found.held, found.reason)
    assert columns.row(1)[2:] == (None, None, found.reason)


@given(schedules(), TIMES, MEANINGS, st.tuples(SMALL, SMALL, SMALL), BALANCES, st.none() | st.just("4.5"))
def test_a_deck_with_tiers_and_bands_is_asked_second_by_second(
    schedule: Any, at: Any, choices: Any, seconds: tuple[int, int, int], balance: Decimal, most: str | None
) -> None:
    terms = dict(zip(("free_s", "minimum_s", "grace_s"), seconds, strict=True)) | {"connect_fee": "0.25"}
    rows: list[dict[str, Any]] = [
        {"prefix": "9", "schedule": json.dumps(schedule), "max_charge": most, **terms},
        {"prefix": "8", "outbound_rate": "1.3", "rate_unit_s": 7, "min_charge": "2", **terms},
    ]
    deck = deck_of(rows)
    for number in ("9555", "8555", "7555"):
        how: dict[str, Any] = {"at": at, "semantics": choices}
        found = deck.longest_call(number, balance, limit_s=LIMIT, number_plan=None, **how)
        assert found == slowly(lambda taken: deck.rate(number, taken, number_plan=None, **how), balance)  # noqa: B023
        calls = pl.DataFrame({"to": [number], "balance": [balance], "answered_at": [at]})
        columns = records.longest_calls(calls, deck=deck, semantics=choices, limit_s=LIMIT, number_plan=None)
        assert columns.row(0)[3:] == (found.seconds, found.held, found.reason)


def test_what_a_wallet_buys() -> None:
    plan = BillingPlan(id="growth", llm="1.10", telephony={"kind": "deck_prices"}, connect_fee="0.50")
    bought = plan.longest_call(DECK, number=MOBILE, balance=Decimal("10"))
    assert bought == LongestCall(300, None, Decimal("9.75"))
    assert plan.longest_call(DECK, number=MOBILE, balance=Decimal("2.34")).seconds == 0
    assert plan.longest_call(DECK, number=MOBILE, balance=Decimal(10**8)).seconds is None
    refused = plan.longest_call(DECK, number="+914012345678", balance=Decimal(10))
    assert refused == LongestCall(None, Reason.BLOCKED, None)
    book = DeckBook({utc(2026, 1, 1): DECK})
    assert book.longest_call(MOBILE, Decimal("1.50"), at=utc(2026, 6, 1)).seconds == 120
    assert book.longest_call(MOBILE, Decimal("1.50"), at=utc(2025, 6, 1)).reason == "before_first_deck"
    for wrong, error in ((1.5, MoneyError), (Decimal("NaN"), MoneyError), ("1", TypeError)):
        with pytest.raises(error, match="balance"):
            DECK.longest_call(MOBILE, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="limit_s"):
        DECK.longest_call(MOBILE, Decimal(1), limit_s=0)


def test_columns_refuse_what_would_be_ignored() -> None:
    calls = pl.DataFrame({"to": [MOBILE], "balance": [1.5]})
    with pytest.raises(MoneyError, match="balances are Decimal"):
        records.longest_calls(calls, deck=DECK)
    with pytest.raises(RecordError, match="no column 'wallet'"):
        records.longest_calls(calls, deck=DECK, balance="wallet")
    with pytest.raises(RecordError, match="'held' already"):
        records.longest_calls(calls.with_columns(balance=1, held=1), deck=DECK)
    with pytest.raises(TypeError, match="seconds is not asked"):
        records.longest_calls(calls, deck=DECK, seconds="balance")


def test_a_wallet_is_a_value() -> None:
    wallet = Wallet(Decimal(10))
    held = Reservation(Decimal("6.50"), utc(2026, 1, 1))
    busy = wallet.reserve(held)
    assert (wallet.available, busy.available) == (Decimal(10), Decimal("3.50"))
    with pytest.raises(MoneyError, match="cannot be held"):
        busy.reserve(held)
    assert busy.release(held) == wallet
    assert busy.debit(Decimal("1.25"), held) == Wallet(Decimal("8.75"), Decimal("0.00"))
    assert busy.debit(Decimal(11), held).balance == -1
    with pytest.raises(MoneyError, match="not held"):
        wallet.release(held)
    with pytest.raises(MoneyError, match="credit"):
        wallet.debit(Decimal(-1))
    with pytest.raises(MoneyError, match="float"):
        Wallet(1.0)  # type: ignore[arg-type]
    assert held.has_lapsed(utc(2026, 1, 1))
    assert not held.has_lapsed(utc(2026, 1, 1) - timedelta(seconds=1))
