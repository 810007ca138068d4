"""The table of country names is what its script makes, and says where it is from."""

from __future__ import annotations

import csv
import importlib.util
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from dialnexa_routing.numbers import country_words
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import isos_of, name_of

DATA = Path(__file__).parents[1] / "data"


def test_the_table_is_what_its_script_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("babel", reason="the table is made with Babel")
    if version("babel") not in country_words.origin():
        pytest.skip("the table is of another release of Babel")
    spec = importlib.util.spec_from_file_location("make_country_words", DATA / "make_country_words.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_country_words", maker)
    spec.loader.exec_module(maker)
    made = maker.TABLE.read_text(encoding="utf-8")
    assert made == maker.text(next(line[5:] for line in made.splitlines() if line.startswith("date ")))


def test_every_spelling_that_is_kept_has_a_reason_and_is_found() -> None:
    with (DATA / "country_spellings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["reason"]
            for name in row["names"].split("|"):
                assert row["iso"] in isos_of(name), name


def test_every_country_has_its_english_name() -> None:
    for iso, country in COUNTRIES.items():
        assert iso in isos_of(country.name)
        assert name_of(iso) == country.name


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("Ivory Coast", "CI"),
        ("Korea, Rep of", "KR"),
        ("Burma", "MM"),
        ("Swaziland", "SZ"),
        ("Macedonia", "MK"),
        ("Holland", "NL"),
        ("Zaire", "CD"),
        ("Cabo Verde", "CV"),
        ("The Gambia", "GM"),
        ("Türkiye", "TR"),
        ("Timor-Leste", "TL"),
        ("Viet Nam", "VN"),
        ("Holy See", "VA"),
        ("Allemagne", "DE"),
        ("Германия", "DE"),
        ("ألمانيا", "DE"),
        ("德国", "DE"),
        ("Niemcy", "DE"),
        ("ドイツ", "DE"),
        ("जर्मनी", "DE"),
        ("Almanya", "DE"),
        ("Duitsland", "DE"),
        ("Yunani", "GR"),
    ],
)
def test_names_as_decks_write_them(name: str, iso: str) -> None:
    assert isos_of(name) == (iso,)
    assert isos_of(name.upper()) == (iso,)
