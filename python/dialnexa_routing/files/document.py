"""Bytes of a JSON file to the document in it, every number as the text it was written in."""

from __future__ import annotations

import json
import re
from typing import Any

from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.text.errors import FileError

_BETWEEN = re.compile("[ \\t\\r\\n\x1e]*")
_HALF_PAIR = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")


def read_document(data: bytes, file: str, bounds: Bounds = USUAL, *, several: bool = False) -> Any:
    r"""The JSON document in `data`; no amount passes through a float.

    Args:
        data: the whole file.
        file: its name, for errors.
        bounds: how large it may be.
        several: whether documents may follow one another, as one on each line; they are a list then.

    Raises:
        FileError: it is not clean JSON, too large, or nested too deeply.

    >>> read_document(b'{"prefix": 91}\n{"prefix": 92}\n', "rates.jsonl", several=True)
    [{'prefix': '91'}, {'prefix': '92'}]
    """
    memory = _memory(data)
    if len(data) > bounds.document_bytes or memory > bounds.document_memory:
        raise FileError(
            f"{file} is JSON of {megabytes(len(data))} that would take some {megabytes(memory)} of memory,"
            f" more than {megabytes(bounds.document_bytes)} or {megabytes(bounds.document_memory)}: split it"
        )
    try:
        document = _parsed(data.decode(_encoding(data)), several=several)
    except RecursionError:
        raise _too_deep(file, bounds.document_depth) from None
    except MemoryError:
        raise FileError(f"{file} is JSON that takes more memory than there is: split it") from None
    except json.JSONDecodeError as error:
        raise FileError(
            f"{file} breaks off as JSON in line {error.lineno}, column {error.colno} ({error.msg}):"
            " fetch it again"
        ) from error
    except ValueError as error:
        raise FileError(f"{file} is not clean JSON ({error}): fetch it again") from error
    _check_depth(document, file, bounds.document_depth)
    if _HALF_PAIR.search(data):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ascii(error.object[error.start])
            raise FileError(
                f"{file} is not clean JSON (it holds {half}, which is half a character): fetch it again"
            ) from error
    return document


def _parsed(text: str, *, several: bool) -> Any:
    reader = json.JSONDecoder(
        parse_float=str, parse_int=str, parse_constant=_no_constant, object_pairs_hook=_no_repeats
    )
    if not several:
        return reader.decode(text)
    found: list[Any] = []
    at = _begin(text, 0)
    while at < len(text) or not found:
        document, at = reader.raw_decode(text, at)
        if found and not (isinstance(document, dict) and isinstance(found[0], dict)):
            line = text.count("\n", 0, at) + 1
            raise ValueError(f"something follows its end, down to line {line}: only objects may, one a line")
        found.append(document)
        at = _begin(text, at)
    return found[0] if len(found) == 1 else found


def _begin(text: str, at: int) -> int:
    """Where the next document begins; RFC 7464 has a mark in front of each."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _memory(data: bytes) -> int:
    """What the document may take: an empty list is two bytes here, and sixty once it is an object."""
    pairs, lists, objects = (data.count(mark) for mark in (b":", b"[", b"{"))
    return 300 * pairs + 70 * (data.count(b",") + lists) + 100 * objects


def _encoding(data: bytes) -> str:
    """UTF-8 unless a mark or the zero bytes of the first two characters, which are ASCII, say otherwise."""
    return json.detect_encoding(data[:4])


def _check_depth(document: Any, file: str, most: int) -> None:
    level = [document] if isinstance(document, dict | list) else []
    for _ in range(most):
        if not level:
            return
        children = (node.values() if isinstance(node, dict) else node for node in level)
        level = [child for some in children for child in some if isinstance(child, dict | list)]
    raise _too_deep(file, most)


def _too_deep(file: str, most: int) -> FileError:
    return FileError(f"{file} is JSON nested too deeply, over {most} levels: fetch it again")


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
