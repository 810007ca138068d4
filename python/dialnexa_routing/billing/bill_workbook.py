"""A bill as a workbook: numbers that add up, grouped by lakh and crore, and the same bytes each time."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.billing.bill import CREDIT_NOTE
from dialnexa_routing.money.exact import places_of, plain
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from dialnexa_routing.billing.bill import Bill

_DIGITS = 15
"""As many digits as the numbers of a spreadsheet hold."""
_HEADS = {
    "day": "Day",
    "country_iso": "Country",
    "network_group": "Network group",
    "calls": "Calls",
    "billed_seconds": "Billed seconds",
    "charge": "Amount, INR",
}


def workbook_bytes(bill: Bill) -> bytes:
    """The workbook of a bill: the bill itself on the first sheet, each annex on one of its own.

    Raises `ConfigError` where xlsxwriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise ConfigError(
            "a workbook takes xlsxwriter: install dialnexa-routing[excel], or leave xlsx out"
        ) from None
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {
                "title": f"{bill.kind.replace('_', ' ')} {bill.number}",
                "created": datetime.combine(date.fromisoformat(bill.on), datetime.min.time()),
            }
        )
        _Sheets(book).fill(bill)
    return made.getvalue()


class _Sheets:
    """The sheets of one workbook, with the formats that they share."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._count = book.add_format({"num_format": indian_format("", 0)})
        self._money: dict[tuple[int, bool], Any] = {}

    def fill(self, bill: Bill) -> None:
        """The bill, then its annexes."""
        sheet = self._book.add_worksheet("Credit note" if bill.kind == CREDIT_NOTE else "Invoice")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 3, 20)
        row = 0
        for name, value in _head(bill):
            sheet.write_string(row, 0, name, self._bold)
            sheet.write_string(row, 1, value)
            row += 1
        row += 1
        for at, name in enumerate(("Charges", "Calls", "Billed seconds", "Amount, INR")):
            sheet.write_string(row, at, name, self._bold)
        for line in bill.lines:
            row += 1
            sheet.write_string(row, 0, line.caption, self._wrap)
            for at, count in ((1, line.calls), (2, line.billed_seconds)):
                if count is not None:
                    sheet.write_number(row, at, count, self._count)
            self._amount(sheet, row, 3, line.amount)
        row += 1
        for name, amount in _sums(bill):
            row += 1
            sheet.write_string(row, 0, name, self._bold)
            self._amount(sheet, row, 3, amount)
        sheet.write_string(row + 2, 0, bill.words, self._wrap)
        for caption, rows in bill.annexes.items():
            if rows:
                self._annex(caption, rows)

    def _annex(self, caption: str, rows: Any) -> None:
        sheet = self._book.add_worksheet(caption[:31].capitalize())
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 4, 22)
        for at, name in enumerate(rows[0]):
            sheet.write_string(0, at, _HEADS.get(name, name), self._bold)
        for place, one in enumerate(rows, 1):
            for at, (name, value) in enumerate(one.items()):
                if name == "charge":
                    self._amount(sheet, place, at, Decimal(value))
                elif isinstance(value, int):
                    sheet.write_number(place, at, value, self._count)
                elif value is not None:
                    sheet.write_string(place, at, value)

    def _amount(self, sheet: Any, row: int, column: int, amount: Decimal) -> None:
        """As a number where a spreadsheet holds all its digits, else as text."""
        places = places_of(amount)
        if len(amount.as_tuple().digits) > _DIGITS:
            sheet.write_string(row, column, f"{amount:f}")
            return
        key = (places, amount < 0)
        if key not in self._money:
            self._money[key] = self._book.add_format({"num_format": indian_format("₹", *key)})
        sheet.write_number(row, column, float(f"{amount:f}"), self._money[key])


def indian_format(sign: str, places: int, below: bool = False) -> str:
    """A number format that groups by thousand, lakh and crore; a format has room for one sign of number."""
    point = "." + "0" * places if places else ""
    sign = f'"{sign}"' if sign else ""
    crore, lakh, less = (f"{sign}{digits}{point}" for digits in (r"##\,##\,##\,##0", r"##\,##\,##0", "#,##0"))
    if below:
        return f"[<=-10000000]-{crore};[<=-100000]-{lakh};-{less}"
    return f"[>=10000000]{crore};[>=100000]{lakh};{less}"


def _head(bill: Bill) -> list[tuple[str, str]]:
    said = [
        ("Number", bill.number),
        ("Date", bill.on),
        *([("Due", bill.due)] if bill.due else []),
        ("Calls of", f"{bill.first} to {bill.last}"),
        ("Workspace", bill.workspace),
    ]
    for side, party in (("Seller", bill.seller), ("Buyer", bill.buyer)):
        said += [(side, party["name"]), (f"{side}'s GSTIN", party.get("gstin") or "none")]
    said += [("Place of supply", bill.place_of_supply), ("SAC", bill.sac)]
    if bill.against:
        said += [("For invoice", f"{bill.against['number']} of {bill.against['date']}"), ("Reason", bill.why)]
    return said


def _sums(bill: Bill) -> list[tuple[str, Decimal]]:
    said = [("Taxable value", bill.taxable)]
    said += [(f"{one.name} at {plain(one.percent)} %", one.amount) for one in bill.tax]
    said += [("Rounding to whole rupees", bill.round_off)] if bill.round_off else []
    said.append(("Total", bill.total))
    if bill.balance is not None:
        said += [
            ("Previous balance", bill.balance.previous),
            ("Payments received", bill.balance.payments.copy_negate()),
            ("Credit notes", bill.balance.credits.copy_negate()),
            ("Amount due", bill.due_amount),
        ]
    return said
