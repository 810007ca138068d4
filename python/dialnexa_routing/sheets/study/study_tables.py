"""The first rows of a frame as lines of text, as an escaped HTML table, or as plain data.

Names and values in a sheet are a stranger's: control characters are replaced, and HTML is escaped.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from dialnexa_routing.money.exact import plain as plain_amount
from dialnexa_routing.money.rupees import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

ROWS = 10
_LISTED = 4
_WIDEST = 40
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_STYLE = (
    "body{font-family:system-ui,sans-serif;margin:2em}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em}caption{text-align:left;font-weight:600}"
    "th,td{padding:.15em .6em;text-align:left;border-bottom:1px solid #ddd}.n{text-align:right}"
)


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
    return _CONTROL.sub("\ufffd", str(value))


def text_table(frame: pl.DataFrame, rows: int = ROWS) -> list[str]:
    """The names of the columns and the first rows, as wide as they need; columns that say nothing left out.

    Only the last column is never cut: sentences belong there.
    """
    cells, kept = _cells(frame, rows)
    names = [name.replace("_", " ") for name in frame.columns]
    last = kept[-1] if kept else None
    lines = [
        [row[at] if at == last or len(row[at]) <= _WIDEST else row[at][: _WIDEST - 1] + "…" for at in kept]
        for row in [names, *cells]
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [frame.dtypes[at].is_numeric() for at in kept]
    text = [
        "  ".join(
            part.rjust(width) if numeric else part.ljust(width)
            for part, width, numeric in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    ]
    return text + more(frame, rows)


def _cells(frame: pl.DataFrame, rows: int) -> tuple[list[list[str]], list[int]]:
    """The first rows as text, and which columns say anything in them."""
    cells = [[cell(value) for value in row] for row in frame.head(rows).iter_rows()]
    kept = [at for at in range(frame.width) if any(row[at] not in ("", "no") for row in cells)]
    return cells, kept


def more(frame: pl.DataFrame, rows: int) -> list[str]:
    """How many rows are not shown, if any."""
    return [f"and {grouped(frame.height - rows)} more"] if frame.height > rows else []


def html_table(frame: pl.DataFrame, caption: str, rows: int = ROWS) -> str:
    """The same as an HTML table; every text in it is escaped."""
    cells, kept = _cells(frame, rows)
    kinds = [' class="n" style="text-align:right"' if dtype.is_numeric() else "" for dtype in frame.dtypes]
    head = "".join(f"<th{kinds[at]}>{escape(frame.columns[at].replace('_', ' '))}</th>" for at in kept)
    body = "".join(
        f"<tr>{''.join(f'<td{kinds[at]}>{escape(row[at])}</td>' for at in kept)}</tr>" for row in cells
    )
    rest = "".join(f"<p>{escape(line)}</p>" for line in more(frame, rows))
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{rest}"
    )


def html_lines(lines: Iterable[str]) -> str:
    """Lines of text as one paragraph."""
    return f"<p>{'<br>'.join(map(escape, lines))}</p>"


def html_page(title: str, body: str) -> str:
    """A page that stands alone and asks nothing of any other place."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
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
