"""What one call comes to under a billing plan, component by component (R43-R48, R52)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.money.billed_time import whole_seconds
from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.money.charge import fit, whole_ticks
from dialnexa_routing.money.exact import NANO, units
from dialnexa_routing.money.reason import Reason, words_of
from dialnexa_routing.money.rupees import price
from dialnexa_routing.numbers.e164 import is_e164
from dialnexa_routing.numbers.number_plan import is_plan
from dialnexa_routing.plans.plan_terms import Voicemail
from dialnexa_routing.plans.pricing import Line, TelephonyPrices, billed_seconds, charge_of, lines
from dialnexa_routing.text.errors import DeckTimeError, NumberError
from dialnexa_routing.text.html import card, table

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal
    from enum import StrEnum
    from typing import TypeVar

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.plan_terms import PlanTerms

    Word = TypeVar("Word", bound=StrEnum)

MOST_RUPEES = 10**9
"""What a column of eighteen digits holds beside nine places."""
_MOST_SECONDS = 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCharge:
    """A call rated by a plan. `total` is None exactly where `reason` states why (R47, R51).

    Attributes:
        plan: id of the plan.
        match: the prefix that answered, or None.
        billed_seconds: after the plan's pulse.
        lines: one for each component that the call has a price for; none for a call without charge.
        exact: INR, the sum of the lines before any rounding.
        total: INR, rounded once from `exact` (R48), never from the lines' amounts.
        reason: why there is no total, or None.
        deck_digest: names the deck, so that rating again gives the same (R50).
    """

    plan: str
    match: Match | None
    billed_seconds: int | None = None
    lines: tuple[Line, ...] = ()
    exact: Fraction | None = None
    total: Decimal | None = None
    reason: Reason | None = None
    deck_digest: str

    def _repr_html_(self) -> str:
        found = self.match
        facts = [
            ("plan", self.plan),
            ("network group", "none" if found is None else f"{found.network_group} ({found.prefix})"),
            ("billed", "nothing" if self.billed_seconds is None else f"{self.billed_seconds} s"),
        ]
        lines = [(str(one.component), price(one.rate), price(one.amount)) for one in self.lines]
        parts = [table(["component", "₹ a minute", "₹"], lines, numbers={1, 2})] if lines else []
        title = f"no charge: {words_of(self.reason)}" if self.total is None else price(self.total)
        return card(title, facts, *parts, then="plan.explain(deck, …) shows each step")


def rate(
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
) -> PlanCharge:
    """The work of `BillingPlan.rate`."""
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    kind, travelled = _word(AgentKind, "agent_kind", agent_kind), _word(Path, "path", path)
    held = deck.deck_at(at)
    digest = "" if held is None else held.digest
    match, fault, none = _found(held, number, at, direction, travelled)
    if is_plan(number_plan) is not None and number is not None and fault is None:
        match, fault = _judged(number_plan, number, match, travelled)
    ticks, per_second = whole_ticks(seconds)

    def refused(reason: Reason) -> PlanCharge:
        return PlanCharge(plan=plan.id, match=match, reason=reason, deck_digest=digest)

    if fault is None and (ticks is None or ticks < 0 or not fit(ticks)):
        fault = Reason.MISSING_SECONDS if ticks is None else Reason.NEGATIVE_SECONDS
        fault = fault if fit(ticks) else Reason.INVALID_SECONDS
    if fault is not None or ticks is None:
        return refused(fault or Reason.MISSING_SECONDS)
    if ticks and plan.valid_from is not None and (at is None or at < plan.valid_from):
        return refused(Reason.MISSING_ANSWERED_AT if at is None else Reason.BEFORE_FIRST_PLAN)
    lasted = Fraction(ticks, per_second)
    is_free = voicemail and plan.voicemail is Voicemail.FREE
    billed = 0
    found: tuple[Line, ...] = ()
    if whole_seconds(lasted, plan.part_second) > 0 and not is_free:
        telephony = _telephony(plan, match, none, direction, travelled, number or "")
        if isinstance(telephony, Reason):
            return refused(telephony)
        billed = billed_seconds(plan, lasted)
        found = lines(plan, kind, billed, telephony)
    exact, total = billed_total(plan, found)
    if billed >= _MOST_SECONDS or total is None:
        return refused(Reason.OVERFLOW)
    return PlanCharge(
        plan=plan.id,
        match=match,
        billed_seconds=billed,
        lines=found,
        exact=exact,
        total=total,
        deck_digest=digest,
    )


def billed_total(plan: PlanTerms, found: tuple[Line, ...]) -> tuple[Fraction, Decimal | None]:
    """What lines come to before and after the one rounding; None is more than a column can hold (R48)."""
    exact = sum((line.exact for line in found), Fraction(0))
    total = charge_of(plan, exact)
    is_too_much = total >= MOST_RUPEES or units(exact) >= MOST_RUPEES * NANO
    return exact, None if is_too_much else total


def _word(words: type[Word], name: str, value: str) -> Word:
    try:
        return words(value)
    except ValueError as error:
        raise ValueError(f"{name} is {value!r}; it is one of {', '.join(words)}") from error


def _found(
    deck: RateDeck | None, number: str | None, at: datetime | None, direction: Direction, path: Path
) -> tuple[Match | None, Reason | None, Reason]:
    """What a number leads to, why it is no number, and why it leads nowhere if it does not."""
    if at is not None:
        microseconds(at)  # a time without a zone is an error, whether or not it is looked at
    if path is Path.WEBRTC:
        return None, None, Reason.UNSUPPORTED_PREFIX
    if number is None:
        return None, Reason.MISSING_NUMBER, Reason.UNSUPPORTED_PREFIX
    if deck is None:  # a book in which no deck is in force, or which lacks the time
        none = Reason.MISSING_ANSWERED_AT if at is None else Reason.BEFORE_FIRST_DECK
        return None, None if is_e164(f"+{number.removeprefix('+')}") else Reason.INVALID_NUMBER, none
    deck._check_file()  # it is a price that is asked for
    try:
        return deck.match(number, at=at, direction=direction), None, Reason.UNSUPPORTED_PREFIX
    except NumberError:
        return None, Reason.INVALID_NUMBER, Reason.UNSUPPORTED_PREFIX
    except DeckTimeError:
        return None, None, Reason.MISSING_ANSWERED_AT


def _judged(
    plan: NumberPlan | None, number: str, match: Match | None, path: Path
) -> tuple[Match | None, Reason | None]:
    """What is left of a match, and why the number can be none; a whole number of the deck wins."""
    is_listed = match is not None and match.exact_match
    if plan is None or path is Path.WEBRTC or is_listed or (fault := plan.judge(number)) is None:
        return match, None
    # How long a number is on the customer's own trunk is the trunk's business: extensions.
    is_extension = path is Path.SIP_TRUNK and fault == "impossible_number"
    return None, None if is_extension else Reason(fault)


def _telephony(
    plan: PlanTerms, match: Match | None, none: Reason, direction: Direction, path: Path, number: str
) -> Decimal | Reason | None:
    """INR per minute of the telephony line, None where the call has no such line (R34, R46, R47)."""
    if path is Path.WEBRTC or (path is Path.PSTN and plan.telephony is None):
        return None
    if path is Path.SIP_TRUNK:
        if plan.sip is None:
            return None if plan.telephony is None else Reason.RATE_MISSING
        price: Decimal | None = plan.sip.of(direction)
    elif match is None:
        return none
    elif match.blocked:
        return Reason.BLOCKED
    else:
        price = prices_of(plan).of(match, direction, number)
    if price is None:
        return Reason.RATE_MISSING
    return price if price < MOST_RUPEES else Reason.OVERFLOW


class _Same:
    """A plan by identity: to compare thousands of prices would cost more than to prepare them."""

    __slots__ = ("plan",)

    def __init__(self, plan: PlanTerms) -> None:
        self.plan = plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.plan is self.plan

    def __hash__(self) -> int:
        return id(self.plan)


def prices_of(plan: PlanTerms) -> TelephonyPrices:
    """The plan's prices, ready to be asked."""
    return _prices(_Same(plan))


@lru_cache(maxsize=64)
def _prices(same: _Same) -> TelephonyPrices:
    return TelephonyPrices(same.plan)
