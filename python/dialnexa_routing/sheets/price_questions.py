"""Questions about the price column of a table in which none is known, and something must be (R47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_PARTS = ("first_rate", "upcoming_rate")
"""Prices that hold only beside another one."""
OF_CALLS = ("call", "attempt", "connection", "session")
"""What a price may be for that is no time, and is a fee beside one of minutes."""


def ask_for_minutes(table: TextTable, spelled: str, choices: Choices) -> None:
    """Asks for the price of a minute where the only amounts are those of a call."""
    choices.questions.ask(
        "columns",
        f"{table.header.place or table.file}: {spelled} has the price of a call, and no column has that of a"
        f" minute: pass columns={{'connect_fee': {spelled}, 'outbound_rate': …}} with one that has, and add a"
        " column of 0 if a minute costs nothing more",
        [f"{{'connect_fee': {spelled}}}"],
        column=spelled,
    )


def ask_for_prices(table: TextTable, amounts: list[str], choices: Choices) -> None:
    """Asks for the price column of a table that has amounts or a currency and no price (R47)."""
    place = table.header.place or table.file
    header = table.header
    amounts = [*amounts, *(repr(header.published[name]) for name in _PARTS if name in header.columns)]
    currency = choices.prices.currency
    if not amounts and currency is None:
        return
    if not amounts:
        names = ", ".join(repr(name) for name in table.header.names if name)
        choices.questions.ask(
            "columns",
            f"{place}: no column is known as a price among {names}: pass columns={{'outbound_rate': …}} with"
            f" the one that is, or leave out currency={currency!r} if the table has none",
            column="outbound_rate",
        )
        return
    likely = amounts[0]
    others = f" (or of {', '.join(amounts[1:4])})" if len(amounts) > 1 else ""
    choices.questions.ask(
        "columns",
        f"{place}: no column is known as a price, and {likely} holds amounts: pass"
        f" columns={{'outbound_rate': {likely}}} with the price{others}, or leave_out=({', '.join(amounts)},)"
        " if the table has none",
        [f"{{'outbound_rate': {one}}}" for one in amounts],
        column="outbound_rate",
    )
