"""Delimited texts of any size and make: one reader and one judgement for all that read call records."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import run
from dialnexa_routing import RateDeck, RecordError, SheetError
from dialnexa_routing.files.text_blocks import blocks
from dialnexa_routing.files.text_form import MOST_COLUMNS, TextForm, form_of
from dialnexa_routing.files.text_stream import text_head, text_stream
from dialnexa_routing.job import RatingJob
from dialnexa_routing.records import call_files, rate
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADER = "to,seconds,note"
ROWS = [("+919812345678", "61", "x"), ("+449812345678", "0", "ß, ₹"), ("91", "5", 'a "b"\nc')]
DECK = RateDeck.compile(
    pl.DataFrame(
        {"prefix": ["91", "44"], "network_group": ["India", "UK"], "outbound_rate": ["0.75", "1"]}
    ).with_columns(pl.col("outbound_rate").str.to_decimal(scale=9))
)


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No copy is left behind by any test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    gc.collect()
    assert list(folder.iterdir()) == []


def text(delimiter: str = ",", end: str = "\r\n", rows: Sequence[tuple[str, ...]] = ROWS) -> str:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=delimiter, lineterminator=end)
    writer.writerows([HEADER.split(","), *rows])
    return held.getvalue()


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_make_of_text_is_read_alike(
    tmp_path: Path, encoding: str, end: str, delimiter: str, zipped: bool
) -> None:
    data = text(delimiter, end).encode(encoding)
    path = tmp_path / "calls.csv"
    path.write_bytes(gzip.compress(data) if zipped else data)
    stream = text_stream(path)
    assert stream.names == ("to", "seconds", "note")
    assert (stream.rows, len(stream.rejected)) == (3, 0)
    assert stream.form == TextForm(encoding.removesuffix("-sig"), delimiter, end == "\r")
    assert stream.scan().collect().rows() == ROWS
    assert stream.scan(row="row").collect()["row"].to_list() == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["cp1251", "gb18030", "latin-1", "cp1252"])
def test_s20_an_encoding_is_read_that_the_caller_names(tmp_path: Path, encoding: str) -> None:
    word = {"cp1251": "Индия", "gb18030": "印度"}.get(encoding, "Gro\xdf")
    path = tmp_path / "calls.csv"
    path.write_bytes(f"to,note\n91,{word}\n44,x\n".encode(encoding))
    assert call_files.scan(path, encoding=encoding).collect()["note"].to_list() == [word, "x"]
    stream = text_stream(path)
    assert stream.rejected.frame().rows() == [(1, 2, 2, "not_utf8")]
    with pytest.raises(RecordError, match=r"calls\.csv: line 2 has bytes that are no UTF-8"):
        call_files.scan(path)


def test_s20_an_encoding_that_is_none_or_not_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(text().encode("utf-16"))
    with pytest.raises(RecordError, match="encoding='rot13' is no encoding of text"):
        text_stream(path, encoding="rot13")
    with pytest.raises(RecordError, match="begins as utf-16 does, and encoding='cp1251' says otherwise"):
        text_stream(path, encoding="cp1251")
    path.write_bytes(text().encode("utf-16")[:-1])
    with pytest.raises(RecordError, match="cannot be read as utf-16"):
        text_stream(path)


def test_c10_a_file_of_carriage_returns_is_rated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    DECK.save("a.deck")
    Path("calls.csv").write_bytes(b"to,seconds,note\r+919812345678,61,x\r")
    run("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    assert call_files.scan_written(Path("rated.csv")).collect()["charge"].to_list() == ["1.50"]
    report = RatingJob(inputs="calls.csv", output="out", deck=DECK).run()
    assert (report.entries[0].rows, report.entries[0].charge) == (1, "1.50")


PBX = (
    '\ufeff"id","clid","to","seconds"\r\n'
    '1,""Asha" <1115>",+919812345678,63\r\n'
    '2,"Ravi",+919812345678,63\r\n'
    '3,""Rao, Uma" <1116>",+919812345678,63\r\n'
).encode()


def test_c11_what_a_pbx_exports_is_charged_by_rate_and_job_alike(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(PBX)
    rated = rate(call_files.scan(path), deck=DECK).collect()
    assert rated["clid"].to_list() == ['"Asha" <1115>', "Ravi", '"Rao, Uma" <1116>']
    report = RatingJob(inputs=path, output=tmp_path / "out", deck=DECK).run()
    (entry,) = report.entries
    assert (entry.rows, entry.rated, entry.rejected) == (3, 3, {})
    assert entry.charge == f"{rated['charge'].sum():f}"


def test_c16_cells_that_a_semicolon_parts(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("to;seconds\n+919812345678;61\n")
    assert rate(call_files.scan(path), deck=DECK).collect()["charge"].to_list()[0] is not None
    assert call_files.scan(path, delimiter=",").collect().columns == ["to;seconds"]
    with pytest.raises(RecordError, match="delimiter='ab' cannot part cells"):
        call_files.scan(path, delimiter="ab")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("+91,5\n+44\n", "line 3 has 1 cells, fewer than the header"),
        ("+91,5\n+44,5,6\n+44,5,6\n", "line 3 has 3 cells, more than the header"),
        ('+91,5\n"+44,5\n', "line 3 has a quote that is not closed"),
    ],
)
def test_what_a_job_puts_apart_is_refused_by_the_others(tmp_path: Path, rows: str, told: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(f"to,seconds\n{rows}")
    with pytest.raises(RecordError, match=told):
        call_files.scan(path)
    report = RatingJob(inputs=path, output=tmp_path / "out", deck=DECK).run()
    (entry,) = report.entries
    assert sum(entry.rejected.values()) == rows.count("\n") - 1
    assert entry.rows == rows.count("\n")


def test_files_of_several_makes_are_one_frame(tmp_path: Path) -> None:
    for place, (end, encoding) in enumerate([("\n", "utf-8"), ("\r", "utf-16"), ("\r\n", "utf-8-sig")]):
        (tmp_path / f"{place}.csv").write_bytes(text(";", end).encode(encoding))
    assert call_files.scan(tmp_path).collect().rows() == ROWS * 3
    (tmp_path / "9.csv").write_text("to,other\n1,2\n")
    with pytest.raises(
        RecordError, match=r"9\.csv has other columns than .*0\.csv, which has 'to', 'seconds'"
    ):
        call_files.scan(tmp_path)


def test_a_text_without_header_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    for data in (b"+91,5\n+44,6\n", b"\n+91,5\r\n\r\n+44,6", b"\xef\xbb\xbf+91,5\r+44,6\r"):
        path.write_bytes(data)
        stream = text_stream(path, header=False)
        assert stream.scan().collect().rows(named=True) == [
            {"column_1": "+91", "column_2": "5"},
            {"column_1": "+44", "column_2": "6"},
        ]
        assert stream.rows == 2


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_names_of_columns(tmp_path: Path, end: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(f'"a ""b""",,"c\nd",^e.*${end}1,2,3,4{end}'.encode())
    assert call_files.scan(path).collect().rows(named=True) == [
        {'a "b"': "1", "column_2": "2", "c\nd": "3", "^e.*$": "4"}
    ]
    path.write_bytes(f"to,x,to{end}1,2,3{end}".encode())
    with pytest.raises(RecordError, match="has two columns 'to'"):
        text_stream(path)
    path.write_bytes(f'to,"x{end}1,2{end}'.encode())
    with pytest.raises(RecordError, match=r"no header that can be read \(broken_quotes\)"):
        text_stream(path)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\n", "\r".encode("utf-16")])
