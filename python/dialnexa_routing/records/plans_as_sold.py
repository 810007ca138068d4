"""Rating by plans that have more than the core counts: versions, prefixes, a fallback, fees, free seconds.

The core still finds the network group, every reason, and the bill of what needs no more. Each record is
given the key of the version that held at its answer. Where a price is not the core's, or something is due
besides the minutes, the lines are counted by the same function as one call's, once for each distinct bill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.money.semantics import PartSecond
from dialnexa_routing.plans.core_plans import AT_DECK, AT_NO_LENGTH, AT_NOTHING, NO_PLAN, key_of
from dialnexa_routing.plans.plan_charge import MOST_RUPEES, billed_total
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.plans.price_list import PriceList, fallback_of
from dialnexa_routing.plans.pricing import lines
from dialnexa_routing.records.plan_versions import Version, version_of, versions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.prepared_plans import PreparedPlans

_PRICE = pl.Decimal(38, 9)  # a price may be more than a column of money holds, which is an overflow
_BILL = ("key", "agent_kind", "telephony_rate", "billed_seconds")
_LATER = (Reason.UNSUPPORTED_PREFIX, Reason.BLOCKED, Reason.RATE_MISSING, Reason.OVERFLOW)
"""Reasons that are looked for after a plan that holds."""


def rated_as_sold(
    plans: PreparedPlans,
    calls: pl.DataFrame,
    words: Mapping[str, str | None],
    per_second: int,
    by_core: Callable[[pl.DataFrame], pl.DataFrame],
) -> pl.DataFrame:
    """The answers of the core with what the plans have beyond it.

    Args:
        plans: by whose cores `by_core` rates.
        calls: ``number``, ``ticks`` and any of ``at``, ``direction``, ``fault``, ``plan``, ``workspace``,
            ``agent_kind``, ``path``, ``voicemail``.
        words: direction, agent kind and path where `calls` has no column for them.
        per_second: how many ticks are a second.
        by_core: rates such calls.
    """
    versions = versions_in(plans)
    ids, owner = _ids(plans, calls)
    at = (
        calls["at"]
        if "at" in calls.columns
        else pl.Series([None], dtype=pl.Int64).new_from_index(0, calls.height)
    )
    held = version_of(plans, ids, at)["key"]
    # Who has a plan of which no version held is rated by the first one, for its other reasons.
    first = ids.replace_strict(
        {id_: key_of(id_, 0) for id_ in plans.versions}, default=None, return_dtype=pl.String
    )
    asked = calls.select(name for name in calls.columns if name not in ("plan", "workspace")).with_columns(
        pl.coalesce(held.alias("held"), first.alias("first")).alias("key"), owner.alias("owner")
    )
    asked = asked.with_columns(
        [
            pl.lit(word).alias(name)
            for name, word in words.items()
            if name not in asked.columns and word is not None
        ]
    )
    asked = _without_free_seconds(asked, versions, per_second)
    asked = asked.with_columns(_by_prefix(asked, versions).alias("price"))

    def rated(rows: pl.DataFrame, ending: pl.Expr) -> pl.DataFrame:
        length = pl.when("eaten").then(pl.lit(AT_NO_LENGTH)).otherwise(pl.lit(""))
        key = pl.concat_str("key", ending, length)
        given = rows.with_columns(workspace=pl.coalesce(key, "owner"))
        return by_core(given.drop("key", "owner", "price", "eaten", "held", strict=False))

    answers = rated(
        asked, pl.when(pl.col("price").is_not_null()).then(pl.lit(AT_NOTHING)).otherwise(pl.lit(""))
    )
    answers = _at_deck(asked, answers, versions, rated)
    answers = _counted_anew(asked, answers, versions, plans)
    late = held.is_null() & first.is_not_null() & (calls["ticks"] != 0).fill_null(True)
    if late.any():
        answers = _refused(answers, late, at)
    return answers


def _ids(plans: PreparedPlans, calls: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The id of each record's plan, and what the core is given in its place where there is none."""
    if plans.workspaces is not None:
        by = {name: id_ for name, id_ in plans.workspaces.items() if id_ in plans.versions}
        workspace = calls["workspace"].cast(pl.String)
        # A workspace that is known has a plan that is not.
        return _looked_up(workspace, by), _looked_up(workspace, dict.fromkeys(plans.workspaces, NO_PLAN))
    no_plan = _all(NO_PLAN, pl.String, calls)
    if "plan" in calls.columns:
        return _looked_up(calls["plan"].cast(pl.String), {id_: id_ for id_ in plans.versions}), no_plan
    return _all(next(iter(plans.versions)), pl.String, calls), no_plan


