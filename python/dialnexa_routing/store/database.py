"""The database under a store: SQLite or PostgreSQL, with its tables made when it is first opened."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from hashlib import blake2b
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from dialnexa_routing.store import schema as tables
from dialnexa_routing.store.version import StoreError
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
BUSY_S = 30
"""How long a SQLite file is waited for."""
_TRIES = 300
_LOCK = b"dialnexa_routing"
_MEMORY = (None, "", ":memory:")


class Database:
    """Transactions on one database, shared by threads.

    Raises `ConfigError` when it cannot be opened, or holds the tables of a later version.
    """

    def __init__(self, place: str | os.PathLike[str]) -> None:
        url = _url(place)
        # Its password and its parameters, which may hold one, are not shown.
        self._name = url.database if url.drivername == "sqlite" else repr(url.set(query={}))
        self._engine = _engine(url)
        # SQLite locks for writing from the start, rather than fail where it has read already.
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        try:
            self._check_schema()
        except StoreError as error:
            self.close()
            raise StoreError(f"{self} cannot be opened: {error}") from error
        except BaseException:
            self.close()
            raise

    def __str__(self) -> str:
        return f"the store {self._name}"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises `StoreError` for whatever the database does."""
        with self._told(keys=False), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, name: str) -> Iterator[Connection]:
        """A transaction that may write: committed at its end, rolled back by an exception.

        Those of one name stand in a queue, so that nobody who reads and then writes is overtaken for ever;
        on SQLite all of them do.

        Raises `StoreError` for whatever the database does, but `IntegrityError` for a key that is there.
        """
        with self._told(keys=True), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                digest = blake2b(name.encode(errors="surrogatepass"), digest_size=8, key=_LOCK).digest()
                number = int.from_bytes(digest, "big", signed=True)
                connection.execute(select(func.pg_advisory_xact_lock(number)))
            yield connection

    @contextmanager
    def _told(self, *, keys: bool) -> Iterator[None]:
        """What goes wrong in the database, as an error of ours in one line: further ones may hold values."""
        try:
            yield
        except SQLAlchemyError as error:
            if isinstance(error, IntegrityError) and keys:
                raise
            problem = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        except sqlite3.Error as error:
            problem = str(error).partition("\n")[0]
        else:
            return
        # Such an error may hold what was to be written.
        told = f"{self} did not answer as it should ({problem}): check its place and its tables"
        raise StoreError(told) from None

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _check_schema(self) -> None:
        with self.reading() as connection:
            found = _schema(connection)
        if found is None:
            with self.writing("schema") as connection:
                found = _schema(connection)
                if found is None:
                    tables.metadata.create_all(connection)
                    connection.execute(tables.schema.insert().values(version=tables.SCHEMA))
                    found = tables.SCHEMA
        if found != tables.SCHEMA:
            what = f"{self} has tables of schema {found!r:.20}, and this version knows {tables.SCHEMA}"
            if isinstance(found, int) and found > tables.SCHEMA:
                raise ConfigError(f"{what}: upgrade dialnexa-routing")
            raise ConfigError(
                f"{what}; there was none before, so they were damaged or made by somebody else: restore a"
                " backup, or name another place"
            )


def _schema(connection: Connection) -> object:
    """The number of the schema, as it stands there; None where there are no tables of ours."""
    if not inspect(connection).has_table(tables.schema.name):
        return None
    return connection.execute(select(func.max(tables.schema.c.version))).scalar() or 0


def _url(place: str | os.PathLike[str]) -> URL:
    text = os.fspath(place)
    if not text:  # of which SQLite makes a store that is gone when it is closed
        raise ConfigError("the path of the store is empty: give one, as routing.db")
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError:
        url = URL.create("none")
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigError(
            "a store is a path, or a URL that begins with sqlite:/// or postgresql+psycopg://; give one"
        )
    return url


def _engine(url: URL) -> Engine:
    """An engine of the database. Raises `ConfigError` for an address that its driver takes for none."""
    try:
        return _made(url)
    except ArgumentError:
        # Outside, because the driver's error may hold what was given.
        problem = f"the address of the store is none of {url.get_backend_name()}"
    raise ConfigError(f"{problem}: give a path, sqlite:///routing.db or postgresql+psycopg://user@host/name")


def _made(url: URL) -> Engine:
    # Parameters hold secrets, and would stand in errors and logs.
    if url.drivername != "sqlite":
        try:
            return create_engine(
                url, hide_parameters=True, pool_pre_ping=True, isolation_level="READ COMMITTED"
            )
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "PostgreSQL needs psycopg; install it with: pip install 'dialnexa-routing[store]'",
                name=error.name,
            ) from error
    # A database in memory lives in its one connection.
    size = {"pool_size": 1, "max_overflow": 0} if url.database in _MEMORY else {}
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_S, "isolation_level": None, "check_same_thread": False},
        **size,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # The file keeps this mode. While others change it too, SQLite refuses at once instead of waiting.
    for left in range(_TRIES, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
        sleep(BUSY_S / _TRIES)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
