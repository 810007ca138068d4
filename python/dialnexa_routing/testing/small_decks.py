"""A deck in one line, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.text.errors import MoneyError, SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.deck.rate_deck import RateDeck


def deck(prices: Mapping[str, Any], *, provider: str = "test") -> RateDeck:
    """A deck of a few prefixes.

    Args:
        prices: by prefix, with or without plus: the outbound rate, INR a minute, as text, int or `Decimal`;
            a network group and its rate; or a mapping of canonical columns. A group that is not named has
            the name of its prefix.
        provider: as the deck calls it.

    Raises:
        SheetError: there are no prices, or a row cannot be one; with its reason.
        MoneyError: a rate is a float (R48).

    >>> small = deck({"91": "0.60", "9198": ("India - Mobile", "0.80"), "44": {"blocked": True}})
    >>> small.match("+919812345678").network_group, str(small.rate("+919812345678", 61).total)
    ('India - Mobile', '1.60')
    >>> small.match("+442079460018").blocked
    True
    """
    import polars as pl  # a test that only names the function needs none

    from dialnexa_routing.sheets.sheet import RateSheet

    if not prices:
        raise SheetError("there are no prices; pass a rate by prefix, as {'91': '0.60'}")
    rows = [_row(prefix, price) for prefix, price in prices.items()]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame({name: [row.get(name) for row in rows] for name in columns})
    sheet = RateSheet.read(frame, provider=provider, max_refused=0, on_conflict="error")
    return sheet.compile()


def _row(prefix: str, price: Any) -> dict[str, Any]:
    named = {"prefix": prefix.removeprefix("+"), "network_group": prefix.removeprefix("+")}
    if isinstance(price, tuple):
        group, rate = price
        return named | {"network_group": group, "outbound_rate": _amount(rate)}
    if hasattr(price, "items"):
        return named | {
            name: _amount(value) if name.endswith("_rate") else value for name, value in price.items()
        }
    return named | {"outbound_rate": _amount(price)}


def _amount(rate: Any) -> str:
    if isinstance(rate, float):
        raise MoneyError(f"a rate is the float {rate!r}, which is not exact; write it as text (R48)")
    return str(rate)
