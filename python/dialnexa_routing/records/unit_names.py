"""Names of columns that speak of a unit."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-öø-ÿµμ]+")
"""Of ``durationInMs`` and of ``TALK_TIME [ms]``."""
_ANYWHERE = (
    (
        re.compile(r"ms|m(?:illi)?secs?|[a-z]*millis?|[a-z]+msecs?|mill?i(?:s[eé][ck]|seg)[a-z]*|mduration"),
        "ms",
    ),
    (re.compile(r"[µμ]s|[a-z]*usecs?|micros?|micros[eé][ckg][a-z]*|uduration"), "us"),
    (re.compile(r"nsecs?|nanos?|nanos[eé][ckg][a-z]*"), "ns"),
    (re.compile(r"mins|minutes?|minuten|minut[oi]s?"), "min"),
    (re.compile(r"hours?|hrs?|stunden|heures?|horas?"), "h"),
    (re.compile(r"days|tage|jours|d[ií]as|dias"), "day"),
)
_AT_THE_END = {"us": "us", "ns": "ns", "min": "min", "m": "min", "h": "h"}
"""What is something else elsewhere: a country, a smallest value."""


def speaks_of(name: str) -> str | None:
    """The unit that a column's name speaks of, if it is not seconds.

    >>> speaks_of("duration_ms"), speaks_of("billmsec"), speaks_of("durationMs"), speaks_of("seconds")
    ('ms', 'ms', 'ms', None)
    >>> speaks_of("Talk time (min)"), speaks_of("min_seconds"), speaks_of("systems")
    ('min', None, None)
    """
    words = [word.casefold() for word in _WORDS.findall(name)]
    for pattern, unit in _ANYWHERE:
        if any(pattern.fullmatch(word) for word in words):
            return unit
    return _AT_THE_END.get(words[-1]) if words else None
