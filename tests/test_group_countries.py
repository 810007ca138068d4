"""The country of groups whose sheet names none: by name and prefixes, told, asked about (R18)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import Telephony, Workspace
from dialnexa_routing.numbers import country_words
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import isos_of, name_of, named, plain
from dialnexa_routing.numbers.number_series import begins_numbers, region_of
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
        # Shared codes, by the leading digits.
        ("1201,Verizon,1", "US"),
        ("1416,Rogers,1", "CA"),
        ("1876,Digicel,1", "JM"),
        ("1800,Toll free,1", None),
        ("7701,Beeline,1", "KZ"),
        ("7903,Beeline,1", "RU"),
        ("7,Beeline,1", None),
        ("447781,Airtel,1", "GG"),
        ("44161,BT,1", "GB"),
        ("3902,TIM,1", "IT"),
        ("3906698,TIM,1", "VA"),
        ("379,Vatican City,1", "VA"),
        ("379,Vatican,1", "VA"),
        ("39,Vatican City,1", "VA"),
        ("262692,SFR,1", "RE"),
        ("262639,SFR,1", "YT"),
        ("5999,Digicel,1", "CW"),
        ("5997,Digicel,1", "BQ"),
        ("6189162,Telstra,1", "CC"),
        ("4779,Telenor,1", "SJ"),
        ("4722,Telenor,1", "NO"),
        ("35818,Alcom,1", "AX"),
        ("35840,Elisa,1", None),
        ("59059027,Saint Barthelemy,1", "BL"),
        ("590690,Guadeloupe Mobile,1", "GP"),
        # Parts of a greater country's plan go under its name, and territories without a plan under their own.
        ("1787,USA - Puerto Rico,1", "US"),
        ("1787,Puerto Rico,1", "PR"),
        ("672,Norfolk Island,1", "NF"),
        ("6721,Antarctica,1", "AQ"),
        # A name of several countries: the prefix says which.
        ("242,Congo Mobile,1", "CG"),
        ("243,Congo Mobile,1", "CD"),
        ("850,Korea,1", "KP"),
        ("82,Korea Mobile,1", "KR"),
        ("1284,Virgin Islands,1", "VG"),
        ("1340,Virgin Islands,1", "VI"),
        ("1721,Saint Martin,1", "SX"),
        # Other languages and old names.
        ("91,Indien - Mobilfunk,1", "IN"),
        ("91,Inde Mobile,1", "IN"),
        ("91,Индия - мобильные,1", "IN"),
        ("91,भारत,1", "IN"),
        ("91,الهند - موبايل,1", "IN"),
        ("91,印度移动,1", "IN"),
        ("62,印度尼西亚移动,1", "ID"),
        ("91,Hindistan GSM,1", "IN"),
        ("91,Indie - komórkowe,1", "IN"),
        ("49,Alemania Fijo,1", "DE"),
        ("49,Germania Mobile,1", "DE"),
        ("49,Duitsland,1", "DE"),
        ("49,Alemanha,1", "DE"),
        ("49,Jerman Seluler,1", "DE"),
        ("44,Inggris,1", "GB"),
        ("1212,États-Unis,1", "US"),
        ("86,Çin Mobil,1", "CN"),
        ("852,中国香港,1", "HK"),
        ("95,Burma,1", "MM"),
        ("268,Swaziland,1", "SZ"),
        ("268,Eswatini,1", "SZ"),
        ("225,Ivory Coast,1", "CI"),
        ('82,"Korea, Rep of",1', "KR"),
        ("1212,États-Unis et Canada,1", "US"),
    ],
)
def test_a_group_has_the_country_of_its_name_or_its_prefixes(row: str, iso: str | None) -> None:
    assert countries(row) == [(iso, iso and name_of(iso))]


def test_a_group_over_several_countries_has_none() -> None:
    assert countries("33,Orange,1", "48,Orange,1") == [(None, None)] * 2


def test_it_is_told_with_counts() -> None:
    found = sheet(f"{HEAD}\n91,India,1\n9198,India M,1\n33,France,1\n88216,Thuraya,9\n")
    told = (
        "so 3 groups have that of their name and prefixes, India 2, France 1; 1 have none: pass country_by="
    )
    assert told in reasons(found, "note")


@pytest.mark.parametrize(
    "row",
    [
        "37744,Kosovo Mobile,1",
        "262,France - Reunion,1",
        "1404,Georgia,1",
        "1876,USA,1",
        "7701,Russie,1",
        "447781,Jersey,1",
        "880,Indien,1",
        "999,India,1",
    ],
)
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


def test_the_question_names_the_country_of_the_prefix() -> None:
    with pytest.raises(SheetError, match=r"\(Kosovo by its name\) has prefixes under 3774 \(Monaco\), which"):
        countries("37744,Kosovo Mobile,1")
    with pytest.raises(SheetError, match=r"under 8821 \(of no country\)"):
        countries("88216,India Satellite,1")


def test_a_table_without_prices_names_places_and_is_not_asked_about() -> None:
    frame = pl.DataFrame(
        {"prefix": ["1201", "376"], "network_group": ["Jersey City, NJ", "Andorra la Vella"]}
    )
    assert RateSheet.read(frame).rows["country_iso"].to_list() == ["US", "AD"]


def test_what_a_sheet_says_itself_stays() -> None:
    found = sheet(f"{HEAD},Country,ISO\n91,India,1,Bharat,\n92,P,1,,PK\n93,A,1,,\n")
    rows = found.rows.select("country_iso", "country").rows()
    assert rows == [(None, "Bharat"), ("PK", "Bharat"), (None, "Bharat")] or rows[1][0] == "PK"
    assert "names no countries" not in reasons(found)


def test_a_country_named_in_full_has_its_code() -> None:
    found = sheet(f"{HEAD},Country\n91,Mobile,1,India\n44,Mobile,1,UK\n99,Mobile,1,Nowhere\n")
    assert found.rows["country_iso"].to_list() == ["IN", "GB", None]


def test_countries_named_in_other_languages_have_their_codes() -> None:
    found = sheet(f"{HEAD},Country\n91,M,1,Indien\n243,M,1,Kongo\n44,M,1,United Kingdom Mobile\n")
    assert found.rows["country_iso"].to_list() == ["IN", "CD", "GB"]
    assert found.rows["country"].to_list() == ["Indien", "Kongo", "United Kingdom Mobile"]
    # More than a name counts only where the prefixes agree with it.
    assert sheet(f"{HEAD},Country\n91,M,1,United Kingdom Mobile\n").rows["country_iso"].to_list() == [None]


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


def test_a_wholesale_sheet_with_foreign_names_can_be_switched_by_country() -> None:
    found = sheet(f"{HEAD}\n91,Indien,1\n9198,Indien Mobilfunk,2\n49,Deutschland,1\n")
    telephony = Telephony(Workspace(id="w", provider="acme"), {"acme": found.compile()})
    on = telephony.enable(country="India").enabled[0]
    assert (on.country_iso, on.network_groups) == ("IN", ("Indien", "Indien Mobilfunk"))
    assert telephony.enable(country="Indien") == telephony.enable(country="IN")
    assert [country.name for country in telephony.countries()] == ["Germany", "India"]
    assert found.report().coverage["country"].to_list() == ["Germany", "India"]


def test_a_sheet_of_ours_is_left_as_it_was(tmp_path: Any) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["1"]})
    bare = RateSheet.read(frame, country_by="nothing")
    bare.write(tmp_path / "a.parquet")
    assert RateSheet.read(tmp_path / "a.parquet").rows.equals(bare.rows)


def test_every_country_is_found_by_its_own_name() -> None:
    assert {iso for iso, country in COUNTRIES.items() if country_of(country.name) != iso} == set()


def test_every_name_of_the_table_is_found_and_no_shorter_one_hides_it() -> None:
    table, _ = country_words._table()
    for words, isos in table.items():
        assert named(list(words)) == (len(words), isos)
        assert named([*words, "zz"]) == (len(words), isos)


NAMES = sorted(" ".join(words) for words in country_words._table()[0])


@given(
    st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "mobile", "and", "the", "orange"]), max_size=2)
)
def test_the_longest_name_at_the_beginning_counts(first: str, more: list[str]) -> None:
    words = " ".join([first, *more]).split(" ")
    table = country_words._table()[0]
    begun = [end for end in range(1, len(words) + 1) if tuple(words[:end]) in table]
    assert named(words) == (max(begun), table[tuple(words[: max(begun)])])


@pytest.mark.parametrize("name", ["Orange", "Mobile", "Island Mobile Ltd", "Y", "Man", "Cad", "", "-", "123"])
def test_words_of_other_things_are_no_country(name: str) -> None:
    assert isos_of(name) == ()


@given(st.text(max_size=30))
def test_words_are_compared_alike_however_they_are_written(name: str) -> None:
    words = plain(name)
    assert plain(" ".join(words)) == words


@given(st.integers(1, 10**9))
def test_the_region_of_digits_is_among_the_candidates(number: int) -> None:
    digits = str(number)
    region = region_of(digits)
    if region is not None and begins_numbers(digits):
        assert region in candidates(digits)
    assert candidates(digits) <= candidates(digits[:-1]) or len(digits) == 1 or not begins_numbers(digits)


def test_the_table_says_where_it_is_from() -> None:
    assert "CLDR" in country_words.origin()
