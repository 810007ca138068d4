"""What Arrow allows and hardly anybody writes: null structs, columns without a type, types asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from decks import INDIA, deck_of
from dialnexa_routing import RateDeck, _deck, records
from dialnexa_routing.money.exact import Rounding
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.text.errors import MoneyError, RecordError, SheetError

DECK = deck_of(INDIA)
NUMBER = "919812345678"


def arrow() -> Any:
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed")


def rows_with_hidden(**columns: Any) -> Any:
    """Three rows of structs whose second is null, with values under it."""
    pa = arrow()
    filled = {name: pa.array([value] * 3) for name, value in columns.items()}
    mask = pa.array([False, True, False])
    return pa.chunked_array([pa.StructArray.from_arrays(list(filled.values()), list(filled), mask=mask)])


def told(column: Any) -> list[Any]:
    return pl.Series(column).to_list()


def rated(deck: RateDeck, rows: Any, *fields: str) -> list[Any]:
    """Rows rated by the compiled core itself."""
    how: dict[str, Any] = {"name": "rated", "alone": len(fields) == 1, "per_second": 1}
    return told(deck._core.rate_column(rows, list(fields), Semantics().core, **how))


def test_a_null_row_of_structs_is_no_number() -> None:
    rows = rows_with_hidden(number=NUMBER, direction="outbound")
    assert told(DECK.match(rows, fields="reason")) == [None, "missing_number", None]
    assert told(DECK.match(rows, fields="prefix")) == ["9198", None, "9198"]


def test_r51_a_null_row_of_structs_is_not_rated() -> None:
    rows = rows_with_hidden(number=NUMBER, ticks=60, direction="outbound")
    assert rated(DECK, rows, "reason") == [None, "missing_number", None]
    first, none, last = rated(DECK, rows, "charge", "billed_seconds")
    assert first == last
    assert first["charge"] is not None
    assert none == {"charge": None, "billed_seconds": None}


def test_r51_a_null_row_of_structs_is_not_rated_by_a_plan() -> None:
    plans = PreparedPlans(DECK, [BillingPlan(id="one", stt="1", llm="1", tts="1", platform="1")])
    rows = rows_with_hidden(number=NUMBER, ticks=60, plan="one", voicemail=False)
    how: dict[str, Any] = {"name": "rated", "per_second": 1, "agent_kind": "cascaded", "path": "pstn"}
    out = pl.Series(plans._cores[0].rate_column(rows, direction="outbound", **how)).struct.unnest()
    assert out["charge"].is_null().to_list() == [False, True, False]
    assert out["reason"].to_list() == [None, "missing_number", None]


def test_r22_a_null_row_is_not_compiled() -> None:
    pa = arrow()
    core = DECK._core.rows()
    good = pa.chunked_array(core).combine_chunks()
    hidden = pa.StructArray.from_arrays(
        [good.field(at) for at in range(good.type.num_fields)],
        [good.type.field(at).name for at in range(good.type.num_fields)],
        mask=pa.array([at == 1 for at in range(len(good))]),
    )
    names = set(hidden.type.names)
    if "schedule" not in names:
        pytest.skip("rows name no schedules")
    columns = {name: hidden.field(name) for name in hidden.type.names}
    columns["schedule"] = pa.nulls(len(hidden), pa.uint32())
    for name in ("rate_unit_s", "initial_increment_s", "next_increment_s", "minimum_s", "grace_s", "free_s"):
        columns[name] = columns[name].cast(pa.uint32())
    columns["source_row"] = pa.nulls(len(hidden), pa.uint32())
    again = pa.StructArray.from_arrays(list(columns.values()), list(columns), mask=hidden.is_null())
    with pytest.raises(SheetError, match='prefix "" is not'):
        _deck.Deck.compile(
            pa.chunked_array([again]), [], [], [], note=[], keep_redundant=True, keep_sources=False
        )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_null_struct_of_duckdb_is_no_number() -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    arrow()
    query = f"""SELECT CASE WHEN place = 1 THEN NULL ELSE {{'number': '{NUMBER}'}} END AS one
        FROM range(3) AS rows(place) ORDER BY place"""
    with duckdb.connect() as connection:
        column = connection.sql(query).to_arrow_table()["one"]
    assert told(DECK.match(column, fields="reason")) == [None, "missing_number", None]


NONE = pl.Series("to", [None, None])


def test_a_column_without_a_type_is_of_missing_numbers() -> None:
    missing = ["missing_number"] * 2
    frame = pl.DataFrame({"to": NONE, "seconds": [1, 2], "way": NONE, "when": NONE})
    assert DECK.match(NONE, fields="reason").to_list() == missing
    one = DECK.match(pl.col("to"), fields="reason")
    assert frame.select(one)["reason"].to_list() == missing
    other = DECK.match(pl.col("to"), at=pl.col("when"), direction=pl.col("way"), fields="reason")
    assert frame.lazy().select(other).collect(engine="streaming")["reason"].to_list() == missing
    assert told(DECK.match(pl.DataFrame({"number": NONE, "direction": NONE}), fields="reason")) == missing
    for unread in (frame, frame.with_columns(seconds=NONE)):
        got = records.rate(unread, deck=DECK, direction="way")
        assert got["reason"].to_list() == missing


def test_plans_take_words_without_a_type() -> None:
    plan = BillingPlan(id="one", stt="1", llm="1", tts="1", platform="1")
    frame = pl.DataFrame({"to": [NUMBER] * 2, "seconds": [1, 2], "plan": NONE, "path": NONE})
    assert (
        records.rate(frame.drop("path"), deck=DECK, plans=[plan])["reason"].to_list() == ["unknown_plan"] * 2
    )
    got = records.rate(frame.drop("plan"), deck=DECK, plan=plan, path="path")
    assert got["reason"].to_list() == ["invalid_path"] * 2


def test_a_column_of_nothing_that_no_memory_could_answer_is_refused() -> None:
    pa = arrow()
    none = pa.NullArray.from_buffers(pa.null(), 1 << 45, [None])  # a number of rows, and no memory
    with pytest.raises(RecordError, match="35184372088832 rows and no value in any"):
        DECK.match(none)
    rows = pa.StructArray.from_buffers(pa.struct([("number", pa.null())]), 1 << 45, [None], children=[none])
    with pytest.raises(RecordError, match=r'column "number" has 35184372088832 rows'):
        DECK.match(rows, fields="reason")


def test_what_stands_under_a_null_direction_is_not_looked_at() -> None:
    """A null text view may hold anything, also what leads to no buffer."""
    pa = arrow()
    view = b"\x10\x00\x00\x00none\x63\x00\x00\x00\x63\x00\x00\x00"
    one = b"\x08\x00\x00\x00outbound\x00\x00\x00\x00"
    parts = [pa.py_buffer(b"\x01"), pa.py_buffer(one + view)]
    ways = pa.Array.from_buffers(pa.string_view(), 2, parts, null_count=1)
    rows = pa.StructArray.from_arrays([pa.array([NUMBER] * 2), ways], ["number", "direction"])
    assert told(DECK.match(pa.chunked_array([rows]), fields="prefix")) == ["9198", "9198"]
    ticks = pa.array([60, 60])
    rows = pa.StructArray.from_arrays([pa.array([NUMBER] * 2), ticks, ways], ["number", "ticks", "direction"])
    assert rated(DECK, pa.chunked_array([rows]), "reason") == [None, "invalid_direction"]


FINE = deck_of([{"prefix": "91", "outbound_rate": "0.813700001"}, {"prefix": "44", "outbound_rate": "0.25"}])


def test_r48_a_requested_type_does_not_round_money() -> None:
    pa = arrow()
    fine, round_ = (
        FINE.match(pa.chunked_array([[number]]), fields="outbound_rate") for number in ("91", "44")
    )
    assert pa.chunked_array(round_, type=pa.decimal128(18, 2)).to_pylist() == [Decimal("0.25")]
    assert pa.chunked_array(fine, type=pa.decimal256(40, 12)).to_pylist() == [Decimal("0.813700001")]
    for kind in (pa.decimal128(18, 2), pa.float64(), pa.int64(), pa.decimal128(8, 8)):
        with pytest.raises(MoneyError, match="its values would be others"):
            pa.chunked_array(fine, type=kind)
    # Of a struct too, where the columns are named as they are.
    both = FINE.match(pa.chunked_array([["91"]]), fields=["prefix", "outbound_rate"])
    kind = pa.struct([("prefix", pa.string()), ("outbound_rate", pa.decimal128(18, 2))])
    with pytest.raises(MoneyError, match="its values would be others"):
        pa.chunked_array(both, type=kind)


def test_a_requested_type_does_not_lose_numbers() -> None:
    pa = arrow()
    units = FINE.match(pa.chunked_array([["91"]]), fields="rate_unit_s")
    assert pa.chunked_array(units, type=pa.int8()).to_pylist() == [60]
    deck = deck_of([{"prefix": "91", "outbound_rate": "1", "rate_unit_s": 300}])
    units = deck.match(pa.chunked_array([["91"]]), fields="rate_unit_s")
    with pytest.raises(TypeError, match="its values would be others"):
        pa.chunked_array(units, type=pa.int8())


@pytest.mark.parametrize("seconds", [-(2**63), -(2**63) + 1, -1, 2**63 - 1])
def test_r54_the_shortest_duration_has_one_reason(seconds: int) -> None:
    frame = pl.DataFrame({"to": [NUMBER], "seconds": [seconds]})
    one = DECK.rate(NUMBER, seconds).reason
    assert [one] == records.rate(frame, deck=DECK, semantics=Semantics(rounding=Rounding.HALF_UP))[
        "reason"
    ].to_list()
    plan = BillingPlan(id="one", stt="1", llm="1", tts="1", platform="1")
    alone = plan.rate(DECK, number=NUMBER, seconds=seconds).reason
    assert [alone] == records.rate(frame, deck=DECK, plan=plan)["reason"].to_list()
