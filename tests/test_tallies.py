"""Tallies of many files put together as they come: the same totals, in memory that goes with customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dialnexa_routing import testing
from dialnexa_routing.job import totals as module
from dialnexa_routing.job.customer_totals import customer_totals
from dialnexa_routing.job.totals import Tallies, totals

DECK = testing.deck({"91": "0.60"})
KEYS: dict[str, list[str | None]] = {
    "country_iso": ["IN", None],
    "network_group": ["India", "India - Mobile"],
    "reason": [None, "impossible_number"],
    "workspace": ["acme", None],
    "plan_id": [None],
    "deck_digest": [DECK.digest],
}
ROW = st.fixed_dictionaries(
    {name: st.sampled_from(words) for name, words in KEYS.items()}
    | {name: st.integers(0, 9) for name in ("rows", "charged", "billed_seconds")}
    | {"charge": st.integers(-9, 9).map(lambda paise: Decimal(paise).scaleb(-2))}
)
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(KEYS, pl.String),
    **dict.fromkeys(("rows", "charged", "billed_seconds"), pl.Int64),
    "charge": pl.Decimal(38, 2),
}


@given(files=st.lists(st.lists(ROW, max_size=5), max_size=6))
def test_r48_totals_are_those_of_all_files_at_once(files: list[list[dict[str, Any]]]) -> None:
    frames = [pl.DataFrame(rows, SCHEMA) for rows in files]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", 1)
        tallies = Tallies()
        for one in frames:
            tallies.add(one)
        together = tallies.all()
    assert len(together) <= 1
    if frames:
        assert_frame_equal(totals(together, "p"), totals(frames, "p"))
        assert_frame_equal(customer_totals(together, DECK), customer_totals(frames, DECK))
