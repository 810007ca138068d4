"""Files that no rate sheet should be, and the limits of ours that each is to trip.

None of them harms whoever reads it, with our guards or without: what would, by its size, is small here,
and our limit is lowered below it. What a guard is there for is said in words only, where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dialnexa_routing.files import archive, document, parts, text_bounds
from dialnexa_routing.sheets.tables import source, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIMITED = {
    module.__name__.rpartition(".")[2]: module
    for module in (archive, document, parts, source, text_bounds, workbook)
}
"""The modules whose limits are lowered, by their own name."""

READ = "read"
"""What is expected of a file that is read as any other."""


class Case(NamedTuple):
    """One file.

    Attributes:
        words: what its refusal holds; `READ`; or nothing, if either may be.
        make: its bytes.
        file: its name.
        limits: those of our limits that are lowered for it, as ``module.NAME``.
    """

    words: str
    make: Callable[[], bytes]
    file: str = "a.xlsx"
    limits: Mapping[str, int] = {}
