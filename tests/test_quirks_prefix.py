"""Quirks 1 to 22: what stands in a column of codes, and when one prefix stands there twice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import codes, prefixes, reasons, sheet, workbook

ZONE: dict[str, Any] = {"timezone": "UTC"}


def test_quirk_01_lists_in_one_cell() -> None:
    assert prefixes(codes("Codes", "91, 92;93|94\n95")) == ["91", "92", "93", "94", "95"]
    nested = {"voice": {"outbound": {"rates": [{"prefix": ["5917\n59163"], "rate": "1"}]}}, "country": "BO"}
    assert prefixes(sheet(nested)) == ["5917", "59163"]


def test_quirk_02_ranges_become_the_fewest_prefixes() -> None:
    assert prefixes(codes("Codes", "447400-447409")) == ["44740"]
    assert prefixes(codes("Codes", "49172 – 49174", "447398−447412")) == [
        *("49172", "49173", "49174"),
        *("447398", "447399", "44740", "447410", "447411", "447412"),
    ]


def test_quirk_02_reversed_unequal_and_huge_ranges_are_refused() -> None:
    found = codes("Codes", "447409-447400", "91", "9170-918", "100000-999999", hyphens="ranges")
    assert prefixes(found) == ["91"]
    assert "ends before it begins" in reasons(found)
    assert "from 4 to 3 digits" in reasons(found)
    assert "over all countries" in reasons(found)


def test_quirk_03_a_hyphen_is_decided_by_the_column() -> None:
    assert prefixes(codes("Codes", "93-70", "82-01", "93-77")) == ["9370", "8201", "9377"]
    for cells in (("93-70", "447400-447409"), ("9170-75", "91")):
        with pytest.raises(SheetError, match="hyphens='ranges' or hyphens='joins'"):
            codes("Codes", *cells)
    assert prefixes(codes("Codes", "93-70", "447400-447409", hyphens="ranges")) == ["44740"]
    joined = codes("Codes", "93-70", "447400-447409", hyphens="joins")
    assert prefixes(joined) == ["9370"]
    assert "looks like a range" in reasons(joined)


def test_quirk_04_blanks_inside_a_code() -> None:
    assert prefixes(codes("Codes", "336 07, 336 08", "44 74 00")) == ["33607", "33608", "447400"]
    assert prefixes(codes("Codes", "9198 9199")) == ["9198", "9199"]
    unclear = codes("Codes", "61 38, 39")
    assert prefixes(unclear) == ["6138"]
    assert "may be an area of 61, or a code of its own" in reasons(unclear, "error")


def test_quirk_05_what_is_dialled_abroad_goes_only_if_every_code_has_it() -> None:
    assert prefixes(codes("Codes", "+91", "+ 44")) == ["91", "44"]
    for front in ("00", "011", "11"):
        found = codes("Codes", f"{front}9370", f"{front}93")
        assert prefixes(found) == ["9370", "93"]
        assert f"every code starts with {front}" in reasons(found, "warning")
    mixed = codes("Codes", "0091", "44")
    assert prefixes(mixed) == ["44"]
    assert prefixes(codes("Codes", "0091", "44", strip="00")) == ["91", "44"]


def test_quirk_06_national_zeros_stay_text_and_are_refused() -> None:
    found = codes("Codes", "010001", "33")
    assert prefixes(found) == ["33"]
    assert found.faults["value"][0] == "010001"
    assert "starts with 0" in reasons(found)


def test_quirk_07_country_and_area_code_in_two_columns() -> None:
    text = 'Country Code,Area Code,Destination,Rate\n44,"20, 21",London,1\n49,172-173,D,2\n33,,France,3\n'
    found = sheet(text, hyphens="ranges")
    assert prefixes(found) == ["4420", "4421", "49172", "49173", "33"]
    zero = sheet("Country Code,Area Code,Destination,Rate\n44,020,London,1\n")
    assert "a trunk zero" in reasons(zero)


def test_quirk_08_areas_in_brackets() -> None:
    assert prefixes(codes("Code", "54(351)", "61(28,29)", "61 (30-32)")) == [
        *("54351", "6128", "6129", "6130", "6131", "6132"),
    ]
    assert "'C' in brackets" in reasons(codes("Code", "93(C)"))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("9198X", ["9198"]),
        ("9198*", ["9198"]),
        ("9198.", ["9198"]),
        ("20########*", ["20"]),
        ("_919N.", [f"919{digit}" for digit in range(2, 10)]),
        ("91[6-9]", ["916", "917", "918", "919"]),
        ("33[0-24-9]x4", [f"33{a}{b}4" for a in "012456789" for b in range(10)]),
        ("91Y", []),
        ("9xxxxx5", []),
    ],
)
def test_quirk_09_wildcards_and_classes(cell: str, found: list[str]) -> None:
    assert prefixes(codes("Code", cell)) == found


def test_quirk_10_only_the_regular_expression_of_a_prefix() -> None:
    found = codes("Code", "^91.*", "^44", "^9[12].*")
    assert prefixes(found) == ["91", "44"]
    assert "regular expression other than ^digits.*" in reasons(found, "error")
    assert codes("Code", "^(91|92).*").counts.loaded == 0


def test_quirk_11_national_prefixes_want_their_calling_code() -> None:
    assert prefixes(codes("Prefixes", "98,99", calling_code="91")) == ["9198", "9199"]
    national = "calling_code,prefixes,country,rate\n91,98,India,1\n44,74,UK,1\n"
    with pytest.raises(SheetError, match="unclear whether '98' stands behind '91'"):
        sheet(national)
    joined = {"area_code": "prefixes", "calling_code": "calling_code"}
    assert prefixes(sheet(national, columns=joined)) == ["9198", "4474"]
    whole = "calling_code,prefixes,country,rate\n91,9198,India,1\n44,4474,UK,1\n"
    assert prefixes(sheet(whole)) == ["9198", "4474"]


def test_quirk_12_north_america_without_its_1() -> None:
    found = sheet("NPANXX,Rate\n201200,0.004\n1201201,0.011\n989,0.003\n22,1\n")
    assert (found.format, prefixes(found)) == ("npanxx", ["1201200", "1201201", "1989"])
    assert found.rows["network_group"].unique().to_list() == ["North America"]
    assert prefixes(sheet("NPA,NXX,Rate\n201,200,0.1\n")) == ["1201200"]
    many = [f"{npa}{nxx}" for npa in range(201, 213) for nxx in range(200, 210)]
    shaped = codes("Code", *many)
    assert prefixes(shaped) == [f"1{code}" for code in many]
    assert "without the 1" in reasons(shaped, "warning")
    assert prefixes(codes("Code", *many, columns={"prefix": "Code"})) == many
    assert prefixes(codes("Code", "919812")) == ["919812"]


def test_quirk_13_a_tech_prefix_goes_only_by_argument() -> None:
    assert prefixes(codes("Code", "99991", "99944")) == ["99991", "99944"]
    assert prefixes(codes("Code", "99991", "99944", strip="999")) == ["91", "44"]
    assert prefixes(codes("Code", "01+91", strip="01")) == ["91"]
    partly = codes("Code", "99991", "33", strip="999")
    assert prefixes(partly) == ["91", "33"]
    assert "1 codes do not start with strip='999'" in reasons(partly, "warning")


def test_quirk_14_scientific_notation_is_refused() -> None:
    found = codes("Code", "3.73E+11", "373")
    assert prefixes(found) == ["373"]
    assert "lost its last digits" in reasons(found)


def test_quirk_15_three_digits_and_zeros_are_suspicious() -> None:
    text = "Code,Country,Rate\n372,Estonia,1\n37251,Estonia,1\n373000000000,Estonia,2\n"
    found = sheet(text)
    assert found.counts.loaded == 3
    assert "ends in six zeros or more" in reasons(found, "warning")
    other = sheet(text.replace("373000000000", "450000000000"))
    assert "the other codes of Estonia start otherwise" in reasons(other, "warning")


def test_quirk_16_a_float_prefix() -> None:
    assert prefixes(codes("Code", "91.0", "44.00")) == ["91", "44"]
    assert "other than digits" in reasons(codes("Code", "91.5"))


def test_quirk_17_more_than_fifteen_digits() -> None:
    assert prefixes(codes("Code", "2651234567890")) == ["2651234567890"]
    assert "more than 15 digits" in reasons(codes("Code", "1234567890123456"))


def test_quirk_18_an_empty_prefix_is_never_a_catch_all() -> None:
    found = sheet("Code,Destination,Rate\n,Nowhere,1\n91,India,2\n")
    assert prefixes(found) == ["91"]
    assert "is empty" in reasons(found)


def test_quirk_19_the_same_again_is_counted_as_noise() -> None:
    found = codes("Code", "65,65,65", "65")
    assert (found.counts.loaded, found.counts.noise) == (1, 3)


def test_quirk_20_the_same_prefix_at_another_rate() -> None:
    text = "Code,Destination,Rate\n91,India,3\n91,India,1\n91,India,2\n"
    with pytest.raises(SheetError, match="on_conflict='first', 'last', 'dearest' or 'cheapest'"):
        sheet(text)
    kept = {p: str(sheet(text, on_conflict=p).rows["outbound_rate"][0])[0] for p in ("first", "last")}
    kept |= {p: str(sheet(text, on_conflict=p).rows["outbound_rate"][0])[0] for p in ("dearest", "cheapest")}
    assert kept == {"first": "3", "last": "2", "dearest": "3", "cheapest": "1"}


def test_quirk_21_another_date_is_another_version() -> None:
    text = "Code,Destination,Rate,Effective\n91,India,3,2026-01-01\n91,India,4,2026-03-01\n"
    rows = sheet(text, **ZONE).rows
    assert rows["valid_to"].to_list() == [datetime(2026, 3, 1, tzinfo=UTC), None]


def test_quirk_22_until_a_longer_code_begins_the_shorter_one_rates() -> None:
    text = "Code,Destination,Rate,Effective\n52,Mexico,3,\n521,Mexico,4,2026-03-01\n"
    found = sheet(text, **ZONE)
    deck = found.compile()
    for day, expected in (
        (datetime(2026, 2, 1, tzinfo=UTC), "52"),
        (datetime(2026, 4, 1, tzinfo=UTC), "521"),
    ):
        match = deck.match("+5215512345678", at=day)
        assert match is not None
        assert match.prefix == expected
    assert "521" in reasons(found)


def test_several_sheets_of_codes_keep_their_places() -> None:
    book = workbook(
        A=[["Code", "Destination", "Rate"], ["91", "India", "1"]], B=[["Code", "Name"], ["x", "y"]]
    )
    found = sheet(book, "deck.xlsx")
    assert isinstance(found, RateSheet)
    assert prefixes(found) == ["91"]


def test_quirk_09_lists_and_patterns_have_bounds() -> None:
    many = ", ".join(f"9xxxx{at}" for at in range(450))
    with pytest.raises(SheetError, match="more than 4000000 prefixes and callers"):
        codes("Code", many)
    assert "more than 4000 characters" in reasons(codes("Code", ".*" * 3_000 + "a"))
    callers = ",".join(str(at) for at in range(10_000, 12_500))
    with pytest.raises(SheetError, match="prefixes and callers"):
        sheet(f'Code,Destination,Rate,Origin\n"{callers}",A,1,"{callers}"\n')