def _looked_up(values: pl.Series, by: Mapping[str, str]) -> pl.Series:
    return values.replace_strict(by, default=None, return_dtype=pl.String)


def _all(value: object, dtype: pl.DataType | type[pl.DataType], calls: pl.DataFrame) -> pl.Series:
    return pl.Series([value], dtype=dtype).new_from_index(0, calls.height)


def _without_free_seconds(asked: pl.DataFrame, versions: list[Version], per_second: int) -> pl.DataFrame:
    """Ticks without what is free; and where nothing is left of a call that has a length (R53).

    Of such a call the core rates one second, so that its number is judged as that of any other.
    """
    free = {one.key: one.plan.free_seconds for one in versions if one.plan.free_seconds}
    if not free:
        return asked.with_columns(eaten=pl.lit(False))
    ticks, unit = pl.col("ticks"), pl.lit(per_second, pl.Int64)
    ways = {one.key: one.plan.part_second.value for one in versions}
    down = ticks // unit
    part = ticks - down * unit
    way = pl.col("key").replace_strict(ways, default=None, return_dtype=pl.String)
    up = (way == PartSecond.UP.value) & (part > 0)
    half = (way == PartSecond.HALF_UP.value) & (part >= unit - part)
    whole = down + (up | half).cast(pl.Int64)
    less = pl.col("key").replace_strict(free, default=None, return_dtype=pl.Int64)
    is_asked = less.is_not_null() & (ticks > 0)
    return (
        asked.with_columns(whole=whole, less=less, is_asked=is_asked.fill_null(False))
        .with_columns(
            eaten=pl.col("is_asked") & (pl.col("whole") > 0) & (pl.col("whole") <= pl.col("less")),
            ticks=pl.when("is_asked")
            .then(
                pl.when(pl.col("whole") == 0)
                .then(0)
                .otherwise((pl.col("whole") - pl.col("less")).clip(lower_bound=1) * unit)
            )
            .otherwise(ticks),
        )
        .drop("whole", "less", "is_asked")
    )


def _by_prefix(asked: pl.DataFrame, versions: list[Version]) -> pl.Series:
    """The price per minute of each number that its plan prices by prefix, the longest first; else null."""
    found: list[tuple[str, str, str, Decimal]] = []
    for one in versions:
        if isinstance(one.plan.telephony, PriceList):
            for of in one.plan.telephony.prefixes:
                both = {"outbound": of.outbound, "inbound": of.inbound}
                found += [
                    (one.key, of.prefix, way, price) for way, price in both.items() if price is not None
                ]
    if not found:
        return pl.Series([None], dtype=_PRICE).new_from_index(0, asked.height)
    listed = pl.DataFrame(
        found,
        schema={"key": pl.String, "digits": pl.String, "direction": pl.String, "price": _PRICE},
        orient="row",
    )
    is_pstn = pl.col("path") == Path.PSTN.value
    number = pl.when(is_pstn).then(pl.col("number").cast(pl.String).str.strip_prefix("+"))
    calls = asked.select("key", "direction", number=number)
    each = []
    for length in sorted(set(listed["digits"].str.len_bytes()), reverse=True):
        of_length = listed.filter(pl.col("digits").str.len_bytes() == length)
        each.append(
            calls.with_columns(digits=pl.col("number").str.slice(0, length))
            .join(of_length, on=["key", "digits", "direction"], how="left", maintain_order="left")["price"]
            .alias(str(length))
        )
    return pl.select(pl.coalesce(each)).to_series()


