"""Schedules of rows: each checked, its amounts in rupees (R49, R50, R53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing.sheets.cells.currencies import Currencies
    from dialnexa_routing.sheets.cells.intake import Intake


def schedules(intake: Intake, money: Currencies) -> pl.Series:
    """The schedules of a table as JSON, spelled alike where they state the same; none is null.

    What cannot be a schedule is refused with the band and the tier that are wrong.
    """
    cells = intake.text("schedule")
    if cells.null_count() == intake.height:
        return constant(None, intake.height, pl.String)
    keys = pl.DataFrame({"text": cells, "foreign": money.foreign})
    known = keys.drop_nulls("text").unique(maintain_order=True)
    read = [_read(text, money.factor("schedule", foreign=foreign)) for text, foreign in known.iter_rows()]
    table = known.with_columns(
        pl.Series("json", [one[0] for one in read], dtype=pl.String),
        pl.Series("reason", [one[1] for one in read], dtype=pl.String),
        pl.Series("rounded", [one[2] for one in read], dtype=pl.Boolean),
    )
    joined = keys.join(table, on=["text", "foreign"], how="left", maintain_order="left")
    intake.refuse("schedule", joined["reason"].is_not_null(), joined["reason"])
    rounded = joined["rounded"].fill_null(False) & ~intake.refused
    reason = (
        "amounts of the schedule were rounded half-up to nano-rupees after conversion; nothing to do (R49)"
    )
    intake.tell("schedule", rounded, reason, Severity.NOTE)
    return joined["json"]


def _read(text: str, factor: Decimal | None) -> tuple[str | None, str | None, bool]:
    """The schedule as JSON, or why there is none, and whether an amount was rounded."""
    from dialnexa_routing.money.schedule import Schedule

    try:
        schedule = Schedule.parse(text)
        converted, rounded = (schedule, False) if factor is None else schedule.converted(factor)
    except SheetError as error:
        return None, str(error), False
    return str(converted), None, rounded
