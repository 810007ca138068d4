"""Rate cards and notices as files: a page, a PDF of it, a workbook, CSV, JSON."""

from __future__ import annotations

import io
import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.bill_page import STYLE
from dialnexa_routing.billing.bill_workbook import indian_format
from dialnexa_routing.billing.pdf_printing import print_pdfs
from dialnexa_routing.deck.exact_columns import least_places
from dialnexa_routing.files.guarded_csv import write_csv
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.money.exact import rounded
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.text.html import Markup, element, lines, page, table

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.billing.price_card import PriceNotice, RateCard

SUFFIXES = (".html", ".pdf", ".xlsx", ".csv", ".json")
_SHOWN = 6
_ALWAYS = datetime(2000, 1, 1)
_HEADS = {
    "country_iso": "Country",
    "network_group": "Network group",
    "outbound": "Outbound",
    "inbound": "Inbound",
    "prefixes": "Prefixes",
    "direction": "Direction",
    "change": "Change",
    "old": "Until now",
    "new": "From now",
    "term": "Term",
}


def write_card(card: RateCard | PriceNotice, path: Path, *, sender: str = "") -> None:
    """Write a rate card or a notice, by the suffix of `path`, whole or not at all.

    Raises `ConfigError` for a suffix that is none of `SUFFIXES`, or where a library or browser is missing.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ConfigError(f"{path} has the suffix {path.suffix!r}: write to one of {', '.join(SUFFIXES)}")
    if suffix == ".pdf":
        html = path.with_suffix(".html")
        write_card(card, html, sender=sender)
        print_pdfs([(html, path)])
        return
    with replacing(path) as file:
        if suffix == ".html":
            file.write(card_page(card, sender).encode())
        elif suffix == ".json":
            file.write((json.dumps(card.to_dict(), ensure_ascii=False, indent=1) + "\n").encode())
        elif suffix == ".csv":
            write_csv(_flat(card.rows), file)
        else:
            file.write(_workbook(card))


def card_page(card: RateCard | PriceNotice, sender: str = "") -> Markup:
    """A page of all prices, that stands alone."""
    title, *rest = card.lines()
    parts = [element("h1", title), lines([*([sender] if sender else []), *rest])]
    for caption, frame in card.frames().items():
        if frame.height:
            parts += [element("h2", caption), _table(frame)]
    return page(title, element("article", *parts), STYLE)


def _table(frame: pl.DataFrame) -> Markup:
    frame = frame.select(one.name for one in frame if one.null_count() < len(one))
    places = {one.name: least_places(one) or 9 for one in frame if isinstance(one.dtype, pl.Decimal)}
    numbers = {at for at, name in enumerate(frame.columns) if name in places}
    rows = [
        [_cell(name, value, places) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.iter_rows()
    ]
    return table([_HEADS.get(name, name) for name in frame.columns], rows, numbers=numbers)


def _cell(name: str, value: Any, places: dict[str, int]) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return rupees(rounded(value, places[name]))
    if isinstance(value, list):
        more = f" and {grouped(len(value) - _SHOWN)} more" if len(value) > _SHOWN else ""
        return ", ".join(value[:_SHOWN]) + more
    return str(value)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as one text."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(name).list.join(" ") for name in lists)


def _workbook(card: RateCard | PriceNotice) -> bytes:
    try:
        import xlsxwriter
    except ImportError:
        raise ConfigError(
            "a workbook takes xlsxwriter: install dialnexa-routing[excel], or write another suffix"
        ) from None
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        # The same prices are the same bytes.
        book.set_properties({"title": card.lines()[0], "created": _ALWAYS})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Prices")
        frame = _flat(card.rows)
        for at, name in enumerate(frame.columns):
            sheet.write_string(0, at, _HEADS.get(name, name), bold)
            sheet.set_column(at, at, 40 if name in ("network_group", "prefixes") else 16)
        sheet.freeze_panes(1, 0)
        formats = {
            one.name: book.add_format({"num_format": indian_format("₹", least_places(one) or 9)})
            for one in frame
            if isinstance(one.dtype, pl.Decimal)
        }
        for row, values in enumerate(frame.iter_rows(), 1):
            for at, (name, value) in enumerate(zip(frame.columns, values, strict=True)):
                if isinstance(value, Decimal):
                    sheet.write_number(row, at, float(f"{value:f}"), formats[name])
                elif value is not None:
                    sheet.write_string(row, at, str(value)[:32_000])
        words = book.add_worksheet("Terms")
        words.set_column(0, 0, 100)
        for row, line in enumerate(card.lines()):
            words.write_string(row, 0, line)
    return made.getvalue()
