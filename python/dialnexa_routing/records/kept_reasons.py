"""Rating of what `CallRecords` read: a reason that the reader gave stays, and its row has no charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dialnexa_routing.records.record_columns import Frame

_READERS = frozenset({"reason", "source_row", "source_file", "to", "seconds", "answered_at"})
"""Columns by which rows of the reader are known; a frame of other columns named so is a stranger's."""
_STAY = (ANSWERED_AT_UTC, "deck_digest", "plan_id", "plan_digest")
_READER = "\u200breader"


def is_read(frame: Frame) -> bool:
    """Whether a frame has the columns of `CallRecords`, with the reader's reasons."""
    return has_readers(frame.collect_schema().names())


def has_readers(columns: Iterable[str]) -> bool:
    """Whether these are the columns of a frame of `CallRecords`."""
    return set(columns) >= _READERS


def keeping(frame: Frame, rate: Callable[[Frame], Frame], add_prefix: str) -> Frame:
    """A frame rated, with the reader's reasons before those of rating.

    Args:
        frame: rows of the reader.
        rate: rates a frame that has no column ``reason``.
        add_prefix: what stands before the names of the columns that it adds.
    """
    columns: list[str] = frame.collect_schema().names()
    reason = f"{add_prefix}reason"
    kept = frame.rename({"reason": _READER})
    rated = rate(kept)
    stay = {add_prefix + name for name in _STAY}
    there = set(kept.collect_schema().names())
    added: list[str] = [name for name in rated.collect_schema().names() if name not in there]
    good = pl.col(_READER).is_null()
    told = rated.with_columns(
        pl.coalesce(_READER, reason).alias(reason) if name == reason else pl.when(good).then(pl.col(name))
        for name in added
        if name not in stay
    )
    if reason == "reason":
        names = [name for name in (*columns, *added) if name != "reason"]
        return told.drop(_READER).select(*names, "reason") if "reason" in added else told.drop(_READER)
    return told.rename({_READER: "reason"}).select(*columns, *added)
