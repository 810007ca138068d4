"""From the sums of a customer's calls to its bill: lines that add up, tax by place of supply, annexes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.adding_up import adding_up
from dialnexa_routing.billing.bill import CREDIT_NOTE, INVOICE, Balance, Bill, BillLine
from dialnexa_routing.billing.invoice_sums import components_in
from dialnexa_routing.billing.party import tax_heads
from dialnexa_routing.billing.tax import TaxLine, taxed
from dialnexa_routing.deck.exact_columns import WIDEST, exactly, least_places
from dialnexa_routing.money.exact import fits, minus, rounded, total
from dialnexa_routing.records.rated_sums import put_together, refused_by_reason, whole_of
from dialnexa_routing.sheets.study.study_tables import plain
from dialnexa_routing.text.errors import ConfigError, RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dialnexa_routing.billing.party import Party, Seller

_PAISE = 2
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/-]{0,15}")
_NAMES = {"stt": "Speech to text", "llm": "Language model", "tts": "Text to speech"}
BY_DAY, BY_GROUP, UNANSWERED = "by day", "by network group", "unanswered"


@dataclass(frozen=True)
class Adjustment:
    """A line that is of no call: a bundle, a discount, a rental, a minimum (`billing.period` makes some).

    Attributes:
        caption: what it is for.
        amount: INR; what is given is below zero.
    """

    caption: str
    amount: Decimal


def checked_number(number: str) -> str:
    """The number of an invoice. Raises `ConfigError` for one that GST does not take (rule 46 of CGST)."""
    if not _NUMBER.fullmatch(number):
        raise ConfigError(
            f"the number {number!r} is not 1 to 16 letters, digits, / and -, as an invoice's must be"
        )
    return number


def bill_of(
    sums: pl.DataFrame,
    *,
    number: str,
    on: date,
    first: date,
    last: date,
    seller: Seller,
    buyer: Party,
    due: date | None = None,
    adjustments: Sequence[Adjustment] = (),
    balance: Balance | None = None,
    to_whole_rupees: bool = False,
) -> Bill:
    """The bill of one customer.

    Args:
        sums: of its calls, as `dialnexa_routing.billing.invoice_sums.sums_of` makes them: those of the days
            from `first` to `last`, and such of earlier days as are billed late.
        number: of the invoice.
        on: its day.
        first: the first day of the period.
        last: its last day, which is inside.
        seller: who sends it.
        buyer: who pays; its state decides about the heads of GST.
        due: until when it is to be paid.
        adjustments: lines that are of no call.
        balance: what stood before.
        to_whole_rupees: whether the total is rounded to whole rupees, by a line of its own.

    Raises:
        ConfigError: the number is none; it is not known where the buyer is.
    """
    if buyer.place_code is None:
        raise ConfigError(f"where {buyer.id!r} is, is not stated: give its gstin or its state")
    rated = _in_least_places(sums.filter(pl.col("reason").is_null()))
    lines = [*call_lines(rated, first), *(BillLine(one.caption, one.amount) for one in adjustments)]
    exact = total((line.amount for line in lines), _PAISE)
    taxable = rounded(exact, _PAISE)
    if not fits(exact, _PAISE):
        lines.append(BillLine("Rounding to the paisa", minus(taxable, exact)))
    tax = taxed(taxable, tax_heads(seller, buyer))
    whole = rounded(rounded(tax.gross, 0), _PAISE) if to_whole_rupees else tax.gross
    answered, alone = rated.filter("answered"), rated.filter(~pl.col("answered"))
    bill = Bill(
        kind=INVOICE,
        number=checked_number(number),
        on=on.isoformat(),
        due="" if due is None else due.isoformat(),
        first=first.isoformat(),
        last=last.isoformat(),
        workspace=buyer.id,
        seller=seller.to_dict() | {"place": seller.place},
        buyer=buyer.to_dict() | {"place": buyer.place},
        place_of_supply=buyer.place,
        sac=seller.sac,
        lines=lines,
        taxable=taxable,
        tax=tax.lines,
        round_off=minus(whole, tax.gross),
        total=whole,
        balance=balance,
        unanswered=int(alone["calls"].sum()),
        not_rated=dict(refused_by_reason(sums).iter_rows()),
        annexes={
            BY_DAY: _rows(answered, ["day"], ["day"]),
            BY_GROUP: _rows(answered, ["country_iso", "network_group"], ["country_iso", "network_group"]),
            UNANSWERED: _plain_rows(
                put_together(alone, ["country_iso", "network_group"])
                .select("country_iso", "network_group", "calls")
                .sort("country_iso", "network_group", nulls_last=True)
            ),
        },
    )
    bill.check()
    return bill


def call_lines(rated: pl.DataFrame, first: date) -> list[BillLine]:
    """Lines that come to the charges of all calls: by plan and component, or by country without plans.

    Calls of days before `first` are late, and have lines of their own.
    """
    is_late = (pl.col("day") < first).fill_null(False)
    made = []
    for late in (False, True):
        part = rated.filter(is_late == late)
        for (plan,), rows in sorted(
            part.partition_by("plan_id", as_dict=True).items(), key=lambda one: str(one[0][0] or "")
        ):
            after = f", calls before {first:%d %b %Y}" if late else ""
            made += _of_plan(rows, plan, after)
    return made


def _of_plan(rows: pl.DataFrame, plan: Any, after: str) -> list[BillLine]:
    answered = rows.filter("answered")
    net = whole_of(rows, "charge")
    exact = {one.value: whole_of(rows, one) for one in components_in(rows)}
    exact = {name: amount for name, amount in exact.items() if amount}
    if not exact:
        by = put_together(answered, ["country_iso"]).sort("country_iso", nulls_last=True)
        return [
            BillLine(f"Calls, {country or 'no country'}{after}", charge, calls, seconds, plan)
            for country, charge, calls, seconds in by.select(
                "country_iso", "charge", "calls", "billed_seconds"
            ).iter_rows()
        ]
    calls, seconds = int(answered["calls"].sum()), int(answered["billed_seconds"].sum())
    of = f" ({plan})" if plan else ""
    lines = []
    for name, amount in adding_up(exact, net).items():
        caption = _NAMES.get(name, name.capitalize()) if name in exact else "Rounding of each call"
        lines.append(BillLine(f"{caption}{of}{after}", amount, calls, seconds, plan))
    return lines


def credit_note(
    bill: Bill,
    *,
    number: str,
    on: date,
    why: str,
    taxable: Decimal | None = None,
    credited: Decimal | None = None,
) -> Bill:
    """A credit note for all of an invoice, its mirror image to the paisa, or for a part of it.

    Args:
        bill: the invoice.
        number: of the note, in a series of its own.
        on: its day.
        why: the reason, which stands on it.
        taxable: INR before tax that is given back; None is all of it. The heads of the invoice are taken
            of it.
        credited: INR before tax that earlier notes have given back already.

    Raises:
        RecordError: `bill` is no invoice; or more would be given back than was charged.

    Returns:
        A bill of kind ``credit_note`` whose amounts are below zero.
    """
    if bill.kind != INVOICE:
        raise RecordError(f"{bill.number} is no invoice; a credit note is of one")
    if not why.strip():
        raise ConfigError("a credit note states its reason; give one")
    before = Decimal(0) if credited is None else credited
    part = minus(bill.taxable, before) if taxable is None else taxable
    if not fits(part, _PAISE) or part <= 0 or part > minus(bill.taxable, before):
        raise RecordError(
            f"{part} cannot be given back: the invoice {bill.number} is of {bill.taxable} before tax, and "
            f"{before} of it was given back before"
        )
    is_whole = part == bill.taxable
    if is_whole:
        lines = [_mirrored(line) for line in bill.lines]
        taxes = {one.name: (one.percent, one.amount) for one in bill.tax}
    else:
        lines = [BillLine(f"Part of invoice {bill.number}", minus(Decimal(0), part))]
        heads = taxed(part, {one.name: one.percent for one in bill.tax})
        taxes = {one.name: (one.percent, one.amount) for one in heads.lines}
    tax = [TaxLine(name, rate, minus(Decimal(0), amount)) for name, (rate, amount) in taxes.items()]
    net = minus(Decimal(0), rounded(part, _PAISE))
    off = minus(Decimal("0.00"), bill.round_off) if is_whole else Decimal("0.00")
    note = Bill(
        kind=CREDIT_NOTE,
        number=checked_number(number),
        on=on.isoformat(),
        due="",
        first=bill.first,
        last=bill.last,
        workspace=bill.workspace,
        seller=bill.seller,
        buyer=bill.buyer,
        place_of_supply=bill.place_of_supply,
        sac=bill.sac,
        lines=lines,
        taxable=net,
        tax=tax,
        round_off=off,
        total=total([net, *(one.amount for one in tax), off]),
        against={"number": bill.number, "date": bill.on},
        why=why.strip(),
    )
    note.check()
    return note


def _in_least_places(rated: pl.DataFrame) -> pl.DataFrame:
    """Charges with as many places as this customer's need: another's plan may have more."""
    places = least_places(rated["charge"])
    if places is None:
        return rated
    return rated.with_columns(exactly(rated["charge"], pl.Decimal(WIDEST, places)))


def _mirrored(line: BillLine) -> BillLine:
    return BillLine(
        line.caption, minus(Decimal(0), line.amount), line.calls, line.billed_seconds, line.plan_id
    )


def _rows(answered: pl.DataFrame, by: list[str], order: list[str]) -> list[dict[str, Any]]:
    return _plain_rows(
        put_together(answered, by)
        .select(*by, "calls", "billed_seconds", "charge")
        .sort(order, nulls_last=True)
    )


def _plain_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]
