"""``bills`` and ``credit-note``: rated records as documents that customers get."""

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from dialnexa_routing.cli import options, terminal
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.text.errors import ConflictError, MoneyError

_CALLS, _BEFORE = "Columns of the records", "What stood before"

Formats = Annotated[
    str, typer.Option("--formats", help="Of json, html, xlsx and pdf, with commas; JSON is always written.")
]


def make_bills(
    rated: Annotated[
        str,
        typer.Argument(metavar="RATED", help="Rated records: a file, a folder as of a job, or a pattern."),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="A folder for the bills of this period.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month whose calls are billed.")],
    seller: Annotated[Path, typer.Option(help="Who sends the bills: a document, JSON or TOML.")],
    customers: Annotated[list[Path], typer.Option(help="Who pays: documents, or a folder of them.")],
    series: Annotated[str, typer.Option(help="What the numbers begin with, as DN/26-27/.")],
    on: Annotated[str, typer.Option("--date", metavar="DATE", help="The day of the bills.")],
    start: Annotated[int, typer.Option(min=1, help="The first number of the series here.")] = 1,
    due_days: Annotated[int, typer.Option(min=0, help="In how many days they are to be paid.")] = 15,
    adjustments: Annotated[
        Path | None,
        typer.Option(help="CSV of lines that are of no call: workspace, caption, amount."),
    ] = None,
    after: Annotated[
        Path | None,
        typer.Option(
            help="The folder of the period before: what came late since is billed, its balances are carried.",
            rich_help_panel=_BEFORE,
        ),
    ] = None,
    payments: Annotated[
        Path | None,
        typer.Option(help="CSV of payments since: workspace, amount.", rich_help_panel=_BEFORE),
    ] = None,
    credit_notes: Annotated[
        list[Path] | None,
        typer.Option(help="A folder of credit notes that are settled here.", rich_help_panel=_BEFORE),
    ] = None,
    to_whole_rupees: Annotated[
        bool, typer.Option("--to-whole-rupees", help="Round totals to whole rupees, by a line of their own.")
    ] = False,
    formats: Formats = "json,html,xlsx",
    timezone: Annotated[str, typer.Option(help="Where days begin.", rich_help_panel=_CALLS)] = "Asia/Kolkata",
    workspace: Annotated[
        str, typer.Option(help="Column of workspaces.", rich_help_panel=_CALLS)
    ] = "workspace",
    answered_at: Annotated[
        str | None,
        typer.Option(
            help="Column of answer times with a zone.",
            show_default="answered_at_utc, as rated",
            rich_help_panel=_CALLS,
        ),
    ] = None,
    json: options.Json = False,
) -> int:
    """Make the bills of a month: one for each customer, with annexes, and a register of all.

    A run that was stopped is started again with the same words and comes to the same bytes. What was
    issued is never written over. Exits 1 where calls have no charge.
    """
    from dialnexa_routing.billing.bill import CREDIT_NOTE
    from dialnexa_routing.billing.bill_inputs import adjustments_of, balances, customers_of, payments_of
    from dialnexa_routing.billing.bill_making import UNANSWERED
    from dialnexa_routing.billing.bill_run import DUE, BillTerms, bills_in, credits_of, issue
    from dialnexa_routing.billing.closing import closed, owed, read_closed, refuse_closed, write_closed
    from dialnexa_routing.billing.invoice_sums import sums_of
    from dialnexa_routing.billing.party import Seller
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.written_amounts import with_amounts

    first, last = days_of(month)
    terms = BillTerms(
        seller=Seller.load(seller),
        on=day(on, "--date"),
        first=first,
        last=last,
        series=series,
        start=start,
        due_days=due_days,
        to_whole_rupees=to_whole_rupees,
    )
    payers = customers_of(customers)
    before = read_closed(after) if after is not None else None
    notes = [note for folder in credit_notes or () for note in bills_in(folder, CREDIT_NOTE)]
    held = {}
    if after is not None or payments is not None or notes:
        due = payments_of(after / DUE) if after is not None else {}
        held = balances(due, payments_of(payments) if payments else {}, credits_of(notes))
    sums = sums_of(
        with_amounts(call_files.scan(rated)),
        timezone=timezone,
        workspace=workspace,
        answered_at=answered_at,
        add_prefix="",
    )
    now = owed(sums, before, first, last)
    then = closed(now, before)
    refuse_closed(output, then)
    run = issue(
        now,
        output,
        terms=terms,
        customers=payers,
        adjustments=adjustments_of(adjustments) if adjustments else {},
        balances=held,
        formats=[one.strip() for one in formats.split(",") if one.strip()],
    )
    write_closed(then, output)
    outside = int(sums["calls"].sum()) - int(now["calls"].sum()) - _counted(before)
    told = run.to_dict() | {"calls_outside": outside}
    if json:
        terminal.document(told)
    else:
        terminal.pairs(
            terminal.out(),
            {
                "folder": str(output),
                "bills": grouped(len(run.bills)),
                "taxable": rupees(Decimal(told["taxable"])),
                "total": rupees(Decimal(told["total"])),
                **({"outside": f"{grouped(outside)} calls of other days"} if outside else {}),
                **{
                    f"no bill, {name.replace('_', ' ')}": grouped(calls)
                    for name, calls in run.without.items()
                },
            },
        )
    lost = run.without.keys() - {UNANSWERED}
    return 1 if lost or any(one.not_rated for one in run.bills) else 0


