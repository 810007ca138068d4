"""What reads call records fast, held to what reads them plainly: the cells by the core and by expressions."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dialnexa_routing import CallRecords
from dialnexa_routing.clock.time_texts import _by_form, read_times
from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.records.call_values import Durations, Numbers, _seconds
from dialnexa_routing.records.raw_cells import as_text
from dialnexa_routing.records.record_words import _each_folded, _folded
from dialnexa_routing.records.second_texts import nanoseconds

DAYS = st.tuples(st.integers(0, 2600), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25))
TIMES = st.one_of(
    DAYS.map(lambda day: f"{day[0]:04}-{day[1]:02}-{day[2]:02} {day[3]:02}:30:59"),
    st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(sep="T")),
    st.sampled_from(
        ["", " 2026-11-02 10:00:00", "2026-11-02 10:00:00Z", "2026-11-02 10:00", "2026-11-02 10:00:60",
         "1970-01-01 00:00:00", "02/11/2026 10:00", "2026-02-29 10:00:00", "２026-11-02 10:00:00", "x"]
    ),
    st.none(),
)  # fmt: skip
NUMBERS = st.one_of(
    st.from_regex(r"\A\+?[0-9]{0,17}\Z"),
    st.sampled_from(["", " 919812345678", "s", "Ext.105", "+91 98", "９19812345678", "+"]),
    st.none(),
)
LENGTHS = st.one_of(
    st.from_regex(r"\A-?[0-9]{0,11}(\.[0-9]{0,10})?\Z"),
    st.sampled_from(["", "00:01:03", "63s", "1e3", "1:03", "+5", "5.", ".5", "-", "９"]),
    st.none(),
)
WORDS = st.sampled_from(["ANSWERED", "NO ANSWER", "no-answer", "Busy", "É_x", "", None])


@settings(max_examples=150)
@given(st.lists(TIMES, max_size=8))
def test_times_are_read_by_the_core_as_by_expressions(times: list[str | None]) -> None:
    texts = pl.Series(times, dtype=pl.String)
    for found, wanted in zip(read_times(texts), _by_form(texts, None), strict=True):
        assert found.equals(wanted, check_dtypes=True)


@settings(max_examples=150)
@given(st.lists(NUMBERS, max_size=8))
def test_numbers_are_read_by_the_core_as_by_expressions(numbers: list[str | None]) -> None:
    texts = pl.Series("n", numbers, dtype=pl.String)
    how = Numbers(NumberReading())
    assert how(texts).equals(how.by_expressions(texts), check_names=True)


@settings(max_examples=150)
@given(st.lists(LENGTHS, max_size=8))
def test_lengths_are_read_by_the_core_as_by_expressions(lengths: list[str | None]) -> None:
    texts = pl.Series("n", lengths, dtype=pl.String)
    assert Durations("s")(texts).equals(_seconds(nanoseconds(texts, "s")))


@settings(max_examples=50)
@given(st.lists(WORDS, min_size=1, max_size=30))
def test_words_are_folded_once_as_each(words: list[str | None]) -> None:
    texts = pl.Series("w", words * 9, dtype=pl.String)
    assert _folded(texts).equals(_each_folded(texts), check_names=True)


def test_texts_without_blanks_are_not_asked_for_them() -> None:
    frame = pl.DataFrame({"a": ["", "x", None]})
    found = frame.select(as_text(pl.col("a"), pl.String(), padded=False))
    assert found.equals(frame.select(as_text(pl.col("a"), pl.String())))


CELLS = {
    "dst": NUMBERS,
    "answer": TIMES,
    "end": TIMES,
    "billsec": LENGTHS,
    "disposition": WORDS,
    "uniqueid": st.sampled_from(["1.1", "1.2", "1.3", "", " 1.1"]),
}
FILES = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=9)


def freepbx(rows: list[dict[str, str | None]], quotes: bool) -> bytes:
    """Rows under a header that FreePBX writes, with one sound call in front."""
    names = ["calldate", "clid", "src", "dst", "dcontext", *(name for name in CELLS if name != "dst")]
    answer, end = "2026-11-02 10:00:05", "2026-11-02 10:01:08"
    first = [answer, "", "1001", "919812345678", "x", answer, end, "63", "ANSWERED", "1.1"]
    lines = [names, first]
    for row in rows:
        cells = [row.get(name, first[at]) for at, name in enumerate(names)]
        lines.append([f'"{one}"' if quotes and one is not None else one or "" for one in cells])
    return "".join(",".join(line) + "\n" for line in lines).encode()


@settings(max_examples=60, deadline=None)
@given(FILES, st.booleans(), st.booleans())
def test_files_as_they_lie_are_read_as_packed_ones(
    rows: list[dict[str, str | None]], quotes: bool, has_ends: bool
) -> None:
    """Of a packed file no line is looked at by the core, and all rows are planned for legs."""
    columns = {"answered_at": "answer", **({"ended_at": "end"} if has_ends else {})}
    said: dict[str, Any] = {
        "direction": "outbound",
        "timezone": "America/New_York",
        "columns": columns,
        "max_refused": 1,
    }
    with TemporaryDirectory() as folder:
        plain, packed = Path(folder, "a.csv"), Path(folder, "a.csv.gz")
        plain.write_bytes(freepbx(rows, quotes))
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        one, other = (CallRecords.look(path, **said) for path in (plain, packed))
        assert one.questions == other.questions
        if one.questions:
            return
        assert one.lazy().drop("source_file").collect().equals(other.lazy().drop("source_file").collect())
        assert one.counts == other.counts
        assert one.faults.drop("file").equals(other.faults.drop("file"))
