"""The cases of ``tests/cases``: data that the core, this package and the naive twin all must satisfy.

`rust/deck/tests/cases.rs` runs the same files.
"""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import oracle
from decks import deck_of
from dialnexa_routing import NumberError, RateDeck, Semantics, SheetError, records

if TYPE_CHECKING:
    from collections.abc import Iterable

CASES = Path(__file__).parent / "cases"
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("*.toml"))}
LISTS = [cases for file in FILES.values() for cases in file.values() if isinstance(cases, list)]


def named(cases: Iterable[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases])


def test_every_case_is_named_once_and_after_its_rule() -> None:
    cases = [case for cases in LISTS for case in cases]
    names = [case["name"] for case in cases]
    assert len(names) == len(set(names)) > 200
    assert [case["name"] for case in cases if not case["name"].startswith(case["rule"] + "-")] == []


@named(FILES["numbers"]["case"])
def test_numbers(case: dict[str, Any]) -> None:
    deck = deck_of([{"prefix": str(first)} for first in range(1, 10)])
    number = case["number"] if "number" in case else case["integer"]
    column = pl.Series([number], dtype=pl.String if isinstance(number, str) else pl.UInt64)
    (prefix,) = deck.match(column, fields="prefix").to_list()
    (reason,) = deck.match(column, fields="reason").to_list()
    accepted = case.get("digits")
    assert (prefix, reason) == ((accepted[0], None) if accepted else (None, "invalid_number"))
    assert oracle.digits(str(number)) == accepted
    if isinstance(number, int):
        return
    if accepted is None:
        with pytest.raises(NumberError):
            deck.match(number)
    else:
        match = deck.match(number)
        assert match is not None
        assert match.prefix == accepted[0]
        # R5 the number's own digits: a row for that whole number finds it.
        whole = deck_of([{"prefix": accepted, "exact_match": True}]).match(number)
        assert whole is not None
        assert whole.prefix == accepted


DECKS = {name: deck_of(rows, keep_redundant=True) for name, rows in FILES["longest"]["decks"].items()}


@named(FILES["longest"]["case"])
def test_longest(case: dict[str, Any]) -> None:
    deck, rows = DECKS[case["deck"]], FILES["longest"]["decks"][case["deck"]]
    at, way = case.get("at"), case.get("direction")
    expected = (case.get("prefix"), case.get("network_group"))
    match = deck.match(case["number"], at=at, direction=way)
    assert ((match.prefix, match.network_group) if match else (None, None)) == expected
    column = deck.match(pl.Series([case["number"]]), at=at, direction=way).struct.unnest()
    assert column.select("prefix", "network_group").row(0) == expected
    assert column["reason"].item() == case.get("reason")
    found = oracle.longest(rows, oracle.digits(case["number"]) or "", at, way)
    assert ((found["prefix"], found["network_group"]) if found else (None, None)) == expected


@named(FILES["longest"]["refused"])
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(SheetError) as error:
        deck_of(case["rows"])
    assert [word for word in case["says"] if word not in str(error.value)] == []


SCHEDULES = {name: json.dumps(schedule) for name, schedule in FILES["schedule"]["schedules"].items()}


@named(FILES["charge"]["case"] + FILES["schedule"]["case"])
def test_charge(case: dict[str, Any]) -> None:
    row: dict[str, Any] = {"prefix": "91", **case["row"], "schedule": SCHEDULES.get(case.get("schedule", ""))}
    deck: RateDeck = deck_of([row])
    at = case.get("at")
    choices = Semantics(**case.get("semantics", {}))
    number, way = case.get("number", "919812345678"), case.get("direction", "outbound")
    seconds = Decimal(case["seconds"]) if "seconds" in case else None
    expected = (
        case.get("billed_s"),
        Decimal(case["total"]) if "total" in case else None,
        case.get("reason"),
    )
    charge = deck.rate(number, seconds, at=at, direction=way, semantics=choices)
    assert (charge.billed_seconds, charge.total, charge.reason) == expected
    if "exact" in case or charge.exact is None:
        assert charge.exact == (Fraction(case["exact"]) if "exact" in case else None)
    if charge.total is not None:
        assert str(charge.total) == str(expected[1])
    text = pl.Series("seconds", [case.get("seconds")], dtype=pl.String)
    times = pl.Series("answered_at", [at], dtype=pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"to": [number]}).with_columns(text, times)
    if len(case.get("seconds", "").split(".")[0]) > 9:  # longer than a text of seconds may be
        frame = frame.with_columns(pl.col("seconds").cast(pl.Int64))
    rated = records.rate(frame, deck=deck, direction=way, semantics=choices)
    assert rated.select("billed_seconds", "charge", "reason").row(0) == expected
    if seconds and seconds > 10**5 and row["schedule"]:
        return  # more blocks than are counted one by one
    naive = oracle.rate([row], number, seconds, at=at, direction=way, choices=choices)
    assert (naive.billed_s, naive.total, naive.reason) == expected
    assert naive.exact == charge.exact
