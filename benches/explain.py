"""Single charges explained, over the illustrative sheet of the world.

python benches/explain.py [--numbers 5000] [--passes 7]
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import report
from decide import called, each
from dialnexa_routing import RateDeck, RateSheet
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import DeckPrices
from rounds import alone_on_one_core

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.deck.explanation import Explanation

WORLD = pathlib.Path(__file__).parents[1] / "data" / "world.csv"
TARGET_US = 200
AT = datetime(2026, 6, 1, 6, tzinfo=UTC)
SECONDS = Decimal("263.5")
PLAN = BillingPlan(
    id="growth",
    stt=Decimal("0.50"),
    llm=Decimal("1.10"),
    tts=Decimal("0.90"),
    telephony=DeckPrices(markup_percent=Decimal(20)),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--numbers", type=int, default=5_000, help="different ones, each asked once a pass")
    parser.add_argument("--passes", type=int, default=7, help="of which the median counts")
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("explain")
    deck = RateSheet.read(WORLD).compile()
    numbers = called(deck, options.numbers, options.seed)
    checked(deck, numbers)
    rows = []
    for what, ask in questions(deck).items():
        laps = [each(ask, numbers) for _ in range(options.passes)]
        middle = statistics.median(laps)
        told.add("world", "", what, "one explanation, cpu time", middle, "us")
        rows.append([what, f"{middle:.1f}", f"{min(laps):.1f}"])
    report.table(
        f"One explanation, us of cpu; at most {TARGET_US} are wanted, texts aside",
        ["question", "median", "best"],
        rows,
    )
    told.finish(options)


def questions(deck: RateDeck) -> dict[str, Callable[[str], object]]:
    return {
        "deck": lambda to: deck.explain(to, seconds=SECONDS, at=AT),
        "plan": lambda to: deck.explain(to, seconds=SECONDS, at=AT, plan=PLAN),
        "deck, and its text": lambda to: str(deck.explain(to, seconds=SECONDS, at=AT)),
        "plan, and its text": lambda to: str(deck.explain(to, seconds=SECONDS, at=AT, plan=PLAN)),
        "plan, and its data": lambda to: deck.explain(to, seconds=SECONDS, at=AT, plan=PLAN).to_dict(),
        "plan, and its HTML": lambda to: deck.explain(to, seconds=SECONDS, at=AT, plan=PLAN).html(),
    }


def checked(deck: RateDeck, numbers: list[str]) -> None:
    """What is explained is what is charged."""
    for number in numbers:
        pairs: list[tuple[Explanation, object]] = [
            (deck.explain(number, seconds=SECONDS, at=AT), deck.rate(number, SECONDS, at=AT)),
            (
                deck.explain(number, seconds=SECONDS, at=AT, plan=PLAN),
                PLAN.rate(deck, number=number, seconds=SECONDS, at=AT),
            ),
        ]
        for explained, charge in pairs:
            if explained.charge != charge:
                raise SystemExit(f"{number} is explained as {explained.charge}, and charged {charge}")


if __name__ == "__main__":
    main()
