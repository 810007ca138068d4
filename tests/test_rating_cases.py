"""Worked cases that others published, rated by the real deck: see `UNREACHABLE` for what is left out."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from decks import deck_of
from dialnexa_routing import Semantics, records

PATH = Path(__file__).parents[2] / "shared" / "cases" / "rating_cases.jsonl"
pytestmark = pytest.mark.skipif(not PATH.exists(), reason="the public cases are not beside this checkout")
CASES = [json.loads(line) for line in PATH.read_text("utf-8").splitlines()] if PATH.exists() else []

UNREACHABLE = {
    "negative": "a refund of negative seconds: here a reason, never an amount (R51)",
    "tax": "taxes are a step of their own on totals (R52)",
    "attempt": "a fee for attempts that fail: an unanswered call costs nothing (R43)",
    "extra": "a fee due at a later second of the call",
    "bands": "one call cut into two prices by the clock: the price at answer time holds (R50)",
    "tiers": "a second price inside one call",
    "fractions": "blocks of a part of a second",
}
"""Why a case cannot be said with the columns of a rate sheet."""

COUNTS = {"fractions": 15, "tiers": 10, "bands": 3, "extra": 3, "negative": 2, "tax": 1, "attempt": 1}


class OutOfReachError(Exception):
    """The case needs what no row can say; its text is a key of `UNREACHABLE`."""


def row_of(case: dict[str, Any]) -> dict[str, Any]:
    """The one row that says what the case says, or why there is none."""
    features = {"vat_percent": "tax", "attempt_fee": "attempt", "extra_at_s": "extra", "segments": "bands"}
    for feature, why in features.items():
        if feature in case:
            raise OutOfReachError(why)
    if Decimal(case["duration_s"]) < 0:
        raise OutOfReachError("negative")
    row = {
        "prefix": "91",
        "outbound_rate": case.get("rate", "1"),
        "rate_unit_s": case.get("rate_unit_s", 60),
        "connect_fee": case["connect_fee"],
        "initial_increment_s": case["initial_increment_s"],
        "next_increment_s": case["increment_s"],
        "minimum_s": int(case["min_duration"] or 0),
        "grace_s": int(case.get("grace_s", 0)),
        "free_s": int(case.get("free_s", 0)),
        "min_charge": case.get("min_charge"),
        "max_charge": case.get("max_cost", {}).get("amount"),
    }
    if "tiers" in case:
        row |= timed_tiers(case)
    if "volume_tiers" in case:
        row |= volume_tiers(case)
    return row


def timed_tiers(case: dict[str, Any]) -> dict[str, Any]:
    """Tiers of one price are increments; one for nothing in front is free seconds."""
    # A tier that the call does not reach says nothing.
    tiers = [tier for tier in case["tiers"] if tier["from_s"] < Decimal(case["duration_s"])]
    free = 0
    if tiers[0]["rate"] == "0":
        free = case["tiers"][1]["from_s"]
        tiers = tiers[1:] or case["tiers"][1:2]
    price = {(Decimal(tier["rate"]), tier["rate_unit_s"]) for tier in tiers}
    first, last = tiers[0], tiers[-1]
    if len(price) > 1 or (len(tiers) > 1 and last["from_s"] != first["increment_s"]):
        raise OutOfReachError("tiers")
    return {
        "outbound_rate": first["rate"],
        "rate_unit_s": first["rate_unit_s"],
        "initial_increment_s": first["increment_s"],
        "next_increment_s": last["increment_s"],
        "free_s": free,
    }


def volume_tiers(case: dict[str, Any]) -> dict[str, Any]:
    """Tiers that take their width each and cost nothing behind the last: one price up to a maximum."""
    left, reached, widths = Fraction(case["duration_s"]), [], [Fraction(0)]
    for tier in case["volume_tiers"]:
        if left > sum(widths):
            reached.append(tier)
            widths.append(Fraction(tier["to"]) - Fraction(tier["from"]))
    first, interval, width = reached[0], Fraction(reached[0]["interval"]), sum(widths)
    if any(Fraction(tier["interval"]).denominator > 1 for tier in reached):
        raise OutOfReachError("fractions")
    prices = {(tier["price"], tier["interval"]) for tier in reached}
    if len(prices) > 1 or any(part % interval for part in widths[:-1]):
        raise OutOfReachError("tiers")
    blocks = -(-width // interval)
    most = blocks * Fraction(first["price"]) + Fraction(case["connect_fee"])
    return {
        "outbound_rate": first["price"],
        "rate_unit_s": int(interval),
        "initial_increment_s": int(interval) if first["ceil"] else 1,
        "next_increment_s": int(interval) if first["ceil"] else 1,
        "max_charge": Decimal(most.numerator) / most.denominator,
    }


def semantics_of(case: dict[str, Any]) -> Semantics:
    method, decimals = case["rounding"]["method"], case["rounding"]["decimals"]
    strategy = case.get("max_cost", {}).get("strategy")
    return Semantics(
        max_charge="disconnect" if strategy == "disconnect" else "cap",
        rounding="half_up" if method == "none" else method,
        # An exact charge that nine places hold is the same at twenty.
        decimals=9 if decimals is None else min(decimals, 9),
    )


def reach(case: dict[str, Any]) -> str | None:
    try:
        row_of(case)
    except OutOfReachError as error:
        return str(error)
    return None


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if not reach(case)])
def test_r53_published_cases(case: dict[str, Any]) -> None:
    deck, choices, number = deck_of([row_of(case)]), semantics_of(case), "919812345678"
    seconds = Decimal(case["duration_s"])
    charge = deck.rate(number, seconds, semantics=choices)
    if "expected_billed_s" in case:
        assert charge.billed_seconds == case["expected_billed_s"]
    if "oracle_cost" in case:
        assert charge.total == Decimal(case["oracle_cost"])
        if case["rounding"]["method"] == "none":
            assert charge.exact == Fraction(case["oracle_cost"])
    frame = pl.DataFrame({"to": [number], "seconds": [str(seconds)]})
    rated = records.rate(frame, deck=deck, semantics=choices).select("billed_seconds", "charge").row(0)
    assert rated == (charge.billed_seconds, charge.total)
    assert "expected_billed_s" in case or "oracle_cost" in case


def test_r53_every_published_case_is_rated_or_listed() -> None:
    out = Counter(why for case in CASES if (why := reach(case)))
    assert set(out) <= set(UNREACHABLE) == set(COUNTS)
    assert dict(out) == COUNTS
    rated = sum(reach(case) is None for case in CASES)
    assert (rated, rated + out.total()) == (129, 164)
