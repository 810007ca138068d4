"""Facts, balance and capacity (R35, R36)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import MOBILE
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.plans.pricing import billed_seconds, charge_of, lines
from dialnexa_routing.text.errors import ConfigError, MoneyError, UnknownNameError
from dialnexa_routing.workspace.choices import BalanceNeed
from dialnexa_routing.workspace.decision import Allowed, Refusal, Refused
from dialnexa_routing.workspace.policy.question import Facts
from strategies import AMOUNT
from workspaces import OWN, facts, plan, router, workspace

PULSES = st.sampled_from(["60/60", "1/1", "30/6", "7/13"])


@given(AMOUNT, st.none() | AMOUNT, PULSES, st.sampled_from(BalanceNeed), st.sampled_from(AgentKind))
def test_r35_enough_is_what_the_plan_charges(
    llm: Decimal, stt: Decimal | None, pulse: str, need: BalanceNeed, kind: AgentKind
) -> None:
    growth = plan(llm=llm, stt=stt, pulse=pulse)
    agent = {
        "id": "sales",
        "kind": kind,
        "max_call_s": 90,
        "versions": [{"version": 1, "status": "published"}],
    }
    space = workspace(billing_plan="growth", agents=[agent], choices={"balance_need": need})
    asked = router(space, plans=[growth])
    allowed = asked.outbound(MOBILE, OWN)
    assert isinstance(allowed, Allowed)
    assert allowed.rate == Decimal("0.75")
    seconds = billed_seconds(growth, 90 if need is BalanceNeed.WHOLE_CALL else 1)
    exact = sum((line.exact for line in lines(growth, kind, seconds, allowed.rate)), Fraction(0))
    cost = charge_of(growth, exact)
    with_wallet = asked.outbound(MOBILE, OWN, facts=facts(balance=str(cost)))
    assert isinstance(with_wallet, Allowed)
    assert replace(with_wallet, max_seconds=None) == allowed
    # What the wallet buys is what the plan says of the same call.
    deck = asked.decks["plivo"]
    bought = growth.longest_call(deck, number=MOBILE, balance=cost, agent_kind=kind)
    assert with_wallet.max_seconds == bought.seconds
    assert (
        bought.seconds is None
        or cost >= 10**9
        or bought.seconds >= (90 if need is BalanceNeed.WHOLE_CALL else 1)
    )
    short = asked.outbound(MOBILE, OWN, facts=facts(balance=str(cost - Decimal("0.01"))))
    assert isinstance(short, Refused)
    assert (short.reason, short.status) == (Refusal.INSUFFICIENT_BALANCE, 402)


def test_r47_a_plan_without_telephony_has_no_such_line_but_a_missing_rate_is_unknown() -> None:
    listed: dict[str, Any] = {"kind": "price_list", "prices": []}
    space = workspace(billing_plan="growth")
    for telephony, enough in ((None, "1.00"), (listed, "0.01")):
        asked = router(space, plans=[plan(telephony=telephony)])
        just = facts(balance=enough)
        assert asked.outbound(MOBILE, OWN, facts=just)
        less = facts(balance=str(Decimal(enough) - Decimal("0.01")))
        assert not asked.outbound(MOBILE, OWN, facts=less)


def test_r35_a_balance_of_none_is_not_asked() -> None:
    asked = router(workspace(billing_plan="growth"), plans=[plan(llm="999999999")])
    assert asked.outbound(MOBILE, OWN, facts=facts(balance=None))
    assert not asked.outbound(MOBILE, OWN, facts=facts(balance="5"))


def test_r35_a_balance_is_judged_by_the_workspaces_plan_or_not_at_all() -> None:
    """A plan that is named and not passed once let a call go for a hundredth of a rupee."""
    asked, little = router(workspace(billing_plan="gold")), facts(balance="0.01")
    for ask in (
        lambda: asked.outbound(MOBILE, OWN, facts=little),
        lambda: asked.explain_outbound(MOBILE, OWN, facts=little),
        lambda: asked.inbound(OWN, facts=little),
        lambda: asked.web("sales", facts=little),
        lambda: asked.lead(MOBILE, [OWN], facts=little),
    ):
        with pytest.raises(ConfigError, match=r"billing plan 'gold' of workspace 'w1'.*pass plans="):
            ask()
    # Who asks without a balance needs no plan; rates are then absent (R26).
    allowed = asked.outbound(MOBILE, OWN, facts=facts(balance=None))
    assert isinstance(allowed, Allowed)
    assert allowed.rate is None
    assert router(workspace(), plans=[plan()]).outbound(MOBILE, OWN, facts=little)


def test_r35_a_plan_that_is_not_among_those_passed_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"workspace 'w1'.*'grwth'.*plans=.*nearest: 'growth'"):
        router(workspace(billing_plan="grwth"), plans=[plan()])
    asked = router(workspace(billing_plan="growth"), plans=[plan()])
    with pytest.raises(UnknownNameError, match="'gold'"):
        asked.with_workspace(workspace(billing_plan="gold"))


@pytest.mark.parametrize("live", [0, 1, 2, 3])
@pytest.mark.parametrize("capacity", [None, 0, 2])
def test_r36_every_kind_of_call_counts_in_one_pool(live: int, capacity: int | None) -> None:
    asked = router(workspace(choices={"capacity": capacity}))
    room = capacity is None or live < capacity
    now = facts(live=live)
    assert bool(asked.outbound(MOBILE, OWN, facts=now)) is room
    assert bool(asked.inbound(OWN, facts=now)) is room
    assert bool(asked.web("sales", facts=now)) is room


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"balance": 1.5}, MoneyError),
        ({"balance": Decimal("NaN")}, MoneyError),
        ({"balance": Decimal("Infinity")}, MoneyError),
        ({"balance": "1.50"}, TypeError),
        ({"live_calls": -1}, ValueError),
        ({"live_calls": True}, TypeError),
        ({"live_calls": 1.0}, TypeError),
        ({"kyc_verified": 1}, TypeError),
        ({"kyc_verified": None}, TypeError),
    ],
)
def test_r48_facts_are_exact(fields: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"kyc_verified": True, "balance": Decimal(1), "live_calls": 0}
    with pytest.raises(error):
        Facts(**good | fields)
