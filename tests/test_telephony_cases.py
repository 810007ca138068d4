"""The cases of ``tests/cases/telephony.toml`` (R10, R13, R22-R27)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from decks import deck_of
from dialnexa_routing import SheetError
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text import errors
from dialnexa_routing.workspace.telephony import PriceRange, Telephony, recommend_provider
from dialnexa_routing.workspace.telephony.switch import switched_on
from dialnexa_routing.workspace.workspace import Workspace

FILE = tomllib.loads((Path(__file__).parent / "cases" / "telephony.toml").read_text("utf-8"))
DECKS = {name: deck_of(rows) for name, rows in FILE["decks"].items()}


def named(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in FILE[kind]])


def asked(case: dict[str, Any]) -> Any:
    fields = case.get("workspace", "new")
    workspace = Workspace(id="w", **(FILE["workspaces"][fields] if isinstance(fields, str) else fields))
    decks = {case["deck_named"]: DECKS["plivo"]} if "deck_named" in case else DECKS
    plan = BillingPlan(id=case["plan"], **FILE["plans"][case["plan"]]) if "plan" in case else None
    before = workspace.model_dump_json()
    telephony = Telephony(workspace, decks, plan, case.get("at"))
    answer = getattr(telephony, case["ask"])(**case.get("with", {}))
    assert workspace.model_dump_json() == before
    return answer


def error_of(name: str) -> type[Exception]:
    return getattr(errors, name, TypeError)


def plain(value: Any) -> Any:
    """An attribute of a view as the file has it."""
    if isinstance(value, PriceRange):
        return [str(value.lowest), str(value.highest)]
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int) else str(value)


def attribute(view: Any, name: str) -> Any:
    value = getattr(view, name)
    return (
        []
        if value is None and name in ("outbound", "inbound") and hasattr(view, "prefixes")
        else plain(value)
    )


@named("case")
def test_telephony(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(error_of(case["error"])) as error:
            asked(case)
        assert [word for word in case["says"] if word not in str(error.value)] == []
        return
    answer = asked(case)
    if "on" in case:
        assert sorted(" ".join(switch) for switch in switched_on(answer)) == case["on"]
        return
    views = answer if type(answer) is tuple else (answer,)
    assert [
        {name: attribute(view, name) for name in said}
        for view, said in zip(views, case["views"], strict=True)
    ] == (case["views"])


@named("recommended")
def test_recommended(case: dict[str, Any]) -> None:
    decks = {name: DECKS[name] for name in case["decks"]} if "decks" in case else None
    if "error" in case:
        with pytest.raises(error_of(case["error"])) as error:
            recommend_provider(**case["with"], decks=decks)
        said = str(error.value)
    else:
        answer = recommend_provider(**case["with"], decks=decks)
        assert answer.provider == case["provider"]
        said = answer.reason
        assert said.endswith(".")
    assert [word for word in case.get("says", []) if word not in said] == []


@named("refused")
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(SheetError) as error:
        deck_of(case["rows"])
    assert [word for word in case["says"] if word not in str(error.value)] == []
