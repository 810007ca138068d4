"""Names of columns that speak of a unit."""

from __future__ import annotations

import re

_NAMED_MILLIS = re.compile(r"(?i)[_\- .(]ms\)?$|msecs?$|millis|(?-i:[a-z]Ms$)|\bms$|^mduration$")
_NAMED_MICROS = re.compile(r"(?i)[_\- .(](?:us|usecs?)$|usecs?$|micros|^uduration$")
_NAMED_NANOS = re.compile(r"(?i)[_\- .(]ns\)?$|nanos")
_NAMED_MINUTES = re.compile(r"(?i)[_\- .]min(?:ute)?s?$|^minutes?$")


def speaks_of(name: str) -> str | None:
    """The unit that a column's name speaks of, if it is not seconds.

    >>> speaks_of("duration_ms"), speaks_of("billmsec"), speaks_of("durationMs"), speaks_of("seconds")
    ('ms', 'ms', 'ms', None)
    """
    for pattern, unit in (
        (_NAMED_MICROS, "us"),
        (_NAMED_MILLIS, "ms"),
        (_NAMED_NANOS, "ns"),
        (_NAMED_MINUTES, "min"),
    ):
        if pattern.search(name):
            return unit
    return None
