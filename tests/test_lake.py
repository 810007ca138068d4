"""Rated rows through lakes and databases and back: equal to the paisa and to the instant (R48)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal

from dialnexa_routing import ConflictError, RecordError, records, testing
from dialnexa_routing.records import for_lake
from dialnexa_routing.store import ControlTotal, copy_rated

if TYPE_CHECKING:
    from pathlib import Path

    from postgres import Server

AT = datetime(2026, 3, 29, 1, 30, 0, 123457, tzinfo=UTC)
DECK = testing.deck({"91": "0.123456789", "9198": ("India - Mobile", "0.8137"), "1": ("US", "0.70")})
CALLS = pl.DataFrame(
    {
        "call_id": range(200),
        "to": ["919812345678", "912212345678", "x", None] * 50,
        "seconds": [0, 1, 61, 263, 86_400] * 40,
        "answered_at": [AT + timedelta(minutes=at) for at in range(200)],
        "note": ["", "a,b", "ü\n", None, "'"] * 40,
    },
    schema_overrides={"seconds": pl.UInt32},
)
RATED = for_lake(records.rate(CALLS, deck=DECK, semantics={"decimals": 9}))


def test_rated_columns_travel_as_they_are() -> None:
    added = records.rate(CALLS, deck=DECK).drop(CALLS.columns)
    assert_frame_equal(for_lake(added), added)


def test_r48_delta_gives_the_same_back(tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake", reason="deltalake is not installed")
    deltalake.write_deltalake(tmp_path / "rated", RATED.to_arrow())
    back = pl.from_arrow(deltalake.DeltaTable(tmp_path / "rated").to_pyarrow_table())
    assert isinstance(back, pl.DataFrame)
    assert_frame_equal(back.sort("call_id"), RATED)


def test_r48_iceberg_gives_the_same_back(tmp_path: Path) -> None:
    catalogs = pytest.importorskip("pyiceberg.catalog.sql", reason="pyiceberg is not installed")
    catalog = catalogs.SqlCatalog("c", uri=f"sqlite:///{tmp_path / 'c.db'}", warehouse=f"file://{tmp_path}")
    catalog.create_namespace("billing")
    arrow = RATED.to_arrow(compat_level=pl.CompatLevel.oldest())
    catalog.create_table("billing.rated", arrow.schema).append(arrow)
    back = pl.from_arrow(catalog.load_table("billing.rated").scan().to_arrow())
    assert isinstance(back, pl.DataFrame)
    assert_frame_equal(back.sort("call_id"), RATED)
    catalog.close()


def test_r48_duckdb_gives_the_same_back() -> None:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Kolkata'")
    arrow = RATED.to_arrow()
    connection.register("given", arrow)
    connection.execute("CREATE TABLE rated AS SELECT * FROM given")
    back = pl.from_arrow(connection.sql("SELECT * FROM rated ORDER BY call_id").to_arrow_table())
    assert isinstance(back, pl.DataFrame)
    zones = [name for name, dtype in back.schema.items() if isinstance(dtype, pl.Datetime)]
    assert_frame_equal(back.with_columns(pl.col(zones).dt.convert_time_zone("UTC")), RATED)
    total = connection.execute("SELECT sum(charge) FROM rated").fetchone()
    assert total == (RATED["charge"].sum(),)


def test_r48_a_partitioned_sink_gives_the_same_back(tmp_path: Path) -> None:
    RATED.lazy().sink_parquet(pl.PartitionBy(tmp_path / "rated", key="network_group"), mkdir=True)
    back = pl.read_parquet(tmp_path / "rated" / "**" / "*.parquet").select(RATED.columns)
    assert_frame_equal(back.sort("call_id"), RATED)


@pytest.fixture
def connection(server: Server) -> Any:
    with psycopg.connect(host=server.folder, user="postgres", dbname="postgres") as made:
        made.execute("SET TimeZone = 'Asia/Kolkata'")
        yield made
        made.rollback()


def from_rows(rows: list[Any]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, RATED.schema, orient="row")
    return frame.sort("call_id")


def test_r48_postgresql_by_copy_gives_the_same_back_with_a_control_total(connection: Any) -> None:
    seen: list[int] = []
    arrived = copy_rated(RATED.lazy(), connection, "rated", progress=seen.append)
    assert arrived == ControlTotal(200, Decimal(RATED["charge"].sum()))
    assert sum(seen) == 200
    rows = connection.execute("SELECT * FROM rated").fetchall()
    zones = [at for at, dtype in enumerate(RATED.schema.values()) if isinstance(dtype, pl.Datetime)]
    plain = [
        [one.astimezone(UTC) if at in zones and one else one for at, one in enumerate(row)] for row in rows
    ]
    assert_frame_equal(from_rows(plain), RATED)


def test_r48_postgresql_by_adbc_gives_the_same_back(server: Server) -> None:
    adbc = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="ADBC is not installed")
    try:
        with adbc.connect(f"postgresql://postgres@/postgres?host={server.folder}") as connection:
            RATED.write_database("rated_by_adbc", connection, engine="adbc")
            back = pl.read_database("SELECT * FROM rated_by_adbc ORDER BY call_id", connection)
    finally:
        with server.connect() as again:
            again.execute("DROP TABLE IF EXISTS rated_by_adbc")
    amounts = [name for name, dtype in RATED.schema.items() if isinstance(dtype, pl.Decimal)]
    exact = back.with_columns(pl.col(amounts).ext.storage().str.to_decimal(scale=9))
    assert_frame_equal(exact.cast({name: RATED.schema[name] for name in amounts}), RATED)


def test_r48_calls_and_rates_are_read_from_numeric_exactly(connection: Any, server: Server) -> None:
    connection.execute(
        'CREATE TABLE calls (call_id bigint, "to" numeric, seconds numeric(20,3), answered_at timestamptz)'
    )
    for row in CALLS.filter(pl.col("to") != "x").iter_rows():
        connection.execute("INSERT INTO calls VALUES (%s, %s, %s, %s)", row[:4])
    connection.commit()
    expected = records.rate(CALLS.filter(pl.col("to") != "x"), deck=DECK)["charge"]
    try:
        read = pl.read_database("SELECT * FROM calls ORDER BY call_id", connection, infer_schema_length=None)
        by_driver = records.rate(
            read.with_columns(pl.col("to").cast(pl.Decimal(20, 0)).cast(pl.String)), deck=DECK
        )
        assert by_driver["charge"].to_list() == expected.to_list()
        adbc = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="ADBC is not installed")
        with adbc.connect(f"postgresql://postgres@/postgres?host={server.folder}") as by_adbc:
            table = pl.read_database("SELECT * FROM calls ORDER BY call_id", by_adbc)
        assert records.rate(table, deck=DECK)["charge"].to_list() == expected.to_list()
    finally:
        connection.execute("DROP TABLE calls")
        connection.commit()


def test_what_no_table_can_hold_is_refused(connection: Any) -> None:
    with pytest.raises(RecordError, match="'n' is UInt8"):
        copy_rated(pl.DataFrame({"n": [1]}, schema={"n": pl.UInt8}), connection, "refused")
    copy_rated(RATED, connection, "twice")
    connection.commit()
    with pytest.raises(ConflictError, match="there is a table twice already"):
        copy_rated(RATED, connection, "twice")
    connection.rollback()
    connection.execute("DROP TABLE twice")
    connection.commit()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("t", [datetime(2026, 1, 1)]), "times without a zone"),
        (pl.Series("t", [b"x"]), "is Binary"),
        (pl.Series("t", [datetime(2026, 1, 1).time()]), "is Time"),
        (pl.Series("t", [1], dtype=pl.Int64).cast(pl.Datetime("ns", "UTC")), "finer than a microsecond"),
    ],
)
def test_what_does_not_travel_is_named(column: pl.Series, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        for_lake(column.to_frame())


def test_lengths_of_time_are_exact_seconds() -> None:
    lengths = pl.DataFrame({"d": [timedelta(seconds=61, microseconds=5), None, timedelta(days=-1)]})
    assert for_lake(lengths)["d"].to_list() == [Decimal("61.000005"), None, Decimal(-86_400)]
