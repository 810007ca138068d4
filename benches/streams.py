"""Streams of called numbers over a deck's prefixes: uniform, zipf and adversarial.

All are generated as integers and become text last; they have no plus, which rivals would have to strip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import polars as pl

from prefixes import FULL, POWERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from prefixes import Prefixes

    Numbers = NDArray[np.uint64]
    Generator = np.random.Generator

_LONGEST = 15


def stream(name: str, prefixes: Prefixes, count: int, seed: int) -> pl.Series:
    """`count` called numbers as text, of the stream `name`: U, Z or A."""
    rng = np.random.default_rng([seed, crc32(name.encode())])
    return pl.Series("to", STREAMS[name](prefixes, count, rng)).cast(pl.String)


def _uniform(prefixes: Prefixes, count: int, rng: Generator) -> Numbers:
    """Every prefix as often as any other: the worst honest case for a cache."""
    return _called(prefixes, rng.integers(0, prefixes.value.size, count), rng)


def _zipf(prefixes: Prefixes, count: int, rng: Generator) -> Numbers:
    """The prefix of rank k is called 1/k as often as the first: few destinations have most calls."""
    by_rank = rng.permutation(prefixes.value.size)
    rank = prefixes.value.size ** rng.random(count)
    return _called(prefixes, by_rank[rank.astype(np.int64) - 1], rng)


def _adversarial(prefixes: Prefixes, count: int, rng: Generator) -> Numbers:
    """Sixths: cut short, one digit off, at an edge, the bare prefix, nobody's, of any length."""
    row = rng.integers(0, prefixes.value.size, count)
    value, length = prefixes.value[row], prefixes.length[row].astype(np.int64)
    cut = value // POWERS[length - rng.integers(1, length + 1)]
    edge = _edge(value, length, rng)
    off = _one_digit_off(_called(prefixes, row, rng), length, rng)
    # Half the calling codes below 1000 are nobody's, so many of these match nothing.
    anyone = rng.integers(10**11, 10**12, count).astype(np.uint64)
    odd = rng.integers(POWERS[sizes := rng.integers(0, _LONGEST, count)], POWERS[sizes + 1])
    kind = rng.integers(0, 6, count)
    number: Numbers = np.choose(kind, [cut, off, edge, value, anyone, odd.astype(np.uint64)])
    return np.maximum(number, np.uint64(1))


STREAMS: dict[str, Callable[[Prefixes, int, Generator], Numbers]] = {
    "U": _uniform,
    "Z": _zipf,
    "A": _adversarial,
}


def _called(prefixes: Prefixes, row: NDArray[np.int64], rng: Generator) -> Numbers:
    """A number under each prefix, of 11 to 13 digits; a whole number stays as it is."""
    length = prefixes.length[row].astype(np.int64)
    total = np.where(length >= FULL, length, rng.integers(11, 14, row.size))
    free = POWERS[total - length]
    number: Numbers = prefixes.value[row] * free + rng.integers(0, free).astype(np.uint64)
    return number


def _edge(value: Numbers, length: NDArray[np.int64], rng: Generator) -> Numbers:
    """The first and last number of a prefix, and their neighbours outside."""
    width = POWERS[np.maximum(12 - length, 0)]
    first = value * width
    last = first + width - np.uint64(1)
    return np.choose(rng.integers(0, 4, value.size), [first, last, first - np.uint64(1), last + np.uint64(1)])


def _one_digit_off(number: Numbers, length: NDArray[np.int64], rng: Generator) -> Numbers:
    """A digit of the prefix changed, and never the first one to a zero, which no number begins with."""
    digits = np.floor(np.log10(number.astype(np.float64))).astype(np.int64) + 1
    at = rng.integers(0, length)
    place = POWERS[digits - 1 - at]
    old = number // place % np.uint64(10)
    lowest = (at == 0).astype(np.int64)
    new = rng.integers(lowest, 10, number.size).astype(np.uint64)
    changed: Numbers = number + new * place - old * place
    return changed
