"""What a row costs: its rates in rupees, their unit, its fees, and whether it is blocked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.columns import MONEY, Severity
from dialnexa_routing.sheets.headers import RATES
from dialnexa_routing.sheets.money import NOT_OFFERED, PLAIN, Conversion, Prices, amount, nano_series
from dialnexa_routing.sheets.terms import seconds, truth

if TYPE_CHECKING:
    from dialnexa_routing.sheets.intake import Intake

FEES = ("connect_fee", "min_charge", "max_charge")


@dataclass
class _Cells:
    """One money column: its cells, and those that say the destination is not sold."""

    name: str
    text: pl.Series
    plain: pl.Series
    not_offered: pl.Series


def rate_columns(intake: Intake, prices: Prices) -> tuple[dict[str, pl.Series], Conversion | None]:
    """Every canonical column that has to do with money, one value a row, and the conversion used."""
    unit = seconds(intake, "rate_unit_s", least=1).fill_null(60)
    currency, foreign, conversion = _currencies(intake, prices)
    cells = {name: _cells(intake, name) for name in RATES}
    published = [_money(intake, cells[name], unit, foreign, conversion) for name in RATES]
    blocked = _blocked(intake, cells)
    # A row keeps its published unit unless all its rates are exact per minute: it has one unit for both.
    lone = pl.repeat(60, intake.height, dtype=pl.UInt32, eager=True)
    exact = pl.repeat(True, intake.height, eager=True)
    for rate, minute in published:
        exact &= rate.is_null() | minute.is_not_null()
    columns = {}
    for name, (rate, minute) in zip(RATES, published, strict=True):
        columns[name] = minute if exact.all() else minute.zip_with(exact, rate)
    columns["rate_unit_s"] = lone if exact.all() else lone.zip_with(exact, unit)
    for name in FEES:
        columns[name] = _money(intake, _cells(intake, name), lone, foreign, conversion)[1]
    written = intake.text("original_rate") if intake.has("original_rate") else None
    original = cells["outbound_rate"].text.fill_null(cells["inbound_rate"].text)
    columns["original_rate"] = original if written is None else written.fill_null(original)
    if intake.table.in_rupees:
        columns["original_rate"] = intake.text("original_rate")
    columns["currency"] = currency
    columns["blocked"] = blocked
    return {name: values.alias(name) for name, values in columns.items()}, conversion


def _currencies(intake: Intake, prices: Prices) -> tuple[pl.Series, pl.Series, Conversion | None]:
    """The currency of each row, which rows are still to be converted, and by what."""
    none_foreign = pl.repeat(False, intake.height, eager=True)
    file = intake.table.file
    default = prices.currency
    if default is None:
        if not intake.has("currency") and not intake.table.header.rates_are_named_exactly:
            names = [intake.published(name) for name in RATES if intake.has(name)]
            raise SheetError(
                f"{file} states no currency for {' and '.join(map(repr, names))}:"
                " pass currency=, as 'INR' or 'USD'"
            )
        default = "INR"
    cells, exact = intake.matching("currency", "^[A-Z]{3}$")
    if cells.null_count() == intake.height:
        cells = pl.repeat(default, intake.height, dtype=pl.String, eager=True)
    elif not exact.all():
        cells = cells.str.to_uppercase()
        wrong = (~cells.str.contains("^[A-Z]{3}$")).fill_null(False)
        intake.refuse("currency", wrong, "not a currency code: write three letters, as INR or USD")
        cells = cells.fill_null(default)
    foreign = (cells != "INR") & ~intake.refused
    codes = cells.filter(foreign).unique().to_list()
    if intake.table.in_rupees:
        if prices.currency not in (None, "INR") or (codes and prices.inr_per_unit is not None):
            raise SheetError(
                f"{file} has every canonical column, so its rates are rupees already:"
                " leave out currency= and inr_per_unit="
            )
        _check_converted(intake, foreign)
        return cells, none_foreign, None
    if codes and intake.has("original_rate") and not intake.table.keeps_original:
        raise SheetError(
            f"{file} has original_rate beside currency {codes[0]}, so its rates may be rupees already:"
            " drop the column original_rate, or give all the columns that RateSheet.write gives"
        )
    if len(codes) > 1:
        raise SheetError(
            f"{file} mixes {' and '.join(sorted(codes))}: read one foreign currency at a time (quirk 36)"
        )
    return cells, foreign, prices.conversion(codes[0], file) if codes else None


def _check_converted(intake: Intake, foreign: pl.Series) -> None:
    """Raises `SheetError` for a foreign row that shows no original beside its rate."""
    priced = pl.repeat(False, intake.height, eager=True)
    for name in RATES:
        priced |= intake.raw(name).is_not_null()
    lacking = foreign & priced & intake.text("original_rate").is_null()
    if lacking.any():
        row = intake.rows.filter(lacking)[0]
        raise SheetError(
            f"{intake.table.file}, row {row}: a foreign currency without original_rate, so it is unclear if"
            " the rates are rupees already: fill original_rate, or drop that column to have them converted"
        )


def _cells(intake: Intake, name: str) -> _Cells:
    text, plain = intake.matching(name, PLAIN)
    if plain.all() or text.null_count() == intake.height:
        return _Cells(name, text, plain, pl.repeat(False, intake.height, eager=True))
    return _Cells(name, text, plain, text.str.to_lowercase().is_in(list(NOT_OFFERED)).fill_null(False))


def _money(
    intake: Intake, cells: _Cells, unit: pl.Series, foreign: pl.Series, conversion: Conversion | None
) -> tuple[pl.Series, pl.Series]:
    """The amounts of a column in rupees: as published, and per minute where that is exact."""
    text = cells.text
    if text.null_count() == intake.height:
        none = pl.repeat(None, intake.height, dtype=MONEY, eager=True)
        return none, none
    easy = cells.plain & ~foreign & (unit == 60)
    if easy.all():
        exact = text.cast(MONEY)
        return exact, exact
    hard = text.is_not_null() & ~cells.not_offered & ~easy
    if not hard.any():
        exact = text.set(~easy, None).cast(MONEY)
        return exact, exact
    keys = pl.DataFrame({"text": text, "unit": unit, "foreign": foreign})
    known = keys.filter(hard).unique()
    rate = conversion.inr_per_unit if conversion else None
    found = [amount(t, u, rate if f else None) for t, u, f in known.iter_rows()]
    table = known.with_columns(
        nano_series([a.published for a in found]).alias("published"),
        nano_series([a.per_minute for a in found]).alias("minute"),
        pl.Series("rounded", [a.rounded for a in found], dtype=pl.Boolean),
        pl.Series("reason", [a.reason for a in found], dtype=pl.String),
    )
    joined = keys.join(table, on=keys.columns, how="left", maintain_order="left")
    intake.refuse(cells.name, joined["reason"].is_not_null(), joined["reason"])
    _tell_rounded(
        intake, cells.name, joined["rounded"].fill_null(False) & ~intake.refused, foreign, conversion
    )
    exact = text.set(~easy, None).cast(MONEY)
    # A plain text may also occur among the hard ones (another unit): the easy value goes first.
    return tuple(exact.zip_with(easy, joined[name]) for name in ("published", "minute"))  # type: ignore[return-value]


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


def _blocked(intake: Intake, cells: dict[str, _Cells]) -> pl.Series:
    """Which rows are not sold: stated, or neither rate given in a sheet that prices (R47)."""
    stated = truth(intake, "blocked")
    has_price = pl.repeat(False, intake.height, eager=True)
    says_no = has_price
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
        return blocked  # a sheet of prefixes and groups: the price list is elsewhere
    unstated = blank & stated.is_null()
    name = next(name for name in reversed(RATES) if intake.has(name))
    reason = "no rate, so the prefix is loaded as blocked: state a rate, or blocked = false (R47)"
    intake.tell(name, unstated & ~intake.refused, reason, Severity.NOTE)
    return blocked | unstated
