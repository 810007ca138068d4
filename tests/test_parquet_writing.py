"""Parquet with words written by their places: readers find the same texts, whatever reads them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import DeckBook, records, testing
from dialnexa_routing.files import parquet_writing
from dialnexa_routing.files.parquet_writing import sink_parquet
from dialnexa_routing.job import RatingJob
from dialnexa_routing.records.coded_words import CodedWords
from test_lake import AT, CALLS, DECK

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.deck.rates import Rates

WORDS = ["", "India - Mobile", "ü", "x"]
FRAME = pl.DataFrame({"word": ["x", None, "ü", "", "x"] * 9, "n": range(45)})
CODED = [pl.col("word").cast(pl.Enum(WORDS))]


def written(path: Path, frame: pl.DataFrame, coded: list[pl.Expr]) -> Path:
    with path.open("wb") as file:
        sink_parquet(frame.lazy(), file, coded)
    return path


def test_every_reader_finds_texts(tmp_path: Path) -> None:
    plain, coded = (
        written(tmp_path / f"{name}.parquet", FRAME, how) for name, how in {"a": [], "b": CODED}.items()
    )
    assert pl.read_parquet(coded).equals(FRAME)
    assert pl.read_parquet_schema(coded) == FRAME.schema
    assert pq.read_table(coded).equals(pq.read_table(plain))
    assert pq.read_schema(coded).equals(pq.read_schema(plain), check_metadata=True)
    by_duckdb = duckdb.connect()
    rows, types = (
        [by_duckdb.execute(f"{query} FROM read_parquet('{path}')").fetchall() for path in (plain, coded)]
        for query in ("SELECT *", "SELECT typeof(COLUMNS(*))")
    )
    assert rows[0] == rows[1]
    assert types[0] == types[1]
    assert "RLE_DICTIONARY" in pq.ParquetFile(coded).metadata.row_group(0).column(0).encodings


@given(st.lists(st.sampled_from([*WORDS, None]), max_size=60))
def test_bounds_of_words_are_those_that_are_there(
    tmp_path_factory: pytest.TempPathFactory, words: list[str | None]
) -> None:
    frame = pl.DataFrame({"word": words}, schema={"word": pl.String})
    path = written(tmp_path_factory.getbasetemp() / "bounds.parquet", frame, CODED)
    assert pl.read_parquet(path).equals(frame)
    told = frame["word"].drop_nulls()
    found = pl.scan_parquet(path).select(least=pl.col("word").min(), most=pl.col("word").max()).collect()
    assert found.row(0) == (told.min(), told.max())


def test_a_word_that_is_not_known_is_no_other_one(tmp_path: Path) -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError, match="India - Fixed"):
        written(tmp_path / "a.parquet", pl.DataFrame({"word": ["x", "India - Fixed"]}), CODED)


def test_a_polars_that_keeps_types_of_its_own_gets_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parquet_writing._keeps_types()  # else files are right, and slower to write
    monkeypatch.setattr(parquet_writing, "_keeps_types", lambda: False)
    path = written(tmp_path / "a.parquet", FRAME, CODED)
    assert pl.read_parquet(path).equals(FRAME)


def test_rated_files_of_a_job_have_the_types_of_rating(tmp_path: Path) -> None:
    calls, many = tmp_path / "calls.parquet", pl.concat([CALLS] * 40)
    many.write_parquet(calls)
    book = DeckBook({AT.replace(year=2020): DECK, AT.replace(year=2021): testing.deck({"91": "1.5"})})
    decks: dict[str, Rates] = {"one": DECK, "book": book}
    for name, deck in decks.items():
        schema = records.rate(many, deck=deck).schema
        expected = 2 + (deck is DECK)
        assert len(CodedWords.of(deck).instead(schema, "", calls.stat().st_size)) == expected
        RatingJob(inputs=calls, output=tmp_path / name, deck=deck).run()
        found = pl.read_parquet(tmp_path / name / "rated" / "calls.parquet")
        assert found.equals(records.rate(many, deck=deck))
        assert found.schema == schema


def test_words_of_a_small_file_are_not_most_of_it() -> None:
    schema = records.rate(CALLS, deck=DECK).schema
    assert CodedWords.of(DECK).instead(schema, "", 100) == []
    assert len(CodedWords.of(DECK).instead(schema, "", 10_000)) == 3
    assert CodedWords.of(DECK).instead(pl.Schema({"charge": pl.Decimal(18, 2)}), "", 10_000) == []
    many = testing.deck({f"91{at}": (f"India - {at:090}", Decimal(1)) for at in range(1000, 3000)})
    assert CodedWords.of(many).instead(schema, "", 1 << 30) == []


@pytest.mark.parametrize("numbers", [["+77712345678", "x"], [None, None]])
def test_a_deck_of_no_country_has_no_words_for_it(tmp_path: Path, numbers: list[str | None]) -> None:
    deck = testing.deck({"777": {"network_group": "Nowhere", "country_iso": None, "outbound_rate": "0.5"}})
    assert deck.network_groups[0].country_iso is None
    calls = pl.DataFrame({"to": numbers * 500, "seconds": [5] * 1000}, schema_overrides={"to": pl.String})
    calls.write_parquet(tmp_path / "calls.parquet")
    words = CodedWords.of(deck)
    schema = records.rate(calls, deck=deck, number_plan=None).schema
    assert len(words.instead(schema, "", (tmp_path / "calls.parquet").stat().st_size)) == 3
    RatingJob(inputs=tmp_path / "calls.parquet", output=tmp_path / "out", deck=deck, number_plan=None).run()
    found = pl.read_parquet(tmp_path / "out" / "rated" / "calls.parquet")
    assert found.equals(records.rate(calls, deck=deck, number_plan=None))


def test_a_column_of_the_callers_may_be_named_as_ours_are_inside(tmp_path: Path) -> None:
    calls = CALLS.with_columns(row=pl.lit("theirs"), row_=pl.lit(7)).rename({"to": "^t.*$"})
    calls.write_parquet(tmp_path / "calls.parquet")
    job = RatingJob(
        inputs=tmp_path / "calls.parquet",
        output=tmp_path / "out",
        deck=DECK,
        number="^t.*$",
        add_prefix="our_",
    )
    job.run()
    rated = records.rate(calls, deck=DECK, number="^t.*$", add_prefix="our_")
    refused = rated.with_row_index("at", offset=1).filter(pl.col("our_reason").is_not_null())
    found = pl.read_parquet(tmp_path / "out" / "rejects" / "calls.parquet")
    assert found["row"].to_list() == refused["at"].to_list()
    assert found["number"].to_list() == refused.get_column("^t.*$").to_list()
    assert found["reason"].to_list() == refused["our_reason"].to_list()
