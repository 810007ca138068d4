"""What is said of call records on the command line, as arguments of `CallRecords.read`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import typer

from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.numbers.number_reading import NumberReading

READING = (
    "calling_code",
    "trunk_prefix",
    "international_prefix",
    "separators",
    "strip",
    "coded",
    "addresses",
)
"""Options of the reading of numbers, which is one argument."""
_LISTS = ("answered", "unique_by", "strip")
_WORDS = (
    "format",
    "timezone",
    "twice",
    "dates",
    "epoch_unit",
    "seconds_unit",
    "direction",
    "legs",
    "charge_sign",
    "currency",
    "encoding",
    "delimiter",
)
NAMES = (
    *_WORDS,
    *READING,
    *_LISTS[:2],
    "header",
    "number_plan",
    "longest_s",
    "max_refused",
    "inr_per_unit",
    "inr_on",
)
"""What ``NAME=VALUE`` can state of a file whose options would take those of another one, besides columns."""


def arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options with texts as values, as arguments of the reader; those that were not given are not there."""
    found = dict(given)
    how = {name: found.pop(name) for name in READING if name in found}
    if how:
        found["reading"] = NumberReading(**how)
    if "column" in found:
        found["columns"] = columns(found.pop("column"), "--column")
    if "direction_word" in found:
        found["direction"] = _words(found.pop("direction_word"))
    if "number_plan" in found:
        found["number_plan"] = plan(found["number_plan"])
    if "inr_per_unit" in found:
        found["inr_per_unit"] = _exact(found["inr_per_unit"], "--inr-per-unit")
    if "inr_on" in found:
        found["inr_on"] = _day(found["inr_on"], "--inr-on")
    if "max_refused_rows" in found:
        found["max_refused"] = found.pop("max_refused_rows")
    for name in ("answered", "unique_by"):
        if name in found:
            found[name] = tuple(found[name])
    return found


def reading(written: Mapping[str, Any]) -> NumberReading:
    """The reading of numbers that options say."""
    return NumberReading(**{name: written[name] for name in READING if written[name]})


def plan(word: str) -> Any:
    """The number plan of a word."""
    return None if word == "none" else WORLD


def columns(texts: list[str], option: str) -> dict[str, Any]:
    """``NAME=HEADER``, each a header or a place from 1; of several for one name, one joined cell."""
    from dialnexa_routing.records.formats.call_format import Joined  # with which Polars comes

    parts: dict[str, list[str | int]] = {}
    for text in texts:
        name, equals, header = text.partition("=")
        if not (name and equals and header):
            raise typer.BadParameter(f"{text!r} is not NAME=HEADER, as to=dst", param_hint=option)
        parts.setdefault(name, []).append(place(header))
    return {name: one[0] if len(one) == 1 else Joined(tuple(one)) for name, one in parts.items()}


def _words(texts: list[str]) -> dict[str, str]:
    """``WORD=outbound`` or ``WORD=inbound``, by word."""
    found = {}
    for text in texts:
        word, equals, way = text.rpartition("=")
        if not (word and equals) or way not in ("outbound", "inbound"):
            raise typer.BadParameter(
                f"{text!r} is not WORD=outbound or WORD=inbound", param_hint="--direction-word"
            )
        found[word] = way
    return found


def place(header: str) -> str | int:
    """A header, or a place from 1."""
    return int(header) if header.isascii() and header.isdecimal() and len(header) < 5 else header


def of_another(texts: list[str] | None, option: str) -> dict[str, Any]:
    """What ``NAME=VALUE`` states of a second file: arguments of the reader, columns as ``columns.to=dst``."""
    from dialnexa_routing.records.formats.call_format import CANONICAL  # with which Polars comes

    given: dict[str, Any] = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        head, _, column = name.partition(".")
        is_column = head == "columns" and column in CANONICAL
        if not (equals and value) or not (is_column or name in NAMES):
            raise typer.BadParameter(
                f"{text!r} is not NAME=VALUE; names are {', '.join(NAMES)}, of columns as columns.to",
                param_hint=option,
            )
        if is_column:
            given.setdefault("column", []).append(f"{column}={value}")
        elif name in _LISTS:
            given.setdefault(name, []).append(value)
        elif name == "header":
            given[name] = value.lower() not in ("none", "no", "false")
        elif name == "longest_s":
            given[name] = int(value) if value.isascii() and value.isdecimal() else value
        elif name == "max_refused":
            given["max_refused_rows"] = float(_exact(value, option))
        else:
            given[name] = value
    return arguments(given)


def _exact(text: str, option: str) -> Decimal:
    try:
        found = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise typer.BadParameter(f"{text!r} is no amount; write 84.2150", param_hint=option)
    return found


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-11-02", param_hint=option) from None
