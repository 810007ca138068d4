"""What a sheet says, read by hand: only cells that leave no doubt, and nothing of the package is used.

A row that leaves doubt is None here; the package may load or refuse it, but must not let it touch others.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

HEADER = ["prefix", "country", "outbound_rate"]
_PREFIX = re.compile("[1-9][0-9]{0,14}")
_RATE = re.compile(r"(?=.*[1-9])[0-9]{1,6}(\.[0-9]{1,9})?")
_NAME = re.compile("[A-Za-z]{2,}([ -][A-Za-z]{2,})*")
_TOP = {"country", "country_iso", "voice"}


@dataclass(frozen=True)
class Plain:
    """A row without doubt: its prefixes, callers and rate."""

    prefixes: tuple[str, ...]
    origins: tuple[str | None, ...]
    rate: Decimal

    @property
    def units(self) -> set[tuple[str, str | None, Decimal]]:
        return {(prefix, origin, self.rate) for prefix in self.prefixes for origin in self.origins}


def row(cells: list[str]) -> Plain | None:
    """One row of `HEADER`; blank cells beyond do no harm."""
    if len(cells) < 3 or any(cell.strip() for cell in cells[3:]):
        return None
    prefix, country, rate = (cell.strip(" ") for cell in cells[:3])
    if _PREFIX.fullmatch(prefix) and _NAME.fullmatch(country) and _RATE.fullmatch(rate):
        return Plain((prefix,), (None,), Decimal(rate))
    return None


def csv(data: bytes) -> dict[int, Plain | None] | None:
    """Row number to row; None when quoting, line ends, encoding or the header are in doubt."""
    if re.search(rb'["\r\0]', data) or not data.isascii():
        return None
    lines = data.decode("ascii").split("\n")
    if lines[0].split(",") != HEADER:
        return None
    return {number: row(line.split(",")) for number, line in enumerate(lines[1:], start=2) if line}


class RefusedError(Exception):
    """By hand, too, the document cannot be read."""


def document(data: bytes) -> dict[int, Plain | None] | None:
    """Place of a rate to what it says; None when the document is of another shape."""
    try:
        read = json.loads(
            data.decode("utf-8"),
            parse_float=str,
            parse_int=str,
            parse_constant=_never,
            object_pairs_hook=_once,
        )
    except ValueError as error:
        raise RefusedError(str(error)) from error
    if not isinstance(read, dict) or not read.keys() >= _TOP or not isinstance(read["voice"], dict):
        return None
    outbound = read["voice"].get("outbound")
    if read["voice"].keys() != {"outbound"} or not isinstance(outbound, dict):
        return None
    rates = outbound.get("rates")
    if not isinstance(rates, list) or not all(isinstance(rate, dict) for rate in rates):
        return None
    return {number: _element(rate) for number, rate in enumerate(rates, start=1)}


def _element(rate: dict[str, Any]) -> Plain | None:
    if rate.keys() != {"prefix", "origination_prefix", "rate", "voice_network_group"}:
        return None
    group, amount = rate["voice_network_group"], rate["rate"]
    prefixes, origins = rate["prefix"], rate["origination_prefix"]
    if not isinstance(group, str) or not _NAME.fullmatch(group):
        return None
    if not isinstance(amount, str) or not _RATE.fullmatch(amount):
        return None
    if not (_plain(prefixes) and prefixes and (origins == [""] or (_plain(origins) and origins))):
        return None
    return Plain(tuple(prefixes), tuple(origin or None for origin in origins), Decimal(amount))


def _plain(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(i, str) and _PREFIX.fullmatch(i) for i in items)


def _never(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
