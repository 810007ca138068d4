"""Lines of CSV files: each is a row or is told, whatever they hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.files.csv_rows import Unreadable, part, rows_if_sound

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"a,b", b'"a",b', b'"a\nb",c', b'"a""b","c,d"', b",", b"", b"  ", b"a", b"a,b,c", b'"a,b']
        ),
        st.lists(st.sampled_from([b"a", b",", b'"', b" ", b"\xff", "₹".encode()]), max_size=8).map(b"".join),
    ),
    max_size=12,
)


def parted(path: Path, cells: int) -> tuple[int, list[tuple[int, int, int, str]], bytes]:
    copy = io.BytesIO()
    rows, rejected = part(path, cells, copy)
    return rows, rejected.frame().rows(), copy.getvalue()


@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_what_is_kept_is_read_alike_by_others_and_nothing_is_lost(
    lines: list[bytes], end: bytes, closed: bool
) -> None:
    with TemporaryDirectory() as folder:
        path, copied = Path(folder) / "a.csv", Path(folder) / "copy.csv"
        path.write_bytes(end.join([b"x,y", *lines]) + (end if closed else b""))
        rows, rejected, copy = parted(path, 2)
        kept = list(csv.reader(io.StringIO(copy.decode(), newline=""), strict=True))[1:]
        assert all(len(row) == 2 for row in kept)
        assert rows == len(kept) + len(rejected)
        assert [row for row, *_ in rejected] == sorted({row for row, *_ in rejected})
        copied.write_bytes(copy)
        frame = pl.read_csv(copied, infer_schema=False)
        assert frame.fill_null("").rows() == [tuple(row) for row in kept]
        sound = rows_if_sound(path, 2)
        assert sound is None or (sound, rejected) == (rows, [])
        # Reading the copy again finds nothing against it.
        assert parted(copied, 2)[:2] == (len(kept), [])


@pytest.mark.parametrize(
    ("text", "rows", "rejected"),
    [
        (b"x,y\n", 0, []),
        (b"\n\nx,y\n\n1,2\n\n", 1, []),
        (b"\xef\xbb\xbfx,y\r\n1,2\r\n", 1, []),
        (b'x,y\n"1\n2\n3",4\n5\n', 2, [(2, 5, 1, Unreadable.FEWER_CELLS)]),
        (b'x,y\n"1,2\n3,4\n', 2, [(1, 2, 1, Unreadable.BROKEN_QUOTES)]),
        (b'x,y\n1,"2\n"3,4\n5,6\n', 3, [(1, 2, 2, "broken_quotes"), (2, 3, 1, "broken_quotes")]),
        (b'x,y\n"1"2,3\n', 1, [(1, 2, 1, Unreadable.BROKEN_QUOTES)]),
        (b"x,y\n1,2,3\n\xff,1\n", 2, [(1, 2, 3, "more_cells"), (2, 3, 2, "not_utf8")]),
    ],
)
def test_places_of_lines_that_are_no_rows(
    tmp_path: Path, text: bytes, rows: int, rejected: list[tuple[int, int, int, str]]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    found, told, _ = parted(path, 2)
    assert (found, told) == (rows, rejected)


def test_quote_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'x,y\n"1,2\n' + b"3,4\n" * 500_000)
    rows, told, _ = parted(path, 2)
    assert (rows, told) == (500_001, [(1, 2, 1, "broken_quotes")])


def test_rejected_rows_move_those_behind_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    bad = {1, 2, 5, 9}
    path.write_text("x,y\n" + "".join("bad\n" if row in bad else f"{row},0\n" for row in range(1, 11)))
    copy = io.BytesIO()
    _, rejected = part(path, 2, copy)
    kept = [int(line.split(b",")[0]) for line in copy.getvalue().splitlines()[1:]]
    assert rejected.original(pl.Series(range(1, len(kept) + 1), dtype=pl.UInt64)).to_list() == kept
