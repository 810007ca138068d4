"""Formats without a header: CallWithUs, A2Billing, MagnusBilling, and libphonenumber's tables.

They are known by their separator, their number of columns and what the first rows hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.sheets.placing import aliased, positioned
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_FIRST_ROWS = 50
_CODE = r"^\+?[0-9_^\[][0-9A-Z\[\].*-]*$"
_AMOUNT = r"^[0-9]*[.,]?[0-9]+$"


@dataclass(frozen=True)
class Positions:
    """A format without header: its separators, and the names of its columns by how many there are."""

    name: str
    provider: str | None
    title: str
    delimiters: str
    columns: Mapping[int, tuple[str, ...]]
    longest: int = 0  # columns beyond this many are passed over; 0 for exactly those of `columns`
    keys: frozenset[str] = frozenset()  # of a header it may have all the same

    def recognise(self, source: Source) -> str | None:
        """Why `source` is taken for this format, or None."""
        if len(source.tables) != 1:
            return None
        table = source.tables[0]
        if not table.headless:
            if self.keys and self.keys <= table.header.keys:
                return f"its columns {', '.join(sorted(self.keys))} are those of {self.title}"
            return None
        names = self._names(table)
        if names is None or table.delimiter not in tuple(self.delimiters) or not self._holds(table, names):
            return None
        return (
            f"it has no header, and {table.cells.width} columns separated by {table.delimiter!r} that begin"
            f" with a code and a name, as {self.title}"
        )

    def tables(self, source: Source, _choices: Choices) -> list[TextTable]:
        """The one table of `source` under canonical names. Raises `SheetError` for another shape."""
        if source.is_json:
            raise SheetError(f"{source.file} is JSON, not {self.title}: leave out format={self.name!r}")
        table = source.tables[0]
        if not table.headless:
            if not self.keys or not self.keys <= table.header.keys:
                raise SheetError(
                    f"{source.file} has a header that is not {self.title}: leave out format={self.name!r}"
                )
            return [aliased(table, {})]
        names = self._names(table)
        if names is None:
            counts = " or ".join(map(str, self.columns))
            raise SheetError(
                f"{source.file} has {table.cells.width} columns, but {self.title} has {counts}: leave out"
                f" format={self.name!r}, or pass columns= with numbers from 1"
            )
        return [positioned(table, names)]

    def format(self) -> Format:
        """It as one of the formats."""
        return Format(self.name, self.provider, self.recognise, self.tables)

    def _names(self, table: TextTable) -> tuple[str, ...] | None:
        width = table.cells.width
        if width in self.columns:
            return self.columns[width]
        if self.longest and max(self.columns) < width <= self.longest:
            return self.columns[max(self.columns)]
        return None

    def _holds(self, table: TextTable, names: tuple[str, ...]) -> bool:
        """Whether the first rows have codes, and amounts where rates stand."""
        cells = table.cells.head(HEAD_SEARCH_ROWS)
        first = cells.to_series(0).str.strip_chars()
        said = (~first.str.starts_with("#") & (first != "")).fill_null(False)
        rows = cells.filter(said).head(_FIRST_ROWS)
        if not rows.height:
            return False
        codes = rows.to_series(0).str.strip_chars().str.contains(_CODE).fill_null(False)
        good = bool(codes.all())
        for at, name in enumerate(names):
            if name.endswith("_rate"):
                good &= bool(
                    rows.to_series(at).str.strip_chars().str.contains(_AMOUNT).fill_null(False).all()
                )
        return good


_BLOCKS = ("initial_increment_s", "next_increment_s")
CALLWITHUS = Positions(
    "callwithus",
    "callwithus",
    "CallWithUs lists dialprefix;name;rate;initial time;increment",
    ";",
    {
        5: ("prefix", "network_group", "outbound_rate", *_BLOCKS),
        6: ("prefix", "network_group", "interstate_rate", "intrastate_rate", *_BLOCKS),
    },
).format()
MAGNUSBILLING = Positions(
    "magnusbilling",
    None,
    "MagnusBilling imports prefix,destination,rateinitial,initblock,billingblock,minimal_time_charge",
    ",",
    {
        5: ("prefix", "network_group", "outbound_rate", *_BLOCKS),
        6: ("prefix", "network_group", "outbound_rate", *_BLOCKS, "minimum_s"),
    },
    longest=20,
    keys=frozenset(["prefix", "destination", "rateinitial", "initblock", "billingblock"]),
).format()
A2BILLING = Positions(
    "a2billing",
    None,
    "A2Billing imports dialprefix;destination;rateinitial",
    ";",
    {3: ("prefix", "network_group", "outbound_rate")},
    keys=frozenset(["dialprefix", "rateinitial"]),
).format()
LIBPHONENUMBER = Positions(
    "libphonenumber",
    None,
    "libphonenumber lists prefix|name, without prices",
    "|",
    {2: ("prefix", "network_group")},
).format()
