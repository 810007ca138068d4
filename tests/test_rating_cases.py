"""Worked cases that others published, rated by the real deck: see `UNREACHABLE` for what is left out.

A case becomes a row by what it says: tiers, bands and late fees a schedule, everything else columns.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
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
}
"""Why a case cannot be said with the columns of a rate sheet."""

COUNTS = {"negative": 2, "tax": 1, "attempt": 1}


class OutOfReachError(Exception):
    """The case needs what no row can say; its text is a key of `UNREACHABLE`."""


def row_of(case: dict[str, Any]) -> dict[str, Any]:
    """The one row that says what the case says, or why there is none."""
    features = {"vat_percent": "tax", "attempt_fee": "attempt"}
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
    schedule = schedule_of(case)
    if schedule:
        row |= {"schedule": json.dumps(schedule), "outbound_rate": None, "connect_fee": None}
    return row


def schedule_of(case: dict[str, Any]) -> dict[str, Any] | None:
    """What no flat rate can say: tiers, tiers of a volume, or a call that was cut by the clock."""
    if "segments" in case:
        return by_the_clock(case)
    if "volume_tiers" in case:
        tiers = volume(case["volume_tiers"])
    elif "tiers" in case:
        tiers = [{name: str(value) for name, value in tier.items()} for tier in case["tiers"]]
    else:
        return None
    fee = case["connect_fee"]
    if "extra_at_s" in case:
        # The source repeats the extra amount as a connect fee, for those who have no other word for it.
        fee = "0"
        at = str(case["extra_at_s"])
        if at not in {tier["from_s"] for tier in tiers}:
            before = [tier for tier in tiers if Decimal(tier["from_s"]) < Decimal(at)]
            tiers = [*before, before[-1] | {"from_s": at}, *tiers[len(before) :]]
        tiers = [tier | ({"fee": case["extra_amount"]} if tier["from_s"] == at else {}) for tier in tiers]
    return {"bands": [{"connect_fee": fee, "tiers": tiers}]}


def volume(published: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Only the width of a published tier counts; one that does not round up has blocks of a thousandth."""
    tiers, start = [], Decimal(0)
    for tier in published:
        end = start + Decimal(tier["to"]) - Decimal(tier["from"])
        tiers.append(
            {
                "from_s": str(start),
                "to_s": str(end),
                "rate": tier["price"],
                "rate_unit_s": tier["interval"],
                "increment_s": tier["interval"] if tier["ceil"] else "0.001",
            }
        )
        start = end
    return tiers


def by_the_clock(case: dict[str, Any]) -> dict[str, Any]:
    """A band for each part of the call; the last one holds until the call began, a day later."""
    times = [datetime.fromisoformat(case["answer_time"])]
    for part in case["segments"]:
        times.append(times[-1] + timedelta(seconds=part["duration_s"]))
    clocks = [f"{time:%H:%M}" for time in times[:-1]]
    return {
        "zone": "UTC",
        "bands": [
            {
                "hours": [{"start": start, "end": end}],
                "connect_fee": case["connect_fee"],
                "tiers": [{name: str(part[name]) for name in ("rate", "rate_unit_s", "increment_s")}],
            }
            for part, start, end in zip(case["segments"], clocks, [*clocks[1:], clocks[0]], strict=True)
        ],
    }


def semantics_of(case: dict[str, Any]) -> Semantics:
    method, decimals = case["rounding"]["method"], case["rounding"]["decimals"]
    strategy = case.get("max_cost", {}).get("strategy")
    return Semantics(
        max_charge="disconnect" if strategy == "disconnect" else "cap",
        tiers="volume" if "volume_tiers" in case else "anchored",
        bands="split" if "segments" in case else "by_start",
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
    at = datetime.fromisoformat(case["answer_time"]) if "answer_time" in case else None
    charge = deck.rate(number, seconds, at=at, semantics=choices)
    if "expected_billed_s" in case:
        assert charge.billed_seconds == case["expected_billed_s"]
    if "oracle_cost" in case:
        assert charge.total == Decimal(case["oracle_cost"])
        if case["rounding"]["method"] == "none":
            assert charge.exact == Fraction(case["oracle_cost"])
    times = pl.Series("answered_at", [at], dtype=pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"to": [number], "seconds": [str(seconds)]}).with_columns(times)
    rated = records.rate(frame, deck=deck, semantics=choices).select("billed_seconds", "charge").row(0)
    assert rated == (charge.billed_seconds, charge.total)
    assert "expected_billed_s" in case or "oracle_cost" in case


def test_r53_every_published_case_is_rated_or_listed() -> None:
    out = Counter(why for case in CASES if (why := reach(case)))
    assert set(out) <= set(UNREACHABLE) == set(COUNTS)
    assert dict(out) == COUNTS
    rated = sum(reach(case) is None for case in CASES)
    assert (rated, rated + out.total()) == (160, 164)


# What a declared rounding explains; the drift of a binary float is nobody's meaning.
DRIFTED = [case for case in CASES if case["kind"] == "peer_drift" and case["rounding"]["method"] != "none"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in DRIFTED])
def test_r48_the_preset_gives_the_invoice_that_the_peer_sent(case: dict[str, Any]) -> None:
    """CGRateS rounds each increment first; its invoice is reproduced, and strict rules say what was due."""
    deck, seconds = deck_of([row_of(case)]), Decimal(case["duration_s"])
    rounding = {"rounding": case["rounding"]["method"], "decimals": case["rounding"]["decimals"]}
    peer, strict = (Semantics.preset(name, **rounding) for name in ("cgrates", "strict"))
    assert deck.rate("919812345678", seconds, semantics=peer).total == Decimal(case["expected_cost"])
    due = deck.rate("919812345678", seconds, semantics=strict).total
    assert due == Decimal(case["oracle_cost"]) != Decimal(case["expected_cost"])


def test_r48_cases_of_drift_are_there() -> None:
    assert len(DRIFTED) == 10
