"""What is known of a country's numbers: how long they are, and what they never begin with (R3, R4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from dialnexa_routing.files.document_model import Iso, Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialnexa_routing.numbers.number_plan import NumberPlan

_E164 = 15

CallingCode = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,2}$")]


class CountryRule(Model):
    """A country's calling code, and bounds for the national digits after it."""

    country_iso: Iso
    """Of the country, as ``IN``; a `NumberReading` of its calling code takes its trunk prefix."""
    calling_code: CallingCode
    """Digits after the plus, as ``91``; countries that share one are judged together."""
    min_length: Annotated[int, Field(ge=1, le=14, strict=True)] | None = None
    """Fewest national digits; None leaves it to the number plan, as far as one is asked (R4)."""
    max_length: Annotated[int, Field(ge=1, le=14, strict=True)] | None = None
    """Most national digits; None leaves it to the number plan and to E.164 (R4)."""
    trunk_prefix: Annotated[str, StringConstraints(pattern="^[0-9]{1,3}$")] | None = None
    """What is dialled before national numbers inside the country; never follows the calling code (R3)."""

    @model_validator(mode="after")
    def _bounds_leave_room(self) -> Self:
        if self.min_length is not None and self.max_length is not None and self.min_length > self.max_length:
            raise ValueError("min_length is above max_length, so that no number is left; correct one of them")
        return self


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What the rules of all countries that share a calling code state together.

    `least` and `most` are None where one of them leaves the length open; national digits that begin with
    every one of `trunks` begin with a trunk prefix wherever they are.
    """

    least: int | None
    most: int | None
    trunks: tuple[str, ...]


def code_rules(rules: Iterable[CountryRule]) -> dict[str, CodeRule]:
    """Country rules by calling code."""
    of_code: dict[str, list[CountryRule]] = {}
    for rule in rules:
        of_code.setdefault(rule.calling_code, []).append(rule)
    return {code: _together(alike) for code, alike in of_code.items()}


def _together(rules: list[CountryRule]) -> CodeRule:
    least = [rule.min_length for rule in rules if rule.min_length is not None]
    most = [rule.max_length for rule in rules if rule.max_length is not None]
    trunks = tuple(rule.trunk_prefix for rule in rules if rule.trunk_prefix is not None)
    return CodeRule(
        least=min(least) if len(least) == len(rules) else None,
        most=max(most) if len(most) == len(rules) else None,
        trunks=trunks,
    )


def bounded(plan: NumberPlan, rules: Mapping[str, CodeRule]) -> NumberPlan:
    """A plan with the bounds of country rules in place of its own lengths (R4).

    A side that a rule leaves open is the plan's. A code that is none to the plan, since another begins so,
    is left to the rule.
    """
    for code, rule in rules.items():
        others = (one for one in plan.lengths if one != code)
        if (rule.least is None and rule.most is None) or any(_clash(code, one) for one in others):
            continue
        room = range(1, _E164 - len(code) + 1)
        known = plan.lengths.get(code) or room
        least = min(known) if rule.least is None else rule.least
        most = max(known) if rule.most is None else rule.most
        if least > most:  # a bound outside the plan's lengths leaves the other side to E.164
            least, most = rule.least or room[0], rule.most or room[-1]
        plan = plan.replaced(code, [length for length in room if least <= length <= most] or None)
    return plan


def _clash(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
