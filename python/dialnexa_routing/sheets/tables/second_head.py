"""Heads of two rows: ``Rate`` over ``Peak`` and ``Off-Peak``, as merged cells leave them.

The row under the head belongs to it where it has no code, no digit in any cell, and says more about a
column that the head leaves without a name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.cells.coinage import CODES, SIGNS
from dialnexa_routing.sheets.header_keys import KNOWN, key

if TYPE_CHECKING:
    from dialnexa_routing.files.grid import Grid


_UNIT = re.compile(
    r"[(\[][^()\[\]]{1,20}[)\]]|[A-Za-z$\u20ac\u00a3\u20b9. ]{1,12}(?:/|per )? ?[A-Za-z. ]{0,12}"
)
_MONEY = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(sorted(CODES))})(?![A-Za-z])|{'|'.join(map(re.escape, SIGNS))}"
    "|(?i:paise|cents?)"
)


def with_second_head(grid: Grid) -> Grid:
    """`grid` with the row under its head taken into it, where that is part of the head or has its units."""
    return _with_units(_with_parts(grid))


def _with_units(grid: Grid) -> Grid:
    """`grid` with units under its names, as ``(USD)``, taken into those names that stay known by it."""
    names = [name.strip() for name in grid.head]
    if not grid.head or not grid.cells.height:
        return grid
    below = [str(cell or "").strip() for cell in grid.cells.row(0)][: len(names)]
    filled = [cell for cell in below if cell]
    if not filled or not any(map(_MONEY.search, filled)) or not all(map(_UNIT.fullmatch, filled)):
        return grid
    whole = []
    for name, cell in zip(names, below, strict=True):
        longer = f"{name} {cell}".strip()
        known = KNOWN.get(key(name)) if name else None
        whole.append(longer if known and KNOWN.get(key(longer)) == known else name)
    return replace(grid, head=tuple(whole), cells=grid.cells.slice(1), rows=grid.rows.slice(1))


def _with_parts(grid: Grid) -> Grid:
    names = [name.strip() for name in grid.head]
    if all(names) or not grid.cells.height:
        return grid
    below = [str(cell or "").strip() for cell in grid.cells.row(0)][: len(names)]
    if any(re.search("[0-9]", cell) for cell in below):
        return grid
    if not any(cell and not name for cell, name in zip(below, names, strict=True)):
        return grid
    if any(below[at] for at, name in enumerate(names) if KNOWN.get(key(name)) == "prefix"):
        return grid
    over, whole = "", []
    for name, cell in zip(names, below, strict=True):
        over = name or (over if cell else "")
        whole.append(" ".join(part for part in (over, cell) if part))
    return replace(grid, head=tuple(whole), cells=grid.cells.slice(1), rows=grid.rows.slice(1))
