"""What call records get wrong, kind by kind: the input that was met, and its siblings."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing import CallRecords, NumberReading, RateDeck, RecordError, records
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.records.call_files import scan
from dialnexa_routing.records.frame_watch import FrameWatch
from dialnexa_routing.records.kept_reasons import READER
from dialnexa_routing.records.unit_names import speaks_of

if TYPE_CHECKING:
    from pathlib import Path

MOBILE = "+919812345678"
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
ROWS = pl.DataFrame({"prefix": ["1", "91"], "network_group": ["US", "India"], "country_iso": ["US", "IN"]})
DECK = RateDeck.compile(ROWS.with_columns(outbound_rate=pl.Series(["0.60", "0.80"]).str.to_decimal(scale=9)))


def read(**columns: Any) -> dict[str, Any]:
    """One row as it is read."""
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], **columns})
    return CallRecords.read(frame, max_refused=1, timezone="Asia/Kolkata").rows.row(0, named=True)


def charge(**columns: Any) -> tuple[Decimal | None, str | None]:
    """Charge and reason of one row, by rating alone and through the reader, which agree."""
    frame = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], **columns})
    alone = records.rate(frame, deck=DECK).select("charge", "reason").row(0)
    through = (
        records.rate(CallRecords.read(frame, max_refused=1), deck=DECK).select("charge", "reason").row(0)
    )
    assert alone == through
    return alone


@pytest.mark.parametrize(
    "cell",
    [
        "911",
        "112",
        "+911",
        "+112",
        "91",
        "102",
        "6112",
        "+91112",
        "1911",
        "9812345678",
        "7012345678",
        "s",
        "*97",
    ],
)
def test_C1_C2_what_is_no_number_under_its_code_is_never_charged(cell: str) -> None:
    amount, reason = charge(to=[cell])
    assert amount is None
    assert reason in {"impossible_number", "emergency_number", "invalid_number", "unsupported_prefix"}


def test_C2_emergency_numbers_are_refused_by_a_reason_of_their_own() -> None:
    assert {charge(to=[cell])[1] for cell in ("112", "911", "+911", "+91112")} == {"emergency_number"}


@pytest.mark.parametrize(
    "cell",
    [
        "919812345678.0",
        "9.19812E+11",
        "9,19812E+11",
        "tel:+919812345678",
        "sip:919812345678@10.0.0.1;user=phone",
        "anonymous",
        "Unknown",
        '="919812345678"',
        '"Asha" <+919812345678>',
        "+919812345678;ext=5",
        "+91 98123 45678",
        "00919812345678",
        "\u200e+919812345678",
        "+९१९८१२३४५६७८",
    ],
)
def test_C1_what_is_spelled_in_another_way_is_refused_unless_it_is_named(cell: str) -> None:
    assert charge(to=[cell]) == (None, "invalid_number")
    row = read(to=[cell])
    assert row["to"] == cell
    assert row["reason"] is None


def test_C1_numbers_of_a_spreadsheet_are_told_of() -> None:
    found = CallRecords.read(pl.DataFrame({"to": ["9.19812E+11"] * 3, "seconds": [60] * 3}))
    assert any("written by a spreadsheet" in text for text in found.faults["reason"])


def test_a_guarded_cell_is_the_number_that_was_guarded(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("to,seconds\n'+919812345678,63\n")
    assert CallRecords.read(tmp_path / "a.csv").rows["to"].to_list() == [MOBILE]
    assert scan(tmp_path / "a.csv").collect()["to"].to_list() == [MOBILE]


MILLIS = ["duration_ms", "billmsec", "mduration", "durationMs", "DURATION_MSEC", "durationInMilliseconds"]
MILLIS += [
    "Duration (ms)",
    "Duration [ms]",
    "Dauer in Millisekunden",
    "durée_ms",
    "duration.ms",
    "TalkTimeMS",
]


@pytest.mark.parametrize("name", MILLIS)
def test_C3_a_name_of_milliseconds_is_asked_by_every_face(name: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], name: [63000]})
    with pytest.raises(RecordError, match="seconds_unit='ms'"):
        records.rate(frame, deck=DECK, seconds=name)
    with pytest.raises(RecordError, match="seconds_unit='ms'"):
        CallRecords.read(frame, columns={"to": "to", "seconds": name}, direction="outbound")
    said: dict[str, Any] = {"columns": {"to": "to", "seconds": name}, "direction": "outbound"}
    assert CallRecords.read(frame, **said, seconds_unit="ms").rows["seconds"].to_list() == [63]


@pytest.mark.parametrize(
    ("name", "unit", "cell"),
    [
        ("Minutes", "min", "1.05"),
        ("Talk time (min)", "min", "1.05"),
        ("minutes_used", "min", "1.05"),
        ("duration_hours", "h", "0.0175"),
        ("billusec", "us", "63000000"),
        ("duration_ns", "ns", "63000000000"),
    ],
)
def test_C3_other_units_are_asked_too(name: str, unit: Any, cell: str) -> None:
    frame = pl.DataFrame({"to": [MOBILE], name: [cell]})
    said: dict[str, Any] = {"columns": {"to": "to", "seconds": name}, "direction": "outbound"}
    with pytest.raises(RecordError, match=f"seconds_unit='{unit}'"):
        CallRecords.read(frame, **said)
    assert CallRecords.read(frame, **said, seconds_unit=unit).rows["seconds"].to_list() == [63]


@pytest.mark.parametrize(
    "name", ["seconds", "billsec", "systems", "terms", "admin", "min_seconds", "us_calls"]
)
def test_C3_a_name_of_seconds_is_asked_nothing(name: str) -> None:
    assert speaks_of(name) is None


@pytest.mark.parametrize(
    "never", ["1970-01-01T00:00:00Z", "1970-01-01 05:30:00+05:30", "0000-00-00 00:00:00", "0", ""]
)
def test_C4_never_is_written_in_many_ways_and_is_0_s(never: str) -> None:
    ends = {"answered_at": [never], "ended_at": ["2026-11-20T10:00:00Z"]}
    row = CallRecords.read(pl.DataFrame({"to": [MOBILE], **ends}), max_refused=1).rows.row(0, named=True)
    assert (row["seconds"], row["answered_at"], row["reason"]) == (0, None, None)
    frame = pl.DataFrame({"to": [MOBILE], **ends})
    rated = records.rate(frame, deck=DECK, seconds=None, ended_at="ended_at")
    assert rated.select("billed_seconds", "charge", "reason").row(0) == (0, Decimal(0), None)


@pytest.mark.parametrize(
    "cell",
    [
        "63s",
        "63 sec",
        "1m3s",
        "1m 3s",
        "1 min 3 sec",
        "00:01:03",
        "0:01:03",
        "63.0",
        "PT63S",
        "PT1M3S",
        "P0DT0H1M3S",
        "0 days 00:01:03",
        "63000 ms",
        "1MIN3SEC",
        "63,0",
    ],
)
def test_C13_lengths_with_a_unit_or_two_colons_are_read(cell: str) -> None:
    assert read(seconds=[cell])["seconds"] == 63


@pytest.mark.parametrize(
    "cell",
    ["1,063", "6.3E1", "1'03\"", "N/A", "-", "63 Sek.", "63:", "PT", "P1DT1S", "1 day", "०"],
)
def test_C13_what_is_no_length_is_refused(cell: str) -> None:
    assert read(seconds=[cell])["reason"] == "invalid_seconds"
    assert charge(seconds=[cell]) == (None, "invalid_seconds")


@pytest.mark.parametrize("cell", ["-1", "-63", "-0.5"])
def test_C13_a_length_below_zero_is_refused(cell: str) -> None:
    assert read(seconds=[cell])["reason"] == "negative_seconds"
    assert charge(seconds=[cell]) == (None, "negative_seconds")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20T10:00:00+0530",
        "2026-11-20 10:00:00 +05:30",
        "2026-11-20 04:30:00+00",
        "2026-11-20 04:30:00 UTC",
        "2026/11/20 10:00",
        "2026-11-20 10:00:00 AM",
        "20-Nov-2026 10:00",
        "20 Nov 2026 10:00:00 am",
        "Fri, 20 Nov 2026 10:00:00 +0530",
        "20261120100000",
        "20261120T043000Z",
        "2026-11-20T04:30:00.000Z",
    ],
)
def test_C12_times_that_mean_one_thing_are_read(cell: str) -> None:
    assert read(answered_at=[cell])["answered_at"] == AT


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20",
        "20 Nov 2026 10:00 IST",
        "2026-13-01 10:00",
        "2026-02-30 10:00",
        "20261320100000",
    ],
)
def test_C12_times_that_mean_nothing_are_refused(cell: str) -> None:
    assert read(answered_at=[cell])["reason"] == "invalid_answered_at"


@pytest.mark.parametrize(
    ("cell", "said", "again"),
    [
        (
            "05/11/2026 10:00",
            "dates='day_first' or dates='month_first'|dates='month_first'",
            {"dates": "day_first"},
        ),
        ("05.11.2026 10:00", "dates=", {"dates": "day_first"}),
        ("11/05/2026 10:00:00 AM", "dates=", {"dates": "month_first"}),
        ("46331.4166666667", "epoch_unit='excel'", {"epoch_unit": "excel"}),
        ("05/11/26 10:00", "dates=", {"dates": "day_first"}),
        ("1793853000", "epoch_unit='s'", {"epoch_unit": "s"}),
        ("1793853000000", "epoch_unit='ms'", {"epoch_unit": "ms"}),
        ("1793853000000000000", "epoch_unit='ns'", {"epoch_unit": "ns"}),
    ],
)
def test_C12_times_that_mean_two_things_are_asked(cell: str, said: str, again: dict[str, Any]) -> None:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": [63], "answered_at": [cell]})
    with pytest.raises(RecordError, match=said):
        CallRecords.read(frame, timezone="Asia/Kolkata")
    found = CallRecords.read(frame, timezone="Asia/Kolkata", **again)
    assert found.rows["answered_at"].to_list() == [datetime(2026, 11, 5, 4, 30, tzinfo=UTC)]


@pytest.mark.parametrize("name", ["to", "seconds", "answered_at", "direction"])
def test_a_column_without_any_value_is_one_reason_a_row(name: str) -> None:
    """A column of nulls has no type of its own, and is no reason to end a frame."""
    frame = pl.DataFrame(
        {"to": [MOBILE] * 2, "seconds": [63] * 2, "answered_at": [AT] * 2, "direction": ["outbound"] * 2}
    )
    frame = frame.with_columns(pl.lit(None).alias(name))
    rated = records.rate(frame, deck=DECK)
    wanted = {"to": "missing_number", "seconds": "missing_seconds", "direction": "invalid_direction"}
    assert rated["reason"].to_list() == [wanted.get(name)] * 2
    lazy = records.rate(frame.lazy(), deck=DECK).collect()
    assert lazy.equals(rated)
    read_first = records.rate(CallRecords.read(frame, max_refused=1), deck=DECK)
    assert read_first["reason"].to_list() == [wanted.get(name)] * 2


def test_a_column_of_nulls_is_matched() -> None:
    nothing = pl.Series([None, None])
    assert nothing.dtype == pl.Null
    assert deck_reasons(DECK.match(nothing, fields="reason")) == ["missing_number"] * 2
    frame = pl.DataFrame({"to": nothing, "way": ["outbound", "inbound"]})
    found = frame.select(DECK.match(pl.col("to"), direction=pl.col("way"), fields="reason")).to_series()
    assert deck_reasons(found) == ["missing_number"] * 2


def deck_reasons(found: Any) -> list[Any]:
    return list(found.to_list())


def test_C7_repeats_are_told_and_refused_by_a_key() -> None:
    frame = pl.DataFrame({"id": ["a", "a", "b", None, None], "to": [MOBILE] * 5, "seconds": [63] * 5})
    plain = CallRecords.read(frame)
    assert plain.counts.loaded == 5
    found = CallRecords.read(frame, unique_by="id")
    assert found.rows["reason"].to_list() == [None, "duplicate", None, None, None]
    assert found.counts.by_reason == {"duplicate": 1}


def test_a_header_in_the_midst_and_sums_at_the_foot_are_never_charged() -> None:
    text = "to,seconds\n+919812345678,63\nto,seconds\n+919812345678,5\nTotal,68\n,68\n"
    frame = pl.read_csv(io.StringIO(text), infer_schema=False)
    found = CallRecords.read(frame, max_refused=1)
    counts = found.counts
    assert (counts.read, counts.noise) == (5, 1)
    assert counts.read == counts.loaded + counts.refused + counts.noise + counts.joined
    rated = records.rate(found, deck=DECK)
    assert rated.select("charge", "reason").rows() == [
        (Decimal("1.60"), None),
        (Decimal("0.80"), None),
        (None, "invalid_number"),
        (None, "missing_number"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("to", "seconds"),
        ("An", "Dauer"),
        ("Numéro appelé", "Durée"),
        ("被叫号码", "通话时长"),
        ("Destino", "Duración"),
    ],
)
def test_C16_headers_of_other_languages_are_shown_and_taken_by_name(
    words: tuple[str, str], tmp_path: Path
) -> None:
    number, seconds = words
    (tmp_path / "a.csv").write_text(f"{number};{seconds};x\n{MOBILE};63;y\n", encoding="utf-8")
    if number != "to":
        with pytest.raises(RecordError, match=f"'{number}', '{seconds}', 'x'"):
            CallRecords.read(tmp_path / "a.csv")
    names = {"to": number, "seconds": seconds}
    found = CallRecords.read(tmp_path / "a.csv", columns=names, direction="outbound")
    assert found.rows.select("to", "seconds", "raw_x").rows() == [(MOBILE, 63, "y")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_C10_C11_texts_of_any_encoding_and_line_end_are_the_same_rows(
    encoding: str, ending: str, tmp_path: Path
) -> None:
    text = ending.join(['"to","seconds","name"', f'{MOBILE},63,"Zoë"', f"{MOBILE},5,x", ""])
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    said: dict[str, Any] = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    found = CallRecords.read(path, **said)
    assert found.rows.select("to", "seconds", "raw_name").rows() == [(MOBILE, 63, "Zoë"), (MOBILE, 5, "x")]
    assert found.counts.read == found.counts.loaded == 2
    if encoding == "cp1252":
        untold = CallRecords.read(path, max_refused=1).counts
        assert (untold.loaded, untold.refused) == (1, 1)


def test_C11_a_cut_file_counts_its_last_line(tmp_path: Path) -> None:
    text = f"to,seconds,name\n{MOBILE},63,x\n{MOBILE},6"
    (tmp_path / "a.csv").write_text(text)
    counts = CallRecords.read(tmp_path / "a.csv").counts
    assert (counts.read, counts.loaded, counts.refused) == (2, 1, 1)


@pytest.mark.parametrize("word", ["OUTBOUND", "outgoing", "Out", "outbound-api", "Outbound Dial"])
def test_C8_words_of_direction_are_one(word: str) -> None:
    assert read(Direction=[word])["direction"] == "outbound"


def test_C1_national_numbers_are_read_by_the_callers_word_on_every_kind() -> None:
    reading = NumberReading(calling_code="91", trunk_prefix="0", international_prefix="00")
    cells = ["9812345678", "09812345678", "00919812345678", "+919812345678"]
    found = CallRecords.read(pl.DataFrame({"to": cells, "seconds": [60] * 4}), reading=reading)
    assert found.rows["to"].to_list() == [MOBILE] * 4


@pytest.mark.parametrize(
    "numbers",
    [
        pl.Series([MOBILE, None, "x"]),
        pl.Series([919812345678, None, 5]),
        pl.Series([919812345678.0, None, 1.5]),
        pl.Series([MOBILE, None, "x"]).cast(pl.Categorical),
        pl.Series([None, None, None]),
    ],
    ids=lambda column: str(column.dtype),
)
def test_to_look_at_a_file_changes_none_of_its_rows(numbers: pl.Series) -> None:
    frame = pl.DataFrame({"^n.*$": numbers, "s": ["63", "x", None]})
    watch = FrameWatch("calls", WORLD)
    assert watch.over(frame.lazy(), "^n.*$", "s").drop(READER).collect().equals(frame)
    assert watch.tally.rows == 3
    assert watch.over(frame.lazy(), "other", "s").collect().equals(frame)
    watch.check()


def test_numbers_without_a_plus_are_counted_by_their_digits_however_they_stand() -> None:
    numbers = [
        "+919812345678",
        " 9812345678",
        "9812345679 ",
        "\t+447700900123",
        None,
        "",
        " ",
        "9812345670",
        "5",
    ]
    frame = pl.DataFrame({"to": numbers, "seconds": [90_000, 0, -5, None, 86_400, 86_401, 1, 2, 3]})
    for seconds in (pl.Int64(), pl.String(), pl.Decimal(20, 3), pl.Float64()):
        watch = FrameWatch("calls", WORLD)
        watch.over(frame.cast({"seconds": seconds}).lazy(), "to", "seconds").collect()
        assert dict(watch.tally.widths) == {10: 3, 1: 1}
        assert sorted(watch.tally.sample) == ["+5", "+9812345670", "+9812345678", "+9812345679"]
        assert (watch.tally.rows, watch.tally.lasting, watch.tally.over_a_day) == (9, 6, 2)
