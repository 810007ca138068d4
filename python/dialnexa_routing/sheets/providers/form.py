"""What a format is: its name, whose it is, how it is known, and how it becomes tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable


@dataclass(frozen=True)
class Format:
    """One format: its name, the provider it belongs to, and the two questions it answers.

    `together` is for a format of several linked files, which are one sheet only as a whole.
    `arguments` are those of `RateSheet.read` that only some formats know, and this one does.
    """

    name: str
    provider: str | None
    recognise: Callable[[Source], str | None]
    tables: Callable[[Source, Choices], list[TextTable]]
    together: Callable[[list[Source], Choices], list[TextTable]] | None = None
    arguments: frozenset[str] = frozenset()
