"""JSON and XML of call records as tables of text: one column for each path into a record.

Numbers come as the text they are written in: an identifier of seventeen digits is no float.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import polars as pl

from dialnexa_routing.files.document import read_document
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 64
_LONGEST_LIST = 8
_MOST_PATHS = 4_000
Table = tuple[str, tuple[str, ...], list[dict[str, str | None]]]
"""The path of a list of records, the keys of the top, and the records, flat."""


def tables(data: bytes, file: str) -> list[Table]:
    """Every list in a document that may be its records: its top, or what stands under one of its keys.

    Args:
        data: JSON (a list, one record, a record on each line), or XML of one record.
        file: its name, for errors.

    Raises:
        SheetError: it is no clean JSON or XML, too large, or nested too deeply.
        RecordError: it holds no record.

    >>> [(path, rows) for path, _, rows in tables(b'{"objects":[{"a":{"b":17}}],"meta":{}}', "a.json")][1]
    ('objects', [{'a.b': '17'}])
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found: list[Table] = [("", (), [_xml(data, file)])]
    else:
        lists = _lists(_json(data, file))
        found = [(path, top, [_flat(one) for one in records]) for path, top, records in lists]
    found = [one for one in found if any(one[2])]
    if not found:
        raise RecordError(f"{file} holds no call records: a list of objects, or one object on each line")
    return found


def frame(records: list[dict[str, str | None]], file: str) -> pl.DataFrame:
    """Flat records as columns of text, in the order in which their paths appear."""
    paths = list(dict.fromkeys(path for record in records for path in record))
    if len(paths) > _MOST_PATHS:
        raise RecordError(f"{file} has records of {len(paths)} different fields; is it a list of calls?")
    return pl.DataFrame(
        {path: [record.get(path) for record in records] for path in paths},
        schema=dict.fromkeys(paths, pl.String),
    )


def _json(data: bytes, file: str) -> Any:
    lines = data.strip().split(b"\n")
    if len(lines) > 1 and all(
        line.strip()[-1:] in (b"}", b"") and line.lstrip()[:1] in (b"{", b"") for line in lines
    ):
        whole = b"[" + b",".join(line for line in lines if line.strip()) + b"]"
        return read_document(whole, file)
    return read_document(data, file)


def _lists(document: Any) -> Iterator[tuple[str, tuple[str, ...], list[dict[str, Any]]]]:
    """The top itself first, then lists of objects two keys deep, the longest first."""
    if isinstance(document, list):
        yield "", (), [one for one in document if isinstance(one, dict)]
        return
    if not isinstance(document, dict):
        return
    top = tuple(document)
    head, rows = document.get("header"), document.get("csv")
    if isinstance(head, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        yield "csv", top, [dict(zip(map(str, head), row, strict=False)) for row in rows]
    under: list[tuple[str, list[dict[str, Any]]]] = []
    for key, value in document.items():
        below = value.items() if isinstance(value, dict) else ()
        for path, one in ((key, value), *((f"{key}.{name}", inner) for name, inner in below)):
            if isinstance(one, list) and one and all(isinstance(item, dict) for item in one):
                under.append((path, one))
            elif isinstance(one, dict) and path == key:
                under.append((path, [one]))
    yield "", top, [document]
    for path, records in sorted(under, key=lambda one: -len(one[1])):
        yield path, top, records


def _flat(record: dict[str, Any], before: str = "") -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for key, value in record.items():
        _put(found, before + str(key), value)
    return found


def _put(found: dict[str, str | None], path: str, value: Any) -> None:
    if isinstance(value, dict):
        found.update(_flat(value, path + "."))
    elif isinstance(value, list):
        for place, one in enumerate(value[:_LONGEST_LIST]):
            _put(found, f"{path}.{place}", one)
    elif isinstance(value, bool):
        found[path] = "true" if value else "false"
    else:
        found[path] = None if value is None else str(value)


def _xml(data: bytes, file: str) -> dict[str, str | None]:
    """The elements of one record by their paths below the root; of several alike, numbered from 0."""
    found: dict[str, str | None] = {}
    way: list[str] = []
    seen: list[dict[str, int]] = [{}]
    text: list[str] = []

    def begun(name: str, attributes: dict[str, str]) -> None:
        times = seen[-1].get(name, 0)
        seen[-1][name] = times + 1
        way.append(name if not times else f"{name}.{times}")
        if len(way) > MAX_DEPTH or len(found) > _MOST_PATHS:
            raise RecordError(f"{file} is XML that is nested too deeply, or of too many fields")
        for attribute, value in attributes.items():
            found[".".join([*way[1:], attribute])] = value
        seen.append({})
        text.clear()

    def ended(_name: str) -> None:
        value = "".join(text).strip()
        if value:
            found[".".join(way[1:])] = value
        text.clear()
        way.pop()
        seen.pop()

    def refused(*_: object) -> None:
        raise RecordError(f"{file} is XML with definitions of its own, which are not read: export it plain")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RecordError(f"{file} is no clean XML ({quoted(str(error))}): fetch it again") from error
    return found


def looks_like_document(head: bytes) -> bool:
    """Whether a file begins as JSON or XML does."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*(?:[{\[]\s*[\"{\[\]}]|<\?xml|<cdr\b)", head) is not None
