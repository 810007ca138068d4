"""What is told of a table whose layout nobody knows: its columns, or its first line if that is a call."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from dialnexa_routing.records.call_choices import way
from dialnexa_routing.records.formats.call_format import Kind, folded
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.raw_tables import RawTable

_A_TIME = re.compile(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}[T ]|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")


def like(wanted: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Columns whose names hold one of these words, at most three; a stand-in where there is none."""
    near = [name for word in wanted for name in names if word in folded(name)]
    return tuple(dict.fromkeys(near))[:3] or ("HEADER",)


class UnknownLayoutError(RecordError):
    """Records that no format knows, and of which no column was named."""


def unknown(table: RawTable, choices: CallChoices) -> str:
    """What is reported of a table that no format knows: its columns, or its first line if that is a call."""
    head = next(iter(table.heads.values()))
    below = next((row for row in head.rows if head.kind is Kind.TEXT and _is_header(row)), None)
    if below is not None and not _is_header(head.names):
        line = quoted(",".join(below), 300)
        return (
            f"{table.file} has lines above its header, which looks to be: {line}. Take away what stands above"
            f" that line; the first is {quoted(','.join(head.names).rstrip(','), 100)!r}"
        )
    named = way("format", "NAME")
    if head.kind is Kind.TEXT and (choices.header is not True or is_a_call(head.names)):
        line = quoted(",".join(head.names), 400)
        return (
            f"{table.file} has no known header; its first line, of {len(head.names)} cells, looks "
            f"like a call: {line}. Pass {named} with the system that wrote it, or header=None and the places "
            "of its columns, as columns={'to': 3, 'answered_at': 11, 'seconds': 14}"
        )
    shown = quoted(", ".join(map(repr, head.names[:40])), 600)
    to = like(("to", "dst", "destination", "called", "number"), head.names)[0]
    seconds = like(("seconds", "secs", "billsec", "duration", "talk"), head.names)[0]
    return (
        f"{table.file} is of no format that is known; its columns are {shown}. Pass {named}, or name them, "
        f"as columns={{'to': {to!r}, 'seconds': {seconds!r}}}"
    )


_CALLED, _LASTING = (
    ("dst", "destination", "called", "number", "callee"),
    ("second", "billsec", "duration", "talk"),
)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a line names a called number and a length, and holds no value.

    >>> _is_header(("Called number", "Start", "Duration")), _is_header(("Calls of 2026", "", ""))
    (True, False)
    """
    names = [folded(cell) for cell in cells if cell]
    has = [any(word in name for name in names for word in words) for words in (_CALLED, _LASTING)]
    return ("to" in names or has[0]) and has[1] and not is_a_call(cells)


def is_a_call(cells: Sequence[str]) -> bool:
    """Whether a first line is a call and no header: it has a time, a long number, or mostly digits.

    >>> is_a_call(("1001", "919812345678", "63")), is_a_call(("to", "seconds", ""))
    (True, False)
    """
    counted = Counter(
        "value" if _A_TIME.match(cell) or re.fullmatch(r"\+?[0-9][0-9.:]*", cell) else "name"
        for cell in cells
        if cell
    )
    return counted["value"] > 0
