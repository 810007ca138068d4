"""How the seconds of a call became its charge, step by step, in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing import _deck
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.money.billed_time import by_terms, whole_seconds
from dialnexa_routing.money.charge import whole_ticks
from dialnexa_routing.money.exact import NANO, exact_text
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.money.semantics import RoundingPoint

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing.money.charge import Charge
    from dialnexa_routing.money.semantics import Semantics


_ROUNDED = {
    RoundingPoint.INCREMENT: "each increment rounded half_up to {} places",
    RoundingPoint.PIECE: "rounded half_up to {0} places, and each increment of it again",
}
_WHY = {
    Reason.MISSING_NUMBER: "there is no number",
    Reason.INVALID_NUMBER: "the number is not E.164",
    Reason.IMPOSSIBLE_NUMBER: "no number is so long under its calling code, or there is no such code",
    Reason.EMERGENCY_NUMBER: "it is an emergency number",
    Reason.INVALID_SECONDS: "there are more seconds than can be counted",
    Reason.MISSING_SECONDS: "there are no seconds",
    Reason.NEGATIVE_SECONDS: "there are fewer than zero seconds",
    Reason.MISSING_ANSWERED_AT: "deck or plan have prices that hold only at times, and no time is given",
    Reason.BEFORE_FIRST_DECK: "no deck of the book was in force yet",
    Reason.BEFORE_FIRST_PLAN: "no version of the billing plan held yet",
    Reason.UNSUPPORTED_PREFIX: "no prefix of the deck answers for the number",
    Reason.BLOCKED: "the prefix is refused, and yields to no shorter one",
    Reason.RATE_MISSING: "the prefix has no rate for the direction",
    Reason.OVERFLOW: "it is more than a charge can hold",
}


class StepKind(StrEnum):
    """What a step is about."""

    NOT_RATED = "not_rated"
    """There is no charge, for the reason in the text."""
    SECONDS = "seconds"
    """Seconds of the call to billed seconds, term by term."""
    PULSE = "pulse"
    """Of a plan: a block of billed time, and then all of them."""
    PRICE = "price"
    """Of a plan: where the rate of the telephony line is from."""
    LINE = "line"
    """Of a plan: what a component costs."""
    BLOCKS = "blocks"
    """Blocks of one price."""
    CONNECT_FEE = "connect_fee"
    """Due because the call was answered."""
    TIER_FEE = "tier_fee"
    """Due because the call went past the first second of a tier."""
    SUM = "sum"
    """All of them, within the least and the most that may be charged."""
    ROUNDING = "rounding"
    """The exact sum to the charge."""


@dataclass(frozen=True, slots=True)
class ChargeStep:
    """One step; numbers it has none of are None. ``str()`` is its sentence.

    Attributes:
        band: of a schedule, from 1.
        tier: in its band, from 1.
        from_s: first second, in the time that is counted.
        blocks: how many.
        block_s: seconds of each.
        billed_s: seconds paid of them.
        rate: INR per `rate_unit_s` seconds.
        amount: INR, exact.
        component: of a plan, which one.
    """

    kind: StepKind
    text: str
    band: int | None = None
    tier: int | None = None
    from_s: Fraction | None = None
    blocks: int | None = None
    block_s: Fraction | None = None
    billed_s: Fraction | None = None
    rate: Fraction | None = None
    rate_unit_s: Fraction | None = None
    amount: Fraction | None = None
    component: str | None = None

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """The numbers it has; those that are exact are text, as decimals or ratios."""
        held = {name: getattr(self, name) for name in self.__slots__} | {"kind": str(self.kind)}
        return {
            name: exact_text(value) if isinstance(value, Fraction) else value
            for name, value in held.items()
            if value is not None
        }


def steps(
    charge: Charge | None,
    seconds: int | Decimal | timedelta | None,
    *,
    at: datetime | None,
    direction: str,
    semantics: Semantics,
) -> tuple[ChargeStep, ...]:
    """The steps of a charge; none where nothing was rated."""
    if charge is None:
        return ()
    if charge.reason is not None:
        return (not_rated(charge.reason),)
    counted, per_second = whole_ticks(seconds)
    taken = Fraction(counted or 0, per_second)
    match, exact = charge.match, charge.exact or Fraction(0)
    scheduled = match is not None and match.has_schedule and direction == "outbound"
    told = [] if match is None or scheduled else _time(match, taken, semantics)
    billed = None if charge.billed_seconds is None else Fraction(charge.billed_seconds)
    words = f"{exact_text(taken)} s are billed as {charge.billed_seconds} s"
    words += _terms(match, semantics) if match is not None and exact else ""
    told.append(ChargeStep(StepKind.SECONDS, words, billed_s=billed))
    if match is not None and exact:
        when = None if at is None else microseconds(at)
        parts = _deck.parts(match, counted or 0, per_second, when, direction, semantics.core)
        if not scheduled and semantics.round_at is RoundingPoint.CHARGE:
            parts = _as_one(parts)
        told += [_part(part, semantics, scheduled=scheduled) for part in parts]
        bounds = [(match.min_charge or None, "at least"), (match.max_charge, "at most")]
        bound = "".join(f", {word} ₹{value:f}" for value, word in bounds if value is not None)
        if bound or len(parts) > 1:
            told.append(summed(exact, bound))
    if charge.total is not None:
        told.append(rounded_off(charge.total, semantics.rounding, semantics.decimals))
    return tuple(told)


def _time(match: _deck.Match, seconds: Fraction, semantics: Semantics) -> list[ChargeStep]:
    """What comes before the sum of billed seconds; nothing where only increments do, which it names."""
    whole = whole_seconds(seconds, semantics.part_second)
    told = [
        ChargeStep(StepKind.SECONDS, text, billed_s=Fraction(left))
        for text, left in by_terms(match, whole, semantics)
    ]
    if whole != seconds:
        told.insert(0, counted_whole(seconds, whole, semantics.part_second))
    return [] if len(told) == 1 and told[0].text.startswith("increments") else told


def counted_whole(seconds: Fraction, whole: int, part_second: str) -> ChargeStep:
    """A part of a second (R44)."""
    text = f"{exact_text(seconds)} s count as {whole} s (part of a second {part_second})"
    return ChargeStep(StepKind.SECONDS, text, billed_s=Fraction(whole))


def not_rated(reason: Reason, why: str | None = None) -> ChargeStep:
    """That there is no charge, and why not; `why` in place of the usual words."""
    words = why or _WHY.get(reason)
    return ChargeStep(StepKind.NOT_RATED, f"not rated: {reason}" + (f", {words}" if words else ""))


def summed(exact: Fraction, bound: str = "") -> ChargeStep:
    """All parts together."""
    return ChargeStep(StepKind.SUM, f"together{bound}: ₹{exact_text(exact)}", amount=exact)


def rounded_off(total: Decimal, rounding: str, decimals: int) -> ChargeStep:
    """The last step: the one rounding of the exact sum (R48)."""
    text = f"rounded {rounding} to {decimals} places: ₹{total:f}"
    return ChargeStep(StepKind.ROUNDING, text, amount=Fraction(total))


def _terms(match: _deck.Match, semantics: Semantics) -> str:
    pulse = match.increments
    words = f"{pulse[0]}/{pulse[1]} by the sheet" if pulse else f"{semantics.pulse} by default"
    terms = [(match.minimum_s, "minimum"), (match.grace_s, "grace"), (match.free_s, "free")]
    also = "".join(f", {name} {value} s" for value, name in terms if value)
    return f" (increments {words}{also})"


def _as_one(parts: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The blocks of a flat rate as one, for which block costs what does not matter there."""
    blocks = [part for part in parts if part[0] == StepKind.BLOCKS]
    if not blocks:
        return parts
    billed_ms, nano, unit_ms = sum(part[6] for part in blocks), *blocks[0][7:9]
    one = (StepKind.BLOCKS, 0, 0, 0, billed_ms, 1, billed_ms, nano, unit_ms, (nano * billed_ms, unit_ms))
    return [one, *(part for part in parts if part[0] != StepKind.BLOCKS)]


