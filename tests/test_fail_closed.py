"""Whatever nobody switched on is refused: every country of the deck of the world (R15-R17)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

from decks import utc
from dialnexa_routing.workspace.choices import Winner
from dialnexa_routing.workspace.decision import Allowed, Refused
from workspaces import OWN, router, switches, workspace
from world import world_sheet

if TYPE_CHECKING:
    from dialnexa_routing import RateDeck
    from dialnexa_routing.workspace.decision import Decision

PROVIDER = "plivo"
UNLISTED = "+999123456789"
AT = utc(2026, 6, 1)


@cache
def deck() -> RateDeck:
    return world_sheet().compile()


@cache
def prefixes() -> dict[str, dict[str, list[str]]]:
    """Some prefixes of each network group, by country."""
    rows = world_sheet().rows.with_columns(pl.col("country_iso").fill_null("ZZ"))
    keys = ["country_iso", "network_group"]
    found: dict[str, dict[str, list[str]]] = {}
    for iso, name, some in rows.group_by(keys, maintain_order=True).agg(pl.col("prefix").head(2)).iter_rows():
        found.setdefault(iso, {})[name] = some
    return found


def called(prefix: str) -> str:
    return "+" + (prefix + "00000000")[: max(len(prefix), 11)]


def ask(on: set[tuple[str, str]], winner: Winner, numbers: list[str]) -> list[Decision]:
    space = workspace(enabled=switches(on, PROVIDER), choices={"winner": winner})
    asked = router(space, decks={PROVIDER: deck()})
    return [asked.outbound(number, OWN, at=AT) for number in numbers]


def numbers_of(iso: str) -> list[str]:
    """A number under some prefixes of each group of a country."""
    return [called(prefix) for some in prefixes()[iso].values() for prefix in some]


@pytest.mark.parametrize("winner", Winner)
def test_r17_nothing_on_nothing_passes(winner: Winner) -> None:
    numbers = [number for iso in prefixes() for number in numbers_of(iso)]
    reasons = {decision.reason for decision in ask(set(), winner, numbers) if isinstance(decision, Refused)}
    assert len(prefixes()) > 200
    assert reasons == {"no_enabled_countries"}


@pytest.mark.parametrize("winner", Winner)
def test_r15_one_country_on_opens_that_country_only(winner: Winner) -> None:
    other = {"IN": "US"}
    for iso, names in prefixes().items():
        on = {(iso, name) for name in names}
        here = numbers_of(iso)
        for number, decision in zip(here, ask(on, winner, here), strict=True):
            match = deck().match(number, at=AT)
            assert match is not None
            if isinstance(decision, Allowed):
                assert (decision.country_iso or "ZZ") == iso
            else:
                assert match.blocked or (match.country_iso or "ZZ") != iso
        far = numbers_of(other.get(iso, "IN"))[:4]
        for decision in ask(on, winner, [*far, UNLISTED]):
            if isinstance(decision, Allowed):
                # The merged view: a shorter prefix of this country begins a number of another one (R16).
                assert winner is Winner.ENABLED_GROUPS
                assert decision.country_iso == iso
            else:
                assert isinstance(decision, Refused)
                assert decision.reason == "unsupported_country"


@pytest.mark.parametrize("winner", Winner)
def test_r16_one_group_off_closes_its_prefixes(winner: Winner) -> None:
    for iso, names in prefixes().items():
        if len(names) < 2:
            continue
        off = sorted(names)[len(names) // 2]
        on = {(iso, name) for name in names if name != off}
        for decision in ask(on, winner, numbers_of(iso)):
            if isinstance(decision, Allowed):
                assert (decision.country_iso or "ZZ", decision.network_group) in on
            elif isinstance(decision, Refused) and decision.network_group == off:
                assert decision.reason == "unsupported_prefix"


def test_r15_without_a_deck_all_is_refused() -> None:
    for on, reason in (
        (set(), "no_enabled_countries"),
        ({("IN", "India")}, "unsupported_prefix"),
    ):
        asked = router(workspace(enabled=switches(on)), decks={})
        decision = asked.outbound("+919812345678", OWN)
        assert isinstance(decision, Refused)
        assert decision.reason == reason
