"""Configurations kept in a database, version by version: ``pip install 'dialnexa-routing[store]'``."""

from __future__ import annotations

try:
    import sqlalchemy as _  # noqa: F401 - asked for first, so that its absence is told in one sentence
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the store needs SQLAlchemy; install it with: pip install 'dialnexa-routing[store]'", name=error.name
    ) from error

from dialnexa_routing.store.config_store import ConfigStore
from dialnexa_routing.store.shelf import Shelf
from dialnexa_routing.store.version import Change, StaleVersionError, StoreError, Versioned

__all__ = ["Change", "ConfigStore", "Shelf", "StaleVersionError", "StoreError", "Versioned"]
