"""The words of call records for direction, answer and machines, compared as `folded` has them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.records.formats.call_format import Way

DIRECTIONS: Mapping[str, Way] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "outbound",
                "outgoing",
                "out",
                "outboundapi",
                "outbounddial",
                "outboundphonecall",
                "scdoutbound",
            ),
            "outbound",
        ),
        **dict.fromkeys(("inbound", "incoming", "in", "inboundphonecall", "scdinbound"), "inbound"),
        **dict.fromkeys(("local", "internal", "webcall"), "neither"),
    }
)
"""What every system means by them; the others are of a format, or of the caller."""
ANSWERED = frozenset(
    {"answered", "answer", "completed", "complete", "accepted", "callconnected", "connected"}
)
NOT_ANSWERED = frozenset(
    {
        "noanswer",
        "notanswered",
        "unanswered",
        "missed",
        "missedcall",
        "busy",
        "failed",
        "congestion",
        "cancel",
        "cancelled",
        "canceled",
        "rejected",
        "timeout",
        "notconnected",
        "dialnoanswer",
        "dialbusy",
        "dialfailed",
        "loserace",
        "noprocess",
    }
)
_FEW = 8
"""Words are folded once each where so many rows share one."""
_MACHINES = {"machine", "machinestart", "machineendbeep", "machineendsilence", "machineendother"}
TRUE = frozenset({"true", "yes", "1", "t", "y", "voicemail", "voicemailreached", *_MACHINES})
FALSE = frozenset({"false", "no", "0", "f", "n", "human"})


def folded_texts(words: pl.Expr) -> pl.Expr:
    """A column of words as they are compared; see `formats.call_format.folded`."""
    return words.map_batches(_folded, return_dtype=pl.String, is_elementwise=True)


def _folded(words: pl.Series) -> pl.Series:
    """A batch of them: each word once, for a status has a handful of them in thousands of rows."""
    once = words.unique()
    if len(once) * _FEW > len(words):
        return _each_folded(words)
    found = words.replace_strict(once, _each_folded(once), return_dtype=pl.String)
    return found.alias(words.name)


def _each_folded(words: pl.Series) -> pl.Series:
    return words.str.to_lowercase().str.replace_all(r"[\s_-]+", "")


def booleans(cells: pl.Expr) -> pl.Expr:
    """Whether, in any case: null where a cell states neither."""
    words = folded_texts(cells.cast(pl.String))
    return pl.when(words.is_in(sorted(TRUE))).then(True).when(words.is_in(sorted(FALSE))).then(False)


def ways(words: pl.Series) -> pl.Series:
    """Directions of records as outbound and inbound, whatever systems call them; a word for neither stays.

    >>> ways(pl.Series(["OUTBOUND", "in", "inbound", "up", None])).to_list()
    ['outbound', 'inbound', 'inbound', 'up', None]
    """
    if words.dtype == pl.Null:
        return words.cast(pl.String)
    if words.dtype != pl.String:
        return words
    # One word that states neither must not cost a look at all the others.
    others = words.filter((words != "outbound") & (words != "inbound")).unique()
    meant = [DIRECTIONS.get(word, "neither") for word in _each_folded(others)]
    known = {word: way for word, way in zip(others, meant, strict=True) if way != "neither"}
    return words.replace(known) if known else words
