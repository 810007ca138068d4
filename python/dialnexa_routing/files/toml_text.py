"""TOML as plain data, where keys of many parts are refused: its reader takes the square of their number."""

from __future__ import annotations

import re
import tomllib
from typing import Any

DEEPEST = 16
"""Parts of a key; no document of this package has more than five."""

_PART = r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DEEP = re.compile(rf"(?<![\w.\"'-])(?:{_PART}[ \t]*\.[ \t]*){{{DEEPEST}}}")


def toml_data(text: str) -> dict[str, Any]:
    r"""The data in a TOML text. Raises `ValueError`.

    >>> toml_data("[a.b]\nc = 1")
    {'a': {'b': {'c': 1}}}
    """
    if _DEEP.search(text) is not None:
        raise ValueError(f"it is nested too deeply, a key of more than {DEEPEST} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
