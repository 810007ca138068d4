"""Names like one that is not there, for messages."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like one in any case, as the end of a sentence.

    >>> nearest("OUTBOND_RATE", ["outbound_rate", "prefix"]), nearest("x", ["prefix"])
    ("; nearest: 'outbound_rate'", '')
    """
    close = closest(name, names)
    return f"; nearest: {', '.join(map(repr, close))}" if close else ""


def nearest_or_all(name: str, names: Iterable[str]) -> str:
    """The names most like one, or where none is like it what there is, as the end of a sentence.

    >>> nearest_or_all("prefx", ["prefix", "rate"]), nearest_or_all("plan", ["to", "seconds"])
    ("; nearest: 'prefix'", "; there are 'to', 'seconds'")
    """
    known = [
        one for one in names if not one.startswith("\u200b")
    ]  # which no file has: columns while it is read
    close = nearest(name, known)
    return close or (f"; there are {quoted(', '.join(map(repr, known[:40])), 600)}" if known else "")


def closest(name: str, names: Iterable[str]) -> list[str]:
    """At most three of the names, those most like one, the best first."""
    known = {one.casefold(): one for one in names}
    return [known[one] for one in difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5)]
