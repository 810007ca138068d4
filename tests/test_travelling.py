"""Matches, charges and explanations are values: pickled, copied, sent to processes they stay equal."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import DeckError, Match, RateDeck
from workspaces import plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WAYS: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "twice": lambda value: pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(value)))),
    "protocol 2": lambda value: pickle.loads(pickle.dumps(value, protocol=2)),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
}
DECKS = {
    "plain": deck_of(INDIA),
    "dated": deck_of(DATED),
    "full": deck_of(
        [
            {"prefix": "9", "network_group": "Others"},
            {
                "prefix": "91",
                "network_group": "India ₹",
                "country_iso": "IN",
                "country": "India",
                "outbound_rate": "0.123456789",
                "inbound_rate": "0",
                "connect_fee": "1",
                "initial_increment_s": 30,
                "next_increment_s": 6,
                "minimum_s": 7,
                "grace_s": 2,
                "min_charge": "0.5",
                "max_charge": "9",
            },
            {"prefix": "9198", "network_group": "Blocked", "blocked": True},
            {"prefix": "919812345678", "network_group": "One", "exact_match": True, "outbound_rate": "2"},
        ]
    ),
}
AT = utc(2026, 6, 1)
WORDS = [name for name in dir(Match) if not name.startswith("_")]


def values(deck: RateDeck) -> list[Any]:
    made: list[Any] = []
    for number in (MOBILE, "+914012345678", "+14155550100", "+919876543210"):
        made += [
            deck.match(number, at=AT),
            deck.rate(number, 61, at=AT),
            deck.explain(number, seconds=61, at=AT),
            deck.explain(number, at=AT),
            plan().rate(deck, number=number, seconds=61, at=AT),
            plan().explain(deck, number=number, seconds=61, at=AT),
        ]
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DECKS)
def test_what_travelled_is_equal_and_says_the_same(name: str, way: str) -> None:
    for value in values(DECKS[name]):
        again = WAYS[way](value)
        assert again == value
        assert repr(again) == repr(value)
        assert str(again) == str(value)
        if isinstance(value, Match):
            assert hash(again) == hash(value)
            assert {word: getattr(again, word) for word in WORDS} == {
                word: getattr(value, word) for word in WORDS
            }


def test_a_match_of_another_deck_stays_another_one() -> None:
    one, other = (deck.match(MOBILE) for deck in (deck_of(INDIA), deck_of(INDIA[:2])))
    assert one is not None
    assert pickle.loads(pickle.dumps(one)) != other
    assert pickle.loads(pickle.dumps(other)) != one


def test_a_match_travels_without_its_deck() -> None:
    many = [{"prefix": str(prefix), "outbound_rate": prefix} for prefix in range(10_000, 30_000)]
    deck = deck_of(many)
    assert len(pickle.dumps(deck.match("12345"))) < 4096 < len(deck.to_bytes()) // 20


def test_the_number_called_does_not_travel_with_its_match() -> None:
    found = deck_of(INDIA).match(MOBILE)
    assert MOBILE.removeprefix("+").encode() not in pickle.dumps(found)


def charge_of(deck: RateDeck) -> Any:
    return deck.match(MOBILE), deck.rate(MOBILE, 61), deck.explain(MOBILE, seconds=61)


def test_they_go_through_process_pools(tmp_path: Path) -> None:
    deck_of(INDIA).save(tmp_path / "a.deck")
    deck = RateDeck.open(tmp_path / "a.deck")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(charge_of, deck).result() == charge_of(deck)
    assert charge_of(deck)[1].total == Decimal("1.50")


@pytest.mark.parametrize("data", [b"", b"x" * 100, deck_of(INDIA).to_bytes()[:-1]])
def test_a_pickle_that_is_damaged_gives_an_error(data: bytes) -> None:
    with pytest.raises(DeckError):
        Match(data, "0" * 64, "91", 0, 0)
