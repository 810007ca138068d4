"""JSON of any provider that is a table all the same: a list of objects or rows, however deep it lies.

What stands around the list is a column of each of its rows, as the country above its networks. Nothing is
known of such a payload, so all of its columns are judged as those of any free table; of several lists one is
asked for by `sheet=`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import text
from dialnexa_routing.sheets.tables.text_table import TextTable, named
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source

_ENVELOPE = frozenset(
    [
        *("status", "code", "message", "success", "error", "errors", "total", "count", "page", "pages"),
        *("per_page", "limit", "offset", "next", "previous", "prev", "links", "meta", "api_id", "request_id"),
    ]
)
"""What answers of interfaces have around their rows, and which states nothing of a price."""
_WRAPPERS = frozenset(["attributes", "fields", "data", "item", "value"])
"""Objects around the members of one row, whose names mean nothing."""
_HEADS = frozenset(["columns", "header", "headers", "fields", "names"])
"""What lists of names are called that stand beside lists of cells."""
_NAME = "json_rows"
_NAMED = 6

Row = dict[str, str | None]


def rows_of(document: Any) -> dict[str, list[Row]]:
    """The rows of each list of objects in a document, by where it stands; the innermost of nested ones.

    >>> rows_of({"total": "1", "currency": "USD", "data": [{"code": "91", "rate": {"amount": "0.02"}}]})
    {'data': [{'currency': 'USD', 'code': '91', 'rate.amount': '0.02'}]}
    >>> rows_of({"values": [["Code", "Rate"], ["91", "0.02"]]})
    {'values': [{'Code': '91', 'Rate': '0.02'}]}
    """
    found: dict[str, list[Row]] = {}
    if isinstance(document, dict):
        document = {key: value for key, value in document.items() if str(key).lower() not in _ENVELOPE}
    for path, row in _rows(document, "", {}):
        found.setdefault(path, []).append(row)
    return found


def _rows(node: Any, path: str, around: Row, head: list[Any] | None = None) -> Iterator[tuple[str, Row]]:
    """The rows below a node, each with what stands around it; `head` has the names of lists of cells."""
    if isinstance(node, list) and (named := _named_cells(node, head)):
        yield from ((path, _joined(around, _members(row))) for row in named)
    elif isinstance(node, list):
        for item in node:
            if isinstance(item, dict):
                own = _joined(around, _members(item))
                inner = list(_rows(item, path, around))
                if not inner or any(row[name] != value for _, row in inner for name, value in own.items()):
                    yield path, own  # a price of its own, which those inside it differ from
                yield from inner
            elif isinstance(item, list):
                yield from _rows(item, path, around)
    elif isinstance(node, dict):
        listed = any(isinstance(value, list) and _all_cells(value) for value in node.values())
        heads = [key for key, value in node.items() if str(key).lower() in _HEADS and _cells(value)]
        named_by = heads[0] if listed and heads else None
        head = node[named_by] if named_by is not None else None
        here = _joined(around, _members({key: value for key, value in node.items() if key != named_by}))
        for key, value in node.items():
            below = f"{path}.{key}" if path else str(key)
            if isinstance(value, dict | list) and key != named_by:
                yield from _rows(value, below, here, head)


def _cells(value: Any) -> bool:
    """Whether a value is a row of cells: a list of texts and numbers, not of lists and objects."""
    return isinstance(value, list) and bool(value) and not any(isinstance(one, dict | list) for one in value)


def _all_cells(rows: list[Any]) -> bool:
    return bool(rows) and all(map(_cells, rows))


def _named_cells(rows: list[Any], head: list[Any] | None) -> list[dict[str, Any]]:
    """Lists of cells as objects, by a head that stands beside them or is the first of them; else none."""
    if not _all_cells(rows):
        return []
    if head is not None and len(head) == max(map(len, rows)):
        return [dict(zip(map(str, head), row, strict=False)) for row in rows]
    first = [str(one) for one in rows[0]]
    if len(set(first)) < len(first) or not headers.score(first):
        return []
    return [dict(zip(first, row, strict=False)) for row in rows[1:]]


def _members(node: dict[str, Any], front: str = "") -> Row:
    """The members of an object that are values, those of objects inside it under both names."""
    found: Row = {}
    for key, value in node.items():
        name = f"{front}{key}"
        if isinstance(value, dict):
            inside = _members(value, front if str(key).lower() in _WRAPPERS else f"{name}.")
            found |= {one: held for one, held in inside.items() if one not in found}
        elif isinstance(value, list):
            if not any(isinstance(item, dict | list) for item in value):
                found[name] = ",".join(filter(None, map(text, value))) or None
        else:
            found[name] = str(value).lower() if isinstance(value, bool) else text(value)
    return found


def _joined(around: Row, own: Row) -> Row:
    """A row with what stands around it; a member of its own goes before one of the same name further out."""
    return {name: value for name, value in around.items() if name not in own} | own


def _table(rows: list[Row], file: str, path: str) -> TextTable:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = pl.DataFrame(
        {
            str(at): pl.Series([row.get(name) for row in rows], dtype=pl.String)
            for at, name in enumerate(names)
        }
    )
    header = headers.recognise(names, f"{file}, {path or 'its list'}")
    numbers = pl.int_range(1, len(rows) + 1, dtype=pl.UInt32, eager=True)
    return TextTable(file, named(cells, header), numbers, header, sheet=path or None)


def tables_of(source: Source) -> list[TextTable]:
    """The lists of a document as tables; none for what is no document, or has no list of objects."""
    if _NAME not in source.made:
        found = rows_of(source.document) if source.is_json else {}
        source.made[_NAME] = [_table(rows, source.file, path) for path, rows in found.items()]
    return source.made[_NAME]


def _recognise(source: Source) -> str | None:
    found = tables_of(source)
    if not found:
        return None
    where = " and ".join(repr(table.sheet) for table in found[:_NAMED] if table.sheet)
    names = list(dict.fromkeys(name for table in found for name in table.header.names))[:_NAMED]
    return f"it is JSON of rows{f' under {where}' if where else ''}, with {', '.join(names)}"


def _tables(source: Source, choices: Choices) -> list[TextTable]:
    found = tables_of(source)
    if not found:
        raise SheetError(f"{source.file} is no JSON with a list of objects: leave out format='json_rows'")
    if len(found) > 1 and not choices.sheets:
        paths = [repr(table.sheet or "") for table in found]
        with choices.questions.asking("sheet", paths):
            raise SheetError(
                f"{source.file} has lists of rows under {' and '.join(paths[:_NAMED])}, which may price"
                f" different things: pass sheet={paths[0]} with the one that is meant, or"
                f" sheet=({', '.join(paths[:2])}) for several"
            )
    return found


FORMAT = Format(_NAME, None, _recognise, _tables)
