"""The expressions are good citizens of a Polars query: lazy, streaming, pushed past, computed once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from decks import DATED, INDIA, MOBILE, deck_of
from dialnexa_routing import RateDeck, RecordError, records
from dialnexa_routing.deck import match_columns as columns
from dialnexa_routing.deck.match_columns import MATCH_FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    from polars._typing import EngineType

DECK = deck_of(INDIA)
CALLS = pl.DataFrame(
    {
        "id": range(1, 7),
        "to": [MOBILE, "+14155550100", "18765550100", "914012345678", "x", None],
        "seconds": [61, 1, 60, 10, 10, 10],
        "agent": ["a", "b", "a", "b", "a", "b"],
    }
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Heights of the batches that really were matched."""
    heights: list[int] = []
    original = columns._Matcher.__call__

    def counting(self: columns._Matcher, batch: pl.Series) -> pl.Series:
        heights.append(len(batch))
        return original(self, batch)

    monkeypatch.setattr(columns._Matcher, "__call__", counting)
    return heights


def test_nothing_is_asked_before_collect(asked: list[int]) -> None:
    lazy = CALLS.lazy().with_columns(DECK.match(pl.col("to")))
    assert lazy.collect_schema()["match"] == pl.Struct(
        {name: columns.MATCH_TYPES[name] for name in MATCH_FIELDS}
    )
    assert asked == []
    lazy.collect()
    assert sum(asked) == 6


def test_a_filter_on_another_column_goes_below(asked: list[int]) -> None:
    lazy = CALLS.lazy().with_columns(DECK.match(pl.col("to"), fields="prefix")).filter(pl.col("agent") == "a")
    plan = lazy.explain()
    assert 0 < plan.index("python_udf") < plan.index("FILTER")  # what is lower in the plan comes first
    assert lazy.collect()["prefix"].to_list() == ["9198", "1876", None]
    assert sum(asked) == 3


def test_a_filter_on_the_answer_stays_above(asked: list[int]) -> None:
    prefix = DECK.match(pl.col("to"), fields="prefix")
    lazy = CALLS.lazy().with_columns(prefix).filter(pl.col("prefix") == "1")
    assert lazy.collect()["id"].to_list() == [2]
    assert sum(asked) == 6


def test_head_asks_only_for_the_head(asked: list[int]) -> None:
    lazy = CALLS.lazy().with_columns(DECK.match(pl.col("to"), fields="prefix")).head(2)
    assert lazy.collect()["prefix"].to_list() == ["9198", "1"]
    assert sum(asked) == 2


def test_columns_that_nobody_wants_are_not_computed(asked: list[int]) -> None:
    lazy = CALLS.lazy().with_columns(DECK.match(pl.col("to"))).select("id")
    assert lazy.collect().columns == ["id"]
    assert asked == []


def test_one_expression_used_twice_is_computed_once(asked: list[int]) -> None:
    group = DECK.match(pl.col("to"), fields="network_group")
    lazy = CALLS.lazy().select(group, group.str.to_uppercase().alias("upper"), group.is_null().alias("none"))
    assert lazy.collect().rows()[:2] == [
        ("India - Mobile", "INDIA - MOBILE", False),
        ("United States", "UNITED STATES", False),
    ]
    assert sum(asked) == 6


def test_many_fields_are_computed_once_by_unnest(asked: list[int]) -> None:
    """Polars shares no struct between `struct.field` of one select: `unnest` is the way to all fields."""
    lazy = CALLS.lazy().select(DECK.match(pl.col("to"))).unnest("match").select("prefix", "reason")
    assert lazy.collect().rows()[:2] == [("9198", None), ("1", None)]
    assert sum(asked) == 6


def test_it_streams(tmp_path: Path) -> None:
    lazy = records.rate(CALLS.lazy(), deck=DECK)
    graph = lazy.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    assert graph is not None
    nodes = [line for line in graph.splitlines() if "label=" in line]
    assert [line for line in nodes if "python_udf" in line and "with-columns" in line]
    assert not [line for line in nodes if "in-memory-map" in line]
    path = tmp_path / "rated.parquet"
    lazy.sink_parquet(path)
    assert pl.read_parquet(path).equals(records.rate(CALLS, deck=DECK))


def test_over_and_group_by_keep_rows_and_order() -> None:
    prefix = DECK.match(pl.col("to"), fields="prefix")
    plain = CALLS.select(prefix)["prefix"].to_list()
    assert CALLS.select(prefix.over("agent"))["prefix"].to_list() == plain
    grouped = CALLS.group_by("agent", maintain_order=True).agg("id", prefix)
    assert grouped["prefix"].to_list() == [plain[0::2], plain[1::2]]
    charge = records.rated(DECK, fields="charge")
    sums = CALLS.group_by("agent", maintain_order=True).agg(charge.sum())
    assert sums.rows() == [("a", Decimal("13.90")), ("b", Decimal("1.10"))]


def test_it_composes_with_other_expressions() -> None:
    blocked = DECK.match(pl.col("to"), fields="blocked")
    frame = CALLS.with_columns(
        pl.when(blocked).then(pl.lit("no")).otherwise(pl.lit("yes")).alias("may"),
        DECK.match(pl.lit(MOBILE), fields="network_group"),
        DECK.match(pl.col("to").str.strip_prefix("+"), fields="reason"),
    )
    assert frame["may"].to_list() == ["yes", "yes", "yes", "no", "yes", "yes"]
    assert frame["network_group"].unique().to_list() == ["India - Mobile"]
    assert frame["reason"].to_list() == [None, None, None, "blocked", "invalid_number", "missing_number"]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_our_exceptions_come_through_collect(engine: EngineType) -> None:
    naive = CALLS.with_columns(answered_at=pl.datetime(2026, 2, 1)).lazy()
    with pytest.raises(RecordError, match="without a zone"):
        records.rate(naive, deck=deck_of(DATED)).collect(engine=engine)
    with pytest.raises(TypeError, match="Float64"):
        CALLS.lazy().select(DECK.match(pl.col("seconds").cast(pl.Float64))).collect(engine=engine)


def test_a_missing_column_is_told_with_the_nearest_before_collect() -> None:
    with pytest.raises(RecordError, match="there is no column 'number'"):
        records.rate(CALLS.lazy(), deck=DECK, number="number")
    with pytest.raises(RecordError, match="'secnods'; nearest: 'seconds'"):
        records.rate(CALLS.lazy(), deck=DECK, seconds="secnods")
    with pytest.raises(RecordError, match="'answered_at'"):
        records.rate(CALLS.lazy(), deck=deck_of(DATED))
    with pytest.raises(RecordError, match="'prefix' already"):
        records.rate(CALLS.with_columns(prefix=1), deck=DECK)


def test_the_added_columns_can_have_a_prefix_and_come_last() -> None:
    rated = records.rate(CALLS.with_columns(prefix=1), deck=DECK, add_prefix="rated_")
    assert rated.columns == [
        *CALLS.columns,
        "prefix",
        *(f"rated_{name}" for name in (*records.RATED_FIELDS, "answered_at_utc", "deck_digest")),
    ]


def test_r51_a_column_named_rated_is_kept() -> None:
    rated = records.rate(CALLS.with_columns(rated=pl.lit("mine")), deck=DECK)
    assert rated["rated"].unique().to_list() == ["mine"]


def test_a_deck_is_kept_by_its_expression() -> None:
    expression = RateDeck.from_bytes(DECK.to_bytes()).match(pl.col("to"), fields="prefix")
    assert CALLS.select(expression)["prefix"].to_list()[:2] == ["9198", "1"]
