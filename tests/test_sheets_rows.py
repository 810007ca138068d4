"""Canonical rows: each cell judged by itself, each refusal a fault with place and remedy."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from dialnexa_routing.deck.canonical_columns import FAULTS, SHEET
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.sheets.faults import Counts
from dialnexa_routing.text.errors import MoneyError, SheetError


def read(rows: list[dict[str, Any]], **options: Any) -> RateSheet:
    names = dict.fromkeys(name for row in rows for name in row)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return RateSheet.read(frame, **{"max_refused": 1, "country_by": "nothing", **options})


def one(**cells: Any) -> dict[str, Any]:
    return {"prefix": "91", "network_group": "India", "outbound_rate": "0.74", **cells}


def reason(sheet: RateSheet) -> str:
    assert sheet.rows.height == 0, sheet.rows
    assert sheet.faults["severity"].to_list() == ["error"]
    assert sheet.counts.refused == sheet.counts.read
    return str(sheet.faults["reason"][0])


def test_rows_and_faults_have_exactly_the_contract() -> None:
    sheet = read([one(), one(prefix="x")])
    assert (sheet.rows.schema, sheet.faults.schema) == (SHEET, FAULTS)
    assert sheet.faults.row(0)[:5] == ("frame", None, 2, "prefix", "x")
    assert repr(sheet) == "<RateSheet frame, canonical: 1 row loaded of 2, 1 refused, 0 noise>"


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("91,92;93|94\n95", ["91", "92", "93", "94", "95"]),
        ("+91, +92", ["91", "92"]),
        ("9198 9199", ["9198", "9199"]),
        ("5917\r\n59163,", ["5917", "59163"]),
        ("91.0", ["91"]),
    ],
)
def test_quirk_1_lists_of_prefixes(cell: str, items: list[str]) -> None:
    assert read([one(prefix=cell)]).rows["prefix"].to_list() == items


def test_quirk_1_a_bad_item_refuses_only_itself() -> None:
    sheet = read([one(prefix="91, 9y, 092, 44")])
    assert sheet.rows["prefix"].to_list() == ["91", "44"]
    assert sheet.faults["value"].to_list() == ["9y", "092"]
    assert sheet.counts == Counts(read=4, loaded=2, refused=2)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("3.73E+11", "scientific notation"),
        ("3,73E+11", "scientific notation"),
        ("091", "starts with 0"),
        ("91.5", "other than digits"),
        ("9198-Y", "other than digits"),
        ("1234567890123456", "more than 15 digits"),
        ("٩١", "other than digits"),
        ("９１", "other than digits"),
        ("-91", "other than digits"),
        ("++91", "blanks or plus signs inside"),
        ("", "is empty"),
    ],
)
def test_R22_quirks_6_14_16_17_18_prefixes_that_are_refused(cell: str, words: str) -> None:
    assert words in reason(read([one(prefix=cell)]))


def test_quirk_4_blanks_beside_commas_are_not_separators() -> None:
    sheet = read([one(prefix="336 07, 33608")])
    assert sheet.rows["prefix"].to_list() == ["33607", "33608"]


def test_quirk_14_scientific_notation_is_refused_but_1e_7_is_a_rate() -> None:
    assert read([one(outbound_rate="1e-7")]).rows["outbound_rate"][0] == Decimal("0.0000001")


def test_quirk_15_zeros_at_the_end_are_suspicious() -> None:
    sheet = read([one(prefix="373000000000")])
    assert sheet.counts.loaded == 1
    assert sheet.faults["severity"].to_list() == ["warning"]


@pytest.mark.parametrize("cell", ["", "ALL", "ROW", "all", None])
def test_quirk_25_any_caller(cell: str | None) -> None:
    assert read([one(origin=cell)]).rows["origin"].to_list() == [None]


def test_quirk_24_origin_lists_multiply() -> None:
    sheet = read([one(prefix="91,92", origin="44,,1242"), one(prefix="91", origin="local")])
    pairs = sheet.rows.select("prefix", "origin").rows()
    assert pairs == [("91", "44"), ("91", "1242"), ("92", "44"), ("92", "1242")]
    assert "local_origin=" in sheet.faults["reason"][0]
    assert sheet.counts == Counts(read=5, loaded=4, noise=1)


@pytest.mark.parametrize("cell", ["blocked", "NA", "n/a", "-", "Not Supported", "on request", "POA", "TBD"])
def test_R47_quirk_29_words_for_not_offered_block(cell: str) -> None:
    sheet = read([one(outbound_rate=cell), one(prefix="44")])
    row = sheet.rows.row(0, named=True)
    assert (row["blocked"], row["outbound_rate"], row["original_rate"]) == (True, None, cell)
    assert sheet.faults.height == 0


def test_R47_not_sold_outbound_blocks_inbound_too_and_warns() -> None:
    sheet = read([one(outbound_rate="NA", inbound_rate="0.2"), one(prefix="44", inbound_rate="NA")])
    assert sheet.rows["blocked"].to_list() == [True, False]
    assert sheet.faults.select("severity", "column").rows() == [("warning", "outbound_rate")]


def test_R47_a_blank_rate_blocks_and_is_told_unless_the_sheet_has_no_rates() -> None:
    sheet = read([one(outbound_rate=""), one(prefix="44"), one(prefix="1", outbound_rate="", blocked="no")])
    assert sheet.rows["blocked"].to_list() == [True, False, False]
    assert sheet.faults["severity"].to_list() == ["note"]
    bare = read([{"prefix": "91", "network_group": "India"}])
    assert bare.rows.select("blocked", "outbound_rate").row(0) == (False, None)


def test_R22_a_row_needs_a_group_or_a_country() -> None:
    assert read([one(network_group="", country="India")]).rows["network_group"][0] == "India"
    assert "names neither group nor country" in reason(read([one(network_group="")]))


@pytest.mark.parametrize(
    ("cells", "terms"),
    [
        ({"increments": "60/1"}, (60, 1)),
        ({"increments": "30-6"}, (30, 6)),
        ({"increments": "60"}, (60, 60)),
        ({"initial_increment_s": "60", "next_increment_s": "6.0"}, (60, 6)),
        ({}, (None, None)),
    ],
)
def test_R44_quirk_42_increments(cells: dict[str, str], terms: tuple[int | None, int | None]) -> None:
    rows = read([one(**cells)]).rows
    assert rows.select("initial_increment_s", "next_increment_s").row(0) == terms


@pytest.mark.parametrize(
    "cells",
    [
        {"increments": "0/60"},
        {"increments": "60/60/60"},
        {"increments": "minute"},
        {"initial_increment_s": "60"},
        {"initial_increment_s": "0", "next_increment_s": "60"},
        {"rate_unit_s": "0"},
        {"minimum_s": "-1"},
        {"grace_s": "1.5"},
        {"free_s": "99999"},
        {"blocked": "perhaps"},
        {"country_iso": "IND"},
        {"currency": "rupee"},
    ],
)
def test_nonsense_in_a_term_refuses_the_row(cells: dict[str, str]) -> None:
    assert ": " in reason(read([one(**cells)]))


def test_plain_terms() -> None:
    cells = {"minimum_s": "0", "grace_s": "3", "free_s": "30", "exact_match": "YES", "country_iso": "in"}
    row = read([one(**cells, max_charge="99.5")]).rows.row(0, named=True)
    assert (row["minimum_s"], row["grace_s"], row["free_s"], row["exact_match"]) == (0, 3, 30, True)
    assert (row["country_iso"], row["max_charge"], row["min_charge"]) == ("IN", Decimal("99.5"), None)


@pytest.mark.parametrize(
    ("cell", "zone", "instant"),
    [
        ("2026-04-01T00:00:00+05:30", None, datetime(2026, 3, 31, 18, 30, tzinfo=UTC)),
        ("2026-04-01 00:00Z", None, datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-01", "Asia/Kolkata", datetime(2026, 3, 31, 18, 30, tzinfo=UTC)),
    ],
)
def test_R50_moments(cell: str, zone: str | None, instant: datetime) -> None:
    assert read([one(valid_from=cell)], timezone=zone).rows["valid_from"].to_list() == [instant]


@pytest.mark.parametrize(
    ("cell", "zone", "words"),
    [
        ("2026-04-01", None, "states no offset"),
        ("26/04/26", "Asia/Kolkata", "not a date"),
        ("soon", "Asia/Kolkata", "not a date"),
        ("2026-02-30T00:00:00Z", None, "not a moment of the calendar"),
        ("2026-03-29T01:30:00", "Europe/London", "change of clocks"),
        ("2026-10-25T01:30:00", "Europe/London", "change of clocks"),
    ],
)
def test_quirk_61_moments_that_are_refused(cell: str, zone: str | None, words: str) -> None:
    assert words in reason(read([one(valid_from=cell)], timezone=zone))


def test_R50_a_row_must_end_after_it_begins() -> None:
    cells = one(valid_from="2026-04-01T00:00:00Z", valid_to="2026-04-01T00:00:00Z")
    assert "ends before it begins" in reason(read([cells]))


def test_an_unknown_zone_policy_format_and_origin_are_named() -> None:
    for options in ({"timezone": "India"}, {"on_conflict": "middle"}, {"format": "csv"}, {"origin": "ALL"}):
        with pytest.raises(SheetError, match=next(iter(options))):
            read([one()], **options)
    assert read([one()], origin="+91").origin == "91"


def test_quirk_19_the_same_again_is_noise() -> None:
    sheet = read([one(), one(prefix="91,91"), one(origin="ROW")])
    assert sheet.counts == Counts(read=4, loaded=1, noise=3)


def test_R22_two_groups_of_one_prefix_are_shown_both() -> None:
    rows = [one(), one(network_group="Bharat", outbound_rate="0.9")]
    with pytest.raises(SheetError, match=r"row 1 of frame.*'India', outbound 0.74.*row 2 of.*'Bharat'.*0.9"):
        read(rows)
    first, last = (read(rows, on_conflict=policy) for policy in ("first", "last"))
    assert (first.rows["network_group"][0], last.rows["network_group"][0]) == ("India", "Bharat")
    assert first.counts == last.counts == Counts(read=2, loaded=1, noise=1)
    assert first.faults["row"].to_list() == [1]
    assert last.faults["row"].to_list() == [2]


def test_R22_other_dates_or_callers_are_no_conflict() -> None:
    old = one(valid_to="2026-01-01T00:00:00Z")
    new = one(valid_from="2026-01-01T00:00:00Z", outbound_rate="0.9", network_group="Bharat")
    assert read([old, new, one(origin="44", outbound_rate="5")]).counts.loaded == 3
    with pytest.raises(SheetError, match="stands twice"):
        read([one(valid_to="2026-01-02T00:00:00Z"), new])


def test_quirk_21_a_later_start_ends_an_open_version_of_the_same_group() -> None:
    old = one(valid_from="2026-01-01T00:00:00Z")
    new = one(valid_from="2026-03-01T00:00:00Z", outbound_rate="0.9")
    ends = read([new, old]).rows["valid_to"].to_list()
    assert ends == [None, datetime(2026, 3, 1, tzinfo=UTC)]
    with pytest.raises(SheetError, match="stands twice"):
        read([old, {**new, "valid_to": "2026-04-01T00:00:00Z"}])


def test_the_same_terms_for_overlapping_times_become_one_unit() -> None:
    early = one(valid_from="2026-01-01T00:00:00Z", valid_to="2026-03-01T00:00:00Z")
    late = one(valid_from="2026-02-01T00:00:00Z", valid_to="2026-04-01T00:00:00Z")
    rows = read([early, late]).rows
    assert rows.select("valid_from", "valid_to").rows() == [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    ]


def test_strict_raises_the_first_error_and_the_count() -> None:
    with pytest.raises(SheetError, match=r"row 2, column 'prefix', value 'x'.*\(2 such faults in all\)"):
        read([one(), one(prefix="x"), one(prefix="y")], strict=True)


def test_provider_from_column_or_argument_but_only_one() -> None:
    assert read([one(provider="acme")]).provider == "acme"
    assert read([one()], provider="acme").rows["provider"].to_list() == ["acme"]
    with pytest.raises(SheetError, match="mixes the providers 'acme' and 'other'"):
        read([one(provider="acme"), one(provider="other")])


def test_counts_must_add_up() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        Counts(read=2, loaded=1)


def test_R48_a_float_exchange_rate_is_refused() -> None:
    with pytest.raises(MoneyError, match=r"inr_per_unit=84\.2 is a float"):
        read([one()], currency="USD", inr_per_unit=84.2, inr_on="2026-01-05")
