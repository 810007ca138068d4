"""A table as it was read to one whose columns are certain: what the caller or the format said is obeyed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.cell_formats import refuse_shown_digits
from dialnexa_routing.sheets.cells.codes import is_nanp
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.column_kinds import words_of
from dialnexa_routing.sheets.column_limits import limits_callers
from dialnexa_routing.sheets.country_names import is_country
from dialnexa_routing.sheets.directions import with_directions
from dialnexa_routing.sheets.header_choices import positional, remapped
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.jurisdictions import with_jurisdiction
from dialnexa_routing.sheets.range_ends import with_range_ends
from dialnexa_routing.sheets.row_versions import with_versions
from dialnexa_routing.sheets.tab_names import with_way
from dialnexa_routing.sheets.tables.guessed_head import guessed
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
        table = _guessed(table, choices)
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
    refuse_shown_digits(table, calling_code=choices.calling_code)
    for name in (*_MONEY, "max_charge"):
        if header.columns.get(name) in table.floats:
            raise SheetError(
                f"{table.file}: the column {header.published[name]!r} holds binary floats, which are not"
                " exact: cast it to Decimal or text where it is made (R48)"
            )
    table = with_range_ends(table, choices)
    table = with_jurisdiction(_named_north_america(_with_location(table, choices)), choices)
    return with_versions(with_directions(with_way(table)))


def _guessed(table: TextTable, choices: Choices) -> TextTable:
    """`table` under a guess of what its columns are, each of which is asked."""
    if table.delimiter is not None and table.cells.width == 1:
        with choices.questions.asking("delimiter", ("'^'", "'fixed'")):
            raise SheetError(
                f"{table.file}: none of the first {HEAD_SEARCH_ROWS} rows is a header, and each line is one"
                " cell: pass delimiter= with the character that parts its"
                " cells, as delimiter='^', or delimiter='fixed' if its columns are of a fixed width"
            )
    guess = guessed(table.cells)
    if guess is None:
        with choices.questions.asking("columns", column="prefix"):
            raise no_header(table.file)
    number = int(table.rows[guess.row]) if guess.row >= 0 else 0
    place = f"{table.file}, row {number}" if number else table.file
    known = {name: guess.spelled(at) for name, at in guess.columns().items()}
    needed = ", ".join(f"{name!r}: {spelled}" for name, spelled in known.items())
    maybe = f", and row {number} may be it" if number else ""
    choices.questions.ask(
        "columns",
        f"{place}: none of the first {HEAD_SEARCH_ROWS} rows is a header{maybe}: pass columns={{{needed}}} if"
        " that is what these columns are, or with those that are, by header or by number from 1",
        [f"{{{needed}}}"],
        column="prefix",
    )
    names = tuple(name or f"column {at + 1}" for at, name in enumerate(guess.names))
    header = headers.recognise(names, place, dict(guess.columns()))
    lower = replace(
        table, cells=table.cells.slice(guess.row + 1), rows=table.rows.slice(guess.row + 1), headless=False
    )
    return reheaded(replace(lower, header=replace(table.header, names=names)), header)


def _settled(table: TextTable, choices: Choices) -> TextTable:
    """`table` without the columns that `leave_out=` names, and with one candidate of each unclear one."""
    header = table.header
    places = frozenset(
        at
        for at in range(len(header.names))
        if any(is_named(one, at, header.names) for one in choices.left_out)
    )
    if places & header.read_places:
        header = header.without(places)
    for canonical, sentence, candidates in header.open_questions():
        values = [f"{{{canonical!r}: {name!r}}}" for name in candidates]
        choices.questions.ask("columns", sentence, values, column=canonical)
    header = header.decided() if header.unclear else header
    return table if header is table.header else reheaded(table, header)


def is_named(one: str | int, place: int, names: Sequence[str]) -> bool:
    """Whether `one` of `leave_out=` is the column at `place`, from 0, of a table with these `names`.

    A header as it stands goes before those that are compared alike: ``Rate USD`` is not ``Rate INR``.
    """
    if isinstance(one, int):
        return one == place + 1
    for plain in (str.strip, words_of, normalise):
        wanted = plain(one)
        if wanted and any(plain(name) == wanted for name in names):
            return bool(plain(names[place]) == wanted)
    return False


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

    `left_out` states why the format leaves a documented column out.
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
        left = any(is_named(one, place, header.names) for one in choices.left_out)
        taken = place in header.read_places or place in header.beaten  # as the name of a second table beside
        if f"?{place}" not in table.cells.columns or taken or left:
            continue
        cells = table.cells[f"?{place}"]
        words = (
            clean(cells, escaped=table.escaped).drop_nulls().unique() if cells.dtype == pl.String else cells
        )
        if not len(words) or cells.dtype != pl.String or sum(map(is_country, words)) < _MOSTLY * len(words):
            continue
        if limits_callers(words_of(name), words.to_list()):
            continue  # the country of a caller is not that of the group
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
