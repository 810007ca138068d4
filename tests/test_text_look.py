"""The look of the core at a text: the rows that the grammar of Python knows, the cells that Polars reads."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dialnexa_routing.files.csv_rows import Grammar
from dialnexa_routing.files.text_look import PlainText, looked
from dialnexa_routing.files.text_stream import _rows_if_clean, text_head

PIECES = st.sampled_from(
    [
        "a",
        "bc",
        '""',
        '"',
        '"x,y"',
        '"q""r"',
        ",",
        ",",
        "\n",
        "\r\n",
        " ",
        "'",
        "é",
        "\u00a0",
        "x" * 70,
        '"x\ny"',
    ]
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)
CELLS = st.sampled_from(
    ["", "a", '""', '"x,y"', '"q""r"', "'5", " 7", '" 7"', '"7 "', "é", "\u00a0b", "x" * 61]
)
LINES = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12)


def written(folder: str, text: bytes) -> Path:
    path = Path(folder, "calls.csv")
    path.write_bytes(text)
    return path


@settings(max_examples=400)
@given(TEXTS, st.integers(0, 3), st.booleans())
def test_rows_are_those_of_the_grammar(text: str, width: int, header: bool) -> None:
    head = ",".join("abc"[: width + 1])
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, f"{head}\n{text}".encode())
        begun = text_head(path, delimiter=",", header=header)
        wanted = _rows_if_clean(begun, Grammar(",", len(begun.names)))
        found = looked(path, ",", len(begun.names), begun.header_lines)
        assert (None if found is None else found.rows) == wanted


@settings(max_examples=200)
@given(LINES, st.booleans(), st.booleans(), st.data())
def test_cells_and_lines_are_those_that_polars_reads(
    lines: list[tuple[str, str, str]], ended: bool, header: bool, data: st.DataObject
) -> None:
    body = "\n".join(map(",".join, lines)) + ("\n" if ended and lines else "")
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, (("a,b,c\n" if header else "") + body).encode())
        text = PlainText(path, ",", ("a", "b", "c"), int(header))
        read = (
            pl.read_csv(
                path,
                has_header=False,
                skip_lines=int(header),
                schema=dict.fromkeys("abc", pl.String),
                infer_schema=False,
            )
            if lines
            else pl.DataFrame(schema=dict.fromkeys("abc", pl.String))
        )
        blocks = list(text.cells(["c", "a"]))
        found = pl.concat(blocks) if blocks else read.select("c", "a")
        assert found.equals(read.select("c", "a"))
        mask = pl.Series(
            data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines))), dtype=pl.Boolean
        )
        some = [text.scan(part).collect() for part in text.lines(mask)]
        taken = pl.concat(some) if some else read.clear()
        assert taken.equals(read.filter(mask))
        head = text.head(2)
        assert text.scan(head).collect().equals(read.head(2)) if lines else head == b""
        shown = looked(path, ",", 3, int(header))
        assert shown is not None
        assert shown.rows == read.height
        cells = [cell for row in read.rows() for cell in row if cell]
        assert shown.guarded or not any(cell.startswith("'") for cell in cells)
        assert shown.padded or not any(cell != cell.strip() for cell in cells)


def test_bytes_of_no_encoding_a_line_without_end_and_a_mark_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b"a,b\nx,\xe9\n")
    assert looked(path, ",", 2, 1) is None
    path.write_bytes(b'a,b\nx,"y')
    assert looked(path, ",", 2, 1) is None
    path.write_bytes(b"\xef\xbb\xbfa,b\nx,y")
    shown = looked(path, ",", 2, 1)
    assert shown is not None
    assert (shown.rows, shown.guarded, shown.padded) == (1, False, False)
