"""Which column names the network groups: asked where none is known, for all rows would be refused (R22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.sheets.column_kinds import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.sheets.column_kinds import Column
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_NAMING = frozenset(["name", "names", "area", "place", "location", "title", "label", "route", "network"])


def ask_for_groups(table: TextTable, worded: Sequence[Column], choices: Choices) -> None:
    """Requests the column of names, in the same answer as all else that a table leaves open.

    Args:
        table: with no price of a group that its format names.
        worded: the unread columns that hold words.
        choices: takes the question.
    """
    header = table.header
    if {"network_group", "country"} & header.columns.keys() or "network_group" in table.constants:
        return
    likely = next((one for one in worded if not _NAMING.isdisjoint(words_of(one.name))), None)
    if likely is None or table.keeps_original or "network_group" in header.unclear:
        return
    spelled = str(likely.place + 1) if likely.nameless else repr(likely.name)
    choices.questions.ask(
        "columns",
        f"{header.place or table.file}: no column is known to name the network group or the country of a row:"
        f" pass columns={{'network_group': {spelled}}}, or with the column that does",
        [f"{{'network_group': {spelled}}}"],
        column="network_group",
    )
