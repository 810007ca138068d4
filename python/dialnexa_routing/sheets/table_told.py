"""What is told of a table as a whole: what stands around it, hidden columns, dates in its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.dates import issue_date
from dialnexa_routing.sheets.cells.rate_cells import FEES
from dialnexa_routing.sheets.tables import titles

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.sheets.faults import Faults
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable


def tell_title(table: TextTable, faults: Faults, choices: Choices) -> datetime | None:
    """Keeps what stands over the header, and states what in it could be used; the date of issue."""
    title = table.title
    if not title.text:
        return None
    for rows, where in ((table.above, "above the header"), (table.below, "below the table")):
        if text := titles.title(rows).text:
            faults.tell(f"these are the rows {where}: nothing to do", value=text)
    for line in title.extras:
        reason = "this sentence of the sheet speaks of what no column has: look whether a price depends on it"
        faults.tell(reason, value=line, severity=Severity.WARNING)
    if title.dated and not {"valid_from", "valid_to"} & table.header.columns.keys():
        reason = (
            "this sentence dates the prices, and no row does, so they hold at any time: add a column"
            " 'valid_from' if that is not meant (R50)"
        )
        faults.tell(reason, value=title.dated[0], severity=Severity.WARNING)
    stated = {"increments", "initial_increment_s"} & table.header.columns.keys()
    if title.billing and not stated and not choices.pulse:
        pulse = title.billing.replace(" ", "").replace("-", "/")
        reason = (
            f"the title states {title.billing}, which no row does: pass pulse={pulse!r} if it is for all rows"
        )
        faults.tell(reason, value=title.billing, severity=Severity.WARNING)
    return issue_date(title.issued, choices) if title.issued else None


def tell_pulse(table: TextTable, choices: Choices, faults: Faults) -> None:
    """Warns of increments that the header of a price states, and no row does."""
    header = table.header
    if choices.pulse or {"increments", "initial_increment_s"} & header.columns.keys():
        return
    for name in (*RATES, *JURISDICTIONS):
        published = header.published.get(name, "")
        if found := titles.pulse_in(published):
            reason = (
                f"the header states {found} s, which no row does: pass pulse={found!r} if it is for all rows"
            )
            faults.tell(reason, column=published, value=published, severity=Severity.WARNING)


def tell_hidden(table: TextTable, faults: Faults) -> None:
    """Warns of columns that nobody sees in the workbook, and that decide prices all the same."""
    header = table.header
    for name, at in header.columns.items():
        if at in table.hidden_columns:
            published = header.published[name]
            reason = (
                f"the column is hidden in the workbook, and was read as {name}: look whether it is meant, or"
                f" pass leave_out=({published!r},)"
            )
            faults.tell(reason, column=published, severity=Severity.WARNING)


def tell_dated(table: TextTable, faults: Faults) -> None:
    """Warns of prices whose header has a date, where no column has: they hold at any time."""
    header = table.header
    if {"valid_from", "valid_to", "upcoming_from"} & header.columns.keys():
        return
    for name in (*RATES, *JURISDICTIONS, *FEES):
        published = header.published.get(name, "")
        if titles.is_dated(published):
            reason = (
                "this header has a date, and no row does, so its prices hold at any time: add a column"
                " 'valid_from' if that is not meant (R50)"
            )
            faults.tell(reason, column=published, value=published, severity=Severity.WARNING)
