"""Number formats of a workbook as part of its cells: a price that is shown as ``$0.05`` is one in dollars."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.amounts import written
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.cells.amounts import AmountColumn
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.tables.text_table import TextTable

_CODES = ("prefix", "calling_code", "area_code")
_UNIT = re.compile(r"(?:/|\bper\b|\bpro\b|\bpor\b|\bpar\b).*$", re.IGNORECASE)


def shown_as(intake: Intake, name: str) -> Mapping[str, int]:
    """How number formats show a 1 in a column, each with the count of cells that they are of."""
    table = intake.table
    return table.shown.get(table.header.columns[name], {}) if intake.has(name) else {}


def with_formats(intake: Intake, name: str, column: AmountColumn) -> AmountColumn:
    """`column` with what its number formats state of money, as if each cell stated it itself.

    Raises `SheetError` for percents, and where only a part of the cells is in hundredths.
    """
    shown = shown_as(intake, name)
    if not shown:
        return column
    file, published = intake.table.file, intake.published(name)
    currencies, signs, minor = set(column.currencies), set(column.signs), 0
    for text, count in shown.items():
        if "%" in text:
            raise SheetError(
                f"{file}: cells of the column {published!r} are percents by their number format, which are no"
                f" prices: pass leave_out=({published!r},) if it is no price, or show them as plain numbers"
            )
        bare = _UNIT.sub("", text).strip()
        one = written(bare)
        minor += count if one.minor else 0
        if one.currency:
            currencies.add(one.currency)
        elif one.sign:
            signs.add(one.sign)
        elif strange := bare.replace("1", "", 1).strip() if not one.minor else "":
            signs.add(strange)
            intake.faults.tell(
                f"{count} cells are shown as {text!r} by their number format: look whether that is the"
                " currency they were read in",
                column=published,
                value=text,
                severity=Severity.WARNING,
            )
    if minor and minor < column.text.is_not_null().sum():
        raise SheetError(
            f"{file}: by their number format {minor} cells of the column {published!r} are hundredths, and"
            " the others are not: split it"
        )
    return replace(
        column,
        currencies=frozenset(currencies),
        signs=frozenset(signs),
        minor=column.minor or minor > 0,
    )


def refuse_shown_digits(table: TextTable, *, calling_code: str | None) -> None:
    """Raises `SheetError` for codes that a format shows with more digits than their cells have."""
    for name in _CODES:
        for text in table.shown.get(table.header.columns.get(name, -1), {}):
            front = re.sub("[^0-9]", "", text)[:-1]
            if front.strip("0") and not calling_code:
                raise SheetError(
                    f"{table.header.place or table.file}: cells of the column"
                    f" {table.header.published[name]!r} are shown as {text!r} by their number format, with"
                    f" digits that are not in them: pass calling_code={front!r} to have these in front, or"
                    " show the codes as plain numbers"
                )
