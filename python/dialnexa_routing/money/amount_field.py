"""An amount of rupees as a field of a document: exact, and small enough for the core (R48)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from dialnexa_routing.money.exact import amount_of, fits

_LIMIT = amount_of(2**63)
_AMOUNT = re.compile(r"[+-]?[0-9.]{1,40}([eE][+-]?[0-9]{1,2})?")


def exact_amount(value: object) -> object:
    """Whatever is not a float, nor text that is no plain number, for validation."""
    if isinstance(value, float | bool):
        kind = "a float, which is not exact" if isinstance(value, float) else "true or false"
        raise ValueError(f"an amount is {kind}; write it as text, as '0.75' (R48)")
    if isinstance(value, str) and not _AMOUNT.fullmatch(value.strip()):
        raise ValueError("an amount is written in the digits 0 to 9 with a point, as '0.75' (R48)")
    return value


def _nano(value: Decimal) -> Decimal:
    if not (value.is_finite() and value.copy_abs() < _LIMIT and fits(value)):
        raise ValueError("an amount has at most nine decimal places and nine digits before them (R48)")
    return value


Rupees = Annotated[Decimal, BeforeValidator(exact_amount), AfterValidator(_nano), Field(ge=0)]
"""INR, from text, an integer or a Decimal; never a float, never negative, nine places at most (R48)."""
