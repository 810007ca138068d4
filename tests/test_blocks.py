"""Columns longer than the core's block, cut and sliced at its edges, with nulls at every bit (R51, R54)."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import oracle
from decks import deck_of
from dialnexa_routing import Semantics, records

BLOCK = 1024
LENGTHS = [0, 1, 63, 64, 65, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3000]
DICE = random.Random(54)


def prefix() -> str:
    return DICE.choice("19") + "".join(DICE.choice("0159") for _ in range(DICE.randint(0, 14)))


def row(prefix: str, at: int) -> dict[str, Any]:
    group = {"network_group": f"network group {at % 97}", "country": f"a country with the number {at % 31}"}
    return {"prefix": prefix, "outbound_rate": Decimal(at % 50) / 8, "blocked": at % 11 == 0} | group


ROWS = [row(prefix, at) for at, prefix in enumerate(sorted({prefix() for _ in range(1500)}))]
OF_PREFIX = {row["prefix"]: row for row in ROWS}
DECK = deck_of(ROWS, keep_redundant=True)
DIRTY = [None, "x", "+", "", "0", "9" * 16]
NUMBERS = [
    DICE.choice([*DIRTY, *(DICE.choice(ROWS)["prefix"] + end for end in ("", "5", "00"))])
    for _ in range(4200)
]


def winner(number: str | None) -> dict[str, Any] | None:
    bare = oracle.digits(number) if number else None
    lengths = range(len(bare or ""), 0, -1)
    return next((OF_PREFIX[bare[:length]] for length in lengths if bare and bare[:length] in OF_PREFIX), None)


WINNERS = [winner(number) for number in NUMBERS]


def told(name: str) -> list[Any]:
    return [row and row[name] for row in WINNERS]


def test_the_numbers_try_everything() -> None:
    found = [row for row in WINNERS if row]
    assert len(found) > 1000 < len(WINNERS) - len(found)
    assert max(len(row["prefix"]) for row in found) == 15
    assert {len(row["prefix"]) for row in found} > {1, 12, 13, 14}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("start", [0, 1, 7, 65, 1000, 1200])
def test_r54_slices_of_every_length(start: int, length: int) -> None:
    part = slice(start, start + length)
    whole = pl.Series(NUMBERS)
    answer = DECK.match(whole[part], fields=["prefix", "network_group", "country"]).struct.unnest()
    assert answer["prefix"].to_list() == told("prefix")[part]
    assert answer["network_group"].to_list() == told("network_group")[part]
    assert answer["country"].to_list() == told("country")[part]
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        array = pa.chunked_array([pa.array(NUMBERS, kind)]).slice(start, length)
        assert pa.chunked_array(DECK.match(array, fields="prefix")).to_pylist() == told("prefix")[part]


@pytest.mark.parametrize("size", [1, 7, 1000, BLOCK])
def test_r54_chunks_of_every_size(size: int) -> None:
    numbers = NUMBERS[: 3 * size if size == 1 else None]
    parts = [
        pl.Series("to", numbers[start : start + size], dtype=pl.String)
        for start in range(0, len(numbers), size)
    ]
    chunked = pl.concat(parts, rechunk=False)
    assert chunked.n_chunks() == len(parts)
    assert DECK.match(chunked, fields="prefix").to_list() == told("prefix")[: len(numbers)]


def test_r54_a_long_bill_is_its_calls() -> None:
    choices = Semantics(pulse="30/6", decimals=3, rounding="half_even")
    lengths = [DICE.choice([None, -1, 0, 1, 29, 30, 31, 61, 3600]) for _ in NUMBERS]
    frame = pl.DataFrame({"to": NUMBERS, "seconds": lengths})
    rated = records.rate(frame, deck=DECK, semantics=choices)
    assert rated.height == len(NUMBERS)
    for number, seconds, charge, reason, billed in rated.select(
        "to", "seconds", "charge", "reason", "billed_seconds"
    ).iter_rows():
        one = DECK.rate(number, seconds, semantics=choices)
        assert (one.total, one.reason, one.billed_seconds) == (charge, reason, billed)
    some = range(0, len(NUMBERS), 13)
    naive = [
        oracle.rate([WINNERS[at] or {"prefix": "0"}], NUMBERS[at], lengths[at], choices=choices)
        for at in some
    ]
    assert [one.total for one in naive] == rated["charge"].gather(list(some)).to_list()
    assert [one.reason for one in naive] == rated["reason"].gather(list(some)).to_list()
