"""What a report says of a sheet: counts, coverage, prefixes that make no difference, ages."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brute_force import answers, sheets
from command import document, run, sentence
from counting import steps
from decks import utc
from dialnexa_routing import DeckTimeError, RateSheet
from small_sheets import NOW, PAST, SOON, TEN, Row, found, india, look, sheet_of
from world import world_sheet

WORLD_AT = utc(2026, 11, 10)


def test_counts_and_coverage() -> None:
    report = look(
        india("91"),
        india("9198", "3", network_group="India - Mobile"),
        india("9199", "2", network_group="India - Mobile"),
        india("9140", None, blocked=True),
        india("9177", "9", valid_from=SOON),
        india("9166", "8", valid_to=PAST),
        india("911400", "0.5", exact_match=True),
        india("91", "0.1", origin="91"),
    )
    counts = dict(report.counts.iter_rows())
    assert counts["rows_read"] == counts["rows_loaded"] + counts["rows_refused"] + counts["rows_noise"]
    assert (counts["prefixes"], counts["whole_numbers"], counts["rows_for_other_callers"]) == (6, 1, 1)
    row = report.coverage.row(0, named=True)
    assert row == {
        "country_iso": "IN",
        "country": "India",
        "prefixes": 7,
        "groups": 2,
        "blocked": 1,
        "min_rate": Decimal("0.5"),
        "median_rate": Decimal(1),
        "max_rate": Decimal(3),
        "future": 1,
        "expired": 1,
    }


def test_R48_rates_of_a_country_are_for_a_minute() -> None:
    row = look(india("91", "0.5", rate_unit_s=30), india("911", "1", rate_unit_s=180)).coverage
    assert row.select("min_rate", "max_rate").row(0) == (Decimal("0.333333333"), Decimal(1))


def test_a_country_without_prices_has_none() -> None:
    assert look(india("91", None, blocked=True)).coverage["median_rate"].to_list() == [None]


def test_a_prefix_below_which_all_ten_are_listed_is_shadowed() -> None:
    ten = [india(f"91{digit}") for digit in TEN]
    assert look(india("91"), *ten).shadowed["prefix"].to_list() == ["91"]
    assert not look(india("91"), *ten[1:]).shadowed.height
    assert look(india("9"), *ten, *(india(f"9{digit}") for digit in (0, *range(2, 10)))).shadowed[
        "prefix"
    ].to_list() == ["9"], "91 is not listed, but nothing of it is left"


def test_R50_only_prefixes_that_last_cast_a_shadow() -> None:
    ten = [india(f"91{digit}") for digit in TEN]
    assert not look(india("91"), *ten[1:], india("910", valid_from=SOON)).shadowed.height
    assert not look(india("91"), *ten[1:], india("910", valid_to=SOON)).shadowed.height
    turns = [india("910", valid_to=SOON), india("910", "2", valid_from=SOON)]
    assert look(india("91"), *ten[1:], *turns).shadowed["prefix"].to_list() == ["91"]
    gap = [turns[0], india("910", "2", valid_from=utc(2026, 12, 2))]
    assert not look(india("91"), *ten[1:], *gap).shadowed.height


def test_a_shadow_falls_on_the_directions_it_serves() -> None:
    inbound = [india(f"91{digit}", None, inbound_rate="1") for digit in TEN]
    assert not look(india("91"), *inbound).shadowed.height
    assert look(india("91", None, inbound_rate="2"), *inbound).shadowed["prefix"].to_list() == ["91"]
    assert look(india("91"), *(india(f"91{digit}", None, blocked=True) for digit in TEN)).shadowed.height == 1


@given(sheets())
def test_no_number_reaches_what_is_shadowed(rows: list[Row]) -> None:
    # With both rates a row serves both directions, as a blocked one does.
    both = [row | {"inbound_rate": row["outbound_rate"]} for row in rows]
    shadowed = set(sheet_of(both).report(at=NOW).shadowed["prefix"])
    marked = [row | {"network_group": f"{row['prefix']} {row['exact_match']}"} for row in rows]
    reached = {answer[0] for answer in answers(marked).values() if answer}
    for row in rows:
        # Whole numbers of four digits do not take a prefix of four away: a fifth digit may follow.
        if not row["exact_match"]:
            assert (row["prefix"] in shadowed) == (f"{row['prefix']} False" not in reached)


def test_quirk_60_a_child_is_redundant_only_if_every_term_is_its_parents() -> None:
    assert look(india("91"), india("9198"), india("919812")).redundant["parent"].to_list() == ["91", "9198"]
    for change in (
        {"outbound_rate": "2"},
        {"network_group": "Other"},
        {"country_iso": "XX"},
        {"connect_fee": "1"},
        {"initial_increment_s": 30, "next_increment_s": 6},
        {"inbound_rate": "1"},
        {"blocked": True},
        {"valid_to": SOON},
    ):
        assert not look(india("91"), india("9198") | change).redundant.height, change
    assert look(india("91", connect_fee="0"), india("9198")).redundant.height == 1
    assert not look(india("91"), india("919", "2"), india("9198")).redundant.height, "919 stands between"
    assert look(india("91"), india("9198", exact_match=True)).redundant["exact_match"].to_list() == [True]


@given(
    st.lists(
        st.tuples(st.from_regex("[19][01]{0,4}", fullmatch=True), st.sampled_from("123")),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_redundant_is_what_a_deck_leaves_out(drawn: list[tuple[str, str]]) -> None:
    rows = [india(prefix, rate) for prefix, rate in dict(drawn).items()]
    sheet = sheet_of(rows)
    assert sheet.report(at=NOW).redundant.height == sheet.compile().counts.redundant


def test_quirk_22_a_longer_code_that_waits_shows_what_answers_until_then() -> None:
    report = look(
        india("91"),
        india("9198", "2", valid_from=SOON),
        india("9199", "0.5", valid_from=SOON),
        india("44", "5", valid_from=SOON),
        india("33", "5", valid_to=SOON, country_iso="FR"),
        india("33", "6", valid_from=SOON, country_iso="FR"),
        india("9177", "3", valid_to=PAST),
    )
    read = report.ages.select("state", "prefix", "now_prefix", "now_rate", "difference")
    assert read.rows() == [
        ("expired", "9177", "91", Decimal(1), Decimal(2)),
        ("replaces", "33", "33", Decimal(5), Decimal(1)),
        ("waits", "44", None, None, None),
        ("waits", "9198", "91", Decimal(1), Decimal(1)),
        ("waits", "9199", "91", Decimal(1), Decimal("-0.5")),
    ]
    assert "1 of those that wait are sold cheaper" in str(report)
    assert (report.oldest, report.newest) == (SOON, SOON)


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [("Asia/Kolkata", "2026-11-01", "2026-12-05"), ("America/New_York", "2026-11-01", "2026-12-05")],
)
def test_R50_days_are_those_of_the_zone_that_was_given(timezone: str, first: str, last: str) -> None:
    frame = pl.DataFrame({"prefix": ["91", "9198"], "country": "India", "outbound_rate": "1"})
    sheet = RateSheet.read(frame.with_columns(valid_from=pl.Series([first, last])), timezone=timezone)
    told = str(sheet.report(at=NOW))
    assert f"valid from {first} to {last}; " in told
    assert any(last in line for line in told.splitlines() if line.startswith("waits"))


def test_a_day_beyond_the_calendar_of_a_zone_is_the_last_one() -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": "India", "outbound_rate": "1"})
    end = frame.with_columns(valid_from=pl.lit("9999-12-31T23:59:59Z"))
    assert "valid from 9999-12-31 to 9999-12-31" in str(
        RateSheet.read(end, timezone="Asia/Kolkata").report(at=NOW)
    )


def test_ages_know_whole_numbers() -> None:
    rows = [india("91"), india("911400", "2", exact_match=True), india("911400", "3", exact_match=True)]
    rows[1]["valid_to"] = rows[2]["valid_from"] = SOON
    assert look(*rows).ages.select("state", "now_rate").rows() == [("replaces", Decimal(2))]
    wait = look(india("91"), india("911400", "3", exact_match=True, valid_from=SOON)).ages
    assert wait.select("state", "now_prefix").rows() == [("waits", "91")]


def test_R19_a_report_is_of_the_callers_rows() -> None:
    rows = [india("91", "0"), india("91", "1", origin="91")]
    assert found(sheet_of(rows).report(at=NOW)) == {"zero rate": ["91"]}
    assert not found(sheet_of(rows, origin="9140").report(at=NOW))


def test_faults_are_told_by_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "prefix,country,outbound_rate\n091,India,1\n092,India,1\n91,India,x\n1,US,1\n", encoding="utf-8"
    )
    report = RateSheet.read(path).report(at=NOW)
    first = report.faults.row(0, named=True)
    assert (first["severity"], first["faults"], first["row"]) == ("error", 2, 2)
    assert not report.is_clean
    assert "3 refused" in str(report)


def test_T5_R50_an_instant_has_a_zone_and_is_a_must_for_dated_rows() -> None:
    with pytest.raises(DeckTimeError, match="time zone"):
        sheet_of([india("91")]).report(at=NOW.replace(tzinfo=None))
    report = sheet_of([india("91")]).report()
    assert report.at is None
    assert report.to_dict()["at"] is None
    assert " at " not in report.text().splitlines()[0]
    for name in ("valid_from", "valid_to"):
        dated: Row = {name: NOW}
        with pytest.raises(DeckTimeError, match="pass at="):
            sheet_of([india("91"), india("9198", **dated)]).report()


def test_an_empty_sheet_has_a_report() -> None:
    report = look()
    assert report.is_clean
    assert "0 rows read" in str(report)
    assert report._repr_html_()
    assert report.to_dict()["counts"]["prefixes"] == 0


def test_it_reads_as_text_html_and_data() -> None:
    hostile = "<img src=x onerror=alert(1)>\n\x1b[2J"
    report = look(
        india("91", "0", network_group=hostile, country=hostile), india("9198", "0", network_group=hostile)
    )
    text, page = str(report), report._repr_html_()
    assert "<img" not in page
    assert "&lt;img" in page
    assert "\x1b" not in text + page
    assert text.splitlines()[0] == "s.csv, any caller, at 2026-11-23T00:00:00+00:00"
    told = json.loads(json.dumps(report.to_dict()), parse_float=lambda text: pytest.fail(text))
    assert told["suspicious"]["rows"][0]["finding"] == "zero rate"
    assert repr(report).startswith("<SheetReport s.csv")
    for name in ("coverage", "shadowed", "redundant", "suspicious", "ages"):
        assert not [1 for dtype in getattr(report, name).dtypes if dtype.is_float()], name


def test_the_steps_of_a_report_do_not_grow_with_the_sheet() -> None:
    world = world_sheet()
    few = replace(world, rows=world.rows.gather_every(16))
    few.report(at=WORLD_AT)
    part, whole = steps(lambda: few.report(at=WORLD_AT)), steps(lambda: world.report(at=WORLD_AT))
    assert whole.calls < 1.25 * part.calls
    assert whole.rows < 6 * world.rows.height


def test_a_report_of_the_world() -> None:
    world = world_sheet()
    report = world.report(at=WORLD_AT)
    assert report.redundant.height > 30_000
    assert report.coverage.height > 240
    assert set(report.ages["state"]) == {"expired", "waits"}
    assert "country disagrees" not in found(report)
    shadowed = report.shadowed["prefix"][0]
    deck = world.compile(keep_redundant=True)
    longer = pl.Series([f"{shadowed}{digit}000000"[:15] for digit in TEN])
    matched = deck.match(longer, at=WORLD_AT, fields="prefix")
    assert isinstance(matched, pl.Series)
    assert (matched.str.len_bytes() > len(shadowed)).all()


SHEET = "prefix,country_iso,country,outbound_rate\n91,IN,India,0.74\n9198,IN,India,0\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_command_shows_a_report() -> None:
    text = run("check", "sheet.csv", "--html", "page.html").stdout
    assert "2 rows read = 2 loaded" in text
    assert "zero rate" in text
    assert "zero rate" in Path("page.html").read_text(encoding="utf-8")
    told = document("check", "sheet.csv", "--at", "2026-11-23T00:00:00Z")
    assert told["clean"] is True
    assert told["at"] == "2026-11-23T00:00:00+00:00"
    assert len(document("check", "sheet.csv", "--rows", "0")["suspicious"]["rows"]) == 0


@pytest.mark.usefixtures("folder")
def test_the_command_exits_1_for_refused_rows_and_grave_findings() -> None:
    Path("bad.csv").write_text(SHEET + "091,IN,India,1\n", encoding="utf-8")
    assert "1 refused" in run("check", "bad.csv", code=1).stdout
    Path("cut.csv").write_text(SHEET + "373000000000,EE,Estonia,1\n", encoding="utf-8")
    assert document("check", "cut.csv", code=1)["clean"] is False
    assert "no time with a zone" in run("check", "sheet.csv", "--at", "x", code=2).stderr
    assert "one of the inputs" in sentence("check", "sheet.csv", "--html", "sheet.csv")
    assert "is a folder" in sentence("check", "sheet.csv", "--html", ".")
    assert "no file" in sentence("check", "none.csv")


@pytest.mark.usefixtures("folder")
def test_the_command_takes_any_argument_of_reading() -> None:
    Path("odd.csv").write_text("Ziel,country,outbound_rate\n91,India,1\n", encoding="utf-8")
    text = run("check", "odd.csv", "--read", "columns.prefix=Ziel", "--read", "max_refused=1").stdout
    assert "1 rows read = 1 loaded" in text
    for wrong in ("unit", "units=cents", "columns=Ziel", "unit.a=cents", "max_refused=x", "strict=1"):
        assert "--read" in run("check", "odd.csv", "--read", wrong, code=2).stderr
