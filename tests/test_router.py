"""The router's face: what it takes, what it gives back, and that it never changes."""

from __future__ import annotations

import pickle
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from decks import INDIA, MOBILE, deck_of, utc
from dialnexa_routing.text.errors import ConfigError, DeckTimeError
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refused
from dialnexa_routing.workspace.policy.question import CallOrigin
from dialnexa_routing.workspace.policy.setting import Screen
from dialnexa_routing.workspace.router import Router
from workspaces import OWN, facts, plan, router, switches, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.workspace.decision import Decision

ASKED = router()


def test_r42_a_decision_is_true_if_the_call_may_go() -> None:
    allowed, refused = ASKED.outbound(MOBILE, OWN), ASKED.outbound("+447700900123", OWN)
    later = router(workspace(choices={"capacity": 0})).outbound(MOBILE, OWN, facts=facts())
    assert [type(one) for one in (allowed, refused, later)] == [Allowed, Refused, Deferred]
    assert [bool(one) for one in (allowed, refused, later)] == [True, False, False]
    assert [one.to_dict()["decision"] for one in (allowed, refused, later)] == [
        "allowed",
        "refused",
        "deferred",
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ASKED.outbound(919812345678, OWN),  # type: ignore[arg-type]
        lambda: ASKED.outbound(b"+919812345678", OWN),  # type: ignore[arg-type]
        lambda: ASKED.outbound(None, OWN),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, 912212345678),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, agent=1),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, agent="sales", version="1"),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, agent="sales", version=True),
        lambda: ASKED.outbound(MOBILE, OWN, facts={"live_calls": 1}),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, window="09:00-21:00"),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, at="2026-01-05"),  # type: ignore[arg-type]
        lambda: ASKED.inbound(None),  # type: ignore[arg-type]
        lambda: ASKED.inbound(OWN, 1),  # type: ignore[arg-type]
        lambda: ASKED.web(None),  # type: ignore[arg-type]
        lambda: ASKED.transfer(None, OWN),  # type: ignore[arg-type]
        lambda: ASKED.transfer(b"+919812345678", OWN),  # type: ignore[arg-type]
        lambda: ASKED.transfer([919812345678], OWN),  # type: ignore[list-item]
        lambda: ASKED.transfer(MOBILE, None),  # type: ignore[arg-type]
        lambda: ASKED.lead(MOBILE, OWN),
        lambda: Router({}, decks={}),  # type: ignore[arg-type]
        lambda: Router(workspace(), decks=[]),  # type: ignore[arg-type]
        lambda: Router(workspace(), decks={"plivo": "plivo.deck"}),  # type: ignore[dict-item]
        lambda: Router(workspace(), decks={}, plans=["growth"]),  # type: ignore[list-item]
        lambda: Router(workspace(), decks={}, screens=[str]),  # type: ignore[list-item]
        lambda: Router(workspace(), decks={}, country_rules=["91"]),  # type: ignore[list-item]
        lambda: Screen("dnd", {MOBILE}),  # type: ignore[arg-type]
        lambda: router(screens=[Screen("dnd", lambda number: None)]).outbound(MOBILE, OWN),  # type: ignore[arg-type, return-value]
    ],
)
def test_r42_wrong_types_are_errors_of_one_message(ask: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as error:
        ask()
    assert len(error.value.args) == 1
    assert "812345678" not in str(error.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ASKED.outbound(MOBILE, OWN, version=1),
        lambda: ASKED.outbound(MOBILE, OWN, origin="cron"),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, purpose="fun"),  # type: ignore[arg-type]
        lambda: ASKED.outbound(MOBILE, OWN, origin=CallOrigin.BATCH, agent="sales"),
        lambda: ASKED.outbound(MOBILE, OWN, at=datetime(2026, 1, 5)),
        lambda: Router(workspace(), decks={}, plans=[plan(), plan()]),
        lambda: Screen("", str.isdigit),
        lambda: Screen("unsupported_prefix", str.isdigit),
    ],
)
def test_r42_wrong_values_are_errors_of_one_message(ask: Callable[[], object]) -> None:
    with pytest.raises((ValueError, ConfigError)) as error:
        ask()
    assert len(error.value.args) == 1
    assert type(error.value) in (ValueError, ConfigError, DeckTimeError)


class Text(str):
    def __str__(self) -> str:
        return "+15550000000"


def test_a_subclass_of_str_is_its_characters() -> None:
    assert ASKED.outbound(Text(MOBILE), Text(OWN)) == ASKED.outbound(MOBILE, OWN)
    assert ASKED.outbound(MOBILE, OWN, origin="batch") == ASKED.outbound(MOBILE, OWN)  # type: ignore[arg-type]


def test_a_router_is_a_snapshot() -> None:
    decks = {"plivo": deck_of(INDIA)}
    asked = Router(workspace(), decks=decks)
    before = asked.outbound(MOBILE, OWN)
    decks.clear()
    assert asked.outbound(MOBILE, OWN) == before
    with pytest.raises(TypeError):
        asked.decks["plivo"] = deck_of(INDIA[:1])  # type: ignore[index]
    with pytest.raises(AttributeError):
        asked.workspace = workspace()  # type: ignore[misc]


def test_r23_another_workspace_leaves_the_old_router_as_it_was() -> None:
    closed = ASKED.with_workspace(workspace(enabled=[]))
    assert ASKED.outbound(MOBILE, OWN)
    assert not closed.outbound(MOBILE, OWN)
    assert closed.with_workspace(ASKED.workspace).outbound(MOBILE, OWN) == ASKED.outbound(MOBILE, OWN)


