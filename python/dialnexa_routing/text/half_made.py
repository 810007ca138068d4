"""Objects whose constructor failed: a debugger and a test runner show them all the same."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def also_half_made(words: Callable[[T], str]) -> Callable[[T], str]:
    """A ``__repr__`` that states so where the attributes it shows were never set.

    >>> class Deck:
    ...     def __init__(self, name):
    ...         self.name = name.strip()
    ...
    ...     @also_half_made
    ...     def __repr__(self):
    ...         return f"<Deck {self.name}>"
    >>> Deck("a"), Deck.__new__(Deck)
    (<Deck a>, <Deck that was not made>)
    """

    @wraps(words)
    def shown(self: T) -> str:
        try:
            return words(self)
        except AttributeError:
            return f"<{type(self).__name__} that was not made>"

    return shown
