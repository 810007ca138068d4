"""Tax on a total: a step of its own, after charges are added up and never inside them (R52)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.money.semantics import Rounding
from dialnexa_routing.plans.pricing import rounded_to
from dialnexa_routing.text.errors import MoneyError

if TYPE_CHECKING:
    from collections.abc import Mapping

GST_PERCENT = Decimal(18)
"""What telecommunication services bear in India; pass another where it differs."""


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
    """A total before tax, the heads, and the total with them: ``net + sum of amounts == gross``."""

    net: Decimal
    lines: tuple[TaxLine, ...]
    gross: Decimal


def gst(net: Decimal, *, supply: Supply, percent: Decimal | str = GST_PERCENT) -> Taxed:
    """A total with GST to the paisa.

    >>> taxed_total = gst(Decimal("1234.55"), supply=Supply.INTRA_STATE)
    >>> [(line.name, line.amount) for line in taxed_total.lines], taxed_total.gross
    ([('CGST', Decimal('111.11')), ('SGST', Decimal('111.11'))], Decimal('1456.77'))
    """
    whole = _percent(percent)
    if Supply(supply) is Supply.INTER_STATE:
        return taxed(net, {"IGST": whole})
    return taxed(net, {"CGST": whole / 2, "SGST": whole / 2})


def taxed(
    net: Decimal | Fraction,
    heads: Mapping[str, Decimal | str],
    *,
    rounding: Rounding = Rounding.HALF_UP,
    decimals: int = 2,
    round_at: TaxRounding = TaxRounding.PER_HEAD,
) -> Taxed:
    """A total with the heads of a tax, in per cent of it.

    Args:
        net: INR before tax; a Fraction where it is not rounded yet.
        heads: per cent by name, as ``{"IGST": "18"}``.
        rounding: of each amount.
        decimals: places of each amount.
        round_at: each head, or the taxed total once.

    Raises:
        MoneyError: a float, or a rate below zero.
    """
    if isinstance(net, float) or not isinstance(net, Decimal | Fraction | int):
        raise MoneyError(f"a total is {type(net).__name__}; pass a Decimal or a Fraction (R48)")
    exact, rates = Fraction(net), {name: _percent(rate) for name, rate in heads.items()}
    net_amount = rounded_to(exact, rounding, decimals)
    amounts = {
        name: rounded_to(exact * Fraction(rate) / 100, rounding, decimals) for name, rate in rates.items()
    }
    if TaxRounding(round_at) is TaxRounding.ONCE and amounts:
        whole = rounded_to(
            exact * (1 + sum(map(Fraction, rates.values()), Fraction(0)) / 100), rounding, decimals
        )
        *_, last = amounts
        amounts[last] = whole - net_amount - sum(amount for name, amount in amounts.items() if name != last)
    lines = tuple(TaxLine(name, rates[name], amount) for name, amount in amounts.items())
    return Taxed(net_amount, lines, net_amount + sum((line.amount for line in lines), Decimal(0)))


def _percent(rate: Decimal | str | int) -> Decimal:
    if isinstance(rate, float | bool):
        raise MoneyError("a rate of tax is a float; write it as text, as '18' (R48)")
    try:
        percent = Decimal(rate)
    except InvalidOperation:
        raise MoneyError(f"a rate of tax is {rate!r}; write it as text, as '18'") from None
    if not (percent.is_finite() and percent >= 0):
        raise MoneyError(f"a rate of tax is {percent} per cent; it is 0 or more")
    return percent
