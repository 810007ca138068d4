"""Configurations kept in a database, version by version: ``pip install 'dialnexa-routing[store]'``."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import sqlalchemy as _sqlalchemy  # noqa: F401 - asked for first, so that its absence is reported in one sentence
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the store needs SQLAlchemy; install it with: pip install 'dialnexa-routing[store]'", name=error.name
    ) from error

from dialnexa_routing.store.config_store import ConfigStore
from dialnexa_routing.store.shelf import Shelf
from dialnexa_routing.store.version import Change, StaleVersionError, StoreError, Versioned
from dialnexa_routing.text.lazily import lazily

if TYPE_CHECKING:
    from dialnexa_routing.store.rated_copy import ControlTotal, copy_rated

__all__ = [
    "Change",
    "ConfigStore",
    "ControlTotal",
    "Shelf",
    "StaleVersionError",
    "StoreError",
    "Versioned",
    "copy_rated",
]

# Rows bring in Polars, which configurations do without.
__getattr__ = lazily("dialnexa_routing", dict.fromkeys(("ControlTotal", "copy_rated"), "store.rated_copy"))[0]


def __dir__() -> list[str]:
    return sorted(__all__)
