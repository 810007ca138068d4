"""A first interval with a price of its own, as two tiers of a schedule (quirk 43, R53).

Yeti calls the two ``initial_rate`` and ``next_rate``, TCXC ``Price 1`` and ``Price N``, FusionPBX
``connect_rate`` and ``rate``: the first block costs the one, every further block the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.money.exact import text_of
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.money import amount, parse

if TYPE_CHECKING:
    from dialnexa_routing.sheets.cells.amounts import AmountColumn
    from dialnexa_routing.sheets.cells.currencies import Currencies
    from dialnexa_routing.sheets.cells.intake import Intake

Blocks = tuple[pl.Series, pl.Series]
"""Initial and next increment of each row, in seconds."""


def differing(intake: Intake, first: AmountColumn, rate: AmountColumn) -> pl.Series:
    """Which rows have another price for their first interval than for those behind it."""
    if not intake.has("first_rate"):
        return constant(False, intake.height)
    pairs = pl.DataFrame({"first": first.text, "rate": rate.text})
    known = pairs.unique().drop_nulls()
    differs = [parse(a) != parse(b) for a, b in known.iter_rows()]
    table = known.with_columns(pl.Series("differs", differs, dtype=pl.Boolean))
    joined = pairs.join(table, on=["first", "rate"], how="left", maintain_order="left")
    return joined["differs"].fill_null(False)


def first_prices(
    intake: Intake,
    first: AmountColumn,
    rate: AmountColumn,
    unit: pl.Series,
    blocks: Blocks,
    money: Currencies,
) -> pl.Series:
    """The schedules of rows whose first interval is priced apart, as JSON in rupees; null elsewhere.

    A row that does not state its increments is refused, since nothing states how long that price holds.
    """
    none = constant(None, intake.height, pl.String)
    apart = differing(intake, first, rate)
    if not apart.any():
        return none
    lacking = apart & (blocks[0].is_null() | blocks[1].is_null()) & ~intake.refused
    reason = (
        "the first interval has a price of its own, and nothing states how long it is: pass pulse= with the"
        " increments, as pulse='60/1' (quirk 43)"
    )
    intake.refuse("first_rate", lacking, reason)
    keys = pl.DataFrame(
        {
            "first": first.text,
            "rate": rate.text,
            "unit": unit,
            "foreign": money.foreign,
            "initial": blocks[0],
            "next": blocks[1],
        }
    )
    known = keys.filter(apart & ~lacking).drop_nulls().unique(maintain_order=True)
    made = [_tiers(row, money) for row in known.iter_rows()]
    table = known.with_columns(
        pl.Series("json", [one[0] for one in made], dtype=pl.String),
        pl.Series("reason", [one[1] for one in made], dtype=pl.String),
        pl.Series("rounded", [one[2] for one in made], dtype=pl.Boolean),
    )
    held = keys.join(table, on=keys.columns, how="left", maintain_order="left")
    found = none.zip_with(~apart, held["json"])
    wrong = held["reason"].zip_with(apart, none)
    intake.refuse("first_rate", wrong.is_not_null(), wrong)
    count = int((found.is_not_null() & ~intake.refused).sum())
    if count:
        intake.faults.tell(
            f"{count} rows price their first interval apart, so they were loaded with a schedule of two tiers"
            " (quirk 43)",
            column=intake.published("first_rate"),
        )
    rounded = held["rounded"].fill_null(False) & found.is_not_null() & ~intake.refused
    reason = "the two prices were rounded half-up to nano-rupees; nothing to do (R49)"
    intake.tell("first_rate", rounded, reason, Severity.NOTE)
    return found


def _tiers(
    row: tuple[str, str, int, bool, int, int], money: Currencies
) -> tuple[str | None, str | None, bool]:
    """Two tiers as JSON, or why there are none; and whether an amount was rounded."""
    first, rate, unit, foreign, initial, following = row
    found = [
        amount(text, unit, money.factor(name, foreign=foreign))
        for name, text in (("first_rate", first), ("outbound_rate", rate))
    ]
    reason = next((one.reason for one in found if one.reason), None)
    if reason:
        return None, reason, False
    minute = all(one.per_minute is not None for one in found)
    rates = [one.per_minute if minute else one.published for one in found]
    tiers = [
        {"from_s": start, "rate": text_of(price or 0), "increment_s": increment}
        | ({} if minute or unit == 60 else {"rate_unit_s": unit})
        for start, price, increment in zip((0, initial), rates, (initial, following), strict=True)
    ]
    from dialnexa_routing.money.schedule import Schedule  # brings in pydantic

    schedule = Schedule.parse(json.dumps({"bands": [{"tiers": tiers}]}))
    return str(schedule), None, any(one.rounded for one in found)
