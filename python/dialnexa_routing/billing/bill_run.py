"""The bills of a period, customer by customer into a folder; run again, it comes to the same bytes.

A number is given once: whoever has a bill in the folder keeps it, and new customers get the next ones. A
bill that was issued is never written over with another content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.bill import CREDIT_NOTE, INVOICE, Bill
from dialnexa_routing.billing.bill_making import UNANSWERED, Adjustment, bill_of
from dialnexa_routing.billing.bill_page import bill_page
from dialnexa_routing.billing.bill_workbook import workbook_bytes
from dialnexa_routing.billing.pdf_printing import print_pdfs
from dialnexa_routing.files.guarded_csv import write_csv
from dialnexa_routing.files.model_files import json_data
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.money.exact import text_of, total
from dialnexa_routing.text.errors import ConfigError, ConflictError, RecordError
from dialnexa_routing.text.events import event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from dialnexa_routing.billing.bill import Balance
    from dialnexa_routing.billing.party import Party, Seller

FORMATS = ("json", "html", "xlsx", "pdf")
USUAL = ("json", "html", "xlsx")
DUE = "balances.csv"
"""What each workspace owes at the end, for the period after."""


@dataclass(frozen=True)
class BillTerms:
    """What all bills of a period have in common.

    Attributes:
        seller: who sends them.
        on: their day.
        first: the first day of the period.
        last: its last day, which is inside.
        series: what their numbers begin with, as ``DN/26-27/``.
        start: the first number of the series here.
        due_days: how many days later they are to be paid; None for no date.
        to_whole_rupees: whether totals are rounded to whole rupees.
    """

    seller: Seller
    on: date
    first: date
    last: date
    series: str
    start: int = 1
    due_days: int | None = 15
    to_whole_rupees: bool = False


@dataclass(frozen=True)
class BillRun:
    """What came of it.

    Attributes:
        folder: of the bills.
        bills: by number.
        without: calls of workspaces that have no bill, by reason, ``unanswered`` among them.
        due: INR that each workspace owes now, those too that have no bill this time.
    """

    folder: Path
    bills: Sequence[Bill]
    without: Mapping[str, int] = field(default_factory=dict)
    due: Mapping[str, Decimal] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        return {
            "folder": str(self.folder),
            "bills": [
                {"number": one.number, "workspace": one.workspace, "total": f"{one.total:f}"}
                for one in self.bills
            ],
            "taxable": f"{total((one.taxable for one in self.bills), 2):f}",
            "total": f"{total((one.total for one in self.bills), 2):f}",
            "without_a_bill": dict(self.without),
        }


def issue(
    sums: pl.DataFrame,
    folder: Path,
    *,
    terms: BillTerms,
    customers: Mapping[str, Party],
    adjustments: Mapping[str, Sequence[Adjustment]] | None = None,
    balances: Mapping[str, Balance] | None = None,
    formats: Collection[str] = USUAL,
) -> BillRun:
    """Make the bills of a period and write them.

    Args:
        sums: what the period bills, as `dialnexa_routing.billing.closing.owed` makes it.
        folder: for this period alone; made if it is not there.
        terms: what the bills have in common.
        customers: who pays, by workspace.
        adjustments: lines that are of no call, by workspace.
        balances: what stood before, by workspace.
        formats: of ``json``, ``html``, ``xlsx``, ``pdf``; JSON is always written, for it is what was issued.

    Raises:
        ConfigError: a workspace has calls to pay and is no customer's; a format or a number is none.
        ConflictError: a bill was issued with another content, or the folder is another period's.
    """
    for one in formats:
        if one not in FORMATS:
            raise ConfigError(f"there is no format {one!r}; there is {', '.join(FORMATS)}")
    more, before = adjustments or {}, balances or {}
    by_workspace: dict[str, pl.DataFrame] = {
        str(name): rows for (name,), rows in sums.partition_by("workspace", as_dict=True).items()
    }
    # Who was called by nobody that answered has nothing to pay, and gets no bill of nothing.
    owing = {name for name, rows in by_workspace.items() if rows["answered"].any()} | set(more)
    strangers = sorted(owing - set(customers))
    if strangers:
        told = ", ".join(map(repr, strangers[:5])) + (" and more" if len(strangers) > 5 else "")
        raise ConfigError(f"there is no customer for the workspace {told}: add who pays for it")
    kept = {one.workspace: one for one in bills_in(folder, INVOICE)} if folder.is_dir() else {}
    numbers = _numbers(sorted(owing), kept, terms)
    due = None if terms.due_days is None else terms.on + timedelta(days=terms.due_days)
    bills = sorted(
        (
            bill_of(
                by_workspace.get(name, sums.clear()),
                number=numbers[name],
                on=terms.on,
                first=terms.first,
                last=terms.last,
                seller=terms.seller,
                buyer=customers[name],
                due=due,
                adjustments=more.get(name, ()),
                balance=before.get(name),
                to_whole_rupees=terms.to_whole_rupees,
            )
            for name in owing
        ),
        key=lambda one: one.number,
    )
    for bill in bills:
        _is_the_same(bill, kept.get(bill.workspace))
    folder.mkdir(parents=True, exist_ok=True)
    for bill in bills:
        write_bill(bill, folder, formats)
    _put(folder / "bills.html", bill_page(bills, f"Invoices of {terms.last:%B %Y}").encode())
    with replacing(folder / "register.csv") as file:
        write_csv(register(bills), file)
    due_now = {name: held.carried for name, held in before.items()}
    due_now |= {bill.workspace: bill.due_amount for bill in bills}
    rows = sorted((name, f"{amount:f}") for name, amount in due_now.items())
    with replacing(folder / DUE) as file:
        write_csv(
            pl.DataFrame(rows, schema=dict.fromkeys(("workspace", "amount"), pl.String), orient="row"), file
        )
    lost = sums.filter(~pl.col("workspace").is_in(list(owing))).with_columns(
        pl.col("reason").fill_null(UNANSWERED)
    )
    reasons = dict(lost.group_by("reason").agg(pl.col("calls").sum()).sort("reason").iter_rows())
    return BillRun(folder, bills, reasons, due_now)


def write_bill(bill: Bill, folder: Path, formats: Collection[str]) -> None:
    """One bill in some formats, each file whole or not at all; a PDF of the same page is left as it is."""
    stem = stem_of(bill.number)
    page = folder / f"{stem}.html"
    if "xlsx" in formats:
        _put(folder / f"{stem}.xlsx", workbook_bytes(bill))
    if "html" in formats or "pdf" in formats:
        new = bill_page([bill]).encode()
        pdf = folder / f"{stem}.pdf"
        is_printed = pdf.is_file() and page.is_file() and page.read_bytes() == new
        _put(page, new)
        if "pdf" in formats and not is_printed:
            print_pdfs([(page, pdf)])
    _put(folder / f"{stem}.json", _json(bill))
    event(
        "billing",
        f"{bill.kind}.written",
        number=bill.number,
        workspace=bill.workspace,
        taxable=f"{bill.taxable:f}",
        total=f"{bill.total:f}",
    )


def stem_of(number: str) -> str:
    """The name of a bill's files: its number, which may have slashes."""
    return number.replace("/", "_")


