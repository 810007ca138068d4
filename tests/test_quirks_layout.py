"""Quirks 48 to 65: titles, footers, merged cells, encodings, headers, and what is left of a ruin."""

import io
import zipfile
from typing import Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import USD, codes, prefixes, reasons, sheet, workbook

TITLED = "Acme Voice\nCurrency:,USD per minute\nBilling 60/60\n\nCountry,Dial Codes,Rate/Min\nIndia,91,0.5\n"


def test_quirk_48_title_rows_are_kept_and_used_where_they_are_clear() -> None:
    found = sheet(TITLED, currency=None, inr_per_unit="80", inr_on="2026-01-05")
    assert found.rows.select("currency", "source_row").row(0) == ("USD", 6)
    assert found.recognised_by.endswith("of a wholesale deck, with title rows above it")
    assert found.faults["value"][0] == "Acme Voice; Currency: USD per minute; Billing 60/60"
    assert "pass pulse='60/60' if it is for all rows" in reasons(found)
    two = TITLED.replace("Acme Voice", "Prices in EUR or USD").replace("Currency:,USD", "Currency:,EUR")
    with pytest.raises(SheetError, match="inr_per_unit"):
        sheet(two, currency=None)
    assert "but currency='INR' was passed" in reasons(sheet(TITLED), "warning")


def test_quirk_48_the_sheets_of_a_workbook() -> None:
    rates = [["Code", "Destination", "Rate"], ["91", "India", "1"]]
    book = workbook(Notice=[["Dear customer"]], Standard=rates, Premium=[rates[0], ["91", "India", "2"]])
    with pytest.raises(SheetError, match=r"stands twice with different terms.*'Standard'.*'Premium'"):
        sheet(book, "deck.xlsx")
    found = sheet(book, "deck.xlsx", sheet="Premium")
    assert str(found.rows["outbound_rate"][0])[:1] == "2"
    with pytest.raises(SheetError, match=r"sheet='Gold' is not in deck\.xlsx, which has 'Standard'"):
        sheet(book, "deck.xlsx", sheet="Gold")


def test_quirk_49_footers_sections_and_repeated_headers_are_noise() -> None:
    text = (
        "Destination,Code,Rate\nEUROPE,,\nFrance,33,1\nDestination,Code,Rate\nGermany,49,\n,,2\n"
        "Rates exclude taxes.,,\n"
    )
    found = sheet(text)
    assert prefixes(found) == ["33", "49"]
    assert (found.counts.noise, found.counts.refused) == (3, 1)
    assert found.rows["blocked"].to_list() == [False, True]


def test_quirk_50_blank_rows_keep_the_numbers_true() -> None:
    found = sheet("Code,Destination,Rate\n\n91,India,1\n,,\n\n92,P,2\n")
    assert found.rows["source_row"].to_list() == [3, 6]
    assert found.counts.read == 2


def test_quirk_51_merged_country_cells_are_filled_but_never_codes_or_rates() -> None:
    text = "Country,Network,Code,Rate\nIndia,Fixed,91,1\n,Mobile,9198,2\n,,9199,\nKenya,,254,3\n"
    found = sheet(text)
    assert found.rows.select("country", "network_group", "prefix").rows() == [
        ("India", "Fixed", "91"),
        ("India", "Mobile", "9198"),
        ("India", "Mobile", "9199"),
        ("Kenya", "Kenya", "254"),
    ]
    assert found.rows["blocked"].to_list() == [False, False, True, False]
    assert "2 rows leave the name blank and took the one above them" in reasons(found, "note")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_quirk_52_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = "Code;Destination;Rate\n225;Côte d'Ivoire;1\n".replace("\n", end)
    assert sheet(text.encode(encoding)).rows["network_group"].to_list() == ["Côte d'Ivoire"]


def test_quirk_53_very_long_lines() -> None:
    cell = ", ".join(str(1_200_000 + at) for at in range(23_955))
    assert codes("Destination Prefixes", cell).counts.loaded == 23_955


def test_quirk_54_invisible_characters() -> None:
    found = sheet("\u200bCode\u00a0,Destination,Rate\n\u200b91\u00a0,\ufeffIndia,\u00a01\n")
    assert found.rows.select("prefix", "network_group").row(0) == ("91", "India")


@pytest.mark.parametrize(
    "header",
    [
        *("Code(s),Destination,Rate/Min,Efective Date", "Dial Codes,Code Name,Price($),Eff Date"),
        *("dialprefix,Destination,rateinitial,startdate", "Dst Code,Operator,New Rate,Valid From"),
        "Area Code,Zone,USD,Application Date",
    ],
)
def test_quirk_55_headers_are_compared_whole(header: str) -> None:
    found = sheet(f"{header}\n91,India,1,2026-01-01\n", timezone="UTC", **USD)
    row = found.rows.row(0, named=True)
    assert (row["prefix"], row["network_group"], str(row["outbound_rate"])[:2]) == ("91", "India", "80")
    assert row["valid_from"] is not None


def test_quirk_55_a_part_of_a_name_is_not_enough() -> None:
    text = "Code,Destination,Rate Change Reason,Rate\n91,India,9,1\n"
    with pytest.raises(SheetError, match=r"leave_out=\('Rate Change Reason',\)"):
        sheet(text)
    found = sheet(text, leave_out="Rate Change Reason")
    assert str(found.rows["outbound_rate"][0])[:1] == "1"
    assert found.faults["column"].to_list() == ["Rate Change Reason", "country_iso"]


