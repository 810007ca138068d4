"""One or several of something, in the words of a sentence."""

from __future__ import annotations


def several(times: int, one: str, more: str) -> str:
    """A count and its words.

    >>> several(1, "row is", "rows are"), several(2, "row is", "rows are")
    ('1 row is', '2 rows are')
    """
    return f"{times} {one if times == 1 else more}"
