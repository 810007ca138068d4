"""Prefixes flattened into disjoint intervals: what a search by order needs in place of a trie.

A number of n digits is looked up as if zeros followed it up to fifteen. So a short number may fall
into an interval whose prefix is longer than the number itself, and must then go on to the next
shorter prefix; without that a tenth of an adversarial stream comes out wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from prefixes import POWERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workload import Workload

LENGTH_SHIFT = 27
ROW = np.uint32((1 << LENGTH_SHIFT) - 1)
NONE = ROW
"""The payload, and the row, where no prefix matches."""
_DIGITS = 15


class Intervals(NamedTuple):
    """Interval i goes from `bound[i]` to before `bound[i + 1]`; a payload is a row, its digits above it."""

    bound: NDArray[np.uint64]
    payload: NDArray[np.uint32]
    parent: NDArray[np.uint32]  # of each row, the payload of the next shorter prefix
    longest: int  # digits of the longest prefix

    @classmethod
    def of(cls, workload: Workload) -> Intervals:
        """The intervals of a deck, the rows in the order of the workload."""
        length = workload.rows.length
        first = workload.aligned()
        levels = _levels(workload)
        bound = np.unique(np.concatenate([np.zeros(1, np.uint64), first, first + POWERS[_DIGITS - length]]))
        payload = _covering(levels, bound, np.full(bound.size, _DIGITS + 1, np.uint8))
        starts = np.flatnonzero(np.concatenate([[True], payload[1:] != payload[:-1]]))
        parent = _covering(levels, first, length)
        return cls(bound[starts], payload[starts], parent, int(length.max()))

    def rows(self, payload: NDArray[np.uint32], digits: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Payloads as rows, numbers shorter than the prefix found sent on to a shorter one."""
        # Where every number is longer than any prefix, and most streams are so, one comparison settles it.
        if int(digits.min()) < self.longest:
            short = np.flatnonzero((payload >> LENGTH_SHIFT) > digits)
            while short.size:
                payload[short] = self.parent[payload[short] & ROW]
                short = short[(payload[short] >> LENGTH_SHIFT) > digits[short]]
        return payload & ROW


def aligned(numbers: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Text as integers of fifteen digits, and how many it had; the fastest way found."""
    digits = numbers.str.len_bytes().to_numpy()
    value = numbers.cast(pl.UInt64).to_numpy()
    return value * _SCALE.take(digits), digits


_SCALE = np.ascontiguousarray(POWERS[_DIGITS::-1])
_Levels = list[tuple[int, "NDArray[np.uint64]", "NDArray[np.uint32]"]]


def _levels(workload: Workload) -> _Levels:
    """Per length its prefixes in order, and their payloads."""
    levels: _Levels = []
    for length in np.unique(workload.rows.length).tolist():
        rows = np.flatnonzero(workload.rows.length == length)
        rows = rows[np.argsort(workload.rows.value[rows])]
        levels.append((length, workload.rows.value[rows], (length << LENGTH_SHIFT | rows).astype(np.uint32)))
    return levels


def _covering(levels: _Levels, key: NDArray[np.uint64], below: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The longest prefix of each aligned key that has fewer digits than `below`."""
    found = np.full(key.size, NONE, np.uint32)
    for length, value, payload in levels:
        start = key // POWERS[_DIGITS - length]
        at = np.minimum(np.searchsorted(value, start), value.size - 1)
        hit = (value[at] == start) & (below > length)
        found[hit] = payload[at[hit]]
    return found
