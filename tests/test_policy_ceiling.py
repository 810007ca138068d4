"""A ceiling of the router: what a minute may cost, and what a day may come to."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest

from decks import MOBILE
from dialnexa_routing import Ceiling
from dialnexa_routing.text.errors import ConfigError, MoneyError
from dialnexa_routing.workspace.decision import Refusal, Refused
from dialnexa_routing.workspace.policy.question import Facts
from workspaces import OWN, plan, router, workspace

PLANNED: dict[str, Any] = {"plans": [plan()]}


def asked(ceiling: Ceiling | None, **how: Any) -> Any:
    return router(workspace(billing_plan="growth"), ceiling=ceiling, **PLANNED | how)


def spent(amount: str | None) -> Facts:
    return Facts(
        kyc_verified=True,
        balance=None,
        live_calls=0,
        spent_today=None if amount is None else Decimal(amount),
    )


def test_a_call_above_the_ceiling_is_refused_and_one_at_it_goes() -> None:
    rate = asked(None).outbound(MOBILE, OWN).rate
    assert asked(Ceiling(max_rate=rate)).outbound(MOBILE, OWN)
    low = asked(Ceiling(max_rate=str(rate - Decimal("0.000000001")))).outbound(MOBILE, OWN)
    assert (low.reason, low.status) == (Refusal.ABOVE_MAX_RATE, 403)
    assert f"costs ₹{rate.normalize():f} a minute" in low.sentence


def test_without_a_plan_the_deck_s_price_counts() -> None:
    plain = router(workspace(), ceiling=Ceiling(max_rate="0.01"))
    answer = plain.outbound(MOBILE, OWN)
    assert isinstance(answer, Refused)
    assert answer.reason == Refusal.ABOVE_MAX_RATE
    assert router(workspace(), ceiling=Ceiling(max_rate="100")).outbound(MOBILE, OWN)


def test_r47_a_price_that_nobody_knows_is_under_no_ceiling() -> None:
    listed: dict[str, Any] = {"kind": "price_list", "prices": []}
    unknown = asked(Ceiling(max_rate="100"), plans=[plan(telephony=listed)]).outbound(MOBILE, OWN)
    assert unknown.reason == Refusal.ABOVE_MAX_RATE
    assert "costs what nobody knows" in unknown.sentence


def test_a_day_that_has_come_to_it_takes_no_further_call() -> None:
    one = asked(Ceiling(max_day_spend="100"))
    assert one.outbound(MOBILE, OWN, facts=spent("99.99"))
    assert one.outbound(MOBILE, OWN, facts=spent("100")).reason == Refusal.DAY_SPEND_REACHED
    assert one.outbound(MOBILE, OWN)
    with pytest.raises(ConfigError, match="have no spent_today"):
        one.outbound(MOBILE, OWN, facts=spent(None))


def test_a_ceiling_is_explained_and_stays_with_its_router() -> None:
    one = asked(Ceiling(max_rate="100", max_day_spend="50"))
    told = {line.name: line for line in one.explain_outbound(MOBILE, OWN, facts=spent("1")).checks}
    assert "of ₹100 at most; ₹1 spent today" in told["ceiling"].sentence
    for other in (pickle.loads(pickle.dumps(one)), one.with_workspace(one.workspace)):
        assert other.outbound(MOBILE, OWN, facts=spent("50")).reason == Refusal.DAY_SPEND_REACHED
    assert "ceiling" not in {line.name for line in asked(None).explain_outbound(MOBILE, OWN).checks}


def test_a_leg_of_a_transfer_is_asked_too() -> None:
    low = asked(Ceiling(max_rate="0.01")).transfer(MOBILE, OWN)
    assert low.reason == Refusal.ABOVE_MAX_RATE


@pytest.mark.parametrize("amount", [1.5, "x", "-1", "NaN", True, []])
def test_r48_a_ceiling_is_an_amount(amount: Any) -> None:
    with pytest.raises(MoneyError):
        Ceiling(max_rate=amount)
    if isinstance(amount, float):
        with pytest.raises(MoneyError, match="spent_today is a float"):
            Facts(kyc_verified=True, balance=None, live_calls=0, spent_today=amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pass a Ceiling"):
        router(workspace(), ceiling="20")
