"""From what the caller named to rows, faults and counts: the order in which a sheet is read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET, Severity
from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.canonical import Canonical, read_table
from dialnexa_routing.sheets.conflicts import settle
from dialnexa_routing.sheets.decks import Deck, merged, withdrawn
from dialnexa_routing.sheets.faults import Counts
from dialnexa_routing.sheets.group_countries import told as told_countries
from dialnexa_routing.sheets.group_countries import with_countries
from dialnexa_routing.sheets.placing import is_named
from dialnexa_routing.sheets.providers.formats import Format, choose
from dialnexa_routing.sheets.tab_names import ask_for_sheets
from dialnexa_routing.sheets.tables.source import FileSource, Source, sources
from dialnexa_routing.sheets.unused import refuse_unknown, refuse_unused
from dialnexa_routing.sheets.version_ends import holes, with_last_days
from dialnexa_routing.sheets.waiting import waiting
from dialnexa_routing.text.errors import SheetError
from dialnexa_routing.text.events import event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dialnexa_routing.sheets.cells.money import Conversion
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_HANDFUL = 10
_SETTLED = re.compile(r"pass ([a-z_]+)=('[^']*')?(?: or ('[^']*'))?")
"""The argument that settles it by a reason, and what it may be."""


@dataclass(frozen=True)
class Read:
    """Everything that `RateSheet.read` found out."""

    rows: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    provider: str | None
    format: str
    recognised_by: str
    files: tuple[str, ...]
    digests: dict[str, str]
    conversion: Conversion | None
    meanings: Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """What the caller named, with its format and why it is that."""

    found: list[Source]
    form: Format
    why: str
    in_order: bool  # several sheets are named from the oldest to the newest


def opened(given: FileSource | Sequence[FileSource], name: str, choices: Choices) -> Opened:
    """What `given` holds, in the format `name`, before any of its tables is read.

    Raises `FileNotFoundError` for a path that is not there, `SheetError` for what cannot be read.
    """
    found = sources(given, choices.encoding, choices.parted_by)
    form, why = choose(found, name)
    return Opened(found, form, why, isinstance(given, list | tuple) or not _is_folder(given))


def read(held: Opened, choices: Choices) -> Read:
    """What was opened, under `choices`.

    Raises `SheetError` for what cannot be read, and for a sheet of which most was refused.
    """
    found, form, why = held.found, held.form, held.why
    refuse_unknown(form, found, choices)
    choices = replace(choices, provider=choices.provider or form.provider)
    try:
        canonical = _tables(form, found, choices)
    except SheetError as error:
        choices.questions.raise_any(error)
        raise
    whole = [table for _, tables in canonical for table in tables]
    if not choices.questions.asked:
        refuse_unused(frozenset().union(*(table.used for table in whole)), found[0].file, choices)
    filled = with_countries(whole, choices)
    by_table = iter(filled)
    frames = [pl.concat([next(by_table) for _ in tables]) for _, tables in canonical]
    frames = with_last_days(frames, choices)
    choices.questions.raise_any()
    decks = [
        Deck(file, rows, _issued(tables)) for (file, tables), rows in zip(canonical, frames, strict=True)
    ]
    with choices.questions.asking("mode", ("'update'", "'replace'")):
        rows, replaced, told_decks = merged(
            decks, choices.mode, in_order=held.in_order, zone=choices.naive_zone
        )
    rows, ended, told_ends = withdrawn(rows)
    with choices.questions.asking("on_conflict", ("'first'", "'last'", "'dearest'", "'cheapest'")):
        rows, dropped, told_conflicts = settle(rows, choices.on_conflict)
    counts = sum((table.counts for table in whole), Counts()).dropped_as_noise(replaced + ended + dropped)
    zone = choices.naive_zone
    told = [*(table.faults for table in whole), told_decks, told_ends, told_conflicts]
    told += [
        told_countries(whole, filled),
        holes(rows, zone),
        waiting(rows, zone),
    ]
    faults = pl.concat(told)
    _refuse_ruins(counts, faults, choices)
    providers = rows["provider"].drop_nulls().unique().sort().to_list()
    if len(providers) > 1:
        raise SheetError(f"the sheets are of {' and '.join(providers)}: read one provider at a time")
    event("sheets", "sheet.read", format=form.name, rows=rows.height, faults=faults.height)
    return Read(
        rows.select(list(SHEET)),
        faults,
        counts,
        providers[0] if providers else choices.provider,
        form.name,
        why,
        tuple(dict.fromkeys(source.file for source in found)),
        {source.file: source.digest for source in found if source.digest},
        next((table.conversion for table in whole if table.conversion), None),
        {name: value for table in whole for name, value in table.meanings.items()},
    )


def _is_folder(given: object) -> bool:
    return isinstance(given, str | os.PathLike) and Path(given).is_dir()


def _tables(form: Format, found: list[Source], choices: Choices) -> list[tuple[str, list[Canonical]]]:
    """The tables of each file, read."""
    if form.together is not None:
        tables = form.together(found, choices)
        _check_left_out(tables, choices)
        return [(found[0].file, [read_table(table, choices) for table in tables])]
    held = []
    chosen = [(source, _told(source, _chosen(form.tables(source, choices), choices))) for source in found]
    _check_left_out([table for _, tables in chosen for table in tables], choices)
    for source, tables in chosen:
        if not source.is_json:
            ask_for_sheets(tables, choices)
        priced = [_has_rates(table) for table in tables]
        elsewhere = any(priced) and len(tables) > 1
        held.append(
            (source.file, [read_table(table, choices, priced_elsewhere=elsewhere) for table in tables])
        )
    return held


def _told(source: Source, tables: list[TextTable]) -> list[TextTable]:
    """The tables of a document, the first with what is to be reported of the file."""
    if not source.remarks or not tables:
        return tables
    return [replace(tables[0], remarks=[*source.remarks, *tables[0].remarks]), *tables[1:]]


def _check_left_out(tables: list[TextTable], choices: Choices) -> None:
    """Raises `SheetError` for a column of `leave_out=` that no table has: nothing given is ignored."""
    for one in choices.left_out:
        names = [name for table in tables for name in table.header.names]
        tried = ((at, row) for table in tables for row in _heads(table) for at in range(len(row)))
        if not any(is_named(one, at, held) for at, held in tried):
            there = ", ".join(dict.fromkeys(repr(name) for name in names if name)) or "no header"
            raise SheetError(f"leave_out={one!r} is no column of {tables[0].file}, which has {there}")


def _heads(table: TextTable) -> list[Sequence[str]]:
    """The names of the columns; where no row is known as a header, each of the first may be it."""
    if any(table.header.names):
        return [table.header.names]
    width = table.cells.width
    cells = table.cells.head(HEAD_SEARCH_ROWS).rows() if table.headless else []
    return [("",) * width, *([str(cell or "").strip() for cell in row] for row in cells)]


def _chosen(tables: list[TextTable], choices: Choices) -> list[TextTable]:
    """The sheets of a workbook that the caller named; all where he named none."""
    if not choices.sheets:
        return tables
    there = [table.sheet for table in tables]
    for name in choices.sheets:
        if name not in there:
            names = ", ".join(repr(one) for one in there if one) or "no sheets at all"
            raise SheetError(f"sheet={name!r} is not in {tables[0].file}, which has {names}")
    return [table for table in tables if table.sheet in choices.sheets]


def _has_rates(table: TextTable) -> bool:
    header = table.header
    return any(name in header.columns or name in header.unclear for name in (*RATES, *JURISDICTIONS))


def _issued(tables: list[Canonical]) -> datetime | None:
    dates = {table.issued for table in tables if table.issued}
    return next(iter(dates)) if len(dates) == 1 else None


def refuse_first(faults: pl.DataFrame) -> None:
    """Raises `SheetError` with the first refused row, if there is one."""
    errors = faults.filter(pl.col("severity") == str(Severity.ERROR))
    if errors.height:
        first = errors.row(0, named=True)
        sheet = f", sheet {first['sheet']!r}" if first["sheet"] else ""
        raise SheetError(
            f"{first['file']}{sheet}, row {first['row']}, column {first['column']!r},"
            f" value {first['value']!r}: {first['reason']}"
            f" ({errors.height} such fault{'s' if errors.height > 1 else ''} in all)"
        )


def _refuse_ruins(counts: Counts, faults: pl.DataFrame, choices: Choices) -> None:
    """Raises `SheetError` when most of the sheet was refused: what is left would be no price list."""
    few = counts.refused < _HANDFUL or counts.refused <= choices.max_refused * counts.read
    if choices.max_refused == 1 or not counts.refused or (few and counts.loaded):
        return
    errors = faults.filter(pl.col("severity") == str(Severity.ERROR))
    usual = errors["reason"].value_counts(sort=True)
    first = errors.filter(pl.col("reason") == usual["reason"][0]).row(0, named=True)
    measure = (
        f"more than max_refused={choices.max_refused} allows" if counts.loaded else "and none was loaded"
    )
    sentence = (
        f"{counts.refused} of {counts.read} prices of {first['file']} were refused, {measure}; the"
        f" usual reason, first in row {first['row']}, column"
        f" {first['column']!r}, value {first['value']!r}: {first['reason']}; pass max_refused=1 to see all"
        " faults (quirk 63)"
    )
    if settled := _SETTLED.search(first["reason"]):
        values = [value for value in settled.groups()[1:] if value]
        choices.questions.ask(settled[1], sentence, values, column=first["column"])
    raise SheetError(sentence)
