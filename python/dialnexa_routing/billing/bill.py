"""An invoice or a credit note as a document: what stands in it, and that it adds up at every level."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.billing.tax import TaxLine
from dialnexa_routing.money.amount_words import rupees_in_words
from dialnexa_routing.money.exact import minus, total
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = "dialnexa-routing bill"
VERSION = 1
INVOICE, CREDIT_NOTE = "invoice", "credit_note"
_PAISE = 2


@dataclass(frozen=True)
class BillLine:
    """One line: what it is for, how much of it there was, and INR.

    Attributes:
        caption: what it is for.
        amount: INR; what is given back is below zero.
        calls: billed ones; None where the line is of no calls.
        billed_seconds: of them.
        plan_id: by which it was rated; None without a plan.
    """

    caption: str
    amount: Decimal
    calls: int | None = None
    billed_seconds: int | None = None
    plan_id: str | None = None


@dataclass(frozen=True)
class Balance:
    """What stood between the two before, all INR: ``due = previous - payments - credits + this bill``."""

    previous: Decimal = Decimal("0.00")
    payments: Decimal = Decimal("0.00")
    credits: Decimal = Decimal("0.00")

    @property
    def carried(self) -> Decimal:
        """What is left of before."""
        return minus(minus(self.previous, self.payments), self.credits)


@dataclass(frozen=True)
class Bill:
    """An invoice, or a credit note, as it is sent.

    ``sum(lines) == taxable``, ``taxable + taxes + round_off == total``, and each annex adds up to the lines
    that are of calls: `check` looks.

    Attributes:
        kind: ``invoice`` or ``credit_note``.
        number: at most sixteen letters, digits, ``/`` and ``-``.
        on: day of issue, as ``2026-12-01``; so are all days here.
        due: until when it is to be paid; empty for none.
        first, last: days of the calls, both inside.
        workspace: whose calls they are.
        seller, buyer: as `Party.to_dict` has them, with ``place``.
        place_of_supply: in words, with the state's code.
        sac: services accounting code of all lines.
        lines: what is charged.
        taxable: INR before tax, in whole paise.
        tax: the heads of GST; none for an export under an LUT.
        round_off: to whole rupees, where that is done.
        total: INR with tax.
        balance: what stood before; None where nobody has stated.
        unanswered: calls at no charge.
        not_rated: calls that are not in it, by reason.
        annexes: tables by caption, each a list of rows; amounts are text.
        against: number and day of the invoice that a credit note is of.
        why: reason of a credit note.
    """

    kind: str
    number: str
    on: str
    due: str
    first: str
    last: str
    workspace: str
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
    place_of_supply: str
    sac: str
    lines: Sequence[BillLine]
    taxable: Decimal
    tax: Sequence[TaxLine]
    round_off: Decimal
    total: Decimal
    balance: Balance | None = None
    unanswered: int = 0
    not_rated: Mapping[str, int] = field(default_factory=dict)
    annexes: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    against: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def words(self) -> str:
        """The total in words."""
        return rupees_in_words(self.total)

    @property
    def due_amount(self) -> Decimal:
        """What is to be paid in all."""
        return self.total if self.balance is None else total([self.balance.carried, self.total])

    def check(self) -> None:
        """Raise `RecordError` unless everything adds up to the last paisa."""
        sums = [
            ("the lines", total((line.amount for line in self.lines), _PAISE), self.taxable),
            (
                "taxable value, taxes and rounding",
                total([self.taxable, *(one.amount for one in self.tax), self.round_off]),
                self.total,
            ),
        ]
        of_calls = [line.amount for line in self.lines if line.calls is not None]
        sums += [
            (f"the annex {caption}", total(Decimal(row["charge"]) for row in rows), total(of_calls))
            for caption, rows in self.annexes.items()
            if rows and "charge" in rows[0]
        ]
        for name, found, wanted in sums:
            if found != wanted:
                raise RecordError(f"{self.number}: {name} come to {found}, and {wanted} is stated")

    def to_dict(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "kind": self.kind,
            "number": self.number,
            "date": self.on,
            "due": self.due,
            "period": {"first": self.first, "last": self.last},
            "workspace": self.workspace,
            "seller": dict(self.seller),
            "buyer": dict(self.buyer),
            "place_of_supply": self.place_of_supply,
            "reverse_charge": False,
            "sac": self.sac,
            "lines": [_line(line) for line in self.lines],
            "taxable": f"{self.taxable:f}",
            "tax": [
                {"name": one.name, "percent": f"{one.percent:f}", "amount": f"{one.amount:f}"}
                for one in self.tax
            ],
            "round_off": f"{self.round_off:f}",
            "total": f"{self.total:f}",
            "in_words": self.words,
            "balance": None if self.balance is None else _balance(self.balance, self.due_amount),
            "unanswered": self.unanswered,
            "not_rated": dict(self.not_rated),
            "against": dict(self.against),
            "why": self.why,
            "annexes": {caption: [dict(row) for row in rows] for caption, rows in self.annexes.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], *, source: str = "the document") -> Bill:
        """A bill as `to_dict` made it. Raises `RecordError` for what is none, or does not add up."""
        try:
            if (plain["format"], plain["version"]) != (FORMAT, VERSION):
                raise RecordError(f"{source} is no bill of version {VERSION}")
            found = cls(
                kind=plain["kind"],
                number=plain["number"],
                on=plain["date"],
                due=plain["due"],
                first=plain["period"]["first"],
                last=plain["period"]["last"],
                workspace=plain["workspace"],
                seller=plain["seller"],
                buyer=plain["buyer"],
                place_of_supply=plain["place_of_supply"],
                sac=plain["sac"],
                lines=[BillLine(**line | {"amount": Decimal(line["amount"])}) for line in plain["lines"]],
                taxable=Decimal(plain["taxable"]),
                tax=[
                    TaxLine(one["name"], Decimal(one["percent"]), Decimal(one["amount"]))
                    for one in plain["tax"]
                ],
                round_off=Decimal(plain["round_off"]),
                total=Decimal(plain["total"]),
                balance=_held(plain["balance"]),
                unanswered=plain["unanswered"],
                not_rated=plain["not_rated"],
                annexes=plain["annexes"],
                against=plain["against"],
                why=plain["why"],
            )
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            lacks = f"it has no {error}" if isinstance(error, KeyError) else "a part of it is of another kind"
            raise RecordError(
                f"{source} is no bill, for {lacks}: name a bill, and keep other documents in another folder"
            ) from error
        found.check()
        return found


def _line(line: BillLine) -> dict[str, Any]:
    return {
        "caption": line.caption,
        "amount": f"{line.amount:f}",
        "calls": line.calls,
        "billed_seconds": line.billed_seconds,
        "plan_id": line.plan_id,
    }


def _balance(balance: Balance, due: Decimal) -> dict[str, str]:
    return {
        "previous": f"{balance.previous:f}",
        "payments": f"{balance.payments:f}",
        "credits": f"{balance.credits:f}",
        "due": f"{due:f}",
    }


def _held(plain: Mapping[str, str] | None) -> Balance | None:
    if plain is None:
        return None
    return Balance(*(Decimal(plain[name]) for name in ("previous", "payments", "credits")))
