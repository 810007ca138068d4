"""CSV that a spreadsheet may open: no cell of a stranger is a formula there, and back it comes exact (R5)."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from command import document, run
from dialnexa_routing import RateDeck
from dialnexa_routing.files import table_writing
from dialnexa_routing.files.guarded_csv import guarded, unguarded
from dialnexa_routing.job import RatingJob
from dialnexa_routing.records import call_files
from dialnexa_routing.sheets import RateSheet

FORMULA = "=1+1"  # harmless, wherever it should be run after all
LEADS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
CELLS = st.text(alphabet=st.sampled_from([*LEADS, *"'0123456789. aA1\""]), max_size=8)


def is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-][0-9]+(\.[0-9]+)?", cell) is not None


@pytest.mark.parametrize("name", ["^.*$", "*", "", "=x", "\x00"])
def test_names_are_names_and_no_patterns(name: str) -> None:
    frame = pl.DataFrame({name: ["=1", "x"], "to": ["=2", "+91"]})
    back = unguarded(guarded(frame.lazy())).collect()
    assert back.equals(frame)
    assert guarded(frame.lazy()).collect()["to"].to_list() == ["'=2", "+91"]


@given(st.lists(CELLS, max_size=8))
def test_r5_no_cell_but_a_number_begins_as_a_formula(cells: list[str]) -> None:
    frame = pl.LazyFrame({"a": pl.Series(cells, dtype=pl.String)})
    for before, after in zip(cells, guarded(frame).collect()["a"], strict=True):
        if after[:1] and after[0] in LEADS:
            assert is_number(after)
        assert after == before or after == f"'{before}"
        assert after == before if is_number(before) else True
    assert unguarded(guarded(frame)).collect()["a"].to_list() == cells


@given(st.lists(st.tuples(CELLS, st.none() | CELLS), min_size=1, max_size=8), CELLS)
def test_a_file_is_read_as_it_was_before_it_was_guarded(
    rows: list[tuple[str, str | None]], name: str
) -> None:
    names = [f"{name}1", "to"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        call_files.sink(frame.lazy(), path)
        assert_frame_equal(call_files.scan(path).collect(), frame)


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum([FORMULA, "+91981234567", "-5"])])
def test_r5_every_kind_of_text_is_guarded_and_numbers_are_not(tmp_path: Path, dtype: pl.DataType) -> None:
    texts = pl.Series([FORMULA, "+91981234567", "-5"], dtype=dtype)
    amounts = pl.Series(["-1.50", "0.00", "-2.00"]).str.to_decimal(scale=2)
    path = tmp_path / "a.csv"
    call_files.sink(pl.LazyFrame({"@to": texts, "amount": amounts}), path)
    assert path.read_text() == "'@to,amount\n'=1+1,-1.50\n+91981234567,0.00\n-5,-2.00\n"


def deck() -> RateDeck:
    rows = {"prefix": ["91", "44"], "network_group": [FORMULA, "-UK"], "outbound_rate": ["0.75", "1"]}
    return RateDeck.compile(pl.DataFrame(rows).with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))


def texts(folder: Path) -> list[str]:
    """Every cell of every CSV file below a folder."""
    found = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            found += [cell for row in csv.reader(file) for cell in row]
    return found


@pytest.mark.parametrize("output", ["csv", "parquet"])
def test_r5_nothing_that_a_job_writes_is_a_formula(tmp_path: Path, output: str) -> None:
    calls, out = tmp_path / "calls.csv", tmp_path / "out"
    calls.write_text('to,seconds,note\n+919812345678,60,=1+1\n"@x",5,\n+44201,60,-1\n+44,x,"-1+1"\n')
    report = RatingJob(inputs=calls, output=out, deck=deck(), format=output).run()
    assert report.totals["network_group"].sort().to_list() == ["-UK", FORMULA]
    for cell in texts(out):
        assert cell[:1] not in [*LEADS] or is_number(cell)
    assert "'=1+1" in texts(out)
    assert report.rejects.collect()["number"].to_list() == ["@x", "+44"]


def test_r5_a_rated_file_is_invoiced_by_the_names_that_were_guarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deck().save("a.deck")
    Path("calls.csv").write_text("to,seconds\n+919812345678,60\n+44201,60\n")
    run("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    assert {"'=1+1", "'-UK", "+919812345678"} <= {*texts(tmp_path)}
    found = document("drift", "rated.csv", "--deck", "a.deck")
    assert sorted(one["network_group"] for one in found["by_group"]) == ["-UK", FORMULA]


def test_r5_a_sheet_and_its_faults_are_guarded(tmp_path: Path) -> None:
    path, out = tmp_path / "sheet.csv", tmp_path / "out"
    path.write_text("prefix,network_group,outbound_rate\n91,=1+1,0.75\n92,-UK,@\n")
    out.mkdir()
    sheet = RateSheet.read(path)
    sheet.write(out / "rows.csv")
    table_writing.write(sheet.faults, out / "faults.csv")
    assert RateSheet.read(out / "rows.csv").rows["network_group"].to_list() == [FORMULA]
    assert {"'=1+1", "'@"} <= {*texts(out)}
    assert not [cell for cell in texts(out) if cell[:1] in [*LEADS] and not is_number(cell)]
