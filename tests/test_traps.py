"""The traps that `docs/lake.md` lists: each is there, and the expression beside it is safe (R48)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from dialnexa_routing import RecordError, records, testing
from dialnexa_routing.records import for_lake
from dialnexa_routing.records.rated_sums import amounts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from postgres import Server

PAGE = (Path(__file__).parents[1] / "docs" / "lake.md").read_text().partition("## Traps")[2]
ROWS = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE)[1:]
DECK = testing.deck({"91": "0.123456789"})
ODD = Decimal("0.123456789")
KOLKATA = pl.DataFrame({"t": [datetime(2026, 1, 1)]}).select(pl.col("t").dt.replace_time_zone("Asia/Kolkata"))
UTC_T = pl.DataFrame({"t": [datetime(2025, 12, 31, 18, 30, tzinfo=UTC)]})
COUNTS = pl.DataFrame({"n": [4_000_000_000]}, schema={"n": pl.UInt32})


def rounded_casts() -> None:
    halves = pl.Series([Decimal("1.025"), Decimal("1.035")])
    assert halves.cast(pl.Decimal(18, 2)).to_list() == [Decimal("1.02"), Decimal("1.04")]
    # 0.123456789 × 61 / 60 is 0.12551440…
    rated = records.rate(pl.DataFrame({"to": ["91980000000"], "seconds": [61]}), deck=DECK, number_plan=None)
    assert rated["charge"].to_list() == [Decimal("0.25")]
    for decimals in (2, 9):
        rated = records.rate(
            pl.DataFrame({"to": ["91980000000"], "seconds": [60]}),
            deck=DECK,
            number_plan=None,
            semantics={"decimals": decimals},
        )
        assert rated["charge"].to_list() == [round(ODD, decimals)]
        assert rated.schema["charge"] == pl.Decimal(18, decimals)


def divided_decimals() -> None:
    query = (
        "SELECT typeof(sum(x) / 3), typeof(sum(x)), sum(x) FROM (VALUES (1.25::DECIMAL(18, 2)), (0.10)) t(x)"
    )
    assert duckdb.connect().execute(query).fetchone() == ("DOUBLE", "DECIMAL(38,2)", Decimal("1.35"))


def sums_of_floats() -> None:
    charges = pl.Series([Decimal("0.10")] * 3)
    assert charges.cast(pl.Float64).sum() != 0.3
    assert charges.sum() == Decimal("0.30")


def a_ninth_place() -> None:
    connection = duckdb.connect()
    told = connection.execute("SELECT ?::DECIMAL(18, 6), ?::DECIMAL(18, 9)", [ODD, ODD]).fetchone()
    assert told == (Decimal("0.123457"), ODD)
    assert pl.Series([ODD]).cast(pl.Decimal(18, 6)).to_list() == [Decimal("0.123457")]


def times_without_a_zone() -> None:
    walls = pl.DataFrame(
        {"to": ["919812345678"], "answered_at": [datetime(2026, 1, 1)], "ended": [datetime(2026, 1, 1, 0, 1)]}
    )
    with pytest.raises(RecordError, match="timezone="):
        records.rate(walls, deck=DECK, seconds=None, ended_at="ended")
    rated = records.rate(walls, deck=DECK, seconds=None, ended_at="ended", timezone="UTC")
    assert rated["answered_at_utc"].to_list() == [datetime(2026, 1, 1, tzinfo=UTC)]


def names_of_zones(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")
    catalogs = pytest.importorskip("pyiceberg.catalog.sql", reason="pyiceberg is not installed")
    catalog = catalogs.SqlCatalog("c", uri=f"sqlite:///{tmp_path / 'c.db'}", warehouse=f"file://{tmp_path}")
    catalog.create_namespace("b")
    try:
        with pytest.raises(Exception, match="Asia/Kolkata"):
            catalog.create_table("b.walls", KOLKATA.to_arrow().schema)
        arrow = for_lake(KOLKATA).to_arrow()
        catalog.create_table("b.instants", arrow.schema).append(arrow)
        back = pl.from_arrow(catalog.load_table("b.instants").scan().to_arrow())
        assert isinstance(back, pl.DataFrame)
        assert back.equals(UTC_T)
    finally:
        catalog.close()


def unsigned_counts(tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake", reason="deltalake is not installed")
    with pytest.raises(Exception, match="Can't cast value 4000000000 to type Int32"):
        deltalake.write_deltalake(tmp_path / "unsigned", COUNTS.to_arrow())
    deltalake.write_deltalake(tmp_path / "wide", for_lake(COUNTS).to_arrow())
    back = pl.from_arrow(deltalake.DeltaTable(tmp_path / "wide").to_pyarrow_table())
    assert isinstance(back, pl.DataFrame)
    assert back.rows() == COUNTS.rows()


def ten_places(server: Server) -> None:
    pytest.importorskip("connectorx", reason="connectorx is not installed")
    from test_databases import by_connectorx

    rate = "0.12345678904::numeric"
    assert by_connectorx(f"SELECT {rate} AS r", server.folder)["r"].to_list() != [Decimal("0.12345678904")]
    told = by_connectorx(f"SELECT {rate}::text AS r", server.folder)["r"].to_list()
    assert told == ["0.12345678904"]


def the_first_hundred_rows(server: Server) -> None:
    from test_databases import by_psycopg, by_sqlalchemy

    query = (
        "SELECT CASE WHEN n > 150 THEN 1234567890123.123456789 ELSE 1.5 END::numeric AS r"
        " FROM generate_series(1, 200) n ORDER BY n"
    )
    with server.connect() as connection:
        try:
            guessed = pl.read_database(query, connection)["r"].to_list()
        except (pl.exceptions.PolarsError, OverflowError, TypeError):
            guessed = []
    exact = [Decimal("1.5")] * 150 + [Decimal("1234567890123.123456789")] * 50
    assert guessed != exact
    for read in (by_psycopg, by_sqlalchemy):
        assert read(query, server.folder)["r"].to_list() == exact


def a_type_that_cast_refuses(server: Server) -> None:
    pytest.importorskip("adbc_driver_postgresql.dbapi", reason="ADBC is not installed")
    from test_databases import by_adbc

    frame = by_adbc("SELECT 12.50::numeric AS charge", server.folder)
    with pytest.raises(pl.exceptions.PolarsError):
        frame.select(pl.col("charge").cast(pl.Decimal(18, 2)))
    cure = 'pl.col("charge").ext.storage().str.to_decimal(scale=2)'
    assert cure in PAGE
    with pytest.raises(RecordError, match=re.escape(cure.replace('"', "'"))):
        amounts_of(frame.schema)
    told = frame.select(pl.col("charge").ext.storage().str.to_decimal(scale=2))
    assert told["charge"].to_list() == [Decimal("12.50")]


def decimals_with_exponents() -> None:
    prices = pl.Series("price", [Decimal(100), Decimal(5)])
    assert (prices == Decimal("1E+2")).to_list() == [False, False]
    assert (prices == Decimal(100)).to_list() == [True, False]
    told = prices.to_frame().select(pl.col("price") == Decimal("1E+2"))
    assert told.to_series().to_list() == [True, False]


def days_of_a_session(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    from spark_sessions import sail

    UTC_T.write_parquet(tmp_path / "t.parquet")
    with sail() as session:
        session.conf.set("spark.sql.session.timeZone", "Asia/Kolkata")
        [row] = session.read.parquet(str(tmp_path / "t.parquet")).selectExpr("to_date(t) AS day").collect()
    assert row.day.isoformat() == "2025-12-31"
    told = UTC_T.select(pl.col("t").dt.convert_time_zone("Asia/Kolkata").dt.date())
    assert told.to_series()[0].isoformat() == "2026-01-01"


def columns_by_place() -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    from spark_sessions import sail

    with sail() as session:
        df = session.createDataFrame([(1, 2)], "a long, b long")
        assert df.mapInArrow(
            lambda batches: (one.select(["b", "a"]) for one in batches), df.schema
        ).collect() == [(2, 1)]
    # That `spark.rate` compares names is in test_spark.


def names_by_case() -> None:
    frame = pl.DataFrame({"to": ["919812345678"], "seconds": [60], "Charge": [1]})
    connection = duckdb.connect()
    for name, added in {"plain": "charge", "ours": "our_charge"}.items():
        rated = records.rate(frame, deck=DECK, add_prefix=added.removesuffix("charge"))
        connection.register("given", rated.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        assert (added in connection.table(name).columns) == (name == "ours")
        connection.unregister("given")
    assert connection.execute("SELECT our_charge FROM ours").fetchall() == [(Decimal("0.12"),)]


TRAPS: dict[str, Callable[..., None]] = {
    "a decimal cast to fewer places": rounded_casts,
    "decimal divided by integer": divided_decimals,
    "a sum of floats": sums_of_floats,
    "the ninth place is lost": a_ninth_place,
    "times without a zone": times_without_a_zone,
    "a zone's name is not known": names_of_zones,
    "unsigned integers come back": unsigned_counts,
    "NUMERIC is rounded to ten places": ten_places,
    "a column is typed by its first hundred rows": the_first_hundred_rows,
    "NUMERIC is an extension type": a_type_that_cast_refuses,
    "a `Series` compares wrongly": decimals_with_exponents,
    "days are those of UTC": days_of_a_session,
    "columns are matched by position": columns_by_place,
    "column names differ by case": names_by_case,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("line", ROWS)
def test_r48_a_trap_of_the_page_and_the_way_around_it(
    line: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    [held] = [held for start, held in TRAPS.items() if line.startswith(start)]
    given: dict[str, Any] = {}
    for name in held.__code__.co_varnames[: held.__code__.co_argcount]:
        given[name] = tmp_path if name == "tmp_path" else request.getfixturevalue(name)
    held(**given)


def test_every_trap_stands_on_the_page() -> None:
    assert len(ROWS) == len(TRAPS)
