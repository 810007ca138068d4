"""Decks with the slots of more than 67 million entries, tried with few: they answer as all others (R15, R16).

`rust/deck/tests/many.rs` builds one that has so many.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import DATED, INDIA, deck_of, deck_of_many
from dialnexa_routing import WORLD, records
from dialnexa_routing._deck import walks
from dialnexa_routing.deck.match_columns import MATCH_TYPES
from strategies import TIMES, numbers, sheets

FIELDS = tuple(name for name in MATCH_TYPES if name != "entry")
"""Entries have other numbers; whatever else is told is the same."""


@st.composite
def both(draw: st.DrawFn) -> tuple[Any, Any, list[str | None]]:
    """The same rows under both kinds of slots, and numbers near them."""
    rows = draw(sheets(dated=draw(st.booleans()), plain=draw(st.booleans())))
    keep = draw(st.booleans())
    asked = [*draw(numbers(rows)), *(row["prefix"] for row in rows), None]
    return deck_of(rows, keep_redundant=keep), deck_of_many(rows, keep_redundant=keep), asked


@given(both(), st.sampled_from(TIMES), st.sampled_from((None, "outbound", "inbound")), st.booleans())
def test_r16_columns_are_the_same_by_every_walk(drawn: Any, at: Any, way: Any, by_plan: bool) -> None:
    usual, many, asked = drawn
    column, plan = pl.Series("to", asked, dtype=pl.String), WORLD if by_plan else None
    how: dict[str, Any] = {"at": at, "direction": way, "fields": FIELDS, "number_plan": plan}
    expected = usual.match(column, **how)
    assert many.match(column, **how).equals(expected)
    assert many.network_groups == usual.network_groups
    assert many.rows().equals(usual.rows())
    assert many.prefixes("") == usual.prefixes("")
    moment = int(at.timestamp()) * 1_000_000
    for walk in walks():
        said = [
            pl.Series(
                deck._core.match_column(
                    column, ["prefix", "network_group"], name="m", alone=False, at=moment, walk=walk
                )
            )
            for deck in (usual, many)
        ]
        assert said[0].equals(said[1]), walk


@pytest.mark.parametrize("rows", [INDIA, DATED], ids=["plain", "dated"])
def test_records_are_rated_alike(rows: list[dict[str, Any]]) -> None:
    usual, many = deck_of(rows), deck_of_many(rows)
    asked = ["+919812345678", "914012345678", "18765551234", "911400", "9114001", "44", "x", None]
    calls = pl.DataFrame(
        {"to": asked * 3, "seconds": 61, "answered_at": [at for at in TIMES[:3] for _ in asked]},
        schema={"to": pl.String, "seconds": pl.Int64, "answered_at": pl.Datetime("us", "UTC")},
    )
    rated = [records.rate(calls, deck=deck).drop("deck_digest") for deck in (usual, many)]
    assert rated[0].equals(rated[1])
    for number in ("919812345678", "18765551234"):
        assert many.rate(number, 61, at=TIMES[0]).total == usual.rate(number, 61, at=TIMES[0]).total
        shown = [deck.explain(number, seconds=61, at=TIMES[0]).to_dict() for deck in (usual, many)]
        assert without_digest(shown[0]) == without_digest(shown[1])
    assert many != usual


def without_digest(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: word for name, word in shown.items() if name != "deck_digest"}