def test_an_empty_text_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(data)
    with pytest.raises(SheetError, match="is empty"):
        text_stream(path)


def test_one_column_keeps_its_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    for end in (b"\n", b"\r"):
        path.write_bytes(end.join([b"to", b"", b"+91", b"", b"+44", b""]))
        assert text_stream(path).scan().collect()["to"].to_list() == [None, "+91", None, "+44"]


@given(
    st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=6),
    st.sampled_from(["utf-8", "utf-16", "gb18030"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_another_writer_writes_is_read_as_he_reads_it(
    rows: list[tuple[str, str]], encoding: str, end: str, delimiter: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("to", "note"), *rows])
    try:
        data = written.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(data)
        stream = text_stream(path, encoding=encoding, delimiter=delimiter)
        assert (stream.rows, len(stream.rejected)) == (len(rows), 0)
        expected = [tuple(cell if end != "\r" else _fed(cell) for cell in row) for row in rows]
        assert stream.scan().collect().rows() == expected


def _fed(cell: str) -> str:
    """In a text whose lines end in carriage returns those in cells are line ends too."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


@given(st.text(alphabet='a,\r\n"₹', max_size=30), st.integers(1, 8), st.booleans())
def test_blocks_are_whole_lines_and_together_the_text(words: str, size: int, bare: bool) -> None:
    for encoding in ("utf-8", "utf-16"):
        form = TextForm(encoding, ",", bare)
        found = list(blocks(io.BytesIO(words.encode(encoding)), form, "a.csv", size=size))
        assert b"".join(found).decode() == (_fed(words) if bare else words)
        assert all(block.endswith(b"\n") for block in found[:-1])


def test_a_line_beyond_all_measure_is_told() -> None:
    for form in (TextForm(), TextForm("utf-16"), TextForm(bare_returns=True)):
        file = io.BytesIO(("x" * 100).encode(form.encoding))
        with pytest.raises(FileError, match=r"a\.csv has a line of more than 50 bytes"):
            list(blocks(file, form, "a.csv", size=20, longest=50))


def test_the_copy_lives_as_long_as_a_frame_of_it(tmp_path: Path, own_temporary_folder: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(text(end="\r").encode())
    lazy = call_files.scan(path).select("to")
    gc.collect()
    assert len(list(own_temporary_folder.iterdir())) == 1
    assert lazy.collect().height == lazy.select(pl.len()).collect().item() == 3
    del lazy
    gc.collect()
    assert list(own_temporary_folder.iterdir()) == []


def test_what_was_found_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("to;seconds\n+919812345678;61\nx\n")
    with caplog.at_level(logging.INFO, "dialnexa_routing.files"):
        text_stream(path)
    (told,) = caplog.records
    assert told.name == "dialnexa_routing.files"
    assert told.getMessage() == "calls.csv: utf-8, cells parted by ';'; 2 rows, 1 of them unreadable"


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        (b"to\n1\n2\n", ","),
        (b"to,note\n1,a;b\n2,c;d\n", ","),
        (b'to;note\n1;"a,b,c"\n', ";"),
        (b"to|x\n1|2,3\n", "|"),
        (b"", ","),
    ],
)
def test_the_delimiter_is_what_the_first_rows_agree_on(head: bytes, delimiter: str) -> None:
    assert form_of(head, "a.csv").delimiter == delimiter


def test_a_text_of_too_many_columns_is_refused_by_every_face(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    for count in (MOST_COLUMNS, MOST_COLUMNS + 1):
        names = ",".join(f"c{place}" for place in range(count))
        path.write_text(f"{names}\n{'1,' * (count - 1)}1\n")
        if count == MOST_COLUMNS:
            assert len(text_head(path).names) == count
    for read in (text_head, text_stream, call_files.columns, call_files.scan):
        with pytest.raises(FileError, match="has 5001 columns, more than 5000"):
            read(path)
