"""The naive twin of allowances: each call second by second, in fractions and plain loops."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import oracle
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.plans.allowances import Covers, Discount, FreeMinutes, VolumeTiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.plans.billing_plan import BillingPlan

REST = ("stt", "llm", "tts", "platform")


def local(instant: Any) -> date:
    day: date = instant.astimezone(ZoneInfo("Asia/Kolkata")).date()
    return day


def in_scope(one: Any, row: dict[str, Any]) -> bool:
    places = row["network_group"] in one.network_groups or row["country_iso"] in one.countries
    everywhere = not one.network_groups and not one.countries
    return (places or everywhere) and one.direction in (None, row["direction"])


class Month:
    """One calendar month of one owner."""

    def __init__(self, versions: Sequence[BillingPlan], begin: date) -> None:
        self.begin, self.end = begin, (begin + timedelta(days=32)).replace(day=1)
        self.days: dict[str, int] = {}
        day = begin
        while day < self.end:
            held = [one for one in versions if one.valid_from is None or local(one.valid_from) <= day]
            if held:
                self.days[held[-1].digest] = self.days.get(held[-1].digest, 0) + 1
            day += timedelta(days=1)
        self.versions = {one.digest: one for one in versions}
        self.used: dict[Any, Fraction] = {}

    def net(self, row: dict[str, Any], places: int) -> tuple[int, Decimal]:
        """Covered seconds and the charge after allowances."""
        own = self.versions[row["plan_digest"]]
        is_late = local(row["answered_at_utc"]) < self.begin
        plan = self.versions[next(iter(self.days))] if is_late else own
        share = Fraction(self.days.get(plan.digest, 0), (self.end - self.begin).days)
        count = row["billed_seconds"]
        heard = [Fraction(row["telephony_rate"] or 0) / 60] * count
        rest = [
            sum((Fraction(getattr(own, name)) / 60 for name in REST if row[name] is not None), Fraction(0))
        ]
        rest = rest * count
        fee = Fraction(row.get("connect_fee") or 0)
        has_telephony = row["telephony"] is not None
        at = whole = 0
        sums: list[Fraction] | None = None
        is_settled = False
        for place, one in enumerate(plan.allowances):
            key = (plan.digest, place)
            used = self.used.get(key, Fraction(0))
            if not isinstance(one, FreeMinutes | VolumeTiers | Discount) or not in_scope(one, row):
                continue
            if isinstance(one, FreeMinutes):
                limit = int(one.minutes * 60 * share)
                if one.covers is Covers.TELEPHONY and has_telephony:
                    while at < count and used < limit:
                        heard[at], at, used = Fraction(0), at + 1, used + 1
                elif one.covers is Covers.CHARGE:
                    while whole < count and used < limit:
                        fee = Fraction(0) if whole == 0 else fee
                        rest[whole] = Fraction(0)
                        heard[whole] = Fraction(0) if whole >= at else heard[whole]
                        whole, used = whole + 1, used + 1
                    at = max(at, whole)
            elif isinstance(one, VolumeTiers):
                for second in range(at, count if has_telephony else 0):
                    ends = [
                        t
                        for t in one.tiers
                        if t.up_to_minutes is None or used < int(t.up_to_minutes * 60 * share)
                    ]
                    heard[second], used = Fraction(ends[0].price) / 60, used + 1
            else:
                sums = sums or [sum(heard, Fraction(0)), sum(rest, Fraction(0)), fee]
                parts = (0,) if one.covers is Covers.TELEPHONY else (0, 1, 2)
                amount = sum((sums[part] for part in parts), Fraction(0))
                above = Fraction(one.above) * share
                beyond = max(used + amount - above, Fraction(0)) - max(used - above, Fraction(0))
                used += amount
                off = beyond * Fraction(one.percent) / 100
                if one.above:
                    is_settled = True
                    for part in parts:
                        less = min(off, sums[part])
                        sums[part], off = sums[part] - less, off - less
                else:
                    factor = 1 - Fraction(one.percent) / 100
                    heard = [part * factor for part in heard]
                    if one.covers is Covers.CHARGE:
                        rest, fee = [part * factor for part in rest], fee * factor
                    sums = [part * factor if name in parts else part for name, part in enumerate(sums)]
                    sums = sums if is_settled else None
            self.used[key] = used
        if sums is None:
            sums = [sum(heard, Fraction(0)), sum(rest, Fraction(0)), fee]
        units = oracle.rounded(
            sum(sums, Fraction(0)), Semantics(rounding=own.rounding, decimals=own.decimals)
        )
        net = Decimal(f"{units}E-{own.decimals}").quantize(Decimal(f"1E-{places}"))
        return max(at, whole), net
