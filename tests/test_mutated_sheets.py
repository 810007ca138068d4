"""Thousands of damaged sheets: each is read as it is by hand, or refused with a place; none is misread.

The seeds are fixed where ``CI`` is set, and new each time elsewhere; a failure shows its own.
"""

from __future__ import annotations

import json
import os
import re
from random import Random
from typing import TYPE_CHECKING

import pytest

import naive_sheets
from counts import counted, times
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from hostile_workbooks import cell, packed, parts, sheet
from mutations import bytes_damaged, cells_damaged
from naive_sheets import HEADER, Plain

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

BATCHES = times(10, 60)
SEED = 1 if os.environ.get("CI") else Random().randrange(1 << 32)
SEEDS = [SEED * 1000 + batch for batch in range(BATCHES)]
CSV_FILES = 200  # in each batch
JSON_FILES = 100
ARCHIVES = 40
WORKBOOKS = 4
PLACE = re.compile(
    r"\brows?\b|\bline\b|column|byte|header|part|key|holds|is empty|breaks off"
    r"|archive|workbook|JSON|suffix|password|has prefixes under"
)
NAMES = ["India", "France", "Sri Lanka", "Peru", "Chad", "Guinea-Bissau"]


def rows_of(random: Random) -> list[list[str]]:
    prefixes = random.sample(range(1, 99_999), 24)
    return [
        [str(prefix), random.choice(NAMES), f"{random.randint(0, 40)}.{random.randint(1, 9999):04d}"]
        for prefix in prefixes
    ]


def text_of(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(cells) for cells in [HEADER, *rows]).encode() + b"\n"


def json_of(rows: list[list[str]], random: Random) -> bytes:
    rates = [
        {
            "prefix": [prefix, f"{prefix}77"],
            "origination_prefix": random.choice([[""], ["91"], ["44", "33"]]),
            "rate": rate,
            "voice_network_group": country,
        }
        for prefix, country, rate in rows
    ]
    document = {"country": "India", "country_iso": "IN", "voice": {"outbound": {"rates": rates}}}
    return json.dumps(document, indent=random.choice([None, 1])).encode()


def workbook_of(rows: list[list[str]]) -> bytes:
    lines = [
        f'<row r="{number}">'
        + "".join(cell(f"{'ABC'[at]}{number}", _escaped(text)) for at, text in enumerate(cells))
        + "</row>"
        for number, cells in enumerate([HEADER, *rows], start=1)
    ]
    return packed(parts(sheet("".join(lines))))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def read(path: Path, data: bytes) -> RateSheet | str:
    """The sheet, or the sentence that refused it."""
    path.write_bytes(data)
    try:
        return RateSheet.read(path, currency="INR", on_conflict="first")
    except SheetError as error:
        return str(error)


def check(found: RateSheet | str, expected: dict[int, Plain | None] | None, path: Path, why: str) -> bool:
    """Whether it was read; rows without doubt are then as they are by hand."""
    if isinstance(found, str):
        assert path.name in found, f"{why}: {found}"
        assert PLACE.search(found), f"{why}: {found}"
        assert "\n" not in found, f"{why}: {found}"
        return False
    errors = found.faults.filter(severity="error")
    assert errors["row"].null_count() == 0, why
    assert errors["reason"].str.len_chars().min() != 0, why
    assert all(re.fullmatch("[1-9][0-9]{0,14}", prefix) for prefix in found.rows["prefix"]), why
    if expected is None:
        return True
    units: dict[int, set[tuple[str, str | None, Decimal]]] = {}
    first: dict[tuple[str, str | None], int] = {}
    columns = found.rows.select("source_row", "prefix", "origin", "outbound_rate", "rate_unit_s")
    for number, prefix, origin, rate, unit in columns.iter_rows():
        assert number in expected, f"{why}: row {number} is not there"
        assert unit == 60, why
        units.setdefault(number, set()).add((prefix, origin, rate))
        first[prefix, origin] = min(number, first.get((prefix, origin), number))
    refused = set(errors["row"])
    for number, plain in expected.items():
        if plain is None:
            continue
        assert number not in refused, f"{why}: row {number} is plain and was refused"
        got = units.get(number, set())
        assert got <= plain.units, f"{why}: row {number} says {plain}, and was read as {got}"
        for prefix, origin, _ in plain.units - got:
            earlier = first.get((prefix, origin))
            assert earlier is not None, f"{why}: row {number} lost {prefix} from {origin}"
            assert earlier < number, f"{why}: row {number} lost {prefix} from {origin}"
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_text_with_damaged_bytes_or_cells(seed: int, tmp_path: Path) -> None:
    random, path, count = Random(seed), tmp_path / "sheet.csv", 0
    for turn in range(CSV_FILES):
        rows = rows_of(random)
        if turn % 2:
            rows = [[c.replace(",", ".") for c in cells] for cells in cells_damaged(rows, random)]
            data = text_of(rows)
        else:
            data = bytes_damaged(text_of(rows), random)
        count += check(read(path, data), naive_sheets.csv(data), path, f"seed {seed}, turn {turn}, {data!r}")
    assert count > CSV_FILES // 2
    counted(CSV_FILES, "texts")


@pytest.mark.parametrize("seed", SEEDS)
def test_documents_with_damaged_bytes(seed: int, tmp_path: Path) -> None:
    random, path, count = Random(seed), tmp_path / "sheet.json", 0
    for turn in range(JSON_FILES):
        data = json_of(rows_of(random), random)
        data = data if turn % 10 == 0 else bytes_damaged(data, random, most=1)
        why = f"seed {seed}, turn {turn}, {data!r}"
        found = read(path, data)
        try:
            expected = naive_sheets.document(data)
        except naive_sheets.RefusedError:
            assert isinstance(found, str), why
            expected = None
        count += check(found, expected, path, why)
    assert count > JSON_FILES // 10
    counted(JSON_FILES, "documents")


@pytest.mark.parametrize("seed", SEEDS)
def test_workbooks_with_damaged_cells(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    random, path = Random(seed), tmp_path / "sheet.xlsx"
    for turn in range(WORKBOOKS):
        rows = cells_damaged(rows_of(random), random)
        expected = {number: naive_sheets.row(cells) for number, cells in enumerate(rows, start=2)}
        check(read(path, workbook_of(rows)), expected, path, f"seed {seed}, turn {turn}, {rows}")


@pytest.mark.parametrize("seed", SEEDS)
def test_workbooks_with_damaged_bytes_are_read_whole_or_not_at_all(seed: int, tmp_path: Path) -> None:
    """Every part has a checksum, so what is read at all is what was written."""
    pytest.importorskip("fastexcel")
    random, path = Random(seed), tmp_path / "sheet.xlsx"
    rows = rows_of(random)
    data = workbook_of(rows)
    expected = {number: naive_sheets.row(cells) for number, cells in enumerate(rows, start=2)}
    for turn in range(ARCHIVES):
        damaged = bytes_damaged(data, random)
        why = f"seed {seed}, turn {turn}, {damaged.hex()}"
        found = read(path, damaged)
        if check(found, expected, path, why):
            assert isinstance(found, RateSheet), why
            assert found.counts.loaded == len(rows), why


def test_a_code_that_begins_with_11_stays_as_it_stands_under_its_own_name(tmp_path: Path) -> None:
    """A damaged sheet of one row was once read as if 11 was dialled in front of 219."""
    data = b"prefix,country,outbound_rate\n11219,India,2"
    assert check(read(tmp_path / "sheet.csv", data), naive_sheets.csv(data), tmp_path / "sheet.csv", "11219")
