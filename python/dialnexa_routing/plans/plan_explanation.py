"""One charge of a billing plan explained: prefixes, price of the group, pulse, components, rounding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.explanation import Explanation, exact_seconds, told_impossible, tried
from dialnexa_routing.deck.steps import ChargeStep, StepKind, counted_whole, not_rated, rounded_off, summed
from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.money.billed_time import whole_seconds
from dialnexa_routing.money.call_words import Path
from dialnexa_routing.money.exact import exact_text
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.plan_charge import PlanCharge, prices_of, rate
from dialnexa_routing.plans.plan_terms import Component, Voicemail
from dialnexa_routing.plans.price_list import DeckPrices, fallback_of
from dialnexa_routing.plans.pricing import PricedBy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import AgentKind, Direction
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.plan_terms import PlanTerms
    from dialnexa_routing.plans.pricing import Line

_MINUTE = Fraction(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanExplanation(Explanation):
    """An `Explanation` by a billing plan; `charge` is what `BillingPlan.rate` states for the same call (R54).

    Attributes:
        plan: its id.
        voicemail: whether a machine answered.
    """

    charge: PlanCharge
    plan: str
    agent_kind: str
    path: str
    voicemail: bool

    @property
    def terms(self) -> str:
        """The plan and the kind of call, in words."""
        answered = ", answered by a machine" if self.voicemail else ""
        return f" by plan {self.plan}, {self.agent_kind}, {self.path}{answered}"

    @property
    def untried(self) -> str:
        """What stands in place of the prefixes where there are none."""
        if self.tried:
            return ""
        if self.path == Path.WEBRTC:
            return "the number is not looked at: a web call has no telephony"
        if self.number is None:
            return "there is no number to look up"
        return self.impossible or "no prefix of the deck begins this number"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text, so that JSON keeps them exact."""
        return {
            "plan": self.plan,
            "agent_kind": self.agent_kind,
            "path": self.path,
            "voicemail": self.voicemail,
            **Explanation.to_dict(self),
            "lines": [
                {
                    "component": str(line.component),
                    "rate": f"{line.rate:f}",
                    "exact": exact_text(line.exact),
                    "amount": f"{line.amount:f}",
                }
                for line in self.charge.lines
            ],
        }


def explain(
    plan: PlanTerms,
    deck: Rates,
    *,
    number: str | None,
    seconds: int | Decimal | timedelta | None,
    at: datetime | None,
    direction: Direction,
    agent_kind: AgentKind | str,
    path: Path | str,
    voicemail: bool,
    number_plan: NumberPlan | None,
) -> PlanExplanation:
    """The work of `BillingPlan.explain`."""
    charge = rate(
        plan,
        deck,
        number=number,
        seconds=seconds,
        at=at,
        direction=direction,
        agent_kind=agent_kind,
        path=path,
        voicemail=voicemail,
        number_plan=number_plan,
    )
    looked_up = None if path == Path.WEBRTC or charge.reason is Reason.INVALID_NUMBER else number
    impossible = None if looked_up is None else told_impossible(looked_up, number_plan, charge.match)
    exact, held = exact_seconds(seconds), deck.deck_at(at)
    return PlanExplanation(
        plan=plan.id,
        given=number,
        number=None if looked_up is None else looked_up.removeprefix("+"),
        direction=direction,
        at=at,
        seconds=exact,
        agent_kind=str(agent_kind),
        path=str(path),
        voicemail=voicemail,
        tried=()
        if looked_up is None or held is None or impossible
        else tried(held._core, looked_up, charge.match, at=at, direction=direction),
        charge=charge,
        steps=tuple(_steps(plan, charge, number, exact, direction, Path(path), voicemail)),
        deck_digest=charge.deck_digest,
        impossible=impossible,
    )


def _steps(
    plan: PlanTerms,
    charge: PlanCharge,
    number: str | None,
    seconds: Fraction | None,
    direction: Direction,
    path: Path,
    voicemail: bool,
) -> Iterator[ChargeStep]:
    if charge.reason is not None or charge.total is None or seconds is None:
        reason = charge.reason or Reason.MISSING_SECONDS
        why = _no_price(plan, charge, direction, path) if reason is Reason.RATE_MISSING else None
        yield not_rated(reason, why)
        return
    billed, exact = charge.billed_seconds or 0, charge.exact or Fraction(0)
    yield from _time(plan, billed, seconds, voicemail)
    if charge.lines:
        yield _price(plan, charge, number, direction, path)
        for line in charge.lines:
            is_fee = line.component is Component.CONNECT_FEE
            yield _fee(line) if is_fee else _component(line, billed)
        if len(charge.lines) != 1:
            yield summed(exact)
    yield rounded_off(charge.total, plan.rounding, plan.decimals)