def _at_deck(
    asked: pl.DataFrame,
    answers: pl.DataFrame,
    versions: list[Version],
    rated: Callable[[pl.DataFrame, pl.Expr], pl.DataFrame],
) -> pl.DataFrame:
    """What the lists do not price, at the deck's rates with the markup of their fallback."""
    falling = [one.key for one in versions if fallback_of(one.plan.telephony) is not None]
    missing = (answers["reason"] == Reason.RATE_MISSING.value).fill_null(False) & asked["key"].is_in(
        falling
    ).fill_null(False)
    if not missing.any():
        return answers
    return _put(answers, missing, rated(asked.filter(missing), pl.lit(AT_DECK)))


def _counted_anew(
    asked: pl.DataFrame, answers: pl.DataFrame, versions: list[Version], plans: PreparedPlans
) -> pl.DataFrame:
    """Bills with connect fees, of calls without billed seconds, and at the prices of prefixes."""
    if plans.has_fees:
        answers = answers.with_columns(pl.lit(None, MONEY).alias(Component.CONNECT_FEE.value))
    fees = [one.key for one in versions if one.plan.connect_fee is not None]
    due = asked["key"].is_in(fees) | asked["eaten"] | asked["price"].is_not_null()
    anew = (
        due.fill_null(False) & answers["reason"].is_null() & (answers["billed_seconds"] > 0).fill_null(False)
    )
    if not anew.any():
        return answers
    rows = answers.filter(anew).with_columns(asked.filter(anew).select("key", "agent_kind", "price", "eaten"))
    rows = rows.with_columns(
        telephony_rate=pl.coalesce("price", "telephony_rate"),
        billed_seconds=pl.when("eaten").then(0).otherwise("billed_seconds"),
    )
    distinct = rows.select(_BILL).unique(maintain_order=True)
    by_key = {one.key: one.plan for one in versions}
    amounts = {name: answers.schema[name] for name in (*Component, "charge") if name in answers.columns}
    bills = [_bill(by_key[key], kind, rate, billed) for key, kind, rate, billed in distinct.iter_rows()]
    schema = {name: pl.Decimal(38, 9) for name in amounts} | {"reason": pl.String}
    told = pl.DataFrame(bills, schema=schema, orient="row").cast(amounts)
    found = rows.select(
        *_BILL, *(name for name in rows.columns if name not in (*amounts, *_BILL, "reason"))
    ).join(distinct.with_columns(told), on=_BILL, how="left", nulls_equal=True, maintain_order="left")
    fine = pl.col("reason").is_null()
    counted = [pl.when(fine).then(name).alias(name) for name in ("telephony_rate", "billed_seconds")]
    return _put(answers, anew, found.with_columns(counted).select(answers.columns).cast(answers.schema))


def _bill(plan: BillingPlan, kind: str, rate: Decimal | None, billed: int) -> dict[str, Any]:
    found = lines(plan, AgentKind(kind), billed, rate)
    _, total = billed_total(plan, found)
    if total is None or (rate is not None and rate >= MOST_RUPEES):
        return {"reason": Reason.OVERFLOW.value}
    return {**{line.component.value: line.amount for line in found}, "charge": total}


def _refused(answers: pl.DataFrame, late: pl.Series, at: pl.Series) -> pl.DataFrame:
    """A reason where no version of the plan held, unless one that is looked for earlier is there."""
    why = (
        pl.when(at.is_null())
        .then(pl.lit(Reason.MISSING_ANSWERED_AT.value))
        .otherwise(pl.lit(Reason.BEFORE_FIRST_PLAN.value))
    )
    known = pl.col("reason").is_null() | pl.col("reason").is_in([reason.value for reason in _LATER])
    kept = ("prefix", "network_group", "country_iso")
    refused = answers.with_columns(late=late & answers.select(known).to_series())
    return refused.with_columns(
        pl.when("late").then(why).otherwise(name).alias(name)
        if name == "reason"
        else pl.when(~pl.col("late")).then(name).alias(name)
        for name in answers.columns
        if name not in kept
    ).select(answers.columns)


def _put(answers: pl.DataFrame, where: pl.Series, found: pl.DataFrame) -> pl.DataFrame:
    """Answers with others in the place of some, in order."""
    rows = answers.with_row_index("row")
    changed = rows.filter(where).select("row").with_columns(found)
    return pl.concat([rows.filter(~where), changed.select(rows.columns)]).sort("row").drop("row")
