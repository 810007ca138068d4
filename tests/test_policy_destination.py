"""Random sheets, switches and numbers: the router, its explanation and the naive twin agree (R14-R21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import router_model
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing.text.errors import DeckTimeError
from dialnexa_routing.workspace.choices import SipBypass, Winner
from dialnexa_routing.workspace.decision import Allowed, Refusal, Refused
from strategies import PREFIX, TIMES, sheets
from workspaces import OWN, router, switches, workspace

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.workspace import Workspace

SIP, SHUT, LONELY = "+912200000001", "+912200000002", "+912200000003"
NUMBERS = [
    {"number": OWN, "outbound_version": "sales@1"},
    {"number": SIP, "outbound_version": "sales@1", "sip_trunk_enabled": True},
    {"number": SHUT, "outbound_version": "sales@1", "rental": "expired"},
    {"number": LONELY, "outbound_version": "sales@1", "provider": "other"},
]


def answer(decision: Decision) -> router_model.Answer:
    if isinstance(decision, Allowed):
        return "allowed", decision.network_group, decision.prefix
    assert isinstance(decision, Refused)
    return str(decision.reason), decision.network_group, decision.prefix


@st.composite
def spaces(draw: st.DrawFn, rows: list[dict[str, Any]]) -> Workspace:
    """Switches of groups that are there, and of some that are not."""
    known = sorted({router_model.switch(row) for row in rows} | {("IN", "Gone"), ("GB", "Gone")})
    on = draw(st.sets(st.sampled_from(known)))
    elsewhere = draw(st.sets(st.sampled_from(known), max_size=1))
    return workspace(
        numbers=NUMBERS,
        enabled=switches(on) + switches(elsewhere, "other"),
        sip_enabled=draw(st.booleans()),
        choices={
            "winner": draw(st.sampled_from(Winner)),
            "sip_bypass": draw(st.sampled_from(SipBypass)),
        },
    )


@given(st.data())
def test_r14_to_r21_as_the_naive_twin(data: st.DataObject) -> None:
    rows = data.draw(sheets(plain=True))
    space = data.draw(spaces(rows))
    deck = deck_of(rows, keep_redundant=True)
    asked = router(space, decks={"plivo": deck})
    tails = st.from_regex(r"[0159]{0,15}", fullmatch=True)
    numbers = st.one_of(
        PREFIX, st.builds(str.__add__, st.sampled_from([row["prefix"] for row in rows]), tails)
    )
    at: datetime | None = data.draw(st.sampled_from(TIMES))
    for _ in range(5):
        to = "+" + data.draw(numbers)
        source = data.draw(st.sampled_from([OWN, OWN, OWN, SIP, SHUT, LONELY, "+912299999999"]))
        decision = asked.outbound(to, source, at=at)
        assert answer(decision) == router_model.outbound(space, {"plivo": rows}, to, source, at)
        explained = asked.explain_outbound(to, source, at=at)
        assert explained.decision == decision
        _, _, prefix = answer(decision)
        wins = [one.prefix for one in explained.tried if one.verdict.startswith("wins")]
        vanished = space.choices.winner is Winner.ENABLED_GROUPS and not decision and not wins
        assert prefix is None or wins == [prefix] or vanished


def test_r50_a_dated_deck_must_be_told_the_time() -> None:
    rows = [{"prefix": "91", "network_group": "India", "country_iso": "IN", "valid_from": utc(2026, 1, 1)}]
    asked = router(decks={"plivo": deck_of(rows)})
    with pytest.raises(DeckTimeError):
        asked.outbound(MOBILE, OWN)
    assert asked.outbound(MOBILE, OWN, at=utc(2026, 1, 1))
    before = asked.outbound(MOBILE, OWN, at=utc(2025, 12, 31))
    assert answer(before) == ("unsupported_country", None, None)


def test_r20_a_trunk_asks_no_deck() -> None:
    asked = router(workspace(numbers=NUMBERS, sip_enabled=True), decks={"plivo": deck_of(DATED)})
    inbound = [{"number": SIP, "inbound_version": "sales@1", "sip_trunk_enabled": True}]
    assert asked.outbound(MOBILE, SIP)
    assert asked.with_workspace(workspace(numbers=inbound)).inbound(SIP)


def test_r46_what_an_inbound_winner_leaves_to_a_shorter_prefix_is_named_as_rated() -> None:
    rows = [
        *INDIA,
        {"prefix": "9177", "network_group": "India - In", "country_iso": "IN", "inbound_rate": "1"},
    ]
    deck = deck_of(rows)
    on = {("IN", "India"), ("IN", "India - In")}
    decision = router(workspace(enabled=switches(on)), decks={"plivo": deck}).outbound("+917712345678", OWN)
    rated = deck.match("+917712345678", direction="outbound")
    assert rated is not None
    assert answer(decision) == ("allowed", rated.network_group, rated.prefix)


def test_r17_the_digest_says_which_deck_refused() -> None:
    deck = deck_of(INDIA)
    decision = router(decks={"plivo": deck}).outbound("+18765550100", OWN)
    assert isinstance(decision, Refused)
    assert decision.reason is Refusal.UNSUPPORTED_COUNTRY
    assert decision.deck_digest == deck.digest


@pytest.mark.parametrize("groups", [1, 7, 8, 9, 16, 17])
def test_r16_switches_fit_decks_of_any_number_of_groups(groups: int) -> None:
    rows = [{"prefix": f"91{at:02}", "network_group": f"g{at}", "country_iso": "IN"} for at in range(groups)]
    space = workspace(choices={"winner": Winner.ENABLED_GROUPS}, enabled=switches({("IN", f"g{groups - 1}")}))
    asked = router(space, decks={"plivo": deck_of(rows)})
    assert asked.outbound(f"+91{groups - 1:02}12345678", OWN)
    assert not asked.outbound(f"+91{groups:02}12345678", OWN)
