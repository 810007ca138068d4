"""What rows above a table and sentences below it say: currency, unit, date (quirks 38, 48 and 62)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.cells.coinage import CODES, SIGNS, WORDS, Coin, coin
from dialnexa_routing.sheets.header_units import unit_of
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

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
_OPEN = re.compile(
    r"\b(?:surcharges?|set-?up|fees?|per[- ]call|discounts?|minimum charge|off-?peak"
    r"|incl(?:ud\w*|usive|\.)?\W.{0,20}(?:tax|gst|vat))\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:valid|effective|in force|applicable|gültig|vigente)\b.*[0-9]{1,4}[-/. ]\w+[-/. ][0-9]{2,4}",
    re.IGNORECASE,
)
_PULSED = re.compile(
    r"([0-9]{1,3}) ?-?(?:s|sec|secs|seconds?)\.? ?-?(?:pulse|billing|increments?|block)"
    r"|(?:pulse|billing|billed|increments?)[^0-9]{0,10}([0-9]{1,3})(?: ?[/-] ?([0-9]{1,3}))?"
    r"(?: ?s(?:ec)?)?\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<![0-9])[0-9]{1,4}[-/. ](?:[0-9]{1,2}|[^\W0-9_]{3,9})[-/. ,]+[0-9]{2,4}(?![0-9])")
_SENTENCE = re.compile(r"[^\W0-9_]{2}.*\s.*[^\W0-9_]{2}")
_FIRST_ROWS = 50
_LAST_ROWS = 30


@dataclass(frozen=True)
class Title:
    """The title of a table: the text of its rows, and what is certain in it."""

    text: str = ""
    coin: Coin = field(default_factory=Coin)
    issued: str | None = None
    billing: str | None = None
    unit: int | None = None
    """Seconds that prices are for, where a sentence about prices names them."""
    extras: tuple[str, ...] = ()
    """Sentences on fees, surcharges, discounts or taxes, which no column has."""
    dated: tuple[str, ...] = ()
    """Sentences that state from when, or until when, the prices hold."""


def title(rows: Sequence[Sequence[str]]) -> Title:
    """What `rows` over a header state; two currencies there state nothing certain.

    >>> title([["Acme"], ["Currency:", "USD per minute"], ["Issue date:", "16/09/2026"]]).issued
    '16/09/2026'
    """
    lines = [" ".join(cell.strip() for cell in row if cell and cell.strip()) for row in rows[:_FIRST_ROWS]]
    lines = [line for line in lines if line]
    coins = {money_of(line) for line in lines if _MONEY.search(line)} - {Coin()}
    issued = [found[1].strip() for line in lines if (found := _ISSUED.match(line)) and found[1].strip()]
    billing = [found[1] for line in lines if (found := _BILLING.search(line))]
    units = {unit_of(line) for line in lines if _PRICES.search(line) and not _BILLED.search(line)} - {None}
    return Title(
        "; ".join(lines),
        next(iter(coins)) if len(coins) == 1 else Coin(),
        issued[0] if len(issued) == 1 else None,
        billing[0] if len(billing) == 1 else None,
        next(iter(units)) if len(units) == 1 else None,
        tuple(line for line in lines if _OPEN.search(line)),
        tuple(line for line in lines if _DATED.search(line)),
    )


def pulse_in(header: str) -> str | None:
    """The increments that a header states, as `pulse=` takes them; None where it states none.

    >>> pulse_in("Rate (Rs/min) 30 sec pulse"), pulse_in("Rate, billing 60/1"), pulse_in("Rate per minute")
    ('30/30', '60/1', None)
    """
    found = _PULSED.search(header)
    if found is None:
        return None
    first = found[1] or found[2]
    return f"{first}/{found[3] or first}"


def is_dated(header: str) -> bool:
    """Whether a header has a date in it, as of a price from some day on.

    >>> is_dated("Rate w.e.f. 01-Dec-2026"), is_dated("Rate/60 s"), is_dated("New Rate 2026/12/01")
    (True, False, True)
    """
    return _DAY.search(header) is not None


def below(cells: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    """The rows under a table that are a sentence alone, from the first such of the last rows.

    >>> import polars as pl
    >>> below(pl.DataFrame({"prefix": ["91", None, "All rates in paise"], "rate": ["60", None, None]}))
    (('All rates in paise',),)
    """
    found: list[tuple[str, ...]] = []
    for row in reversed(cells.tail(_LAST_ROWS).rows()):
        filled = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
        if len(filled) > 1 or (filled and not _SENTENCE.search(filled[0])):
            break
        if filled:
            found.append(tuple(filled))
    return tuple(reversed(found))


def money_in(line: str) -> bool:
    """Whether a sentence names a currency or a part of one.

    >>> money_in("REST OF WORLD (USD)"), money_in("REST OF WORLD")
    (True, False)
    """
    return money_of(line) != Coin()


def money_of(line: str) -> Coin:
    """The money in a sentence: only capital codes, signs and names of a hundredth count there."""
    words = [word for word in re.findall(r"[A-Za-z]+", line) if word in CODES or word.lower() in WORDS]
    try:
        return coin(" ".join([*words, *(sign for sign in SIGNS if sign in line)]), line)
    except SheetError:
        return Coin()
