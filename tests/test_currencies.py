"""Currencies are those of ISO 4217, and a minor unit is what that table says it is (quirks 36, 38)."""

from __future__ import annotations

import importlib.util
import sys
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.money import iso_4217
from dialnexa_routing.sheets.cells.coinage import CODES, KNOWN, coin, minor_unit
from dialnexa_routing.text.errors import SheetError
from published import sheet

DATA = Path(__file__).parents[1] / "data"
RATE: dict[str, Any] = {"currency": None, "inr_per_unit": "10", "inr_on": "2026-11-30"}


def test_the_table_is_what_its_script_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("babel", reason="the table is made with Babel")
    pytest.importorskip("iso4217", reason="the table is made with iso4217")
    for name in ("babel", "iso4217"):
        try:
            if version(name) not in iso_4217.ORIGIN:
                pytest.skip(f"the table is of another release of {name}")
        except PackageNotFoundError:  # pragma: no cover
            pytest.skip(f"{name} has no release")
    monkeypatch.syspath_prepend(str(DATA))
    spec = importlib.util.spec_from_file_location("make_currencies", DATA / "make_currencies.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_currencies", maker)
    spec.loader.exec_module(maker)
    assert maker.MODULE.read_text(encoding="utf-8") == maker.text(iso_4217.DATE)


def test_the_table_says_where_it_is_from() -> None:
    assert "ISO 4217" in iso_4217.ORIGIN
    assert "CLDR" in iso_4217.ORIGIN
    assert iso_4217.LICENCE
    assert not iso_4217.CURRENCIES.keys() & iso_4217.FORMER.keys()


@pytest.mark.parametrize("code", ["GHS", "KZT", "XOF", "TZS", "GEL", "UZS", "XCG", "BGN", "MAD"])
def test_any_currency_serves(code: str) -> None:
    found = sheet(f"Destination,Prefix,Rate,Currency\nIndia,91,0.5,{code}\n", **RATE)
    assert found.rows["outbound_rate"].to_list() == [Decimal(5)]
    assert found.conversion is not None
    assert found.conversion.currency == code


@pytest.mark.parametrize("code", ["GHS", "KZT", "UZS", "RON", "XAF"])
def test_a_header_may_name_any_currency(code: str) -> None:
    found = sheet(f"Destination,Prefix,Rate ({code})\nIndia,91,0.5\n", **RATE)
    assert found.conversion is not None
    assert found.conversion.currency == code


@pytest.mark.parametrize("header", ["Rate all", "Top rate", "Try rate", "svc rate"])
def test_words_of_other_things_name_no_currency(header: str) -> None:
    assert coin(header, "row 1").currency is None


def test_codes_that_are_words_are_currencies_all_the_same() -> None:
    assert {"ALL", "TRY", "MAD"} <= KNOWN - CODES


@pytest.mark.parametrize("code", ["RUP", "US$", "XXX", "XAU", "AAA"])
def test_a_code_of_no_money_is_refused(code: str) -> None:
    with pytest.raises(SheetError, match="currency"):
        sheet("Destination,Prefix,Rate\nIndia,91,1\n", **RATE | {"currency": code})


def test_a_typo_is_answered_with_the_nearest_code() -> None:
    with pytest.raises(SheetError, match=r"'USB' is no currency of ISO 4217.*USD"):
        sheet("Destination,Prefix,Rate\nIndia,91,1\n", **RATE | {"currency": "USB"})


@pytest.mark.parametrize(
    ("header", "code", "rupees"),
    [
        ("Rate (fils)", "AED", "0.3"),
        ("Rate (fils)", "KWD", "0.03"),
        ("Rate (baisa)", None, "0.03"),
        ("Rate (halalas)", None, "0.3"),
        ("Rate (cents)", "USD", "0.3"),
        ("Rate (paise)", "INR", "0.03"),
    ],
)
def test_a_minor_unit_is_what_the_table_says(header: str, code: str | None, rupees: str) -> None:
    options: dict[str, Any] = {} if code == "INR" else RATE | ({"currency": code} if code else {})
    found = sheet(f"Destination,Prefix,{header}\nIndia,91,3\n", **options)
    assert found.rows["outbound_rate"].to_list() == [Decimal(rupees)]


def test_a_minor_unit_that_is_none_is_refused() -> None:
    with pytest.raises(SheetError, match="JPY has no minor unit"):
        sheet("Destination,Prefix,Rate (cents)\nIndia,91,3\n", **RATE | {"currency": "JPY"})
    with pytest.raises(SheetError, match="unit='fils' if amounts are thousandths"):
        sheet("Destination,Prefix,Rate (cents)\nIndia,91,3\n", **RATE | {"currency": "KWD"})
    found = sheet(
        "Destination,Prefix,Rate (cents)\nIndia,91,3\n", **RATE | {"currency": "JPY", "unit": "major"}
    )
    assert found.rows["outbound_rate"].to_list() == [Decimal(30)]


def test_every_minor_unit_has_the_places_of_the_table() -> None:
    for code, places in iso_4217.CURRENCIES.items():
        unit = minor_unit(code, frozenset({"cent"}))
        assert (unit == Decimal("0.01")) == (places == 2)


def test_high_rates_of_money_without_a_minor_unit_are_no_finding() -> None:
    text = "Destination,Prefix,Rate\nA,91,3\nB,92,4\nC,93,5\n"
    assert not sheet(text, **RATE | {"currency": "JPY"}).report().suspicious.height
    assert (
        "may be minor units"
        in sheet(text, **RATE | {"currency": "USD"}).report().suspicious["finding"].to_list()
    )
