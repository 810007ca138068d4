"""What the name of a workbook's sheet says of its rows: calls in, messages, hours (R46, quirk 48)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.column_kinds import words_of
from dialnexa_routing.sheets.column_limits import limits_hours
from dialnexa_routing.sheets.tables.text_table import Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.sheets.faults import Faults
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_IN = frozenset(["inbound", "incoming", "ingress"])
_OUT = frozenset(["outbound", "outgoing", "egress", "termination", "terminating"])
_NO_CALLS = frozenset(["sms", "mms", "gprs", "ussd", "fax", "messaging", "whatsapp"])


def ask_for_sheets(tables: Sequence[TextTable], choices: Choices) -> None:
    """Asks which sheets are meant where one is named for what is no call, or for some hours alone."""
    if choices.sheets:
        return
    for table in tables:
        name = table.sheet or ""
        words = words_of(name)
        of_hours = limits_hours(words, [name.lower(), *words])
        if not of_hours and _NO_CALLS.isdisjoint(words):
            continue
        what = "the hours at which its prices hold" if of_hours else "what is no call"
        others = [repr(one.sheet) for one in tables if one.sheet and one is not table]
        choices.questions.ask(
            "sheet",
            f"{table.file}: the name of the sheet {name!r} speaks of {what}: pass sheet= with the names of"
            f" those that are meant, as sheet={(others or [repr(name)])[0]}",
            others or [repr(name)],
            column=name,
        )


def tell_way(table: TextTable, faults: Faults) -> None:
    """Warns where a title or a file's name speaks of calls in, and its prices are read as of calls out."""
    header = table.header
    if {"direction", "inbound_rate"} & header.columns.keys() or "outbound_rate" not in header.columns:
        return
    for text in (table.title.text, table.file):
        words = frozenset(words_of(text))
        if words.isdisjoint(_IN) or words & _OUT:
            continue
        published = header.published["outbound_rate"]
        reason = (
            f"this speaks of calls in, and {published!r} was read as the price of calls out: pass"
            f" columns={{'inbound_rate': {published!r}}} if it is of calls in (R46)"
        )
        faults.tell(reason, column=published, value=text, severity=Severity.WARNING)
        return


def with_way(table: TextTable) -> TextTable:
    """`table` with its price as that of calls in, where its sheet is named so and no column is."""
    header = table.header
    words = frozenset(words_of(table.sheet or ""))
    known = {"direction", "inbound_rate"} & header.columns.keys()
    if known or "outbound_rate" not in header.columns or words.isdisjoint(_IN) or words & _OUT:
        return table
    if "outbound_rate" in header.mapped:
        return table
    way = {"outbound_rate": "inbound_rate"}
    columns = {way.get(name, name): at for name, at in header.columns.items()}
    named = {way.get(name, name): text for name, text in header.published.items()}
    remark = Remark(
        f"the name of the sheet {table.sheet!r} says that its prices are of calls in, so they were read so"
        " (R46)",
        column=named["inbound_rate"],
    )
    return replace(
        table,
        cells=table.cells.rename({"outbound_rate": "inbound_rate"}),
        header=replace(header, columns=columns, published=named),
        remarks=[*table.remarks, remark],
    )
