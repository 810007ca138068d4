"""A provider's charges as rupees above zero: its sign, its currency, and a rate with its date (R49).

Foreign money becomes rupees once, half-up, with the places of our charges. What it was before, and how much
a unit of its last place is, stay beside it, since a provider rounds in its own currency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.charged_records import AMOUNT, PLACES
from dialnexa_routing.deck.exact_columns import half_up, scaled
from dialnexa_routing.money.exact import plain, units
from dialnexa_routing.text.errors import MoneyError, RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping

INR = "INR"
_RATE_PLACES = 9
_CODE = re.compile(r"[A-Za-z]{3}")
_LARGEST = 10**12
"""A charge of one call that is larger is none, and would not fit beside a rate."""


class ChargeSign(StrEnum):
    """Which sign charges have in a provider's file."""

    POSITIVE = "positive"
    """What we owe is above zero, what we get back is below."""
    NEGATIVE = "negative"
    """The other way round, as in a statement of an account."""


@dataclass(frozen=True)
class TheirMoney:
    """What the amounts of a provider's file are.

    Attributes:
        sign: of what we owe; None is asked for where no charge is above zero.
        currency: of charges whose record states none; None is not stated, and taken for INR.
        rates: INR for a unit, by currency.
        on: the day of the rates.
    """

    sign: ChargeSign | None = None
    currency: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    on: date | None = None

    @classmethod
    def of(
        cls,
        sign: ChargeSign | str | None,
        currency: str | None,
        inr_per_unit: Mapping[str, Decimal | str] | Decimal | str | None,
        inr_on: date | str | None,
    ) -> TheirMoney:
        """The arguments, checked.

        Raises:
            RecordError: a rate without its date or the other way round, or a rate of no named currency.
            MoneyError: a rate that is a float, zero or below.
            ValueError: the sign is neither of the two.
        """
        if (inr_per_unit is None) != (inr_on is None):
            raise RecordError("a rate has its date: pass inr_per_unit= and inr_on= together (R49)")
        code = None if currency is None else _code(currency)
        if inr_per_unit is None:
            given: Mapping[str, Decimal | str] = {}
        elif isinstance(inr_per_unit, Decimal | str | int | float):
            if code in (None, INR):
                raise RecordError(
                    f"a rate is of a currency: pass inr_per_unit={{'USD': {str(inr_per_unit)!r}}}, or "
                    "currency= where their records state none (R49)"
                )
            given = {str(code): inr_per_unit}
        else:
            given = inr_per_unit
        rates = {_code(name): _rate(name, rate) for name, rate in given.items()}
        return cls(None if sign is None else ChargeSign(sign), code, rates, _day(inr_on))

    def told(self) -> list[str]:
        """The rates in words."""
        return [f"1 {name} is ₹{plain(rate)}, as of {self.on}" for name, rate in sorted(self.rates.items())]

    def applied(self, charged: pl.DataFrame, decimals: int) -> pl.DataFrame:
        """Their records with ``their_charge`` in rupees, and what it was made of.

        ``their_foreign`` is the currency it was converted from, ``their_exact`` the rupees before
        rounding, ``their_unit`` what one unit of its last place comes to; all null for rupees.

        Raises:
            RecordError: no charge is above zero, and nobody has stated that this is their way.
            MoneyError: a charge is too large to be one.
        """
        charge = charged["their_charge"]
        if self.sign is None and charge.len() and (charge < 0).any() and not (charge > 0).any():
            raise RecordError(
                "their charges are below zero: pass charge_sign='negative' if that is what you owe, or "
                "charge_sign='positive' if they are credits"
            )
        if self.sign is ChargeSign.NEGATIVE:
            charged = charged.with_columns(-pl.col("their_charge"))
        stated = pl.col("their_currency").str.strip_chars().str.to_uppercase().replace("", None)
        code = stated.fill_null(pl.lit(self.currency, pl.String))
        known = [name for name in self.rates if name != INR]
        foreign = pl.when(code.is_in(known)).then(code)
        charged = charged.with_columns(
            their_currency=pl.coalesce("their_currency", pl.lit(self.currency, pl.String)),
            their_foreign=foreign,
        )
        nothing = pl.lit(None, AMOUNT)
        if not known or not charged["their_foreign"].count():
            return charged.with_columns(their_exact=nothing, their_unit=nothing)
        if (charged["their_charge"].abs() >= _LARGEST).any():
            raise MoneyError(f"a charge of theirs is {_LARGEST} or more; correct it")
        nano = {name: str(units(self.rates[name], _RATE_PLACES)) for name in known}
        rate = pl.col("their_foreign").replace_strict(nano, default=None, return_dtype=pl.String)
        rate = rate.cast(pl.Int128)
        whole = pl.col("their_charge").to_physical().cast(pl.Int128)
        exact = half_up(whole * rate, pl.lit(10**_RATE_PLACES, pl.Int128))
        written = pl.col("their_text").str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0)
        unit = pl.lit(10, pl.Int128).pow(PLACES - written.clip(0, PLACES).cast(pl.Int64)).cast(pl.Int128)
        charged = charged.with_columns(
            scaled(exact, PLACES).cast(AMOUNT).alias("their_exact"),
            scaled(half_up(unit * rate, pl.lit(10**_RATE_PLACES, pl.Int128)), PLACES)
            .cast(AMOUNT)
            .alias("their_unit"),
        )
        step = pl.lit(10 ** (PLACES - decimals), pl.Int128)
        rupees = scaled(half_up(pl.col("their_exact").to_physical().cast(pl.Int128), step), decimals)
        return charged.with_columns(
            pl.when(pl.col("their_foreign").is_null())
            .then("their_charge")
            .otherwise(rupees.cast(AMOUNT))
            .alias("their_charge")
        )


def is_in_rupees() -> pl.Expr:
    """Whether their charge is in INR: as it stands, by a rate, or because they state nothing."""
    currency = pl.col("their_currency").str.strip_chars().str.to_uppercase()
    return currency.fill_null(INR).is_in([INR, ""]) | pl.col("their_foreign").is_not_null()


def _code(name: str) -> str:
    if not isinstance(name, str) or not _CODE.fullmatch(name.strip()):
        raise RecordError(f"a currency is {name!r}; write its code of three letters, as 'USD'")
    return name.strip().upper()


def _rate(name: str, rate: Decimal | str) -> Decimal:
    if isinstance(rate, float | bool):
        raise MoneyError("inr_per_unit= is a float; pass a Decimal, or its text (R48)")
    try:
        found = Decimal(rate)
    except ArithmeticError:
        found = Decimal("NaN")
    if not (found.is_finite() and 0 < found < 10**9 and -found.as_tuple().exponent <= _RATE_PLACES):  # type: ignore[operator]
        raise MoneyError(f"the rate of {name} is {str(rate)[:40]!r}; write INR for one of it, as '83.25'")
    return found


def _day(day: date | str | None) -> date | None:
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise RecordError(f"inr_on={day!r} is no day; write one, as 2026-11-30 (R49)") from None
