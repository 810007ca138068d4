"""Wrong types and values into every public call: an exception of a kind one can catch, never a panic."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from decks import DATED, INDIA, MOBILE, deck_of
from dialnexa_routing import CallRecords, RateDeck, RateSheet, RecordError, Semantics, SheetError, records
from dialnexa_routing.money.semantics import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN, TIMED = deck_of(INDIA), deck_of(DATED)
TEXTS = pl.Series("to", [MOBILE])
CALLS = pl.DataFrame({"to": [MOBILE], "seconds": [61], "answered_at": ["2026-02-01 10:00:00"]})

VALUES: dict[str, Any] = {
    "none": None,
    "int": 5,
    "float": 1.5,
    "bool": True,
    "bytes": b"91",
    "bytearray": bytearray(b"91"),
    "list": [1],
    "dict": {"a": 1},
    "object": object(),
    "complex": 1j,
    "class": int,
    "frame": pl.DataFrame({"a": [1]}),
    "naive": datetime(2026, 1, 1),
    "empty": "",
    "word": "sideways",
    "nan": Decimal("NaN"),
}


def bulk(**options: Any) -> object:
    return PLAIN.match(TEXTS, **options)


def expression(**options: Any) -> object:
    return TEXTS.to_frame().select(PLAIN.match(pl.col("to"), **options))


def rate(**options: Any) -> object:
    chosen: dict[str, Any] = {"number": MOBILE, "seconds": 61} | options
    return PLAIN.rate(**chosen)


def explain(**options: Any) -> object:
    chosen: dict[str, Any] = {"number": MOBILE, "seconds": 61} | options
    return PLAIN.explain(**chosen)


def frame(**options: Any) -> object:
    chosen: dict[str, Any] = {"frame": CALLS, "deck": TIMED, "timezone": "Asia/Kolkata"} | options
    return records.rate(**chosen)


def rated(**options: Any) -> object:
    chosen: dict[str, Any] = {
        "deck": TIMED,
        "answered_at": "answered_at",
        "timezone": "Asia/Kolkata",
    } | options
    return CALLS.select(records.rated(**chosen))


def compiled(**options: Any) -> object:
    return RateDeck.compile(**{"rows": pl.DataFrame({"prefix": ["91"], "network_group": ["a"]})} | options)


TARGETS: dict[str, tuple[Callable[..., object], str, set[str]]] = {
    # name of the test: the call, its argument, and the values that are right there
    "match number": (PLAIN.match, "number", set()),
    "match at": (lambda at: PLAIN.match(MOBILE, at=at), "at", {"none"}),
    "match direction": (lambda direction: PLAIN.match(MOBILE, direction=direction), "direction", {"none"}),
    "bulk at": (bulk, "at", {"none"}),
    "bulk direction": (bulk, "direction", {"none"}),
    "bulk fields": (bulk, "fields", {"none"}),
    "expression at": (expression, "at", {"none"}),
    "expression direction": (expression, "direction", {"none"}),
    "expression fields": (expression, "fields", {"none"}),
    "rate number": (rate, "number", {"none", "empty", "word"}),
    "rate seconds": (rate, "seconds", {"none", "int"}),
    "rate at": (rate, "at", {"none"}),
    "rate direction": (rate, "direction", set()),
    "rate semantics": (rate, "semantics", {"none"}),
    "explain number": (explain, "number", set()),
    "explain seconds": (explain, "seconds", {"none", "int"}),
    "explain at": (explain, "at", {"none"}),
    "explain direction": (explain, "direction", set()),
    "explain semantics": (explain, "semantics", {"none"}),
    "compile sheets": (compiled, "sheets", set()),
    "compile origin": (compiled, "origin", {"none"}),
    "compile keep_redundant": (compiled, "keep_redundant", {"bool"}),
    "compile keep_sources": (compiled, "keep_sources", {"bool"}),
    "open path": (RateDeck.open, "path", set()),
    "open verify": (lambda verify: RateDeck.from_bytes(PLAIN.to_bytes(), verify=verify), "verify", {"bool"}),
    "from_bytes data": (RateDeck.from_bytes, "data", set()),
    "save path": (PLAIN.save, "path", {"empty", "word"}),
    "records frame": (frame, "frame", set()),
    "records deck": (frame, "deck", set()),
    "records number": (frame, "number", set()),
    "records seconds": (frame, "seconds", {"none"}),
    "records answered_at": (frame, "answered_at", set()),
    "records ended_at": (frame, "ended_at", {"none"}),
    "records direction": (frame, "direction", set()),
    "records semantics": (frame, "semantics", {"none"}),
    "records timezone": (frame, "timezone", set()),
    "records add_prefix": (frame, "add_prefix", {"empty", "word"}),
    "rated deck": (rated, "deck", set()),
    "rated number": (rated, "number", set()),
    "rated seconds": (rated, "seconds", set()),
    "rated answered_at": (rated, "answered_at", {"none"}),
    "rated direction": (rated, "direction", set()),
    "rated semantics": (rated, "semantics", {"none"}),
    "rated timezone": (rated, "timezone", set()),
    "rated fields": (rated, "fields", {"none"}),
    "Semantics.of": (Semantics.of, "value", {"none"}),
    "Pulse initial_s": (Pulse, "initial_s", {"int"}),
    "Pulse next_s": (Pulse, "next_s", {"int"}),
}


def semantics(name: str) -> Callable[..., object]:
    return lambda value: Semantics(**{name: value})


for field in Semantics.model_fields:
    TARGETS[f"Semantics {field}"] = (
        semantics(field),
        "value",
        {"int"} if field.endswith("decimals") else set(),
    )


def wrong() -> list[tuple[str, str]]:
    return [
        (target, value) for target, (_, _, right) in TARGETS.items() for value in VALUES if value not in right
    ]


def check(target: str, value: str) -> None:
    call, argument, _ = TARGETS[target]
    with pytest.raises((TypeError, ValueError, OSError, pl.exceptions.PolarsError)) as error:
        call(**{argument: VALUES[value]})
    assert type(error.value).__module__ != "pyo3_runtime"
    assert str(error.value)


@pytest.mark.parametrize(("target", "value"), wrong(), ids=["-".join(pair) for pair in wrong()])
def test_a_wrong_value_is_a_typed_exception(target: str, value: str) -> None:
    check(target, value)


def test_no_wrong_value_is_a_panic() -> None:
    for target, value in wrong():
        call, argument, _ = TARGETS[target]
        with suppress(Exception):  # a PanicException is none, and would end this test
            call(**{argument: VALUES[value]})


def test_there_are_enough_of_them() -> None:
    assert len(wrong()) > 800


@pytest.mark.parametrize("value", ["0.5", None, True, -1, 2, float("nan"), Decimal("NaN")])
def test_a_share_is_a_number_from_0_to_1(value: Any) -> None:
    sheet = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.6"]})
    with pytest.raises(SheetError, match=r"max_refused=.* is not a share: pass one from 0 to 1"):
        RateSheet.read(sheet, max_refused=value)
    with pytest.raises(RecordError, match=r"max_refused=.* is no share: pass one from 0 to 1"):
        CallRecords.read(CALLS, max_refused=value)
