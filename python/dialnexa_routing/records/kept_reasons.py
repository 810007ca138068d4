"""Rating of what `CallRecords` read: a reason that the reader gave stays, and its row has no charge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.records.rating_options import OF_PLANS
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame

_READERS = frozenset({"reason", "source_row", "source_file", "to", "seconds", "answered_at"})
"""Columns by which rows of the reader are known; a frame of other columns named so is a stranger's."""
_STAY = (ANSWERED_AT_UTC, "deck_digest", "plan_id", "plan_digest")
READER = "\u200breader"
"""A column of reasons beside rows that have none of their own: of whoever watches a file."""


def is_read(frame: Frame) -> bool:
    """Whether a frame has reasons already: of the reader, or of whoever watches a file."""
    names = frame.collect_schema().names()
    return READER in names or has_readers(names)


def has_readers(columns: Iterable[str]) -> bool:
    """Whether these are the columns of a frame of `CallRecords`."""
    return set(columns) >= _READERS


def kept_name(name: str, columns: Container[str]) -> str:
    """A column of a file as it is called among the rows of its reader, where it stays as it was.

    >>> kept_name("workspace", {"to", "raw_workspace"}), kept_name("to", {"to", "raw_workspace"})
    ('raw_workspace', 'to')
    """
    return f"raw_{name}" if name not in columns and f"raw_{name}" in columns else name


def as_kept(found: Asked, columns: Sequence[str]) -> Asked:
    """The options, with the columns of plans as they are called among rows of the reader."""
    there = frozenset(columns)
    names: dict[str, Any] = {name: kept_name(getattr(found, name), there) for name in OF_PLANS}
    if isinstance(found.plan, str):
        names["plan"] = kept_name(found.plan, there)
    return replace(found, **names)


def keeping(frame: Frame, rate: Callable[[Frame], Frame], add_prefix: str) -> Frame:
    """A frame rated, with the reader's reasons before those of rating.

    Args:
        frame: rows of the reader.
        rate: rates a frame that has no column ``reason``.
        add_prefix: what stands before the names of the columns that it adds.
    """
    columns: list[str] = frame.collect_schema().names()
    reason = f"{add_prefix}reason"
    is_beside = READER in columns
    kept = frame if is_beside else frame.rename({"reason": READER})
    rated = rate(kept)
    stay = {add_prefix + name for name in _STAY}
    there = set(kept.collect_schema().names())
    added: list[str] = [name for name in rated.collect_schema().names() if name not in there]
    good = pl.col(READER).is_null()
    told = rated.with_columns(
        pl.coalesce(READER, reason).alias(reason) if name == reason else pl.when(good).then(pl.col(name))
        for name in added
        if name not in stay
    )
    if is_beside:
        return told.drop(READER)
    if reason == "reason":
        names = [name for name in (*columns, *added) if name != "reason"]
        return told.drop(READER).select(*names, "reason") if "reason" in added else told.drop(READER)
    return told.rename({READER: "reason"}).select(*columns, *added)
