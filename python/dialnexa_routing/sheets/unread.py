"""The one place that looks at every column nobody reads: none that may carry money is passed over.

Understood, asked about, or left out by the caller: `column_kinds` says what a column may carry, and
this file what becomes of it. A format leaves out what it documents, with a warning that counts rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import INCREMENTS, JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.intake import clean
from dialnexa_routing.sheets.column_kinds import Column, Kind, kind_of
from dialnexa_routing.sheets.group_questions import ask_for_groups
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.sheets.header_units import other_unit
from dialnexa_routing.sheets.likely_columns import is_share, likely, ways
from dialnexa_routing.sheets.placing import is_named
from dialnexa_routing.sheets.price_questions import OF_CALLS, ask_for_minutes, ask_for_prices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.faults import Faults
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_AREAS = r"^[0-9]{1,11}(?: ?[,;|/-] ?[0-9]{1,11})*$"
_WHOLE_SECONDS = r"^[0-9]{1,5}(?:\.0+)?$"
_PRICED = (*RATES, *JURISDICTIONS, "schedule")
_MAY_BE = {
    Kind.MONEY: "money",
    Kind.TIME: "seconds or increments",
    Kind.VALIDITY: "dates of validity",
    Kind.SALE: "words on whether the row is sold",
    Kind.SCOPE: "words on what the row prices: calls in or out, messages, data",
    Kind.CURRENCY: "currencies",
    Kind.CODES: "digits of the prefix, which belong in its cell,",
    Kind.CALLERS: "callers that the price is for",
    Kind.HOURS: "hours or days at which the price holds",
}
_BESIDES = {
    Kind.HOURS: ", or give prices by the hour as a column 'schedule'",
    Kind.CALLERS: ", or give callers as digits in a column 'origin'",
    Kind.CODES: ", or columns={'prefix_to': …} with it if it has the last prefix of ranges",
}
"""How else what such a column states can be given."""
_FOLLOWED = (Kind.VALIDITY, Kind.CURRENCY)


def judge(table: TextTable, choices: Choices, faults: Faults, *, priced_elsewhere: bool = False) -> TextTable:
    """`table`, of which every unread column that may decide a price is asked about; the others are reported.

    Where a price, a date or a currency is asked about, the table has the likely column in its place: what
    that column leaves open, as the order of day and month, is then asked in the same answer.

    `priced_elsewhere` states that another sheet of the workbook has the rates.
    """
    header = table.header
    priced = any(name in header.columns or name in header.unclear for name in _PRICED)
    amounts: list[Column] = []
    placed: dict[str, int] = {}
    unread = _unread(table)
    kinds = {column.place: kind_of(column) for column in unread}
    names = list(header.names or ("",) * table.cells.width)
    for column in unread:
        names[column.place] = column.name
    money = Kind.MONEY in kinds.values()
    for column in unread:
        spelled = _spelled(column)
        if any(is_named(one, column.place, names) for one in choices.left_out):
            reason = f"leave_out= names this column, so {column.filled} cells of it were not read"
            faults.tell(reason, column=column.name, value=column.name, severity=Severity.WARNING)
            continue
        kind = kinds[column.place]
        near = header.nearest(column.place)
        if (documented := header.left_out.get(normalise(column.name))) is not None:
            _tell_documented(column, kind, documented, faults)
        elif (settled := header.settled(column.place)) is not None:
            beaten = header.beaten[column.place]
            # A column of the very same name is of a second table beside the first.
            doubtful = beaten in header.mapped and column.name == header.published.get(beaten)
            count = f"{column.filled} rows: " if doubtful else ""
            severity = Severity.WARNING if doubtful else Severity.NOTE
            faults.tell(f"{count}{settled}", column=column.name, value=column.name, severity=severity)
        elif "length" in normalise(column.name).split("_") and kind is not Kind.NOTHING:
            reason = "bounds on the length of numbers are not applied: look whether they matter (quirk 46)"
            faults.tell(reason, column=column.name, value=column.name, severity=Severity.WARNING)
        elif kind in (Kind.NUMBERS, Kind.CODES) and (lone := header.lone_code) and not choices.calling_code:
            _ask_for_codes(table, column, lone, spelled, choices)
        elif not priced and _may_be_price(column, kind, money=money):
            amounts.append(column)
        elif kind in _MAY_BE:
            guess = likely(column, kind, header)
            choices.questions.ask(
                "columns",
                f"{header.place or table.file}: {_ask(table, column, kind, guess, spelled)}",
                ways(column, kind, guess, spelled) or (f"leave_out=({spelled},)",),
                column=column.name,
            )
            if guess is not None and (kind in _FOLLOWED or guess == "status"):
                placed.setdefault(guess, column.place)
        else:
            _tell(column, kind, near, faults)
    if not priced and not priced_elsewhere:
        of_calls = [column for column in amounts if other_unit(column.name) in OF_CALLS]
        if of_calls and len(of_calls) == len(amounts):
            ask_for_minutes(table, _spelled(of_calls[0]), choices)
            return table
        amounts = [column for column in amounts if column not in of_calls]
        ask_for_prices(table, [_spelled(column) for column in amounts], choices)
        if amounts:
            placed["outbound_rate"] = amounts[0].place
    if priced or not priced_elsewhere:
        ask_for_groups(table, [column for column in unread if kinds[column.place] is Kind.WORDS], choices)
    _ask_for_seconds(table, choices)
    _ask_for_areas(table, choices)
    return _with_likely(table, placed)


def _may_be_price(column: Column, kind: Kind, *, money: bool) -> bool:
    """Whether the price may stand here: money that is no tax, or numbers where nothing is money."""
    if kind is Kind.MONEY:
        return not is_share(column.name)
    return kind in (Kind.TIME, Kind.NUMBERS) and not money


def _with_likely(table: TextTable, likely_at: Mapping[str, int]) -> TextTable:
    """`table` as if the columns that are asked about were what they may be; it is never handed out."""
    header = table.header
    placed = {name: at for name, at in likely_at.items() if name not in header.columns}
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


def _ask(table: TextTable, column: Column, kind: Kind, guess: str | None, spelled: str) -> str:
    some = ", ".join(repr(cell[:20]) for cell in column.cells[:3])
    mapped = [f"columns={way}" for way in ways(column, kind, guess, spelled)]
    if table.keeps_original or not mapped:  # members of a payload have no other names
        settle = f"leave_out=({spelled},) if no price depends on it{_BESIDES.get(kind, '')}"
    elif len(mapped) > 1:
        settle = (
            f"{mapped[0]} if yes means that the row is sold, {mapped[1]} if it means that it is not, or"
            f" leave_out=({spelled},) if no price depends on it"
        )
    else:
        settle = (
            f"{mapped[0]} if it is that, or the canonical name that it is, or"
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


def _ask_for_areas(table: TextTable, choices: Choices) -> None:
    """Asks whether area codes beside a whole prefix belong behind it, where it does not end with them."""
    header = table.header
    if header.joined or not {"prefix", "area_code"} <= header.columns.keys() or "area_code" in header.mapped:
        return
    cells = [table.cells[name] for name in ("prefix", "area_code")]
    if any(column.dtype != pl.String for column in cells):
        return
    whole, areas = (clean(column, escaped=table.escaped) for column in cells)
    digits = areas.str.contains(_AREAS).fill_null(False)
    both = pl.DataFrame({"whole": whole, "area": areas}).filter(digits)
    if not both.height or both.select(pl.col("whole").str.ends_with(pl.col("area")).all()).item():
        return
    prefix, area = header.published["prefix"], header.published["area_code"]
    ways = (f"{{'calling_code': {prefix!r}, 'area_code': {area!r}}}", "{'area_code': None}")
    choices.questions.ask(
        "columns",
        f"{header.place or table.file}: {prefix!r} is read as the prefix, and {area!r} beside it holds area"
        f" codes, as {both['area'][0]!r}: pass columns={ways[0]} to join them, or columns={ways[1]} if"
        f" {prefix!r} is the whole prefix (quirk 7)",
        ways,
        column=area,
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
