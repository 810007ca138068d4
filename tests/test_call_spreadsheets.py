"""Calls as spreadsheets, dumps and people write them: days as numbers, words for nothing, names of months."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing import CallRecords, Joined, RateDeck, RecordError, records
from dialnexa_routing.clock.day_counts import nanoseconds_of_days
from dialnexa_routing.records.nothing_said import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOBILE = "+919812345678"
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
INDIA: dict[str, Any] = {"timezone": "Asia/Kolkata"}
ROWS = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]})
DECK = RateDeck.compile(ROWS.with_columns(outbound_rate=pl.Series(["0.80"]).str.to_decimal(scale=9)))


def read(frame: Any, **said: Any) -> dict[str, Any]:
    """The first row as it is read."""
    return CallRecords.read(frame, max_refused=1, **said).rows.row(0, named=True)


@pytest.mark.parametrize(
    "cell",
    [
        "Fri Nov 20 10:00:00 2026",
        "Fri Nov 20 04:30:00 UTC 2026",
        "Fri Nov 20 10:00:00 +0530 2026",
        "Nov 20, 2026, 10:00:00 AM",
        "November 20, 2026 10:00",
        "20 November 2026 10:00:00",
        "Friday, 20 November 2026 10:00:00 a.m.",
        "2026/11/20, 10:00:00\u202fAM",
        "2026-11-20\u00a010:00:00 AM",
    ],
)
def test_C12_a_month_by_its_name_is_one_day(cell: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": [cell]})
    assert read(frame, **INDIA)["answered_at"] == AT
    rated = records.rate(frame, deck=DECK, timezone="Asia/Kolkata")
    assert rated["answered_at_utc"].to_list() == [AT]


@pytest.mark.parametrize(
    "cell", ["Fri Nov 20 10:00:00 IST 2026", "20 Novembre 2026 10:00", "Nov 31, 2026 10:00"]
)
def test_C12_a_zone_that_several_have_and_a_day_that_is_none_are_refused(cell: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": [cell]})
    assert read(frame, **INDIA)["reason"] == "invalid_answered_at"


@pytest.mark.parametrize("places", [5, 6, 9, 12, 17])
def test_C12_days_are_the_second_that_they_were_written_for(places: int) -> None:
    drawn = random.Random(places)
    seconds = [drawn.randrange(40_000 * 86_400, 50_000 * 86_400) for _ in range(500)]
    texts = [f"{one / 86_400:.{places}f}" if places < 17 else repr(one / 86_400) for one in seconds]
    assert nanoseconds_of_days(pl.Series(texts)).to_list() == [one * 10**9 for one in seconds]


def test_C12_days_that_state_no_second_are_none() -> None:
    texts = pl.Series(["46175.4167", "0.0007", "0.000732", "-1", "1e5", "46175,5", ""])
    assert nanoseconds_of_days(texts).to_list() == [None] * 7


@pytest.mark.parametrize("cell", ["46346.4166666667", 46346.416666666664, Decimal("46346.4166666667")])
def test_C12_days_of_a_spreadsheet_are_asked_and_read(cell: Any) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": [cell]})
    with pytest.raises(RecordError, match="epoch_unit='excel'"):
        CallRecords.read(frame, **INDIA)
    with pytest.raises(RecordError, match="timezone="):
        CallRecords.read(frame, epoch_unit="excel")
    assert read(frame, epoch_unit="excel", **INDIA)["answered_at"] == AT


def test_C12_a_word_of_a_time_is_no_count_of_days() -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": ["2026-11-20 10:00:00"]})
    with pytest.raises(RecordError, match="no days as spreadsheets count them"):
        CallRecords.read(frame, epoch_unit="excel", **INDIA)


@pytest.mark.parametrize("cells", [["0.000729166666666667", "0.0014"], [0.0007291666666666667, 0.0014]])
def test_C3_parts_of_a_day_are_no_seconds(cells: Sequence[Any]) -> None:
    frame = pl.DataFrame({"to": [MOBILE] * 2, "seconds": cells})
    with pytest.raises(RecordError, match="seconds_unit='day'"):
        _ = CallRecords.read(frame).rows
    assert read(frame, seconds_unit="day")["seconds"] == 63


@pytest.mark.parametrize("cells", [["0.0175", "0.5"], ["0,0175", "0,5"]])
def test_C3_parts_of_an_hour_are_no_seconds_either(cells: list[str]) -> None:
    frame = pl.DataFrame({"to": [MOBILE] * 2, "seconds": cells})
    with pytest.raises(RecordError, match="seconds_unit='h'"):
        _ = CallRecords.read(frame).rows
    assert read(frame, seconds_unit="h")["seconds"] == 63


@pytest.mark.parametrize(("name", "unit"), [("talk_h", "h"), ("duration_m", "min"), ("days", "day")])
def test_C3_names_of_other_units_are_asked(name: str, unit: str) -> None:
    with pytest.raises(RecordError, match=f"seconds_unit='{unit}'"):
        CallRecords.read(pl.DataFrame({"to": [MOBILE], name: ["1"]}), columns={"seconds": name, "to": "to"})


@pytest.mark.parametrize(
    ("cell", "given", "right"),
    [("1793853000000", "s", "ms"), ("1793853000", "ms", "s"), ("1793853000000000", "s", "us")],
)
def test_C12_a_count_of_no_year_of_telephones_is_of_another_unit(cell: str, given: str, right: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": [cell]})
    with pytest.raises(RecordError, match=f"pass epoch_unit='{right}'"):
        CallRecords.read(frame, epoch_unit=given)
    mixed = pl.concat([frame.with_columns(answered_at=pl.lit(str(1793853000 * k))) for k in (1, 1000)])
    found = CallRecords.read(mixed, epoch_unit="s", max_refused=1).rows
    assert found["reason"].to_list() == [None, "invalid_answered_at"]


@pytest.mark.parametrize("word", NOTHING)
def test_a_word_for_nothing_is_nothing(word: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": [word], "call_id": [word]})
    row = read(frame, **INDIA)
    assert (row["answered_at"], row["call_id"], row["reason"]) == (None, None, None)
    assert read(pl.DataFrame({"to": [MOBILE], "seconds": [word]}))["reason"] == "missing_seconds"
    rated = records.rate(frame.with_columns(seconds=pl.lit(word)), deck=DECK, timezone="Asia/Kolkata")
    assert rated["reason"].to_list() == ["missing_seconds"]


@pytest.mark.parametrize("word", ["\\N", "NULL", "nan"])
def test_C7_a_key_that_is_nothing_is_no_key(word: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE] * 3, "seconds": ["63"] * 3, "call_id": [word, word, "a"]})
    found = CallRecords.read(frame, unique_by="call_id").rows
    assert found["reason"].to_list() == [None, None, None]


def test_C11_a_text_that_was_saved_twice_has_two_marks(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbfto,seconds\n+919812345678,63\n")
    assert read(path)["seconds"] == 63


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("2026-11-20 00:00:00", "10:00:00"),
        ("2026-11-20", "1899-12-30 10:00:00"),
        ("2026-11-20T00:00:00.000", "1900-01-01 10:00:00"),
        ("20 Nov 2026", "10:00 AM"),
        ("2026-11-20", "10:00"),
    ],
)
def test_C12_a_day_and_a_time_in_two_cells_are_one_time(day: str, time: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "day": [day], "time": [time]})
    columns: dict[str, Any] = {"to": "to", "seconds": "seconds", "answered_at": Joined(("day", "time"))}
    with pytest.raises(RecordError, match="timezone="):
        CallRecords.read(frame, columns=columns)
    assert read(frame, columns=columns, **INDIA)["answered_at"] == AT


def test_C15_cells_of_a_workbook_are_times_lengths_and_days(tmp_path: Path) -> None:
    book = pytest.importorskip("xlsxwriter")
    pytest.importorskip("fastexcel")
    path = tmp_path / "calls.xlsx"
    at = datetime(2026, 11, 20, 10, 0)
    with book.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        whole, day, clock, long = (
            made.add_format({"num_format": form})
            for form in ("dd/mm/yyyy hh:mm:ss", "dd/mm/yyyy", "hh:mm:ss", "[h]:mm:ss")
        )
        names = ("called", "start", "day", "time", "talk", "long", "count", "part")
        for place, name in enumerate(names):
            sheet.write(0, place, name)
        for row, seconds in enumerate((63, 36 * 3600 + 63), 1):
            sheet.write(row, 0, "919812345678")
            sheet.write_datetime(row, 1, at, whole)
            sheet.write_datetime(row, 2, datetime(2026, 11, 20), day)
            sheet.write(row, 3, 10 / 24, clock)
            sheet.write_datetime(row, 4, timedelta(seconds=seconds), clock)
            sheet.write_datetime(row, 5, timedelta(seconds=seconds), long)
            sheet.write(row, 6, 46346 + 10 / 24)
            sheet.write(row, 7, seconds / 86_400)
    joined = Joined(("day", "time"))
    ways: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        ("start", "talk", {}),
        (joined, "long", {}),
        ("count", "part", {"epoch_unit": "excel", "seconds_unit": "day"}),
    )
    for answered_at, seconds_in, said in ways:
        columns = {"to": "called", "answered_at": answered_at, "seconds": seconds_in}
        found = CallRecords.read(path, columns=columns, direction="outbound", **INDIA, **said).rows
        assert found["answered_at"].to_list() == [AT] * 2
        assert found["seconds"].to_list() == [63, 36 * 3600 + 63]


DAYS = {"to": [MOBILE, MOBILE], "seconds": [60, 60], "day": ["20/11/2026", "21/11/2026"]}


@pytest.mark.parametrize("clock", [["10:00:00", "11:00:00"], ["9:05 AM", "10:00 pm"], ["10:00", None]])
def test_days_beside_times_of_the_day_are_asked_about_as_one(clock: list[str | None]) -> None:
    calls = pl.DataFrame(DAYS | {"hour": clock})
    columns: dict[str, Any] = {"to": "to", "seconds": "seconds", "answered_at": "day"}
    asked = {"columns": columns, "direction": "outbound", "dates": "day_first", **INDIA}
    with pytest.raises(RecordError, match=r"'answered_at': Joined\(\('day', 'hour'\)\)"):
        _ = CallRecords.read(calls, **asked).rows
    joined = asked | {"columns": columns | {"answered_at": Joined(("day", "hour"))}}
    assert read(calls, **joined)["answered_at"].date() == AT.date()


def test_days_without_a_time_of_the_day_are_no_such_question() -> None:
    columns: dict[str, Any] = {"to": "to", "seconds": "seconds", "answered_at": "day"}
    found = CallRecords.look(pl.DataFrame(DAYS | {"kind": ["a", "b"]}), columns=columns, direction="outbound")
    assert "columns" not in [one.argument for one in found.questions]
