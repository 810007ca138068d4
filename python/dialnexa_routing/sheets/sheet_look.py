"""A look at a rate sheet before it can be read: its format, its head, and what only the caller can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialnexa_routing.sheets.cells.prefixes import origin_digits
from dialnexa_routing.sheets.providers import json_rows
from dialnexa_routing.sheets.questions import Question
from dialnexa_routing.sheets.sheet_choices import choices_of
from dialnexa_routing.sheets.sheet_reading import opened, read, refuse_first
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.files.contents import FileSource
    from dialnexa_routing.sheets.tables.text_table import TextTable

__all__ = ["Question", "SheetLook", "TableHead", "look"]

_ROWS = 10


@dataclass(frozen=True)
class TableHead:
    """The first rows of one table, as they stand, and what its columns are taken for.

    `columns` has the canonical name of each column that has one, in the order of `names`, else None;
    a table without a header has `names` of no characters. `rows` are the cells below the header.
    """

    file: str
    sheet: str | None
    title: str
    names: tuple[str, ...]
    columns: tuple[str | None, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class SheetLook:
    """What a sheet is, and what it leaves open.

    `questions` are to be settled by arguments of `RateSheet.read`; `refusal` is the sentence by which
    `RateSheet.read` refuses the sheet as things stand, None where it would read it.
    """

    format: str
    recognised_by: str
    heads: tuple[TableHead, ...]
    questions: tuple[Question, ...]
    refusal: str | None

    @property
    def is_open(self) -> bool:
        """Whether there is something to settle."""
        return bool(self.questions)


def look(given: FileSource | Sequence[FileSource], options: dict[str, Any]) -> SheetLook:
    """What `given` is, and all that is open under the `options` of `RateSheet.read`.

    Raises `FileNotFoundError` for a path that is not there, `SheetError` for a file that cannot be
    opened or is of no known format.
    """
    origin_digits(options.pop("origin", None))
    strict, name = options.pop("strict", False), options.pop("format", "auto")
    choices = choices_of(**options)
    held = opened(given, name, choices)
    form, why = held.form, held.why
    listed = form.name == json_rows.FORMAT.name
    heads = tuple(
        _head(table)
        for source in held.found
        for table in (json_rows.tables_of(source) if listed else source.tables)
    )
    try:
        made = read(held, choices)
        if strict:
            refuse_first(made.faults)
    except SheetError as error:
        return SheetLook(form.name, why, heads, choices.questions.asked, str(error))
    return SheetLook(form.name, why, heads, (), None)


def _head(table: TextTable) -> TableHead:
    header = table.header
    width = max(len(header.names), 1)
    places = {place: name for name, place in header.columns.items()}
    cells = table.cells.select(table.cells.columns[:width]).head(_ROWS)
    return TableHead(
        table.file,
        table.sheet,
        table.title.text,
        header.names,
        tuple(places.get(place) for place in range(len(header.names))),
        tuple(tuple(None if cell is None else str(cell) for cell in row) for row in cells.iter_rows()),
    )
