"""Rating, one by one and as frames of every kind, gives what the naive fractions give (R48, R51, R54)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import oracle
from decks import deck_of
from dialnexa_routing import Charge, RateDeck, Semantics, records
from dialnexa_routing.records import RATED_FIELDS, rated_types
from strategies import SEMANTICS, TIMES, numbers, seconds, sheets, terms

if TYPE_CHECKING:
    from fractions import Fraction

    from strategies import Seconds

Row = dict[str, Any]
WAYS = st.sampled_from(["outbound", "inbound", "sideways", None])


@st.composite
def bills(draw: st.DrawFn) -> tuple[list[Row], pl.DataFrame, Seconds, Semantics]:
    """A sheet, records with all their columns, the meaning of their seconds, and how to count."""
    rows = draw(sheets())
    wanted = draw(numbers(rows))
    taken = draw(seconds(len(wanted)))
    times = draw(st.lists(st.none() | st.sampled_from(TIMES), min_size=len(wanted), max_size=len(wanted)))
    ways = draw(st.lists(WAYS, min_size=len(wanted), max_size=len(wanted)))
    frame = pl.DataFrame(
        {
            "id": range(len(wanted)),
            "to": pl.Series(wanted, dtype=pl.String),
            "seconds": taken[0],
            "answered_at": pl.Series(times, dtype=pl.Datetime("us", "Asia/Kolkata")),
            "direction": pl.Series(ways, dtype=pl.String),
        }
    )
    return rows, frame, taken, draw(SEMANTICS)


def naive(rows: list[Row], frame: pl.DataFrame, taken: Seconds, choices: Semantics) -> list[oracle.Outcome]:
    _, exact, faults = taken
    rows_of_frame = zip(frame.iter_rows(named=True), exact, faults, strict=True)
    return [ask(rows, record, value, choices, fault) for record, value, fault in rows_of_frame]


def ask(
    rows: list[Row], record: Row, value: Any, choices: Semantics, fault: str | None = None
) -> oracle.Outcome:
    asked = {"at": record["answered_at"], "direction": record["direction"], "fault": fault}
    return oracle.rate(rows, record["to"], value, choices=choices, **asked)


def said(outcome: oracle.Outcome, direction: str | None) -> Row:
    """The columns of a rated record as the naive loop says them."""
    row = outcome.row or {}
    return {
        "prefix": row.get("prefix"),
        "network_group": row.get("network_group"),
        "country_iso": row.get("country_iso"),
        "rate": row.get(f"{direction}_rate"),
        "rate_unit_s": (row.get("rate_unit_s") or 60) if row else None,
        "billed_seconds": outcome.billed_s,
        "charge": outcome.total,
        "reason": outcome.reason,
    }


@given(bills())
def test_r54_a_frame_is_the_naive_sum(bill: Any) -> None:
    rows, frame, taken, choices = bill
    deck = deck_of(rows, keep_redundant=True)
    rated = records.rate(frame, deck=deck, semantics=choices)
    expected = naive(rows, frame, taken, choices)
    got = rated.select(RATED_FIELDS).to_dicts()
    assert got == [said(one, way) for one, way in zip(expected, frame["direction"], strict=True)]
    # R51 rows in are rows out, in order, with all that they brought.
    assert rated.select(frame.columns).equals(frame)
    assert rated["deck_digest"].unique().to_list() == [deck.digest]
    types = rated_types(choices.decimals)
    assert {name: rated.schema[name] for name in RATED_FIELDS} == {name: types[name] for name in RATED_FIELDS}


@given(bills(), st.sampled_from([1, 7, 1000]), st.integers(0, 3))
def test_r54_every_kind_of_frame_agrees(bill: Any, size: int, cut: int) -> None:
    rows, frame, _, choices = bill
    deck = deck_of(rows)
    whole = records.rate(frame, deck=deck, semantics=choices)
    parts = [frame[start : start + size] for start in range(0, frame.height, size)]
    chunked = pl.concat(parts, rechunk=False)
    forms = {
        "chunked": records.rate(chunked, deck=deck, semantics=choices),
        "lazy": records.rate(chunked.lazy(), deck=deck, semantics=choices).collect(),
        "streaming": records.rate(chunked.lazy(), deck=deck, semantics=choices).collect(engine="streaming"),
        "one by one": pl.concat(records.rate(part, deck=deck, semantics=choices) for part in parts),
    }
    for name, form in forms.items():
        assert form.equals(whole), name
        assert form.schema == whole.schema, name
    sliced = records.rate(frame[cut:], deck=deck, semantics=choices)
    assert sliced.equals(whole[cut:])
    assert records.rate(frame.clear(), deck=deck, semantics=choices).schema == whole.schema
    expression = records.rated(
        deck, answered_at="answered_at", direction=pl.col("direction"), semantics=choices, fields=RATED_FIELDS
    )
    assert frame.select(expression).unnest("rated").equals(whole.select(RATED_FIELDS))
    alone = records.rated(
        deck, answered_at="answered_at", direction=pl.col("direction"), semantics=choices, fields="charge"
    )
    assert frame.select(alone).equals(whole.select("charge"))


def scalar(deck: RateDeck, record: Row, value: Fraction | None, choices: Semantics) -> Charge:
    """The record by itself, its seconds as each type that can say them exactly."""
    at, way = record["answered_at"], record["direction"]
    forms: list[Any] = [None if value is None else Decimal(value.numerator) / value.denominator]
    if value is not None and value.denominator == 1:
        forms.append(int(value))
    if value is not None and (value * 10**6).denominator == 1:
        forms.append(timedelta(microseconds=int(value * 10**6)))
    charges = [deck.rate(record["to"], form, at=at, direction=way, semantics=choices) for form in forms]
    assert all(charge == charges[0] for charge in charges)
    return charges[0]


@given(bills())
def test_r54_a_call_alone_is_its_row_of_the_frame(bill: Any) -> None:
    rows, frame, (_, exact, faults), choices = bill
    deck = deck_of(rows)
    rated = records.rate(frame, deck=deck, semantics=choices)
    for record, value, fault in zip(rated.iter_rows(named=True), exact, faults, strict=True):
        if fault or record["direction"] not in ("outbound", "inbound"):
            continue
        charge = scalar(deck, record, value, choices)
        assert (charge.total, charge.reason) == (record["charge"], record["reason"])
        assert charge.billed_seconds == record["billed_seconds"]
        assert (charge.match.prefix if charge.match else None) == record["prefix"]
        assert charge.deck_digest == record["deck_digest"]
        if charge.total is None:
            assert charge.exact is None
        else:
            expected = ask(rows, record, value, choices)
            assert (charge.exact, str(charge.total)) == (expected.exact, str(record["charge"]))


@given(bills())
def test_r54_what_is_explained_is_what_is_charged(bill: Any) -> None:
    rows, frame, (_, exact, _), choices = bill
    deck = deck_of(rows)
    for record, value in zip(frame.iter_rows(named=True), exact, strict=True):
        way, at = record["direction"], record["answered_at"]
        if way not in ("outbound", "inbound") or (deck.is_dated and at is None) or value is None:
            continue
        if record["to"] is None or oracle.digits(record["to"]) is None:
            continue
        charge = scalar(deck, record, value, choices)
        length = Decimal(value.numerator) / value.denominator
        explained = deck.explain(record["to"], seconds=length, at=at, direction=way, semantics=choices)
        assert explained.charge == charge
        winners = [one.prefix for one in explained.tried if one.verdict.startswith("wins")]
        assert winners == ([charge.match.prefix] if charge.match else [])
        # Whatever did not win is told why: a bare "loses" would mean that nobody knows.
        assert "loses" not in [one.verdict for one in explained.tried]
        assert explained.to_dict()["charge"] == (None if charge.total is None else str(charge.total))


@given(terms(), SEMANTICS, st.integers(0, 5000), st.integers(0, 5000))
def test_r44_longer_calls_never_cost_less(row: Row, choices: Semantics, shorter: int, more: int) -> None:
    deck = deck_of([row | {"prefix": "91"}])
    short, long = (deck.rate("9198", taken, semantics=choices) for taken in (shorter, shorter + more))
    if short.exact is not None and long.exact is not None:
        assert short.exact <= long.exact
        assert short.billed_seconds is not None
        assert long.billed_seconds is not None
        assert short.billed_seconds <= long.billed_seconds
    elif short.exact is None:
        assert long.reason == short.reason


@given(terms(), SEMANTICS, st.integers(0, 2**63 - 1), st.sampled_from(["outbound", "inbound"]))
def test_r48_extremes_are_exact_or_an_overflow(row: Row, choices: Semantics, ticks: int, way: str) -> None:
    rows = [row | {"prefix": "91"}]
    deck = deck_of(rows)
    frame = pl.DataFrame({"to": ["9198"], "seconds": [ticks]})
    rated = records.rate(frame, deck=deck, direction=way, semantics=choices).row(0, named=True)
    expected = oracle.rate(rows, "9198", ticks, direction=way, choices=choices)
    assert (rated["billed_seconds"], rated["charge"], rated["reason"]) == (
        expected.billed_s,
        expected.total,
        expected.reason,
    )


@given(st.lists(st.integers(-(10**12), 10**14), min_size=1), st.integers(10, 20))
def test_r54_parts_below_a_nanosecond_count_alike(units: list[int], scale: int) -> None:
    """Seconds count to the nanosecond, and halves of it go the same way in a column and alone."""
    deck, choices = deck_of([{"prefix": "9", "outbound_rate": 1}]), Semantics(pulse="1/1")
    values = [Decimal(unit).scaleb(-scale) for unit in units] + [
        Decimal(f"1.{'0' * 8}{half}5") for half in "0123"
    ]
    column = pl.Series("seconds", values, dtype=pl.Decimal(38, scale))
    rated = records.rate(
        pl.DataFrame({"to": ["9"] * len(values)}).with_columns(column), deck=deck, semantics=choices
    )
    alone = [deck.rate("9", value, semantics=choices) for value in values]
    assert [one.reason for one in alone] == rated["reason"].to_list()
    assert [one.billed_seconds for one in alone] == rated["billed_seconds"].to_list()
