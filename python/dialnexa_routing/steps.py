"""How the seconds of a call became its charge, step by step, in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing import _deck
from dialnexa_routing.charge import microseconds, whole_ticks

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing.charge import Charge
    from dialnexa_routing.semantics import Semantics

_NANO = 10**9


class Kind(StrEnum):
    """What a step is about."""

    NOT_RATED = "not_rated"
    """There is no charge, for the reason in the text."""
    SECONDS = "seconds"
    """Seconds of the call to billed seconds."""
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
class Step:
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
    """

    kind: Kind
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

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """The numbers it has; those that are exact are text, as decimals or ratios."""
        held = {name: getattr(self, name) for name in self.__slots__}
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
) -> tuple[Step, ...]:
    """The steps of a charge; none where nothing was rated."""
    if charge is None:
        return ()
    if charge.reason is not None:
        return (Step(Kind.NOT_RATED, f"not rated: {charge.reason}"),)
    match, exact = charge.match, charge.exact or Fraction(0)
    told = [Step(Kind.SECONDS, f"{seconds} s are billed as {charge.billed_seconds} s")]
    if match is not None and exact:
        told = [Step(Kind.SECONDS, told[0].text + _terms(match, semantics))]
        counted, per_second = whole_ticks(seconds)
        when = None if at is None else microseconds(at)
        parts = _deck.parts(match, counted or 0, per_second, when, direction, semantics.core)
        scheduled = match.has_schedule and direction == "outbound"
        if not scheduled and semantics.round_at == "charge":
            parts = _as_one(parts)
        told += [_part(part, scheduled=scheduled) for part in parts]
        bounds = [(match.min_charge or None, "at least"), (match.max_charge, "at most")]
        bound = "".join(f", {word} ₹{value}" for value, word in bounds if value is not None)
        if bound or len(parts) > 1:
            told.append(Step(Kind.SUM, f"together{bound}: ₹{exact_text(exact)}", amount=exact))
    text = f"rounded {semantics.rounding} to {semantics.decimals} places: ₹{charge.total}"
    told.append(Step(Kind.ROUNDING, text, amount=None if charge.total is None else Fraction(charge.total)))
    return tuple(told)


def _terms(match: _deck.Match, semantics: Semantics) -> str:
    pulse = match.increments
    words = f"{pulse[0]}/{pulse[1]} by the sheet" if pulse else f"{semantics.pulse} by default"
    terms = [(match.minimum_s, "minimum"), (match.grace_s, "grace"), (match.free_s, "free")]
    also = "".join(f", {name} {value} s" for value, name in terms if value)
    return f" (increments {words}{also})"


def _as_one(parts: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The blocks of a flat rate as one, for which block costs what does not matter there."""
    blocks = [part for part in parts if part[0] == Kind.BLOCKS]
    if not blocks:
        return parts
    billed_ms, nano, unit_ms = sum(part[6] for part in blocks), *blocks[0][7:9]
    one = (Kind.BLOCKS, 0, 0, 0, billed_ms, 1, billed_ms, nano, unit_ms, (nano * billed_ms, unit_ms))
    return [one, *(part for part in parts if part[0] != Kind.BLOCKS)]


def _part(part: tuple[Any, ...], *, scheduled: bool) -> Step:
    kind, band, tier, at_ms, block_ms, blocks, billed_ms, nano, unit_ms, ratio = part
    amount = Fraction(ratio[0], ratio[1] * _NANO)
    from_s, block_s, billed_s, unit_s = (Fraction(ms, 1000) for ms in (at_ms, block_ms, billed_ms, unit_ms))
    costs = f"₹{exact_text(amount)}"
    if kind == Kind.CONNECT_FEE:
        return Step(Kind.CONNECT_FEE, f"connect fee: {costs}", amount=amount)
    place: dict[str, Any] = {"band": band + 1, "tier": tier + 1} if scheduled else {}
    words = f"band {band + 1}, tier {tier + 1}: " if scheduled else ""
    if kind == Kind.TIER_FEE:
        text = f"{words}fee past {exact_text(from_s)} s: {costs}"
        return Step(Kind.TIER_FEE, text, from_s=from_s, amount=amount, **place)
    at_once = not scheduled and blocks == 1 and not at_ms and billed_s == block_s
    rate, unit = Fraction(nano, _NANO), exact_text(unit_s)
    blocked = f"{blocks} × {exact_text(block_s)} s from {exact_text(from_s)} s"
    less = f", {exact_text(billed_s)} s of them billed" if billed_s != blocks * block_s else ""
    words = f"{words}{blocked}{less}: " if not at_once else ""
    product = f"₹{exact_text(rate)} × {exact_text(billed_s)} / {unit} = {costs}"
    return Step(
        Kind.BLOCKS,
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


def exact_text(exact: Fraction) -> str:
    """An exact number: as a decimal if it is a finite one, else as a ratio."""
    for places in range(13):
        if (exact * 10**places).denominator == 1:
            whole, part = divmod(int(exact * 10**places), 10**places)
            return f"{whole}.{part:0{places}d}" if places else str(whole)
    return f"{exact.numerator}/{exact.denominator}"
