"""How long calls may last for their balances, as columns: one halving for all rows of a frame at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.longest_call import LIMIT_S, checked_limit
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.records.rating import rate
from dialnexa_routing.records.record_columns import present
from dialnexa_routing.text.errors import MoneyError, RecordError

if TYPE_CHECKING:
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.records.rating_options import RatingOptions

_ADDED = ("longest_s", "held", "reason")
_AMOUNT = pl.Decimal(38, 9)


def longest_calls(
    frame: pl.DataFrame,
    *,
    deck: Rates,
    balance: str = "balance",
    limit_s: int = LIMIT_S,
    **options: Unpack[RatingOptions],
) -> pl.DataFrame:
    """What each row's balance buys: all rows and columns come back, in order, with these added.

    ``longest_s``, Int64: the most whole seconds n of which `rate` is at most the balance, and of n + 1 is
    above it; null where nothing up to `limit_s` is, and where there is no charge. ``held``, Decimal: what
    they cost, or `limit_s` seconds where nothing bounds them. ``reason``: why there is no charge.

    Args:
        frame: calls that are asked for, without durations; a row without a balance has none of the three.
        deck: what to rate with.
        balance: column of INR: Decimal or integers (R48).
        limit_s: beyond which nobody asks, at most a week.
        options: of `rate`; seconds, ended_at, fields and add_prefix are none of them here.

    Raises:
        RecordError: a column is missing, or would be overwritten.
        MoneyError: balances are floats or text.

    >>> from decimal import Decimal
    >>> from dialnexa_routing import BillingPlan, RateDeck
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> calls = pl.DataFrame({"to": ["+919812345678"] * 2, "balance": [Decimal("4.00"), Decimal("0.30")]})
    >>> plan = BillingPlan(id="growth", llm="1.10")
    >>> longest_calls(calls, deck=deck, plan=plan).select("longest_s", "held", "reason").rows()
    [(180, Decimal('3.30'), None), (0, Decimal('0.00'), None)]
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame")
    limit_s = checked_limit(limit_s)
    for name in ("seconds", "ended_at", "fields", "add_prefix"):
        if name in options:
            raise TypeError(f"{name} is not asked here: the seconds are what is looked for; leave it out")
    wallet = frame.schema[present(balance, frame.columns)]
    if not (wallet.is_integer() or isinstance(wallet, pl.Decimal)):
        raise MoneyError(f"column {balance!r} is {wallet}; balances are Decimal or integers (R48)")
    for name in _ADDED:
        if name in frame.columns:
            raise RecordError(f"the frame has a column {name!r} already; drop or rename it")
    seconds, prefix = "?seconds", "?rated_"
    asked: dict[str, Any] = {**options, "seconds": seconds, "add_prefix": prefix}

    def cost(of: pl.Series) -> pl.DataFrame:
        rated = rate(frame.with_columns(of.alias(seconds)), deck=deck, fields=("charge", "reason"), **asked)
        return rated.select(charge=prefix + "charge", reason=prefix + "reason")

    wallets = frame.select(column_named(balance).cast(_AMOUNT)).to_series()

    def buys(of: pl.Series) -> pl.Series:
        return (cost(of)["charge"].cast(_AMOUNT) <= wallets).fill_null(False)

    all_ = pl.Series([0], dtype=pl.Int64).new_from_index(0, frame.height)
    reason = cost(all_ + 1)["reason"]
    reason = reason.set(reason == Reason.OVERFLOW.value, None)  # which is more than any balance
    free = buys(all_ + limit_s + 1)
    low, high = all_, all_ + limit_s + 1
    while ((high - low) > 1).any():
        middle = (low + high) // 2
        enough = buys(middle)
        low, high = middle.zip_with(enough, low), high.zip_with(enough | (middle == low), middle)
    low = low.zip_with(~free, all_ + limit_s)
    is_known = frame[balance].is_not_null() & reason.is_null()
    held = cost(low)["charge"]
    return frame.with_columns(
        pl.select(pl.when(is_known & ~free).then(low)).to_series().alias("longest_s"),
        pl.select(pl.when(is_known).then(held)).to_series().alias("held"),
        reason.alias("reason"),
    )
