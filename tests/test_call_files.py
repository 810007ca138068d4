"""Files of call records: what is read is what was written, and an output is whole or not there."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dialnexa_routing import RecordError
from dialnexa_routing.records.call_files import files, scan, sink
from watchers import watched

if TYPE_CHECKING:
    from pathlib import Path

CALLS = pl.DataFrame(
    {
        "to": ["+919812345678", "0091981", None, "=1+1", "-5", "@a", "\tx", "", 'a "b", c\nd'],
        "seconds": ["263", "007", "1e5", " 30 ", None, "0.10", "99999999999999999999", "", "₹"],
    }
)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow", ".feather", ".ipc", ".CSV"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"calls{suffix}"
    sink(CALLS.lazy(), path)
    assert_frame_equal(scan(path).collect(), CALLS)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_csv_is_read_as_text_only(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b"\xef\xbb\xbfto,seconds,when,flag\r\n+91,007,2026-09-01,true\r\n1e5,,NaN,null\r\n")
    frame = scan(path).collect()
    assert set(frame.dtypes) == {pl.String()}
    assert frame.rows() == [("+91", "007", "2026-09-01", "true"), ("1e5", None, "NaN", "null")]


def test_gzipped_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(b"to,seconds\n+91,5\n"))
    assert scan(path).collect().rows() == [("+91", "5")]


def test_typed_columns_survive_csv_as_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "charge": pl.Series(["0.10", "12345678901234.05"]).str.to_decimal(scale=2),
            "answered_at": [datetime(2026, 9, 1, 10, 38, 56, 266461, UTC), None],
        }
    )
    sink(frame.lazy(), tmp_path / "rated.csv")
    back = scan(tmp_path / "rated.csv").collect()
    assert back["charge"].to_list() == ["0.10", "12345678901234.05"]
    assert_frame_equal(
        back.select(pl.col("answered_at").str.to_datetime(time_zone="UTC")), frame.select("answered_at")
    )


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow"])
def test_folder_and_pattern_are_read_in_the_order_of_names(tmp_path: Path, suffix: str) -> None:
    for day in (3, 1, 2):
        sink(pl.LazyFrame({"to": [f"+{day}"]}), tmp_path / f"day-{day}{suffix}")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "inner.csv").mkdir()
    for source in (tmp_path, str(tmp_path / "day-*"), tmp_path / f"day-[123]{suffix}"):
        assert scan(source).collect()["to"].to_list() == ["+1", "+2", "+3"]


def test_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "calls[1].csv"
    sink(pl.LazyFrame({"to": ["+1"]}), path)
    assert files(path) == [path]
    assert scan(path).collect().height == 1


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
@pytest.mark.parametrize(
    "content", [b"", b"PAR1 rubbish", b"ARROW1\0\0 rubbish", b"PAR1" + bytes(400) + b"PAR1"]
)
def test_damaged_file_is_one_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"calls{suffix}"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=r"is the file damaged|is empty") as found:
        scan(path).collect()
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    "content",
    [
        b"to,seconds\n1,2\n3,4,5\n",
        b"to,seconds\n\xff\xfe,2\n",
        b'to,seconds\n"+919812345678,2\n',
    ],
    ids=["too many cells", "no UTF-8", "open quote"],
)
def test_broken_csv_is_one_sentence_and_leaves_the_output(tmp_path: Path, content: bytes) -> None:
    calls, old = tmp_path / "calls.csv", tmp_path / "old.parquet"
    calls.write_bytes(content)
    old.write_bytes(b"old")
    with pytest.raises(RecordError, match="is the file damaged") as found:
        sink(scan(calls), old)
    assert "\n" not in str(found.value)
    assert "9812345678" not in str(found.value)
    assert old.read_bytes() == b"old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["calls.csv", "old.parquet"]


def test_gzip_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(b"to,seconds\n" + b"+91,5\n" * 1000)[:-12])
    with pytest.raises((RecordError, OSError)):
        sink(scan(path), tmp_path / "out.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["calls.csv.gz"]


def test_empty_csv_and_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.touch()
    with pytest.raises(RecordError, match="empty"):
        scan(path)
    path.write_text("to,seconds\n")
    assert scan(path).collect().shape == (0, 2)


def test_column_that_stands_twice(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("to,seconds,to\n1,2,3\n")
    with pytest.raises(RecordError, match="two columns 'to'"):
        scan(path)


def test_missing_file_pattern_and_empty_folder(tmp_path: Path) -> None:
    for source in (tmp_path / "no.csv", tmp_path / "no-*.csv", tmp_path):
        with pytest.raises(FileNotFoundError):
            scan(source)


def test_wrong_suffix_names_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.touch()
    with pytest.raises(RecordError, match=r"\.parquet, \.csv, \.csv\.gz"):
        scan(path)
    for name in ("out.json", "out.csv.gz", "out"):
        with pytest.raises(RecordError, match=r"\.parquet, \.csv, \.arrow"):
            sink(CALLS.lazy(), tmp_path / name)


def test_kinds_are_not_mixed(tmp_path: Path) -> None:
    for name in ("a.csv", "b.parquet"):
        sink(CALLS.lazy(), tmp_path / name)
    with pytest.raises(RecordError, match="CSV and Parquet"):
        scan(tmp_path)


def test_output_is_no_input(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    sink(CALLS.lazy(), path)
    before = path.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    for output in (path, tmp_path / "." / "calls.csv", link):
        with pytest.raises(RecordError, match="one of the inputs"):
            sink(scan(path), output, source=path)
    with pytest.raises(RecordError, match="the next time"):
        sink(scan(path), tmp_path / "rated.csv", source=tmp_path)
    assert path.read_bytes() == before


def test_output_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "rated.csv", tmp_path / "rated.csv"
    target.write_text("old")
    link.symlink_to(target)
    sink(CALLS.lazy(), link)
    assert link.is_symlink()
    assert_frame_equal(scan(target).collect(), CALLS)


def test_folder_as_output_and_missing_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(IsADirectoryError, match="name a file in it"):
        sink(CALLS.lazy(), tmp_path / "folder.csv")
    with pytest.raises(FileNotFoundError, match="make it first"):
        sink(CALLS.lazy(), tmp_path / "no" / "out.csv")


def test_a_folder_of_several_kinds_names_what_is_wanted(tmp_path: Path) -> None:
    for suffix in ("csv", "parquet"):
        sink(CALLS.lazy(), tmp_path / f"totals.{suffix}")
    with pytest.raises(RecordError, match="CSV and Parquet; give files of one kind"):
        scan(tmp_path)
    (tmp_path / "rated").mkdir()
    with pytest.raises(RecordError, match=r"what a job has rated is in .*rated$"):
        scan(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(PermissionError):
        sink(CALLS.lazy(), folder / "out.csv")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow"])
@pytest.mark.parametrize("error", [RecordError, KeyboardInterrupt])
def test_error_amid_the_rows_keeps_the_old_output(
    tmp_path: Path, suffix: str, error: type[BaseException]
) -> None:
    def fail(batch: pl.Series) -> pl.Series:
        raise error("amid the rows")

    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"old")
    lazy = pl.LazyFrame({"n": range(100_000)}).with_columns(
        pl.col("n").map_batches(fail, return_dtype=pl.Int64)
    )
    with pytest.raises(error):
        sink(lazy, path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_readers_see_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    frames = [pl.LazyFrame({"n": [value] * 50_000}) for value in (0, 1)]
    sink(frames[0], path)

    def read() -> tuple[int, Any, Any]:
        column = pl.read_parquet(path, memory_map=False)["n"]
        return column.len(), column.min(), column.max()

    with watched(read) as watchers:
        for turn in range(20):
            sink(frames[turn % 2], path)
            if turn < 2:
                watchers.look()
    assert watchers.seen == {(50_000, 0, 0), (50_000, 1, 1)}


def test_decimals_keep_their_places(tmp_path: Path) -> None:
    frame = pl.DataFrame({"charge": pl.Series(["0.10", None]).str.to_decimal(scale=2)})
    sink(frame.lazy(), tmp_path / "out.parquet")
    assert scan(tmp_path / "out.parquet").collect()["charge"].to_list() == [Decimal("0.10"), None]
