"""Names like one that is not there, for messages."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like one in any case, as the end of a sentence.

    >>> nearest("OUTBOND_RATE", ["outbound_rate", "prefix"]), nearest("x", ["prefix"])
    ("; nearest: 'outbound_rate'", '')
    """
    known = {one.casefold(): one for one in names}
    close = difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
    return f"; nearest: {', '.join(repr(known[one]) for one in close)}" if close else ""
