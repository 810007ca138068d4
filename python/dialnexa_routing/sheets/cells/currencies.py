"""Which currency the amounts of each row are in, and whether they are minor units (quirks 36 to 38)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.money.exact import times
from dialnexa_routing.sheets.aliases import RATES
from dialnexa_routing.sheets.cells.coinage import WORDS, Coin, coin, contradicts, minor_unit
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.header_units import factor_in, part_of
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.cells.amounts import AmountColumn
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.cells.money import Conversion
    from dialnexa_routing.sheets.sheet_choices import Choices

_PAISA = Decimal("0.01")


@dataclass(frozen=True)
class Currencies:
    """The currency of each row, which rows are still to be converted, and by what."""

    codes: pl.Series
    foreign: pl.Series
    conversion: Conversion | None
    minor: Mapping[str, Decimal | None]
    """Columns that count in a part of the coin, and in which; None is the currency's own minor unit."""
    minor_unit: Decimal = _PAISA  # of the foreign currency

    def factor(self, name: str, *, foreign: bool) -> Decimal | None:
        """Rupees for one of what the column `name` counts; None where that is one rupee."""
        rate = self.conversion.inr_per_unit if foreign and self.conversion else None
        if name not in self.minor:
            return rate
        part = self.minor[name]
        if part is None:
            part = _PAISA if rate is None else self.minor_unit
        return part if rate is None else times(rate, part)


def currencies(intake: Intake, amounts: dict[str, AmountColumn], choices: Choices) -> Currencies:
    """What the sheet, its title and the caller state of money, in that order.

    Raises `SheetError` when nothing states it, or two of them differ.
    """
    none_foreign = constant(False, intake.height)
    file = intake.table.file
    stated, minor = _stated(intake, amounts, choices)
    default = stated or choices.prices.currency
    if default is None:
        signs = sorted({sign for column in amounts.values() for sign in column.signs})
        if signs:
            choices.questions.ask(
                "currency",
                f"{file} writes {' and '.join(map(repr, signs))}, the sign of several currencies:"
                " pass currency=, as 'USD' (quirk 36), with inr_per_unit= and inr_on= for rupees",
                ["'USD'"],
            )
        elif not intake.has("currency") and not intake.table.header.rates_are_named_exactly:
            names = [intake.published(name) for name in RATES if intake.has(name)]
            if names:
                choices.questions.ask(
                    "currency",
                    f"{file} states no currency for {' and '.join(map(repr, names))}:"
                    " pass currency=, as 'INR' or 'USD', the latter with inr_per_unit= and inr_on=",
                    ["'INR'", "'USD'"],
                )
        default = "INR"
    cells, exact = intake.matching("currency", "^[A-Z]{3}$")
    if cells.null_count() == intake.height:
        cells = constant(default, intake.height, pl.String)
    elif not exact.all():
        cells = cells.str.to_uppercase()
        wrong = (~cells.str.contains("^[A-Z]{3}$")).fill_null(False)
        intake.refuse("currency", wrong, "not a currency code: write three letters, as INR or USD")
        cells = cells.fill_null(default)
    foreign = (cells != "INR") & ~intake.refused
    codes = cells.filter(foreign).unique().to_list()
    if intake.table.in_rupees:
        if choices.prices.currency not in (None, "INR") or choices.prices.rate_given:
            raise SheetError(
                f"{file} has every canonical column, so its rates are rupees already:"
                " leave out currency= and inr_per_unit="
            )
        _check_converted(intake, foreign)
        return Currencies(cells, none_foreign, None, {})
    if codes and intake.has("original_rate") and not intake.table.keeps_original:
        raise SheetError(
            f"{file} has original_rate beside currency {codes[0]}, so its rates may be rupees already:"
            " drop the column original_rate, or give all the columns that RateSheet.write gives"
        )
    if len(codes) > 1:
        raise SheetError(
            f"{file} mixes {' and '.join(sorted(codes))}: read one foreign currency at a time (quirk 36)"
        )
    conversion = _conversion(intake, codes[0] if codes else None, choices)
    part = _minor_unit(intake, codes[0], choices) if codes and minor else _PAISA
    return Currencies(cells, foreign, conversion, minor, part)


def _minor_unit(intake: Intake, code: str, choices: Choices) -> Decimal:
    """What the minor unit of `code` is of a whole one. Raises `SheetError` where that is not certain."""
    names = {choices.unit} if choices.unit else {word for word in _words(intake) if word in WORDS}
    found = minor_unit(code, frozenset(name for name in names if name))
    if isinstance(found, str):
        raise SheetError(f"{intake.table.file}: {found} (quirk 38)")
    return found


def _words(intake: Intake) -> list[str]:
    """The words of headers and title, in lower case."""
    texts = [*intake.table.header.published.values(), intake.table.title.text]
    return re.findall("[a-z]+", " ".join(texts).lower())


