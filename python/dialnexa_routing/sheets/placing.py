"""A table as it was read to one whose columns are certain: what the caller or the format said is obeyed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY, Severity
from dialnexa_routing.files.text_bounds import HEADER_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.codes import is_nanp
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable, named, no_header
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.sheets.sheet_choices import Choices

_MONEY = (*RATES, *JURISDICTIONS, "first_rate", "upcoming_rate", "upcoming_fee", "connect_fee", "min_charge")
_NAMELESS = "North America"


def place(table: TextTable, choices: Choices) -> TextTable:
    """`table` with every column placed and one rate chosen.

    Raises `SheetError` when a column is unclear or missing, or holds money as floats.
    """
    if choices.columns:
        table = _mapped(table, choices.columns)
    elif table.headless and not table.header.columns:
        raise no_header(table.file)
    header = table.header
    header.settle()
    if "prefix" not in header.columns:
        names = [name for name in header.names if name]
        raise SheetError(
            f"{header.place or table.file} has no column 'prefix' among {names}: pass columns={{'prefix': …}}"
            " with the one that holds it, or rename that"
        )
    for name in (*_MONEY, "max_charge"):
        if header.columns.get(name) in table.floats:
            raise SheetError(
                f"{table.file}: the column {header.published[name]!r} holds binary floats, which are not"
                " exact: cast it to Decimal or text where it is made (R48)"
            )
    return _with_next_prices(_with_jurisdiction(_named_north_america(table), choices))


def reheaded(table: TextTable, header: headers.Header) -> TextTable:
    """`table` under another reading of the same header row."""
    plain = table.cells.rename({name: f"?{at}" for at, name in enumerate(table.cells.columns)})
    return replace(table, cells=named(plain, header), header=header)


def positioned(table: TextTable, names: Sequence[str]) -> TextTable:
    """A table without header under canonical `names`, ``''`` for a column to pass over."""
    header = headers.positional(replace(table.header, names=("",) * table.cells.width), names)
    return reheaded(table, header)


def aliased(table: TextTable, aliases: Mapping[str, str]) -> TextTable:
    """`table` read with the names a format gives its columns, by `headers.normalise`."""
    header = headers.recognise(table.header.names, table.header.place, aliases=aliases)
    return reheaded(table, header)


def _mapped(table: TextTable, columns: Mapping[str, str | int | None]) -> TextTable:
    """`table` with `columns=` obeyed; where its header lacks one of the names, the row that has all is it."""
    wanted = {name.strip() for name in columns.values() if isinstance(name, str)}
    if table.headless and not wanted:
        header = replace(table.header, names=tuple(f"column {at + 1}" for at in range(table.cells.width)))
        return reheaded(table, headers.remapped(header, columns, table.file))
    if wanted <= {headers.normalise(name) for name in table.header.names} | set(table.header.names):
        return reheaded(table, headers.remapped(table.header, columns, table.file))
    for at, row in enumerate(table.cells.head(HEADER_SEARCH_ROWS).rows()):
        cells = [str(cell or "").strip() for cell in row]
        if wanted <= set(cells):
            number = int(table.rows[at])
            header = headers.recognise(cells, f"{table.file}, row {number}")
            above = tuple(tuple(str(c or "") for c in r) for r in table.cells.head(at).rows())
            lower = replace(
                table,
                cells=table.cells.slice(at + 1),
                rows=table.rows.slice(at + 1),
                above=(*table.above, table.header.names, *above) if not table.headless else above,
                headless=False,
            )
            return reheaded(lower, headers.remapped(header, columns, table.file))
    if table.headless:
        missing = ", ".join(map(repr, sorted(wanted)))
        raise SheetError(
            f"{table.file}: no row has all of the names {missing} that columns= gives: correct them"
        )
    return reheaded(table, headers.remapped(table.header, columns, table.file))


def _named_north_america(table: TextTable) -> TextTable:
    """A deck of North America needs no names: its rows are one group (quirk 12)."""
    header = table.header
    unnamed = header.columns.keys().isdisjoint(("network_group", "country"))
    if not unnamed or not (is_nanp(header) or not header.columns.keys().isdisjoint(JURISDICTIONS)):
        return table
    return replace(table, constants={"network_group": _NAMELESS, **table.constants})


def _with_jurisdiction(table: TextTable, choices: Choices) -> TextTable:
    """`table` with the rates of one jurisdiction as its outbound rates (quirk 47)."""
    there = [name for name in JURISDICTIONS if name in table.header.columns]
    if not there:
        return table
    header = table.header
    words = [f"'{name.removesuffix('_rate')}'" for name in there]
    if choices.jurisdiction is None:
        if "outbound_rate" in header.columns:
            return table
        found = " and ".join(repr(header.published[name]) for name in there)
        raise SheetError(
            f"{table.file} has the rates {found}, and which holds depends on the caller: pass jurisdiction="
            f"{' or '.join(words)}, or 'dearest' (quirk 47)"
        )
    wanted = f"{choices.jurisdiction}_rate"
    if choices.jurisdiction == "dearest":
        rate, published = _dearest(table.cells, there), header.published[there[0]]
    elif wanted in there:
        rate, published = table.cells[wanted], header.published[wanted]
    else:
        raise SheetError(
            f"{table.file} has no rate for jurisdiction={choices.jurisdiction!r}: pass {' or '.join(words)}"
        )
    cells = table.cells.with_columns(rate.alias("outbound_rate"))
    used = header.columns | {"outbound_rate": header.columns[there[0]]}
    chosen = replace(header, columns=used, published=header.published | {"outbound_rate": published})
    reason = f"the rates are those of jurisdiction={choices.jurisdiction!r}; the other columns were not read"
    return replace(
        table, cells=cells, header=chosen, remarks=[*table.remarks, Remark(reason, column=published)]
    )


def _dearest(cells: pl.DataFrame, names: list[str]) -> pl.Series:
    best = cells[names[0]]
    for name in names[1:]:
        value, other = best.cast(MONEY, strict=False), cells[name].cast(MONEY, strict=False)
        dearer = (other > value).fill_null(False) | (value.is_null() & other.is_not_null())
        best = cells[name].zip_with(dearer, best)
    return best


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
