"""What a sheet says of numbers that today's plan has otherwise: found by columns as by plain loops."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import run
from decks import utc
from dialnexa_routing import RateSheet
from dialnexa_routing.numbers import number_series as series
from dialnexa_routing.numbers.number_changes import all_mobile, change_of
from dialnexa_routing.records import rate
from dialnexa_routing.sheets.study.caught_ranges import _mobile_ranges, _series
from dialnexa_routing.sheets.study.dead_prefixes import begin_numbers
from dialnexa_routing.sheets.study.prefix_keys import nearest, within
from dialnexa_routing.text.errors import RecordError
from world import world_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

DEAD, TWO, RENUMBERED = "dead prefix", "two forms at once", "renumbered"
MOBILES, DEAR = "mobiles at the country's price", "dear series below its price"


def read(*rows: tuple[str, str, str | None], **more: Any) -> RateSheet:
    """A sheet of prefixes, groups and rates; without a rate a prefix is blocked."""
    frame = pl.DataFrame(
        {
            "prefix": [row[0] for row in rows],
            "network_group": [row[1] for row in rows],
            "outbound_rate": pl.Series([row[2] for row in rows], dtype=pl.String),
            "blocked": [row[2] is None for row in rows],
            **more,
        }
    )
    return RateSheet.read(frame, country_by="nothing")


def found(*rows: tuple[str, str, str | None], at: datetime | None = None) -> dict[str, list[dict[str, Any]]]:
    frame = read(*rows).report(at=at).numbering
    assert set(frame["severity"]) <= {"warning"}
    return {name: frame.filter(finding=name).to_dicts() for name in (DEAD, TWO, RENUMBERED, MOBILES, DEAR)}


def test_the_sheet_of_the_world() -> None:
    report = world_sheet().report(at=utc(2026, 11, 10))
    counts = dict(report.numbering.group_by("finding").agg(pl.col("prefixes").sum()).iter_rows())
    dead = report.numbering.filter(finding=DEAD)
    assert counts[DEAD] == 29
    (bissau,) = dead.filter(country_iso="GW").to_dicts()
    assert (bissau["prefixes"], bissau["network_group"]) == (24, "Guinea-Bissau - Fixed")
    assert bissau["instead_group"] == "Guinea-Bissau"
    assert "443" in bissau["why"]
    assert counts[TWO] == 118
    assert "Thuraya" not in " ".join(report.numbering["why"]), "it has a group of its own"
    assert report.is_clean == world_sheet().report(at=utc(2026, 11, 10)).is_clean
    assert "29 dead prefixes" in str(report)
    assert "numbers of today" in report.html()


def test_a_dead_prefix_says_what_answers_without_it_and_since_when() -> None:
    rows = [("229", "Benin", "5"), ("22997", "Benin MTN", "7"), ("2290197", "Benin MTN", "7")]
    (dead,) = found(*rows)[DEAD]
    assert (dead["prefix"], dead["prefixes"], dead["listed"]) == ("22997", 1, ["22997"])
    assert (dead["network_group"], dead["rate"]) == ("Benin MTN", Decimal(7))
    assert (dead["instead_group"], dead["instead_rate"]) == ("Benin", Decimal(5))
    assert "gone by 9.0.20" in dead["why"]
    assert "Benin: 01 before" in dead["why"]
    assert dead["by"].isoformat() == "2025-12-05"


def test_below_a_dead_prefix_another_dead_one_does_not_answer() -> None:
    rows = [("52", "Mexico", "1"), ("521", "Mexico Mobile", "2"), ("5215", "Mexico Telcel", "3")]
    both = found(*rows)[DEAD]
    assert [(row["prefix"], row["instead_group"]) for row in both] == [("521", "Mexico"), ("5215", "Mexico")]
    assert found(("521", "Mexico Mobile", "2"))[DEAD][0]["instead_group"] is None


def test_whole_numbers_and_blocked_prefixes_can_be_dead_too() -> None:
    sheet = read(("2453212345", "x", "1"), ("24533", "y", None), exact_match=[True, False])
    dead = sheet.report().numbering
    assert dead.select("prefix", "rate").rows() == [("2453212345", Decimal(1)), ("24533", None)]


def test_what_begins_so_today_is_of_another_country() -> None:
    frame = pl.DataFrame(
        {
            "prefix": ["377", "37744", "37745"],
            "country_iso": ["MC", "XK", "MC"],
            "network_group": ["Monaco", "Kosovo Mobile", "Monaco Mobile"],
            "outbound_rate": "1",
        }
    )
    rows = RateSheet.read(frame).report().numbering.filter(finding=RENUMBERED)
    assert rows.select("country_iso", "listed").rows() == [("XK", ["37744"])]
    assert "Monaco" in rows["why"][0]


def test_a_new_area_code_that_only_the_country_answers() -> None:
    rows = [
        ("1", "USA", "1"),
        ("1212", "USA New York", "2"),
        ("1907", "USA Alaska", "9"),
        ("1242", "Bahamas", "5"),
    ]
    report = read(*rows).report().numbering.filter(finding="new codes at the country's price")
    (new,) = report.filter(network_group="USA").to_dicts()
    assert "1227" in new["listed"]
    assert {change_of(prefix, "born") is not None for prefix in new["listed"]} == {True}
    assert {series.region_of(prefix) for prefix in new["listed"]} == {"US"}
    assert (new["rate"], new["instead_rate"]) == (Decimal(1), Decimal(2))
    assert "prices other area codes of US apart" in new["why"]
    priced = read(*rows, *((prefix, "USA", "2") for prefix in new["listed"])).report().numbering
    assert priced.filter(finding="new codes at the country's price").is_empty()
    alike = read(("1", "USA", "2"), ("1212", "USA", "2")).report().numbering
    assert alike.filter(finding="new codes at the country's price").is_empty()


def test_a_deck_of_area_codes_alone_has_nothing_for_new_ones() -> None:
    report = read(("1212", "USA New York", "2"), ("1907", "USA Alaska", "9")).report().numbering
    (new,) = report.filter(finding="new codes at the country's price").to_dicts()
    assert (new["country_iso"], new["network_group"], new["rate"]) == ("US", None, None)


def test_two_forms_hold_until_the_last_day() -> None:
    rows = [("220", "Gambia", "1"), ("22087", "Gambia Africell", "2")]
    assert found(*rows)[TWO][0]["listed"] == ["22087"]
    assert found(*rows, at=utc(2026, 11, 30))[TWO]
    later = found(*rows, at=utc(2026, 12, 2))
    assert not later[TWO]
    assert later[RENUMBERED][0]["listed"] == ["22087"]


def test_an_old_form_that_the_release_still_has_is_told() -> None:
    assert found(("241", "Gabon", "1"), ("24107", "Gabon Airtel", "2"))[RENUMBERED][0]["listed"] == ["24107"]


def test_new_mobiles_fall_to_the_price_of_the_country() -> None:
    (row,) = found(("254", "Kenya", "5"), ("2547", "Kenya Safaricom", "9"))[MOBILES]
    assert (row["prefix"], row["network_group"], row["rate"]) == ("2541", "Kenya", Decimal(5))
    assert row["instead_rate"] == Decimal(9)
    assert "new since 2022" in row["why"]
    assert row["by"] is not None
    parts = found(("254", "Kenya", "5"), ("2547", "S", "9"), ("25411", "A", "9"))[MOBILES][0]["listed"]
    assert parts == [
        f"2541{digit}" for digit in "0123456789" if digit != "1" and series.begins_numbers(f"2541{digit}")
    ]


def test_no_mobile_range_is_told_of_where_the_sheet_does_not_price_them_apart() -> None:
    assert not found(("254", "Kenya", "5"))[MOBILES]
    assert not found(("254", "Kenya", "5"), ("25420", "Kenya Nairobi", "2"))[MOBILES]
    assert not found(("254", "Kenya", "9"), ("2547", "Kenya", "9"))[MOBILES], "at the very price"


def test_mobiles_that_nothing_answers_are_told() -> None:
    (row,) = found(("2547", "Kenya Safaricom", "9"))[MOBILES]
    assert (row["country_iso"], row["network_group"], row["rate"]) == ("KE", None, None)


def test_series_below_the_price_of_their_like() -> None:
    rows = [
        ("882", "Networks", "5"),
        ("870", "Inmarsat", "380"),
        ("8816", "Iridium", "400"),
        ("881", "GMSS", "1"),
    ]
    dear = found(*rows)[DEAR]
    assert [(row["prefix"], row["network_group"], row["instead_rate"]) for row in dear] == [
        ("8817", "GMSS", Decimal(380)),
        ("8818", "GMSS", Decimal(380)),
        ("88216", "Networks", Decimal(380)),
    ]
    assert "a satellite series of Thuraya that +882 answers" in dear[2]["why"]
    assert not found(*rows[:1])[DEAR], "a sheet without a price for such says nothing of it"
    assert not found(("882", "Networks", "500"), rows[1])[DEAR]
    assert not found(*rows[:2], ("88216", "Thuraya", "390"))[DEAR]
    blocked = found(("882", "Networks", "5"), ("8816", "Iridium", None))[DEAR]
    assert [(row["prefix"], row["instead_rate"]) for row in blocked] == [("88216", None)]
    assert "blocks" in blocked[0]["why"]


def test_premium_numbers_are_compared_within_their_country() -> None:
    premium = [one.prefix for one in series.all_series() if one.kind == "premium" and one.owner == "GB"]
    dear = found(
        ("44", "UK", "1"), (premium[0], "UK Premium", "90"), ("49900", "D Premium", "70"), ("49", "D", "1")
    )
    among = [prefix for row in dear[DEAR] for prefix in row["listed"]]
    assert among
    assert all(
        series.regions_of(prefix) <= {"GB", "GG", "IM", "JE"} or prefix.startswith("49") for prefix in among
    )
    assert {row["instead_rate"] for row in dear[DEAR] if row["network_group"] == "UK"} == {Decimal(90)}


def test_a_deck_is_looked_at_by_its_rows() -> None:
    deck = read(("245", "Bissau", "1"), ("24532", "Bissau Fixed", "2")).compile()
    assert RateSheet.read(deck.rows()).report().numbering["prefix"].to_list() == ["24532"]


CALLS = pl.DataFrame(
    {
        "to": [
            "+2453212345",
            "2453299999",
            "+2454431234567",
            "+2547123456789",
            "+254110123456",
            "911234567890",
        ],
        "seconds": [60, 30, 60, 60, 120, 60],
    }
)
ROWS = [("245", "B", "1"), ("24532", "BF", "2"), ("254", "K", "5"), ("2547", "KS", "9"), ("2541", "KA", "9")]


def test_calls_and_rupees_at_stake() -> None:
    report = read(*ROWS[:4]).report().with_calls(CALLS)
    told = report.numbering.select("prefix", "calls", "charge").rows()
    assert told == [("24532", 2, Decimal("4.00")), ("2541", 1, Decimal("10.00"))]
    assert json.loads(json.dumps(report.to_dict()))["numbering"]["rows"][0]["charge"] == "4.00"
    lines = str(report)
    assert "calls" in lines
    with pytest.raises(RecordError, match="no column 'to'"):
        read(*ROWS).report().with_calls(CALLS.rename({"to": "number"}))
    numbers = read(*ROWS[:4]).report().with_calls(CALLS.rename({"to": "dst"}).lazy(), number="dst")
    assert numbers.numbering["calls"].to_list() == [2, 1]
    inbound = CALLS.with_columns(direction=pl.Series(["inbound", *["outbound"] * 5]))
    assert read(*ROWS[:4]).report().with_calls(inbound).numbering["calls"].to_list() == [1, 1]


def test_no_call_is_no_stake() -> None:
    report = read(*ROWS[:4]).report().with_calls(CALLS.clear())
    assert report.numbering.select("calls", "charge").rows() == [(0, Decimal("0.00"))] * 2
    assert not read(("91", "India", "1")).report().with_calls(CALLS).numbering.height


def test_the_command_line_counts_calls(tmp_path: Path) -> None:
    read(*ROWS[:4]).write(tmp_path / "sheet.csv")
    CALLS.write_csv(tmp_path / "calls.csv")
    page = tmp_path / "page.html"
    told = run(
        "check", str(tmp_path / "sheet.csv"), "--records", str(tmp_path / "calls.csv"), "--html", str(page)
    )
    assert "numbers of today" in told.stdout
    assert "24532" in told.stdout
    assert "Guinea-Bissau: landlines begin with 443" in told.stdout
    assert "numbers of today" in page.read_text(encoding="utf-8")
    found = json.loads(
        run("check", str(tmp_path / "sheet.csv"), "--records", str(tmp_path / "calls.csv"), "--json").stdout
    )
    assert [row["calls"] for row in found["numbering"]["rows"]] == [2, 1]
    wrong = run(
        "check",
        str(tmp_path / "sheet.csv"),
        "--records",
        str(tmp_path / "calls.csv"),
        "--number",
        "x",
        code=2,
    )
    assert "x" in wrong.stderr


def test_check_takes_the_files_of_a_system_as_diff_and_compare_do(tmp_path: Path) -> None:
    read(*ROWS[:4]).write(tmp_path / "sheet.csv")
    known = CALLS.rename({"to": "to_number"}).with_columns(talk="seconds")
    known.drop("seconds").write_csv(tmp_path / "theirs.csv", separator="|")
    with_calls = ("check", str(tmp_path / "sheet.csv"), "--records", str(tmp_path / "theirs.csv"), "--json")
    asked = run(*with_calls, code=2).stderr
    assert "--records-read columns.to=to_number" in asked
    how = ("columns.to=to_number", "columns.seconds=talk", "direction=outbound")
    said = [part for one in how for part in ("--records-read", one)]
    found = json.loads(run(*with_calls, *said).stdout)
    assert [row["calls"] for row in found["numbering"]["rows"]] == [2, 1]


@given(st.lists(st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True), max_size=20))
def test_columns_say_what_one_prefix_is_told(prefixes: list[str]) -> None:
    told = begin_numbers(pl.Series(prefixes, dtype=pl.String)).to_list()
    assert told == [series.begins_numbers(prefix) for prefix in prefixes]


POOL = [
    "254",
    "2541",
    "25411",
    "2547",
    "25470",
    "254701",
    "25420",
    "7",
    "77",
    "7701",
    "770",
    "79",
    "245",
    "24532",
    "2459",
    "24595",
    "882",
    "88216",
    "870",
    "8816",
    "881",
    "8817",
    "44",
    "4490",
    "449",
    "447",
    "229",
    "22997",
]
SHEETS = st.dictionaries(st.sampled_from(POOL), st.sampled_from(["1", "2", "5", None]), min_size=1)


def longest(rows: Mapping[str, Any], number: str) -> str | None:
    return next((number[:end] for end in range(len(number), 0, -1) if number[:end] in rows), None)


@settings(max_examples=25)
@given(
    SHEETS,
    st.sampled_from(["2541", "2547", "770", "790", "24595"]),
    st.from_regex("[0-9]{5}", fullmatch=True),
)
def test_a_mobile_number_is_in_a_finding_if_only_its_country_answers(
    rows: dict[str, str | None], begun: str, more: str
) -> None:
    number = begun + more
    if not series.begins_numbers(number):
        return
    region = series.region_of(number)
    alive = {prefix: price for prefix, price in rows.items() if series.begins_numbers(prefix)}
    answer = longest(alive, number)
    country = series.country_prefixes()
    ranges = [prefix for prefix in all_mobile() if series.region_of(prefix) == region]
    own = {
        prefix: price
        for prefix, price in alive.items()
        if prefix not in country and any(prefix.startswith(one) or one.startswith(prefix) for one in ranges)
    }
    prices = sorted(Decimal(price) for price in own.values() if price is not None)
    usual = prices[(len(prices) - 1) // 2] if prices else None
    price = alive.get(answer) if answer else None
    is_caught = (
        bool(own)
        and any(number.startswith(one) for one in ranges)
        and (answer is None or answer in country)
        and (answer is None or price is None or Decimal(price) != usual)
    )
    if answer is None and usual is None:
        return  # all that there is of them is blocked, and so is this
    listed = [
        p for row in found(*((p, p, price) for p, price in rows.items()))[MOBILES] for p in row["listed"]
    ]
    assert any(number.startswith(prefix) for prefix in listed) == is_caught
    assert not any(longest(alive, prefix) not in (None, *country) for prefix in listed)


@settings(max_examples=25)
@given(SHEETS)
def test_dear_series_are_those_that_plain_loops_find(rows: dict[str, str | None]) -> None:
    alive = {prefix: price for prefix, price in rows.items() if series.begins_numbers(prefix)}

    def like(prefix: str) -> tuple[str, str] | None:
        one = series.series_of(prefix)
        return one and (one.kind, "" if one.kind == "satellite" else one.owner)

    expected = set()
    for one in series.all_series():
        answer = longest(alive, one.prefix)
        those = [price for prefix, price in alive.items() if like(prefix) == like(one.prefix)]
        if answer is None or like(answer) is not None or not those or alive[answer] is None:
            continue
        prices = [Decimal(price) for price in those if price is not None]
        if not prices or Decimal(alive[answer] or 0) < min(prices):
            expected.add(one.prefix)
    told = {p for row in found(*((p, p, price) for p, price in rows.items()))[DEAR] for p in row["listed"]}
    assert {one for one in expected if not any(p != one and p.startswith(one) for p in alive)} <= told
    assert all(any(prefix.startswith(one) for one in expected) for prefix in told)


@settings(max_examples=20)
@given(
    SHEETS,
    st.lists(
        st.tuples(
            st.sampled_from(["2453212345", "22997123456", "254110123456", "8821612345"]), st.integers(0, 600)
        ),
        max_size=8,
    ),
)
def test_stakes_are_those_of_plain_loops(rows: dict[str, str | None], calls: list[tuple[str, int]]) -> None:
    sheet = read(*((prefix, prefix, price) for prefix, price in rows.items()))
    frame = pl.DataFrame(calls, schema={"to": pl.String, "seconds": pl.Int64}, orient="row")
    charged = rate(frame, deck=sheet.compile(), number_plan=None)
    for row in sheet.report().with_calls(frame).numbering.to_dicts():
        mine = [
            charge or Decimal(0)
            for (to, _), charge in zip(calls, charged["charge"], strict=True)
            if any(to.startswith(prefix) for prefix in row["listed"])
        ]
        others = [
            one["listed"]
            for one in sheet.report().numbering.filter(finding=row["finding"]).to_dicts()
            if one["listed"] != row["listed"]
        ]
        if not others or not any(
            p.startswith(q) or q.startswith(p) for o in others for p in o for q in row["listed"]
        ):
            assert (row["calls"], row["charge"]) == (len(mine), sum(mine, Decimal(0)))


def test_changes_are_dated_by_the_first_release_that_has_them() -> None:
    assert change_of("2634702", "dead") is not None
    assert change_of("34600", "dead") is None
    benin = change_of("22901", "born")
    assert benin is not None
    assert (benin.prefix, benin.release) == ("2290", "8.13.52")
    for line in ("24532", "22997", "2634"):
        one = change_of(line, "dead")
        assert one is None or not series.begins_numbers(one.prefix)


@given(
    st.sets(st.integers(10, 10**9)), st.sets(st.sampled_from([12, 130, 1310, 1313, 14, 1555555]), min_size=1)
)
def test_what_lies_within_ranges_is_what_the_nearest_is(keys: set[int], ranges: set[int]) -> None:
    asked = pl.Series([key for key in keys if str(key)[0] == "1"], dtype=pl.UInt64)
    known = pl.Series(sorted(ranges), dtype=pl.UInt64)
    assert within(asked, known).sort("key").equals(nearest(asked, known))


def test_ranges_of_the_plan_do_not_nest() -> None:
    for ranges in (_mobile_ranges(), _series()):
        assert not nearest(ranges["key"], ranges["key"], shorter=True).height
