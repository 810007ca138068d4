"""Pictures: their figures are those of the reports, their texts exact; drawn without a network."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing import BillingPlan, RecordError, billing, records, testing
from dialnexa_routing.deck.deck_book import DeckBook

pytest.importorskip("altair", reason="Altair is not installed")
pytest.importorskip("vl_convert", reason="vl-convert is not installed")

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
OLD = testing.deck({"91": "0.60", "9198": ("<b>Mobile</b>", "0.80"), "1": ("US", "0.70")}, provider="old")
NEW = testing.deck({"91": "0.50", "9198": ("<b>Mobile</b>", "0.90"), "1": ("US", "0.70")}, provider="new")
CALLS = pl.DataFrame(
    {
        "call_id": range(90),
        "to": ["+919812345678", "+912212345678", "+12025550123"] * 30,
        "seconds": [61, 5, 263] * 30,
        "answered_at": [AT] * 90,
    }
)


def values(chart: Any) -> list[dict[str, Any]]:
    """The rows that a chart draws first."""
    plain = chart.to_dict()
    layer = plain["layer"][0] if "layer" in plain else plain
    found: list[dict[str, Any]] = layer.get("data", plain.get("data"))["values"]
    return found


def svg(chart: Any, folder: Path) -> str:
    chart.save(folder / "chart.svg")
    return (folder / "chart.svg").read_text()


def test_what_is_won_and_lost_adds_up_to_the_change(tmp_path: Path) -> None:
    change = billing.reprice(CALLS, old=OLD, new=NEW)
    rows = values(change.chart())
    assert sum(Decimal(str(row["change"])) for row in rows) == change.totals["change"]
    assert {row["new_network_group"]: row["change_told"] for row in rows}["<b>Mobile</b>"] == "₹6.00"
    drawn = svg(change.chart(), tmp_path)
    assert "<b>" not in drawn
    assert "Mobile" in drawn
    first = values(change.chart(groups=1))
    assert len(first) == 2
    assert sum(Decimal(str(row["change"])) for row in first) == change.totals["change"]


def test_causes_lead_from_our_total_to_theirs(tmp_path: Path) -> None:
    rated = records.rate(CALLS, deck=OLD)
    theirs = rated.select(
        "call_id", "to", "seconds", "answered_at", charge=pl.col("charge") + Decimal("0.10")
    )
    found = billing.reconcile(rated, theirs, deck=OLD)
    steps = values(found.chart())
    assert steps[0]["to_told"] == steps[1]["from_told"]
    assert Decimal(str(steps[-1]["to"])) == found.totals["theirs"]
    assert "₹9.00" in svg(found.chart(), tmp_path)


def test_margins_stand_over_their_minutes(tmp_path: Path) -> None:
    plan = BillingPlan.from_dict({"id": "p", "telephony": {"kind": "deck_prices", "markup_percent": "20"}})
    found = billing.margin(CALLS, sell=(OLD, plan), buy={"new": NEW})
    rows = values(found.chart())
    assert {row["network_group"] for row in rows} == {"91", "<b>Mobile</b>", "US"}
    assert "minutes billed" in svg(found.chart(), tmp_path)


def test_r53_costs_are_drawn_with_their_break_evens(tmp_path: Path) -> None:
    by_second = testing.deck(
        {"91": {"outbound_rate": "0.90", "initial_increment_s": 1, "next_increment_s": 1}}
    )
    decks = {"minute": OLD, "second": by_second}
    chart = billing.cost_chart("+912212345678", decks, up_to_s=60)
    breaks = [row["seconds"] for row in values(chart)]
    assert breaks == [span.from_s for span in billing.spans("+912212345678", decks, up_to_s=60)[1:]]
    assert "INR a call" in svg(chart, tmp_path)


def test_r44_silence_that_is_paid_for_is_the_billed_less_the_talked() -> None:
    calls = {61: 2, 5: 1, 0: 4}
    rows = values(billing.duration_chart(calls))
    talked = sum(row["minutes"] for row in rows if row["kind"] == "talked")
    silent = sum(row["minutes"] for row in rows if row["kind"] != "talked")
    assert talked * 60 == pytest.approx(127)
    assert (talked + silent) * 60 == pytest.approx(300)
    assert billing.duration_chart({}).to_dict()["data"]["values"] == []
    frame = pl.DataFrame({"seconds": [61, 61, 5, 0, 0, 0, 0]})
    assert values(billing.duration_chart(frame)) == values(billing.duration_chart(frame.lazy())) == rows
    with pytest.raises(RecordError, match="seconds"):
        billing.duration_chart(frame.rename({"seconds": "length"}))


def test_r50_prices_over_time_are_those_in_force(tmp_path: Path) -> None:
    book = DeckBook({AT: OLD, AT + timedelta(days=30): NEW})
    dated = testing.deck({"91": {"network_group": "India", "outbound_rate": "0.55", "valid_from": AT}})
    chart = billing.price_chart("+919812345678", {"book": book, "dated": dated})
    rows = values(chart)
    assert [(row["whose"], row["rate_told"]) for row in rows] == [
        ("book 9198", "₹0.80"),
        ("book 9198", "₹0.90"),
        ("dated 91", "₹0.55"),
    ]
    assert "9198" in svg(chart, tmp_path)


def test_coverage_counts_each_prefix_under_its_first_digits(tmp_path: Path) -> None:
    rows = values(billing.coverage_chart(OLD))
    by_pair = {row["first"] + row["second"]: row["prefixes"] for row in rows}
    assert by_pair["91"] == 2
    assert by_pair["12"] == 1
    assert by_pair["44"] == 0
    billing.coverage_chart(OLD).save(tmp_path / "grid.png")
    assert (tmp_path / "grid.png").read_bytes()[:4] == b"\x89PNG"


def test_a_chart_takes_nothing_from_elsewhere() -> None:
    spec = json.dumps(billing.coverage_chart(OLD).to_dict())
    assert '"url"' not in spec
