"""Passwords of trunks apart from the documents they belong to, sealed by the caller's functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from dialnexa_routing.store.schema import secrets
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from dialnexa_routing.files.model_files import Document

Seal = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Vault:
    """Where secrets are kept: as `seal` makes them, or as they are if there is none."""

    seal: Seal | None
    unseal: Seal | None

    def __post_init__(self) -> None:
        if (self.seal is None) != (self.unseal is None):
            raise ConfigError("seal and unseal belong together; give both, or neither")

    def put_away(self, connection: Connection, key: dict[str, Any], document: Document) -> None:
        """Stores the secrets of a version; `key` is its kind, id and version."""
        rows = []
        for trunk in document.trunks if isinstance(document, Workspace) else ():
            if trunk.password is not None:
                secret = trunk.password.get_secret_value().encode()
                sealed = secret if self.seal is None else self.seal(secret)
                rows.append(
                    key | {"number": trunk.number, "is_sealed": self.seal is not None, "secret": sealed}
                )
        if rows:
            connection.execute(insert(secrets), rows)

    def put_back(self, connection: Connection, key: dict[str, Any], plain: Any, source: str) -> None:
        """Puts the secrets of a version where its masked document has stars.

        Raises `ConfigError` for one that cannot be opened.
        """
        same = [secrets.c[name] == value for name, value in key.items()]
        rows = connection.execute(select(secrets).where(*same)).all()
        opened = {row.number: self._opened(row.secret, row.is_sealed, row.number, source) for row in rows}
        trunks = plain.get("trunks") if isinstance(plain, dict) else None
        for trunk in trunks if isinstance(trunks, list) else ():
            number = str(trunk.get("number")) if isinstance(trunk, dict) else ""
            if number in opened:
                trunk["password"] = opened[number]

    def _opened(self, secret: bytes, is_sealed: bool, number: str, source: str) -> str:
        if is_sealed and self.unseal is None:
            raise ConfigError(f"the secret of {number} in {source} is sealed; open the store with its unseal")
        try:
            return (self.unseal(secret) if is_sealed and self.unseal else secret).decode()
        except Exception as error:
            problem = type(error).__name__
        # Outside, because such an exception may hold the secret.
        raise ConfigError(f"the secret of {number} in {source} cannot be opened ({problem}): check the key")
