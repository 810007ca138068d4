"""Rating on Spark itself, on one machine: equal to Polars, artifacts, streams, errors of a job."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dialnexa_routing import records, testing
from spark_sessions import classic

pytest.importorskip("pyspark", reason="PySpark is not installed")
pytest.importorskip("pandas", reason="PySpark needs pandas")

from dialnexa_routing import spark
from test_docs_spark import BLOCKS as PAGE
from test_spark import CALLS, DECK, back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with classic("local[1]") as made:
        yield made


def test_r54_a_deck_that_is_sent_rates_as_polars_does(session: Any, tmp_path: Path) -> None:
    DECK.save(tmp_path / "small.deck")
    sent = spark.DeckRef.sent(session, tmp_path / "small.deck")
    df = session.createDataFrame(CALLS.to_arrow())
    rated = back(spark.rate(df, deck=sent))
    expected = records.rate(CALLS, deck=DECK)
    zones = [name for name, dtype in rated.schema.items() if isinstance(dtype, pl.Datetime)]
    assert_frame_equal(rated.with_columns(pl.col(zones).dt.convert_time_zone("UTC")), expected)


def test_a_stream_is_rated_batch_by_batch(session: Any, tmp_path: Path) -> None:
    DECK.save(tmp_path / "small.deck")
    ref = spark.DeckRef.of(tmp_path / "small.deck")
    (tmp_path / "in").mkdir()
    calls = CALLS.drop("answered_at")
    for part in range(2):
        calls.slice(part * 30, 30).write_parquet(tmp_path / "in" / f"{part}.parquet")
        os.utime(tmp_path / "in" / f"{part}.parquet", (0, 1_700_000_000 + part))  # their order
    schema = session.read.parquet(str(tmp_path / "in")).schema
    stream = session.readStream.schema(schema).option("maxFilesPerTrigger", 1).parquet(str(tmp_path / "in"))

    # As the page has it.
    block = PAGE[2].replace('"/', f'"{tmp_path}/').replace(".start()", ".trigger(availableNow=True).start()")
    given: dict[str, Any] = {"spark": spark, "stream": stream, "deck": ref}
    exec(block.replace("stream.write", "query = stream.write"), given)
    given["query"].awaitTermination()
    # A batch that is delivered twice is there once.
    given["rated"](session.read.parquet(str(tmp_path / "in" / "1.parquet")), 1)
    whole = pl.read_parquet(sorted((tmp_path / "rated").rglob("*.parquet")), hive_partitioning=False).sort(
        "call_id"
    )
    assert_frame_equal(whole.drop("answered_at_utc"), records.rate(calls, deck=DECK).drop("answered_at_utc"))


def test_names_that_mean_something_to_spark_are_names(session: Any, tmp_path: Path) -> None:
    DECK.save(tmp_path / "small.deck")
    odd = CALLS.drop("answered_at").rename({"to": "call.to", "workspace": "*"})
    df = session.createDataFrame(odd.to_arrow())
    rated = back(spark.rate(df, deck=tmp_path / "small.deck", number="call.to"))
    expected = records.rate(odd, deck=DECK, number="call.to")
    assert_frame_equal(rated.drop("answered_at_utc"), expected.drop("answered_at_utc"))


def test_a_deck_that_is_replaced_meanwhile_fails_the_job_with_both_digests(
    session: Any, tmp_path: Path
) -> None:
    path, other = tmp_path / "small.deck", testing.deck({"91": "5"})
    DECK.save(path)
    rated = spark.rate(session.createDataFrame(CALLS.to_arrow()), deck=path)
    other.save(path)
    words = rf"small\.deck on host \S+ is another deck \({other.digest}\); {DECK.digest} is meant"
    with pytest.raises(Exception, match=words):
        rated.toArrow()


def test_a_jobs_error_is_our_sentence(session: Any) -> None:
    gone = spark.DeckRef("/nowhere/gone.deck", "0" * 64)
    df = session.createDataFrame(
        [("91", 1, datetime(2026, 1, 1, tzinfo=UTC))], "to string, seconds int, answered_at timestamp"
    )
    with pytest.raises(Exception, match=r"there is no deck /nowhere/gone\.deck on host"):
        spark.rate(df, deck=gone).collect()
