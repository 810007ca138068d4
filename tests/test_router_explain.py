"""An explanation shows every check and every prefix, and decides as the plain question does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from decks import MOBILE, deck_of, utc
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Purpose
from dialnexa_routing.workspace.decision import Allowed
from dialnexa_routing.workspace.policy.check import Verdict
from dialnexa_routing.workspace.policy.question import CallOrigin
from dialnexa_routing.workspace.policy.setting import Screen
from strategies import TIMES
from workspaces import OWN, facts, plan, router, switches, workspace

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.decision_explanation import DecisionExplanation

NUMBERS: list[dict[str, Any]] = [
    {"number": OWN, "inbound_version": "sales@1", "outbound_version": "sales@2"},
    {"number": "+911401234567", "outbound_version": "sales@1"},
    {"number": "+14155550100", "outbound_version": "sales@3"},
    {"number": "+912200000001", "sip_trunk_enabled": True, "outbound_version": "sales@1"},
    {"number": "+912200000002", "provider": "twilio", "outbound_version": "sales@1"},
    {"number": "+911800123456", "inbound_version": "sales@1"},
]
AGENT = {
    "id": "sales",
    "timezone": "Europe/Berlin",
    "versions": [
        {"version": 1, "status": "published"},
        {"version": 2, "status": "published"},
        {"version": 3},
    ],
}
SOURCES = st.sampled_from([OWN, OWN, *(number["number"] for number in NUMBERS), "+912299999999", "x"])
TO = st.sampled_from([MOBILE, MOBILE, "+14155550101", "+18765550100", "+914012345678", "+33123456789", "91x"])
FACTS = st.none() | st.builds(
    facts, kyc=st.booleans(), balance=st.sampled_from([None, "0", "1.74", "9"]), live=st.integers(0, 2)
)


@st.composite
def routers(draw: st.DrawFn) -> Any:
    choices = {
        "winner": draw(st.sampled_from(["all_groups", "enabled_groups"])),
        "capacity": draw(st.sampled_from([None, 1])),
        "india": draw(st.sampled_from([None, {}, {"purpose": "service"}])),
    }
    space = workspace(
        numbers=NUMBERS,
        agents=[AGENT],
        choices=choices,
        sip_enabled=draw(st.booleans()),
        billing_plan=draw(st.sampled_from([None, "growth"])),
        calling_window=draw(st.sampled_from([None, {"start": "09:00", "end": "21:00"}])),
        enabled=switches({("IN", "India"), ("IN", "India - Mobile"), ("US", "United States")}),
    )
    screens = [Screen("dnd", {"+14155550101"}.__contains__)]
    return router(space, plans=[plan()], screens=draw(st.sampled_from([(), screens])))


@given(st.data())
def test_r35_the_explained_decision_is_the_plain_one(data: st.DataObject) -> None:
    asked = data.draw(routers())
    agent = data.draw(st.sampled_from([None, "sales", "nobody"]))
    window = CallingWindow.model_validate({"start": "20:00", "end": "05:00", "zone": "Asia/Kolkata"})
    arguments: dict[str, Any] = {
        "to": data.draw(TO),
        "source": data.draw(st.none() | SOURCES),
        "agent": agent,
        "version": data.draw(st.sampled_from([None, 1, 3, 9])) if agent else None,
        "origin": data.draw(st.sampled_from(CallOrigin)) if agent is None else CallOrigin.API,
        "purpose": data.draw(st.sampled_from([None, *Purpose])),
        "window": data.draw(st.sampled_from([None, window])),
        "facts": data.draw(FACTS),
        "at": data.draw(st.sampled_from(TIMES)),
    }
    explained = asked.explain_outbound(**arguments)
    assert explained.decision == asked.outbound(**arguments)
    follows_from_its_checks(explained)
    called = data.draw(SOURCES)
    inbound = asked.explain_inbound(called, facts=arguments["facts"])
    assert inbound.decision == asked.inbound(called, facts=arguments["facts"])
    follows_from_its_checks(inbound)
    targets = data.draw(st.lists(TO, max_size=8))
    handed = asked.explain_transfer(targets, called, at=arguments["at"])
    assert handed.decision == asked.transfer(targets, called, at=arguments["at"])
    assert len(handed.legs) in (0, len(targets))
    for leg in handed.legs:
        follows_from_its_checks(leg)


def follows_from_its_checks(explained: DecisionExplanation) -> None:
    """The first refusal, else the first deferral, else nothing stands against the call (R35)."""
    by_verdict = {
        verdict: [one.sentence for one in explained.checks if one.verdict is verdict] for verdict in Verdict
    }
    against = [*by_verdict[Verdict.REFUSED], *by_verdict[Verdict.DEFERRED]]
    assert isinstance(explained.decision, Allowed) == (not against)
    if not isinstance(explained.decision, Allowed):
        assert explained.decision.sentence == against[0]
    assert all(one.sentence and one.rule and one.name for one in explained.checks)
    assert json.loads(json.dumps(explained.to_dict())) == explained.to_dict()
    assert len(str(explained).splitlines()) >= len(explained.checks)


def test_r35_checks_after_the_answer_are_shown() -> None:
    space = workspace(choices={"capacity": 1})
    now = facts(kyc=False, balance="0", live=1)
    explained = router(space).explain_outbound("+18765550100", OWN, facts=now)
    verdicts = {one.name: one.verdict.value for one in explained.checks}
    assert verdicts == {
        "number": "passed",
        "source": "passed",
        "agent version": "passed",
        "number plan": "passed",
        "kyc": "refused",
        "destination": "refused",
        "india": "not_asked",
        "screens": "not_asked",
        "balance": "refused",
        "calling window": "not_asked",
        "capacity": "deferred",
    }
    assert explained.decision.to_dict()["reason"] == "kyc_not_verified"


def test_r35_what_an_earlier_check_did_not_find_is_said() -> None:
    explained = router().explain_outbound("x", "+912299999999")
    lines = {one.name: (one.verdict, one.sentence) for one in explained.checks}
    assert lines["destination"] == (Verdict.NOT_ASKED, "no valid number was found before it")
    assert lines["agent version"] == (Verdict.NOT_ASKED, "no number of ours was found before it")


def test_r16_every_prefix_with_its_switch() -> None:
    explained = router().explain_outbound("+914012345678", OWN)
    assert [(one.prefix, one.is_on, one.is_blocked, one.outcome, one.verdict) for one in explained.tried] == [
        ("9140", False, True, "off", "wins, and is off, and is blocked"),
        ("91", True, False, "shorter", "loses to the longer prefix"),
    ]
    (closed, _) = (
        router(workspace(enabled=switches({("IN", "India - Hyderabad")})))
        .explain_outbound("+914012345678", OWN)
        .tried
    )
    assert (closed.outcome, closed.verdict) == ("blocked", "wins, and is blocked")


def test_r50_a_prefix_that_does_not_answer_says_why() -> None:
    explained = router().explain_outbound("+9114001234", OWN)
    assert [(one.prefix, one.outcome, one.verdict) for one in explained.tried] == [
        ("911400", "whole_number", "passed over, it is for that whole number only"),
        ("91", "wins", "wins"),
    ]


def test_r16_the_merged_view_passes_over_what_is_off() -> None:
    space = workspace(enabled=switches({("IN", "India")}), choices={"winner": "enabled_groups"})
    explained = router(space).explain_outbound(MOBILE, OWN)
    assert [(one.prefix, one.is_on, one.outcome, one.verdict) for one in explained.tried] == [
        ("9198", False, "group_off", "passed over, its group is off"),
        ("91", True, "wins", "wins"),
    ]


def test_str_is_for_people() -> None:
    space = workspace(billing_plan="growth")
    explained = router(space, plans=[plan()]).explain_outbound(MOBILE, OWN, at=utc(2026, 1, 5))
    assert str(explained).splitlines() == [
        "outbound call to +919812345678 from +912212345678: "
        "allowed, pstn by plivo, India - Mobile, ₹0.75 a minute, sales@1",
        "  number          R1   passed     it is E.164, and as the rules of its country have it",
        "  source          R9   passed     +912212345678 is active, through plivo",
        "  agent version   R32  passed     sales@1 is published",
        "  number plan     R4   passed     numbers of its calling code are so long, or the deck lists it",
        "  kyc             R35  not asked  no facts were passed",
        "  destination     R16  passed     prefix 9198 belongs to India - Mobile, which is on",
        "  india           R12  not asked  the workspace is not under the carrier rules of India",
        "  screens         R38  not asked  there are no screens",
        "  balance         R35  not asked  no facts were passed",
        "  calling window  R37  not asked  the call has no calling window",
        "  capacity        R36  not asked  the workspace has no limit of live calls",
        "prefixes that begin the number:",
        "  9198  on  India - Mobile (IN)  wins",
        "  91    on  India (IN)           loses to the longer prefix",
    ]


def test_html_is_the_same_with_every_text_escaped() -> None:
    evil = "<script>\u202e & co"
    rows = [{"prefix": "91", "network_group": evil, "country_iso": "IN"}]
    on = switches({("IN", evil)})
    asked = router(workspace(enabled=on), decks={"plivo": deck_of(rows)})
    one, both = asked.explain_outbound(MOBILE, OWN), asked.explain_transfer([MOBILE, "+919812345679"], OWN)
    for explained in (one, both):
        html, text = explained.html(), str(explained)
        assert html == explained._repr_html_()
        assert "<script" not in html
        assert "&lt;script&gt;\ufffd &amp; co" in html
        assert "\u202e" not in html + text
        cells = [check for leg in (explained, *explained.legs) for check in leg.checks]
        assert html.count("<tr>") == len(cells) + sum(len(leg.tried) for leg in (explained, *explained.legs))
        assert all(check.name in html and check.name in text for check in cells)
    assert "wins" in one.html()
    # A leg is a call to a number as it is, whatever stands in it.
    assert str(asked.explain_outbound("x\ny", OWN)).splitlines()[0].startswith("outbound call to x\ufffdy")