def make_credit_note(
    invoice: Annotated[Path, typer.Argument(metavar="INVOICE", help="The JSON of an invoice.")],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="A folder for the note.")],
    number: Annotated[str, typer.Option(help="Of the note, in a series of its own.")],
    on: Annotated[str, typer.Option("--date", metavar="DATE", help="The day of the note.")],
    why: Annotated[str, typer.Option(help="The reason, which stands on it.")],
    taxable: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Rupees before tax to be given back; all without it.")
    ] = None,
    formats: Formats = "json,html,xlsx",
    json: options.Json = False,
) -> int:
    """Give back an invoice, or a part of it: the mirror image to the paisa.

    Notes for the same invoice that lie in the folder already count: no more is given back than was charged.
    """
    from dialnexa_routing.billing.bill import CREDIT_NOTE
    from dialnexa_routing.billing.bill_making import credit_note
    from dialnexa_routing.billing.bill_run import bills_in, read_bill, write_bill
    from dialnexa_routing.money.exact import total

    bill = read_bill(invoice)
    earlier = bills_in(output, CREDIT_NOTE) if output.is_dir() else []
    same = [one for one in earlier if one.against["number"] == bill.number and one.number != number]
    given = total((one.taxable.copy_negate() for one in same), 2)
    note = credit_note(
        bill,
        number=number,
        on=day(on, "--date"),
        why=why,
        taxable=None if taxable is None else _amount(taxable),
        credited=given,
    )
    _is_new(note, [one for one in earlier if one.number == number])
    output.mkdir(parents=True, exist_ok=True)
    write_bill(note, output, [one.strip() for one in formats.split(",")])
    if json:
        terminal.document(note.to_dict())
    else:
        said = {"number": note.number, "for": bill.number, "taxable": rupees(note.taxable)}
        terminal.pairs(terminal.out(), said | {"total": rupees(note.total)})
    return 0


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month, as 2026-11."""
    year, _, number = month.partition("-")
    if not (len(year) == 4 and len(number) == 2 and month.isascii() and (year + number).isdecimal()):
        raise typer.BadParameter(f"{month!r} is no month; write 2026-11", param_hint="--month")
    try:
        first = date(int(year), int(number), 1)
        after = date(int(year) + int(number) // 12, int(number) % 12 + 1, 1)
    except ValueError:
        raise typer.BadParameter(f"{month!r} is no month; write 2026-11", param_hint="--month") from None
    return first, date.fromordinal(after.toordinal() - 1)


def day(text: str, option: str) -> date:
    """A day as 2026-12-01."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write 2026-12-01", param_hint=option) from None


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise MoneyError(f"{text!r} is no amount; write 1234.50 (R48)")
    return amount


def _counted(before: Any) -> int:
    return 0 if before is None else int(before["calls"].sum())


def _is_new(note: Any, named_alike: list[Any]) -> None:
    if any(one.to_dict() != note.to_dict() for one in named_alike):
        raise ConflictError(f"{note.number} was issued with another content; give the note another number")
