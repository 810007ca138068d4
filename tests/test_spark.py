"""Rating on Spark Connect, by Sail: the same columns as Polars gives, and errors before a job starts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dialnexa_routing import (
    BillingPlan,
    ConfigError,
    DeckError,
    DeckTimeError,
    PreparedPlans,
    RateDeck,
    RecordError,
    records,
    testing,
)
from dialnexa_routing.deck.deck_book import DeckBook
from spark_sessions import sail

pytest.importorskip("pyspark", reason="PySpark is not installed")
pytest.importorskip("pandas", reason="PySpark needs pandas")

from dialnexa_routing import spark
from dialnexa_routing.spark import spark_columns
from dialnexa_routing.spark.spark_types import conformed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
DECK = testing.deck({"91": "0.60", "9198": ("India - Mobile", "0.8137"), "1": ("US", "0.70")})
NUMBERS = ["+919812345678", "919812345678", "+12025550123", "+442079460018", "98", None]
CALLS = pl.DataFrame(
    {
        "call_id": list(range(60)),
        "to": NUMBERS * 10,
        "seconds": [0, 1, 59, 60, 61, None] * 10,
        "answered_at": [AT + timedelta(seconds=at) for at in range(60)],
        "workspace": ["acme", "bolt", "nobody"] * 20,
    }
)
PLANS = [
    BillingPlan.from_dict(
        {"id": "p", "llm": "1.10", "telephony": {"kind": "deck_prices", "markup_percent": "20"}}
    )
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with sail() as made:
        yield made


@pytest.fixture(scope="module")
def path(tmp_path_factory: Any) -> Path:
    place: Path = tmp_path_factory.mktemp("decks") / "small.deck"
    DECK.save(place)
    return place


def frame(session: Any, calls: pl.DataFrame = CALLS) -> Any:
    return session.createDataFrame(calls.to_arrow())


def back(df: Any) -> pl.DataFrame:
    found = pl.from_arrow(df.toArrow())
    assert isinstance(found, pl.DataFrame)
    return found.sort("call_id")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"fields": ("charge", "reason")},
        {"number_plan": None, "add_prefix": "our_", "fields": ("charge",)},
        {"semantics": {"decimals": 4, "rounding": "up"}},
        {"plan": PLANS[0]},
        {"plans": PLANS, "workspaces": {"acme": "p", "bolt": "gone"}},
    ],
)
def test_r54_all_columns_are_those_of_polars(session: Any, path: Path, options: dict[str, Any]) -> None:
    expected = records.rate(CALLS, deck=DECK, **options)
    assert_frame_equal(back(spark.rate(frame(session), deck=path, **options)), expected)


def test_r50_a_book_rates_each_call_by_the_deck_of_its_time(session: Any, tmp_path: Path) -> None:
    later = testing.deck({"91": "9"})
    book = DeckBook({AT - timedelta(days=1): DECK, AT + timedelta(seconds=30): later})
    folder = tmp_path / "book"
    folder.mkdir()
    book.save(folder)
    expected = records.rate(CALLS, deck=book).drop("deck_digest")
    assert_frame_equal(back(spark.rate(frame(session), deck=folder)).drop("deck_digest"), expected)


def test_r16_matches_are_those_of_the_deck(session: Any, path: Path) -> None:
    found = back(spark.match(frame(session), deck=path, add_prefix="m_"))
    expected = CALLS.select(
        DECK.match(pl.col("to"), fields=["prefix", "network_group", "country_iso"]).alias("m")
    )
    assert found["m_prefix"].to_list() == expected["m"].struct.field("prefix").to_list()
    assert found["m_network_group"].to_list() == expected["m"].struct.field("network_group").to_list()


def test_r39_recipients_are_screened_by_a_router(session: Any, path: Path) -> None:
    router = testing.router(RateDeck.open(path))
    recipients = CALLS.select("call_id", phone_number="to")
    expected = router.screen(recipients).drop("position")
    found = back(spark.screen(frame(session, recipients), router=router))
    assert_frame_equal(found, expected)


def test_files_are_rated_a_task_each_and_listed(session: Any, path: Path, tmp_path: Path) -> None:
    for part in range(3):
        CALLS.slice(part * 20, 20).write_parquet(tmp_path / f"{part}.parquet")
    files = [tmp_path / f"{part}.parquet" for part in range(3)]
    report = spark.rate_files(session, files, tmp_path / "out", path)
    assert report["rows"].to_list() == [20, 20, 20]
    whole = pl.read_parquet(sorted((tmp_path / "out").glob("*.parquet")))
    expected = records.rate(CALLS, deck=DECK)
    assert_frame_equal(whole, expected)
    assert sum(map(Decimal, report["charge"])) == expected["charge"].sum()
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert listed["deck_digest"] == DECK.digest
    assert listed["files"] == report.to_dicts()
    again = spark.rate_files(session, files, tmp_path / "out", path)
    assert again["sha256"].to_list() == report["sha256"].to_list()
    with pytest.raises(RecordError, match="several files are named"):
        spark.rate_files(session, [files[0], files[0]], tmp_path / "out", path)
    with pytest.raises(TypeError, match="no argument 'secods'"):
        spark.rate_files(session, files, tmp_path / "out", path, secods="x")  # type: ignore[call-arg]
    with pytest.raises(RecordError, match="no files"):
        spark.rate_files(session, [], tmp_path / "out", path)


def test_what_is_wrong_with_a_frame_is_found_before_a_job(session: Any, path: Path, tmp_path: Path) -> None:
    df = frame(session)
    with pytest.raises(RecordError, match="no column 'secnds'"):
        spark.rate(df, deck=path, seconds="secnds")
    with pytest.raises(RecordError, match="'Charge' already"):
        spark.rate(frame(session, CALLS.with_columns(Charge=pl.lit(1))), deck=path)
    with pytest.raises(RecordError, match="no column 'nummer'"):
        spark.match(df, deck=path, number="nummer")
    with pytest.raises(TypeError, match="no argument 'secods'"):
        spark.rate(df, deck=path, secods="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="pass a path"):
        spark.rate(df, deck=DECK)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="workers prepare"):
        spark.rate(df, deck=path, plans=PreparedPlans(DECK, PLANS))
    with pytest.raises(FileNotFoundError):
        spark.rate(df, deck=tmp_path / "gone.deck")
    walls = df.selectExpr("to", "cast(answered_at as timestamp_ntz) as answered_at")
    with pytest.raises(RecordError, match="timezone="):
        spark.rate(walls, deck=path, seconds=None, ended_at="answered_at")
    judged = CALLS.with_columns(reason=None, source_row=1, source_file=pl.lit("a"))
    with pytest.raises(RecordError, match="judged by a reader"):
        spark.rate(frame(session, judged), deck=path)
    nested = session.createDataFrame([([1],)], "seconds array<int>").selectExpr("seconds", "'91' as to")
    with pytest.raises(RecordError, match="array<int>"):
        spark.rate(nested, deck=path)


def test_columns_of_one_name_and_books_are_refused_before_a_job(
    session: Any, path: Path, tmp_path: Path
) -> None:
    df = frame(session)
    for twice in ("to", "workspace"):
        with pytest.raises(RecordError, match=f"several columns '{twice}'"):
            spark.rate(df.select("*", twice), deck=path)
    DeckBook({AT - timedelta(days=1): DECK}).save(tmp_path)
    with pytest.raises(DeckError, match="is a book of decks"):
        spark.match(df, deck=tmp_path)


@pytest.mark.parametrize("name", ["^t.*$", "call.to", "*", "a`b"])
def test_names_that_mean_something_to_spark_are_names(session: Any, path: Path, name: str) -> None:
    odd = CALLS.rename({"to": name, "workspace": "our.workspace"})
    df = frame(session, odd)
    expected = records.rate(odd, deck=DECK, number=name)
    assert_frame_equal(back(spark.rate(df, deck=path, number=name)), expected)
    words = ["prefix", "network_group", "country_iso", "reason"]
    matched = back(spark.match(df, deck=path, number=name)).select(words)
    assert_frame_equal(matched, back(spark.match(frame(session), deck=path)).select(words))


def test_files_that_cannot_be_rated_are_named_and_no_input_is_lost(
    session: Any, path: Path, tmp_path: Path
) -> None:
    calls, out = tmp_path / "calls", tmp_path / "out"
    calls.mkdir()
    good, bad, other = (calls / f"{name}.parquet" for name in ("good", "bad", "other"))
    CALLS.write_parquet(good)
    bad.write_bytes(b"no Parquet")
    CALLS.drop("seconds").write_parquet(other)
    before = good.read_bytes()
    (tmp_path / "link").symlink_to(calls)
    for folder in (calls, tmp_path / "link"):
        with pytest.raises(RecordError, match="written over by its own output"):
            spark.rate_files(session, [good], folder, path)
    assert good.read_bytes() == before
    spark.rate_files(session, [good], out, path)
    for one, words in {
        bad: r"bad\.parquet on host \S+: ",
        other: r"other\.parquet on host \S+: there is no column 'seconds'",
        calls / "gone.parquet": r"gone\.parquet on host \S+: ",
    }.items():
        with pytest.raises(Exception, match=words):
            spark.rate_files(session, [good, one], out, path)
        # What an earlier run listed may be another one now, and nothing half written has a name.
        assert [file.name for file in out.iterdir() if file.name[0] != "."] == ["good.parquet"]


def test_a_name_with_a_star_is_one_file(session: Any, path: Path, tmp_path: Path) -> None:
    for name in ("a*", "ab"):
        CALLS.write_parquet(tmp_path / f"{name}.parquet")
    report = spark.rate_files(session, [tmp_path / "a*.parquet"], tmp_path / "out", path)
    assert report["rows"].to_list() == [CALLS.height]


def test_dated_decks_ask_for_times_before_a_job(session: Any, tmp_path: Path) -> None:
    dated = testing.deck({"91": {"outbound_rate": "1", "valid_from": AT, "network_group": "India"}})
    dated.save(tmp_path / "dated.deck")
    with pytest.raises(RecordError, match="answered_at"):
        spark.rate(frame(session, CALLS.drop("answered_at")), deck=tmp_path / "dated.deck")
    with pytest.raises(DeckTimeError):
        spark.match(frame(session), deck=tmp_path / "dated.deck")
    found = back(spark.match(frame(session), deck=tmp_path / "dated.deck", at="answered_at"))
    assert found["network_group"].drop_nulls().to_list() == ["India"] * 20


def test_a_worker_without_the_deck_states_path_digest_and_host(session: Any, tmp_path: Path) -> None:
    gone = spark.DeckRef(str(tmp_path / "gone.deck"), "0" * 64)
    with pytest.raises(Exception, match=r"there is no deck .*gone\.deck on host .*0000 is meant"):
        spark.rate(frame(session), deck=gone).toArrow()
    other = tmp_path / "other.deck"
    testing.deck({"1": "1"}).save(other)
    with pytest.raises(DeckError, match="is another deck"):
        spark.rate(frame(session), deck=spark.DeckRef(str(other), "0" * 64))


def test_what_cannot_be_sent_is_refused(session: Any, path: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot send"):
        spark.DeckRef.sent(session, path)
    with pytest.raises(ConfigError, match="is a folder"):
        spark.DeckRef.sent(session, tmp_path)


def test_columns_go_by_name_and_never_by_place(path: Path) -> None:
    import pyarrow as pa
    from pyspark.sql import types as st

    batch = pa.RecordBatch.from_pydict({"b": [1], "a": [2]})
    schema = st.StructType().add("a", st.LongType()).add("b", st.LongType())
    with pytest.raises(RecordError, match="were promised"):
        list(conformed([batch], pl.DataFrame(), schema))


def test_r51_small_batches_are_worked_on_together_and_come_back_as_they_were(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow as pa
    from pyspark.sql import types as st

    class Counted:
        reads = ("to", "call_id")
        heights: ClassVar[list[int]] = []

        def added(self, frame: pl.DataFrame, *, planned: bool = False) -> pl.DataFrame:
            self.heights.append(frame.height)
            return frame.select(twice=pl.col("call_id") * 2, word=pl.col("to").cast(pl.String))

    monkeypatch.setattr(spark_columns, "_AT_ONCE", 5)
    schema = st.StructType().add("call_id", st.LongType()).add("to", st.StringType())
    schema = schema.add("twice", st.LongType()).add("word", st.StringType())
    ids = list(range(17))
    given = pa.RecordBatch.from_pydict({"call_id": ids, "to": [str(one) for one in ids]})
    cuts = [(0, 2), (2, 0), (2, 4), (6, 5), (11, 1), (12, 5)]
    batches = [given.slice(start, length) for start, length in cuts]
    found = list(spark_columns.each(iter(batches), Counted(), schema))
    assert [one.num_rows for one in found] == [length for _, length in cuts]
    assert Counted.heights == [6, 5, 6]
    assert pa.Table.from_batches(found).to_pydict() == {
        "call_id": ids,
        "to": [str(one) for one in ids],
        "twice": [one * 2 for one in ids],
        "word": [str(one) for one in ids],
    }
    assert list(spark_columns.each(iter([]), Counted(), schema)) == []
