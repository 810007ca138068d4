"""What files hold, as grids of text without any meaning: every format, encodings, folders, frames."""

from __future__ import annotations

import gzip
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dialnexa_routing import RateSheet, SheetError
from dialnexa_routing.files.bounds import Bounds
from dialnexa_routing.files.contents import Reading, contents
from dialnexa_routing.files.workbook import OLD_KIND
from dialnexa_routing.records.any_file import scan_any
from dialnexa_routing.text.errors import FileError
from hostile_workbooks import cell, packed, parts, sheet
from old_workbooks import ods, xlsb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLES = Path(__file__).parent / "samples"
ROWS = [["prefix", "network_group", "outbound_rate"], ["91", "Indien ₹", "0.74"], ["44", "UK", "2.5"]]


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    lines = [
        f'<row r="{at}">{"".join(cell("ABC"[place] + str(at), one) for place, one in enumerate(row))}</row>'
        for at, row in enumerate(rows, 1)
    ]
    return packed(parts(sheet("".join(lines))))


WRITERS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    ".xlsx": xlsx,
    ".xlsb": xlsb,
    ".ods": ods,
    ".csv": lambda rows: "\n".join(map(",".join, rows)).encode(),
    ".csv.gz": lambda rows: gzip.compress("\n".join(map(";".join, rows)).encode()),
    ".txt": lambda rows: "\r".join(map("|".join, rows)).encode("utf-16"),
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_s21_every_format_is_the_same_grid_and_the_same_sheet(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("fastexcel")
    path = tmp_path / f"rates{suffix}"
    path.write_bytes(WRITERS[suffix](ROWS))
    (found,) = contents(path)
    (grid,) = found.grids
    assert (list(grid.head), grid.head_row) == (ROWS[0], 1)
    assert [list(row[:3]) for row in grid.cells.rows()] == ROWS[1:]
    assert grid.rows.to_list() == [2, 3]
    assert RateSheet.read(path).rows.select("prefix", "network_group").rows() == [
        ("91", "Indien ₹"),
        ("44", "UK"),
    ]


def test_s21_a_workbook_of_before_2007_is_read_with_its_dates(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    found = RateSheet.read(SAMPLES / "old_workbook.xls", timezone="Asia/Kolkata")
    assert found.rows["prefix"].to_list() == ["91"]
    assert found.rows["valid_from"][0].isoformat() == "2025-12-31T18:30:00+00:00"
    assert "'Hidden'" in found.faults["reason"][0]
    (grid,) = contents(SAMPLES / "old_workbook.xls")[0].grids
    assert grid.head[0] == "Invented rates"
    assert grid.sheet == "Rates"


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsb", ".ods"])
def test_recipients_are_read_from_every_workbook(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("fastexcel")
    path = tmp_path / f"list{suffix}"
    path.write_bytes(WRITERS[suffix]([["phone_number", "x", "y"], ["+919812345678", "a", "b"]]))
    assert scan_any(path, having="phone_number").collect()["phone_number"].to_list() == ["+919812345678"]


@pytest.mark.parametrize(
    ("encoding", "word"), [("cp1251", "Индия"), ("gb18030", "印度"), ("latin-1", "Gro\xdf")]
)
def test_s20_an_encoding_that_the_caller_names(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "rates.csv"
    path.write_bytes(f"prefix;network_group;outbound_rate\n91;{word};0.74\n".encode(encoding))
    sheet = RateSheet.read(path, encoding=encoding)
    assert sheet.rows["network_group"].to_list() == [word]
    (grid,) = contents(path, Reading(encoding=encoding))[0].grids
    assert grid.delimiter == ";"
    assert grid.encoding == {"latin-1": "iso8859-1"}.get(encoding, encoding)


def test_an_encoding_is_used_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_bytes(b"prefix,outbound_rate\n91,\xff\n")
    with pytest.raises(SheetError, match=r"rates\.csv: byte 24 is no utf-8: pass another encoding="):
        RateSheet.read(path, encoding="utf-8")
    with pytest.raises(SheetError, match="encoding='no' is no encoding of text"):
        RateSheet.read(path, encoding="no")
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]})
    with pytest.raises(SheetError, match="encoding='cp1251' is of texts, and nothing given is one"):
        RateSheet.read(frame, encoding="cp1251")


def test_json_and_frames_are_handed_on_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "calls.json"
    path.write_text(json.dumps([{"to": "+919812345678", "seconds": 6.10}]))
    (found,) = contents(path)
    assert found.document == [{"to": "+919812345678", "seconds": "6.1"}]
    frame = pl.DataFrame({"to": ["+91"], "seconds": [5]})
    for suffix, write in ((".parquet", frame.write_parquet), (".arrow", frame.write_ipc)):
        write(tmp_path / f"calls{suffix}")
        (found,) = contents(tmp_path / f"calls{suffix}")
        assert found.frame is not None
        assert found.frame.equals(frame)
    assert contents(frame.lazy())[0].frame is not None


def test_a_folder_is_read_in_the_order_of_names_and_lists_as_given(tmp_path: Path) -> None:
    for name in ("b.csv", "a.json", "c.xls.txt"):
        (tmp_path / name).write_text('["x"]' if name == "a.json" else "to\n1\n")
    (tmp_path / "d.md").write_text("x")
    found = contents(tmp_path)
    assert [one.file for one in found] == ["a.json", "b.csv", "c.xls.txt"]
    assert found[0].notes == ("d.md stood beside and were not read: name them if they are meant",)
    assert [one.file for one in contents([tmp_path / "b.csv", tmp_path / "a.json"])] == ["b.csv", "a.json"]
    with pytest.raises(FileError, match="the list of paths is empty"):
        contents([])


def test_the_head_is_the_first_row_that_holds_anything(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("\n,\nto,seconds\n1,2\n")
    (grid,) = contents(path)[0].grids
    assert (grid.head, grid.head_row, grid.cells.rows()) == (("to", "seconds"), 3, [("1", "2")])


def test_what_was_found_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "rates.csv"
    path.write_bytes("prefix;rate\n91;1\n".encode("utf-16"))
    with caplog.at_level(logging.INFO, "dialnexa_routing.files"):
        contents(path)
    assert [record.getMessage() for record in caplog.records] == ["rates.csv: utf-16, cells parted by ';'"]


PLAIN = "prefix,country,outbound_rate\n91,India,0.74\n"
SMALL = Reading(bounds=Bounds(entries=30, ratio=50, ratio_from=4_000))
ZIPS: dict[str, tuple[str, dict[str, str | bytes]]] = {
    "a zip in a zip": ("holds no table", {"inner.zip": packed({"a.csv": PLAIN})}),
    "nothing": ("holds no table", {"readme.md": "x", "__MACOSX/._a.csv": PLAIN, ".a.csv": PLAIN}),
    "a part outside": ("leads out", {"../a.csv": PLAIN}),
    "what packs too well": ("50 times its size", {"a.csv": PLAIN + " " * 60_000}),
    "40 parts": ("30 parts", {f"{n}.csv": PLAIN for n in range(40)}),
    "a damaged sheet": (r"a\.zip/b\.csv", {"b.csv": b"prefix,rate\n\0\0\0"}),
}


@pytest.mark.parametrize("name", ZIPS)
def test_s21_an_archive_is_guarded_as_a_workbook_is(tmp_path: Path, name: str) -> None:
    words, made = ZIPS[name]
    path = tmp_path / "a.zip"
    path.write_bytes(packed(made))
    with pytest.raises(FileError, match=words):
        contents(path, SMALL)


def test_s21_one_deck_in_a_zip_is_read_and_what_stands_beside_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deck.zip"
    path.write_bytes(packed({"rates/": "", "rates/a.csv": PLAIN, "rates/terms.pdf": b"%PDF"}))
    found = RateSheet.read(path, currency="INR")
    assert found.rows["prefix"].to_list() == ["91"]
    assert found.files == ("deck.zip/rates/a.csv",)
    assert "rates/terms.pdf stood beside and were not read" in found.faults["reason"][0]


def test_s21_a_workbook_that_is_called_zip_is_a_workbook(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    path = tmp_path / "deck.zip"
    path.write_bytes(packed(parts()))
    assert RateSheet.read(path, currency="INR").rows["prefix"].to_list() == ["91"]
    path.write_bytes(packed(parts())[:-30])
    with pytest.raises(FileError, match="not a readable workbook or archive"):
        contents(path)


def test_a_password_is_told(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD_KIND + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FileError, match=r"a\.xlsx has a password: save it without one"):
        contents(path)


def test_s22_files_that_are_passed_over_in_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PLAIN)
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    (tmp_path / "notes.txt").write_text("x")
    found = RateSheet.read(tmp_path, currency="INR")
    assert "b.parquet, notes.txt stood beside and were not read" in found.faults["reason"][0]
