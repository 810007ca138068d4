"""A PostgreSQL of our own: made in a folder, reached by a socket in it, gone with the tests.

A plugin of pytest, for tests of what must hold on SQLite and on PostgreSQL: they take `place`,
or a `store` in it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from dialnexa_routing.store import ConfigStore
from hangs import HANG_S
from stores import assert_whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is: on the path, where Debian puts it, or where pg_config says."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if asked := shutil.which("pg_config"):
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        versions.append(Path(told.stdout.strip()))
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, versions)]))


class Server:
    """A running server; `fresh` makes an empty schema in it, which is quicker than a database."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.made = 0

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=self.folder, user="postgres", dbname="postgres", autocommit=True)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def fresh(self) -> str:
        self.made += 1
        with self.connect() as connection:
            connection.execute(f"CREATE SCHEMA store_{self.made}".encode())
        path = f"-csearch_path%3Dstore_{self.made}"
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&options={path}"


@contextmanager
def running() -> Iterator[Server]:
    """A server while the block runs. It refuses to be root, so root runs it as nobody."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("there is no PostgreSQL on this machine (initdb, postgres)")
    # Not in pytest's folder: its path is too long for a socket, and closed to other users.
    folder = tempfile.mkdtemp(prefix="pg")
    user: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data, log = f"{folder}/data", Path(folder, "log")
    process = None
    try:
        made = [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        with log.open("w") as out:
            subprocess.run(made, stdout=out, stderr=out, check=True, **user)
            run = [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
            process = subprocess.Popen(run, stdout=out, stderr=out, **user)
        server = Server(folder)
        while not server.answers():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)  # only to leave it the processor
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(HANG_S)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; on PostgreSQL where there is one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'routing.db'}"
    server: Server = request.getfixturevalue("server")
    return server.fresh()


@pytest.fixture
def store(place: str) -> Iterator[ConfigStore]:
    """A store that is whole at the end of its test."""
    with ConfigStore(place) as store:
        yield store
        assert_whole(store, place)
