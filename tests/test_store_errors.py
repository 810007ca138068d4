"""Whatever the database of a store does, its errors are of this package, without what was written."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from decks import INDIA, deck_of
from dialnexa_routing import DeckBook, PreparedPlans, RateDeck, Router, RoutingError, Telephony
from dialnexa_routing.deck.deck_watcher import DeckWatcher
from dialnexa_routing.store import ConfigStore, StoreError
from dialnexa_routing.store.database import Database
from dialnexa_routing.text.errors import ConfigError, ConflictError
from stores import SECRET, day, workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dialnexa_routing.workspace.workspace import Workspace


def acts(store: ConfigStore) -> dict[str, Callable[[], Any]]:
    return {
        "create": lambda: store.create(workspace("other", "+14155550177"), by="asha", at=day(3)),
        "read": lambda: store.read("acme"),
        "update": lambda: store.update(workspace(password="new"), expected_version=1, by="asha", at=day(3)),
        "change": lambda: store.change("acme", lambda old: old.changed(name="A"), by="asha", at=day(3)),
        "delete": lambda: store.delete("acme", expected_version=1, by="asha", at=day(3)),
        "history": lambda: store.history("acme"),
        "workspaces": store.workspaces,
        "plans": store.plans.ids,
    }


NAMES = ("create", "read", "update", "change", "delete", "history", "workspaces", "plans")
READING = ("read", "history", "workspaces", "plans")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with ConfigStore(tmp_path / "a.db") as store:
        store.create(workspace(), by="asha", at=day(1))
    return tmp_path / "a.db"


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(RoutingError) as error:
        act()
    assert SECRET not in str(error.value) + repr(error.value)
    assert "\n" not in str(error.value)
    assert error.value.__context__ is None or error.value.__suppress_context__
    return str(error.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("table", ["versions", "secrets", "numbers"])
def test_missing_tables(path: Path, table: str, name: str) -> None:
    with ConfigStore(path) as store:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(f"DROP TABLE routing_{table}")
        connection.close()
        used = {"versions": NAMES, "secrets": ("create", "read", "update", "change")}
        if name in used.get(table, ("create", "update", "change", "delete")):
            assert f"no such table: routing_{table}" in refused(acts(store)[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_damaged_amid_the_work(path: Path, name: str) -> None:
    with ConfigStore(path) as store:
        store.close()  # what was written stands in the file
        for beside in path.parent.glob("a.db-*"):
            beside.unlink()
        path.write_bytes(b"no database " * 4096)
        assert "file is not a database" in refused(acts(store)[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [OperationalError, IntegrityError])
def test_whatever_the_driver_raises(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: type[Exception]
) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise kind(
            "INSERT", {"secret": SECRET}, sqlite3.OperationalError(f"disk I/O error\nDETAIL: {SECRET}")
        )

    with ConfigStore(path) as store:
        if kind is IntegrityError and name in READING:
            return  # a key that is there can only be met by writing
        monkeypatch.setattr("sqlalchemy.engine.Connection.execute", failing)
        monkeypatch.setattr("sqlalchemy.engine.Connection.scalars", failing)
        with pytest.raises(RoutingError) as error:
            acts(store)[name]()
        assert SECRET not in str(error.value)
        assert isinstance(error.value, StoreError | ConflictError)


def test_what_the_function_of_a_change_raises_is_its_own(path: Path) -> None:
    def wrong(_: Workspace) -> Workspace:
        raise KeyError("mine")

    with ConfigStore(path) as store:
        with pytest.raises(KeyError, match="mine"):
            store.change("acme", wrong, by="asha", at=day(2))
        assert store.read("acme").version == 1


@pytest.mark.parametrize(
    "damage",
    [
        "changed_at = 'yesterday'",
        "changed_at = 9223372036854775807",
        "body = x'ff00'",
        "what = 7",
        "what = 'x'",
    ],
)
def test_columns_of_another_type(path: Path, damage: str) -> None:
    with ConfigStore(path) as store:
        with sqlite3.connect(path) as connection:
            connection.execute(f"UPDATE routing_versions SET {damage}")
        connection.close()
        for name in ("read", "history", "change", "update"):
            with contextlib.suppress(RoutingError):
                acts(store)[name]()
        refused(acts(store)["history"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE routing_schema SET version = 0", "there was none before"),
        (
            "DELETE FROM routing_schema",
            "has tables of schema 0, and this version knows 1; there was none before",
        ),
        (
            "UPDATE routing_schema SET version = 7",
            "has tables of schema 7, and this version knows 1: upgrade",
        ),
    ],
)
def test_a_schema_that_is_not_ours_is_named_rightly(path: Path, change: str, told: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(ConfigError, match=told):
        ConfigStore(path)


@pytest.mark.parametrize("cls", [ConfigStore, DeckBook, PreparedPlans, Router, Telephony, DeckWatcher])
def test_what_a_failed_constructor_left_has_a_repr(cls: type) -> None:
    half: object = object.__new__(cls)
    assert repr(half) == f"<{cls.__name__} that was not made>"


def test_whole_ones_keep_theirs(path: Path) -> None:
    assert repr(RateDeck.compile(deck_of(INDIA).rows())).startswith("<RateDeck ")
    with ConfigStore(path) as store:
        assert repr(store) == f"<ConfigStore, the store {path}>"
    assert issubclass(StoreError, ConfigError)
    assert Database.__doc__


@pytest.mark.parametrize("place", [f"sqlite://user:{SECRET}@host/x", f"sqlite://:{SECRET}@host/"])
def test_an_address_that_its_driver_takes_for_none_is_named_without_its_secrets(place: str) -> None:
    assert "none of sqlite: give a path" in refused(lambda: ConfigStore(place))
