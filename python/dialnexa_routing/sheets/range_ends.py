"""Prefixes in two columns, from the first of a range to its last, as lists of the prefixes between."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.cells.patterns import range_codes
from dialnexa_routing.sheets.header_keys import key

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_BEGINS = re.compile("(?:start|from)_|_(?:start|from)$|_of_range$|^first_")
_CODE = re.compile("[+]?([0-9]{1,40})(?:[.]0+)?")


def with_range_ends(table: TextTable, choices: Choices) -> TextTable:
    """`table` with each range of the columns ``prefix`` and ``prefix_to`` in the cell of the prefix.

    Where one header alone speaks of ranges, that is asked. A row whose range cannot be is
    refused.
    """
    header = table.header
    name = header.published.get("prefix", "")
    if "prefix_to" not in header.columns:
        if "prefix" not in header.mapped and _BEGINS.search(key(name)):
            choices.questions.ask(
                "columns",
                f"{header.place or table.file}: {name!r} begins ranges of prefixes, and no column is known to"
                " end them: pass columns={'prefix_to': …} with the one that does, or"
                f" columns={{'prefix': {name!r}}} if it is the whole prefix",
                [f"{{'prefix': {name!r}}}"],
                column=name,
            )
        return table
    last = header.published["prefix_to"]
    if not (_BEGINS.search(key(name)) or "prefix_to" in header.mapped or last == "prefix_to"):
        choices.questions.ask(
            "columns",
            f"{header.place or table.file}: the column {last!r} may hold digits of the prefix, as the last of"
            f" ranges that {name!r} begins: pass columns={{'prefix_to': {last!r}}} if it does, or"
            f" leave_out=({last!r},) if {name!r} is the whole prefix (quirk 2)",
            [f"{{'prefix_to': {last!r}}}"],
            column=last,
        )
    low, high = (
        clean(table.cells[one].cast(pl.String), escaped=table.escaped) for one in ("prefix", "prefix_to")
    )
    cells: list[str | None] = []
    refused: dict[int, str] = {}
    for number, first, end in zip(table.rows, low, high, strict=True):
        found = _between(first, end)
        if isinstance(found, str):
            refused[number] = f"{first!r} to {end!r} {found}"
            cells.append(first)
        else:
            cells.append(",".join(found) if found else first)
    return replace(
        table,
        cells=table.cells.with_columns(pl.Series("prefix", cells, dtype=pl.String)),
        refused=table.refused | refused,
    )


def _between(first: str | None, last: str | None) -> list[str] | str:
    """The prefixes of a range, none where the row has one prefix alone, or why there are none."""
    if first is None or last is None or first == last:
        return "is a range without its begin: write both bounds" if first is None and last else []
    bounds = [_CODE.fullmatch(one) for one in (first, last)]
    if bounds[0] is None or bounds[1] is None:
        return "is a range whose bounds are not digits: write both as digits alone"
    return range_codes(bounds[0][1], bounds[1][1])
