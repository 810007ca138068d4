"""Two sheets compared by the numbers they cover: against a brute force, by rule, and in size."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given

from brute_force import NUMBERS, answers, pairs, sheets, speaking
from counting import steps
from decks import utc
from dialnexa_routing import DeckTimeError, RateSheet, SheetError
from dialnexa_routing.sheets.study.price_changes import KINDS, exchanged
from small_sheets import NOW, Row, differ, india, sheet_of, told
from world import world_sheet


@given(pairs())
def test_each_number_is_told_as_brute_force_tells_it(pair: tuple[list[Row], list[Row]]) -> None:
    old, new = (answers(rows) for rows in pair)
    spoken = speaking(differ(*pair).changes)
    for number in NUMBERS:
        assert (number in spoken) == (old[number] != new[number]), number
        if number in spoken:
            for side, answer in (("old", old[number]), ("new", new[number])):
                row, group, blocked, rate = spoken[number], *(answer[:3] if answer else (None,) * 3)
                assert row[f"{side}_group"] == group
                assert row[f"{side}_blocked"] == blocked
                assert row[f"{side}_rate"] == (None if rate is None else Decimal(rate))


@given(pairs())
def test_the_other_way_round_is_the_negative(pair: tuple[list[Row], list[Row]]) -> None:
    there, back = differ(*pair), differ(*reversed(pair))
    assert there == -back
    assert -there == back
    twice = -there
    assert -twice == there
    assert sum(there.by_group["share"].to_list(), Decimal(0)) == sum(
        back.by_group["share"].to_list(), Decimal(0)
    )


@given(sheets())
def test_a_sheet_does_not_differ_from_itself(rows: list[Row]) -> None:
    same = differ(rows, rows[::-1])
    assert not same
    assert same.changes.height == same.by_group.height == 0
    assert "every number is answered alike" in str(same)


@given(pairs())
def test_shares_are_the_numbers_counted(pair: tuple[list[Row], list[Row]]) -> None:
    old, new = (answers(rows) for rows in pair)
    # Behind four digits stands one of five: a ten-thousandth of all numbers each, whole numbers aside.
    changed = sum(old[number] != new[number] for number in NUMBERS if len(number) == 5)
    assert sum(differ(*pair).changes["share"].to_list(), Decimal(0)) == Decimal(changed).scaleb(-4)


def test_splitting_a_prefix_into_ten_at_one_price_is_no_change() -> None:
    split = [india(f"91{digit}") for digit in range(10)]
    assert not differ([india("91")], split)
    assert not differ([india("91")], [india("91", "7"), *split])
    assert not differ([india("91")], [india("91"), *split[1:]])
    assert told(differ([india("91")], split[1:])) == [("910", "removed")]


def test_ten_equal_changes_become_one() -> None:
    diff = differ([india("91")], [india(f"91{digit}", "1.25") for digit in range(10)])
    assert told(diff) == [("91", "dearer")]
    row = diff.changes.row(0, named=True)
    assert (row["change"], row["percent"], row["share"]) == (Decimal("0.25"), Decimal(25), Decimal("0.01"))


def test_a_prefix_says_what_most_of_its_ten_say() -> None:
    nine = [india(f"91{digit}", "2") for digit in range(9)]
    diff = differ([india("91")], [india("91"), *nine])
    assert diff.changes.select("prefix", "except_prefixes").rows() == [("91", ["919"])]
    half = differ([india("91")], [india("91"), *nine[:5]])
    assert half.changes["prefix"].to_list() == ["910", "911", "912", "913", "914"]


def test_a_removed_prefix_falls_to_its_parent_and_an_added_one_may_change_nothing() -> None:
    old = [india("91"), india("9198", "2"), india("9199")]
    new = [india("91"), india("9177")]
    diff = differ(old, new)
    assert told(diff) == [("9198", "cheaper")]
    row = diff.changes.row(0, named=True)
    assert (row["old_rate"], row["new_rate"], row["percent"]) == (Decimal(2), Decimal(1), Decimal(-50))


def test_what_a_longer_prefix_keeps_is_left_out() -> None:
    diff = differ([india("91"), india("9198", "2")], [india("91", "3"), india("9198", "2")])
    row = diff.changes.row(0, named=True)
    assert (row["prefix"], row["except_prefixes"], row["share"]) == ("91", ["9198"], Decimal("0.0099"))


@pytest.mark.parametrize(
    ("old", "new", "kind", "back"),
    [
        ([], [india("91")], "new", "removed"),
        ([india("91", None)], [india("91")], "new", "removed"),
        ([india("91")], [india("91", None, blocked=True)], "blocked", "unblocked"),
        ([india("91", "1")], [india("91", "1.000000001")], "dearer", "cheaper"),
        ([india("91")], [india("91", network_group="Bharat")], "regrouped", "regrouped"),
        ([india("91")], [india("91", country_iso="XX")], "regrouped", "regrouped"),
        ([india("91")], [india("91", connect_fee="0.5")], "terms", "terms"),
        ([india("91")], [india("91", initial_increment_s=30, next_increment_s=6)], "terms", "terms"),
    ],
)
def test_each_kind_and_its_opposite(old: list[Row], new: list[Row], kind: str, back: str) -> None:
    assert told(differ(old, new)) == [("91", kind)]
    assert told(differ(new, old)) == [("91", back)]
    assert differ(old, new).counts[kind] == 1
    assert {kind, back} <= set(KINDS)


def test_terms_that_differ_are_told_and_others_are_not() -> None:
    fee = differ([india("91")], [india("91", connect_fee="0.5", minimum_s=0)]).changes.row(0, named=True)
    assert (fee["old_terms"], fee["new_terms"]) == ("connect fee 0", "connect fee 0.5")
    pulse = differ([india("91", initial_increment_s=30, next_increment_s=6)], [india("91")]).changes
    assert pulse["old_terms"].to_list() == ["increments 30/6"]
    assert pulse["new_terms"].to_list() == ["increments of the plan"]


def test_R47_a_blocked_prefix_stays_a_change_though_its_parent_is_dearer() -> None:
    diff = differ([india("91"), india("9140", None, blocked=True)], [india("91")])
    assert told(diff) == [("9140", "unblocked")]
    assert not differ([india("9140", "5", blocked=True)], [india("9140", None, blocked=True)]), (
        "what a blocked row would cost is nobody's"
    )


def test_R48_one_rate_in_two_units_is_one_rate_and_odd_units_are_exact() -> None:
    assert not differ([india("91", "0.5", rate_unit_s=30)], [india("91", "1")])
    assert not differ([india("91", "1", rate_unit_s=180)], [india("91", "2", rate_unit_s=360)])
    diff = differ([india("91", "1", rate_unit_s=180)], [india("91", "0.333333333")])
    assert told(diff) == [("91", "cheaper")]
    assert diff.changes["change"][0] == 0, "a third of a nano-rupee"
    assert diff == -differ([india("91", "0.333333333")], [india("91", "1", rate_unit_s=180)])


def test_percent_is_a_decimal_and_null_from_zero() -> None:
    assert differ([india("91", "3")], [india("91", "4")]).changes["percent"][0] == Decimal("33.3333")
    assert differ([india("91", "3")], [india("91", "1")]).changes["percent"][0] == Decimal("-66.6667")
    assert differ([india("91", "0")], [india("91", "4")]).changes["percent"][0] is None
    least, most = Decimal("0.000000001"), Decimal("999999999.999999999")
    wide = differ([india("91", str(least))], [india("91", str(most))]).changes
    assert wide["percent"][0] == (most - least) / least * 100


def test_no_float_is_anywhere() -> None:
    diff = differ([india("91"), india("1", "3")], [india("91", "2")])
    calls = pl.DataFrame({"to": ["911", "1"], "seconds": [60, 60]})
    for frame in (diff.changes, diff.by_group, diff.impact(calls).by_group):
        assert not [name for name, dtype in frame.schema.items() if dtype.is_float()]


def test_a_whole_number_is_a_row_of_its_own() -> None:
    old = [india("91"), india("911400", "5", exact_match=True)]
    diff = differ(old, [india("91")])
    assert told(diff) == [("911400", "cheaper")]
    assert diff.changes["exact_match"].to_list() == [True]
    assert diff.changes["share"].to_list() == [0], "one number weighs nothing among all of them"
    kept = differ(old, [india("91", "2"), india("911400", "5", exact_match=True)]).changes
    assert kept.select("prefix", "except_numbers").row(0) == ("91", ["911400"])


def test_E164_a_prefix_of_fifteen_digits_is_a_whole_number() -> None:
    digits = "911234567890123"
    both = [india(digits, "2"), india(digits, "3", exact_match=True)]
    assert not differ([india(digits, "3")], both)
    assert told(differ([india(digits, "2")], both)) == [(digits, "dearer")]


def test_R50_dates_are_of_the_instant_and_must_be_asked_for() -> None:
    start = utc(2026, 12, 1)
    old = [india("91")]
    new = [india("91", valid_to=start), india("91", "2", valid_from=start)]
    assert not differ(old, new, at=NOW)
    assert told(differ(old, new, at=start)) == [("91", "dearer")]
    with pytest.raises(DeckTimeError, match="pass at="):
        differ(old, new)
    with pytest.raises(DeckTimeError, match="time zone"):
        differ(old, new, at=NOW.replace(tzinfo=None))


def test_quirk_22_a_longer_code_that_begins_later_is_no_change_until_then() -> None:
    new = [india("91"), india("9198", "2", valid_from=utc(2026, 12, 1))]
    assert not differ([india("91")], new, at=NOW)
    assert told(differ([india("91")], new, at=utc(2026, 12, 1))) == [("9198", "dearer")]


def test_R19_one_caller_is_compared() -> None:
    old = [india("91"), india("91", "0.5", origin="91")]
    new = [india("91"), india("91", "0.7", origin="91")]
    assert not differ(old, new)
    assert told(differ(old, new, origin="+9140")) == [("91", "dearer")]
    with pytest.raises(SheetError, match="read for any caller and for 91"):
        sheet_of(old).diff(sheet_of(new, origin="91"))
    with pytest.raises(SheetError, match="caller's digits"):
        differ(old, new, origin="x")


def test_R22_two_rows_of_one_prefix_at_one_time_are_refused() -> None:
    with pytest.raises(SheetError, match="91 has two rows"):
        differ([india("91"), india("91", "2")], [])


def test_the_direction_decides_which_rate_and_which_rows() -> None:
    old = [india("91", inbound_rate="1"), india("9198", None, inbound_rate="2")]
    new = [india("91", inbound_rate="1"), india("9198", None, inbound_rate="3")]
    assert not differ(old, new)
    assert told(differ(old, new, direction="inbound")) == [("9198", "dearer")]
    with pytest.raises(SheetError, match="direction='up'"):
        differ(old, new, direction="up")


def changed(world: RateSheet) -> RateSheet:
    british, mobile = pl.col("country_iso") == "GB", pl.col("network_group").str.starts_with("India - Mobile")
    rate = (pl.col("outbound_rate") * Decimal("1.5")).cast(world.rows.schema["outbound_rate"])
    rows = world.rows.filter(~pl.col("prefix").is_in(["937", "447", "9198"])).with_columns(
        outbound_rate=pl.when(mobile).then(rate).otherwise("outbound_rate"),
        blocked=british & (pl.col("prefix").str.len_bytes() > 6) | pl.col("blocked"),
    )
    return replace(world, rows=rows, files=("changed.csv",))


def test_a_world_sheet_agrees_with_its_decks_number_by_number() -> None:
    world = world_sheet()
    new = changed(world)
    diff = world.diff(new, at=NOW)
    assert diff.counts["dearer"] > 1000
    assert diff.counts["blocked"] > 10
    assert diff == -new.diff(world, at=NOW)
    numbers = pl.concat([sheet.rows["prefix"] for sheet in (world, new)]).unique().sample(4000, seed=1)
    numbers = (numbers + "0000000").str.head(15)
    fields = ("network_group", "country_iso", "outbound_rate", "blocked")
    old_answer, new_answer = (
        sheet.compile().match(numbers, at=NOW, direction="outbound", fields=fields).struct.unnest()
        for sheet in (world, new)
    )
    # A deck tells group and rate of a column, not the other terms; the rate of a blocked row does not count.
    hidden = pl.when(~pl.col("blocked")).then("outbound_rate").alias("outbound_rate")
    told_old, told_new = (side.with_columns(hidden).rows() for side in (old_answer, new_answer))
    differs = pl.Series([was != now for was, now in zip(told_old, told_new, strict=True)])
    spoken = diff.changes.filter(pl.col("kind") != "terms", ~pl.col("exact_match"))
    owner = _owner(numbers, spoken)
    assert owner.is_not_null().to_list() == differs.to_list()
    assert differs.any()


def _owner(numbers: pl.Series, changes: pl.DataFrame) -> pl.Series:
    """The row that speaks for each number, by longest match over rows and what they leave out."""
    left_out = changes["except_prefixes"].explode().drop_nulls()
    marks = dict.fromkeys(left_out.to_list(), None) | {prefix: prefix for prefix in changes["prefix"]}
    found = [
        next((marks[number[:end]] for end in range(len(number), 0, -1) if number[:end] in marks), None)
        for number in numbers
    ]
    return pl.Series(found, dtype=pl.String)


def test_the_steps_of_a_comparison_do_not_grow_with_the_sheets() -> None:
    """Whoever loops over rows, or joins them with too many, is found out; seconds stand in ``benches``."""
    old = world_sheet()
    new = changed(old)
    few, fewer = (replace(sheet, rows=sheet.rows.gather_every(16)) for sheet in (old, new))
    few.diff(fewer, at=NOW)
    part, whole = steps(lambda: few.diff(fewer, at=NOW)), steps(lambda: old.diff(new, at=NOW))
    assert whole.calls < 1.25 * part.calls
    assert whole.rows < 3 * (old.rows.height + new.rows.height)


def test_exchanging_twice_is_nothing() -> None:
    rows = differ([india("91")], [india("91", "2")]).changes
    assert exchanged(exchanged(rows)).equals(rows)
