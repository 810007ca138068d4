"""A deck told in full, and matching among some of its groups, against the rows it was compiled from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from decks import DATED, INDIA, deck_of, utc
from dialnexa_routing import NetworkGroup, NumberError, RateDeck
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.canonical_columns import SHEET
from dialnexa_routing.deck.match_columns import MATCH_TYPES
from strategies import PREFIX, TIMES, numbers, sheets
from world import world_sheet

Row = dict[str, Any]
FIELDS = [name for name in MATCH_TYPES if name not in ("entry", "group")]
WAYS = st.sampled_from([None, "outbound", "inbound"])
WITHIN = st.one_of(st.just(""), st.from_regex(r"[019][0159]{0,14}", fullmatch=True), PREFIX)


def words(row: oracle.Row) -> tuple[Any, Any, Any]:
    return row["network_group"], row.get("country_iso"), row.get("country")


def numbered(deck: RateDeck) -> dict[tuple[Any, Any, Any], int]:
    groups = deck.network_groups
    assert [group.number for group in groups] == list(range(deck.counts.network_groups))
    return {(group.name, group.country_iso, group.country): group.number for group in groups}


def bits(groups: set[int], count: int) -> bytes:
    return sum(1 << number for number in groups).to_bytes((count + 7) // 8, "little")


def near(draw: st.DrawFn, rows: list[Row]) -> str:
    """Digits that stand on, above or under some prefix, or anywhere."""
    prefix = draw(st.sampled_from(rows))["prefix"]
    return str(
        draw(st.one_of(st.just(prefix[: draw(st.integers(0, 15))]), st.just((prefix + "5")[:15]), WITHIN))
    )


@st.composite
def listed(draw: st.DrawFn) -> tuple[list[Row], str]:
    rows = draw(sheets(plain=True))
    return rows, near(draw, rows)


@given(listed())
def test_r15_the_listing_is_what_was_compiled(asked: tuple[list[Row], str]) -> None:
    rows, within = asked
    deck = deck_of(rows, keep_redundant=True)
    group_of = numbered(deck)
    assert set(group_of) == {words(row) for row in rows}
    under = [row for row in rows if row["prefix"].startswith(within)]
    assert deck.prefixes(within) == sorted({row["prefix"] for row in under})
    for said, group in group_of.items():
        owned = {row["prefix"] for row in under if words(row) == said}
        assert deck.prefixes(within, group) == sorted(owned)
    above = [row for row in rows if within.startswith(row["prefix"]) and not row.get("exact_match")]
    longest = max((len(row["prefix"]) for row in above), default=0)
    owners = under + [row for row in above if len(row["prefix"]) == longest]
    assert deck.groups_within(within) == tuple(sorted({group_of[words(row)] for row in owners}))


@given(listed())
def test_r16_redundant_rows_hide_no_group(asked: tuple[list[Row], str]) -> None:
    rows, within = asked
    kept, lean = deck_of(rows, keep_redundant=True), deck_of(rows)
    assert lean.network_groups == kept.network_groups
    assert lean.groups_within(within) == kept.groups_within(within)
    assert set(lean.prefixes(within)) <= set(kept.prefixes(within))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Any, ...]:
    rows = draw(sheets(plain=True))
    enabled = draw(st.sets(st.sampled_from(sorted({words(row) for row in rows}, key=str))))
    return rows, enabled, draw(numbers(rows)), draw(st.sampled_from(TIMES)), draw(WAYS)


@given(questions())
def test_r16_only_enabled_groups_take_part(asked: Any) -> None:
    rows, enabled, wanted, at, way = asked
    for keep in (True, False):
        deck = deck_of(rows, keep_redundant=keep)
        group_of = numbered(deck)
        mask = bits({group_of[said] for said in enabled}, len(group_of))
        time = microseconds(at)
        answer = deck._core.match_column(
            pl.Series(wanted, dtype=pl.String),
            ["group", "prefix", "blocked"],
            name="match",
            alone=False,
            at=time,
            direction=way,
            enabled=mask,
        )
        for number, row in zip(wanted, pl.Series("match", answer).to_list(), strict=True):
            bare = None if number is None else oracle.digits(number)
            taking_part = [row for row in rows if words(row) in enabled]
            found = oracle.longest(taking_part, bare, at, way) if bare else None
            said = {
                "group": found and group_of[words(found)],
                "prefix": found and found["prefix"],
                "blocked": None if found is None else bool(found.get("blocked")),
            }
            if not keep:
                del row["prefix"], said["prefix"]
            assert row == said
            if bare:
                match = deck._core.match_one(bare, time, way, mask)
                assert (match and match.group) == said["group"]


@given(questions())
def test_r16_all_groups_enabled_is_no_mask(asked: Any) -> None:
    rows, _, wanted, at, way = asked
    deck = deck_of(rows)
    everybody = bits(set(range(len(deck.network_groups))), len(deck.network_groups))
    column, fields, time = pl.Series(wanted, dtype=pl.String), list(MATCH_TYPES), microseconds(at)
    masked = deck._core.match_column(
        column, fields, name="match", alone=False, at=time, direction=way, enabled=everybody
    )
    assert (
        pl.Series("match", masked).to_list()
        == deck.match(column, at=at, direction=way, fields=fields).to_list()
    )


@given(sheets(), st.data(), st.sampled_from(TIMES), WAYS)
def test_r54_rows_compile_to_the_same_answers(
    rows: list[Row], data: st.DataObject, at: Any, way: Any
) -> None:
    deck = deck_of(rows, keep_redundant=True)
    told = deck.rows()
    assert told.schema == {name: SHEET[name] for name in told.columns}
    assert len(told) == len(deck)
    again = RateDeck.compile(told, keep_redundant=True)
    assert again.rows().equals(told)
    assert (again.is_dated, again.network_groups) == (deck.is_dated, deck.network_groups)
    column = pl.Series(data.draw(numbers(rows)), dtype=pl.String)
    answers = [
        one.match(column, at=at, direction=way, fields=list(MATCH_TYPES)).to_list() for one in (deck, again)
    ]
    assert answers[0] == answers[1]
    for number in filter(oracle.digits, filter(None, column.to_list())):
        assert deck.rate(number, 61, at=at).exact == again.rate(number, 61, at=at).exact


def test_r15_a_deck_of_many_prefixes_lists_them_all() -> None:
    rows = world_sheet().rows.filter(pl.col("origin").is_null())
    deck = RateDeck.compile(rows, keep_redundant=True)
    prefixes = sorted(set(rows["prefix"].to_list()))
    group_of = numbered(deck)
    for within in ("", "9", "91", "919", "9198", "44", "447", "1", "1876"):
        assert deck.prefixes(within) == [prefix for prefix in prefixes if prefix.startswith(within)]
    owned = rows.group_by("network_group", "country_iso", "country").agg(pl.col("prefix").unique().sort())
    for *said, under in list(owned.rows())[::50]:
        assert deck.prefixes(group=group_of[tuple(said)]) == under
    assert deck.rows()["prefix"].unique(maintain_order=True).to_list() == prefixes


def test_groups_of_a_known_deck() -> None:
    deck = deck_of(INDIA)
    assert deck.network_groups[0] == NetworkGroup(0, "India", "IN", None)
    assert deck.network_groups[5] == NetworkGroup(5, "United States", "US", None)
    assert deck.prefixes("91") == ["91", "911400", "9140", "9198"]
    assert deck.prefixes(group=5) == ["1"]
    match = deck.match("+919812345678")
    assert match is not None
    assert deck.network_groups[match.group].name == match.network_group == "India - Mobile"
    columns = deck.match(pl.Series(["919812345678", "7"]), fields=["group", "network_group"])
    assert columns.to_list() == [
        {"group": match.group, "network_group": "India - Mobile"},
        {"group": None, "network_group": None},
    ]


def test_r15_typed_digits_find_the_owner_above_and_below() -> None:
    deck = deck_of(INDIA)
    names = {
        digits: [deck.network_groups[number].name for number in deck.groups_within(digits)]
        for digits in ("9198", "91981", "919", "1", "12", "911400", "9114001", "0", "7")
    }
    assert names == {
        "9198": ["India - Mobile"],
        "91981": ["India - Mobile"],
        "919": ["India", "India - Mobile"],
        "1": ["Jamaica", "United States"],
        "12": ["United States"],
        "911400": ["India", "India - Desk"],
        "9114001": ["India"],
        "0": [],
        "7": [],
    }


def test_r50_a_prefix_with_two_owners_in_turn_is_listed_once_and_under_both() -> None:
    deck = deck_of(DATED)
    assert deck.prefixes("9198") == ["9198"]
    owners = [number for number in deck.groups_within("91981") if deck.prefixes("9198", number) == ["9198"]]
    assert [deck.network_groups[number].name for number in owners] == ["Mobile 2025", "Mobile 2026"]
    assert deck.rows()["valid_to"].to_list() == [None, utc(2026, 1, 1), utc(2027, 1, 1)]


def test_r16_a_blocked_entry_of_an_enabled_group_answers() -> None:
    deck = deck_of(INDIA)
    by_name = {group.name: group.number for group in deck.network_groups}

    def match(number: str, *names: str) -> Any:
        mask = bits({by_name[name] for name in names}, len(by_name))
        return deck._core.match_one(number, enabled=mask)

    assert match("914012345678", "India", "India - Hyderabad").blocked is True
    assert match("914012345678", "India").network_group == "India"
    assert match("914012345678") is None
    assert match("18761234567", "United States").prefix == "1"


def test_r50_enabled_groups_still_need_the_time() -> None:
    deck = deck_of(DATED)
    groups = {group.name: group.number for group in deck.network_groups}
    mask = bits({groups["Mobile 2026"]}, len(groups))
    time = microseconds(utc(2026, 1, 1) - timedelta(seconds=1))
    assert deck._core.match_one("91981", time, None, mask) is None
    later = deck._core.match_one("91981", time + 1_000_000, None, mask)
    assert later is not None
    assert later.network_group == "Mobile 2026"


@pytest.mark.parametrize("size", [0, 2, 5])
def test_a_mask_of_another_size_is_refused(size: int) -> None:
    deck = deck_of(INDIA)
    with pytest.raises(ValueError, match=f"enabled has {size} bytes.*6 network groups.*take 1"):
        deck._core.match_one("91981", enabled=bytes(size))
    with pytest.raises(ValueError, match=f"enabled has {size} bytes"):
        deck._core.match_column(
            pl.Series(["91981"]), ["group"], name="group", alone=True, enabled=bytes(size)
        )


@pytest.mark.parametrize("digits", ["+91", "9 1", "९१", "1" * 16, "91\x00", "\ud800"])
def test_r1_what_is_no_digits_begins_no_prefix(digits: str) -> None:
    deck = deck_of(INDIA)
    for ask in (deck.prefixes, deck.groups_within):
        with pytest.raises(NumberError, match="0 to 15 digits"):
            ask(digits)


@pytest.mark.parametrize("group", [-1, 6, 1 << 40])
def test_a_group_that_is_not_there_is_refused(group: int) -> None:
    with pytest.raises(ValueError, match=f"group {group} is not one of the 6"):
        deck_of(INDIA).prefixes("", group)
