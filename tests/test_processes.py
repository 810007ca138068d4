"""Decks that travel: by pickle to other processes, as the way to their file or as their bytes."""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from decks import INDIA, MOBILE, deck_of
from dialnexa_routing import DeckError, RateDeck, Semantics, records

if TYPE_CHECKING:
    from pathlib import Path


def rate_elsewhere(deck: RateDeck, numbers: list[str]) -> tuple[list[Decimal | None], str]:
    frame = pl.DataFrame({"to": numbers, "seconds": [61] * len(numbers)})
    return records.rate(frame, deck=deck)["charge"].to_list(), deck.digest


def test_a_deck_without_a_file_travels_as_its_bytes() -> None:
    deck = deck_of(INDIA)
    again = pickle.loads(pickle.dumps(deck))
    assert (again, again.digest, again.to_bytes()) == (deck, deck.digest, deck.to_bytes())
    assert hash(again) == hash(deck)


def test_a_deck_with_a_file_travels_as_its_path(tmp_path: Path) -> None:
    many = [{"prefix": str(prefix), "outbound_rate": prefix} for prefix in range(10_000, 30_000)]
    deck_of(many).save(tmp_path / "big.deck")
    deck = RateDeck.open(tmp_path / "big.deck")
    packed = pickle.dumps(deck)
    assert len(packed) < 1000 < len(deck.to_bytes())
    assert pickle.loads(packed) == deck


def test_r50_another_file_under_the_path_fails_loudly(tmp_path: Path) -> None:
    path = tmp_path / "plan.deck"
    deck_of(INDIA).save(path)
    packed = pickle.dumps(RateDeck.open(path))
    deck_of(INDIA[:2]).save(path)
    with pytest.raises(DeckError, match="another deck by now"):
        pickle.loads(packed)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        pickle.loads(packed)


def test_r54_another_process_rates_alike(tmp_path: Path) -> None:
    deck_of(INDIA).save(tmp_path / "plan.deck")
    deck, numbers = RateDeck.open(tmp_path / "plan.deck"), [MOBILE, "+14155550100", "+914012345678", "x"]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        there = pool.submit(rate_elsewhere, deck, numbers).result()
    assert there == rate_elsewhere(deck, numbers)
    assert there[0] == [Decimal("1.50"), Decimal("2.20"), None, None]


@pytest.mark.parametrize("semantics", [None, Semantics(pulse="30/6", decimals=4)], ids=["default", "own"])
def test_expressions_travel_with_their_deck(semantics: Semantics | None) -> None:
    pytest.importorskip("cloudpickle", reason="Polars packs Python functions with it")
    deck, frame = deck_of(INDIA), pl.DataFrame({"to": [MOBILE, None, "1876"], "seconds": [32, 57, 75]})
    expressions = [deck.match(pl.col("to")), records.rated(deck, semantics=semantics)]
    again = pickle.loads(pickle.dumps(expressions))
    assert frame.select(again).equals(frame.select(expressions))


def test_semantics_travel_before_they_are_used() -> None:
    choices = Semantics(pulse="30/6", rounding="up")
    assert pickle.loads(pickle.dumps(choices)) == choices


def test_semantics_travel_after_they_were_used() -> None:
    choices = Semantics(pulse="30/6", rounding="up")
    deck_of(INDIA).rate(MOBILE, 32, semantics=choices)
    assert pickle.loads(pickle.dumps(choices)) == choices


def test_r48_a_copy_with_other_choices_counts_by_these() -> None:
    deck, choices = deck_of(INDIA), Semantics()
    assert deck.rate(MOBILE, 1, semantics=choices).total == Decimal("0.75")
    changed = choices.model_copy(update={"decimals": 4})
    assert str(deck.rate(MOBILE, 1, semantics=changed).total) == "0.7500"
