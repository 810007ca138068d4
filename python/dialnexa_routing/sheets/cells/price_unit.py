"""How many seconds the prices of a table are for, by its column, its header, its cells or its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import INCREMENTS, PER_SECOND, RATES
from dialnexa_routing.sheets.cells.cell_formats import shown_as
from dialnexa_routing.sheets.cells.terms import seconds
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.header_units import PULSES, other_unit, unit_of
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.sheet_choices import Choices


def price_unit(intake: Intake, choices: Choices) -> pl.Series:
    """The seconds that each price is for; by a header such as ``Rate/sec`` or the title for all (quirk 39).

    Raises:
        SheetError: prices are for what is no time, or headers name different times.
    """
    names = [name for name in (*RATES, "first_rate") if intake.has(name)]
    stated = [intake.published(name) for name in names if intake.published(name) != name]
    stated += [text for name in names for text in shown_as(intake, name)]
    for text in stated:
        if (what := other_unit(text)) is not None:
            _check_pulse(intake, text, what, choices)
    named = {text: unit for text in stated if (unit := _header_unit(text)) is not None}
    if len(set(named.values())) > 1:
        raise SheetError(
            f"{intake.table.file}: the headers or formats {' and '.join(map(repr, named))} are of prices for"
            " different times: read each in a sheet of its own, with leave_out= for the other (quirk 39)"
        )
    usual = next(iter(named.values()), intake.table.title.unit or 60)
    if not named and usual != 60 and names and not intake.has("rate_unit_s"):
        reason = f"the title states that rates are for {usual} s, so they were read so: look whether all are"
        intake.faults.tell(reason, column=intake.published(names[0]), severity=Severity.WARNING)
    return seconds(intake, "rate_unit_s", least=1).fill_null(usual)


def _header_unit(text: str) -> int | None:
    return 1 if normalise(text) in PER_SECOND else unit_of(text)


def _check_pulse(intake: Intake, text: str, what: str, choices: Choices) -> None:
    """Raises `SheetError` for prices of a pulse without its seconds, in which calls are counted too."""
    price = f"{intake.table.file}: the column {text!r} has prices for a {what}"
    if not intake.has("rate_unit_s"):
        cure = (
            "columns={'rate_unit_s': …, 'increments': …} with the column of its seconds for both"
            if what in PULSES
            else "columns={'rate_unit_s': …} with the column of its seconds"
        )
        raise SheetError(
            f"{price}, which is no time: pass {cure}, or leave_out=({text!r},) if it is not the price of a"
            " minute (quirk 39)"
        )
    counted = choices.pulse or intake.has(INCREMENTS) or intake.has("initial_increment_s")
    if what in PULSES and not counted:
        raise SheetError(
            f"{price}, and no column states in which blocks calls are counted: pass"
            f" columns={{'increments': {intake.published('rate_unit_s')!r}}} besides, or pulse= (quirk 39)"
        )
