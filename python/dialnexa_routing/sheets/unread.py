"""The one place that looks at every column nobody reads: none that may carry money is passed over.

Understood, asked about, or left out by the caller: `column_kinds` says what a column may carry, and
this file what becomes of it. A format leaves out what it documents, with a warning that counts rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import INCREMENTS, JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.column_kinds import Column, Kind, kind_of
from dialnexa_routing.sheets.directions import WORDS as DIRECTIONS
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.placing import is_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.faults import Faults
    from dialnexa_routing.sheets.headers import Header
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_WHOLE_SECONDS = r"^[0-9]{1,5}(?:\.0+)?$"
_PRICED = (*RATES, *JURISDICTIONS, "schedule")
_PARTS = ("first_rate", "upcoming_rate")
"""Prices that hold only beside another one."""
_MAY_BE = {
    Kind.MONEY: "money",
    Kind.TIME: "seconds or increments",
    Kind.VALIDITY: "dates of validity",
    Kind.SALE: "words on whether the row is sold",
    Kind.SCOPE: "words on what the row prices: calls in or out, messages, data",
    Kind.CURRENCY: "currencies",
    Kind.CODES: "digits of the prefix, which belong in its cell,",
}
_GUESSES: dict[Kind, tuple[tuple[str, tuple[str, ...]], ...]] = {
    Kind.MONEY: (
        ("connect_fee", ("setup", "connect", "flag", "fee", "percall", "call", "once", "surcharge")),
        ("upcoming_rate", ("next", "future", "upcoming")),
        ("min_charge", ("min_charge", "minimum")),
        ("max_charge", ("max", "maximum", "cap")),
        ("inbound_rate", ("inbound", "incoming")),
    ),
    Kind.TIME: (
        ("rate_unit_s", ("unit", "per", "uom", "basis")),
        ("grace_s", ("grace",)),
        ("free_s", ("free",)),
        ("initial_increment_s", ("initial", "first", "min", "mb", "1st")),
        (
            "next_increment_s",
            ("next", "subsequent", "inc", "resolution", "step", "ib", "further", "addition"),
        ),
    ),
    Kind.VALIDITY: (("valid_to", ("end", "to", "until", "till", "expir", "stop", "thru", "through")),),
    Kind.SALE: (
        ("blocked", ("block", "disabled", "inactive", "reject", "forbid", "barred", "suspend")),
        ("discontinued", ("closed", "withdrawn", "deleted", "discontinu", "expired")),
        ("status", ("status", "change")),
    ),
}
_OTHERWISE = {
    Kind.MONEY: "outbound_rate",
    Kind.TIME: INCREMENTS,
    Kind.VALIDITY: "valid_from",
    Kind.SALE: "enabled",
    Kind.SCOPE: "direction",
    Kind.CURRENCY: "currency",
}


_FOLLOWED = (Kind.VALIDITY, Kind.CURRENCY)


def judge(table: TextTable, choices: Choices, faults: Faults, *, priced_elsewhere: bool = False) -> TextTable:
    """`table`, of which every unread column that may decide a price is asked about; the others are told.

    Where a price, a date or a currency is asked about, the table has the likely column in its place: what
    that column leaves open, as the order of day and month, is then asked in the same answer.

    `priced_elsewhere` says that another sheet of the workbook has the rates.
    """
    header = table.header
    priced = any(name in header.columns or name in header.unclear for name in _PRICED)
    amounts: list[Column] = []
    likely: dict[str, int] = {}
    for column in _unread(table):
        spelled = _spelled(column)
        if any(is_named(one, column.place, column.name) for one in choices.left_out):
            reason = f"leave_out= names this column, so {column.filled} cells of it were not read"
            faults.tell(reason, column=column.name, value=column.name, severity=Severity.WARNING)
            continue
        kind = kind_of(column)
        near = header.nearest(column.place)
        if (documented := header.left_out.get(normalise(column.name))) is not None:
            _tell_documented(column, kind, documented, faults)
        elif (settled := header.settled(column.place)) is not None:
            faults.tell(settled, column=column.name, value=column.name)
        elif "length" in normalise(column.name).split("_") and kind is not Kind.NOTHING:
            reason = "bounds on the length of numbers are not applied: look whether they matter (quirk 46)"
            faults.tell(reason, column=column.name, value=column.name, severity=Severity.WARNING)
        elif kind in (Kind.NUMBERS, Kind.CODES) and (lone := header.lone_code) and not choices.calling_code:
            _ask_for_codes(table, column, lone, spelled, choices)
        elif not priced and kind in (Kind.MONEY, Kind.TIME, Kind.NUMBERS):
            amounts.append(column)
        elif kind in _MAY_BE:
            guess = near if near and kind is not Kind.WORDS else _guess(column, kind, header)
            choices.questions.ask(
                "columns",
                f"{header.place or table.file}: {_ask(table, column, kind, guess, spelled)}",
                (f"{{{guess!r}: {spelled}}}",) if guess else (f"leave_out=({spelled},)",),
                column=column.name,
            )
            if guess is not None and kind in _FOLLOWED:
                likely.setdefault(guess, column.place)
        else:
            _tell(column, kind, near, faults)
    if not priced and not priced_elsewhere:
        _ask_for_prices(table, [_spelled(column) for column in amounts], choices)
        if amounts:
            likely["outbound_rate"] = amounts[0].place
    _ask_for_seconds(table, choices)
    return _with_likely(table, likely)


def _with_likely(table: TextTable, likely: Mapping[str, int]) -> TextTable:
    """`table` as if the columns that are asked about were what they may be; it is never handed out."""
    header = table.header
    placed = {name: at for name, at in likely.items() if name not in header.columns}
    if not placed or table.keeps_original:
        return table
    cells = table.cells.rename({f"?{at}": name for name, at in placed.items()})
    names = {name: header.names[at] if at < len(header.names) else name for name, at in placed.items()}
    known = replace(header, columns=header.columns | placed, published=header.published | names)
    return replace(table, cells=cells, header=known)


def _unread(table: TextTable) -> list[Column]:
    """The columns that no canonical name reads, with their cells; those without a name are numbered."""
    header = table.header
    names = table.header.names or ("",) * table.cells.width
    found = []
    for place, name in enumerate(names):
        if f"?{place}" not in table.cells.columns or place in header.read_places:
            continue
        cells = table.cells[f"?{place}"]
        if cells.dtype.is_nested():
            cells = cells.list.join(",")
        cells = clean(cells, escaped=table.escaped)
        filled = table.rows.filter(cells.is_not_null()).n_unique()  # a row may stand here as two versions
        if name or filled:
            distinct = cells.drop_nulls().unique(maintain_order=True).to_list()
            found.append(Column(place, name or f"column {place + 1}", distinct, filled, not name))
    return found


def _spelled(column: Column) -> str:
    """How a caller names the column: by its header, or by its number from 1."""
    return str(column.place + 1) if column.nameless else repr(column.name)


def _guess(column: Column, kind: Kind, header: Header) -> str | None:
    """The canonical column that an unread one most likely is; None where that has a column already."""
    plain = normalise(column.name)
    if kind is Kind.CODES:
        return None  # 9170 and 9179 in two cells are one range in the cell of the prefix
    if kind is Kind.SCOPE and not {cell.lower() for cell in column.cells} <= DIRECTIONS:
        return None  # rows of messages are no calls
    for canonical, words in _GUESSES.get(kind, ()):
        if any(word in plain for word in words):
            return None if canonical in header.columns else canonical
    return _OTHERWISE[kind]


def _ask(table: TextTable, column: Column, kind: Kind, guess: str | None, spelled: str) -> str:
    some = ", ".join(repr(cell[:20]) for cell in column.cells[:3])
    if table.keeps_original or guess is None:  # members of a payload have no other names
        settle = f"leave_out=({spelled},) if no price depends on it"
    else:
        settle = (
            f"columns={{{guess!r}: {spelled}}} if it is that, or the canonical name that it is, or"
            f" leave_out=({spelled},) if no price depends on it"
        )
    where = column.name if column.nameless else f"the column {spelled}"
    return f"{where} is not read and may hold {_MAY_BE[kind]} in {column.filled} rows ({some}): pass {settle}"


def _ask_for_codes(table: TextTable, column: Column, lone: str, spelled: str, choices: Choices) -> None:
    """Asks whether digits beside calling codes, or beside area codes, are the other part of the prefix."""
    header = table.header
    other = "area_code" if lone == "calling_code" else "calling_code"
    name = header.published["prefix"]
    choices.questions.ask(
        "columns",
        f"{header.place or table.file}: {name!r} alone is read as the prefix, and {spelled} holds digits that"
        f" may be the other part of it: pass columns={{{lone!r}: {name!r}, {other!r}: {spelled}}} to join"
        f" them, or leave_out=({spelled},) if {name!r} is the whole prefix (quirk 7)",
        (f"{{{lone!r}: {name!r}, {other!r}: {spelled}}}",),
        column=column.name,
    )


def _ask_for_seconds(table: TextTable, choices: Choices) -> None:
    """Asks whether a minimum charge beside increments is money: 30 may be seconds, 0.50 is not."""
    header = table.header
    name = header.published.get("min_charge", "min_charge")
    beside = {INCREMENTS, "initial_increment_s", "next_increment_s"} & header.columns.keys()
    if (
        "min_charge" not in header.columns
        or name == "min_charge"
        or "min_charge" in header.mapped
        or not beside
    ):
        return
    cells = clean(table.cells["min_charge"], escaped=table.escaped).drop_nulls()
    whole = cells.str.contains(_WHOLE_SECONDS)
    if not len(cells) or not whole.all() or set(cells) <= {"0"}:
        return
    increment = next(header.published[one] for one in sorted(beside))
    choices.questions.ask(
        "columns",
        f"{header.place or table.file}: the column {name!r} may hold money or seconds, as {cells[0]!r} beside"
        f" {increment!r}: pass columns={{'min_charge': {name!r}}} if it is money, or columns={{'minimum_s':"
        f" {name!r}}} if it is the least time that is billed",
        [f"{{'min_charge': {name!r}}}", f"{{'minimum_s': {name!r}}}"],
        column=name,
    )


def _ask_for_prices(table: TextTable, amounts: list[str], choices: Choices) -> None:
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


def _tell_documented(column: Column, kind: Kind, reason: str, faults: Faults) -> None:
    """A column that its format documents and this package leaves out."""
    if kind is Kind.NOTHING:
        return
    doubtful = kind in _MAY_BE or kind is Kind.NUMBERS
    severity = Severity.WARNING if doubtful else Severity.NOTE
    count = f"{column.filled} rows: " if doubtful else ""
    faults.tell(f"{count}{reason}", column=column.name, value=column.name, severity=severity)


def _tell(column: Column, kind: Kind, near: str | None, faults: Faults) -> None:
    """A column of names, marks or keys; whole numbers may be amounts all the same."""
    advice = f"rename it {near} if that is meant" if near else "rename it if it should be read"
    reason = f"no canonical column has this name, so it is not read: {advice}"
    severity = Severity.WARNING if near else Severity.NOTE
    if kind is Kind.NUMBERS:
        reason = (
            f"{column.filled} rows have whole numbers here, which are not read: pass columns= if a price"
            f" depends on them, or leave_out=({column.name!r},)"
        )
        severity = Severity.WARNING
    faults.tell(reason, column=column.name, value=column.name, severity=severity)
