"""What the rows above a table say: its currency, its unit, its date (quirks 38, 48 and 62)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.cells.coinage import CODES, SIGNS, WORDS, Coin, coin
from dialnexa_routing.sheets.header_units import unit_of
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONEY = re.compile(r"currency|per min|/ ?min|rates? (?:are )?in|prices? (?:are )?in", re.IGNORECASE)
_ISSUED = re.compile(
    r"(?:(?:issue|notification|rate sheet) date|date of issue|issued|published|date)[ :]*(?:on)?[ :]*(.*)",
    re.IGNORECASE,
)
_BILLING = re.compile(
    r"(?:billing|increments?|pulse)[^0-9]{0,20}([0-9]{1,3} ?[/-] ?[0-9]{1,3})", re.IGNORECASE
)
_PRICES = re.compile(r"\b(?:rates?|prices?|tarifs?|tarifas?|preise?|precios?|prix|prezzi)\b", re.IGNORECASE)
_BILLED = re.compile(r"\b(?:bill|round|increment|puls|charged)", re.IGNORECASE)
_FIRST_ROWS = 50


@dataclass(frozen=True)
class Title:
    """The title of a table: the text of its rows, and what is certain in it."""

    text: str = ""
    coin: Coin = field(default_factory=Coin)
    issued: str | None = None
    billing: str | None = None
    unit: int | None = None
    """Seconds that prices are for, where a sentence about prices says it."""


def title(rows: Sequence[Sequence[str]]) -> Title:
    """What `rows` over a header say; two currencies there say nothing certain.

    >>> title([["Acme"], ["Currency:", "USD per minute"], ["Issue date:", "16/09/2026"]]).issued
    '16/09/2026'
    """
    lines = [" ".join(cell.strip() for cell in row if cell and cell.strip()) for row in rows[:_FIRST_ROWS]]
    lines = [line for line in lines if line]
    coins = {_coin(line) for line in lines if _MONEY.search(line)} - {Coin()}
    issued = [found[1].strip() for line in lines if (found := _ISSUED.match(line)) and found[1].strip()]
    billing = [found[1] for line in lines if (found := _BILLING.search(line))]
    units = {unit_of(line) for line in lines if _PRICES.search(line) and not _BILLED.search(line)} - {None}
    return Title(
        "; ".join(lines),
        next(iter(coins)) if len(coins) == 1 else Coin(),
        issued[0] if len(issued) == 1 else None,
        billing[0] if len(billing) == 1 else None,
        next(iter(units)) if len(units) == 1 else None,
    )


def _coin(line: str) -> Coin:
    """The money in a sentence: only capital codes, signs and names of a hundredth count there."""
    words = [word for word in re.findall(r"[A-Za-z]+", line) if word in CODES or word.lower() in WORDS]
    try:
        return coin(" ".join([*words, *(sign for sign in SIGNS if sign in line)]), line)
    except SheetError:
        return Coin()
