"""Shares of a whole, as arguments give them."""

from __future__ import annotations


def is_share(value: object) -> bool:
    """Whether a value is a number from 0 to 1.

    >>> is_share(0.5), is_share(1), is_share("0.5"), is_share(True)
    (True, True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
