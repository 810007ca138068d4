"""Two prices in one row, each with its time, as two rows: one announced, one in force until then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import CURRENT
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.header_keys import key
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable

if TYPE_CHECKING:
    from dialnexa_routing.sheets.headers import Header


def with_versions(table: TextTable) -> TextTable:
    """`table` with a row more for each further price that a row states with a time of its own."""
    return _with_current_prices(_with_next_prices(table))


def _with_current_prices(table: TextTable) -> TextTable:
    """`table` with the price that holds until the new one of the same row begins (quirk 40).

    Without a date the new price holds already, and what was before it is history.
    """
    header = table.header
    place = _current(header)
    if place is None or "valid_from" not in header.columns:
        return table
    old = clean(table.cells[f"?{place}"], escaped=table.escaped)
    dated = clean(table.cells["valid_from"], escaped=table.escaped).is_not_null()
    there = dated & old.is_not_null()
    if not there.any():
        return table
    earlier = table.cells.filter(there).with_columns(
        pl.col(f"?{place}").alias("outbound_rate"),
        *(
            pl.lit(None, pl.String).alias(name)
            for name in ("valid_from", "valid_to", "discontinued")
            if name in table.cells.columns
        ),
        *(pl.lit(None, pl.String).alias(name) for name in header.statuses()),
    )
    reason = (
        f"{earlier.height} rows have a price until the date of their new one, which was loaded as a version"
        " of its own (quirk 40)"
    )
    remark = Remark(reason, column=header.names[place])
    cells = pl.concat([table.cells, earlier.select(table.cells.columns)])
    rows = pl.concat([table.rows, table.rows.filter(there)])
    return replace(table, cells=cells, rows=rows, remarks=[*table.remarks, remark])


def _current(header: Header) -> int | None:
    """Where the price stands that a new one takes the place of; None where there is no such pair."""
    at = header.columns.get("outbound_rate")
    if at is None or at >= len(header.names):
        return None
    held = [place for place, name in header.beaten.items() if name == "outbound_rate"]
    return held[0] if len(held) == 1 and key(header.names[held[0]]) in CURRENT else None


def _with_next_prices(table: TextTable) -> TextTable:
    """`table` with a row more for each price that is announced beside the one in force (quirk 23)."""
    header = table.header
    if not {"upcoming_rate", "outbound_rate"} <= header.columns.keys():
        return table
    upcoming = clean(table.cells["upcoming_rate"], escaped=table.escaped)
    there = upcoming.is_not_null()
    if not there.any():
        return table
    later = table.cells.filter(there)
    changed = {"outbound_rate": later["upcoming_rate"]}
    dates = (
        later["upcoming_from"]
        if "upcoming_from" in header.columns
        else later["upcoming_rate"].clear(later.height)
    )
    changed["valid_from"] = dates.set((dates.fill_null("") == ""), "no date beside the next price")
    if "upcoming_fee" in header.columns and "connect_fee" in header.columns:
        fees = later["upcoming_fee"]
        changed["connect_fee"] = later["connect_fee"].zip_with((fees.fill_null("") == ""), fees)
    cells = table.cells
    if "valid_from" not in cells.columns:
        cells = cells.with_columns(valid_from=pl.lit(None, pl.String))
        later = later.with_columns(valid_from=pl.lit(None, pl.String))
    both = pl.concat([cells, later.with_columns(series.alias(name) for name, series in changed.items())])
    named_from = header.published.get("valid_from") or header.published.get("upcoming_from", "valid_from")
    placed = replace(
        header,
        columns={"valid_from": len(header.names), **header.columns},
        published={**header.published, "valid_from": named_from},
    )
    reason = f"{later.height} rows announce a next price, which was loaded as a version of its own (quirk 23)"
    remarks = [
        *table.remarks,
        Remark(reason, column=header.published["upcoming_rate"], severity=Severity.NOTE),
    ]
    rows = pl.concat([table.rows, table.rows.filter(there)])
    return replace(table, cells=both, rows=rows, header=placed, remarks=remarks)
