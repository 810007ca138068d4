"""A table as it was read to one whose columns are certain: what the caller or the format said is obeyed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.amounts import amount_column
from dialnexa_routing.sheets.cells.codes import is_nanp
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.cells.money import NOT_OFFERED, PLAIN, parse
from dialnexa_routing.sheets.country_names import is_country
from dialnexa_routing.sheets.header_choices import positional, remapped
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.row_versions import with_versions
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable, named, no_header
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.sheets.sheet_choices import Choices

_MONEY = (*RATES, *JURISDICTIONS, "first_rate", "upcoming_rate", "upcoming_fee", "connect_fee", "min_charge")
_NAMELESS = "North America"
_MOSTLY = 0.9  # of the words of a column, for it to be one of countries


def place(table: TextTable, choices: Choices) -> TextTable:
    """`table` with every column placed and one rate chosen.

    Raises `SheetError` when a column is unclear or missing, or holds money as floats.
    """
    if choices.columns:
        table = _mapped(table, choices.columns)
    elif table.headless and not table.header.columns:
        with choices.questions.asking("columns", column="prefix"):
            raise no_header(table.file)
    table = _settled(table, choices)
    header = table.header
    if "prefix" not in header.columns:
        names = [name for name in header.names if name]
        with choices.questions.asking("columns", [f"{{'prefix': {name!r}}}" for name in names], "prefix"):
            raise SheetError(
                f"{header.place or table.file} has no column 'prefix' among {names}: pass"
                " columns={'prefix': …} with the one that holds it, or rename that"
            )
    for name, at in header.columns.items():
        if at in table.uncalculated:
            raise SheetError(
                f"{header.place or table.file}: the formula in {table.uncalculated[at]}, in the column"
                f" {header.published[name]!r}, was never calculated, so its cell has no value: open the"
                " workbook in a spreadsheet program and save it (quirk 64)"
            )
    for name in (*_MONEY, "max_charge"):
        if header.columns.get(name) in table.floats:
            raise SheetError(
                f"{table.file}: the column {header.published[name]!r} holds binary floats, which are not"
                " exact: cast it to Decimal or text where it is made (R48)"
            )
    return with_versions(_with_jurisdiction(_named_north_america(_with_location(table, choices)), choices))


def _settled(table: TextTable, choices: Choices) -> TextTable:
    """`table` without the columns that `leave_out=` names, and with one candidate of each unclear one."""
    header = table.header
    places = frozenset(
        at for at, name in enumerate(header.names) if any(is_named(one, at, name) for one in choices.left_out)
    )
    if places & header.read_places:
        header = header.without(places)
    for canonical, sentence, candidates in header.open_questions():
        values = [f"{{{canonical!r}: {name!r}}}" for name in candidates]
        choices.questions.ask("columns", sentence, values, column=canonical)
    header = header.decided() if header.unclear else header
    return table if header is table.header else reheaded(table, header)


def is_named(one: str | int, place: int, name: str) -> bool:
    """Whether `one` of `leave_out=` is the column `name` at `place`, which counts from 0."""
    if isinstance(one, int):
        return one == place + 1
    plain = normalise(one)
    return one.strip() == name or (bool(plain) and plain == normalise(name))


def reheaded(table: TextTable, header: headers.Header) -> TextTable:
    """`table` under another reading of the same header row."""
    width = max(len(table.header.names), 1 + max(table.header.columns.values(), default=0))
    own = table.cells.select(table.cells.columns[:width])  # without those that stand there twice
    plain = own.rename({name: f"?{at}" for at, name in enumerate(own.columns)})
    return replace(table, cells=named(plain, header), header=header)


def positioned(table: TextTable, names: Sequence[str]) -> TextTable:
    """A table without header under canonical `names`, ``''`` for a column to pass over."""
    header = positional(replace(table.header, names=("",) * table.cells.width), names)
    return reheaded(table, header)


def aliased(
    table: TextTable, aliases: Mapping[str, str], left_out: Mapping[str, str] | None = None
) -> TextTable:
    """`table` read with the names a format gives its columns, by `header_keys.normalise`.

    `left_out` says why the format leaves a documented column out.
    """
    header = headers.recognise(table.header.names, table.header.place, aliases=aliases)
    return reheaded(table, replace(header, left_out=dict(left_out or {})))


def _mapped(table: TextTable, columns: Mapping[str, str | int | None]) -> TextTable:
    """`table` with `columns=` obeyed; where its header lacks one of the names, the row that has all is it."""
    wanted = {name.strip() for name in columns.values() if isinstance(name, str)}
    if table.headless and not wanted:
        header = replace(table.header, names=tuple(f"column {at + 1}" for at in range(table.cells.width)))
        return reheaded(table, remapped(header, columns, table.file))
    if wanted <= {normalise(name) for name in table.header.names} | set(table.header.names):
        return reheaded(table, remapped(table.header, columns, table.file))
    for at, row in enumerate(table.cells.head(HEAD_SEARCH_ROWS).rows()):
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
            return reheaded(lower, remapped(header, columns, table.file))
    if table.headless:
        missing = ", ".join(map(repr, sorted(wanted)))
        raise SheetError(
            f"{table.file}: no row has all of the names {missing} that columns= gives: correct them"
            f"{_if_text(table)}"
        )
    return reheaded(table, remapped(table.header, columns, table.file))


def _if_text(table: TextTable) -> str:
    """What else can be behind names that a text has not; a frame or workbook has its names as they are."""
    return (
        "" if table.delimiter is None else ", or pass encoding= if the file is of another than it was read in"
    )


def _with_location(table: TextTable, choices: Choices) -> TextTable:
    """`table` with the column whose words are countries as its country, where none has that name."""
    header = table.header
    if not header.columns.keys().isdisjoint(("country", "country_iso")) or "country" in header.mapped:
        return table
    for place, name in enumerate(header.names):
        left = any(is_named(one, place, name) for one in choices.left_out)
        if f"?{place}" not in table.cells.columns or place in header.read_places or left:
            continue
        cells = table.cells[f"?{place}"]
        words = (
            clean(cells, escaped=table.escaped).drop_nulls().unique() if cells.dtype == pl.String else cells
        )
        if not len(words) or cells.dtype != pl.String or sum(map(is_country, words)) < _MOSTLY * len(words):
            continue
        columns = header.columns | {"country": place}
        placed = replace(header, columns=columns, published=header.published | {"country": name})
        reason = "the words of this column are countries, so it was read as the country (R18)"
        remark = Remark(reason, column=name)
        return replace(reheaded(table, placed), remarks=[*table.remarks, remark])
    return table


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