def read_bill(path: Path) -> Bill:
    """A bill from its JSON. Raises `RecordError` for what is none, or does not add up."""
    try:
        plain = json_data(path.read_bytes(), str(path))
    except ConfigError as error:
        raise RecordError(str(error)) from None
    return Bill.from_dict(plain, source=str(path))


def bills_in(folder: Path, kind: str) -> list[Bill]:
    """The invoices or the credit notes of a folder, by number."""
    found = [read_bill(path) for path in sorted(folder.glob("*.json"))]
    return sorted((one for one in found if one.kind == kind), key=lambda one: one.number)


def register(bills: Sequence[Bill]) -> pl.DataFrame:
    """A row for each bill, as returns want it: number, buyer, GSTIN, place, taxable value, heads, total."""
    heads = ("CGST", "SGST", "UTGST", "IGST")
    rows = []
    for bill in bills:
        taxes = {one.name: f"{one.amount:f}" for one in bill.tax}
        rows.append(
            {
                "number": bill.number,
                "date": bill.on,
                "kind": bill.kind,
                "workspace": bill.workspace,
                "buyer": bill.buyer["name"],
                "gstin": bill.buyer.get("gstin"),
                "place_of_supply": bill.place_of_supply,
                "sac": bill.sac,
                "taxable": f"{bill.taxable:f}",
                **{name.lower(): taxes.get(name, text_of(0, 2)) for name in heads},
                "round_off": f"{bill.round_off:f}",
                "total": f"{bill.total:f}",
            }
        )
    return pl.DataFrame(rows, schema_overrides={"gstin": pl.String}, infer_schema_length=None)


def _numbers(names: Sequence[str], kept: Mapping[str, Bill], terms: BillTerms) -> dict[str, str]:
    """A number for each workspace: those it has, else the next ones of the series."""
    for bill in kept.values():
        if (bill.first, bill.last) != (terms.first.isoformat(), terms.last.isoformat()):
            raise ConflictError(
                f"the folder holds {bill.number} of {bill.first} to {bill.last}; give each period its own"
            )
    given = {name: bill.number for name, bill in kept.items()}
    taken, at = set(given.values()), terms.start
    for name in names:
        if name in given:
            continue
        while (number := f"{terms.series}{at:04d}") in taken:
            at += 1
        given[name] = number
        taken.add(number)
    return given


def _is_the_same(bill: Bill, issued: Bill | None) -> None:
    if issued is not None and _json(bill) != _json(issued):
        raise ConflictError(
            f"{issued.number} of {issued.workspace!r} was issued with {issued.total} in all, and would be "
            f"{bill.total} now: what came late belongs into the next period (--after this folder), what was "
            "wrong into a credit note"
        )


def _json(bill: Bill) -> bytes:
    return (json.dumps(bill.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()


def _put(path: Path, content: bytes) -> None:
    """Write a file, unless these bytes are there already."""
    if path.is_file() and path.read_bytes() == content:
        return
    with replacing(path) as file:
        file.write(content)


def credits_of(notes: Sequence[Bill]) -> dict[str, Any]:
    """What credit notes give back, INR above zero, by workspace."""
    found: dict[str, list[Any]] = {}
    for note in notes:
        if note.kind != CREDIT_NOTE:
            raise RecordError(f"{note.number} is no credit note")
        found.setdefault(note.workspace, []).append(note.total.copy_negate())
    return {name: total(amounts, 2) for name, amounts in found.items()}
