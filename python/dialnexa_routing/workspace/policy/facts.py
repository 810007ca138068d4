"""What is passed in with a call, because the library stores none of it (R36)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dialnexa_routing.text.errors import MoneyError


class CallOrigin(StrEnum):
    """Who asks for an outbound call; it decides what happens at capacity (R36)."""

    API = "api"
    """One request."""
    BATCH = "batch"
    """A row of a batch file; placed by the outbound version of its source (R32)."""
    WORKFLOW = "workflow"
    """A lead of a workflow; as a batch."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of a workspace at the moment of a call.

    Attributes:
        kyc_verified: whether the customer is known; asked of outbound calls.
        balance: INR in the wallet; None leaves the balance unasked.
        live_calls: ringing and connected calls of every kind, the new one not among them (R36).

    Raises:
        MoneyError: the balance is a float, or no number (R48).

    >>> Facts(kyc_verified=True, balance=Decimal("99.50"), live_calls=3).live_calls
    3
    """

    kyc_verified: bool
    balance: Decimal | None
    live_calls: int

    def __post_init__(self) -> None:
        if type(self.kyc_verified) is not bool:
            raise TypeError(f"kyc_verified is {type(self.kyc_verified).__name__}; pass True or False")
        if isinstance(self.balance, float):
            raise MoneyError("balance is a float, which is not exact; pass a Decimal of text (R48)")
        if self.balance is not None and not isinstance(self.balance, Decimal):
            raise TypeError(f"balance is {type(self.balance).__name__}; pass a Decimal, or None")
        if self.balance is not None and not self.balance.is_finite():
            raise MoneyError(f"balance is {self.balance}; pass an amount")
        if type(self.live_calls) is not int:
            raise TypeError(f"live_calls is {type(self.live_calls).__name__}; pass a whole number")
        if self.live_calls < 0:
            raise ValueError(f"live_calls is {self.live_calls}; it counts calls, from 0")
