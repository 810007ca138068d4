"""A bill as HTML that stands alone: for a screen of any width, and one customer a page on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.billing.bill import CREDIT_NOTE, Bill
from dialnexa_routing.money.exact import places_of, plain, total
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.text.html import Markup, element, joined, lines, page, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STYLE = (
    ":root{color-scheme:light}*{box-sizing:border-box}"
    "body{font:14px/1.45 'Noto Sans','DejaVu Sans',system-ui,sans-serif;margin:0}"
    "body{background:#eee;color:#1a1a1a}"
    "article{background:#fff;max-width:210mm;margin:1rem auto;padding:12mm;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1rem;margin:1.6rem 0 .3rem}p{margin:.2rem 0 .6rem}"
    ".sides{display:grid;grid-template-columns:1fr 1fr;gap:1rem 2rem;margin:1rem 0}"
    ".sides b{display:block;font-size:.8rem;font-weight:600;color:#555}"
    "table{border-collapse:collapse;width:100%;margin:.2rem 0 1rem}caption{display:none}"
    "th,td{padding:.25rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}"
    "th{font-size:.8rem;color:#555;border-bottom:1px solid #888;overflow-wrap:normal}"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;overflow-wrap:normal}"
    ".sum td{font-weight:600;border-top:1px solid #888;border-bottom:1px solid #888}"
    ".small{font-size:.85rem;color:#555}"
    "@media(max-width:640px){article{margin:0;padding:1rem}.sides{grid-template-columns:1fr}"
    "th,td{padding:.25rem .3rem;font-size:.85rem}h1{font-size:1.25rem}}"
    "@page{size:A4;margin:14mm}@media print{body{background:#fff;font-size:10pt}"
    "article{max-width:none;margin:0;padding:0;break-after:page}article:last-child{break-after:auto}"
    "thead{display:table-header-group}tr,.together{break-inside:avoid}.annex{break-before:page}.annex~.annex{break-before:auto}}"
)
_HEADS = {
    "country_iso": "Country",
    "network_group": "Network group",
    "day": "Day",
    "calls": "Calls",
    "billed_seconds": "Min:sec",
    "charge": "Amount",
}
_NUMBERS = ("calls", "billed_seconds", "charge")


def bill_page(bills: Sequence[Bill], title: str | None = None) -> Markup:
    """A page of some bills, each on sheets of paper of its own."""
    named = title or (_title(bills[0]) if len(bills) == 1 else f"{len(bills)} bills")
    return page(named, joined(map(bill_html, bills)), STYLE)


def bill_html(bill: Bill) -> Markup:
    """One bill as an article; every text in it is escaped."""
    return element(
        "article",
        element("h1", "Credit note" if bill.kind == CREDIT_NOTE else "Tax invoice"),
        lines(_facts(bill)),
        element(
            "div",
            element("div", element("b", "From"), _party(bill.seller)),
            element("div", element("b", "To"), _party(bill.buyer)),
            kind="sides",
        ),
        _charges(bill),
        _sums(bill),
        *_foot(bill),
        *(_annex(caption, rows) for caption, rows in bill.annexes.items() if rows),
    )


def _title(bill: Bill) -> str:
    return f"{'Credit note' if bill.kind == CREDIT_NOTE else 'Invoice'} {bill.number}"


def _facts(bill: Bill) -> Iterable[object]:
    yield element("span", "Number ", element("strong", bill.number), f", {_day(bill.on)}")
    if bill.against:
        yield f"For invoice {bill.against['number']} of {_day(bill.against['date'])}: {bill.why}"
    yield f"Calls of {_day(bill.first)} to {_day(bill.last)}, workspace {bill.workspace}"
    yield f"Place of supply: {bill.place_of_supply}. SAC {bill.sac}. Reverse charge: no"
    if bill.due:
        yield element("span", "To be paid by ", element("strong", _day(bill.due)))


def _party(party: Mapping[str, Any]) -> Markup:
    said = [element("strong", party["name"]), *party.get("address", ())]
    said += [f"GSTIN {party['gstin']}"] if party.get("gstin") else []
    said += [f"State: {party['place']}"] if party.get("place") else []
    said += [party["email"]] if party.get("email") else []
    return lines(said)


def _charges(bill: Bill) -> Markup:
    places = max((places_of(line.amount) for line in bill.lines), default=2)
    rows = [
        [
            line.caption,
            "" if line.calls is None else grouped(line.calls),
            "" if line.billed_seconds is None else minutes(line.billed_seconds),
            _amount(line.amount, places),
        ]
        for line in bill.lines
    ]
    return table(["Charges", "Calls", "Min:sec", "Amount"], rows, numbers={1, 2, 3})


def _sums(bill: Bill) -> Markup:
    rows: list[tuple[str, Decimal]] = [("Taxable value", bill.taxable)]
    rows += [(f"{one.name} at {plain(one.percent)} %", one.amount) for one in bill.tax]
    rows += [("Rounding to whole rupees", bill.round_off)] if bill.round_off else []
    kinds: list[str | None] = [None] * len(rows) + ["sum"]
    rows.append(("Total credited" if bill.kind == CREDIT_NOTE else "Total of this invoice", bill.total))
    if bill.balance is not None:
        rows += [
            ("Previous balance", bill.balance.previous),
            ("Payments received", bill.balance.payments.copy_negate()),
            ("Credit notes", bill.balance.credits.copy_negate()),
            ("Amount due", bill.due_amount),
        ]
        kinds += [None, None, None, "sum"]
    return element(
        "div",
        table([], [[name, _amount(amount, 2)] for name, amount in rows], numbers={1}, kinds=kinds),
        kind="together",
    )


def _foot(bill: Bill) -> Iterable[Markup]:
    yield element("p", element("strong", bill.words))
    seller = bill.seller
    if not bill.tax and seller.get("gstin"):
        lut = f"Supply for export or to an SEZ under LUT {seller['lut']}, without payment of IGST."
        yield element("p", lut if seller.get("lut") else "No tax is charged.")
    if bill.unanswered:
        yield element(
            "p", f"Calls that nobody answered, at no charge: {grouped(bill.unanswered)}.", kind="small"
        )
    if bill.not_rated:
        calls = sum(bill.not_rated.values())
        said = ", ".join(
            f"{name.replace('_', ' ')} {grouped(count)}" for name, count in bill.not_rated.items()
        )
        yield element(
            "p", f"Calls that have no charge and are not in it: {grouped(calls)} ({said}).", kind="small"
        )
    if seller.get("bank") and bill.kind != CREDIT_NOTE:
        yield element("div", element("h2", "How to pay"), lines(seller["bank"]), kind="together")
    if seller.get("terms"):
        yield element("p", seller["terms"], kind="small")
    if seller.get("signatory"):
        signed = [f"For {seller['name']}", "", seller["signatory"], "Authorised signatory"]
        yield element("div", lines(signed), kind="together")


def _annex(caption: str, rows: Sequence[Mapping[str, Any]]) -> Markup:
    names = list(rows[0])
    places = max((places_of(Decimal(row["charge"])) for row in rows if "charge" in row), default=2)
    cells = [[_cell(name, row[name], places) for name in names] for row in rows]
    sums: list[object] = []
    for at, name in enumerate(names):
        if name == "charge":
            sums.append(_amount(total(Decimal(row[name]) for row in rows), places))
        elif name in _NUMBERS:
            sums.append(_cell(name, sum(row[name] for row in rows), places))
        else:
            sums.append("Total" if at == 0 else "")
    made = table(
        [_HEADS.get(name, name) for name in names],
        [*cells, sums],
        numbers={at for at, name in enumerate(names) if name in _NUMBERS},
        kinds=[None] * len(cells) + ["sum"],
    )
    return element("section", element("h2", f"Annex: calls {caption}"), made, kind="annex")


def _cell(name: str, value: Any, places: int) -> str:
    if value is None:
        return "not known"
    if name == "charge":
        return _amount(Decimal(value), places)
    if name == "billed_seconds":
        return minutes(value)
    if name == "calls":
        return grouped(value)
    return _day(value) if name == "day" else str(value)


def _amount(amount: Decimal, places: int) -> str:
    """With so many places at least, so that points stand one below the other."""
    missing = places - places_of(amount)
    text = rupees(amount)
    return text + ("." if missing == places and missing else "") + "0" * max(missing, 0)


def minutes(seconds: int) -> str:
    """Billed time as minutes and seconds, exactly.

    >>> minutes(7384265), minutes(61)
    ('1,23,071:05', '1:01')
    """
    whole, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{grouped(whole)}:{rest:02d}"


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d %b %Y}"
