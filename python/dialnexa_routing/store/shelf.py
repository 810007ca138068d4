"""Documents of one kind in a store: every change is a version, and none is lost."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, cast

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from dialnexa_routing.clock.wall_clock import instant_at, microseconds
from dialnexa_routing.files.model_files import json_data
from dialnexa_routing.store.changes import changes
from dialnexa_routing.store.schema import numbers, versions
from dialnexa_routing.store.version import Change, D, StaleVersionError, StoreError, Versioned
from dialnexa_routing.text.errors import ConfigError, ConflictError, UnknownNameError
from dialnexa_routing.text.events import event
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Row

    from dialnexa_routing.store.database import Database
    from dialnexa_routing.store.sealing import Vault


class Shelf(Generic[D]):
    """All documents of one kind. A change is one transaction, dated by its caller, never back in time."""

    def __init__(self, database: Database, kind: str, model: type[D], vault: Vault) -> None:
        self._database = database
        self._kind = kind
        self._model = model
        self._vault = vault

    def create(self, document: D, *, by: str, at: datetime, note: str = "") -> Versioned[D]:
        """Adds a document. Raises `ConflictError` if one of its id, or one of its numbers, is there (R29)."""
        return Versioned(document, *self._append(document.id, document, None, by, at, note))

    def read(self, document_id: str, *, at: datetime | None = None) -> Versioned[D]:
        """The latest version, or the one in force at a time. Raises `UnknownNameError` if there is none."""
        with self._database.reading() as connection:
            row = self._last(connection, document_id, at)
            if row is None or row.body is None:
                raise self._unknown(document_id, row)
            document = self._document(connection, row)
            return Versioned(document, row.version, _time(row.changed_at), row.changed_by)

    def update(
        self, document: D, *, expected_version: int, by: str, at: datetime, note: str = ""
    ) -> Versioned[D]:
        """Puts a document in place of that version of it; one that states the same makes no version.

        Raises `StaleVersionError` if another version is the latest, `ConflictError` for a number that
        is registered elsewhere (R29) or a time before the last change.
        """
        return Versioned(document, *self._append(document.id, document, expected_version, by, at, note))

    def change(
        self,
        document_id: str,
        function: Callable[[D], D],
        *,
        by: str,
        at: datetime | Callable[[], datetime],
        note: str = "",
    ) -> Versioned[D]:
        """Reads, applies a function and updates, all in one transaction; others wait meanwhile.

        `function` must not write to this store. `at` is a time, or a clock that is asked meanwhile.
        """
        with self._writing(document_id) as connection:
            last = self._last(connection, document_id)
            if last is None or last.body is None:
                raise self._unknown(document_id, last)
            new = function(self._document(connection, last))
            if new.id != document_id:
                raise ConfigError(
                    f"the {self._kind} {document_id!r} came back as {new.id!r}; an id does not change"
                )
            when = at if isinstance(at, datetime) else at()
            return Versioned(new, *self._write(connection, document_id, new, last.version, by, when, note))

    def delete(
        self, document_id: str, *, expected_version: int, by: str, at: datetime, note: str = ""
    ) -> None:
        """Ends a document and frees its numbers; its history stays, and its id may be created again."""
        self._append(document_id, None, expected_version, by, at, note)

    def history(self, document_id: str) -> list[Change]:
        """All versions, the first one first. Raises `UnknownNameError` if there are none."""
        query = select(versions).where(*self._same(document_id)).order_by(versions.c.version)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            raise self._unknown(document_id, None)
        bodies: list[Any] = [None]
        bodies += [None if row.body is None else self._data(row, row.body) for row in rows]
        return [
            Change(
                row.version,
                _time(row.changed_at),
                row.changed_by,
                row.note,
                self._what(row),
                before,
                after,
            )
            for row, before, after in zip(rows, bodies, bodies[1:], strict=False)
        ]

    def ids(self, *, at: datetime | None = None) -> list[str]:
        """The ids of all that are there, or were at a time, in order."""
        last = select(versions.c.id, func.max(versions.c.version).label("version"))
        last = last.where(versions.c.kind == self._kind).group_by(versions.c.id)
        if at is not None:
            last = last.where(versions.c.changed_at <= microseconds(at))
        latest = last.subquery()
        is_latest = (versions.c.id == latest.c.id) & (versions.c.version == latest.c.version)
        is_there = (versions.c.kind == self._kind) & versions.c.body.is_not(None)
        query = select(versions.c.id).join(latest, is_latest).where(is_there)
        with self._database.reading() as connection:
            return sorted(connection.scalars(query))

    def _append(
        self, document_id: str, new: D | None, expected: int | None, by: str, at: datetime, note: str
    ) -> tuple[int, datetime, str]:
        """The version, time and author that the document now has."""
        try:
            with self._writing(document_id) as connection:
                return self._write(connection, document_id, new, expected, by, at, note)
        except ConflictError:
            # Perhaps somebody who did not wait has added this version since the last one was read.
            with self._database.reading() as connection:
                self._check(document_id, self._last(connection, document_id), expected, microseconds(at))
            raise

    @contextmanager
    def _writing(self, document_id: str) -> Iterator[Connection]:
        name = f"{self._kind} {document_id}"
        try:
            with self._database.writing(name) as connection:
                yield connection
            return
        except IntegrityError:
            problem = f"the {name} was changed by somebody else at the same time"
        raise ConflictError(f"{problem} (409): read it again, and decide") from None

    def _write(
        self,
        connection: Connection,
        document_id: str,
        new: D | None,
        expected: int | None,
        by: str,
        at: datetime,
        note: str,
    ) -> tuple[int, datetime, str]:
        when = microseconds(at)
        for name, text in (("id", document_id), ("by", by), ("note", note)):
            if not _is_text(text) or (not text and name != "note"):
                raise ConfigError(f"{name} is empty, or holds what is no character; write it as plain text")
        last = self._last(connection, document_id)
        self._check(document_id, last, expected, when)
        old = self._document(connection, last) if new and last and last.body is not None else None
        if last is not None and old is not None and old == new:
            return last.version, _time(last.changed_at), last.changed_by
        version = 1 if last is None else last.version + 1
        key = {"kind": self._kind, "id": document_id, "version": version}
        what = changes(old, new) if old and new else ["created" if new else "deleted"]
        row = key | {
            "changed_at": when,
            "changed_by": by,
            "note": note,
            "what": json.dumps(what, ensure_ascii=False),
            "body": None if new is None else json.dumps(new.to_dict()),
        }
        connection.execute(insert(versions).values(row))
        self._register(connection, key, new)
        if new is not None:
            self._vault.put_away(connection, key, new)
        event("store", "document.written", kind=self._kind, id=document_id, version=version)
        return version, _time(when), by

    def _check(self, document_id: str, last: Row[Any] | None, expected: int | None, when: int) -> None:
        """Raises unless a change that expects a version may follow the last one."""
        if expected is None:
            if last is not None and last.body is not None:
                raise ConflictError(
                    f"the {self._kind} {document_id!r} is there already (409), at {_told(last)}: change it,"
                    " or name another"
                )
        elif last is None or last.body is None:
            raise self._unknown(document_id, last)
        elif last.version != expected:
            raise StaleVersionError(
                f"the {self._kind} {document_id!r} is at {_told(last)}, and this change is of version"
                f" {expected} (409): read it again, and decide"
            )
        if last is not None and when < last.changed_at:
            raise ConflictError(
                f"the change of {self._kind} {document_id!r} is dated {_time(when).isoformat()}, before"
                f" {_told(last)}: date it later"
            )

    def _register(self, connection: Connection, key: dict[str, Any], new: D | None) -> None:
        """Makes the numbers that a document owns those that it has (R29)."""
        of_it = (numbers.c.kind == self._kind, numbers.c.id == key["id"])
        owned = set(connection.scalars(select(numbers.c.number).where(*of_it)))
        wanted = {one.number for one in new.numbers} if isinstance(new, Workspace) else set()
        # In one order for everybody, so that two who want each other's numbers do not wait for ever.
        for number in sorted(owned ^ wanted):
            if number in owned:
                connection.execute(delete(numbers).where(numbers.c.number == number))
                continue
            try:
                connection.execute(insert(numbers).values(key | {"number": number}))
            except IntegrityError:
                raise ConflictError(
                    f"{number} is registered in another workspace (409): remove it there first"
                ) from None

    def _last(self, connection: Connection, document_id: str, at: datetime | None = None) -> Row[Any] | None:
        query = select(versions).where(*self._same(document_id)).order_by(versions.c.version.desc()).limit(1)
        if at is not None:
            query = query.where(versions.c.changed_at <= microseconds(at))
        row = connection.execute(query).first()
        if row is not None:
            _time(row.changed_at)  # SQLite keeps anything in any column
        return row

    def _same(self, document_id: str) -> tuple[Any, ...]:
        if not _is_text(document_id):
            raise self._unknown(document_id, None)
        return (versions.c.kind == self._kind, versions.c.id == document_id)

    def _document(self, connection: Connection, row: Row[Any]) -> D:
        source = self._source(row)
        plain = self._data(row, row.body)
        key = {"kind": row.kind, "id": row.id, "version": row.version}
        self._vault.put_back(connection, key, plain, source)
        return cast("D", self._model.from_dict(plain, source=source))

    def _data(self, row: Row[Any], text: object) -> Any:
        if not isinstance(text, str):  # SQLite keeps anything in any column
            raise StoreError(f"{self._source(row)} is no text: restore a backup")
        return json_data(text, self._source(row))

    def _what(self, row: Row[Any]) -> tuple[str, ...]:
        found = self._data(row, row.what)
        if not isinstance(found, list):
            raise StoreError(f"what changed in {self._source(row)} is no list: restore a backup")
        return tuple(map(str, found))

    def _source(self, row: Row[Any]) -> str:
        return f"version {row.version} of {self._kind} {row.id!r} in the store"

    def _unknown(self, document_id: str, last: Row[Any] | None) -> UnknownNameError:
        ended = f"; it was deleted in {_told(last)}" if last is not None else ""
        return UnknownNameError(f"there is no {self._kind} {document_id!r}{ended}")


def _is_text(text: str) -> bool:
    """Whether any database can hold it."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _told(row: Row[Any]) -> str:
    return f"version {row.version}, by {row.changed_by!r} at {_time(row.changed_at).isoformat()}"


def _time(microseconds_utc: int) -> datetime:
    try:
        return instant_at(microseconds_utc)
    except (TypeError, OverflowError):
        raise StoreError("a version in the store has a time that is none: restore a backup") from None
