"""The naive twin of rating by plan: R44-R48 and R52 in plain loops and fractions.

Slow on purpose. Of the product it knows the models of plans and the names of the policies; matching
is that of `oracle`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import oracle
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import Voicemail
from dialnexa_routing.plans.price_list import DeckPrices, PriceList

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("stt", "llm", "tts", "telephony", "platform")
HEARD = {"cascaded": NAMES, "speech_to_speech": ("llm", "telephony", "platform")}
PATHS = ("pstn", "sip_trunk", "webrtc")


@dataclass(frozen=True)
class Bill:
    """What a record comes to; `total` is None exactly where `reason` says why."""

    row: oracle.Row | None = None
    reason: str | None = None
    billed_s: int | None = None
    lines: dict[str, Fraction] = field(default_factory=dict)
    rates: dict[str, Fraction] = field(default_factory=dict)
    total: Decimal | None = None

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Each line to nine places: what it adds to the rounded sum of those before it."""
        told, sums = {}, [Fraction(0)]
        for name, exact in self.lines.items():
            sums.append(sums[-1] + exact)
            told[name] = nine(sums[-1]) - nine(sums[-2])
        return told


def nine(exact: Fraction) -> Decimal:
    """Half-up to nine places."""
    return Decimal(f"{floor(exact * 10**9 + Fraction(1, 2))}E-9")


def amount_of(one: Any, direction: str) -> Fraction | None:
    """The price of a direction, of whatever has two."""
    amount = one.outbound if direction == "outbound" else one.inbound
    return None if amount is None else Fraction(amount)


def group_price(plan: BillingPlan, row: oracle.Row, direction: str, digits: str) -> Fraction | None:
    """R46, R48: the price of a number, its group or its country, or its own rate with the markup."""
    marked = plan.telephony
    if isinstance(marked, PriceList):
        iso = row.get("country_iso") or "ZZ"
        for length in range(15, 0, -1):
            for one in marked.prefixes:
                if digits[:length] == one.prefix and amount_of(one, direction) is not None:
                    return amount_of(one, direction)
        for price in marked.prices:
            named = (price.country_iso, price.network_group)
            if named == (iso, row["network_group"]) and amount_of(price, direction) is not None:
                return amount_of(price, direction)
        for country in marked.countries:
            if country.country_iso == iso and amount_of(country, direction) is not None:
                return amount_of(country, direction)
        marked = marked.fallback
        if marked is None:
            return None
    assert isinstance(marked, DeckPrices)
    if row.get(f"{direction}_rate") is None:
        return None
    minute = Fraction(row[f"{direction}_rate"]) * 60 / (row.get("rate_unit_s") or 60)
    return Fraction(nine(minute * (100 + Fraction(marked.markup_percent)) / 100))


def telephony(
    plan: BillingPlan, row: oracle.Row | None, direction: str, path: str, no_time: bool, digits: str
) -> tuple[Fraction | None, str | None]:
    """The rate of the telephony line, or no line, or why there is no charge at all (R34, R46, R47)."""
    rate = None
    if path == "sip_trunk" and plan.sip is not None:
        both = (plan.sip.outbound, plan.sip.outbound if plan.sip.inbound is None else plan.sip.inbound)
        rate = Fraction(both[direction == "inbound"])
    elif path == "webrtc" or plan.telephony is None:
        return None, None
    elif path == "pstn":
        if row is None:
            return None, "missing_answered_at" if no_time else "unsupported_prefix"
        if row.get("blocked"):
            return None, "blocked"
        rate = group_price(plan, row, direction, digits)
    if rate is None:
        return None, "rate_missing"
    return rate, None if rate < 10**9 else "overflow"


def billed(plan: BillingPlan, whole: int) -> int:
    """R44, R53: what is not free, the minimum at least; the initial block, then those that have begun."""
    whole -= plan.free_seconds
    if whole <= 0:
        return 0
    whole = max(whole, plan.minimum_s)
    taken = plan.pulse.initial_s
    while taken < min(whole, 10**5):
        taken += plan.pulse.next_s
    # The blocks of calls that are longer than a day are not counted one by one.
    rest = max(0, whole - taken)
    return taken + plan.pulse.next_s * ceil(Fraction(rest, plan.pulse.next_s))


