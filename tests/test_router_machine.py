"""A workspace's life: switches, providers, decks and the clock move, and the naive twin moves along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import router_model
from counts import times
from decks import DATED, INDIA, deck_of, utc
from dialnexa_routing.workspace.choices import SipBypass, Winner
from test_policy_destination import answer
from workspaces import OWN, router, switches, workspace

SHEETS: list[list[dict[str, Any]]] = [
    INDIA,
    [row | {"country_iso": "IN"} for row in DATED],
    [row for row in INDIA if row["prefix"] != "9198"] + [INDIA[0] | {"prefix": "9", "country_iso": None}],
]
DECKS = [deck_of(rows, keep_redundant=True) for rows in SHEETS]
SWITCHES = sorted({router_model.switch(row) for rows in SHEETS for row in rows})
PROVIDERS = ["plivo", "vobiz"]
NUMBERS = [
    "+919812345678",
    "+914012345678",
    "+911400",
    "+9114005",
    "+18765550100",
    "+14155550100",
    "+95",
    "+7",
]

switch = st.sampled_from(SWITCHES)
provider = st.sampled_from(PROVIDERS)


class Switchboard(RuleBasedStateMachine):
    """One number, two providers, and a model that is walked from top to bottom each time."""

    @initialize()
    def open(self) -> None:
        self.on: dict[str, set[tuple[str, str]]] = {name: set() for name in PROVIDERS}
        self.sheets = {"plivo": 0}
        self.own, self.is_sip, self.sip_enabled = "plivo", False, False
        self.winner, self.bypass = Winner.ALL_GROUPS, SipBypass.PER_NUMBER
        self.at = utc(2025, 12, 31, 23)
        self.router = router(self.space(), decks={"plivo": DECKS[0]})

    def space(self) -> Any:
        number = {
            "number": OWN,
            "provider": self.own,
            "sip_trunk_enabled": self.is_sip,
            "outbound_version": "sales@1",
        }
        return workspace(
            numbers=[number],
            enabled=[one for name in PROVIDERS for one in switches(self.on[name], name)],
            sip_enabled=self.sip_enabled,
            choices={"winner": self.winner, "sip_bypass": self.bypass},
        )

    def reopen(self) -> None:
        self.router = self.router.with_workspace(self.space())

    @rule(name=provider, one=switch)
    def enable(self, name: str, one: tuple[str, str]) -> None:
        self.on[name].add(one)
        self.reopen()

    @rule(name=provider, one=switch)
    def disable(self, name: str, one: tuple[str, str]) -> None:
        self.on[name].discard(one)
        self.reopen()

    @rule(name=provider, is_sip=st.booleans())
    def choose_provider(self, name: str, is_sip: bool) -> None:
        self.own, self.is_sip = name, is_sip
        self.reopen()

    @rule(is_on=st.booleans(), bypass=st.sampled_from(SipBypass), winner=st.sampled_from(Winner))
    def choose(self, is_on: bool, bypass: SipBypass, winner: Winner) -> None:
        self.sip_enabled, self.bypass, self.winner = is_on, bypass, winner
        self.reopen()

    @rule(sheets=st.dictionaries(provider, st.integers(0, len(SHEETS) - 1)))
    def swap_decks(self, sheets: dict[str, int]) -> None:
        self.sheets = sheets
        self.router = self.router.with_decks({name: DECKS[number] for name, number in sheets.items()})

    @rule(hours=st.integers(1, 9000))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def decides_as_the_model(self) -> None:
        rows = {name: SHEETS[number] for name, number in self.sheets.items()}
        for to in NUMBERS:
            expected = router_model.outbound(self.router.workspace, rows, to, OWN, self.at)
            assert answer(self.router.outbound(to, OWN, at=self.at)) == expected


Switchboard.TestCase.settings = settings(max_examples=times(20, 600), stateful_step_count=12, deadline=None)
TestSwitchboard = Switchboard.TestCase
