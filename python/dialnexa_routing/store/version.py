"""What a store gives back: a version of a document, and what changed in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dialnexa_routing.text.errors import ConfigError, ConflictError

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.workspace import Workspace

D = TypeVar("D", bound="Workspace | BillingPlan")


class StaleVersionError(ConflictError):
    """Somebody else has changed the document since it was read (409). Remedy: read it again, and decide."""


class StoreError(ConfigError):
    """The database of a store did not do what was asked. Remedy: in the message; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Versioned(Generic[D]):
    """A document as one version has it; `changed_at` is in UTC."""

    document: D
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Change:
    """One version as an auditor reads it.

    Attributes:
        version: counted from 1, and on over deletions.
        changed_at: in UTC.
        changed_by: who made it.
        note: why, in their words.
        what: places that differ, as ``enabled[plivo/IN]: +India - Mobile``; ``created`` or ``deleted``.
        before: the document in plain data with secrets masked; None if there was none.
        after: the same afterwards; None if it was deleted.
    """

    version: int
    changed_at: datetime
    changed_by: str
    note: str
    what: tuple[str, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