def rate(
    rows: Sequence[oracle.Row],
    plan: BillingPlan | tuple[BillingPlan, ...] | str,
    number: str | None,
    seconds: oracle.Number | None,
    **said: Any,
) -> Bill:
    """One record under a plan, or under the reason why it has none.

    `said` are: at, direction, kind, path, voicemail, and a fault of the seconds that was seen before.
    """
    at, direction, path = said.get("at"), said.get("direction", "outbound"), said.get("path", "pstn")
    kind, web = said.get("kind", "cascaded"), path == "webrtc"
    bare = oracle.digits(number) if number is not None and not web else None
    way = direction if direction in ("outbound", "inbound") else None
    no_time = at is None and any(row.get("valid_from") or row.get("valid_to") for row in rows)
    row = oracle.longest(rows, bare, at, way) if bare and not no_time else None
    faults = {
        "missing_number": number is None and not web,
        "invalid_number": number is not None and bare is None and not web,
        str(said.get("fault")): said.get("fault") is not None,
        "missing_seconds": seconds is None,
        "negative_seconds": seconds is not None and seconds < 0,
        "invalid_direction": way is None and not web,
        str(plan): isinstance(plan, str),
        "invalid_agent_kind": kind not in HEARD,
        "invalid_path": path not in PATHS,
    }
    for reason, holds in faults.items():
        if holds:
            return Bill(row, reason)
    if isinstance(plan, tuple):
        # R50: the last of those that had begun; a call of no seconds costs nothing by any of them.
        begun = [one for one in plan if at is not None and (one.valid_from is None or one.valid_from <= at)]
        if len(plan) == 1 and plan[0].valid_from is None:
            begun = list(plan)
        if not begun and seconds:
            return Bill(row, "missing_answered_at" if at is None else "before_first_plan")
        plan = begun[-1] if begun else plan[0]
    assert isinstance(plan, BillingPlan)
    assert seconds is not None
    whole = oracle.whole_seconds(seconds, plan.part_second)
    if whole == 0 or (said.get("voicemail") and plan.voicemail is Voicemail.FREE):
        return Bill(row, billed_s=0, total=Decimal(f"0E-{plan.decimals}"))
    price, why = telephony(plan, row, way or "outbound", path, no_time, bare or "")
    if why is not None:
        return Bill(row, why)
    taken, rates = billed(plan, whole), {}
    for name in HEARD[kind]:
        amount = price if name == "telephony" else getattr(plan, name)
        if amount is not None:
            rates[name] = Fraction(amount)
    lines = {name: amount * taken / 60 for name, amount in rates.items()}
    if plan.connect_fee is not None:
        lines["connect_fee"] = Fraction(plan.connect_fee)
    exact = sum(lines.values(), Fraction(0))
    units = oracle.rounded(exact, Semantics(rounding=plan.rounding, decimals=plan.decimals))
    total = Decimal(f"{units}E-{plan.decimals}")
    if taken >= 2**32 or total >= 10**9 or nine(exact) >= 10**9:
        return Bill(row, "overflow")
    return Bill(row, None, taken, lines, rates, total)


def columns(bill: Bill, *, has_fees: bool = False) -> dict[str, Any]:
    """The columns that a rated record has."""
    names = (*NAMES, "connect_fee") if has_fees else NAMES
    row, rate_of = bill.row or {}, bill.rates.get("telephony")
    return {
        "prefix": row.get("prefix"),
        "network_group": row.get("network_group"),
        "country_iso": row.get("country_iso"),
        "telephony_rate": None if rate_of is None else nine(rate_of),
        "billed_seconds": bill.billed_s,
        **{name: bill.amounts.get(name) for name in names},
        "charge": bill.total,
        "reason": bill.reason,
    }
