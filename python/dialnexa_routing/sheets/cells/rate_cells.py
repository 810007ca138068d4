"""What a row costs: its rates in rupees, their unit, its fees, and whether it is blocked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.deck.canonical_columns import MONEY, Severity
from dialnexa_routing.deck.exact_columns import nano_series
from dialnexa_routing.money.exact import times
from dialnexa_routing.sheets.aliases import RATES
from dialnexa_routing.sheets.cells.amounts import AmountColumn, amount_column
from dialnexa_routing.sheets.cells.cell_formats import with_formats
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.currencies import Currencies, currencies
from dialnexa_routing.sheets.cells.first_prices import Blocks, first_prices
from dialnexa_routing.sheets.cells.money import NOT_OFFERED, PLAIN, Conversion, amount, parse
from dialnexa_routing.sheets.cells.price_unit import price_unit
from dialnexa_routing.sheets.cells.price_warnings import (
    tell_unknown_fees,
    warn_of_free_calls,
    warn_of_hundredths,
)
from dialnexa_routing.sheets.cells.schedules import schedules
from dialnexa_routing.sheets.cells.terms import truth

if TYPE_CHECKING:
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.sheet_choices import Choices

FEES = ("connect_fee", "min_charge", "max_charge")
_MINUTE = Decimal(60)


@dataclass
class _Cells:
    """One money column: its cells, the amounts in them, and those that state the destination is not sold."""

    name: str
    text: pl.Series
    amounts: AmountColumn
    not_offered: pl.Series
    exact: pl.Series | None = None
    """The amounts as money, where all are plain."""


def rate_columns(
    intake: Intake, choices: Choices, stated_blocked: pl.Series, blocks: Blocks
) -> tuple[dict[str, pl.Series], Conversion | None]:
    """Every canonical column that has to do with money, one value a row, and the conversion used.

    `blocks` are the increments of the rows: a first interval with a price of its own lasts one of them.
    """
    unit = price_unit(intake, choices)
    absent = _absent(intake)
    cells = {
        name: _cells(intake, name, choices) if intake.has(name) else replace(absent, name=name)
        for name in (*RATES, *FEES, "first_rate")
    }
    for name, cell in cells.items():
        cell.amounts = with_formats(intake, name, cell.amounts)
    amounts = {name: cell.amounts for name, cell in cells.items()} | {"schedule": absent.amounts}
    money = currencies(intake, amounts, choices)
    scheduled = schedules(intake, money)
    both = cells["outbound_rate"].text.is_not_null() & scheduled.is_not_null()
    intake.refuse("schedule", both, "the row has a flat outbound rate beside its schedule: keep one of them")
    for name, cell in cells.items():
        if intake.has(name):
            intake.refuse(name, cell.amounts.reasons.is_not_null(), cell.amounts.reasons)
    too_dear = _too_dear(intake, cells, unit, choices)
    start, further = cells.pop("first_rate"), cells["outbound_rate"]
    apart = first_prices(intake, start.amounts, further.amounts, unit, blocks, money)
    if apart.null_count() < intake.height:
        flat = further.amounts.text.zip_with(apart.is_null(), apart.clear(intake.height))
        cells["outbound_rate"] = replace(further, amounts=replace(further.amounts, text=flat), exact=None)
        scheduled = scheduled.fill_null(apart).zip_with(~too_dear, scheduled)
    published = [_money(intake, cells[name], unit, money) for name in RATES]
    warn_of_hundredths(intake, cells["outbound_rate"].amounts.text, money, choices)
    blocked = _blocked(intake, cells, stated_blocked, scheduled) | too_dear
    # A row keeps its published unit unless all its rates are exact per minute: it has one unit for both.
    lone = constant(60, intake.height, pl.UInt32)
    exact = constant(True, intake.height)
    nothing = constant(None, intake.height, MONEY)
    for rate, minute in published:
        exact &= rate.is_null() | minute.is_not_null()
    columns = {}
    for name, (rate, minute) in zip(RATES, published, strict=True):
        columns[name] = minute if exact.all() else minute.zip_with(exact, rate)
        if too_dear.any():
            columns[name] = columns[name].set(too_dear, None)
    columns["rate_unit_s"] = lone if exact.all() else lone.zip_with(exact, unit)
    for name in FEES:
        columns[name] = _money(intake, cells[name], lone, money)[1] if intake.has(name) else nothing
    tell_unknown_fees(intake, cells["connect_fee"].text)
    warn_of_free_calls(intake, cells["outbound_rate"].amounts.text, columns["outbound_rate"], blocked)
    written = intake.text("original_rate") if intake.has("original_rate") else None
    original = cells["outbound_rate"].text.fill_null(cells["inbound_rate"].text)
    columns["original_rate"] = original if written is None else written.fill_null(original)
    if intake.table.in_rupees:
        columns["original_rate"] = intake.text("original_rate")
    columns["schedule"] = scheduled
    columns["currency"] = money.codes
    columns["blocked"] = blocked
    return {name: values.alias(name) for name, values in columns.items()}, money.conversion


def _absent(intake: Intake) -> _Cells:
    """A money column the table has not."""
    none = constant(None, intake.height, pl.String)
    return _Cells("", none, AmountColumn(none, none), constant(False, intake.height))


def _cells(intake: Intake, name: str, choices: Choices) -> _Cells:
    none = constant(None, intake.height, pl.String)
    never = constant(False, intake.height)
    raw = intake.raw(name)
    if choices.decimal != "comma" and (exact := _deck.plain_amounts(raw)) is not None:
        return _Cells(name, raw, AmountColumn(raw, none), never, pl.Series(exact))
    text, plain = intake.matching(name, PLAIN)
    if text.null_count() == intake.height:
        return _Cells(name, text, AmountColumn(text, none), never)
    not_offered = text.str.to_lowercase().is_in(list(NOT_OFFERED)).fill_null(False)
    odd = text.is_not_null() & ~plain & ~not_offered
    published, file = intake.published(name), intake.table.file
    amounts = choices.questions.settle(
        "decimal",
        lambda: amount_column(text, odd, published, file, choices.decimal),
        AmountColumn(constant(None, intake.height, pl.String), none),
        ("'comma'", "'point'"),
        column=published,
    )
    return _Cells(name, text, amounts, not_offered)


def _too_dear(intake: Intake, cells: dict[str, _Cells], unit: pl.Series, choices: Choices) -> pl.Series:
    """Rows above `max_rate`, which is how some providers write blocked (quirk 30)."""
    found = constant(False, intake.height)
    limit = choices.limit
    if not isinstance(limit, Decimal):
        return found
    for name in (*RATES, "first_rate"):
        keys = pl.DataFrame({"text": cells[name].amounts.text, "unit": unit})
        known = keys.drop_nulls().unique()
        above = [
            isinstance(value := parse(text), Decimal) and times(value, _MINUTE) > times(limit, Decimal(per))
            for text, per in known.iter_rows()
        ]
        table = known.with_columns(pl.Series("above", above, dtype=pl.Boolean))
        joined = keys.join(table, on=["text", "unit"], how="left", maintain_order="left")
        over = joined["above"].fill_null(False)
        reason = f"the rate is above max_rate={str(choices.max_rate)!r}, so the prefix is loaded as blocked"
        intake.tell(name, over & ~intake.refused, f"{reason} (quirk 30)", Severity.WARNING)
        found |= over
    return found


def _money(intake: Intake, cells: _Cells, unit: pl.Series, money: Currencies) -> tuple[pl.Series, pl.Series]:
    """The amounts of a column in rupees: as published, and per minute where that is exact."""
    text, foreign = cells.amounts.text, money.foreign
    if text.null_count() == intake.height:
        none = constant(None, intake.height, MONEY)
        return none, none
    if cells.exact is not None and cells.name not in money.minor and (~foreign & (unit == 60)).all():
        return cells.exact, cells.exact
    plain = text.str.contains(PLAIN).fill_null(False)
    easy = plain & ~foreign & (unit == 60)
    if cells.name in money.minor:
        easy = constant(False, intake.height)
    if easy.all():
        exact = text.cast(MONEY)
        return exact, exact
    hard = text.is_not_null() & ~cells.not_offered & ~easy
    if not hard.any():
        exact = text.set(~easy, None).cast(MONEY)
        return exact, exact
    keys = pl.DataFrame({"text": text, "unit": unit, "foreign": foreign})
    known = keys.filter(hard).unique()
    factors = {foreign: money.factor(cells.name, foreign=foreign) for foreign in (True, False)}
    found = [amount(t, u, factors[f]) for t, u, f in known.iter_rows()]
    table = known.with_columns(
        nano_series([a.published for a in found]).alias("published"),
        nano_series([a.per_minute for a in found]).alias("minute"),
        pl.Series("rounded", [a.rounded for a in found], dtype=pl.Boolean),
        pl.Series("reason", [_reason(cells.name, a.reason) for a in found], dtype=pl.String),
    )
    joined = keys.join(table, on=keys.columns, how="left", maintain_order="left")
    intake.refuse(cells.name, joined["reason"].is_not_null(), joined["reason"])
    rounded = joined["rounded"].fill_null(False) & ~intake.refused
    _tell_rounded(intake, cells.name, rounded, foreign, money.conversion)
    exact = text.set(~easy, None).cast(MONEY)
    # A plain text may also occur among the hard ones (another unit): the easy value goes first.
    return tuple(exact.zip_with(easy, joined[name]) for name in ("published", "minute"))  # type: ignore[return-value]


def _reason(name: str, reason: str | None) -> str | None:
    """Why an amount is refused; a fee or a bound below zero is not what a blocked price is."""
    if reason is None or name not in FEES or "is negative" not in reason:
        return reason
    what = {"connect_fee": "a fee", "min_charge": "a minimum", "max_charge": "a maximum"}[name]
    cell = reason.partition(" is negative")[0]
    return f"{cell} is negative: {what} is 0 or more; leave the cell blank if there is none"


def _tell_rounded(
    intake: Intake, name: str, rounded: pl.Series, foreign: pl.Series, conversion: Conversion | None
) -> None:
    reason = "more than nine decimals: rounded half-up to nano-rupees; nothing to do (R49)"
    intake.tell(name, rounded & ~foreign, reason, Severity.NOTE)
    count = int((rounded & foreign).sum())
    if count and conversion is not None:
        intake.faults.tell(
            f"{count} amounts were rounded half-up to nano-rupees after conversion at"
            f" {conversion.inr_per_unit} INR per {conversion.currency} of {conversion.inr_on};"
            " nothing to do (R49)",
            column=intake.published(name),
            value=str(count),
        )


def _blocked(
    intake: Intake, cells: dict[str, _Cells], stated_blocked: pl.Series, scheduled: pl.Series
) -> pl.Series:
    """Which rows are not sold: stated, or neither rate given in a sheet that prices (R47)."""
    stated = truth(intake, "blocked")
    if stated_blocked.any():
        stated = stated.set(stated_blocked, value=True)
    cells = {name: cells[name] for name in RATES}
    has_price = scheduled.is_not_null()
    says_no = constant(False, intake.height)
    blank = ~has_price
    for cell in cells.values():
        has_price |= cell.text.is_not_null() & ~cell.not_offered
        says_no |= cell.not_offered
        blank &= cell.text.is_null()
    blocked = stated.fill_null(False) | (says_no & ~has_price)
    # Without an outbound rate the lookup would go on to a shorter, cheaper prefix; so would the bill.
    half = cells["outbound_rate"].not_offered & has_price & ~blocked
    reason = (
        "not sold outbound, so the prefix is loaded as blocked for inbound too:"
        " price inbound in a sheet of its own (R47)"
    )
    intake.tell("outbound_rate", half & ~intake.refused, reason, Severity.WARNING)
    blocked |= half
    if blank.all():
        there = next((name for name in reversed(RATES) if intake.has(name)), None)
        if there is not None and intake.height and not intake.table.in_rupees:
            reason = "the column is there, and no row states a price in it: look whether one is meant (R47)"
            intake.faults.tell(reason, column=intake.published(there), severity=Severity.WARNING)
        return blocked  # a sheet of prefixes and groups: the price list is elsewhere
    unstated = blank & stated.is_null()
    name = next(name for name in (*reversed(RATES), "schedule") if intake.has(name))
    reason = "no rate, so the prefix is loaded as blocked: state a rate, or blocked = false (R47)"
    # A format may document that blank is blocked; elsewhere a merged cell leaves blank what it is for.
    documented = intake.published(name) == name or bool(intake.table.header.left_out)
    if not documented:
        reason += "; of cells that were merged only the first kept its price: write it in each row"
    intake.tell(name, unstated & ~intake.refused, reason, Severity.NOTE if documented else Severity.WARNING)
    return blocked | unstated
