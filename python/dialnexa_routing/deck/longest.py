"""How long a call at a deck's own terms may last for a balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.money.longest_call import LongestCall, checked_balance, checked_limit, longest
from dialnexa_routing.money.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from dialnexa_routing.deck.rates import Rates


def longest_by(rate: Callable[[int], Any], balance: Decimal, limit_s: int) -> LongestCall:
    """The longest call by what rates one of so many seconds: its answer has a ``total`` and a ``reason``."""
    balance, limit_s = checked_balance(balance), checked_limit(limit_s)
    reason = rate(1).reason
    if reason is not None and reason is not Reason.OVERFLOW:
        return LongestCall(None, reason, None)
    seconds, held = longest(lambda seconds: rate(seconds).total, balance, limit_s)
    return LongestCall(seconds, None, held)


def longest_call(deck: Rates, number: str, balance: Decimal, limit_s: int, **how: Any) -> LongestCall:
    """The work of `RateDeck.longest_call` and `DeckBook.longest_call`."""
    return longest_by(lambda seconds: deck.rate(number, seconds, **how), balance, limit_s)
