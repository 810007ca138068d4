"""Dates as sheets of any language and any database write them: the instant, or a sentence with its cure."""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dialnexa_routing.sheets.cells import month_names
from dialnexa_routing.sheets.cells.month_names import named_day
from published import reasons, sheet

if TYPE_CHECKING:
    from dialnexa_routing.sheets import RateSheet

DATA = Path(__file__).parent.parent / "data"
TABLE = Path(month_names._PATH)


def dated(start: str, end: str = "") -> RateSheet:
    text = "Code;Destination;Rate;Effective From;Valid To\n91;India;0.6;;\n"
    return sheet(f"{text}9198;IM;0.8;{start};{end}\n", currency="INR", timezone="Asia/Kolkata")


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("1 de enero de 2026", "2025-12-31T18:30:00"),
        ("1-ene-26", "2025-12-31T18:30:00"),
        ("lunes 5 de enero de 2026", "2026-01-04T18:30:00"),
        ("1. März 2026", "2026-02-28T18:30:00"),
        ("2. Okt. 2026 08:00", "2026-10-02T02:30:00"),
        ("1er août 2026", "2026-07-31T18:30:00"),
        ("1 января 2026 г.", "2025-12-31T18:30:00"),
        ("12 Aralık 2026", "2026-12-11T18:30:00"),
        ("1 जनवरी 2026", "2025-12-31T18:30:00"),
        ("2026年1月1日", "2025-12-31T18:30:00"),
        ("2026년 1월 1일", "2025-12-31T18:30:00"),
        ("2026-Jan-05", "2026-01-04T18:30:00"),
        ("1767225600", "2026-01-01T00:00:00"),
        ("1767225600123", "2026-01-01T00:00:00.123000"),
        ("20260101123000", "2026-01-01T07:00:00"),
        ("2026-01-01T00:00:00[Asia/Tokyo]", "2025-12-31T15:00:00"),
        ("2026-01-01 00:00 Europe/Berlin", "2025-12-31T23:00:00"),
    ],
)
def test_a_date_in_any_language_is_the_instant_it_names(cell: str, instant: str) -> None:
    assert dated(cell).rows["valid_from"][1].isoformat() == f"{instant}+00:00"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2026-01-01 00:00 IST", "names its zone by the letters 'IST', which several zones bear"),
        ("2026-01-01T00:00:00[Asia/Nowhere]", "'Asia/Nowhere', which is no IANA zone"),
        ("1 listopada 2026", "is not a date"),
        ("1 ม.ค. 2569", "is not a date"),
        ("1 enero febrero 2026", "is not a date"),
        ("31 fevrier 2026", "is not a moment of the calendar"),
        ("March 2026", "is not a date"),
    ],
)
def test_what_is_no_certain_date_is_refused_with_its_cause(cell: str, told: str) -> None:
    assert told in reasons(dated(cell), "error")


@pytest.mark.parametrize("end", ["9999-12-31", "12/31/9999", "9999-12-31 23:59:59", "99991231", "indefinido"])
def test_the_end_of_time_is_no_end(end: str) -> None:
    found = dated("", end)
    assert found.rows["valid_to"].to_list() == [None, None]
    assert "so they have no end" in reasons(found, "note")


def test_no_date_of_a_database_is_no_begin() -> None:
    found = dated("0001-01-01T00:00:00Z", "0000-00-00 00:00:00")
    assert found.rows.select("valid_from", "valid_to").row(1) == (None, None)


def test_a_moment_in_digits_is_no_whole_day() -> None:
    found = dated("1767225600", "1798761600")
    assert found.rows["valid_to"][1].isoformat() == "2027-01-01T00:00:00+00:00"


def test_names_of_months_are_those_of_the_script_that_made_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("babel")
    if version("babel") not in TABLE.read_text(encoding="utf-8"):
        pytest.skip("another Babel than the table was made with")
    for name in ("make_country_words", "make_month_names"):
        spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        maker = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, maker)
        spec.loader.exec_module(maker)
    assert maker.text("2026-12-01") == TABLE.read_text(encoding="utf-8")


def test_a_month_is_named_by_its_own_names_alone() -> None:
    months, days = month_names._names()
    assert set(months.values()) == set(range(1, 13))
    assert not set(months) & days
    assert "listopad" not in months
    assert all(named_day(f"3 {name} 2026") == f"2026-{at:02}-03" for name, at in months.items())
