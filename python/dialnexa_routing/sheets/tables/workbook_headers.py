"""The sheets of a workbook that have a header of ours; runs in a process of its own (see `files.sandbox`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.files.workbook_cells import frames_of
from dialnexa_routing.sheets import headers

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATES = ("valid_from", "valid_to", "upcoming_from")


def frames(data: bytes) -> list[bytes]:
    """What `frames_of` gives, by headers that name canonical columns."""
    return frames_of(data, headers.score, _date_columns)


def _date_columns(cells: Sequence[str | None]) -> set[int]:
    columns = headers.recognise(cells, "").columns
    return {columns[name] for name in _DATES if name in columns}
