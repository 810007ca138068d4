"""explain on the command line: a deck's charge or a plan's, as text, tree, page and document."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from command import NOW, document, folder, run, sentence
from dialnexa_routing import RateDeck
from dialnexa_routing.cli.verb_explain import tree
from dialnexa_routing.plans.billing_plan import BillingPlan

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")
ASKED = ("explain", "a.deck", "+919812345678", "--seconds", "263", "--at", NOW)


@pytest.fixture
def plan() -> BillingPlan:
    made = BillingPlan(
        id="growth",
        stt="0.50",
        llm="1.10",
        sip={"outbound": "0.25"},
        telephony={"kind": "deck_prices", "markup_percent": "20"},
    )
    made.save("plan.toml")
    return made


def test_a_plan_explains_its_charge(plan: BillingPlan) -> None:
    shown = run(*ASKED, "--plan", "plan.toml").stdout
    assert "telephony: ₹0.78 × 300 / 60 = ₹3.9" in shown
    assert shown.splitlines()[-1] == "  rounded half_up to 2 places: ₹11.90"
    found = document(*ASKED, "--plan", "plan.toml")
    assert (found["plan"], found["charge"], found["billed_seconds"]) == ("growth", "11.90", 300)
    assert [line["component"] for line in found["lines"]] == ["stt", "llm", "telephony"]


def test_the_kind_of_call_is_said(plan: BillingPlan) -> None:
    by_plan = (*ASKED, "--plan", "plan.toml")
    assert document(*by_plan, "--path", "sip_trunk")["charge"] == "9.25"
    assert document(*by_plan, "--path", "webrtc", "--agent-kind", "speech_to_speech")["charge"] == "5.50"
    assert document(*by_plan, "--voicemail")["voicemail"] is True
    blocked = ("explain", "a.deck", "1900", "--seconds", "5", "--at", NOW, "--plan", "plan.toml")
    assert document(*blocked, code=1)["reason"] == "blocked"
    # A web call is charged without any prefix.
    assert document(*blocked, "--path", "webrtc")["prefix"] is None


def test_a_page_stands_alone_and_is_no_input(plan: BillingPlan) -> None:
    for name, more in (("deck.html", ()), ("plan.html", ("--plan", "plan.toml"))):
        run(*ASKED, *more, "--html", name)
        page = Path(name).read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert "<title>+919812345678 outbound" in page
        assert "India - Mobile" in page
    before = Path("plan.toml").read_bytes()
    assert "one of the inputs" in sentence(*ASKED, "--plan", "plan.toml", "--html", "plan.toml")
    assert Path("plan.toml").read_bytes() == before


def test_wrong_use_is_refused(plan: BillingPlan) -> None:
    run(*ASKED, "--path", "webrtc", code=2)
    run(*ASKED, "--plan", "plan.toml", "--decimals", "4", code=2)
    run(*ASKED, "--plan", "plan.toml", "--agent-kind", "parrot", code=2)
    assert "none.toml" in sentence(*ASKED, "--plan", "none.toml")


def test_the_tree_is_drawn_from_the_data(plan: BillingPlan) -> None:
    deck = RateDeck.open("a.deck")
    at = datetime.fromisoformat(NOW)
    for explained in (
        deck.explain("+919812345678", seconds=263, at=at),
        deck.explain("+919812345678", seconds=263, at=at, plan=plan),
        deck.explain("+44", at=at),
    ):
        console = Console(width=200, record=True, file=StringIO())
        console.print(tree(explained))
        drawn = console.export_text()
        lines = [line.lstrip("│├└─ ") for line in drawn.splitlines()]
        assert lines[0] == explained.heading
        assert lines[-1] == f"deck {explained.deck_digest[:12]}"
        for step in explained.steps:
            assert str(step) in lines
        for one in explained.tried:
            assert any(line.startswith(f"{one.prefix}  {one.verdict}: {one.network_group}") for line in lines)
        assert explained.untried in drawn
