"""Allowances over a period: bundles, tiers, discounts, minimums and commitments, and their states."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allowance_oracle
from command import document, folder, run
from decks import INDIA, deck_of, utc
from dialnexa_routing import Period, PeriodState, records
from dialnexa_routing.billing import period
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import ConfigError, RecordError
from strategies import AMOUNT

__all__ = ["folder"]

DECK = deck_of(INDIA)
MONTH = Period()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "allowances.toml").read_text("utf-8"))["case"]
PRICES: dict[str, Any] = {"kind": "deck_prices"}
NOVEMBER = utc(2026, 11, 1)


def rated(calls: list[dict[str, Any]], plans: list[BillingPlan]) -> pl.DataFrame:
    given = [
        {"to": "+919812345678", "direction": "outbound", "workspace": "acme", "path": "pstn"}
        | {"call_id": f"{place:04}"}
        | call
        for place, call in enumerate(calls)
    ]
    return records.rate(pl.DataFrame(given), deck=DECK, plan=plans)


def rated_by(calls: list[dict[str, Any]], plans: list[BillingPlan]) -> pl.DataFrame:
    """Calls that name their plan."""
    given = [
        {"to": "+919812345678", "workspace": "acme", "call_id": f"{place:04}"} | call
        for place, call in enumerate(calls)
    ]
    return records.rate(pl.DataFrame(given), deck=DECK, plans=plans)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_a_worked_case(case: dict[str, Any]) -> None:
    plans = [
        BillingPlan.model_validate({"id": "sold", **case["plan"], **one})
        for one in case.get("versions", [{}])
    ]
    start = utc(2026, 11, case.get("day", 1))
    calls = [
        {
            "to": call.get("to", "+919812345678"),
            "seconds": call["s"],
            "answered_at": start + timedelta(days=call.get("day", 1) - 1, minutes=place),
        }
        for place, call in enumerate(case["calls"])
    ]
    found, state = period.apply(rated(calls, plans), plan=plans, period=MONTH)
    net = [Decimal(call["net"]) for call in case["calls"]]
    assert found["net_charge"].to_list() == net
    assert found["covered_seconds"].to_list() == [call.get("covered", 0) for call in case["calls"]]
    lines, _ = period.close(state, plan=plans)
    assert lines.select("line", "amount").rows() == [
        (line["line"], Decimal(line["amount"])) for line in case.get("lines", [])
    ]


GROUPS = st.sampled_from([(), ("India - Mobile",), ("United States",)])
COUNTRIES = st.sampled_from([(), ("IN",), ("JM", "US")])
SCOPE = {
    "network_groups": GROUPS,
    "countries": COUNTRIES,
    "direction": st.sampled_from([None, None, "outbound"]),
}
COVERS = st.sampled_from(["telephony", "charge"])
MINUTES = st.integers(1, 12)
BUNDLE = st.fixed_dictionaries(
    {"kind": st.just("free_minutes"), "minutes": MINUTES, "covers": COVERS, **SCOPE}
)
TIERS = st.builds(
    lambda ends, prices, scope: {
        "kind": "volume_tiers",
        "tiers": [
            {"up_to_minutes": end, "price": price}
            for end, price in zip([*sorted(ends), None], prices, strict=False)
        ],
        **scope,
    },
    st.lists(MINUTES, max_size=3, unique=True),
    st.lists(AMOUNT, min_size=4, max_size=4),
    st.fixed_dictionaries(SCOPE),
)
PERCENT = st.sampled_from(["0", "7.5", "12.5", "33.3", "100"])
FLAT = st.fixed_dictionaries({"kind": st.just("discount"), "percent": PERCENT, "covers": COVERS, **SCOPE})
ABOVE = st.fixed_dictionaries(
    {
        "kind": st.just("discount"),
        "percent": PERCENT,
        "above": st.sampled_from(["0.01", "3.333333333", "7"]),
        "covers": COVERS,
        **SCOPE,
    }
)
ALLOWANCES = st.builds(
    lambda one, two, three: [*one, *two, *three],
    st.lists(BUNDLE | FLAT, max_size=3),
    st.lists(TIERS | FLAT, max_size=2),
    st.lists(ABOVE | FLAT, max_size=2),
)
SMALL = st.sampled_from(["0", "0.10", "0.333333333", "1.5"])


@st.composite
def sold(draw: st.DrawFn) -> tuple[list[BillingPlan], pl.DataFrame]:
    plans = [
        BillingPlan.model_validate(
            {
                "id": "sold",
                "llm": draw(SMALL),
                "platform": draw(st.none() | SMALL),
                "telephony": draw(st.sampled_from([None, PRICES, PRICES])),
                "pulse": draw(st.sampled_from(["60/60", "1/1", "30/6"])),
                "connect_fee": draw(st.none() | SMALL),
                "rounding": draw(st.sampled_from(["half_up", "half_even", "up", "down"])),
                "decimals": draw(st.sampled_from([2, 2, 4])),
                "allowances": draw(ALLOWANCES),
                "valid_from": start,
            }
        )
        for start in draw(
            st.sampled_from([(None,), (None, utc(2026, 11, 11)), (utc(2026, 11, 3), utc(2026, 11, 9, 7))])
        )
    ]
    first = plans[0].valid_from or utc(2026, 10, 28)
    number = st.sampled_from(["+919812345678", "+911123456789", "+12025550123", "+18761234567", "+4930", "x"])
    calls: list[dict[str, Any]] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "to": number,
                    "seconds": st.integers(0, 200),
                    "answered_at": st.integers(0, 40).map(lambda hours: first + timedelta(hours=13 * hours)),
                    "direction": st.sampled_from(["outbound", "outbound", "inbound"]),
                    "workspace": st.sampled_from(["acme", "bolt", None]),
                    "path": st.sampled_from(["pstn", "pstn", "webrtc"]),
                }
            ),
            min_size=1,
            max_size=14,
        )
    )
    return plans, rated([call for call in calls if call["answered_at"] < utc(2026, 11, 30)], plans)


@given(sold(), st.data())
def test_columns_are_the_plain_loops_in_any_batches(found: Any, data: st.DataObject) -> None:
    plans, rows = found
    begin = date(2026, 11, 1)
    scale = rows.schema["charge"].scale
    start = PeriodState.opened("sold", MONTH, begin)
    after, state = period.apply(rows, plan=plans, period=MONTH, state=start, by="workspace")
    assert after.drop(period.ADDED).equals(rows)  # R51
    order = sorted(rows.to_dicts(), key=lambda row: (row["answered_at_utc"], row["call_id"]))
    months: dict[Any, Any] = {}
    told = {}
    for row in order:
        if row["charge"] is not None:
            month = months.setdefault(row["workspace"], allowance_oracle.Month(plans, begin))
            told[row["call_id"]] = month.net(row, scale)
    got = {row["call_id"]: (row["covered_seconds"], row["net_charge"]) for row in after.to_dicts()}
    assert got == {row["call_id"]: told.get(row["call_id"], (None, None)) for row in order}
    assert after.filter("is_late")["answered_at_utc"].to_list() == [
        one
        for one in rows.filter(pl.col("charge").is_not_null())["answered_at_utc"]
        if one < utc(2026, 10, 31, 18, 30)
    ]
    # Any cuts of the same order give the same rows and the same state, also through a file.
    ordered = pl.DataFrame(order, schema=rows.schema)
    cuts = sorted(data.draw(st.lists(st.integers(0, ordered.height), max_size=3)))
    batches, held = [], start
    for since, until in zip([0, *cuts], [*cuts, ordered.height], strict=True):
        batch = ordered[since:until]
        done, held = period.apply(batch, plan=plans, period=MONTH, state=held, by="workspace")
        held = PeriodState.from_json(held.to_json())
        batches.append(done)
    assert pl.concat(batches).sort("call_id").equals(after.sort("call_id"))
    assert held == state
    nets = after["net_charge"].cast(pl.Decimal(38, 9)).sum()
    assert sum((one.came_to for one in state.spent), Decimal(0)) == nets


def test_a_period_is_a_period() -> None:
    with pytest.raises(TypeError, match=r"period is str; pass a Period, as Period\('Asia/Kolkata'\)"):
        period.apply(pl.DataFrame(), plan=BillingPlan(id="sold"), period="Asia/Kolkata")  # type: ignore[arg-type]


def test_a_late_row_counts_in_the_next_period() -> None:
    plan = BillingPlan.model_validate(
        {"id": "sold", "telephony": PRICES, "allowances": [{"kind": "free_minutes", "minutes": 1}]}
    )
    rows = rated([{"seconds": 60, "answered_at": utc(2026, 11, day)} for day in (1, 2, 3)], [plan])
    first, state = period.apply(rows[:2], plan=plan, period=MONTH)
    assert first["net_charge"].to_list() == [Decimal("0.00"), Decimal("0.75")]
    lines, december = period.close(state, plan=plan)
    assert lines.is_empty()
    assert (december.begin, december.end) == (date(2026, 12, 1), date(2027, 1, 1))
    late, state = period.apply(rows[2:], plan=plan, period=MONTH, state=december)
    assert late.select("net_charge", "period", "is_late").row(0) == (Decimal("0.00"), date(2026, 12, 1), True)
    later = rated([{"seconds": 60, "answered_at": utc(2027, 1, 1)}], [plan])
    with pytest.raises(RecordError, match="close it first"):
        period.apply(later, plan=plan, period=MONTH, state=state)


def test_minimums_are_owed_by_those_who_made_no_call_and_commitments_go_on() -> None:
    asked = [
        {"kind": "minimum_spend", "amount": "10"},
        {"kind": "commitment", "amount": "30", "periods": 2},
    ]
    plan = BillingPlan.model_validate({"id": "sold", "telephony": PRICES, "allowances": asked})
    rows = rated([{"seconds": 900, "answered_at": NOVEMBER}], [plan])
    _, state = period.apply(rows, plan=plan, period=MONTH, by="workspace")
    lines, state = period.close(state, plan=plan, owners=["acme", "bolt"])
    assert lines.select("owner", "line", "amount").rows() == [("bolt", "minimum_spend", Decimal("10.00"))]
    assert PeriodState.from_toml(state.to_toml()) == state
    lines, state = period.close(state, plan=plan)
    assert lines.select("owner", "line", "amount").rows() == [
        ("acme", "minimum_spend", Decimal("10.00")),
        ("acme", "commitment", Decimal("8.75")),
        ("bolt", "minimum_spend", Decimal("10.00")),
        ("bolt", "commitment", Decimal("10.00")),
    ]
    assert state.committed == ()


def test_what_cannot_be_applied_is_refused_with_the_cure() -> None:
    plan = BillingPlan(id="sold", telephony=PRICES)
    rows = rated([{"seconds": 60, "answered_at": utc(2026, 11, day)} for day in (1, 2)], [plan])
    _, state = period.apply(rows, plan=plan, period=MONTH)
    refused: list[tuple[str, pl.DataFrame, dict[str, Any]]] = [
        ("no column 'call_id'", rows.drop("call_id"), {}),
        ("no column 'stt'", rows.drop("stt"), {}),
        ("'charge' is String", rows.cast({"charge": pl.String}), {}),
        ("'period' already", rows.with_columns(period=1), {}),
        ("other plans, as 'else'", rows.with_columns(plan_id=pl.lit("else")), {}),
        ("digest 000", rows.with_columns(plan_digest=pl.lit("0" * 64)), {}),
        ("another charge", rows.with_columns(pl.col("charge") + pl.lit(Decimal("0.01"))), {}),
        ("the order of answer", rows[:1], {"state": state}),
        ("not of 'sold' and", rows, {"state": PeriodState.opened("x", MONTH, date(2026, 11, 1))}),
        ("no row has a charge", rows.clear(), {}),
        (
            "no 'answered_at_utc'",
            rows.with_columns(answered_at_utc=pl.lit(None, pl.Datetime("us", "UTC"))),
            {"state": state},
        ),
    ]
    for says, frame, how in refused:
        with pytest.raises(RecordError, match=says):
            period.apply(frame, plan=plan, period=MONTH, **how)
    with pytest.raises(TypeError, match="versions of one"):
        period.apply(rows, plan=[plan, plan.changed(id="other")], period=MONTH)
    for wrong in ({"zone": "Mars"}, {"starts_on": 29}):
        with pytest.raises(ConfigError):
            Period(**wrong)
    tiers = {"kind": "volume_tiers", "tiers": [{"price": 1}]}
    for order in (
        [tiers, {"kind": "free_minutes", "minutes": 1}],
        [{"kind": "discount", "percent": 1, "above": 1}, tiers],
    ):
        with pytest.raises(ConfigError, match="first"):
            plan.changed(allowances=order)
    with pytest.raises(ConfigError, match="last tier ends"):
        plan.changed(allowances=[tiers | {"tiers": [{"price": 1, "up_to_minutes": 1}]}])


def test_rows_that_cost_nothing_take_no_part() -> None:
    plan = BillingPlan(id="sold", telephony=PRICES)
    calls: list[dict[str, Any]] = [
        {"seconds": 0, "answered_at": None},
        {"seconds": 60, "answered_at": NOVEMBER},
        {"seconds": 60, "answered_at": NOVEMBER, "to": "x"},
    ]
    found, _ = period.apply(rated(calls, [plan]), plan=plan, period=MONTH)
    assert found["net_charge"].to_list() == [Decimal("0.00"), Decimal("0.75"), None]


def test_periods_begin_on_any_day_of_the_month() -> None:
    cycle = Period("Asia/Kolkata", 15)
    assert cycle.around(date(2026, 1, 14)) == (date(2025, 12, 15), date(2026, 1, 15))
    assert cycle.around(date(2026, 1, 15)) == (date(2026, 1, 15), date(2026, 2, 15))
    plan = BillingPlan(id="sold", telephony=PRICES)
    # 14 November, half past six in the evening in UTC, is the 15th in India.
    rows = rated([{"seconds": 60, "answered_at": utc(2026, 11, 14, 18, 30)}], [plan])
    found, state = period.apply(rows, plan=plan, period=cycle)
    assert found["period"].to_list() == [state.begin] == [date(2026, 11, 15)]


@pytest.mark.usefixtures("folder")
def test_one_command_applies_and_closes_a_period() -> None:
    asked = [{"kind": "free_minutes", "minutes": 1}, {"kind": "minimum_spend", "amount": "10"}]
    sold = BillingPlan.model_validate({"id": "sold", "telephony": PRICES, "allowances": asked})
    other = sold.changed(id="other plan", allowances=())
    Path("plans").mkdir()
    sold.save("plans/sold.json")
    other.save("plans/other.toml")
    calls = [
        {"seconds": 60, "answered_at": utc(2026, 11, day), "plan": id_}
        for day, id_ in ((3, "sold"), (1, "sold"), (2, "other plan"), (2, "nobody's"))
    ]
    given = rated_by(calls, [sold, other])
    given.write_parquet("rated.parquet")
    how = ["--plans", "plans", "--lines", "lines.parquet", "--by", "workspace"]
    found = document("period", "rated.parquet", "net.parquet", *how, "--next", "december")
    assert found == {"rows": 4, "applied": 3, "late": 0, "plans": ["other plan", "sold"], "lines": 1}
    net = pl.read_parquet("net.parquet")
    assert net.drop(period.ADDED).equals(given)
    assert net["net_charge"].to_list() == [Decimal("0.75"), Decimal("0.00"), Decimal("0.75"), None]
    assert pl.read_parquet("lines.parquet").select("owner", "amount").row(0) == ("acme", Decimal("9.25"))
    # Started again, the same bytes; the next period goes on from there, with what is late.
    before = Path("net.parquet").read_bytes()
    document("period", "rated.parquet", "net.parquet", *how, "--next", "december")
    assert Path("net.parquet").read_bytes() == before
    late = document(
        "period", "rated.parquet", "late.parquet", *how, "--state", "december", "--next", "january"
    )
    assert late["late"] == 3
    run("period", "rated.parquet", "x.parquet", *how, "--state", "december", "--next", "december", code=2)
