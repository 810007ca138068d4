"""A header as the caller or a format says it is to be read."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.aliases import CANONICAL
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.headers import Header, recognise
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def remapped(header: Header, columns: Mapping[str, str | int | None], file: str) -> Header:
    """`header` with the caller's `columns=` obeyed.

    Raises `SheetError` for a canonical name or a column that does not exist.
    """
    places: dict[str, int | None] = {}
    for canonical, wanted in columns.items():
        if canonical not in CANONICAL:
            near = difflib.get_close_matches(canonical, CANONICAL, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f": choose among {', '.join(CANONICAL)}"
            raise SheetError(f"columns= names {canonical!r}, which is not canonical{hint}")
        places[canonical] = None if wanted is None else _place(header, wanted, file)
    made = recognise(header.names, header.place, places, header.aliases)
    return replace(made, left_out=header.left_out)


def _place(header: Header, wanted: str | int, file: str) -> int:
    if isinstance(wanted, int):
        if 1 <= wanted <= len(header.names):
            return wanted - 1
        raise SheetError(f"columns= names column {wanted}; {file} has {len(header.names)}, counted from 1")
    same = [index for index, name in enumerate(header.names) if name == wanted.strip()]
    same = same or [
        index for index, name in enumerate(header.names) if name and normalise(name) == normalise(wanted)
    ]
    if len(same) == 1:
        return same[0]
    there = ", ".join(repr(name) for name in header.names if name)
    if not same:
        raise SheetError(f"columns= names {wanted!r}, which {file} has not; it has {there}")
    raise SheetError(
        f"columns= names {wanted!r}, which stands {len(same)} times in {file}: give its number, from 1"
    )


def positional(header: Header, names: Sequence[str]) -> Header:
    """A header for a table that has none: canonical names in their order, ``''`` for one to pass over."""
    width = len(header.names)
    found = {name: index for index, name in enumerate(names[:width]) if name}
    published = {name: f"column {index + 1}" for name, index in found.items()}
    return replace(header, columns=found, published=published, unknown=(), unclear={})
