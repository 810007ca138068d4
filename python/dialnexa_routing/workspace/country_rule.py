"""What is known of a country's numbers: how long they are, and what they never begin with (R3, R4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from dialnexa_routing.files.document_model import Iso, Model

if TYPE_CHECKING:
    from collections.abc import Iterable

CallingCode = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,2}$")]


class CountryRule(Model):
    """A country's calling code, and bounds for the national digits after it."""

    country_iso: Iso
    """Of the country, as ``IN``; a `NumberReading` with that default country takes its trunk prefix."""
    calling_code: CallingCode
    """Digits after the plus, as ``91``; countries that share one are judged together."""
    max_length: Annotated[int, Field(ge=1, le=14, strict=True)] | None = None
    """Most national digits; None leaves it to E.164 (R4)."""
    trunk_prefix: Annotated[str, StringConstraints(pattern="^[0-9]{1,3}$")] | None = None
    """What is dialled before national numbers inside the country; never follows the calling code (R3)."""


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What the rules of all countries that share a calling code say together.

    `most` is None where one of them leaves the length to E.164; national digits that begin with every
    one of `trunks` begin with a trunk prefix wherever they are.
    """

    most: int | None
    trunks: tuple[str, ...]


def code_rules(rules: Iterable[CountryRule]) -> dict[str, CodeRule]:
    """Country rules by calling code."""
    of_code: dict[str, list[CountryRule]] = {}
    for rule in rules:
        of_code.setdefault(rule.calling_code, []).append(rule)
    return {code: _together(alike) for code, alike in of_code.items()}


def _together(rules: list[CountryRule]) -> CodeRule:
    lengths = [rule.max_length for rule in rules if rule.max_length is not None]
    trunks = tuple(rule.trunk_prefix for rule in rules if rule.trunk_prefix is not None)
    return CodeRule(max(lengths) if len(lengths) == len(rules) else None, trunks)