def test_quirk_56_two_columns_that_could_be_one_are_refused_with_candidates() -> None:
    text = "Code,Dial Code,Destination,Rate\n91,92,Asia,1\n"
    with pytest.raises(SheetError, match=r"'Code' and 'Dial Code' could both be prefix: pass columns="):
        sheet(text)
    assert prefixes(sheet(text, columns={"prefix": "Dial Code"})) == ["92"]
    assert prefixes(sheet(text, columns={"prefix": 1})) == ["91"]
    with pytest.raises(SheetError, match=r"'Kode', which deck\.csv has not; it has 'Code'"):
        sheet(text, columns={"prefix": "Kode"})
    with pytest.raises(SheetError, match="did you mean 'prefix'"):
        sheet(text, columns={"prefixx": "Code"})


def test_quirk_56_a_table_in_a_foreign_tongue_by_columns() -> None:
    text = "Preisliste\n\nVorwahl;Ziel;Preis\n91;Indien;0,05\n"
    assert prefixes(sheet(text)) == ["91"]
    text = text.replace("Vorwahl", "Nummern")
    with pytest.raises(
        SheetError, match="none of the first 1000 rows is a header, and row 3 may be it: pass"
    ):
        sheet(text)
    names = {"prefix": "Nummern", "network_group": "Ziel", "outbound_rate": "Preis"}
    found = sheet(text, columns=names)
    assert found.rows.select("prefix", "network_group", "source_row").row(0) == ("91", "Indien", 4)
    bare = sheet("91,Indien,0.05\n", columns={"prefix": 1, "network_group": 2, "outbound_rate": 3})
    assert prefixes(bare) == ["91"]
    book = workbook(Preise=[["Nummern", "Ziel", "Preis"], ["91", "Indien", "1"]])
    assert prefixes(sheet(book, "deck.xlsx", columns=names)) == ["91"]


def test_quirk_57_names_are_never_keys() -> None:
    found = sheet("ISO,Country,Code,Rate\nCW,Curaao,5999,1\nCW,Curaçao,59995,1\n")
    assert found.rows["country_iso"].unique().to_list() == ["CW"]


def test_quirk_58_calling_codes_are_not_validated_against() -> None:
    text = "Country Code,Code,Country,Rate\n1809,1809,DO,1\n1809,18091,DO,1\n1809,1829,DO,1\n"
    found = sheet(text)
    assert found.counts.loaded == 3
    assert "1 codes do not start with the calling code beside them" in reasons(found, "warning")


def test_quirk_59_one_owner_per_prefix_and_origin() -> None:
    text = "Code,Country,Destination,Rate\n1,US,US & Canada,{}\n1,CA,US & Canada,{}\n"
    with pytest.raises(SheetError, match=r"prefix 1 .any caller. stands twice"):
        sheet(text.format(1, 2))
    with pytest.raises(SheetError, match="stands twice"):
        sheet(text.format(1, 1))
    same = sheet(text.replace("CA,", "US,").format(1, 1))
    assert (same.counts.loaded, same.counts.noise) == (1, 1)


def test_quirk_60_redundant_children_are_left_out_of_the_deck_only_if_all_is_equal() -> None:
    text = "Code,Destination,Rate\n91,India,1\n9198,India,1\n9199,India Mobile,1\n"
    found = sheet(text)
    assert found.counts.loaded == 3
    small, whole = found.compile(), found.compile(keep_redundant=True)
    assert (small.match("+919812345678").prefix, whole.match("+919812345678").prefix) == ("91", "9198")  # type: ignore[union-attr]
    assert small.match("+919912345678").prefix == "9199"  # type: ignore[union-attr]


def test_quirk_63_a_ruin_is_refused_whole() -> None:
    cells = [f"x{at}" for at in range(11)]
    with pytest.raises(
        SheetError, match=r"11 of 12 prices of deck.csv were refused, more than max_refused=0.5"
    ):
        codes("Code", *cells, "91", max_refused=0.5)
    assert codes("Code", *cells, "91", max_refused=1).counts.refused == 11
    assert codes("Code", *cells, *(str(200 + at) for at in range(20)), max_refused=0.5).counts.loaded == 20
    with pytest.raises(SheetError, match="max_refused="):
        codes("Code", "91", max_refused=2)


def test_quirk_64_a_formula_without_a_value_is_no_price() -> None:
    book = workbook(Rates=[["Code", "Destination", "Rate"], [91, "India", 1], [92, "P", 2]])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(held, "w") as new:
        for entry in old.namelist():
            body = old.read(entry)
            if entry.endswith("sheet1.xml"):
                body = body.replace(b'<c r="C3"><v>2</v></c>', b'<c r="C3"><f>C2*2</f></c>')
            new.writestr(entry, body)
    with pytest.raises(SheetError, match=r"the formula in C3, in the column 'Rate', was never calculated"):
        sheet(held.getvalue(), "deck.xlsx")


def test_quirk_65_null_branches_and_empty_lists() -> None:
    branches: list[dict[str, Any]] = [
        {"outbound": None, "inbound": None},
        {"local": {"outbound": {"rates": []}}},
    ]
    for voice in branches:
        found = sheet({"country_iso": "NF", "voice": voice})
        assert found.counts.read == 0
        assert "NF has no outbound rates" in reasons(found)
    twilio = sheet({"iso_country": "NF", "outbound_prefix_prices": None, "inbound_call_prices": []})
    assert "NF has no outbound prices" in reasons(twilio)


def test_frames_take_columns_too() -> None:
    frame = pl.DataFrame({"kode": ["91"], "ziel": ["India"], "preis": ["1"]})
    names = {"prefix": "kode", "network_group": "ziel", "outbound_rate": "preis"}
    assert prefixes(RateSheet.read(frame, columns=names, currency="INR")) == ["91"]
