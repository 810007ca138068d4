"""The tables of a store. Versions are only ever added."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA = 1
"""Of the tables below; a store of a later one is refused."""

metadata = MetaData()

schema = Table("routing_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

# The key is what refuses the second of two changes made at once.
versions = Table(
    "routing_versions",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("changed_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("changed_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("what", Text, nullable=False, comment="JSON list of changes in words"),
    Column("body", Text, comment="JSON with secrets masked; null where deleted"),
)


def _version_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["kind", "id", "version"], [versions.c.kind, versions.c.id, versions.c.version]
    )


secrets = Table(
    "routing_secrets",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("number", Text, primary_key=True),
    Column("is_sealed", Boolean, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    _version_key(),
)

# R29: a number belongs to one workspace of the store.
numbers = Table(
    "routing_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False, comment="that brought the number"),
    _version_key(),
)
