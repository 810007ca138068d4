"""Workspaces and billing plans in one database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.store.database import Database
from dialnexa_routing.store.sealing import Seal, Vault
from dialnexa_routing.store.shelf import Shelf
from dialnexa_routing.text.half_made import also_half_made
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    import os


class ConfigStore(Shelf[Workspace]):
    """A shelf of workspaces, with one of billing plans beside it (`plans`).

    `place` is the path of a SQLite file, made when it is not there, or a URL: ``sqlite:///routing.db``,
    ``postgresql+psycopg://user@host/name``. Threads and processes may share it.

    Passwords of trunks stand in a table of their own, and nowhere else. They stand there as they are,
    for all who can read the database, unless `seal` and `unseal` are given: functions from bytes to bytes,
    as of a key management service.

    >>> from datetime import UTC, datetime
    >>> with ConfigStore("sqlite://") as store:
    ...     made = store.create(Workspace(id="acme"), by="asha", at=datetime(2026, 1, 1, tzinfo=UTC))
    ...     renamed = made.document.changed(name="Acme")
    ...     at = datetime(2026, 1, 2, tzinfo=UTC)
    ...     store.update(renamed, expected_version=made.version, by="ravi", at=at).version
    ...     store.history("acme")[1].what
    2
    ('name:  → Acme',)
    """

    def __init__(
        self,
        place: str | os.PathLike[str] = "sqlite:///routing.db",
        *,
        seal: Seal | None = None,
        unseal: Seal | None = None,
    ) -> None:
        vault = Vault(seal, unseal)
        database = Database(place)
        super().__init__(database, "workspace", Workspace, vault)
        self.plans = Shelf(database, "plan", BillingPlan, vault)

    def workspaces(self) -> list[str]:
        """The ids of the workspaces that are there, in order."""
        return self.ids()

    def close(self) -> None:
        """Closes the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @also_half_made
    def __repr__(self) -> str:
        return f"<ConfigStore, {self._database}>"
