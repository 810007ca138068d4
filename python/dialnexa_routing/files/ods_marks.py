"""What a workbook of OpenDocument says of its cells beside their values; see `workbook_marks`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from dialnexa_routing.files.sheet_marks import Marks, stretches

if TYPE_CHECKING:
    from collections.abc import Mapping

PART = "content.xml"
_MOST_COLUMNS = 1024
_MONEY = "currency"


def ods_marks(content: bytes, heads: Mapping[str, int], firsts: Mapping[str, int]) -> dict[str, Marks]:
    """The marks of each sheet; `content` is the part that holds all of them, `heads` their heads' rows.

    Columns count from those of `firsts`.
    """
    reader = _Reader(heads)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.begun, reader.ended
    parser.Parse(content, True)
    for name, marks in reader.found.items():
        marks.count_from(firsts.get(name, 0))
    return reader.found


class _Reader:
    """Follows the elements of the part; what repeats is counted and not made."""

    def __init__(self, heads: Mapping[str, int]) -> None:
        self.found: dict[str, Marks] = {}
        self._heads = heads
        self._marks = Marks()
        self._head = self._row = self._column = self._place = 0
        self._rows = 1  # the row at hand repeats so often
        self._hidden: list[tuple[int, int]] = []

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        own = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if kind == "table":
            self._marks = self.found.setdefault(own.get("name", ""), Marks())
            self._head = self._heads.get(own.get("name", ""), -1)
            self._row = self._column = 0
            self._hidden = []
        elif kind == "table-column":
            repeats = _count(own, "number-columns-repeated")
            if own.get("visibility", "visible") != "visible":
                self._marks.hidden_columns += range(self._column, min(self._column + repeats, _MOST_COLUMNS))
            self._column += repeats
        elif kind == "table-row":
            self._rows, self._place = _count(own, "number-rows-repeated"), 0
            visible = own.get("visibility", "visible")
            if visible != "visible":
                self._hidden.append((self._row, self._row + self._rows - 1))
                self._marks.filtered |= visible == "filter"
        elif kind in ("table-cell", "covered-table-cell"):
            self._see_cell(own)
            self._place += _count(own, "number-columns-repeated")

    def _see_cell(self, own: dict[str, str]) -> None:
        spans = _count(own, "number-rows-spanned")
        if spans > 1:
            self._marks.merged.append((self._place, self._row, self._row + spans - 1))
        if "value-type" not in own:
            return
        text = "1%" if own["value-type"] == "percentage" else f"{own.get(_MONEY, '')} 1"
        if own["value-type"] in (_MONEY, "percentage") and text != " 1" and self._row > self._head:
            counts = self._marks.shown.setdefault(self._place, {})
            counts[text] = counts.get(text, 0) + self._rows

    def ended(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table-row":
            self._row += self._rows
        elif kind == "table":
            self._marks.hidden_rows = stretches(self._hidden)


def _count(own: dict[str, str], name: str) -> int:
    text = own.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
