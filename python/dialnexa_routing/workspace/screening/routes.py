"""The ways that calls take from the source numbers of a screening (R6-R12, R14, R20, R21, R40)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.numbers.e164 import checked
from dialnexa_routing.text.errors import ConflictError, UnknownNameError
from dialnexa_routing.workspace.choices import TrunkEmergency
from dialnexa_routing.workspace.decision import Refusal, Refused
from dialnexa_routing.workspace.policy.question import Call
from dialnexa_routing.workspace.policy.source_check import SOURCE
from dialnexa_routing.workspace.policy.window_check import INDIA
from dialnexa_routing.workspace.screening.carrier import CODE, JUDGED, Carrier, chosen
from dialnexa_routing.workspace.screening.coded_columns import without_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.workspace.choices import Purpose
    from dialnexa_routing.workspace.policy.setting import Setting

_INDIAN, _FOREIGN = "+91", "+1"


@dataclass(frozen=True)
class Uniform:
    """A route on which the same comes of every number, as over the customer's own trunk (R20)."""

    outcome: Refusal | None

    def judged(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED`; no destination is named."""
        code = pl.lit(CODE[self.outcome], JUDGED["outcome"])
        return pl.DataFrame(schema=JUDGED).clear(len(numbers)).with_columns(outcome=code)


@dataclass(frozen=True)
class UnderIndianRules:
    """A route from an Indian number of a workspace under the carrier rules of India (R12)."""

    route: Carrier | Uniform
    home: Refusal | None
    abroad: Refusal | None

    def judged(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED`; of what these rules refuse no destination is named."""
        judged = self.route.judged(numbers)
        is_indian = numbers.str.starts_with(_INDIAN).fill_null(False)
        for where, refusal in ((is_indian, self.home), (~is_indian, self.abroad)):
            if refusal is not None:
                refused = Uniform(refusal).judged(numbers)
                judged = chosen(where & (judged["outcome"] == CODE[None]), refused, judged)
        return judged


@dataclass(frozen=True)
class ByPlan:
    """A route whose numbers are judged by the number plan first; pickles with its decks."""

    route: Carrier | Uniform | UnderIndianRules
    plan: NumberPlan
    deck: RateDeck  # whose whole numbers win over the plan
    at: int | None
    reasons: tuple[Refusal, ...]  # what counts of what it finds

    def judged(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED`; of a number that can be none no destination is named."""
        judged = self.route.judged(numbers)
        self.deck._check_file()
        column = self.deck._core.match_column(
            numbers,
            ["reason"],
            name="reason",
            alone=True,
            at=self.at,
            direction="outbound",
            number_plan=self.plan.core,
        )
        self.deck._check_file()  # again, for it may be written into meanwhile
        found = pl.Series("reason", column)
        for reason in self.reasons:
            is_it = (found == reason).fill_null(False)
            if is_it.any():
                judged = chosen(is_it, Uniform(reason).judged(numbers), judged)
        return judged


Route = Carrier | Uniform | UnderIndianRules | ByPlan
_BY_PLAN = (Refusal.IMPOSSIBLE_NUMBER, Refusal.EMERGENCY_NUMBER)


class _Way(NamedTuple):
    """The provider that carries calls from a number, None for the customer's trunk; what India refuses."""

    provider: str | None
    home: Refusal | None
    abroad: Refusal | None


@dataclass(frozen=True)
class AnyOf:
    """Routes of which any will do; what none of them carries is answered for the one of `last` (R40)."""

    routes: tuple[Route, ...]
    last: int

    def judged(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED`, by the first route that carries a number."""
        judged = self.routes[0].judged(numbers)
        for place, route in enumerate(self.routes[1:], 1):
            left = judged["outcome"] != CODE[None]
            further = route.judged(numbers.set(~left, None))
            taken = left if place == self.last else left & (further["outcome"] == CODE[None])
            judged = chosen(taken, further, judged)
        return judged

    def of_last(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED`, by the route of the last source alone."""
        return self.routes[self.last].judged(numbers)


def route_of(
    setting: Setting, source: str | Sequence[str] | None, at: datetime | None, purpose: Purpose | None
) -> Route | AnyOf:
    """The way from a source, from any of several, or for None over the workspace's provider.

    Raises:
        UnknownNameError: a source is no number of the workspace (R9), or there is none in a list.
        ConflictError: it cannot place calls (R9-R11).
        NumberError: it is not E.164.
        DeckTimeError: a dated deck and no time.
    """
    if source is None:
        provider = setting.workspace.provider
        return _by_plan(setting, _over_carrier(setting, provider, at), provider, at)
    sources = [source] if isinstance(source, str) else list(source)
    if not sources:
        raise UnknownNameError("there is no number in the list of sources; name one, or leave it out")
    ways = [_way(setting, one, at, purpose) for one in sources]
    different = list(dict.fromkeys(ways))
    found = tuple(_route(setting, way, at) for way in different)
    return found[0] if len(found) == 1 else AnyOf(found, different.index(ways[-1]))


def _route(setting: Setting, way: _Way, at: datetime | None) -> Route:
    route = _over_trunk(setting) if way.provider is None else _over_carrier(setting, way.provider, at)
    under = UnderIndianRules(route, way.home, way.abroad) if way.home or way.abroad else route
    return _by_plan(setting, under, way.provider, at)


def _by_plan(
    setting: Setting, route: Carrier | Uniform | UnderIndianRules, provider: str | None, at: datetime | None
) -> Route:
    """A route, judged by the router's number plan as far as it asks one."""
    plan = setting.judged_by
    reasons: tuple[Refusal, ...] = _BY_PLAN
    if provider is None:
        # How long a number is on the customer's own trunk is the trunk's business: extensions.
        allowed = setting.trunk_emergency is TrunkEmergency.ALLOWED
        reasons = () if allowed else (Refusal.EMERGENCY_NUMBER,)
    if plan is None or not reasons:
        return route
    known = None if provider is None else setting.providers.get(provider)
    deck = None if known is None else known.deck
    if deck is None or (deck.is_dated and at is None):
        deck = without_numbers()
    return ByPlan(route, plan, deck, None if at is None else microseconds(at), reasons)


def _way(setting: Setting, source: str, at: datetime | None, purpose: Purpose | None) -> _Way:
    call = Call("outbound", source=checked(source), purpose=purpose, at=at)
    call.at_us = None if at is None else microseconds(at)
    refusal = SOURCE.ask(setting, call)
    if isinstance(refusal, Refused):
        kind = UnknownNameError if refusal.reason is Refusal.NUMBER_NOT_FOUND else ConflictError
        raise kind(refusal.sentence)
    assert call.own is not None
    by_rules = []
    for call.to in (_INDIAN, _FOREIGN):
        answer = INDIA.ask(setting, call)
        by_rules.append(Refusal(answer.reason) if isinstance(answer, Refused) else None)
    return _Way(None if call.own.is_sip else call.own.provider, *by_rules)


def _over_carrier(setting: Setting, provider: str, at: datetime | None) -> Carrier | Uniform:
    workspace = setting.workspace
    enabled = frozenset(
        (one.country_iso, group)
        for one in workspace.enabled
        if one.provider == provider
        for group in one.network_groups
    )
    known = setting.providers.get(provider)
    bypassed = setting.skips_country_rules
    if not enabled and not bypassed:
        return Uniform(Refusal.NO_ENABLED_COUNTRIES)
    if known is None or known.deck is None:
        return Uniform(None if bypassed else Refusal.UNSUPPORTED_PREFIX)
    return Carrier.of(known.deck, enabled, at=at, winner=setting.winner, bypassed=bypassed)


def _over_trunk(setting: Setting) -> Uniform:
    return Uniform(None if setting.sip_enabled else Refusal.ROUTE_DISABLED)
