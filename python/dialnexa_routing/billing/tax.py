"""Tax on a total: a step of its own, after charges are added up and never inside them (R52)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import (
    PLACES,
    Rounding,
    exact_text,
    fits,
    minus,
    places_of,
    rounded,
    total,
)
from dialnexa_routing.money.exact import percent as percent_of
from dialnexa_routing.text.errors import MoneyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GST_PERCENT = Decimal(18)
"""What telecommunication services bear in India; pass another where it differs."""

_PAISE = 2
_RATE = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?")


class Supply(StrEnum):
    """Where a service goes, which decides the heads of GST."""

    INTRA_STATE = "intra_state"
    """Within one state: half is CGST, half is SGST."""
    INTER_STATE = "inter_state"
    """Between states: IGST."""


class TaxRounding(StrEnum):
    """Where a taxed total is rounded."""

    PER_HEAD = "per_head"
    """Each head by itself; the total is the sum of what is printed."""
    ONCE = "once"
    """The taxed total from its exact value; the last head takes what is left."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One head of a tax."""

    name: str
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Taxed:
    """A total before tax, the heads, and the total with them: ``net + sum of amounts == gross``, exactly."""

    net: Decimal
    lines: tuple[TaxLine, ...]
    gross: Decimal


def gst(
    net: Decimal,
    *,
    supply: Supply,
    percent: Decimal | str = GST_PERCENT,
    tax_decimals: int | None = None,
) -> Taxed:
    """A total with GST: the total as it is, and heads with its places, two at least.

    Args:
        net: INR before tax, below zero for a credit, whose tax is then the mirror image.
        supply: which heads there are.
        percent: of all heads together.
        tax_decimals: places of the heads where they are not those of the total; 0 for whole rupees.

    >>> taxed_total = gst(Decimal("1234.55"), supply=Supply.INTRA_STATE)
    >>> [(line.name, line.amount) for line in taxed_total.lines], taxed_total.gross
    ([('CGST', Decimal('111.11')), ('SGST', Decimal('111.11'))], Decimal('1456.77'))
    """
    whole = _percent(percent)
    if Supply(supply) is Supply.INTER_STATE:
        return taxed(net, {"IGST": whole}, tax_decimals=tax_decimals)
    half = exact_text(Fraction(whole) / 2)
    return taxed(net, {"CGST": half, "SGST": half}, tax_decimals=tax_decimals)


def taxed(
    net: Decimal | Fraction,
    heads: Mapping[str, Decimal | str],
    *,
    rounding: Rounding = Rounding.HALF_UP,
    decimals: int | None = None,
    tax_decimals: int | None = None,
    round_at: TaxRounding = TaxRounding.PER_HEAD,
) -> Taxed:
    """A total with the heads of a tax, in per cent of it.

    Args:
        net: INR before tax; a Fraction where it is not rounded yet.
        heads: per cent by name, as ``{"IGST": "18"}``.
        rounding: of each amount.
        decimals: places of each amount. Without it a Decimal stays the total that it is, and the others
            get its places, two at least; a Fraction is rounded to two.
        tax_decimals: places of the heads alone; the total is not touched by it.
        round_at: each head, or the taxed total once; where heads have fewer places than the total, the
            tax once.

    Raises:
        MoneyError: a float, a rate below zero, or no number.
        ValueError: places that are not 0 to 9.
    """
    if isinstance(net, float | bool) or not isinstance(net, Decimal | Fraction | int):
        raise MoneyError(f"a total is {type(net).__name__}; pass a Decimal or a Fraction (R48)")
    for name, places in (("decimals", decimals), ("tax_decimals", tax_decimals)):
        if places is not None and (type(places) is not int or not 0 <= places <= PLACES):
            raise ValueError(f"{name} is {places!r}; it is 0 to {PLACES}")
    way, rates = Rounding(rounding), {name: _percent(rate) for name, rate in heads.items()}
    if decimals is None and isinstance(net, Decimal):
        net_amount = total([net], _PAISE)
        finest = places_of(net_amount)
    else:
        finest = _PAISE if decimals is None else decimals
        net_amount = rounded(net, finest, way)
    places = finest if tax_decimals is None else tax_decimals
    amounts = {name: rounded(percent_of(net, rate), places, way) for name, rate in rates.items()}
    if TaxRounding(round_at) is TaxRounding.ONCE and amounts:
        *others, last = amounts
        tax = _once(net, net_amount, rates.values(), places, way)
        amounts[last] = minus(tax, total(amounts[name] for name in others))
    lines = tuple(TaxLine(name, rates[name], amount) for name, amount in amounts.items())
    return Taxed(net_amount, lines, total([net_amount, *amounts.values()]))


def _once(
    net: Decimal | Fraction, net_amount: Decimal, rates: Iterable[Decimal], places: int, way: Rounding
) -> Decimal:
    """All heads together, so that total and tax are rounded once."""
    exact = Fraction(net) + sum((percent_of(net, rate) for rate in rates), Fraction(0))
    if fits(net_amount, places):
        return minus(rounded(exact, places, way), net_amount)
    return rounded(exact - Fraction(net_amount), places, way)


def _percent(rate: Decimal | str | int) -> Decimal:
    if isinstance(rate, float | bool):
        raise MoneyError("a rate of tax is a float; write it as text, as '18' (R48)")
    if not isinstance(rate, Decimal | int) and not (isinstance(rate, str) and _RATE.fullmatch(rate.strip())):
        raise MoneyError(f"a rate of tax is {rate!r}; write it as text, as '18'")
    percent = Decimal(rate)
    if not (percent.is_finite() and percent >= 0):
        raise MoneyError(f"a rate of tax is {percent} per cent; it is 0 or more")
    return percent
