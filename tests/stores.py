"""What tests of the store begin with: a workspace with a secret, times, and a look behind the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

from dialnexa_routing.workspace.sip_trunk import SipTrunk
from dialnexa_routing.workspace.workspace import EnabledGroups, Workspace
from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

if TYPE_CHECKING:
    from dialnexa_routing.store import ConfigStore

LINE, OTHER = "+14155550100", "+14155550199"
SECRET = "correct horse"


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)


def workspace(name: str = "acme", number: str = LINE, password: str = SECRET) -> Workspace:
    trunk = SipTrunk(number=number, termination="sip.example.com", username="u", password=password)
    return Workspace(id=name).with_trunk(trunk)


def with_group(of: Workspace, group: str) -> Workspace:
    one = EnabledGroups(provider="plivo", country_iso="IN", network_groups=(group,))
    return of.changed(enabled=(*of.enabled, one))


def with_line(of: Workspace, number: str) -> Workspace:
    return of.with_number(WorkspaceNumber(number=number))


def groups(of: Workspace) -> tuple[str, ...]:
    return of.enabled[0].network_groups if of.enabled else ()


def sql(place: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What the database itself says, past the store."""
    engine = create_engine(place)
    try:
        with engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        engine.dispose()


def assert_whole(store: ConfigStore, place: str) -> None:
    """Versions without gaps, each beginning where the last one ended; numbers are those of the workspaces."""
    owned = set()
    for name in store.workspaces():
        history = store.history(name)
        assert [change.version for change in history] == list(range(1, len(history) + 1))
        assert [change.before for change in history] == [None, *(change.after for change in history[:-1])]
        assert [change.changed_at for change in history] == sorted(change.changed_at for change in history)
        owned |= {(one.number, name) for one in store.read(name).document.numbers}
    assert set(sql(place, "SELECT number, id FROM routing_numbers")) == owned
