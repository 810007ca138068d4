"""Text amounts to exact rupees (R48, R49).

An amount is parsed once as `Decimal`, converted and scaled without rounding, and rounded half-up
to nano-rupees at the very end. Polars is only trusted with text that provably fits: at most nine
digits on either side of the point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from dialnexa_routing.money.exact import NANO, amount_of, fits, times, units
from dialnexa_routing.sheets.cells.coinage import KNOWN
from dialnexa_routing.sheets.cells.status_words import BLOCKED, CLOSED
from dialnexa_routing.text.errors import MoneyError, SheetError
from dialnexa_routing.text.nearest import nearest

PLAIN = r"^[0-9]{1,9}(?:\.[0-9]{1,9})?$"
"""Amounts that Polars reads exactly."""

NOT_OFFERED = frozenset(
    [
        "blocked",
        "barred",
        "na",
        "n/a",
        "n.a.",
        "-",
        "--",
        "not supported",
        "not offered",
        "not available",
        "on request",
        "poa",
        "tbd",
        "tba",
        "tbc",
        "none",
        "null",
        "n/s",
        "no service",
        "not in service",
        "not served",
        "not sold",
        "unavailable",
        "suspended",
        "forbidden",
        "prohibited",
        "restricted",
        "n.a",
        "n. a.",
        "\u2013",
        "\u2014",
        "---",
        "not applicable",
        "not offered anymore",
        "route closed",
        "route blocked",
        "no route",
        "no rate",
        "not routed",
    ]
) | (CLOSED | BLOCKED)
"""What providers write where they do not sell the destination (quirk 29)."""

_NANO = amount_of(1)
_LIMIT = Decimal(NANO)  # a billion rupees
_AMOUNT = re.compile(r"(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_CURRENCY = re.compile("[A-Za-z]{3}")


@dataclass(frozen=True)
class Conversion:
    """The explicit exchange rate by which a sheet became rupees, and its date (R49).

    >>> Conversion.of("USD", "84.2150", date(2026, 1, 5)).inr_per_unit
    Decimal('84.2150')
    """

    currency: str
    inr_per_unit: Decimal
    inr_on: date

    @classmethod
    def of(
        cls, currency: str, inr_per_unit: str | int | Decimal | None, inr_on: date | str | None
    ) -> Conversion:
        """The conversion those arguments of `RateSheet.read` state.

        Raises `SheetError` naming the argument that is missing, `MoneyError` for a float or an
        amount that is not positive.
        """
        if inr_per_unit is None or inr_on is None:
            raise SheetError(missing(currency, inr_per_unit, inr_on))
        return cls(currency, _factor(inr_per_unit), _day(inr_on))


def missing(currency: str, inr_per_unit: object, inr_on: object) -> str:
    """Which of the two arguments of a conversion is still to be given, as a sentence.

    >>> missing("USD", "84", None)
    'the rates are in USD: pass inr_on=, the date of inr_per_unit= (R49)'
    """
    rate = f"inr_per_unit='…', rupees for one {currency}"
    day = "inr_on=, the date of inr_per_unit="
    wanted = " and ".join([rate] * (inr_per_unit is None) + [day] * (inr_on is None))
    return f"the rates are in {currency}: pass {wanted} (R49)"


def _factor(inr_per_unit: str | int | Decimal) -> Decimal:
    """`inr_per_unit` as an exact number. Raises `MoneyError` for a float or what is not positive."""
    if isinstance(inr_per_unit, float | bool) or not isinstance(inr_per_unit, str | int | Decimal):
        raise MoneyError(
            f"inr_per_unit={inr_per_unit!r} is a {type(inr_per_unit).__name__}, which is not exact:"
            f" pass text, as inr_per_unit='{inr_per_unit}' (R48)"
        )
    try:
        rate = Decimal(str(inr_per_unit).strip()) if re.search("[0-9]", str(inr_per_unit)) else Decimal("NaN")
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not str(inr_per_unit).isascii() or not _NANO <= rate < _LIMIT:
        raise MoneyError(f"inr_per_unit={inr_per_unit!r} is not a positive amount: pass it as '84.2150'")
    if len(rate.as_tuple().digits) > 30:
        raise MoneyError(f"inr_per_unit={inr_per_unit!r} has over 30 digits: give fewer")
    return rate


def _day(value: date | str) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise SheetError(
            f"inr_on={value!r} is not a date: pass datetime.date(2026, 1, 5) or '2026-01-05'"
        ) from None


def currency_code(value: str, place: str) -> str:
    """`value` as an ISO 4217 code. Raises `SheetError` for what is none, with the nearest ones."""
    code = value.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise SheetError(f"{place} {value!r} is not a currency code: write three letters, as INR or USD")
    if code not in KNOWN:
        raise SheetError(f"{place} {value!r} is no currency of ISO 4217{nearest(code, KNOWN)}")
    return code


@dataclass(frozen=True)
class Prices:
    """What the caller stated about the money of a sheet; a currency in the sheet itself goes first."""

    currency: str | None = None
    inr_per_unit: str | int | Decimal | None = None
    inr_on: date | str | None = None

    def __post_init__(self) -> None:
        """Refuses what is wrong by itself; what is missing is seen when the sheet names its currency."""
        if self.currency is not None:
            object.__setattr__(self, "currency", currency_code(self.currency, "currency="))
        if self.inr_per_unit is not None:
            _factor(self.inr_per_unit)
        if self.inr_on is not None:
            _day(self.inr_on)

    @property
    def rate_given(self) -> str | None:
        """The arguments of an exchange rate that were passed, as one writes them; None for none."""
        names = [name for name in ("inr_per_unit", "inr_on") if getattr(self, name) is not None]
        return " and ".join(f"{name}=" for name in names) or None

    def conversion(self, code: str, file: str) -> Conversion:
        """The conversion for `code`. Raises `SheetError` when none was given, or one for another currency."""
        if self.inr_per_unit is not None and self.currency not in (None, "INR", code):
            raise SheetError(
                f"{file} is in {code}, but inr_per_unit is for {self.currency}:"
                " read one currency at a time (quirk 36)"
            )
        return Conversion.of(code, self.inr_per_unit, self.inr_on)

    def assumed(self, code: str) -> Conversion:
        """A conversion to go on with where one is asked for; nothing made with it is handed out."""
        return Conversion(code, Decimal(1), date(1970, 1, 1))


@dataclass(frozen=True)
class Amount:
    """One text amount in nano-rupees: for the published unit, and per minute where that is exact."""

    published: int | None = None
    per_minute: int | None = None
    rounded: bool = False
    reason: str | None = None


def parse(text: str) -> Decimal | str:
    """The exact amount in `text`, or the sentence that states why there is none.

    >>> parse("0.0125"), parse("1e-7")
    (Decimal('0.0125'), Decimal('1E-7'))
    """
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    if re.match(r"[-−(]", text):
        return f"{text[:40]!r} is negative: a rate is 0 or more; write 'blocked' where nothing is sold"
    if "," in text:
        return (
            f"the comma in {text[:40]!r} may mark decimals or thousands:"
            " write it with a point and no thousands mark"
        )
    return f"{text[:40]!r} is not an amount: write digits and a point only, as 0.7425"


def amount(text: str, unit: int, factor: Decimal | None) -> Amount:
    """`text` per `unit` seconds in rupees, `factor` rupees for one of what it counts.

    Where `unit` divides a minute the one rounding is made on the amount per minute, so that a rate
    per 30 seconds is not rounded before it is doubled.
    """
    found = parse(text)
    if isinstance(found, str):
        return Amount(reason=found)
    exact = found if factor is None else times(found, factor)
    if exact >= _LIMIT:
        return Amount(reason=f"{text[:40]!r} is a billion rupees or more: correct it")
    published, is_rounded = units(exact), not fits(exact)
    if 60 % unit == 0:
        minute = times(exact, Decimal(60 // unit))
        nano = units(minute)
        if nano >= NANO**2:
            return Amount(
                reason=f"{text[:40]!r} per {unit} s is a billion rupees a minute or more: correct it"
            )
        return Amount(published, nano, rounded=not fits(minute))
    whole, rest = divmod(published * 60, unit)
    return Amount(published, None if rest or is_rounded or whole >= NANO**2 else whole, is_rounded)