def _part(part: tuple[Any, ...], semantics: Semantics, *, scheduled: bool) -> ChargeStep:
    kind, band, tier, at_ms, block_ms, blocks, billed_ms, nano, unit_ms, ratio = part
    amount = Fraction(ratio[0], ratio[1] * NANO)
    from_s, block_s, billed_s, unit_s = (Fraction(ms, 1000) for ms in (at_ms, block_ms, billed_ms, unit_ms))
    costs = f"₹{exact_text(amount)}"
    if kind == StepKind.CONNECT_FEE:
        return ChargeStep(StepKind.CONNECT_FEE, f"connect fee: {costs}", amount=amount)
    place: dict[str, Any] = {"band": band + 1, "tier": tier + 1} if scheduled else {}
    words = f"band {band + 1}, tier {tier + 1}: " if scheduled else ""
    if kind == StepKind.TIER_FEE:
        text = f"{words}fee past {exact_text(from_s)} s: {costs}"
        return ChargeStep(StepKind.TIER_FEE, text, from_s=from_s, amount=amount, **place)
    at_once = not scheduled and blocks == 1 and not at_ms and billed_s == block_s
    rate, unit = Fraction(nano, NANO), exact_text(unit_s)
    blocked = f"{blocks} × {exact_text(block_s)} s from {exact_text(from_s)} s"
    less = f", {exact_text(billed_s)} s of them billed" if billed_s != blocks * block_s else ""
    words = f"{words}{blocked}{less}: " if not at_once else ""
    exact = rate * billed_s / unit_s
    if exact != amount:
        places = _ROUNDED[semantics.round_at].format(semantics.increment_decimals)
        costs = f"₹{exact_text(exact)}, {places}: {costs}"
    product = f"₹{exact_text(rate)} × {exact_text(billed_s)} / {unit} = {costs}"
    return ChargeStep(
        StepKind.BLOCKS,
        f"{words}{product}",
        from_s=from_s,
        blocks=blocks,
        block_s=block_s,
        billed_s=billed_s,
        rate=rate,
        rate_unit_s=unit_s,
        amount=amount,
        **place,
    )
