"""Rates and calls out of NUMERIC columns of PostgreSQL by every usual driver, exact (R48)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import polars as pl
import psycopg
import pytest
from sqlalchemy import create_engine

from dialnexa_routing import RateSheet, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres import Server

RATES = """
SELECT prefix, network_group, outbound_rate, connect_fee, initial_increment_s, next_increment_s
FROM told.rates ORDER BY prefix
"""
CALLS = 'SELECT call_id, "to", seconds, answered_at FROM told.calls ORDER BY call_id'
MADE = """
CREATE SCHEMA told;
CREATE TABLE told.rates (prefix text, network_group text, outbound_rate numeric, connect_fee numeric(12, 4),
    initial_increment_s int, next_increment_s int);
INSERT INTO told.rates VALUES ('91', 'India', 0.123456789, 0.1, 60, 60), ('1', 'US', 1.1, NULL, 1, 1),
    ('9198', 'India - Mobile', 123456789.740993101, 0, 30, 6);
CREATE TABLE told.calls (call_id bigint, "to" text, seconds numeric(20, 3), answered_at timestamptz);
INSERT INTO told.calls VALUES (1, '919812345678', 61.5, '2026-03-29 07:00+05:30'),
    (2, '912212345678', 86400, '2026-03-29 01:30+00'), (3, '12025550123', 7, NULL),
    (4, '12025550124', NULL, NULL);
"""
CHARGES = ["135802468.715092411", "177.877776160", "0.128333333"]
"""123456789.740993101 × 66 / 60, 0.123456789 × 1440 + 0.1, 1.1 × 7 / 60; the first is no float."""


@pytest.fixture
def place(server: Server) -> Iterator[Server]:
    with server.connect() as connection:
        connection.execute(MADE)
    try:
        yield server
    finally:
        with server.connect() as connection:
            connection.execute("DROP SCHEMA told CASCADE")


def by_psycopg(query: str, folder: str) -> pl.DataFrame:
    with psycopg.connect(host=folder, user="postgres", dbname="postgres") as connection:
        return pl.read_database(query, connection, infer_schema_length=None)


def by_sqlalchemy(query: str, folder: str) -> pl.DataFrame:
    engine = create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}")
    try:
        with engine.connect() as connection:
            return pl.read_database(query, connection, infer_schema_length=None)
    finally:
        engine.dispose()


def by_adbc(query: str, folder: str) -> pl.DataFrame:
    driver = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="ADBC is not installed")
    with driver.connect(f"postgresql://postgres@/postgres?host={folder}") as connection:
        return pl.read_database(query, connection)


def by_connectorx(query: str, folder: str) -> pl.DataFrame:
    pytest.importorskip("connectorx", reason="connectorx is not installed")
    uri = f"postgresql://postgres@{quote(folder, safe='')}/postgres"
    return pl.read_database_uri(query, uri, engine="connectorx")


@pytest.mark.parametrize("read", [by_psycopg, by_sqlalchemy, by_adbc, by_connectorx])
def test_r48_rates_and_calls_of_numeric_columns_are_exact(place: Server, read: Any) -> None:
    rates, calls = read(RATES, place.folder), read(CALLS, place.folder)
    deck = RateSheet.read(rates).compile()
    rated = records.rate(calls, deck=deck, semantics={"decimals": 9})
    assert rated["charge"].to_list() == [*map(Decimal, CHARGES), None]
    assert rated["reason"].to_list() == [None, None, None, "missing_seconds"]
    assert rated["billed_seconds"].to_list()[:3] == [66, 86_400, 7]
    told = rated["answered_at_utc"].dt.to_string("%H:%M").to_list()
    assert told == ["01:30", "01:30", None, None]


def test_r48_text_is_exact_where_a_driver_stops_at_ten_places(place: Server) -> None:
    """connectorx rounds NUMERIC to ten places; a rate of more is told where it comes as text."""
    query = "SELECT '91' AS prefix, 'India' AS network_group, 0.12345678904::numeric::text AS outbound_rate"
    for read in (by_psycopg, by_connectorx):
        sheet = RateSheet.read(read(query, place.folder))
        assert sheet.rows["original_rate"].to_list() == ["0.12345678904"]
