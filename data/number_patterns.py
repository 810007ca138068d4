"""The patterns of phonenumbers as automata: which digits may follow, and how many.

A pattern is read into an expression, and an expression is *derived* by a digit: what may stand after
it. So whatever is asked of a pattern (is there a number that begins so, which ones are there, how long
are they) is a walk, digit by digit, and exact. `number_plan.starts` reads the same forms for prefixes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS = "0123456789"
_QUANTIFIER = re.compile(r"\?|\{([0-9]+)(?:,([0-9]+))?\}")
_CLASS = re.compile(r"([0-9])-([0-9])|([0-9])")


@dataclass(frozen=True, slots=True)
class Digit:
    """One of these digits."""

    digits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sequence:
    """The one, then the other."""

    first: Pattern
    rest: Pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of these; none of them is a choice itself."""

    ways: frozenset[Pattern]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more."""


Pattern = Digit | Sequence | Choice | End
END = End()


def read(text: str) -> Pattern:
    """A pattern of phonenumbers. Raises `ValueError` for a form that they do not use.

    >>> sorted(numbers(read("9(?:1[12]|0{2})"), 0b1000))
    ['900', '911', '912']
    """
    found, end = _choice(text, 0)
    if end != len(text) or found is None:
        raise ValueError(f"cannot read {text!r} from character {end}")
    return found


@lru_cache(None)
def after(pattern: Pattern, digit: str) -> Pattern | None:
    """What may follow a digit; None where it cannot stand."""
    if isinstance(pattern, Digit):
        return END if digit in pattern.digits else None
    if isinstance(pattern, Choice):
        return _any_of(after(way, digit) for way in pattern.ways)
    if isinstance(pattern, Sequence):
        found = _joined(after(pattern.first, digit), pattern.rest)
        return _any_of((found, after(pattern.rest, digit))) if lengths(pattern.first) & 1 else found
    return None


@lru_cache(None)
def lengths(pattern: Pattern) -> int:
    """A bit for every count of digits that fulfils a pattern."""
    if isinstance(pattern, Digit):
        return 2
    if isinstance(pattern, Choice):
        together = 0
        for way in pattern.ways:
            together |= lengths(way)
        return together
    if isinstance(pattern, Sequence):
        first, rest = lengths(pattern.first), lengths(pattern.rest)
        together = 0
        for count in range(first.bit_length()):
            together |= (first >> count & 1) * rest << count
        return together
    return 1


def numbers(pattern: Pattern, of_lengths: int, begun: str = "") -> Iterator[str]:
    """Every number of these lengths, a bit each, that fulfils a pattern."""
    if lengths(pattern) & of_lengths & 1:
        yield begun
    if of_lengths >> 1:
        for digit in DIGITS:
            if (rest := after(pattern, digit)) is not None:
                yield from numbers(rest, of_lengths >> 1, begun + digit)


State = frozenset[tuple[Pattern, int]]
"""Patterns that a number may still fulfil, each with the lengths it may still have."""


def state(*patterns: tuple[str, int]) -> State:
    """Before any digit, of patterns as text, each with its lengths."""
    read_ones = ((read(text), of_lengths) for text, of_lengths in patterns)
    return frozenset((one, left) for one, lens in read_ones if (left := lengths(one) & lens))


def step(before: State, digit: str) -> State:
    """After a digit; empty where no number goes on so."""
    found: dict[Pattern, int] = {}
    for pattern, of_lengths in before:
        rest = after(pattern, digit)
        if rest is not None and (left := of_lengths >> 1 & lengths(rest)):
            found[rest] = found.get(rest, 0) | left
    return frozenset(found.items())


def _any_of(ways: Iterator[Pattern | None] | tuple[Pattern | None, ...]) -> Pattern | None:
    flat: set[Pattern] = set()
    for way in ways:
        if isinstance(way, Choice):
            flat |= way.ways
        elif way is not None:
            flat.add(way)
    if len(flat) > 1:
        return Choice(frozenset(flat))
    return flat.pop() if flat else None


def _joined(first: Pattern | None, rest: Pattern) -> Pattern | None:
    if first is None or rest == END:
        return first
    return rest if first == END else Sequence(first, rest)


def _choice(text: str, at: int) -> tuple[Pattern | None, int]:
    ways: list[Pattern | None] = []
    while True:
        way, at = _sequence(text, at)
        ways.append(way)
        if not text.startswith("|", at):
            return _any_of(tuple(ways)), at
        at += 1


def _sequence(text: str, at: int) -> tuple[Pattern, int]:
    parts: list[Pattern] = []
    while at < len(text) and text[at] not in "|)":
        part, at = _part(text, at)
        least = most = 1
        if quantifier := _QUANTIFIER.match(text, at):
            at = quantifier.end()
            least = int(quantifier[1] or 0)
            most = int(quantifier[2] or quantifier[1] or 1)
        maybe: Pattern = END
        for _ in range(most - least):
            maybe = _any_of((END, _joined(part, maybe))) or END
        parts += [*[part] * least, maybe]
    together: Pattern = END
    for part in reversed(parts):
        together = _joined(part, together) or END
    return together, at


def _part(text: str, at: int) -> tuple[Pattern, int]:
    if text.startswith("(?:", at):
        found, at = _choice(text, at + 3)
        if found is not None and text.startswith(")", at):
            return found, at + 1
    elif text.startswith("\\d", at):
        return Digit(frozenset(DIGITS)), at + 2
    elif text[at] == "[":
        end = text.index("]", at)
        spans = (
            range(int(one or low), int(one or high) + 1) for low, high, one in _CLASS.findall(text[at:end])
        )
        return Digit(frozenset(str(digit) for span in spans for digit in span)), end + 1
    elif text[at] in DIGITS:
        return Digit(frozenset(text[at])), at + 1
    raise ValueError(f"cannot read {text!r} from character {at}")
