"""Random call records, read as columns and by a naive reading row by row: the same, and all counted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dialnexa_routing import CallRecords, NumberReading
from dialnexa_routing.records.second_texts import nanoseconds

IST = timezone(timedelta(hours=5, minutes=30))
NUMBERS = st.sampled_from(
    ["+919812345678", "919812345678", " 14155550123 ", "102", "s", "Ext.105", "0098", ""]
)
LENGTHS = st.one_of(
    st.integers(0, 90_000).map(str),
    st.integers(0, 90_000).map(lambda n: f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}"),
    st.integers(0, 900).map(lambda n: f"{n}s"),
    st.sampled_from(["", "x", "-5", "1.5", "1:03", "63 sec", "1e3", "９", "0x1", "1 2"]),
)
TIMES = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(
        lambda at: at.replace(microsecond=0).isoformat(" ")
    ),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.strftime("%Y/%m/%d %H:%M")),
    st.sampled_from(["", "1970-01-01 00:00:00", "2026-11-20 10:00:00+00", "nonsense", "2026-02-30 10:00:00"]),
)
WORDS = st.sampled_from(["outbound", "OUT", "Inbound", "internal", "", "up"])
STATES = st.sampled_from(["ANSWERED", "no answer", "Busy", "", "completed"])
ROWS = st.lists(st.tuples(NUMBERS, LENGTHS, TIMES, WORDS, STATES), min_size=1, max_size=12)
CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")
UNITS = re.compile(r"([0-9]+) ?s(ec)?")


def number(text: str) -> str | None:
    text = text.strip()
    return (NumberReading().read(text).number or text) if text else None


def length(text: str) -> Decimal | None:
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
        return Decimal(text)
    if found := CLOCK.fullmatch(text):
        hours, minutes, seconds = map(int, found.groups())
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    found = UNITS.fullmatch(text)
    return Decimal(found[1]) if found else None


def instant(text: str) -> datetime | str | None:
    if not text or text.startswith("1970"):
        return None
    try:
        at = datetime.fromisoformat(re.sub(r"\+00$", "+00:00", text.replace("/", "-")))
    except ValueError:
        return "wrong"
    return (at if at.tzinfo else at.replace(tzinfo=IST)).astimezone(UTC)


def naive(row: tuple[str, str, str, str, str]) -> dict[str, Any]:
    to, seconds, at = number(row[0]), length(row[1]), instant(row[2])
    never = row[2].startswith("1970")
    way = {"outbound": "outbound", "OUT": "outbound", "Inbound": "inbound", "internal": None}.get(row[3])
    if never or row[4] in ("no answer", "Busy"):
        seconds = Decimal(0)
    reasons = (
        (row[3] == "internal", "internal_call"),
        (to is None, "missing_number"),
        (bool(row[1]) and seconds is None, "invalid_seconds"),
        (at == "wrong", "invalid_answered_at"),
        (seconds is None, "missing_seconds"),
        (seconds is not None and seconds < 0, "negative_seconds"),
        (way is None, "invalid_direction"),
    )
    return {
        "to": to,
        "seconds": seconds,
        "answered_at": None if at == "wrong" else at,
        "direction": way,
        "reason": next((word for holds, word in reasons if holds), None),
    }


@settings(max_examples=150)
@given(ROWS)
def test_rows_are_read_as_one_by_one(rows: list[tuple[str, str, str, str, str]]) -> None:
    names = ["called", "talk", "answer", "way", "state"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    columns = dict(zip(("to", "seconds", "answered_at", "direction", "status"), names, strict=True))
    found = CallRecords.look(frame, columns=columns, timezone="Asia/Kolkata", max_refused=1)
    if found.questions:
        assert any(one.argument == "seconds_unit" for one in found.questions)
        return
    lazy = found.lazy().select("to", "seconds", "answered_at", "direction", "reason").collect()
    wanted = [naive(row) for row in rows]
    assert lazy.to_dicts() == wanted
    counts = found.counts
    assert counts.read == len(rows) == counts.loaded + counts.refused
    assert counts.loaded == sum(one["reason"] is None for one in wanted)
    assert lazy.equals(found.lazy().select(lazy.columns).collect(engine="streaming"))


@settings(max_examples=100)
@given(st.lists(LENGTHS, max_size=8))
def test_no_length_is_read_by_what_stands_beside_it(texts: list[str]) -> None:
    alone = [nanoseconds(pl.Series([text], dtype=pl.String))[0] for text in texts]
    assert nanoseconds(pl.Series(texts, dtype=pl.String)).to_list() == alone


@settings(max_examples=60)
@given(st.lists(st.sampled_from("aabc") | st.none(), max_size=12))
def test_repeats_are_all_but_the_first(keys: list[str | None]) -> None:
    frame = pl.DataFrame({"to": "+91", "seconds": 5, "id": pl.Series(keys, dtype=pl.String)})
    seen: set[str] = set()
    wanted = []
    for key in keys:
        wanted.append("duplicate" if key in seen else None)
        if key is not None:
            seen.add(key)
    found = CallRecords.read(frame, unique_by="id", max_refused=1)
    assert found.rows["reason"].to_list() == wanted
