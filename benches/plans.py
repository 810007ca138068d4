"""Rating by billing plans: a thousand in one pass, against one of them, and against the deck's own terms.

python benches/plans.py [--rows 10000000] [--rounds 5] [--plans 1000]

Every plan has a price list of its own for every network group, or the deck's prices with a markup;
records name plans at random. Of both runs a sample is compared with the scalar, line by line.
"""

from __future__ import annotations

import argparse
import gc
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import call_records
import report
from dialnexa_routing import RateDeck, records
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import SipRate
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.plans.price_list import DeckPrices, GroupPrice, PriceList
from rounds import alone_on_one_core, in_rounds
from workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable

_DECK = "az"
_SAMPLE = 20_000
_LIMIT = 1.3
_NAMES = ("stt", "llm", "tts", "telephony", "platform")
_DECK_PRICED = 10  # every so many plans one takes the deck's prices
_GROUPS = 2_700


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plans", type=int, default=1000)
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("plans")
    workload = Workload.of(_DECK, seed=options.seed, folder=options.folder)
    deck = RateDeck.compile(in_groups(workload))
    calls = called(workload, options.rows, options.plans)
    plans = many(options.seed, options.plans)
    gc.freeze()  # millions of prices, which collections between laps need not look at
    started = time.process_time()
    book = PreparedPlans(deck, plans)
    print(
        f"{len(plans):,} plans with {len(plans[0].telephony.prices):,} prices each: "  # type: ignore[union-attr]
        f"prepared in {time.process_time() - started:.2f} s, {book.size / 1e6:.1f} MB",
        flush=True,
    )
    told.add(_DECK, "Z", "prices of plans", "size", book.size, "bytes")
    one = PreparedPlans(deck, [plans[0]])
    alone = calls.with_columns(plan=pl.lit(plans[0].id))
    runs: dict[str, Callable[[], pl.DataFrame]] = {
        "one plan": lambda: records.rate(calls, deck=deck, plan=plans[0], number_plan=None),
        "one plan, named": lambda: records.rate(alone, deck=deck, plans=one, number_plan=None),
        f"{len(plans):,} plans": lambda: records.rate(calls, deck=deck, plans=book, number_plan=None),
        "the deck's terms": lambda: records.rate(calls, deck=deck, number_plan=None),
    }
    by_id = {plan.id: plan for plan in plans}
    verify(runs["one plan"](), deck, dict.fromkeys(by_id, plans[0]))
    verify(runs[f"{len(plans):,} plans"](), deck, by_id)
    laps = in_rounds({name: (lambda turn, run=run: run()) for name, run in runs.items()}, options.rounds)  # type: ignore[misc]
    each = {name: [lap.cpu for lap in laps[name]] for name in laps}
    lines = [
        [
            name,
            f"{sorted(each[name])[options.rounds // 2]:.3f}",
            *told.rates(_DECK, "Z", name, laps[name], options.rows),
            told.ratio(_DECK, "Z", name, "time : one plan", each[name], each["one plan"]),
        ]
        for name in laps
    ]
    head = ["", "s cpu", "M rows/s cpu", "wall", "spread", "time : one plan"]
    report.table(f"rating {options.rows:,} calls by plan, all columns, one thread", head, lines)
    if float(lines[2][-1]) > _LIMIT:
        print(f"more than the {_LIMIT} x that is wanted")
    told.finish(options)


def called(workload: Workload, rows: int, plans: int) -> pl.DataFrame:
    """Calls with plans at random: a tenth over SIP, a tenth from browsers, three of ten speech to speech."""
    rng = np.random.default_rng([workload.seed, 8])
    path, kind = rng.random(rows), rng.random(rows)
    ids = pl.Series([f"plan-{number:04}" for number in range(plans)])
    words = [
        pl.Series("path", ["pstn", "sip_trunk", "webrtc"]).gather(np.digitize(path, [0.8, 0.9])),
        pl.Series("agent_kind", ["cascaded", "speech_to_speech"]).gather(np.digitize(kind, [0.7])),
    ]
    return call_records.called(workload, rows).with_columns(
        ids.gather(rng.integers(0, plans, rows)).alias("plan"), *words
    )


def in_groups(workload: Workload) -> pl.DataFrame:
    """The deck's rows under as many network groups as a carrier has."""
    number = pl.Series(workload.rows.group % _GROUPS).cast(pl.String)
    return workload.frame().with_columns(
        network_group="group " + number, country_iso=pl.lit("IN"), country=pl.lit("India")
    )


def many(seed: int, count: int) -> list[BillingPlan]:
    """Plans with invented prices, each with its own for every network group."""
    rng = np.random.default_rng([seed, 9])
    steps = [Decimal(step) / 20 for step in range(200)]
    names = [f"group {number}" for number in range(_GROUPS)]
    return [_plan(rng, number, names, steps) for number in range(count)]


def _plan(rng: np.random.Generator, number: int, names: list[str], steps: list[Decimal]) -> BillingPlan:
    chosen = rng.integers(0, len(steps), (len(names), 2)).tolist()
    # Not checked one by one: there are millions.
    prices = tuple(
        GroupPrice.model_construct(
            country_iso="IN", network_group=name, outbound=steps[out], inbound=steps[back]
        )
        for name, (out, back) in zip(names, chosen, strict=True)
    )
    stt, llm, tts = (Decimal(int(nano)).scaleb(-4) for nano in rng.integers(1, 20_000, 3))
    marked = number % _DECK_PRICED == _DECK_PRICED - 1
    return BillingPlan(
        id=f"plan-{number:04}",
        stt=stt,
        llm=llm,
        tts=tts,
        platform="0.10" if number % 3 else None,
        telephony=DeckPrices(markup_percent=number % 40)
        if marked
        else PriceList.model_construct(prices=prices),
        sip=SipRate(outbound="0.25"),
        pulse=("60/60", "30/30", "1/1", "30/6")[number % 4],
    )


def verify(rated: pl.DataFrame, deck: RateDeck, plans: dict[str, BillingPlan]) -> None:
    """End the run if the scalar says anything else about a row of a sample."""
    for row in rated.gather_every(max(1, rated.height // _SAMPLE)).iter_rows(named=True):
        charge = plans[row["plan"]].rate(
            deck,
            number=row["to"],
            seconds=row["seconds"],
            agent_kind=row["agent_kind"],
            path=row["path"],
            number_plan=None,
        )
        amounts = {line.component.value: line.amount for line in charge.lines}
        told = {name: row[name] for name in _NAMES if row[name] is not None}
        if (charge.reason, charge.total, charge.billed_seconds) != (
            row["reason"],
            row["charge"],
            row["billed_seconds"],
        ) or amounts != told:
            raise SystemExit(f"wrong bill: {row} and {charge}")


if __name__ == "__main__":
    main()
