"""How seconds become billed seconds at a deck's flat terms, told step by step (R44, R53).

The core counts them; these are its words, and a property test holds both to the same number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import Rounding, units
from dialnexa_routing.money.semantics import FreeSeconds, Grace, Increments, Minimum, PartSecond

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from fractions import Fraction

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.semantics import Semantics


def whole_seconds(seconds: Fraction | Decimal | int, part_second: PartSecond) -> int:
    """Seconds from answer to end, a part of one counted as the policy states (R44)."""
    return units(seconds, 0, Rounding(part_second))


def by_terms(match: Match, whole: int, semantics: Semantics) -> Iterator[tuple[str, int]]:
    """What each term makes of whole seconds, in words and as a number; what changes nothing is silent."""
    minimum, free = match.minimum_s, match.free_s
    weighed = max(whole, minimum) if semantics.grace is Grace.MINIMUM_FIRST else whole
    if whole > 0 and weighed <= match.grace_s:
        yield f"no longer than the grace time of {match.grace_s} s: 0 s", 0
        return
    left = whole
    is_deducted = semantics.free_seconds is FreeSeconds.DEDUCTED
    if is_deducted and free and whole:
        left = max(whole - free, 0)
        yield f"less {free} s that are free: {left} s", left
    if not left:
        return
    if semantics.minimum is Minimum.BEFORE_INCREMENTS and left < minimum:
        left = minimum
        yield f"at least the minimum time: {left} s", left
    initial, following = match.increments or (semantics.pulse.initial_s, semantics.pulse.next_s)
    before = left
    if semantics.increments is Increments.MODULO:
        left = following * -(-max(left, initial) // following)
    else:
        left = initial + following * max(0, -((initial - left) // following))
    if left != before:
        yield f"increments {initial}/{following}: {left} s", left
    if left < minimum:
        left = minimum
        yield f"at least the minimum time: {left} s", left
    if free and not is_deducted:
        left = max(0, left - free)
        yield f"less {free} s that are free: {left} s", left
