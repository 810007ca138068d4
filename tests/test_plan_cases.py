"""The cases of ``cases/plan.toml``: alone, as a frame, and by the naive twin; and plans that are refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import plan_oracle
from decks import INDIA, deck_of
from dialnexa_routing import records
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import ConfigError

FILE = tomllib.loads((Path(__file__).parent / "cases" / "plan.toml").read_text("utf-8"))
CASES, REFUSED = FILE["case"], FILE["refused"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_a_call_under_a_plan(case: dict[str, Any]) -> None:
    plan = BillingPlan.model_validate(FILE["plans"][case["plan"]] | case.get("change", {}))
    rows = case.get("rows", INDIA)
    deck = deck_of(rows)
    number = case.get("number", "919812345678") or None
    seconds = Decimal(case["seconds"]) if "seconds" in case else None
    direction, path = case.get("direction", "outbound"), case.get("path", "pstn")
    kind, voicemail = case.get("agent_kind", "cascaded"), case.get("voicemail", False)
    charge = plan.rate(
        deck,
        number=number,
        seconds=seconds,
        direction=direction,
        agent_kind=kind,
        path=path,
        voicemail=voicemail,
    )
    assert charge.reason == case.get("reason")
    expected = {name: Fraction(amount) for name, amount in case.get("lines", {}).items()}
    assert {line.component.value: line.exact for line in charge.lines} == expected
    assert charge.billed_seconds == case.get("billed_s")
    total = None if charge.total is None else charge.total.as_tuple()
    assert total == (Decimal(case["total"]).as_tuple() if "total" in case else None)
    assert charge.exact == (None if charge.reason else sum(expected.values(), Fraction(0)))
    if "amounts" in case:
        told = {name: Decimal(amount) for name, amount in case["amounts"].items()}
        assert {line.component.value: line.amount for line in charge.lines} == told
    frame = pl.DataFrame(
        {
            "to": pl.Series([number], dtype=pl.String),
            "seconds": pl.Series([case.get("seconds")], dtype=pl.String),
            "direction": [direction],
            "agent_kind": [kind],
            "path": [path],
            "voicemail": [voicemail],
        }
    )
    rated = records.rate(frame, deck=deck, plan=plan).row(0, named=True)
    bill = plan_oracle.rate(
        rows, plan, number, seconds, direction=direction, kind=kind, path=path, voicemail=voicemail
    )
    told = plan_oracle.columns(bill)
    assert {name: rated[name] for name in told} == told
    assert (bill.reason, bill.lines, bill.total) == (charge.reason, expected, charge.total)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in REFUSED])
def test_a_plan_that_is_refused_says_where(case: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        BillingPlan.model_validate(case["plan"])
    (fault,) = caught.value.errors()
    place, text = case["says"]
    assert ".".join(map(str, fault["loc"])) == place
    assert text in fault["msg"]
