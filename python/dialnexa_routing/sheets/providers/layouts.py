"""Formats of delimited text that are known by the names of their columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.placing import aliased
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable


@dataclass(frozen=True)
class Layout:
    """Column names that only one format has, and what they mean there.

    `keys` are compared by `header_keys.normalise`; of `any_of` one is enough; `constants` hold for
    every row because the provider documents them; `left_out` states of documented columns, which no
    canonical one can hold, why they are not read.
    """

    name: str
    provider: str | None
    title: str
    keys: frozenset[str]
    any_of: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, source: Source) -> str | None:
        """Why the columns of `source` are this format's, or None."""
        for table in source.tables:
            if self._fits(table):
                names = [
                    name for name, key in table.header.named_keys() if key in self.keys or key in self.any_of
                ]
                return f"its columns {', '.join(names)} are those of {self.title}"
        return None

    def tables(self, source: Source, _choices: Choices) -> list[TextTable]:
        """The tables of `source` under canonical names. Raises `SheetError` for another layout."""
        if source.is_json:
            raise SheetError(f"{source.file} is JSON, not {self.title}: leave out format={self.name!r}")
        fitting = [table for table in source.tables if self._fits(table)]
        if not fitting:
            missing = sorted(self.keys - source.tables[0].header.keys)
            lacking = ", ".join(missing or sorted(self.any_of))
            raise SheetError(
                f"{source.file} is not {self.title}, for it lacks {lacking}: leave out format={self.name!r}"
            )
        return [self._placed(table) for table in fitting]

    def _placed(self, table: TextTable) -> TextTable:
        return replace(aliased(table, self.aliases, self.left_out), constants=dict(self.constants))

    def format(self) -> Format:
        """It as one of the formats."""
        return Format(self.name, self.provider, self.recognise, self.tables)

    def _fits(self, table: TextTable) -> bool:
        keys = table.header.keys
        return self.keys <= keys and (not self.any_of or not self.any_of.isdisjoint(keys))
