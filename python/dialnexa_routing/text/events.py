"""What the library has done, one line an event, for `logging` under ``dialnexa_routing.<room>``.

A line reads ``bill.issued number=DN-7 total=118.00``; the same stands as data on the record, ``event`` and
``facts``, for those who write JSON. Numbers of people and secrets are never facts.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]+")


def event(room: str, name: str, /, *, level: int = logging.INFO, **facts: object) -> None:
    """Log an event of a room, if anybody listens.

    Args:
        room: of the package, as ``billing``.
        name: what happened, as ``bill.issued``.
        level: of `logging`.
        facts: in their order; texts that are more than one word are quoted.
    """
    log = logging.getLogger(f"dialnexa_routing.{room}")
    if not log.isEnabledFor(level):
        return
    log.log(level, "%s", line(name, facts), extra={"event": name, "facts": facts})


def line(name: str, facts: Mapping[str, object]) -> str:
    """An event as one line.

    >>> line("file.failed", {"file": "a.csv", "why": "no column"})
    "file.failed file=a.csv why='no column'"
    """
    return " ".join([name, *(f"{key}={_value(value)}" for key, value in facts.items())])


def _value(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else repr(text)
