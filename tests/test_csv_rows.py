"""Lines of delimited texts: each is a row or is told with its place, whatever they hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.files.csv_rows import Grammar, part
from dialnexa_routing.files.rejected import Rejected, Unreadable
from dialnexa_routing.files.text_blocks import blocks
from dialnexa_routing.files.text_form import TextForm
from dialnexa_routing.files.text_stream import text_stream

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"a,b", b'"a",b', b'"a\nb",c', b'"a""b","c,d"', b",", b"", b"  ", b"a", b"a,b,c", b'"a,b']
        ),
        st.lists(st.sampled_from([b"a", b",", b'"', b" ", b"\xff", "₹".encode()]), max_size=8).map(b"".join),
    ),
    max_size=12,
)


def parted(data: bytes, cells: int, size: int = 1 << 20) -> tuple[int, Rejected, bytes]:
    """The rows behind a header in the first line that has anything in it."""
    copy = io.BytesIO()
    text = blocks(io.BytesIO(data), TextForm(), "a.csv", size=size)
    above = len(data) - len(data.lstrip(b"\r\n"))
    rows, rejected = part(text, Grammar(",", cells), copy, header_lines=data[:above].count(b"\n") + 1)
    return rows, rejected, copy.getvalue()


@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.integers(1, 40))
def test_what_is_kept_is_read_alike_by_others_and_nothing_is_lost(
    lines: list[bytes], end: bytes, closed: bool, size: int
) -> None:
    data = end.join([b"x,y", *lines]) + (end if closed else b"")
    rows, rejected, copy = parted(data, 2, size)
    kept = list(csv.reader(io.StringIO(copy.decode(), newline=""), strict=True))
    assert all(len(row) == 2 for row in kept)
    assert rows == len(kept) + len(rejected)
    places = rejected.frame()["row"].to_list()
    assert places == sorted({*places})
    # Reading the copy again finds nothing against it; blocks of any size part alike.
    again = parted(b"x,y\n" + copy, 2)
    assert (again[0], len(again[1]), again[2]) == (len(kept), 0, copy)
    assert parted(data, 2)[2] == copy
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(data)
        stream = text_stream(path)
        assert stream.rows == rows
        assert stream.rejected.frame().equals(rejected.frame())
        assert stream.scan().collect().fill_null("").rows() == [tuple(row) for row in kept]
        assert stream.copy is not None or copy.rstrip() == data.partition(b"\n")[2].rstrip()
        taken = stream.scan(row="row").collect()["row"].to_list()
        assert sorted([*taken, *places]) == list(range(1, rows + 1))


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
        (b'x,y\n""Asha" <1115>",2\n', 1, []),
        (b'x,y\n""Asha", Rao" <1115>",2\n', 1, [(1, 2, 1, "broken_quotes")]),
    ],
)
def test_places_of_lines_that_are_no_rows(
    text: bytes, rows: int, rejected: list[tuple[int, int, int, str]]
) -> None:
    for size in (1, 7, 1 << 20):
        found, told, _ = parted(text, 2, size)
        assert (found, told.frame().rows()) == (rows, rejected)


def test_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    rows, told, _ = parted(b'x,y\n"1,2\n' + b"3,4\n" * 500_000, 2)
    assert (rows, told.frame().rows()) == (500_001, [(1, 2, 1, "broken_quotes")])


def test_rejected_rows_move_those_behind_them() -> None:
    bad = {1, 2, 5, 9}
    text = "x,y\n" + "".join("bad\n" if row in bad else f"{row},0\n" for row in range(1, 11))
    _, rejected, copy = parted(text.encode(), 2)
    kept = [int(line.split(b",")[0]) for line in copy.splitlines()]
    assert rejected.original(pl.Series(range(1, len(kept) + 1), dtype=pl.UInt64)).to_list() == kept
