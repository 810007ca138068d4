"""What a store keeps apart, and what it says when something is wrong with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dialnexa_routing
from dialnexa_routing.store import ConfigStore
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.workspace import Workspace
from stores import LINE, SECRET, day, sql, workspace


def sealed(secret: bytes) -> bytes:
    return b"sealed\xff" + secret[::-1]


def unsealed(secret: bytes) -> bytes:
    assert secret.startswith(b"sealed\xff")
    return secret.removeprefix(b"sealed\xff")[::-1]


def test_secrets_are_in_their_own_table_alone(store: ConfigStore, place: str) -> None:
    store.create(workspace(), by="asha", at=day(1))
    changed = workspace(password="battery staple")
    store.update(changed, expected_version=1, by="ravi", at=day(2))
    assert store.read("acme").document == changed
    assert store.read("acme", at=day(1)).document == workspace()
    assert store.history("acme")[1].what == (f"trunks[{LINE}].password: changed",)
    for shown in (repr(store.history("acme")), repr(store.read("acme")), repr(store)):
        assert SECRET not in shown
        assert "battery" not in shown
    rows = repr(sql(place, "SELECT * FROM routing_versions") + sql(place, "SELECT * FROM routing_numbers"))
    assert SECRET not in rows
    assert "battery" not in rows
    kept = sql(place, "SELECT version, number, is_sealed, secret FROM routing_secrets ORDER BY version")
    assert [(version, bool(is_sealed)) for version, _, is_sealed, _ in kept] == [(1, False), (2, False)]
    assert bytes(kept[0][3]) == SECRET.encode()


def test_sealed_secrets_are_opened_with_the_key_alone(place: str) -> None:
    with ConfigStore(place, seal=sealed, unseal=unsealed) as store:
        store.create(workspace(), by="asha", at=day(1))
        assert store.read("acme").document == workspace()
    ((kept,),) = sql(place, "SELECT secret FROM routing_secrets")
    assert bytes(kept) == sealed(SECRET.encode())
    with ConfigStore(place) as store, pytest.raises(ConfigError, match="is sealed; open the store with"):
        store.read("acme")

    def wrong_key(_secret: bytes) -> bytes:
        raise PermissionError(SECRET)

    for unseal in (wrong_key, bytes):
        with ConfigStore(place, seal=sealed, unseal=unseal) as store:
            with pytest.raises(ConfigError, match="cannot be opened") as error:
                store.read("acme")
            assert SECRET not in str(error.value)
            assert error.value.__context__ is None


def test_secrets_from_before_sealing_can_still_be_read(place: str) -> None:
    with ConfigStore(place) as store:
        store.create(workspace(), by="asha", at=day(1))
    with ConfigStore(place, seal=sealed, unseal=unsealed) as store:
        assert store.read("acme").document == workspace()
        store.change("acme", lambda old: old.changed(name="Acme"), by="asha", at=day(2))
        assert store.read("acme").document == workspace().changed(name="Acme")


def test_a_seal_without_its_other_half_is_refused() -> None:
    with pytest.raises(ConfigError, match="belong together"):
        ConfigStore("sqlite://", seal=sealed)


def test_no_secret_stands_in_an_error_of_the_database(place: str) -> None:
    with ConfigStore(place) as store:
        sql(place, "DROP TABLE routing_secrets")
        with pytest.raises(Exception, match="routing_secrets") as error:
            store.create(workspace(), by="asha", at=day(1))
        assert SECRET not in str(error.value) + repr(error.value)
        assert store.workspaces() == []


DAMAGE = {
    '{"id": "acme"': "breaks off as JSON",
    "": "breaks off as JSON",
    '{"id": "acme", "colour": 1}': "colour: is no field there",
    "[7]": "valid dictionary",
    '{"id": "acme", "trunks": [7]}': "trunks[0]",
    '{"id": "acme", "trunks": {"number": []}}': "trunks",
}


@pytest.mark.parametrize(("body", "problem"), DAMAGE.items(), ids=range(len(DAMAGE)))
def test_a_damaged_row_is_told_with_its_place(place: str, body: str, problem: str) -> None:
    with ConfigStore(place) as store:
        store.create(workspace(), by="asha", at=day(1))
        store.create(Workspace(id="other"), by="asha", at=day(1))
        sql(place, "UPDATE routing_versions SET body = :body WHERE id = 'acme'", body=body)
        with pytest.raises(ConfigError) as error:
            store.read("acme")
        assert "version 1 of workspace 'acme' in the store" in str(error.value)
        assert problem in str(error.value)
        with pytest.raises(ConfigError):
            store.change("acme", lambda old: old, by="asha", at=day(2))
        assert store.read("other").version == 1
        # The way out: what is damaged ends, and is made again.
        store.delete("acme", expected_version=1, by="asha", at=day(2))
        assert store.create(workspace(), by="asha", at=day(2)).version == 3


def test_a_missing_secret_is_told(store: ConfigStore, place: str) -> None:
    store.create(workspace(), by="asha", at=day(1))
    kept = sql(place, "SELECT kind, id, version, number, is_sealed, secret FROM routing_secrets")
    sql(place, "DELETE FROM routing_secrets")
    with pytest.raises(ConfigError, match=r"version 1 of workspace 'acme'(.|\n)*trunks\[0\].password"):
        store.read("acme")
    names = ("kind", "id", "version", "number", "is_sealed", "secret")
    values = ", ".join(f":{name}" for name in names)
    sql(place, f"INSERT INTO routing_secrets VALUES ({values})", **dict(zip(names, kept[0], strict=True)))


def test_a_store_of_a_later_schema_is_refused(place: str) -> None:
    ConfigStore(place).close()
    sql(place, "UPDATE routing_schema SET version = 2")
    with pytest.raises(ConfigError, match="has tables of schema 2, and this version knows 1: upgrade"):
        ConfigStore(place)


def test_places_that_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("id,name\n" * 1000)
    for place in (tmp_path / "text.db", tmp_path / "missing" / "a.db", tmp_path):
        with pytest.raises(ConfigError, match="cannot be opened"):
            ConfigStore(place)
    with pytest.raises(ConfigError, match="the path of the store is empty"):
        ConfigStore("")
    for url in ("mysql://root:hunter2@host/db", "://hunter2", "http://hunter2"):
        with pytest.raises(ConfigError, match="a store is a path, or a URL") as error:
            ConfigStore(url)
        assert "hunter2" not in str(error.value)
    for url in (
        "postgresql://u:hunter2@/db?host=/missing",
        "postgresql+psycopg://u@/db?host=/missing&password=hunter2",
    ):
        with pytest.raises(ConfigError, match="cannot be opened") as error:
            ConfigStore(url)
        assert "hunter2" not in str(error.value)


def test_a_path_may_hold_what_a_url_may_not(tmp_path: Path) -> None:
    path = tmp_path / "a?b=%41#₹.db"
    with ConfigStore(path) as store:
        store.create(workspace(), by="asha", at=day(1))
    assert path.stat().st_size > 0
    with ConfigStore(str(path)) as store:
        assert store.workspaces() == ["acme"]
        assert "₹" in repr(store)


def test_without_sqlalchemy_the_extra_is_named() -> None:
    script = "import sys; sys.modules['sqlalchemy'] = None; import dialnexa_routing.store"
    path = str(Path(dialnexa_routing.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env={"PYTHONPATH": path}
    )
    assert done.stderr.strip().endswith("install it with: pip install 'dialnexa-routing[store]'")