def test_r50_other_decks_bring_their_own_digest() -> None:
    rows: list[dict[str, Any]] = [{"prefix": "91", "network_group": "India", "country_iso": "IN"}]
    deck = deck_of(rows)
    decision = ASKED.with_decks({"plivo": deck}).outbound(MOBILE, OWN)
    assert isinstance(decision, Allowed)
    assert (decision.prefix, decision.deck_digest) == ("91", deck.digest)


def test_everything_else_is_kept() -> None:
    rule = CountryRule(country_iso="IN", calling_code="91", max_length=10)
    space = workspace(billing_plan="growth")
    full = router(space, plans=[plan()], country_rules=[rule], screens=[Screen("dnd", {MOBILE}.__contains__)])
    for asked in (full, full.with_decks(full.decks), full.with_workspace(space), pickled(full)):
        assert reason(asked.outbound(MOBILE, OWN)) == "dnd"
        assert reason(asked.outbound(f"{MOBILE}0", OWN)) == "invalid_number"
        allowed = asked.outbound("+919812345679", OWN)
        assert isinstance(allowed, Allowed)
        assert str(allowed.rate) == "0.750000000"


def pickled(asked: Router) -> Router:
    again = pickle.loads(pickle.dumps(asked))
    assert isinstance(again, Router)
    return again


def reason(decision: Decision) -> str | None:
    return str(decision.reason) if isinstance(decision, Refused) else None


def test_r38_what_a_screen_raises_goes_up() -> None:
    def broken(number: str) -> bool:
        raise ConnectionError("the list is not there")

    asked = router(screens=[Screen("dnd", broken)])
    with pytest.raises(ConnectionError):
        asked.outbound(MOBILE, OWN)
    # What is refused before it is not screened; explaining tells what came of asking.
    assert reason(asked.outbound("+447700900123", OWN)) == "unsupported_country"
    explained = asked.explain_outbound("+447700900123", OWN)
    assert reason(explained.decision) == "unsupported_country"
    assert "ConnectionError: the list is not there" in str(explained)


def test_r38_a_screen_sees_the_number_with_plus() -> None:
    seen: list[str] = []

    def watching(number: str) -> bool:
        seen.append(number)
        return True

    decision = router(screens=[Screen("dnd", watching, "not today")]).outbound(MOBILE, OWN)
    assert seen == [MOBILE]
    assert isinstance(decision, Refused)
    assert (decision.reason, decision.status, decision.sentence) == ("dnd", 403, "not today")


def test_r41_the_legs_are_the_calls_themselves() -> None:
    targets = [MOBILE, "+14155550101"]
    together = ASKED.transfer("|".join(targets), OWN)
    assert together == ASKED.transfer(iter(targets), OWN)  # type: ignore[arg-type]
    assert isinstance(together, Allowed)
    alone = [ASKED.outbound(target, OWN).to_dict() | {"agent_version": None} for target in targets]
    assert [leg.to_dict() for leg in together.legs] == alone


def test_r40_a_lead_is_the_outbound_call_of_the_number_that_reaches_it() -> None:
    numbers = [
        {"number": "+912200000001", "outbound_version": "sales@1", "provider": "other"},
        {"number": OWN, "outbound_version": "sales@1"},
    ]
    asked = router(workspace(numbers=numbers))
    sources = ["+912200000001", OWN]
    assert asked.lead(MOBILE, sources) == asked.outbound(MOBILE, OWN, origin=CallOrigin.WORKFLOW)
    refused = asked.lead(MOBILE, sources[:1])
    assert reason(refused) == "no_enabled_countries"


def test_r16_both_readings_of_a_longer_disabled_prefix() -> None:
    on = switches({("IN", "India")})
    strict = router(workspace(enabled=on))
    merged = router(workspace(enabled=on, choices={"winner": "enabled_groups"}))
    assert reason(strict.outbound(MOBILE, OWN)) == "unsupported_prefix"
    allowed = merged.outbound(MOBILE, OWN)
    assert isinstance(allowed, Allowed)
    assert (allowed.network_group, allowed.prefix) == ("India", "91")


def test_r35_refusals_carry_no_whole_number() -> None:
    asked = router(country_rules=[CountryRule(country_iso="IN", calling_code="91", max_length=9)])
    for to, source in ((MOBILE, OWN), ("+447700900123", OWN), (MOBILE, "+919876543210"), ("0981234567", OWN)):
        decision = asked.outbound(to, source, at=utc(2026, 1, 5))
        assert isinstance(decision, Refused)
        assert to not in decision.sentence
        assert source == OWN or source not in decision.sentence


def test_r48_a_decisions_amounts_are_text_in_full() -> None:
    free = plan(telephony={"kind": "deck_prices", "markup_percent": "-100"})
    decision = router(workspace(billing_plan="growth"), plans=[free]).outbound(MOBILE, OWN)
    assert decision.to_dict() == {
        "decision": "allowed",
        "path": "pstn",
        "provider": "plivo",
        "source": OWN,
        "to": MOBILE,
        "network_group": "India - Mobile",
        "country_iso": "IN",
        "prefix": "9198",
        "rate": "0.000000000",
        "agent_version": "sales@1",
        "deck_digest": ASKED.decks["plivo"].digest,
        "legs": [],
        "max_seconds": None,
    }
    later = router(workspace(calling_window={"start": "09:00", "end": "10:00", "zone": "Asia/Kolkata"}))
    assert later.outbound(MOBILE, OWN, at=utc(2026, 1, 5)).to_dict()["until"] == "2026-01-05T09:00:00+05:30"
