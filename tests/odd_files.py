"""Files that no rate sheet should be, and the limits of ours that each is to trip.

None of them harms whoever reads it, with our guards or without: what would, by its size, is small here,
and our limit is lowered below it. What a guard is there for is said in words only, where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

READ = "read"
"""What is expected of a file that is read as any other."""


class Case(NamedTuple):
    """One file.

    Attributes:
        words: what its refusal holds; `READ`; or nothing, if either may be.
        make: its bytes.
        file: its name.
        limits: those of our `Bounds` that are lowered for it, by name.
    """

    words: str
    make: Callable[[], bytes]
    file: str = "a.xlsx"
    limits: Mapping[str, int] = {}
