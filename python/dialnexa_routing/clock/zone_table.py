"""Which release of the time zone table this machine reads: what a deck's writer notes behind it.

`zoneinfo` looks through the folders of ``TZPATH``, and takes the package ``tzdata`` where they lack a zone.
"""

from __future__ import annotations

import re
import zoneinfo
from importlib import import_module
from pathlib import Path

_FIRST_LINE = re.compile(r"# version ([A-Za-z0-9._+-]{1,40})")
_WORD = re.compile(r"[A-Za-z0-9._+-]{1,40}")
_RELEASES = ("tzdata.zi", "+VERSION")
_HEAD_BYTES = 200


def zone_table() -> str:
    """The release, as ``2026b``; ``unknown`` where the table does not state it.

    >>> zone_table() != ""
    True
    """
    for folder in map(Path, zoneinfo.TZPATH):
        if any((folder / name).exists() for name in ("UTC", *_RELEASES)):
            return _of_folder(folder)
    try:
        package = import_module("tzdata")  # optional, and asked only where the system has no table
    except ImportError:
        return "unknown"
    return str(getattr(package, "IANA_VERSION", "unknown"))


def _of_folder(folder: Path) -> str:
    """As the table's own files state it: a first line of ``tzdata.zi``, or on BSDs a file ``+VERSION``."""
    source, version = _RELEASES
    if found := _FIRST_LINE.match(_head(folder / source)):
        return found[1]
    found = _WORD.fullmatch(_head(folder / version).strip())
    return found[0] if found else "unknown"


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES).decode("ascii", "replace")
    except OSError:
        return ""
