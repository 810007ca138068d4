"""Numbers that can be none have a reason in columns, alone and in bulk alike (R51, R54)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, deck_of
from dialnexa_routing import WORLD, NumberPlan, RateDeck, Reason, Semantics, _deck
from dialnexa_routing.deck.match_columns import MATCH_TYPES
from strategies import TIMES, sheets

LISTED: list[dict[str, Any]] = [
    {"prefix": "112", "network_group": "Desk", "outbound_rate": "1", "exact_match": True},
    {"prefix": "91100", "network_group": "Hotline", "outbound_rate": "2", "exact_match": True},
    {"prefix": "9110", "network_group": "India - 10", "outbound_rate": "3"},
]
FIELDS = list(MATCH_TYPES)
NOTHING = dict.fromkeys(FIELDS)
NUMBERS = st.lists(
    st.one_of(
        st.none(),
        st.from_regex(r"\+?[1-9][0-9]{0,14}", fullmatch=True),
        st.from_regex(r"91(98|40|1400)?[0-9]{0,9}", fullmatch=True),
        st.sampled_from(["112", "+112", "911", "91112", "91100", "91101", "0", "", "x", "2710177"]),
    ),
    max_size=40,
)


def matched(deck: RateDeck, numbers: list[str | None], plan: NumberPlan | None, **asked: Any) -> list[Any]:
    column = deck._core.match_column(
        pl.Series("to", numbers, dtype=pl.String),
        FIELDS,
        name="match",
        alone=False,
        number_plan=None if plan is None else plan.core,
        **asked,
    )
    return pl.Series("match", column).to_list()


def naive(deck: RateDeck, plan: NumberPlan, number: str | None, without: dict[str, Any], **asked: Any) -> Any:
    """What a plan makes of a row that was matched without it."""
    if number is None or without["reason"] == "invalid_number":
        return without
    fault = plan.judge(number)
    found = deck._core.match_one(number, **asked)
    is_listed = found is not None and found.exact_match
    return without if fault is None or is_listed else NOTHING | {"reason": fault}


@given(
    NUMBERS,
    st.sampled_from([WORLD, WORLD.replaced("91", None), WORLD.replaced("1", {3}).without_emergencies()]),
)
def test_r54_a_column_is_judged_as_its_numbers_are(numbers: list[str | None], plan: NumberPlan) -> None:
    deck = deck_of([*INDIA, *LISTED])
    without = matched(deck, numbers, None)
    assert matched(deck, numbers, plan) == [
        naive(deck, plan, number, row) for number, row in zip(numbers, without, strict=True)
    ]


@given(sheets(), NUMBERS, st.sampled_from(TIMES), st.sampled_from([None, "outbound", "inbound"]))
def test_r54_whatever_the_deck_and_the_question(
    rows: list[dict[str, Any]], numbers: list[str | None], at: Any, way: str | None
) -> None:
    deck = deck_of(rows)
    asked = {"at": int(at.timestamp()) * 1_000_000, "direction": way}
    without = matched(deck, numbers, None, **asked)
    assert matched(deck, numbers, WORLD, **asked) == [
        naive(deck, WORLD, number, row, **asked) for number, row in zip(numbers, without, strict=True)
    ]


def test_a_whole_number_of_the_deck_wins_over_the_plan() -> None:
    deck = deck_of([*INDIA, *LISTED])
    groups = [row["network_group"] for row in matched(deck, ["112", "91100", "91101", "911000"], WORLD)]
    assert groups == ["Desk", "Hotline", None, None]
    bits = sum(1 << group.number for group in deck.network_groups if group.name != "Desk")
    enabled = bits.to_bytes((len(deck.network_groups) + 7) // 8, "little")
    found = matched(deck, ["112", "91100"], WORLD, enabled=enabled)
    assert [row["reason"] for row in found] == ["emergency_number", None]


@pytest.mark.parametrize("rows", [1, 511, 512, 513, 1500])
def test_every_place_of_a_block_is_judged(rows: int) -> None:
    deck = deck_of(INDIA)
    for bad in {0, rows // 2, rows - 1}:
        numbers: list[str | None] = ["919812345678"] * rows
        numbers[bad] = "9198"
        reasons = [row["reason"] for row in matched(deck, numbers, WORLD)]
        assert reasons == [None] * bad + ["impossible_number"] + [None] * (rows - bad - 1)


@given(NUMBERS, st.sampled_from([0, 61, None]))
def test_r54_rated_alone_and_in_columns(numbers: list[str | None], seconds: int | None) -> None:
    core, semantics = deck_of([*INDIA, *LISTED])._core, Semantics().core
    records = pl.DataFrame(
        {"number": numbers, "ticks": [seconds] * len(numbers)},
        schema={"number": pl.String, "ticks": pl.Int64},
    )
    column = core.rate_column(
        records.to_struct("records"),
        ["prefix", "billed_seconds", "charge_units", "reason"],
        semantics,
        name="rated",
        alone=False,
        per_second=1,
        direction="outbound",
        number_plan=WORLD.core,
    )
    for number, row in zip(numbers, pl.Series("rated", column).to_list(), strict=True):
        one = core.rate_one(number, seconds, 1, None, "outbound", semantics, True, WORLD.core)
        assert (one[0] and one[0].prefix, *one[1:3], one[4]) == tuple(row.values())
        if number and one[0] is None and (fault := WORLD.core.judge(number)):
            assert one[4] == fault


def test_the_reasons_come_after_what_is_no_number() -> None:
    of_python = (Reason.BEFORE_FIRST_DECK, Reason.BEFORE_FIRST_PLAN)
    order = [reason for reason in Reason if reason not in of_python]
    assert list(_deck.REASONS) == order
    at = order.index(Reason.INVALID_NUMBER)
    assert order[at + 1 : at + 3] == [Reason.IMPOSSIBLE_NUMBER, Reason.EMERGENCY_NUMBER]
