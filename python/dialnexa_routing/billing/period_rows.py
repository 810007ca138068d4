"""Allowances applied to the calls of one version of a plan, as columns of whole numbers.

An amount is counted in parts of a nano-rupee: in sixtieths, as rates are per minute, and in as many parts of
those as the discounts of the plan need. So nothing is rounded before the one rounding of each call (R48).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.period_state import Used
from dialnexa_routing.money.exact import NANO, total
from dialnexa_routing.plans.allowances import Covers, Discount, FreeMinutes, VolumeTiers
from dialnexa_routing.text.errors import ConfigError, MoneyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.billing.period_state import Share
    from dialnexa_routing.plans.allowances import Scoped

WIDE = pl.Int128
_MOST_PARTS = 10**15
_MOST_UNITS = 2**120  # so that a few periods more, or a wrong batch, do not overflow


@dataclass(frozen=True, slots=True)
class Parts:
    """How amounts of a share are counted.

    Attributes:
        of_nano: parts of a nano-rupee.
    """

    of_nano: int

    @classmethod
    def of(cls, share: Share) -> Parts:
        """As many as the plan's discounts need. Raises `ConfigError` where they need too many."""
        discounts = [one for one in share.plan.allowances if isinstance(one, Discount)]
        parts = prod((1 - Fraction(one.percent) / 100).denominator for one in discounts)
        if any(one.above for one in discounts):
            parts *= share.of
        if parts > _MOST_PARTS:
            raise ConfigError(
                f"the discounts of plan {share.plan.id!r} have too many places to be counted together; give "
                "them fewer"
            )
        return cls(60 * parts)

    def hold(self, charges: pl.Series) -> None:
        """Raise `MoneyError` where the sum of charges has more parts than 127 bits hold."""
        if self.units(Fraction(total(charges.to_list()))) >= _MOST_UNITS:
            raise MoneyError("the charges of a period come to more than can be counted; apply it by owner")

    def units(self, rupees: Fraction) -> int:
        """An amount, exact, in these parts."""
        whole = rupees * NANO * self.of_nano
        assert whole.denominator == 1
        return int(whole)

    def rupees(self, units: int) -> Fraction:
        """Parts as the amount that they are."""
        return Fraction(units, NANO * self.of_nano)


def applied(
    rows: pl.DataFrame, share: Share, parts: Parts, used: Iterable[Used]
) -> tuple[pl.DataFrame, list[Used]]:
    """Every allowance of a plan that calls can use, in the order written.

    Args:
        rows: in order, with ``owner``, ``network_group``, ``country_iso``, ``direction``; ``billed`` seconds;
            ``telephony``, ``rest`` and ``fee`` in `parts`, of which the first is null without such a line.
        share: whose allowances, and how much of the period it has.
        parts: how amounts are counted.
        used: what was used before.

    Returns:
        The rows with ``covered`` seconds and what is left of the amounts; and what is used now.
    """
    before = {(one.owner, one.place): one for one in used if one.plan_digest == share.plan.digest}
    zero = pl.lit(0, pl.Int64)
    rows = rows.with_columns(heard=zero, whole=zero)
    now: list[Used] = []
    for place, one in enumerate(share.plan.allowances):
        if not isinstance(one, FreeMinutes | VolumeTiers | Discount):
            continue
        held = {owner: kept for (owner, at), kept in before.items() if at == place}
        rows = rows.with_columns(_in_scope(one).fill_null(False).alias("in_scope"))
        if isinstance(one, FreeMinutes):
            rows = _covered(rows, one, share.seconds(one.minutes), held)
            seen = "taken"
        elif isinstance(one, VolumeTiers):
            rows = _tiered(rows, one, share, parts, held)
            seen = "taken"
        else:
            rows = _discounted(rows, one, parts, parts.units(share.amount(one.above)), held)
            seen = "seen"
        now += _used(rows, seen, held, share.plan.digest, place, parts)
    return rows.with_columns(covered=pl.max_horizontal("heard", "whole")), now


def _in_scope(one: Scoped) -> pl.Expr:
    scope = pl.lit(True)
    if one.network_groups or one.countries:
        scope = pl.col("network_group").is_in(one.network_groups) | pl.col("country_iso").is_in(one.countries)
    return scope & (pl.col("direction") == one.direction) if one.direction else scope


def _before(held: dict[str | None, Used], field: str, parts: Parts | None = None) -> pl.Expr:
    """What each owner used before this batch."""
    amounts = {
        owner: parts.units(Fraction(one.amount)) if parts and field == "amount" else one.seconds
        for owner, one in held.items()
    }
    dtype = WIDE if parts else pl.Int64
    found = pl.lit(0, dtype)
    for owner, amount in amounts.items():
        is_of = pl.col("owner").is_null() if owner is None else pl.col("owner") == owner
        found = pl.when(is_of).then(pl.lit(amount, dtype)).otherwise(found)
    return found


def _so_far(column: str) -> pl.Expr:
    """The sum of the rows of an owner that come before each."""
    return pl.col(column).cum_sum().over("owner") - pl.col(column)


