"""Rates that depend on where the caller is: one jurisdiction of a North American deck (quirk 47)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.amounts import amount_column
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.cells.money import NOT_OFFERED, PLAIN, parse
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices


def with_jurisdiction(table: TextTable, choices: Choices) -> TextTable:
    """`table` with the rates of one jurisdiction as its outbound rates.

    Raises `SheetError` for a jurisdiction that the table has no rate of.
    """
    there = [name for name in JURISDICTIONS if name in table.header.columns]
    header = table.header
    if not there:
        if choices.jurisdiction is not None and any(name in header.columns for name in RATES):
            raise SheetError(
                f"{table.file} has one rate for all callers: leave out jurisdiction={choices.jurisdiction!r}"
            )
        return table
    words = [f"'{name.removesuffix('_rate')}'" for name in there]
    flat = [name for name in ("outbound_rate",) if name in header.columns]
    if choices.jurisdiction is None:
        found = " and ".join(repr(header.published[name]) for name in (*flat, *there))
        alone = (
            f", or leave_out={tuple(header.published[name] for name in there)} to take the first"
            if flat
            else ""
        )
        choices.questions.ask(
            "jurisdiction",
            f"{table.file} has the rates {found}, and which holds depends on the caller: pass jurisdiction="
            f"{' or '.join(words)}, or 'dearest' (quirk 47){alone}",
            [*words, "'dearest'"],
        )
        return table if flat else _priced_by(table, there[0], table.cells[there[0]], [])
    wanted = f"{choices.jurisdiction}_rate"
    if choices.jurisdiction == "dearest":
        rate, published = _dearest(table, [*flat, *there], choices), header.published[there[0]]
    elif wanted in there:
        rate, published = table.cells[wanted], header.published[wanted]
    else:
        raise SheetError(
            f"{table.file} has no rate for jurisdiction={choices.jurisdiction!r}: pass {' or '.join(words)}"
        )
    reason = f"the rates are those of jurisdiction={choices.jurisdiction!r}; the other columns were not read"
    return _priced_by(table, there[0], rate, [Remark(reason, column=published)], published)


def _priced_by(
    table: TextTable, name: str, rate: pl.Series, remarks: list[Remark], published: str | None = None
) -> TextTable:
    """`table` with `rate`, which stands in the column `name`, as its outbound rate."""
    header = table.header
    used = header.columns | {"outbound_rate": header.columns[name]}
    called = header.published | {"outbound_rate": published or header.published[name]}
    cells = table.cells.with_columns(rate.alias("outbound_rate"))
    chosen = replace(header, columns=used, published=called)
    return replace(table, cells=cells, header=chosen, remarks=[*table.remarks, *remarks])


def _dearest(table: TextTable, names: list[str], choices: Choices) -> pl.Series:
    """Of each row the dearest cell, as it stands; what is not sold is dearer than any price."""
    best = clean(table.cells[names[0]], escaped=table.escaped)
    dear = _amounts(table, names[0], choices)
    for name in names[1:]:
        cells, price = clean(table.cells[name], escaped=table.escaped), _amounts(table, name, choices)
        dearer = ((price > dear) | (dear.is_null() & best.is_null())).fill_null(False)
        dearer |= cells.is_not_null() & price.is_null() & dear.is_not_null()
        best, dear = cells.zip_with(dearer, best), price.zip_with(dearer, dear)
    return best


def _amounts(table: TextTable, name: str, choices: Choices) -> pl.Series:
    """The amounts of a column as exact numbers that can be compared; null where a cell is no amount."""
    cells = clean(table.cells[name], escaped=table.escaped)
    plain = cells.str.contains(PLAIN).fill_null(False)
    if not (plain | cells.is_null()).all():
        sold = ~cells.str.to_lowercase().is_in(list(NOT_OFFERED)).fill_null(False)
        odd = cells.is_not_null() & ~plain & sold
        published = table.header.published[name]
        sought = cells.set(~sold, None)
        cells = choices.questions.settle(
            "decimal",
            lambda: amount_column(sought, odd, published, table.file, choices.decimal).text,
            sought,
            ("'comma'", "'point'"),
            column=published,
        )
    known = {text: parse(text) for text in cells.unique().drop_nulls()}
    exact = {text: value for text, value in known.items() if isinstance(value, Decimal)}
    # Any decimal of at most twenty places fits here, and compares as it is.
    amounts = pl.Series(list(exact.values()), dtype=pl.Decimal(38, 20), strict=False)
    held = pl.DataFrame({"text": pl.Series(list(exact), dtype=pl.String), "amount": amounts})
    joined = cells.alias("text").to_frame().join(held, on="text", how="left", maintain_order="left")
    return joined["amount"]
