"""Rows read by the core in one go, held to expressions: random cells, dirty files of every format."""

from __future__ import annotations

import csv
import io
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialnexa_routing import CallRecords, RecordError
from dialnexa_routing.clock.time_columns import instants
from dialnexa_routing.records import call_parts
from dialnexa_routing.records.call_plan import planned
from dialnexa_routing.records.usual_rows import UsualRows, _stretches, layout_of
from test_call_formats import ALL, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from call_writers import Writer

TIMES = st.one_of(
    st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(" ")),
    st.integers(0, 900_000).map(
        lambda at: f"2026-11-{1 + at // 86_400:02} {at // 3600 % 24:02}:{at // 60 % 60:02}:07"
    ),
    st.sampled_from(
        ["2026-11-01 01:30:00", "2026-03-08 02:30:00", "1970-01-01 05:30:00", "2026-11-02T10:00:00Z"]
    ),
    st.sampled_from(
        ["", " ", "nonsense", " 2026-11-02 10:00:00 ", "2011-01-01 00:00:00", "2040-12-31 23:59:59"]
    ),
    st.none(),
)
CELLS = {
    "called": st.sampled_from(["919812345678", "+14155550123", " 91 ", "s", "*97", "0123", "", "é12", None]),
    "caller": st.sampled_from(["1001", "+91", "anonymous", "", None]),
    "answer": TIMES,
    "finish": TIMES,
    "talk": st.sampled_from(["0", "63", "63.5", "90000", "-5", "00:01:03", "1:03", "x", "", " 7 ", None]),
    "state": st.sampled_from(
        ["ANSWERED", "no answer", "Busy", "NO_ANSWER", "completed", "odd", "É", "", None]
    ),
    "way": st.sampled_from(["outbound", "OUT", "Inbound", "internal", "outbound-dial", "up", "", None]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=10)
NAMED = {"to": "called", "from": "caller", "answered_at": "answer", "ended_at": "finish", "seconds": "talk"}
SAID = st.fixed_dictionaries(
    {"timezone": st.sampled_from(["Asia/Kolkata", "America/New_York", "UTC"])},
    optional={
        "longest_s": st.just(3600),
        "answered": st.just(("ANSWERED", "completed")),
        "twice": st.sampled_from(["earliest", "latest"]),
        "seconds_unit": st.just("clock"),
    },
)


@settings(max_examples=80, deadline=None)
@given(ROWS, SAID, st.sets(st.sampled_from(["from", "answered_at", "ended_at", "status", "direction"])))
def test_rows_are_read_by_the_core_as_by_expressions(
    rows: list[dict[str, str | None]], said: dict[str, Any], there: set[str]
) -> None:
    names = {**NAMED, "status": "state", "direction": "way"}
    columns = {role: name for role, name in names.items() if role in {"to", "seconds", *there}}
    if "status" not in there:
        said.pop("answered", None)  # words of no status are refused
    if "direction" not in there:
        said = {**said, "direction": "inbound"}
    frame = pl.DataFrame(rows, schema=dict.fromkeys(CELLS, pl.String))
    # The first rows ask nothing, so that every row can be compared.
    first = ["91", "1", "2026-11-02 10:00:00", None, "5", "ANSWERED", "in"]
    sound = pl.DataFrame([first] * 20, schema=frame.schema, orient="row")
    found = CallRecords.look(pl.concat([sound, frame]), columns=columns, max_refused=1, **said)
    if found.questions:
        return
    usual = found.lazy().collect()
    with patch.object(call_parts, "planned_usual", planned):
        plain = CallRecords.look(pl.concat([sound, frame]), columns=columns, max_refused=1, **said)
        assert usual.equals(plain.lazy().collect())
        assert found.counts == plain.counts
        assert found.faults.equals(plain.faults)


_WORDS = ("", " ", "x", "s", "no answer", "internal", "INVITE")
_TIMES = ("1970-01-01 00:00:00", "2026-11-01 01:30:00", "2026-11-02T10:00:00Z", "00:01:03")
DIRT = st.sampled_from([*_WORDS, *_TIMES, "-5", "+919812345678", "999999999", "63000"])
SPOTS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), DIRT), max_size=6)


def spoiled(text: str, spots: Sequence[tuple[int, int, str]], begin: int) -> str:
    """A text with some cells replaced, below its first rows."""
    rows = list(csv.reader(io.StringIO(text)))
    rows += rows[begin:] * 6
    for row, place, dirt in spots:
        line = rows[-1 - row % (len(rows) - 21)] if len(rows) > 22 else rows[-1]
        line[place % len(line)] = dirt
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("name", sorted(ALL))
@settings(max_examples=3, deadline=None)
@given(spots=SPOTS)
def test_files_of_every_format_are_read_by_the_core_as_by_expressions(
    name: str, spots: list[tuple[int, int, str]]
) -> None:
    writer: Writer = ALL[name]
    text = writer.write(SAMPLE[: writer.most], 1, 1)
    if writer.file.endswith(".csv"):
        text = spoiled(text, spots, 1 if writer.seconds else 0)
    with TemporaryDirectory() as folder:
        path = Path(folder, writer.file)
        path.write_text(text, encoding="utf-8")
        try:
            usual = CallRecords.look(path, max_refused=1, **writer.said)
        except RecordError:
            return
        if usual.questions:
            return
        with patch.object(call_parts, "planned_usual", planned):
            plain = CallRecords.look(path, max_refused=1, **writer.said)
            assert usual.lazy().collect().equals(plain.lazy().collect())
            assert usual.counts == plain.counts


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"]
)
def test_wall_times_of_one_offset_are_those_of_the_clock(zone: str) -> None:
    at = pl.datetime_range(pl.datetime(2010, 1, 3), pl.datetime(2039, 12, 20), "31h", eager=True)
    wanted, none = instants(at, zone)
    stretches = _stretches(zone)
    found = [
        next((tick - offset for low, high, offset in stretches if low <= tick < high), None)
        for tick in at.to_physical()
    ]
    told = pl.Series(found, dtype=pl.Int64)
    assert none.is_not_null().sum() == told.null_count()
    assert told.equals(wanted.to_physical())


def test_what_an_expression_calls_can_be_sent_to_another_process() -> None:
    frame = pl.DataFrame({"to": ["919812345678"], "seconds": ["63"]})
    read = CallRecords.read(frame)
    roles = {"to": "to", "seconds": "seconds"}
    usual = UsualRows(tuple(roles), layout_of(roles, read._parts[0].layout), read._choices)
    batch = frame.select(pl.struct("to", "seconds")).to_series()
    assert usual(batch).struct.field("\u200bto").to_list() == ["+919812345678"]
    assert pickle.loads(pickle.dumps(usual))(batch).equals(usual(batch))