def _covered(
    rows: pl.DataFrame, one: FreeMinutes, seconds: int, held: dict[str | None, Used]
) -> pl.DataFrame:
    """A bundle takes the first seconds of each call that nothing took before, as long as it lasts."""
    is_whole = one.covers is Covers.CHARGE
    at = pl.col("whole" if is_whole else "heard")
    asked = pl.col("in_scope") if is_whole else pl.col("in_scope") & pl.col("telephony").is_not_null()
    rows = rows.with_columns(wanted=pl.when(asked).then(pl.col("billed") - at).otherwise(0))
    left = (pl.lit(seconds) - _before(held, "seconds") - _so_far("wanted")).clip(lower_bound=0)
    rows = rows.with_columns(taken=pl.min_horizontal(left, pl.col("wanted")))
    until = at + pl.col("taken")
    # Telephony of seconds that a bundle of it took is gone already.
    heard = pl.max_horizontal("heard", until) if is_whole else until
    changed = {"telephony": _less("telephony", pl.col("heard"), heard), "heard": heard}
    if is_whole:
        changed["rest"] = _less("rest", pl.col("whole"), until)
        changed["fee"] = pl.when((pl.col("whole") == 0) & (pl.col("taken") > 0)).then(0).otherwise("fee")
        changed["whole"] = until
    return rows.with_columns(**changed)


def _less(amount: str, since: pl.Expr, until: pl.Expr) -> pl.Expr:
    """An amount of the seconds behind `since`, all of one price, without those up to `until`."""
    left = pl.col("billed") - since
    kept = (pl.col("billed") - until).cast(WIDE)
    return (
        pl.when(left > 0)
        .then(pl.col(amount) // pl.max_horizontal(left, 1).cast(WIDE) * kept)
        .otherwise(amount)
    )


def _tiered(
    rows: pl.DataFrame, one: VolumeTiers, share: Share, parts: Parts, held: dict[str | None, Used]
) -> pl.DataFrame:
    """Each second that no bundle took, at the price of the tier that it falls in."""
    asked = pl.col("in_scope") & pl.col("telephony").is_not_null()
    rows = rows.with_columns(taken=pl.when(asked).then(pl.col("billed") - pl.col("heard")).otherwise(0))
    rows = rows.with_columns(since=_before(held, "seconds") + _so_far("taken"))
    price, begin = pl.lit(0, WIDE), 0
    for tier in one.tiers:
        first = pl.max_horizontal("since", pl.lit(begin))
        last = pl.col("since") + pl.col("taken")
        if tier.up_to_minutes is not None:
            begin = share.seconds(tier.up_to_minutes)
            last = pl.min_horizontal(last, pl.lit(begin))
        of_second = parts.units(Fraction(tier.price) / 60)
        price += (last - first).clip(lower_bound=0).cast(WIDE) * pl.lit(of_second, WIDE)
    return rows.with_columns(telephony=pl.when(asked).then(price).otherwise("telephony"))


def _discounted(
    rows: pl.DataFrame, one: Discount, parts: Parts, above: int, held: dict[str | None, Used]
) -> pl.DataFrame:
    """What is above the amount, less the part of it."""
    factor = 1 - Fraction(one.percent) / 100
    names = ("telephony",) if one.covers is Covers.TELEPHONY else ("telephony", "rest", "fee")
    amount = pl.sum_horizontal(pl.col(name).fill_null(0) for name in names)
    rows = rows.with_columns(seen=pl.when("in_scope").then(amount).otherwise(0).cast(WIDE))
    if not above:
        over, under = (pl.lit(part, WIDE) for part in factor.as_integer_ratio())
        # Divided first: each amount holds the denominators of all discounts.
        cut = {name: pl.when("in_scope").then(pl.col(name) // under * over).otherwise(name) for name in names}
        return rows.with_columns(**cut)
    since = _before(held, "amount", parts) + _so_far("seen")
    limit = pl.lit(above, WIDE)
    beyond = (since + pl.col("seen") - limit).clip(lower_bound=0) - (since - limit).clip(lower_bound=0)
    off = (1 - factor).as_integer_ratio()
    less = beyond // pl.lit(off[1], WIDE) * pl.lit(off[0], WIDE)
    rows = rows.with_columns(off=less)
    # Taken from telephony first; only the sum is reported.
    if len(names) == 1:
        return rows.with_columns(telephony=pl.col("telephony") - pl.col("off"))
    from_telephony = pl.min_horizontal(pl.col("off"), pl.col("telephony").fill_null(0))
    rows = rows.with_columns(
        telephony=pl.col("telephony") - from_telephony, off=pl.col("off") - from_telephony
    )
    from_rest = pl.min_horizontal("off", "rest")
    rows = rows.with_columns(rest=pl.col("rest") - from_rest, off=pl.col("off") - from_rest)
    return rows.with_columns(fee=pl.col("fee") - pl.col("off"))


def _used(
    rows: pl.DataFrame, seen: str, held: dict[str | None, Used], digest: str, place: int, parts: Parts
) -> list[Used]:
    sums = dict(rows.group_by("owner").agg(pl.col(seen).sum()).iter_rows())
    found = []
    for owner in sorted({*sums, *held}, key=lambda one: (one is not None, one or "")):
        before = held.get(owner, Used(owner=owner, plan_digest=digest, place=place))
        more = int(sums.get(owner, 0))
        found.append(
            before.changed(amount=str(Fraction(before.amount) + parts.rupees(more)))
            if seen == "seen"
            else before.changed(seconds=before.seconds + more)
        )
    return found
