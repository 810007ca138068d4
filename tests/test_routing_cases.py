"""The cases of ``tests/cases/routing.toml``, each asked plainly and explained."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decks import deck_of
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refused
from dialnexa_routing.workspace.policy.question import Facts
from dialnexa_routing.workspace.policy.setting import Screen
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.workspace import Workspace

FILE = tomllib.loads((Path(__file__).parent / "cases" / "routing.toml").read_text("utf-8"))
DECKS = {name: deck_of(rows) for name, rows in FILE["decks"].items()}
WORKSPACE = Workspace.model_validate(FILE["workspace"])
PLANS = [BillingPlan.model_validate({"id": name, **fields}) for name, fields in FILE["plans"].items()]
RULES = [1, 3, 4, *range(6, 13), *range(14, 22), *range(30, 39), 40, 41, 42]
"""Rules that a single decision keeps or breaks, and that are neither about files nor about views."""


def router_of(case: dict[str, Any]) -> Router:
    # TOML has no null: an empty text stands for it.
    changes = {name: None if value == "" else value for name, value in case.get("workspace", {}).items()}
    return Router(
        WORKSPACE.changed(**changes),
        decks=DECKS,
        plans=PLANS,
        country_rules=[CountryRule.model_validate(rule) for rule in case.get("rules", [])],
        screens=[Screen(word, set(those).__contains__) for word, those in case.get("screens", {}).items()],
    )


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    call = dict(case["call"])
    if "window" in call:
        call["window"] = CallingWindow.model_validate(call["window"])
    if "facts" in call:
        call["facts"] = Facts(**call["facts"] | {"balance": Decimal(call["facts"]["balance"])})
    return call


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in FILE["case"]])
def test_routing(case: dict[str, Any]) -> None:
    router, call, ask = router_of(case), arguments(case), case.get("ask", "outbound")
    decision = getattr(router, ask)(**call)
    if "allowed" in case:
        assert isinstance(decision, Allowed)
        shown = {name: "" if value is None else str(value) for name, value in told(decision).items()}
        assert {name: shown[name] for name in case["allowed"]} == case["allowed"]
        assert len(decision.legs) == case.get("legs", 0)
    elif "refused" in case:
        assert isinstance(decision, Refused)
        assert decision.reason == case["refused"]
        assert decision.status == case.get("status", decision.status)
        assert decision.network_group == case.get("group", decision.network_group)
        assert decision.sentence
    else:
        assert isinstance(decision, Deferred)
        assert decision.reason == case["deferred"]
        assert decision.until == case.get("until")
    if ask != "lead":
        explained = getattr(router, f"explain_{ask}")(**call)
        assert explained.decision == decision


def told(decision: Allowed) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in decision.__slots__}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_call_that_passes_and_one_that_does_not(rule: int) -> None:
    cases = [case for case in FILE["case"] if case["rule"] == f"R{rule}"]
    assert {"allowed" in case for case in cases} == {True, False}
