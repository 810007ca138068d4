"""Is the call dearer than the router's ceiling, or has the day come to it?

The price is the plan's, as the call will be told it; without a plan that prices telephony it is what the
deck charges. A price that nobody knows is not under any ceiling (R47).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import plain
from dialnexa_routing.plans.pricing import marked_up
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.gates import telephony_rate

if TYPE_CHECKING:
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> Refused | None:
    ceiling = setting.ceiling
    if ceiling is None:
        return None
    if isinstance(ceiling.max_rate, Decimal) and _has_price(call):
        rate = _rate(setting, call)
        if rate is None or rate > ceiling.max_rate:
            what = "costs what nobody knows" if rate is None else f"costs ₹{plain(rate)} a minute"
            return refused(
                Refusal.ABOVE_MAX_RATE, f"the call {what}, and ₹{plain(ceiling.max_rate)} is the most"
            )
    if isinstance(ceiling.max_day_spend, Decimal) and call.facts is not None:
        spent = call.facts.spent_today
        if spent is None:
            raise ConfigError("the router has a ceiling for a day, and facts have no spent_today; pass it")
        if spent >= ceiling.max_day_spend:
            return refused(
                Refusal.DAY_SPEND_REACHED,
                f"₹{plain(spent)} is spent today, and ₹{plain(ceiling.max_day_spend)} is the most",
            )
    return None


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    ceiling = setting.ceiling
    assert ceiling is not None
    said = []
    if isinstance(ceiling.max_rate, Decimal) and _has_price(call):
        rate = _rate(setting, call)
        assert rate is not None
        said.append(f"₹{plain(rate)} a minute, of ₹{plain(ceiling.max_rate)} at most")
    if isinstance(ceiling.max_day_spend, Decimal) and call.facts is not None:
        said.append(f"₹{call.facts.spent_today} spent today, of ₹{plain(ceiling.max_day_spend)} at most")
    return passed("; ".join(said)) if said else not_asked("the call has no price, and no facts were passed")


def _is_there(setting: Setting) -> bool:
    return setting.ceiling is not None


def _has_price(call: Call) -> bool:
    """Whether one of our carriers charges for it: over a trunk and from a browser none does."""
    return call.direction is not None and call.own is not None and not call.own.is_sip


def _rate(setting: Setting, call: Call) -> Decimal | None:
    """INR a minute: as the plan sells it, else as the deck buys it."""
    rate = telephony_rate(setting, call)
    match = call.match
    by = setting.priced_at(call.at)
    if rate is not None or match is None or (by is not None and by.plan.telephony is not None):
        return rate
    cost = match.outbound_rate if call.direction == "outbound" else match.inbound_rate
    return None if cost is None else marked_up(cost, match.rate_unit_s, Fraction(1))


CEILING = Check("ceiling", "R47", _ask, _told, is_there=_is_there)
