"""Single decisions of a router over the illustrative sheet of the world.

python benches/decide.py [--numbers 20000] [--passes 7]
"""

from __future__ import annotations

import argparse
import pathlib
import random
import statistics
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import report
from dialnexa_routing import RateDeck, RateSheet
from dialnexa_routing.money.call_words import Path
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import DeckPrices
from dialnexa_routing.workspace.decision import Allowed
from dialnexa_routing.workspace.policy.question import Facts
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.workspace import Workspace
from rounds import alone_on_one_core

if TYPE_CHECKING:
    from collections.abc import Callable

WORLD = pathlib.Path(__file__).parents[1] / "data" / "world.csv"
TARGET_US = 15
AT = datetime(2026, 6, 1, 6, tzinfo=UTC)
FACTS = Facts(kyc_verified=True, balance=Decimal(10**6), live_calls=3)
OWN, TRUNK = "+912212345678", "+912212345679"
_CLOSED = ("US", "JM")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--numbers", type=int, default=20_000, help="different ones, each asked once a pass")
    parser.add_argument("--passes", type=int, default=7, help="of which the median counts")
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("decide")
    deck = RateSheet.read(WORLD).compile()
    numbers = called(deck, options.numbers, options.seed)
    rows = []
    for what, ask in questions(deck).items():
        share = checked(ask, deck, numbers)
        laps = [each(ask, numbers) for _ in range(options.passes)]
        middle = statistics.median(laps)
        told.add("world", "", what, "one decision, cpu time", middle, "us")
        rows.append([what, f"{middle:.2f}", f"{min(laps):.2f}", f"{share:.0%}"])
    report.table(
        f"One decision, us of cpu; at most {TARGET_US} are wanted, explanations aside",
        ["question", "median", "best", "allowed"],
        rows,
    )
    told.finish(options)


def called(deck: RateDeck, count: int, seed: int) -> list[str]:
    """Numbers under random prefixes, in no order that helps."""
    draw = random.Random(seed)
    prefixes = deck.prefixes()
    tails = (f"{draw.randrange(10**11):011}" for _ in range(count))
    return [f"+{(draw.choice(prefixes) + tail)[:12]}" for tail in tails]


def questions(deck: RateDeck) -> dict[str, Callable[[str], object]]:
    """Ways to ask; every country is on but two."""
    bare, merged = router(deck, {}), router(deck, {"choices": {"winner": "enabled_groups"}})
    full = router(
        deck,
        {
            "billing_plan": "growth",
            "choices": {"capacity": 10, "balance_need": "whole_call"},
            "calling_window": {"start": "09:00", "end": "21:00", "zone": "Asia/Kolkata"},
        },
    )
    return {
        "outbound": lambda to: bare.outbound(to, OWN, at=AT),
        "outbound, merged view": lambda to: merged.outbound(to, OWN, at=AT),
        "outbound, plan, window and facts": lambda to: full.outbound(to, OWN, facts=FACTS, at=AT),
        "outbound, agent named": lambda to: bare.outbound(to, agent="sales", at=AT),
        "outbound, SIP trunk": lambda to: bare.outbound(to, TRUNK),
        "explain_outbound": lambda to: bare.explain_outbound(to, OWN, at=AT).decision,
    }


def router(deck: RateDeck, fields: dict[str, object]) -> Router:
    names: dict[str, list[str]] = {}
    for group in deck.network_groups:
        names.setdefault(group.country_iso or "ZZ", []).append(group.name)
    plain: dict[str, object] = {
        "id": "bench",
        "sip_enabled": True,
        "agents": [{"id": "sales", "versions": [{"version": 1, "status": "published"}]}],
        "numbers": [
            {"number": OWN, "outbound_version": "sales@1"},
            {"number": TRUNK, "outbound_version": "sales@1", "sip_trunk_enabled": True},
        ],
        "enabled": [
            {"provider": "plivo", "country_iso": iso, "network_groups": groups}
            for iso, groups in names.items()
            if iso not in _CLOSED
        ],
    }
    plan = BillingPlan(id="growth", llm=Decimal(1), telephony=DeckPrices(markup_percent=Decimal(10)))
    return Router(
        Workspace.model_validate(plain | fields), decks={"plivo": deck}, plans=[plan], number_plan=None
    )


def checked(ask: Callable[[str], object], deck: RateDeck, numbers: list[str]) -> float:
    """The share that is allowed; over the network a call goes where the deck leads, or nowhere."""
    allowed = 0
    for number in numbers:
        decision = ask(number)
        prefix = decision.prefix if isinstance(decision, Allowed) else None
        allowed += isinstance(decision, Allowed)
        if isinstance(decision, Allowed) and decision.path is Path.SIP_TRUNK:
            continue
        match = deck.match(number, at=AT, direction="outbound")
        is_open = match is not None and not match.blocked and match.country_iso not in _CLOSED
        if prefix != (match.prefix if match is not None and is_open else None):
            raise SystemExit(f"{number} goes by prefix {prefix}, and the deck says otherwise")
    return allowed / len(numbers)


def each(ask: Callable[[str], object], numbers: list[str]) -> float:
    """Microseconds a question, the loop included."""
    start = time.thread_time_ns()
    for number in numbers:
        ask(number)
    return (time.thread_time_ns() - start) / len(numbers) / 1000


if __name__ == "__main__":
    main()