def _time(plan: PlanTerms, billed: int, seconds: Fraction, voicemail: bool) -> Iterator[ChargeStep]:
    """Seconds to whole seconds to blocks of the pulse (R44)."""
    if voicemail and plan.voicemail is Voicemail.FREE:
        text = "a machine answered, which this plan does not bill: 0 s"
        yield ChargeStep(StepKind.SECONDS, text, billed_s=Fraction(0))
        return
    whole = whole_seconds(seconds, plan.part_second)
    if seconds != whole:
        yield counted_whole(seconds, whole, plan.part_second)
    left = max(whole - plan.free_seconds, 0)
    if whole and plan.free_seconds:
        text = f"less {plan.free_seconds} s that are free: {left} s"
        yield ChargeStep(StepKind.SECONDS, text, billed_s=Fraction(left))
    if left and left < plan.minimum_s:
        text = f"at least the minimum time: {plan.minimum_s} s"
        yield ChargeStep(StepKind.SECONDS, text, billed_s=Fraction(plan.minimum_s))
    if not billed:
        yield ChargeStep(StepKind.PULSE, f"{whole} s are not billed", billed_s=Fraction(0))
        return
    first, following = plan.pulse.initial_s, plan.pulse.next_s
    blocks = (billed - first) // following
    yield _block(f"initial block: {first} s", Fraction(0), 1, first)
    if blocks:
        yield _block(f"next blocks: {blocks} × {following} s", Fraction(first), blocks, following)
    text = f"{whole} s are billed as {billed} s (pulse {plan.pulse})"
    yield ChargeStep(StepKind.PULSE, text, billed_s=Fraction(billed))


def _block(text: str, from_s: Fraction, blocks: int, block_s: int) -> ChargeStep:
    billed = Fraction(blocks * block_s)
    return ChargeStep(
        StepKind.PULSE, text, from_s=from_s, blocks=blocks, block_s=Fraction(block_s), billed_s=billed
    )


def _price(
    plan: PlanTerms, charge: PlanCharge, number: str | None, direction: Direction, path: Path
) -> ChargeStep:
    """Where the rate of the telephony line is from, or why there is no such line (R34, R46, R47)."""
    line = next((line for line in charge.lines if line.component is Component.TELEPHONY), None)
    if line is None:
        why = "a web call has none" if path is Path.WEBRTC else "the plan has no telephony rates"
        return ChargeStep(StepKind.PRICE, f"no telephony: {why}")
    price, match = f"₹{exact_text(Fraction(line.rate))}", charge.match
    if path is Path.SIP_TRUNK or match is None:
        text = f"{direction} over a SIP trunk, the plan's flat rate: {price}"
        return ChargeStep(StepKind.PRICE, f"{text} per minute", rate=Fraction(line.rate), rate_unit_s=_MINUTE)
    _, by = prices_of(plan).found(match, direction, number or "")
    if by is PricedBy.DECK:
        marked = plan.telephony if isinstance(plan.telephony, DeckPrices) else fallback_of(plan.telephony)
        assert marked is not None
        own = match.outbound_rate if direction == "outbound" else match.inbound_rate
        factor = marked.factor
        exact = Fraction(own or 0) * 60 / match.rate_unit_s * factor
        unit = "" if match.rate_unit_s == 60 else f" × 60 / {match.rate_unit_s}"
        product = f"₹{exact_text(Fraction(own or 0))}{unit} × {exact_text(factor)} = ₹{exact_text(exact)}"
        rounded = "" if exact == line.rate else f", rounded half_up to 9 places: {price}"
        markup = f"{marked.markup_percent:f} % markup"
        text = f"{match.network_group} {direction}, the deck's rate with {markup}: {product}{rounded}"
    else:
        whose = {
            PricedBy.PREFIX: ", the plan's price of a prefix",
            PricedBy.COUNTRY: f", the plan's price of {match.country_iso or NO_COUNTRY}",
        }
        words = whose.get(by, ", the plan's price")
        text = f"{match.network_group} {direction}{words}: {price}"
    return ChargeStep(StepKind.PRICE, f"{text} per minute", rate=Fraction(line.rate), rate_unit_s=_MINUTE)


def _fee(line: Line) -> ChargeStep:
    text = f"connect fee: ₹{exact_text(line.exact)}"
    return ChargeStep(StepKind.CONNECT_FEE, text, amount=line.exact, component=str(line.component))


def _component(line: Line, billed: int) -> ChargeStep:
    price = Fraction(line.rate)
    product = f"₹{exact_text(price)} × {billed} / 60 = ₹{exact_text(line.exact)}"
    return ChargeStep(
        StepKind.LINE,
        f"{line.component}: {product}",
        billed_s=Fraction(billed),
        rate=price,
        rate_unit_s=_MINUTE,
        amount=line.exact,
        component=str(line.component),
    )


def _no_price(plan: PlanTerms, charge: PlanCharge, direction: Direction, path: Path) -> str:
    if path is Path.SIP_TRUNK or charge.match is None:
        return "the plan has no flat rate for SIP trunks"
    if isinstance(plan.telephony, DeckPrices) or fallback_of(plan.telephony) is not None:
        return f"the deck has no {direction} rate for {charge.match.network_group} to mark up"
    return f"the plan has no {direction} price for {charge.match.network_group}"
