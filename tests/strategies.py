"""Strategies of hypothesis: sheets that nest, numbers good and dirty, seconds of every type."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import polars as pl
from hypothesis import strategies as st

from decks import utc
from dialnexa_routing import Semantics
from dialnexa_routing.money import semantics as policy

PREFIX = st.from_regex(r"[19][0159]{0,14}", fullmatch=True)
"""Few distinct digits, so that prefixes nest; zeros, where padding misleads."""

NANO = Decimal("0.000000001")
AMOUNT = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), NANO, Decimal("999999999.999999999")]),
    st.integers(0, 5 * 10**9).map(lambda nano: Decimal(nano).scaleb(-9)),
    st.integers(0, 10**18 - 1).map(lambda nano: Decimal(nano).scaleb(-9)),
)
SMALL = st.integers(0, 90)

EDGES = [utc(2026, 1, 1), utc(2026, 4, 1, 18, 30), utc(2027, 1, 1)]
TIMES = [edge + timedelta(microseconds=step) for edge in EDGES for step in (-1, 0, 1)]


@st.composite
def terms(draw: st.DrawFn, *, plain: bool = False) -> dict[str, Any]:
    """What a row states besides its prefix; `plain` leaves rating aside."""
    row: dict[str, Any] = {
        "network_group": draw(st.sampled_from(["India", "Mobile", "more than twelve letters", "é"])),
        "country_iso": draw(st.sampled_from(["IN", None])),
        "outbound_rate": draw(st.none() | AMOUNT),
        "inbound_rate": draw(st.none() | AMOUNT),
        "blocked": draw(st.sampled_from([None, False, False, False, True])),
    }
    if plain:
        return row
    least = draw(st.none() | AMOUNT)
    most = draw(st.none() | AMOUNT)
    increments = draw(st.none() | st.tuples(st.integers(1, 90), st.integers(1, 90)))
    return row | {
        "rate_unit_s": draw(st.sampled_from([60, 1, 7, 3600, 2**32 - 1])),
        "connect_fee": draw(st.none() | AMOUNT),
        "initial_increment_s": increments and increments[0],
        "next_increment_s": increments and increments[1],
        "minimum_s": draw(st.none() | SMALL),
        "grace_s": draw(st.none() | SMALL),
        "free_s": draw(st.none() | SMALL),
        "min_charge": least,
        "max_charge": most if most is None or least is None else max(least, most),
    }


@st.composite
def sheets(draw: st.DrawFn, *, plain: bool = False, dated: bool = True) -> list[dict[str, Any]]:
    """Rows of which no two own one prefix at one time; few distinct terms, so that some are redundant."""
    pool = draw(st.lists(terms(plain=plain), min_size=1, max_size=4))
    rows = []
    key = st.tuples(PREFIX, st.sampled_from([None, None, True]))
    keys = draw(st.lists(key, min_size=1, max_size=14, unique=True))
    for prefix, exact in keys:
        cuts = draw(st.lists(st.sampled_from(EDGES), max_size=3, unique=True).map(sorted)) if dated else []
        begins: list[datetime | None] = [None, *cuts]
        ends: list[datetime | None] = [*cuts, None]
        kept = draw(st.lists(st.booleans(), min_size=len(begins), max_size=len(begins)))
        for begin, end, keep in zip(begins, ends, kept, strict=True):
            if keep or len(begins) == 1:
                place = {"prefix": prefix, "exact_match": exact, "valid_from": begin, "valid_to": end}
                rows.append(place | draw(st.sampled_from(pool)))
    if not rows:
        rows.append({"prefix": "1", "exact_match": None, "valid_from": None, "valid_to": None} | pool[0])
    return rows


DIRTY = st.one_of(
    st.text(max_size=20),
    st.text("0123456789+- ٩９\x00", max_size=18),
    st.from_regex(r"\+?[0-9]{1,18}", fullmatch=True),
    st.sampled_from(["", "+", "0", "49", "4900", "1" * 15, "1" * 16, "9" * 400]),
)


@st.composite
def numbers(draw: st.DrawFn, rows: list[dict[str, Any]]) -> list[str | None]:
    """Numbers near the prefixes, where mistakes live; others; dirty ones; none."""
    prefixes = [row["prefix"] for row in rows]
    near = [
        near
        for prefix in prefixes
        for near in (prefix, prefix + "5", prefix + "00", prefix[:-1], "+" + prefix)
    ]
    one = st.one_of(st.sampled_from(near), PREFIX, DIRTY, st.none())
    return draw(st.lists(one, min_size=1, max_size=30))


SEMANTICS = st.builds(
    Semantics,
    pulse=st.builds(policy.Pulse, initial_s=st.integers(1, 90), next_s=st.integers(1, 90)),
    part_second=st.sampled_from(policy.PartSecond),
    increments=st.sampled_from(policy.Increments),
    minimum=st.sampled_from(policy.Minimum),
    grace=st.sampled_from(policy.Grace),
    free_seconds=st.sampled_from(policy.FreeSeconds),
    connect_fee=st.sampled_from(policy.ConnectFee),
    max_charge=st.sampled_from(policy.MaxCharge),
    tiers=st.sampled_from(policy.Tiers),
    bands=st.sampled_from(policy.Bands),
    rounding=st.sampled_from(policy.Rounding),
    decimals=st.integers(0, 9),
)

Seconds = tuple[pl.Series, list[Fraction | None], list[str | None]]

INTEGERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64]
UNITS: list[Literal["ms", "us", "ns"]] = ["ms", "us", "ns"]
PARTS = {"ms": 10**3, "us": 10**6, "ns": 10**9}


@st.composite
def seconds(draw: st.DrawFn, count: int) -> Seconds:
    """A column of seconds of some type, its exact values, and the faults of those that are none."""
    kind = draw(st.sampled_from(["integer", "float", "decimal", "duration", "text", "null"]))

    def many(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(st.none() | values, min_size=count, max_size=count))

    if kind == "integer":
        dtype = draw(st.sampled_from(INTEGERS))
        low = 0 if dtype in (pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64) else -3
        values = many(st.integers(low, 127) | st.sampled_from([0, 1, 59, 60, 61]))
        return pl.Series("seconds", values, dtype=dtype), exact(values), [None] * count
    if kind == "float":
        # Eighths are exact in binary, so what is meant is beyond doubt.
        binary = draw(st.sampled_from([pl.Float64, pl.Float32]))
        values = many(st.integers(-20, 3000).map(lambda eighths: eighths / 8))
        return pl.Series("seconds", values, dtype=binary), exact(values), [None] * count
    if kind == "decimal":
        scale = draw(st.integers(0, 9))
        values = many(st.integers(-9, 10**6).map(lambda units: Decimal(units).scaleb(-scale)))
        return pl.Series("seconds", values, dtype=pl.Decimal(38, scale)), exact(values), [None] * count
    if kind == "duration":
        unit = draw(st.sampled_from(UNITS))
        ticks = many(st.integers(-5, 300 * PARTS[unit]) | st.sampled_from([0, 1, 60 * PARTS[unit]]))
        exactly = [None if tick is None else Fraction(tick, PARTS[unit]) for tick in ticks]
        return pl.Series("seconds", ticks, dtype=pl.Int64).cast(pl.Duration(unit)), exactly, [None] * count
    if kind == "text":
        good = st.integers(-9, 10**5).map(str) | st.from_regex(r"[0-9]{1,4}\.[0-9]{1,9}", fullmatch=True)
        # The last ones are what dumps write where there is nothing.
        odd = ["", " ", " 61 ", "x", "1:30", "1e3", "+5", "5.", "٥", "-", "0x1", "inf", "nan", "NULL", r"\N"]
        texts = many(good | st.sampled_from(odd))
        stripped = ["" if text in odd[-3:] else (text or "").strip() for text in texts]
        fault = [None if not text or is_seconds(text) else "invalid_seconds" for text in stripped]
        values = [Decimal(text) if is_seconds(text) else None for text in stripped]
        return pl.Series("seconds", texts, dtype=pl.String), exact(values), fault
    return pl.Series("seconds", [None] * count), [None] * count, [None] * count


def exact(values: list[Any]) -> list[Fraction | None]:
    return [None if value is None else Fraction(value) for value in values]


def is_seconds(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    digits = whole + part
    return (
        bool(digits) and set(digits) <= set("0123456789") and bool(whole) and (bool(part) or "." not in text)
    )
