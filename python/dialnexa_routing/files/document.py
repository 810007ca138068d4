"""Bytes of a JSON file to the document in it, every number as the text it was written in."""

from __future__ import annotations

import json
import re
from typing import Any

from dialnexa_routing.text.errors import SheetError

MAX_BYTES = 128 << 20
MAX_MEMORY = 400 << 20
"""What a document may come to as objects; the prices of a large provider come to a tenth of it."""
MAX_DEPTH = 64
_HALF_PAIR = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")


def read_document(data: bytes, file: str) -> Any:
    """The JSON document in `data`; no rate passes through a float.

    Raises `SheetError` when it is not clean JSON, too large, or nested too deeply.
    """
    memory = _memory(data)
    if len(data) > MAX_BYTES or memory > MAX_MEMORY:
        raise SheetError(
            f"{file} is JSON of {len(data) >> 20} MB that would take some {memory >> 20} MB of memory, more"
            f" than {MAX_BYTES >> 20} or {MAX_MEMORY >> 20}: split it, one country to a file"
        )
    try:
        document = json.loads(
            data.decode(_encoding(data)),
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeats,
        )
    except RecursionError:
        raise _too_deep(file) from None
    except MemoryError:
        raise SheetError(f"{file} is JSON that takes more memory than there is: split it") from None
    except json.JSONDecodeError as error:
        raise SheetError(
            f"{file} breaks off as JSON in line {error.lineno}, column {error.colno} ({error.msg}):"
            " fetch it again"
        ) from error
    except ValueError as error:
        raise SheetError(f"{file} is not clean JSON ({error}): fetch it again") from error
    _check_depth(document, file)
    if _HALF_PAIR.search(data):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ascii(error.object[error.start])
            raise SheetError(
                f"{file} is not clean JSON (it holds {half}, which is half a character): fetch it again"
            ) from error
    return document


def _memory(data: bytes) -> int:
    """What the document may take: an empty list is two bytes here, and sixty once it is an object."""
    pairs, lists, objects = (data.count(mark) for mark in (b":", b"[", b"{"))
    return 300 * pairs + 70 * (data.count(b",") + lists) + 100 * objects


def _encoding(data: bytes) -> str:
    """UTF-8 unless a mark or the zero bytes of the first two characters, which are ASCII, say otherwise."""
    return json.detect_encoding(data[:4])


def _check_depth(document: Any, file: str) -> None:
    level = [document] if isinstance(document, dict | list) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return
        children = (node.values() if isinstance(node, dict) else node for node in level)
        level = [child for some in children for child in some if isinstance(child, dict | list)]
    raise _too_deep(file)


def _too_deep(file: str) -> SheetError:
    return SheetError(
        f"{file} is JSON nested too deeply for a rate sheet, over {MAX_DEPTH} levels: fetch it again"
    )


def _no_constant(name: str) -> str:
    raise ValueError(f"it holds {name} where an amount should be")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the key {name[:80]!r} stands twice in one object")
            seen.add(name)
    return found
