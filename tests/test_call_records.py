"""Call records of any system, read into one set of columns; each line of the list of faults by its number."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

from command import folder, run, sentence
from decks import INDIA, deck_of
from dialnexa_routing import BillingPlan, CallRecords, ConflictError, NumberReading, RecordError, records
from dialnexa_routing.billing.reconciliation import reconcile
from dialnexa_routing.job import RatingJob
from dialnexa_routing.numbers.number_reading import Separators
from dialnexa_routing.records.call_choices import Legs

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folder"]

DECK = deck_of(INDIA)
MOBILE = "+919812345678"
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
NAMES = {"to": "called", "answered_at": "answer", "seconds": "secs"}
ASKED: dict[str, Any] = {"columns": NAMES, "direction": "outbound", "timezone": "Asia/Kolkata"}


def frame(**columns: Any) -> pl.DataFrame:
    usual = {"called": MOBILE, "answer": "2026-11-20 10:00:00", "secs": "63"}
    height = max((len(cells) for cells in columns.values()), default=1)
    return pl.DataFrame({**{name: [value] * height for name, value in usual.items()}, **columns})


def one(**columns: Any) -> dict[str, Any]:
    return CallRecords.read(frame(**columns), **ASKED).rows.row(0, named=True)


def rated(**columns: Any) -> dict[str, Any]:
    usual = {"to": MOBILE, "seconds": 63}
    calls = pl.DataFrame({**{name: [value] for name, value in usual.items()}, **columns})
    return records.rate(calls, deck=DECK).row(0, named=True)


def test_rows_are_rated_and_keep_the_readers_reasons() -> None:
    calls = frame(called=[MOBILE] * 3, secs=["63", "x", "63"]).with_columns(id=pl.Series(["a", "b", "a"]))
    found = CallRecords.read(calls, unique_by="id", **ASKED)
    assert found.rows["reason"].to_list() == [None, "invalid_seconds", "duplicate"]
    for given in (found, found.rows, found.lazy()):
        charged = records.rate(given, deck=DECK).lazy().collect()
        assert charged["reason"].to_list() == [None, "invalid_seconds", "duplicate"]
        assert charged["charge"].to_list() == [Decimal("1.50"), None, None]
        assert charged["raw_id"].to_list() == ["a", "b", "a"]
    beside = records.rate(found.rows, deck=DECK, add_prefix="our_")
    assert beside["our_reason"].to_list() == beside["reason"].to_list()
    counts = found.counts
    assert (counts.read, counts.loaded, counts.refused) == (3, 1, 2)
    assert counts.by_reason == {"invalid_seconds": 1, "duplicate": 1}


def test_a_direction_of_all_rows_is_one_of_two_words() -> None:
    for word in ("way", "out", ""):
        with pytest.raises(RecordError, match=r"is neither 'outbound' nor 'inbound'; a column is named"):
            CallRecords.read(frame(), **ASKED | {"direction": word})
    with pytest.raises(RecordError, match="dates='us' is none of 'day_first', 'month_first'"):
        CallRecords.read(frame(), **ASKED, dates="us")


def test_C1_a_file_of_national_numbers_is_told_so_and_read_by_the_callers_word() -> None:
    calls = pl.DataFrame({"to": [f"98{n:08}" for n in range(40)], "seconds": [63] * 40})
    found = CallRecords.read(calls)
    assert any("calling_code" in reason for reason in found.faults["reason"])
    home = NumberReading(calling_code="91", trunk_prefix="0")
    told = CallRecords.read(calls, reading=home)
    assert told.rows["to"][0] == "+919800000000"
    assert not any("digits" in reason for reason in told.faults["reason"])


@pytest.mark.parametrize("name", ["duration_ms", "billmsec", "durationMs"])
def test_C3_a_name_that_speaks_of_milliseconds_is_refused_until_the_unit_is_named(name: str) -> None:
    calls = pl.DataFrame({"to": [MOBILE], name: [63000]})
    with pytest.raises(RecordError, match=r"seconds_unit='ms'"):
        records.rate(calls, deck=DECK, seconds=name)
    names = {"to": "to", "seconds": name}
    with pytest.raises(RecordError, match=r"seconds_unit='ms'"):
        CallRecords.read(calls, columns=names, direction="outbound")
    found = CallRecords.read(calls, columns=names, direction="outbound", seconds_unit="ms")
    assert found.rows["seconds"].to_list() == [63]


def test_C3_calls_that_last_days_are_no_seconds() -> None:
    calls = frame(secs=[630_000], called=[MOBILE])
    with pytest.raises(RecordError, match="longer than a day"):
        _ = CallRecords.read(calls, **ASKED).rows
    assert CallRecords.read(calls, seconds_unit="s", **ASKED).rows["seconds"].to_list() == [630_000]


def test_C4_the_begin_of_1970_is_a_call_that_was_never_answered() -> None:
    never = pl.DataFrame({"to": [MOBILE], "answered_at": ["1970-01-01T00:00:00Z"], "ended_at": [AT]})
    charged = records.rate(never, deck=DECK, seconds=None, ended_at="ended_at")
    assert charged["billed_seconds"].to_list() == [0]
    for cell in ("1970-01-01 00:00:00", "1970-01-01 05:30:00+05:30"):
        row = one(answer=[cell], secs=["63"])
        assert (row["answered_at"], row["seconds"], row["reason"]) == (None, 0, None)


def test_C4_a_longest_call_can_be_named() -> None:
    found = CallRecords.read(frame(secs=["7200"]), longest_s=3600, max_refused=1, **ASKED)
    assert found.rows["reason"].to_list() == ["too_long"]


@pytest.mark.parametrize("word", ["OUTBOUND", "outgoing", "out", "outbound-api", "Outbound "])
def test_C8_the_words_of_providers_are_directions(word: str) -> None:
    assert rated(direction=[word])["charge"] == Decimal("1.50")
    assert rated(Direction=["inbound"], to=["+911234567890"])["charge"] == Decimal("0.40")
    row = CallRecords.read(
        frame(way=[word]), **{**ASKED, "direction": None, "columns": {**NAMES, "direction": "way"}}
    )
    assert row.rows["direction"].to_list() == ["outbound"]


def test_C8_no_direction_is_a_reason_and_two_columns_of_one_name_are_asked() -> None:
    assert rated(direction=[None])["reason"] == "invalid_direction"
    with pytest.raises(RecordError, match="direction="):
        rated(Direction=["in"], DIRECTION=["in"])
    inside = CallRecords.read(
        frame(way=["internal"]), **{**ASKED, "direction": None, "columns": {**NAMES, "direction": "way"}}
    )
    assert inside.rows.select("direction", "reason").row(0) == (None, "internal_call")


WAY: dict[str, Any] = {**ASKED, "direction": None, "columns": {**NAMES, "direction": "way"}}
HOSTILE = {
    "float": pl.Series([1e27, 63.0]),
    "nan": pl.Series([float("nan"), 63.0]),
    "decimal": pl.Series([Decimal(10**33), Decimal(63)], dtype=pl.Decimal(38, 0)),
    "text": pl.Series(["9" * 40, "63"]),
    "integer": pl.Series([2**63 - 1, 63]),
}


@pytest.mark.parametrize("cells", HOSTILE.values(), ids=HOSTILE)
def test_C9_one_strange_cell_is_one_rows_reason(cells: pl.Series) -> None:
    calls = pl.DataFrame({"to": [MOBILE] * 2, "seconds": cells})
    for found in (calls, CallRecords.read(calls)):
        charged = records.rate(found, deck=DECK)
        assert charged["charge"][1] == Decimal("1.50")
        assert charged.height == 2
        assert charged["charge"][0] is None


def test_C9_voicemail_in_any_case_and_one_that_says_nothing() -> None:
    said = ["True", "FALSE", "perhaps", None]
    calls = pl.DataFrame({"to": [MOBILE] * 4, "seconds": [60] * 4, "voicemail": said})
    charged = records.rate(calls, deck=DECK, plan=BillingPlan(id="p", llm="1", voicemail="free"))
    assert charged["reason"].to_list() == [None, None, "invalid_voicemail", None]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20 10:00:00+0530",
        "2026-11-20 04:30:00+00",
        "2026-11-20 09:30:00+05",
        "2026-11-20 10:00:00 +05:30",
        "2026/11/20 10:00",
        "Fri, 20 Nov 2026 04:30:00 +0000",
        "2026/11/20 10:00:00 AM",
    ],
)
def test_C12_times_that_mean_one_thing_are_read(cell: str) -> None:
    wanted = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert one(answer=[cell])["answered_at"] == wanted
    calls = pl.DataFrame({"to": [MOBILE], "seconds": [63], "answered_at": [cell]})
    found = records.rate(calls, deck=DECK, timezone="Asia/Kolkata")["answered_at_utc"].to_list()
    assert found == [wanted]


def test_C12_what_has_two_readings_is_asked_by_one_argument() -> None:
    day = frame(answer=["20/11/2026 10:00"])
    with pytest.raises(RecordError, match="dates='day_first'"):
        CallRecords.read(day, **ASKED)
    assert CallRecords.read(day, dates="day_first", **ASKED).rows["answered_at"].to_list() == [AT]
    for cell, unit in (("1795149000", "s"), (1795149000, "s"), (1795149000000, "ms")):
        counted = frame(answer=[cell])
        with pytest.raises(RecordError, match=f"epoch_unit='{unit}'"):
            CallRecords.read(counted, **ASKED)
        found = CallRecords.read(counted, epoch_unit=unit, **ASKED)
        assert found.rows["answered_at"].to_list() == [AT]
    with pytest.raises(TypeError, match="epoch_unit='s'"):
        records.rate(
            pl.DataFrame({"to": [MOBILE], "seconds": [1], "answered_at": [5]}),
            deck=deck_of(INDIA),
            ended_at="answered_at",
            seconds=None,
        )


def test_C12_date_and_time_in_two_columns() -> None:
    from dialnexa_routing import Joined

    calls = pl.DataFrame({"called": [MOBILE], "day": ["2026-11-20"], "hour": ["10:00:00"], "secs": [63]})
    names: dict[str, Any] = {"to": "called", "seconds": "secs", "answered_at": Joined(("day", "hour"))}
    found = CallRecords.read(calls, columns=names, direction="outbound", timezone="Asia/Kolkata")
    assert found.rows["answered_at"].to_list() == [AT]


@pytest.mark.parametrize("cell", ["00:01:03", "63s", "63 sec", "1m 3s", "63000ms", "63.000"])
def test_C13_lengths_with_two_colons_or_a_unit(cell: str) -> None:
    assert one(secs=[cell])["seconds"] == 63
    assert rated(seconds=[cell])["billed_seconds"] == 120


def test_C13_one_colon_is_asked() -> None:
    with pytest.raises(RecordError, match="seconds_unit='clock'"):
        CallRecords.read(frame(secs=["1:03"]), **ASKED)
    assert CallRecords.read(frame(secs=["1:03"]), seconds_unit="clock", **ASKED).rows["seconds"][0] == 63
    assert rated(seconds=["1:03"])["reason"] == "invalid_seconds"


LINE = "sales,1001,919812345678,in,2026-11-20 10:00:00,63\n"


def test_C14_a_first_line_that_is_a_call_is_shown_masked_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_text(LINE + LINE.replace("63", "5"))
    with pytest.raises(RecordError, match="header=None") as told:
        CallRecords.read(path)
    assert "91981…78" in str(told.value)
    assert "919812345678" not in str(told.value)
    found = CallRecords.read(
        path,
        header=None,
        columns={"to": 3, "answered_at": 5, "seconds": 6},
        direction="outbound",
        timezone="Asia/Kolkata",
    )
    assert found.rows.select("to", "seconds").rows() == [(MOBILE, 63), (MOBILE, 5)]
    assert found.rows["source_row"].to_list() == [1, 2]


def test_C15_json_and_workbooks_and_whatever_has_calls(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("fastexcel")
    calls = frame(called=[MOBILE, "+14155550123"], answer=["2026-11-20 10:00:00"] * 2, secs=["63", "5"])
    calls.write_csv(tmp_path / "a.csv")
    calls.write_csv(tmp_path / "b.csv", separator=";", include_bom=True)
    (tmp_path / "c.csv").write_bytes((tmp_path / "a.csv").read_bytes().replace(b"\n", b"\r"))
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    (tmp_path / "e.json").write_text(json.dumps(calls.to_dicts()))
    (tmp_path / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in calls.to_dicts()))
    (tmp_path / "g.json").write_text(json.dumps({"meta": {"n": 2}, "objects": calls.to_dicts()}))
    calls.write_excel(tmp_path / "h.xlsx")
    calls.write_parquet(tmp_path / "i.parquet")
    calls.write_ipc(tmp_path / "j.arrow")
    wanted = [(MOBILE, AT, 63), ("+14155550123", AT, 5)]
    sources: list[Any] = [*sorted(tmp_path.iterdir()), calls, calls.lazy(), calls.to_arrow()]
    for source in sources:
        found = CallRecords.read(source, **ASKED)
        assert found.rows.select("to", "answered_at", "seconds").rows() == wanted, source
        assert found.counts.read == found.counts.loaded == 2
    every = CallRecords.read(tmp_path, **ASKED)
    assert every.rows.height == 20
    assert every.files == tuple(f.name for f in sorted(tmp_path.iterdir()))


def test_C16_all_open_questions_come_at_once_and_in_the_words_of_the_face(tmp_path: Path) -> None:
    calls = frame(secs=["1:03"])
    with pytest.raises(RecordError, match="3 things open") as told:
        CallRecords.read(calls, columns=NAMES)
    for argument in ("direction='outbound'", "timezone='Asia/Kolkata'", "seconds_unit='clock'"):
        assert argument in str(told.value)
    assert {one.argument for one in CallRecords.look(calls, columns=NAMES).questions} == {
        "direction",
        "timezone",
        "seconds_unit",
    }
    with pytest.raises(RecordError, match=r"no column 'caled'; nearest: 'called'"):
        CallRecords.read(calls, columns={**NAMES, "to": "caled"})
    with pytest.raises(RecordError, match=r"its columns are 'called', 'answer', 'secs'.*'to': 'called'"):
        CallRecords.read(calls)


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([Decimal(919812345678)], dtype=pl.Decimal(38, 10)),
        pl.Series([919812345678.0]),
        pl.Series([919812345678]),
        pl.Series([MOBILE], dtype=pl.Categorical),
    ],
    ids=lambda column: str(column.dtype),
)
def test_C17_whole_numbers_of_any_type_are_their_digits(column: pl.Series) -> None:
    assert rated(to=column)["charge"] == Decimal("1.50")
    assert one(called=column)["to"] == MOBILE


def test_C17_a_decimal_point_is_no_separator() -> None:
    reading = NumberReading(separators=Separators.REMOVED)
    assert reading.read("919812345678.0").number is None
    assert reading.read("98.1234.5678").number == "+9812345678"
    row = CallRecords.read(frame(called=["919812345678.0"]), reading=reading, **ASKED).rows.row(0, named=True)
    assert row["to"] == "919812345678.0"


def test_C18_the_storage_of_foreign_types_is_read() -> None:
    numeric = pa.ExtensionArray.from_storage(
        pa.opaque(pa.string(), "numeric", "PostgreSQL"), pa.array(["63"])
    )
    seconds = pl.Series("seconds", pl.from_arrow(numeric))
    assert rated(seconds=seconds)["billed_seconds"] == 120
    key = pl.Series([bytes(range(16))])
    calls = CallRecords.read(frame(id=key, secs=seconds), **{**ASKED, "columns": {**NAMES, "call_id": "id"}})
    assert calls.rows["call_id"].to_list() == ["00010203-0405-0607-0809-0a0b0c0d0e0f"]


def test_C19_the_error_of_naive_times_names_both_possibilities() -> None:
    with pytest.raises(RecordError, match=r"timezone='Asia/Kolkata' or timezone='UTC'"):
        CallRecords.read(frame(), columns=NAMES, direction="outbound")


def test_the_number_plan_of_the_reading_is_that_of_the_rating() -> None:
    calls = pl.DataFrame({"to": ["1045"], "seconds": [63]})
    assert records.rate(CallRecords.read(calls), deck=DECK)["reason"].to_list() == ["impossible_number"]
    free = CallRecords.read(calls, number_plan=None)
    assert records.rate(free, deck=DECK)["charge"].to_list() == [Decimal("2.20")]


def test_M6_charges_have_a_sign_and_a_currency_or_stay_raw() -> None:
    calls = frame(price=["-0.09900"], unit=["usd"])
    names = {**NAMES, "their_charge": "price", "their_currency": "unit"}
    raw = CallRecords.read(calls, **{**ASKED, "columns": names})
    assert raw.rows.select("their_charge", "raw_price").row(0) == (None, "-0.09900")
    assert any("charge_sign" in reason for reason in raw.faults["reason"])
    taken = CallRecords.read(calls, charge_sign="negative", **{**ASKED, "columns": names})
    assert taken.rows.select("their_charge", "their_currency").row(0) == (Decimal("0.099"), "USD")


def test_unanswered_calls_are_0_s_and_counted() -> None:
    calls = frame(called=[MOBILE] * 3, secs=["63", "20", "5"], state=["ANSWERED", "no-answer", "odd"])
    names = {**NAMES, "status": "state"}
    with pytest.raises(RecordError, match="answered="):
        CallRecords.read(calls, **{**ASKED, "columns": names})
    found = CallRecords.read(calls, answered=("Answered",), **{**ASKED, "columns": names})
    assert found.rows["seconds"].to_list() == [63, 0, 0]
    assert found.counts.unanswered == 2


def test_legs_of_a_format_are_one_call(tmp_path: Path) -> None:
    from dialnexa_routing.records.formats.call_format import CallFormat, Leg

    form = CallFormat(
        name="two",
        title="two legs",
        recognised_by="itself",
        sign=None,
        columns={"to": "called", "seconds": "secs"},
        direction="outbound",
        leg=Leg("one row a leg", key=("call",)),
        noise=lambda cells: cells["called"] == "total",
    )
    calls = pl.DataFrame(
        {
            "called": [MOBILE, MOBILE, "+14155550123", "total"],
            "secs": [5, 63, 9, 77],
            "call": ["a", "a", None, "a"],
        }
    )
    found = CallRecords.read(calls, format=form)
    assert found.rows["reason"].to_list() == ["other_leg", None, None]
    assert (found.counts.read, found.counts.noise) == (4, 1)
    every = CallRecords.read(calls, format=form, legs=Legs.ALL)
    assert every.rows["reason"].to_list() == [None] * 3


def test_a_line_that_is_no_row_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"called,answer,secs\n{MOBILE},2026-11-20 10:00,63\n{MOBILE}\n{MOBILE},2026-11-20 10:00,5\n"
    )
    found = CallRecords.read(path, **ASKED)
    assert found.rows["source_row"].to_list() == [1, 3]
    assert (found.counts.read, found.counts.refused) == (3, 1)
    assert found.faults.filter(reason="fewer_cells")["row"].to_list() == [2]


def test_a_file_without_a_row_that_can_be_read_is_refused() -> None:
    with pytest.raises(RecordError, match="invalid_seconds"):
        _ = CallRecords.read(frame(secs=["x"]), **ASKED).rows
    assert CallRecords.read(frame(secs=["x"]), max_refused=1, **ASKED).rows.height == 1


def test_the_verb_records_charges_nothing_and_rate_reads_what_it_shows(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_text(LINE)
    assert "--no-header" in sentence("records", path)
    written = ["--no-header", "--column", "to=3", "--column", "seconds=6", "--column", "answered_at=5"]
    asked = run("records", str(path), *written, code=1)
    assert asked.exit_code == 1
    assert "--direction outbound" in asked.output
    assert "--timezone Asia/Kolkata" in asked.output
    said = [*written, "--direction", "outbound", "--timezone", "Asia/Kolkata"]
    shown = run("records", str(path), *said, "--json")
    assert shown.exit_code == 0
    document = json.loads(shown.stdout)
    assert document["counts"] == {"read": 1, "loaded": 1, "refused": 0, "noise": 0, "joined": 0}
    assert document["rows"][0]["seconds"] == "63"


def test_a_providers_file_is_reconciled_as_it_was_read() -> None:
    ours = CallRecords.read(frame(id=["a"]), **{**ASKED, "columns": {**NAMES, "call_id": "id"}})
    names = {**NAMES, "call_id": "id", "their_charge": "price"}
    given: dict[str, Any] = {**ASKED, "columns": names, "charge_sign": "negative", "currency": "INR"}
    theirs = CallRecords.read(frame(id=["a"], price=["-1.60"]), **given)
    found = reconcile(ours, theirs, deck=DECK)
    assert found.differences.select("key", "ours", "theirs").rows() == [
        ("a", Decimal("1.500000000"), Decimal("1.600000000"))
    ]


def test_C18_keys_of_bytes_are_reconciled() -> None:
    keys = pl.Series([bytes(range(200, 216)), None])
    ours = pl.DataFrame({"call_id": keys, "to": [MOBILE] * 2, "seconds": [63] * 2})
    theirs = pl.DataFrame({"call_id": keys, "charge": ["1.50", "9"]})
    found = reconcile(ours, theirs, deck=DECK)
    assert found.differences.height == 2


def test_a_job_reads_a_systems_files_and_counts_every_line(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Master.csv").write_text(LINE + "broken\n" + LINE.replace("63", "x"))
    calls: dict[str, Any] = {
        "header": None,
        "columns": {"to": 3, "answered_at": 5, "seconds": 6},
        "direction": "outbound",
        "timezone": "Asia/Kolkata",
    }
    job = RatingJob(inputs=tmp_path / "in", output=tmp_path / "out", deck=DECK, calls=calls)
    report = job.run()
    assert not report.failed
    (entry,) = report.entries
    assert (entry.rows, entry.rated) == (3, 1)
    assert entry.refused == {"invalid_seconds": 1}
    assert entry.rejected == {"fewer_cells": 1}
    assert job.run().entries == report.entries
    other = RatingJob(
        inputs=tmp_path / "in", output=tmp_path / "out", deck=DECK, calls={**calls, "timezone": "UTC"}
    )
    with pytest.raises(ConflictError, match="timezone"):
        other.run()
