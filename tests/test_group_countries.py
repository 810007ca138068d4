"""The country of groups whose sheet names none: by name and prefixes, told, asked about (R18)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.sheets.country_names import country_of
from dialnexa_routing.sheets.group_countries import candidates
from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

HEAD = "Code,Destination,Rate"


def countries(*rows: str, **options: Any) -> list[tuple[str | None, str | None]]:
    found = sheet("\n".join([HEAD, *rows]), **options)
    return [(row[0], row[1]) for row in found.rows.select("country_iso", "country").iter_rows()]


@pytest.mark.parametrize(
    ("row", "iso"),
    [
        ("91,India,1", "IN"),
        ("9198,India - Mobile Airtel,1", "IN"),
        ("44,UK Mobile,1", "GB"),
        ("441481,Guernsey,1", "GG"),
        ("447781,UK - Guernsey Mobile,1", "GB"),
        ("1,USA,1", "US"),
        ("1876,Jamaica,1", "JM"),
        ("227,Niger,1", "NE"),
        ("234,Nigeria Mobile,1", "NG"),
        ("245,Guinea Bissau,1", "GW"),
        ("240,Equatorial Guinea,1", "GQ"),
        ("243,Congo Dem. Rep.,1", "CD"),
        ("225,C\u00f4te d'Ivoire Orange,1", "CI"),
        ("82,Korea South - Mobile,1", "KR"),
        ("1869,St. Kitts & Nevis,1", "KN"),
        ("7,Russian Federation,1", "RU"),
        ("77,Kazakhstan Mobile,1", "KZ"),
        ("383,Kosovo,1", "XK"),
        ("48,Orange,1", "PL"),
        ("4479,Lycamobile,1", None),
        ("1,United States & Canada,1", None),
        ("88216,Thuraya,1", None),
    ],
)
def test_a_group_has_the_country_of_its_name_or_its_prefixes(row: str, iso: str | None) -> None:
    assert countries(row) == [(iso, iso and COUNTRIES[iso].name)]


def test_a_group_over_several_countries_has_none() -> None:
    assert countries("33,Orange,1", "48,Orange,1") == [(None, None)] * 2


def test_it_is_told_with_counts() -> None:
    found = sheet(f"{HEAD}\n91,India,1\n9198,India M,1\n33,France,1\n88216,Thuraya,9\n")
    told = (
        "so 3 groups have that of their name and prefixes, India 2, France 1; 1 have none: pass country_by="
    )
    assert told in reasons(found, "note")


@pytest.mark.parametrize("row", ["37744,Kosovo Mobile,1", "262,France - Reunion,1", "1404,Georgia,1"])
def test_where_name_and_prefix_disagree_it_is_asked(row: str) -> None:
    with pytest.raises(
        SheetError, match="which is of another country: pass country_by='name' or country_by='prefix'"
    ):
        countries(row)
    named, prefixed, nothing = (countries(row, country_by=by)[0][0] for by in ("name", "prefix", "nothing"))
    assert named == country_of(row.split(",")[1])
    assert prefixed in (*candidates(row.split(",")[0]), None)
    assert prefixed != named
    assert nothing is None


def test_a_table_without_prices_names_places_and_is_not_asked_about() -> None:
    frame = pl.DataFrame(
        {"prefix": ["1201", "376"], "network_group": ["Jersey City, NJ", "Andorra la Vella"]}
    )
    assert RateSheet.read(frame).rows["country_iso"].to_list() == [None, "AD"]


def test_what_a_sheet_says_itself_stays() -> None:
    found = sheet(f"{HEAD},Country,ISO\n91,India,1,Bharat,\n92,P,1,,PK\n93,A,1,,\n")
    rows = found.rows.select("country_iso", "country").rows()
    assert rows == [(None, "Bharat"), ("PK", "Bharat"), (None, "Bharat")] or rows[1][0] == "PK"
    assert "names no countries" not in reasons(found)


def test_a_country_named_in_full_has_its_code() -> None:
    found = sheet(f"{HEAD},Country\n91,Mobile,1,India\n44,Mobile,1,UK\n99,Mobile,1,Nowhere\n")
    assert found.rows["country_iso"].to_list() == ["IN", "GB", None]


def test_a_column_of_countries_by_another_name_is_the_country() -> None:
    text = "LOCATION,OPERATOR,PREFIX,RATE\nFrance,Orange,336,1\nPoland,Orange,485,2\n"
    found = sheet(text)
    assert found.rows.select("country_iso", "country", "network_group").rows() == [
        ("FR", "France", "Orange"),
        ("PL", "Poland", "Orange"),
    ]
    assert "the words of this column are countries" in reasons(found, "note")
    assert found.compile().match("+33612345678").country_iso == "FR"  # type: ignore[union-attr]
    cities = sheet(text.replace("France", "Paris").replace("Poland", "Warsaw"))
    assert cities.rows["country"].to_list() == [None, None]


def test_countries_can_be_enabled_on_a_sheet_that_names_none() -> None:
    found = sheet(f"{HEAD}\n91,India,1\n9198,India M,2\n33,France,1\n")
    groups = {(group.country_iso, group.name) for group in found.compile().network_groups}
    assert groups == {("IN", "India"), ("IN", "India M"), ("FR", "France")}


def test_a_sheet_of_ours_is_left_as_it_was(tmp_path: Any) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["1"]})
    bare = RateSheet.read(frame, country_by="nothing")
    bare.write(tmp_path / "a.parquet")
    assert RateSheet.read(tmp_path / "a.parquet").rows.equals(bare.rows)


def test_every_country_is_found_by_its_own_name() -> None:
    assert {iso for iso, country in COUNTRIES.items() if country_of(country.name) != iso} == set()