def _conversion(intake: Intake, code: str | None, choices: Choices) -> Conversion | None:
    """The conversion of foreign rows, which is asked for; an exchange rate for nothing is refused (R49)."""
    prices, file = choices.prices, intake.table.file
    if code is not None:
        lacking = [name for name in ("inr_per_unit", "inr_on") if getattr(prices, name) is None]
        return choices.questions.settle(
            lacking[0] if lacking else "currency",
            lambda: prices.conversion(code, file),
            prices.assumed(code),
            column=code,
        )
    given = prices.rate_given
    if given and any(intake.has(name) for name in RATES) and not choices.questions.asked:
        named = " and ".join(repr(intake.published(name)) for name in RATES if intake.has(name))
        if prices.currency is None and intake.raw("currency").null_count() == intake.height:
            raise SheetError(
                f"{file}: {given} was passed, but nothing says that {named} is foreign: pass currency= with"
                f" the currency it is in, or leave out {given} if it is rupees (R49)"
            )
        if prices.currency == "INR":
            raise SheetError(f"{file} is in rupees by currency='INR': leave out {given} (R49)")
    return None


def _stated(
    intake: Intake, amounts: dict[str, AmountColumn], choices: Choices
) -> tuple[str | None, dict[str, Decimal | None]]:
    """The currency that headers, cells and title state, and the columns in parts of it."""
    header, file = intake.table.header, intake.table.file
    said: dict[str, str] = {}  # code -> where
    minor: dict[str, Decimal | None] = {}
    for name, column in amounts.items():
        if not intake.has(name):
            continue
        published = header.published[name]
        if published != name and (factor := factor_in(published)):
            raise SheetError(
                f"{file}: the column {published!r} says {factor!r}, so its prices are not of one: write them"
                " as they are for one, under a name that states no factor (quirk 38)"
            )
        words = Coin() if published == name else coin(published, f"{file}: the header {published!r}")
        small = None if published == name else part_of(published)
        if (small or words.minor or column.minor) and choices.unit != "major":
            minor[name] = small
        for code in (words.currency, *column.currencies):
            if code:
                said.setdefault(code, f"the column {published!r}")
    if choices.unit in WORDS:
        minor = {name: None for name in amounts if intake.has(name)}
        if code := WORDS[choices.unit]:
            said.setdefault(code, f"unit={choices.unit!r}")
    title = intake.table.title
    if title.coin.currency and not said:
        said[title.coin.currency] = "the title"
    if title.coin.minor and choices.unit is None:
        minor |= {name: None for name in amounts if intake.has(name) and name not in minor}
    if constant := intake.table.constants.get("currency"):
        said = {constant: "its format"}
    if len(said) > 1:
        both = " and ".join(f"{place} says {code}" for code, place in sorted(said.items()))
        raise SheetError(f"{file}: {both}: read one currency at a time, or correct the header (quirk 36)")
    code = next(iter(said), None)
    asked = choices.prices.currency
    if code and asked and code != asked:
        if said[code] == "the title":
            reason = f"the title says {code}, but currency={asked!r} was passed and used: look which is right"
            intake.faults.tell(reason, column="currency", value=code, severity=Severity.WARNING)
            return asked, minor
        raise SheetError(f"{file}: {said[code]} says {code}: leave out currency={asked!r} (quirk 36)")
    if code:
        intake.faults.tell(f"the rates are in {code}, as {said[code]} says", column="currency", value=code)
    if said_or_asked := code or asked:
        _check_signs(intake, amounts, said_or_asked, said.get(said_or_asked, f"currency={asked!r}"))
    return code, minor


def _check_signs(intake: Intake, amounts: dict[str, AmountColumn], code: str, where: str) -> None:
    """Raises `SheetError` for an amount that bears the sign of another currency."""
    for name, column in amounts.items():
        strange = sorted(sign for sign in column.signs if contradicts(sign, code))
        if strange:
            published = intake.published(name)
            raise SheetError(
                f"{intake.table.file}: {where} says {code}, but amounts of the column {published!r} bear"
                f" {' and '.join(map(repr, strange))}: correct one, or read rows of each currency apart"
                " (quirk 36)"
            )


def _check_converted(intake: Intake, foreign: pl.Series) -> None:
    """Raises `SheetError` for a foreign row that shows no original beside its rate."""
    priced = constant(False, intake.height)
    for name in RATES:
        priced |= intake.raw(name).is_not_null()
    lacking = foreign & priced & intake.text("original_rate").is_null()
    if lacking.any():
        row = intake.rows.filter(lacking)[0]
        raise SheetError(
            f"{intake.table.file}, row {row}: a foreign currency without original_rate, so it is unclear if"
            " the rates are rupees already: fill original_rate, or drop that column to have them converted"
        )
