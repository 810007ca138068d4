"""The first rows of a frame as lines of text, as an escaped HTML table, or as plain data.

Names and values in a sheet are a stranger's: what cannot be seen in them is replaced.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.exact_columns import least_places
from dialnexa_routing.money.exact import PLACES, rounded
from dialnexa_routing.money.exact import plain as plain_amount
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.text.html import Markup, element, joined, lines, table
from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ROWS = 10
_LISTED = 4
_WIDEST = 40


def cell(value: object) -> str:
    """One value as one line of text: amounts without spare zeros, of a long list the beginning.

    >>> cell(Decimal("0.740000000")), cell(None), cell(["91", "92"]), cell(True)
    ('0.74', '', '91, 92', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, Decimal):
        return plain_amount(value)
    if isinstance(value, list):
        more = f" and {grouped(len(value) - _LISTED)} more" if len(value) > _LISTED else ""
        return ", ".join(map(cell, value[:_LISTED])) + more
    if isinstance(value, date):
        return value.isoformat()
    return shown(str(value))


def text_table(frame: pl.DataFrame, rows: int = ROWS, money: Collection[str] = ()) -> list[str]:
    """The names of the columns and the first rows, as wide as they need; columns that state nothing left out.

    Only the last column is never cut: sentences belong there. Columns of `money` are rupees with as many
    places as the finest of them needs, two at least, so that their points stand below each other.
    """
    cells, kept = _cells(frame, rows, money)
    names = [shown(name.replace("_", " ")) for name in frame.columns]
    last = kept[-1] if kept else None
    drawn = [
        [row[at] if at == last or len(row[at]) <= _WIDEST else row[at][: _WIDEST - 1] + "…" for at in kept]
        for row in [names, *cells]
    ]
    widths = [max(map(len, column)) for column in zip(*drawn, strict=True)]
    right = [frame.dtypes[at].is_numeric() for at in kept]
    text = [
        "  ".join(
            part.rjust(width) if numeric else part.ljust(width)
            for part, width, numeric in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in drawn
    ]
    return text + more(frame, rows)


def _cells(frame: pl.DataFrame, rows: int, money: Collection[str] = ()) -> tuple[list[list[str]], list[int]]:
    """The first rows as text, and which columns state anything in them."""
    first = frame.head(rows)
    places = {
        at: least_places(column) or PLACES
        for at, column in enumerate(first)
        if column.name in money and isinstance(column.dtype, pl.Decimal)
    }
    cells = [
        [
            rupees(rounded(value, places[at])) if at in places and value is not None else cell(value)
            for at, value in enumerate(row)
        ]
        for row in first.iter_rows()
    ]
    kept = [at for at in range(frame.width) if any(row[at] not in ("", "no") for row in cells)]
    return cells, kept


def more(frame: pl.DataFrame, rows: int) -> list[str]:
    """How many rows are not shown, if any."""
    return [f"and {grouped(frame.height - rows)} more"] if frame.height > rows else []


def html_table(frame: pl.DataFrame, caption: str, rows: int = ROWS, money: Collection[str] = ()) -> Markup:
    """The same as an HTML table; every text in it is escaped."""
    cells, kept = _cells(frame, rows, money)
    made = table(
        [frame.columns[at].replace("_", " ") for at in kept],
        [[row[at] for at in kept] for row in cells],
        caption=caption,
        numbers={place for place, at in enumerate(kept) if frame.dtypes[at].is_numeric()},
    )
    return joined([made, *(element("p", line) for line in more(frame, rows))])


def html_tables(
    sentences: Iterable[str],
    frames: Mapping[str, pl.DataFrame],
    rows: int = ROWS,
    money: Collection[str] = (),
) -> Markup:
    """Lines as one paragraph, and below it each frame under its caption."""
    return joined(
        [lines(sentences), *(html_table(frame, caption, rows, money) for caption, frame in frames.items())]
    )


def plain_rows(frame: pl.DataFrame, rows: int | None = None) -> dict[str, Any]:
    """How many rows a frame has, and the first of them with amounts and times as text."""
    first = frame if rows is None else frame.head(rows)
    return {
        "total": frame.height,
        "rows": [{name: plain(value) for name, value in row.items()} for row in first.iter_rows(named=True)],
    }


def plain(value: Any) -> Any:
    """A value as JSON has it; an amount is text, so that it stays exact."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def sentence(counts: Mapping[str, int]) -> str:
    """Names and their counts, those that are not zero.

    >>> sentence({"dearer": 1200, "cheaper": 0, "new": 1})
    '1,200 dearer, 1 new'
    """
    return ", ".join(f"{grouped(count)} {name.replace('_', ' ')}" for name, count in counts.items() if count)
