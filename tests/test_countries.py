"""The table of countries is what its script makes of data/countries.csv, and says what it claims."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialnexa_routing.numbers import countries
from dialnexa_routing.numbers.countries import COUNTRIES, Country
from test_data import DATA
from test_import import fresh


def test_the_module_is_what_its_script_makes_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("phonenumbers")
    monkeypatch.syspath_prepend(str(DATA))
    script = importlib.import_module("make_countries")
    shipped = Path(countries.__file__).read_text("utf-8")
    assert script.module(DATA / "countries.csv") == shipped
    assert shipped.splitlines()[0] == "# Made by data/make_countries.py from data/countries.csv; do not edit."


def test_the_module_holds_the_list() -> None:
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert [[*country[:3], country.timezone or ""] for country in COUNTRIES.values()] == rows
    assert list(COUNTRIES) == sorted(country.iso for country in COUNTRIES.values())


@pytest.mark.parametrize(
    ("iso", "country"),
    [
        ("IN", Country("IN", "India", "91", "Asia/Kolkata")),
        ("GB", Country("GB", "United Kingdom", "44", "Europe/London")),
        ("JM", Country("JM", "Jamaica", "1", "America/Jamaica")),
        # Its own, not that of a neighbour with other summer time.
        ("DZ", Country("DZ", "Algeria", "213", "Africa/Algiers")),
        # Several zones, one time.
        ("DE", Country("DE", "Germany", "49", "Europe/Berlin")),
        ("AR", Country("AR", "Argentina", "54", "America/Argentina/Buenos_Aires")),
        # No code of ISO 3166, and no row in the table of zones.
        ("XK", Country("XK", "Kosovo", "383", "Europe/Belgrade")),
    ],
)
def test_r18_known_countries(iso: str, country: Country) -> None:
    assert COUNTRIES[iso] == country


def test_r37_a_country_with_several_times_has_no_zone() -> None:
    several = {iso for iso, country in COUNTRIES.items() if country.timezone is None}
    assert {"US", "CA", "AU", "RU", "BR", "ID", "MX", "ES", "CN"} <= several
    assert len(several) < 30


def test_r37_every_zone_is_known_to_the_system() -> None:
    names = {country.timezone for country in COUNTRIES.values()} - {None}
    assert [name for name in names if ZoneInfo(str(name)).key != name] == []
    assert len(names) > 200


def test_importing_the_table_brings_nothing_along() -> None:
    heavy = "('polars', 'pydantic', 'phonenumbers', 'zoneinfo')"
    script = (
        f"import sys, dialnexa_routing.numbers.countries; print([n for n in {heavy} if n in sys.modules])"
    )
    assert fresh(script) == "[]"
