"""Charges that an engine counted in binary floats are named so; costs of CGRateS, June 2026 (R48)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from decks import deck_of
from dialnexa_routing import Semantics
from dialnexa_routing.billing.reconciliation import reconcile
from dialnexa_routing.billing.their_floats import moved

HAIR = Decimal("0.000000001")
LADDER = {
    "bands": [
        {
            "tiers": [
                {"rate": "1.7", "rate_unit_s": "60", "increment_s": "30"},
                {"from_s": "60", "rate": "0.000321", "rate_unit_s": "60", "increment_s": "6"},
            ]
        }
    ]
}


def flat(rate: str, unit: int, initial: int, following: int) -> dict[str, Any]:
    increments = {"initial_increment_s": initial, "next_increment_s": following}
    return {"outbound_rate": rate, "rate_unit_s": unit, **increments}


@pytest.mark.parametrize(
    ("row", "seconds", "rounding", "decimals", "theirs"),
    [
        (flat("1.7", 30, 30, 30), 560, "down", 5, "32.29999"),
        (flat("0.1", 60, 10, 1), 79, "down", 5, "0.13189"),
        (flat("3.1761", 60, 1, 1), 639, "half_up", 5, "33.82227"),
        ({"schedule": json.dumps(LADDER)}, 79, "down", 5, "1.70011"),
    ],
)
def test_r48_a_charge_by_binary_floats_is_named(
    row: dict[str, Any], seconds: int, rounding: str, decimals: int, theirs: str
) -> None:
    deck = deck_of([{"prefix": "91", **row}])
    semantics = Semantics.preset("cgrates", rounding=rounding, decimals=decimals)
    calls = pl.DataFrame({"call_id": [1], "to": ["919812345678"], "seconds": [seconds]})

    def found(charge: str) -> tuple[str, str | None]:
        records = pl.DataFrame({"call_id": [1], "charge": [charge]})
        rows = reconcile(calls, records, deck=deck, semantics=semantics).rows
        cause, detail = rows.select("cause", "detail").row(0)
        return cause, detail

    ours = deck.rate("919812345678", seconds, semantics=semantics).total
    assert ours is not None
    assert ours != Decimal(theirs)
    assert found(theirs) == ("rounding", "their float, an amount a hair off")
    assert found(str(ours)) == ("agrees", None)
    assert found(str(Decimal(theirs) + 40))[0] == "other"


def test_prices_are_moved_by_their_last_place_and_nothing_else_is() -> None:
    rows: list[dict[str, Any]] = [
        {"prefix": "91", "network_group": "India", "outbound_rate": "0.61", "inbound_rate": "0"},
        {"prefix": "9198", "network_group": "Mobile", "schedule": json.dumps(LADDER), "connect_fee": "0.1"},
        {"prefix": "1", "network_group": "US", "outbound_rate": "1.5", "blocked": True},
    ]
    deck = deck_of(rows)
    there, back = moved(deck, HAIR), moved(moved(deck, HAIR), HAIR.copy_negate())
    assert back.digest == deck.digest
    by = {row["prefix"]: row for row in there.rows().iter_rows(named=True)}
    assert (by["91"]["outbound_rate"], by["91"]["inbound_rate"]) == (Decimal("0.610000001"), 0)
    tiers = json.loads(by["9198"]["schedule"])["bands"][0]["tiers"]
    assert [tier["rate"] for tier in tiers] == ["1.700000001", "0.000321001"]
    assert by["9198"]["connect_fee"] == Decimal("0.1")
