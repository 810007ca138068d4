"""Answers are compared before any time is taken; a wrong one ends the run with an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from intervals import NONE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialnexa_routing import RateDeck
    from rivals import DictLoop
    from workload import Workload

NAIVE = 20_000
"""How many numbers of a stream the dict loop checks; the rivals check all of them."""


class Agreement:
    """What the right prefix of each number is, on which everybody has to agree."""

    def __init__(self, workload: Workload, deck: RateDeck, naive: DictLoop) -> None:
        self._prefix = workload.prefix()
        self._group = workload.rows.groups["network_group"].gather(workload.rows.group)
        self._deck = deck
        self._naive = naive

    def expected(self, stream: str, numbers: pl.Series) -> pl.Series:
        """The prefixes that our deck finds, after the dict loop has found the same for a sample."""
        found = self._deck.match(numbers, fields=["entry", "prefix"]).struct.unnest()
        alone = self._deck.match(numbers, fields="entry")
        if not alone.eq_missing(found["entry"]).all():
            raise SystemExit(f"{stream}: the entry differs when it is asked for alone")
        pairs = found.unique()
        if not pairs.height == pairs["entry"].n_unique() == pairs["prefix"].n_unique():
            raise SystemExit(f"{stream}: an entry stands for two prefixes, or a prefix for two entries")
        step = max(1, len(numbers) // NAIVE)
        naive = self._naive.rows(numbers.gather_every(step))
        self._compare(
            stream, self._naive.name, numbers.gather_every(step), naive, found["prefix"].gather_every(step)
        )
        return found["prefix"]

    def check(
        self, stream: str, name: str, numbers: pl.Series, rows: NDArray[np.uint32], expected: pl.Series
    ) -> None:
        """Rows that a rival found, against the prefixes expected."""
        self._compare(stream, name, numbers, rows, expected)

    def check_groups(self, stream: str, lean: RateDeck, numbers: pl.Series, rows: NDArray[np.uint32]) -> None:
        """The groups of a deck without redundant prefixes, against those of rows found in the whole one."""
        found = lean.match(numbers, fields="network_group")
        self._refuse(
            stream, "ours, redundant prefixes left out", numbers, found, self._group.gather(_rows(rows))
        )

    def _compare(
        self, stream: str, name: str, numbers: pl.Series, rows: NDArray[np.uint32], expected: pl.Series
    ) -> None:
        self._refuse(stream, name, numbers, self._prefix.gather(_rows(rows)), expected)

    @staticmethod
    def _refuse(stream: str, name: str, numbers: pl.Series, found: pl.Series, expected: pl.Series) -> None:
        wrong = found.ne_missing(expected)
        if wrong.any():
            at = wrong.arg_max() or 0
            raise SystemExit(
                f"wrong answers on stream {stream}: {name} and our deck differ on {wrong.sum()} "
                f"of {len(numbers)} numbers, first on {numbers[at]}: {found[at]} and {expected[at]}"
            )


def _rows(rows: NDArray[np.uint32]) -> pl.Series:
    """Rows to gather by, null where none was found."""
    found = pl.Series(rows)
    return found.set(found == int(NONE), None)
