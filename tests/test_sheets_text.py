"""Bytes of any encoding and shape become the same table, with the row numbers a person counts."""

import builtins
import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError

SAMPLES = Path(__file__).parent / "samples"
PLAIN = "prefix,network_group,outbound_rate\n91,Bhārat,0.74\n44,Großbritannien,2.5\n"


@pytest.fixture
def sheet_of(tmp_path: Path) -> Callable[..., RateSheet]:
    def read(data: str | bytes, name: str = "sheet.csv", **options: Any) -> RateSheet:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return RateSheet.read(path, **options)

    return read


def prefixes(sheet: RateSheet) -> list[str]:
    return sheet.rows["prefix"].to_list()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_quirk_52_encodings_are_detected(sheet_of: Callable[..., RateSheet], encoding: str) -> None:
    sheet = sheet_of(PLAIN.encode(encoding), country_by="nothing")
    assert sheet.rows["network_group"].to_list() == ["Bhārat", "Großbritannien"]
    told = [f"the text is {encoding}, its cells are parted by ',': nothing to do"]
    assert sheet.faults["reason"].to_list() == ([] if encoding.startswith("utf-8") else told)


def test_quirk_52_windows_1252_is_read_and_told(sheet_of: Callable[..., RateSheet]) -> None:
    sheet = sheet_of(PLAIN.replace("ā", "a").encode("cp1252"))
    assert sheet.rows["network_group"][1] == "Großbritannien"
    assert "Windows-1252" in sheet.faults["reason"][0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_quirk_52_line_ends_and_delimiters(
    sheet_of: Callable[..., RateSheet], end: str, delimiter: str
) -> None:
    sheet = sheet_of(PLAIN.replace("\n", end).replace(",", delimiter))
    assert prefixes(sheet) == ["91", "44"]
    assert sheet.rows["source_row"].to_list() == [2, 3]


def test_gzip_is_opened(sheet_of: Callable[..., RateSheet]) -> None:
    assert prefixes(sheet_of(gzip.compress(PLAIN.encode()), "sheet.csv.gz")) == ["91", "44"]
    with pytest.raises(SheetError, match="damaged gzip"):
        sheet_of(gzip.compress(PLAIN.encode())[:-9], "sheet.csv.gz")


def test_quirk_48_49_50_titles_blanks_footers_and_true_row_numbers() -> None:
    sheet = RateSheet.read(SAMPLES / "titled_semicolon.csv", timezone="Europe/London")
    assert prefixes(sheet) == ["91", "9198", "9199", "44"]
    assert sheet.rows["source_row"].to_list() == [5, 6, 6, 8]
    assert (sheet.counts.read, sheet.counts.loaded, sheet.counts.noise) == (5, 4, 1)


def test_quirk_49_a_repeated_header_and_a_section_row_are_noise(sheet_of: Callable[..., RateSheet]) -> None:
    sheet = sheet_of("prefix,country,rate\nprefix,country,rate\n,India,\n91,India,0.74\n", currency="INR")
    assert prefixes(sheet) == ["91"]
    assert sheet.counts.noise == 2


def test_quirk_48_no_header_is_said(sheet_of: Callable[..., RateSheet]) -> None:
    with pytest.raises(SheetError, match="none of the first 1000 rows is a header"):
        sheet_of("91,India,0.74\n44,UK,2.5\n")


def test_a_row_with_too_many_cells_is_refused_alone(sheet_of: Callable[..., RateSheet]) -> None:
    sheet = sheet_of("prefix,country,outbound_rate\n91,India,0.74\n850,Korea, North,9\n44,UK,2.5,,\n")
    assert prefixes(sheet) == ["91", "44"]
    assert sheet.faults["row"].to_list() == [3]
    assert "more cells than the 3 of the header" in sheet.faults["reason"][0]


@pytest.mark.parametrize("body", ['91,"India,0.74\n44,UK,2.5\n', '91,"India" or so,0.74\n44,"UK",2.5\n'])
def test_bad_quoting_is_refused_with_its_line(sheet_of: Callable[..., RateSheet], body: str) -> None:
    with pytest.raises(SheetError, match="quotation mark"):
        sheet_of("prefix,country,outbound_rate\n" + body)


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_quotation_marks_behind_a_blank_are_quotation_marks(
    sheet_of: Callable[..., RateSheet], delimiter: str
) -> None:
    head = '"prefix", "network_group", "outbound_rate"\n'
    text = head + '"91", "India, all ""of"" it", "0.74"\n"44", "UK\nx", "2"\n'
    sheet = sheet_of(text.replace(", ", f"{delimiter} ").replace("India; all", "India, all"))
    assert sheet.rows["prefix"].to_list() == ["91", "44"]
    assert sheet.rows["network_group"].to_list()[1] == "UK\nx"
    assert sheet.rows["source_row"].to_list() == [2, 3]
    plain = sheet_of('prefix,network_group,outbound_rate\n91, "India", 0.74\n44, "UK", 2\n')
    assert plain.rows["network_group"].to_list() == ["India", "UK"]
    with pytest.raises(SheetError, match="quotation mark"):
        sheet_of('"prefix", "network_group", "outbound_rate"\n91, "India, 0.74\n44, "UK", 2\n')


def test_quirk_53_a_cell_with_24000_prefixes(sheet_of: Callable[..., RateSheet]) -> None:
    cell = ", ".join(str(1_200_000 + i) for i in range(24_000))
    sheet = sheet_of(f'prefix,country,outbound_rate\n"{cell}",Canada,0.5\n')
    assert sheet.counts.loaded == 24_000


def test_quirk_54_invisible_characters(sheet_of: Callable[..., RateSheet]) -> None:
    sheet = sheet_of("\u200bprefix,country,outbound_rate\n\u00a091\u200b,\u00a0India,0.74\n")
    assert sheet.rows.select("prefix", "country").row(0) == ("91", "India")


def test_quirk_55_unknown_columns_are_told_with_the_nearest_name(sheet_of: Callable[..., RateSheet]) -> None:
    text = "prefix,countri,outbound_rate,Rate Change,ledger,Band\n91,India,0.74,New,7,A\n"
    sheet = sheet_of(text, columns={"network_group": "countri"})
    told = dict(sheet.faults.select("column", "severity").iter_rows())
    assert told == {"ledger": "warning", "Band": "note", "country_iso": "note"}
    text = text.replace("countri,", "country,Destinaton,").replace("India,", "India,India M,")
    named = sheet_of(text)
    assert "rename it network_group if that is meant" in named.faults["reason"][0]
    with pytest.raises(SheetError, match=r"pass columns=\{'outbound_rate': 'outbond_rate'\}"):
        sheet_of("prefix,country,outbond_rate,Rate Change\n91,India,0.74,New\n")


def test_quirk_56_two_columns_that_could_be_the_prefix(sheet_of: Callable[..., RateSheet]) -> None:
    with pytest.raises(SheetError, match="'Code' and 'Dial Code' could both be prefix"):
        sheet_of("Code,Dial Code,outbound_rate\n91,91,0.74\n")


def workbook(fill: Callable[[Any], None]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    fill(book)
    book.close()
    return held.getvalue()


def test_quirk_48_workbooks_are_searched_on_every_visible_sheet(sheet_of: Callable[..., RateSheet]) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Notice").write(0, 0, "Rates of January")
        old = book.add_worksheet("Old")
        old.write_row(0, 0, ["Prefix", "Country", "outbound_rate"])
        old.write_row(1, 0, ["91", "India", "9"])
        old.hide()
        rates = book.add_worksheet("Rates")
        rates.write_row(2, 0, ["Prefix", "Country", "outbound_rate"])
        rates.write_row(3, 0, [447700900123, "UK", 0.1 + 0.2])
        rates.write_row(5, 0, ["0091", "India", 0.74])
        rates.write_row(6, 0, [91, "India", "0.74"])

    sheet = sheet_of(workbook(fill), "book.xlsx")
    assert prefixes(sheet) == ["447700900123", "91"]
    assert sheet.rows["source_row"].to_list() == [4, 7]
    assert [str(rate) for rate in sheet.rows["outbound_rate"]] == ["0.300000000", "0.740000000"]
    assert "'Notice', 'Old'" in sheet.faults["reason"][0]
    assert sheet.faults.row(1)[:4] == ("book.xlsx", "Rates", 6, "Prefix")


def test_quirk_61_date_cells_of_a_workbook_need_a_zone(sheet_of: Callable[..., RateSheet]) -> None:
    def fill(book: Any) -> None:
        from datetime import datetime

        rates = book.add_worksheet()
        rates.write_row(0, 0, ["prefix", "country", "outbound_rate", "valid_from"])
        rates.write_row(1, 0, ["91", "India", "0.74"])
        rates.write_datetime(1, 3, datetime(2026, 4, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    data = workbook(fill)
    sheet = sheet_of(data, "book.xlsx", timezone="Asia/Kolkata")
    assert sheet.rows["valid_from"][0].isoformat() == "2026-03-31T18:30:00+00:00"
    assert "states no offset" in sheet_of(data, "book.xlsx", max_refused=1).faults["reason"][0]
    with pytest.raises(SheetError, match="pass timezone= with the IANA zone"):
        sheet_of(data, "book.xlsx")


def test_a_far_corner_cell_is_refused_before_it_is_read(sheet_of: Callable[..., RateSheet]) -> None:
    def fill(book: Any) -> None:
        rates = book.add_worksheet()
        rates.write(0, 0, "prefix")
        rates.write(1_048_575, 16_383, "x")

    with pytest.raises(SheetError, match="row 1048576 and column 16384"):
        sheet_of(workbook(fill), "book.xlsx")


def test_a_missing_workbook_package_is_named(
    sheet_of: Callable[..., RateSheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "fastexcel":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "fastexcel", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SheetError, match=r"pip install 'dialnexa-routing\[excel\]'"):
        sheet_of(workbook(lambda book: book.add_worksheet()), "book.xlsx")


def test_typed_frames_keep_decimals_and_take_integer_prefixes(tmp_path: Path) -> None:
    money = pl.Series(["0.7425", "2.5"]).str.to_decimal(scale=4)
    frame = pl.DataFrame({"prefix": [91, 44], "country": ["India", "UK"], "outbound_rate": money})
    frame.write_parquet(tmp_path / "a.parquet")
    frame.write_ipc(tmp_path / "a.arrow")
    for given in (frame, frame.lazy(), tmp_path / "a.parquet", tmp_path / "a.arrow"):
        rows = RateSheet.read(given).rows
        assert rows["prefix"].to_list() == ["91", "44"]
        assert [str(rate) for rate in rows["outbound_rate"]] == ["0.742500000", "2.500000000"]


def test_R48_float_money_is_refused_with_the_reason() -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": [0.74]})
    with pytest.raises(SheetError, match="binary floats, which are not exact"):
        RateSheet.read(frame)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("sheet.pdf", b"%PDF", "suffix '.pdf'"),
        ("sheet.xlsx", b"prefix,rate\n", "does not hold what its suffix"),
        ("sheet.parquet", b"PAR1 and so on", "not readable Parquet"),
        ("sheet.xlsx", b"PK\x03\x04 and so on", "not a readable workbook"),
        ("sheet.csv", b" \n", "is empty"),
        ("sheet.csv", b"prefix\0\0\0,rate", "zero bytes"),
        ("sheet.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not a readable workbook"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    sheet_of: Callable[..., RateSheet], name: str, data: bytes, message: str
) -> None:
    with pytest.raises(SheetError, match=message) as caught:
        sheet_of(data, name)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no file"):
        RateSheet.read(tmp_path / "none.csv")
    with pytest.raises(SheetError, match="holds no table"):
        RateSheet.read(tmp_path)
