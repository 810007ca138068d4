"""How long a call may last for a balance, and the money that a service holds meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import amount_of, minus, plus
from dialnexa_routing.text.errors import MoneyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dialnexa_routing.money.reason import Reason

LIMIT_S = 86_400
"""A day: no call is longer."""


@dataclass(frozen=True, slots=True)
class LongestCall:
    """How long a call may last for a balance.

    Attributes:
        seconds: the most whole seconds that cost no more than the balance, when one more would; 0 where
            none does. None where nothing up to the limit costs more (caps, tiers that are free, a large
            balance), and where `reason` states why the call cannot be rated.
        reason: why it has no charge at all, or None.
        held: INR that `seconds` cost, or the limit where they are None: what to reserve for the call. None
            with a `reason`.
    """

    seconds: int | None
    reason: Reason | None
    held: Decimal | None


def longest(
    cost: Callable[[int], Decimal | None], balance: Decimal, limit_s: int = LIMIT_S
) -> tuple[int | None, Decimal | None]:
    """Whole seconds, and what they cost; by halving, for no call gets cheaper by lasting longer.

    Where pieces are rounded one may: then the next second is beyond the balance, and a later one may not be.

    Args:
        cost: INR of a call of so many seconds; None where it is more than a charge can hold.
        balance: INR.
        limit_s: beyond which nobody asks.

    >>> longest(lambda seconds: Decimal(-(-seconds // 60)), Decimal("2.50"))
    (120, Decimal('2'))
    """

    def buys(seconds: int) -> bool:
        found = cost(seconds)
        return found is not None and found <= balance

    if buys(limit_s + 1):
        return None, cost(limit_s)
    low, high = 0, limit_s + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if buys(middle) else (low, middle)
    return low, cost(low)


def checked_balance(balance: object) -> Decimal:
    """The balance as an amount. Raises `MoneyError` for a float, or what is no number (R48)."""
    if isinstance(balance, float | bool):
        raise MoneyError("balance is a float, which is not exact; pass a Decimal of text (R48)")
    if isinstance(balance, int):
        return amount_of(balance, 0)
    if not isinstance(balance, Decimal):
        raise TypeError(f"balance is {type(balance).__name__}; pass a Decimal")
    if not balance.is_finite():
        raise MoneyError(f"balance is {balance}; pass an amount")
    return balance


def checked_limit(limit_s: object) -> int:
    """The limit itself. Raises `TypeError` or `ValueError` for what is none."""
    if type(limit_s) is not int:
        raise TypeError(f"limit_s is {type(limit_s).__name__}; pass whole seconds")
    if not 0 < limit_s <= 7 * LIMIT_S:
        raise ValueError(f"limit_s is {limit_s}; pass 1 to {7 * LIMIT_S} seconds")
    return limit_s


@dataclass(frozen=True, slots=True)
class Wallet:
    """INR of one payer as a value: what there is, and what is held for calls that are under way.

    Where it is kept, and how two requests at once are kept apart, is the service's affair.

    Attributes:
        balance: INR, those that are held among them.
        held: INR for calls under way.

    >>> wallet = Wallet(Decimal("10"))
    >>> reservation = Reservation(hold=Decimal("6.50"), until=None)
    >>> wallet.reserve(reservation).available
    Decimal('3.50')
    >>> wallet.reserve(reservation).debit(Decimal("1.25"), reservation).available
    Decimal('8.75')
    """

    balance: Decimal
    held: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "balance", checked_balance(self.balance))
        object.__setattr__(self, "held", checked_balance(self.held))
        if self.held < 0:
            raise ValueError(f"held is {self.held}; what is held is never below zero")

    @property
    def available(self) -> Decimal:
        """What the next call may cost."""
        return minus(self.balance, self.held)

    def reserve(self, reservation: Reservation) -> Wallet:
        """The wallet with the reservation held.

        Raises:
            MoneyError: it holds more than is available.
        """
        if reservation.hold > self.available:
            raise MoneyError(
                f"₹{reservation.hold} cannot be held of ₹{self.available} that are available; ask "
                "longest_call for what they buy"
            )
        return replace(self, held=plus(self.held, reservation.hold))

    def release(self, reservation: Reservation) -> Wallet:
        """The wallet without the reservation, as for a call that nobody answered.

        Raises:
            MoneyError: so much is not held.
        """
        if reservation.hold > self.held:
            raise MoneyError(f"₹{reservation.hold} are not held; ₹{self.held} are. Release it once")
        return replace(self, held=minus(self.held, reservation.hold))

    def debit(self, charge: Decimal, reservation: Reservation | None = None) -> Wallet:
        """The wallet after a call of this charge, its reservation released.

        A charge may be above what was held, as that of a call which nobody ended: the balance states so.

        Raises:
            MoneyError: the charge is below zero, or the reservation is not held.
        """
        charge = checked_balance(charge)
        if charge < 0:
            raise MoneyError(f"charge is {charge}; a credit is no debit")
        wallet = self if reservation is None else self.release(reservation)
        return replace(wallet, balance=minus(wallet.balance, charge))


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money held for one call.

    Attributes:
        hold: INR, mostly `LongestCall.held`.
        until: when it lapses if nobody debits it, with a zone; None is never.
    """

    hold: Decimal
    until: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "hold", checked_balance(self.hold))
        if self.hold < 0:
            raise ValueError(f"hold is {self.hold}; what is held is never below zero")
        if self.until is not None and self.until.utcoffset() is None:
            raise ValueError("until has no zone; pass an instant, as datetime(…, tzinfo=UTC)")

    def has_lapsed(self, at: datetime) -> bool:
        """Whether it holds nothing any more at an instant, with a zone."""
        return self.until is not None and at >= self.until
