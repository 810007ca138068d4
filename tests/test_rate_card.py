"""Rate cards: the prices that rating takes, and the notice of what changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from command import document, folder, run, sentence
from decks import deck_of, utc
from dialnexa_routing import BillingPlan, ConfigError, DeckTimeError, UnknownNameError
from dialnexa_routing.billing.price_card import price_notice, rate_card
from dialnexa_routing.billing.rate_card_files import card_page, write_card
from dialnexa_routing.plans.plan_terms import Component

__all__ = ["folder"]
ROWS: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "<India>", "country_iso": "IN", "outbound_rate": "0.50"},
    {"prefix": "9198", "network_group": "<India>", "country_iso": "IN", "outbound_rate": "0.40"},
    {"prefix": "9199", "network_group": "<India>", "country_iso": "IN", "outbound_rate": "0.40"},
    {"prefix": "1", "network_group": "US", "country_iso": "US", "outbound_rate": "3", "rate_unit_s": 180},
    {"prefix": "1900", "network_group": "Barred", "country_iso": "US", "outbound_rate": "9", "blocked": True},
    {"prefix": "44", "network_group": "UK", "country_iso": "GB", "inbound_rate": "0.10"},
]
DECK = deck_of(ROWS)
MANY = "0.48 for 9198; 0.54 for 9199; 0.60 for 91"
PLAN = BillingPlan(
    id="growth",
    tts="0.90",
    llm="1.10",
    telephony={"kind": "deck_prices", "markup_percent": "20"},
)
LISTED = BillingPlan.from_dict(
    {
        "id": "listed",
        "telephony": {
            "kind": "price_list",
            "prices": [{"country_iso": "US", "network_group": "US", "outbound": "1.75"}],
        },
    }
)


def test_r46_a_card_has_the_prices_that_rating_takes() -> None:
    card = rate_card(PLAN, DECK)
    for row in card.rows.iter_rows(named=True):
        for prefix in row["prefixes"]:
            for way in ("outbound", "inbound"):
                charge = PLAN.rate(DECK, number=f"+{prefix}", seconds=60, direction=way, number_plan=None)
                known = {line.component: line.rate for line in charge.lines}.get(Component.TELEPHONY)
                assert known == row[way], (prefix, way)
    assert card.terms["Besides the call, in all"] == "₹2.00 a minute"
    assert "Barred" not in str(card)


def test_a_card_of_a_list_and_of_a_plan_without_telephony() -> None:
    assert rate_card(LISTED, DECK).rows.select("network_group", "outbound").rows() == [
        ("US", Decimal("1.75"))
    ]
    assert rate_card(BillingPlan(id="web", llm="1"), DECK).rows.is_empty()
    assert rate_card(PLAN, DECK, countries=["US"]).rows["network_group"].to_list() == ["US"]
    with pytest.raises(UnknownNameError, match="country 'UK'"):
        rate_card(PLAN, DECK, countries=["UK"])


def test_r50_a_dated_deck_is_asked_for_an_instant() -> None:
    later = utc(2026, 12, 1)
    dated = deck_of(
        [
            {"prefix": "91", "network_group": "India", "outbound_rate": "0.50", "valid_to": later},
            {"prefix": "91", "network_group": "India", "outbound_rate": "0.60", "valid_from": later},
        ]
    )
    with pytest.raises(DeckTimeError, match="pass at=, the time"):
        rate_card(PLAN, dated)
    before, after = (rate_card(PLAN, dated, at=datetime(2026, month, 2, tzinfo=UTC)) for month in (11, 12))
    assert before.rows["outbound"].to_list() == [Decimal("0.60")]
    assert price_notice(before, after).rows.row(0)[3:] == ("dearer", "0.60", "0.72")


def test_the_notice_names_each_change_once() -> None:
    new = deck_of(
        [
            *ROWS[:2],
            ROWS[2] | {"outbound_rate": "0.45"},
            ROWS[3] | {"outbound_rate": "2.7"},
            {"prefix": "49", "network_group": "Germany", "country_iso": "DE", "outbound_rate": "1"},
        ]
    )
    old_card, new_card = rate_card(PLAN, DECK), rate_card(PLAN.changed(llm="1.20"), new)
    notice = price_notice(old_card, new_card)
    assert notice.rows.rows() == [
        ("DE", "Germany", "outbound", "new", None, "1.20"),
        ("GB", "UK", "inbound", "withdrawn", "0.12", None),
        ("IN", "<India>", "outbound", "changed", "0.48 for 9198, 9199; 0.60 for 91", MANY),
        ("US", "US", "outbound", "cheaper", "1.20", "1.08"),
    ]
    assert notice.terms["term"].to_list() == ["Language model", "Besides the call, in all"]
    assert price_notice(old_card, old_card).rows.is_empty()
    assert "no price of calls is another" in str(price_notice(old_card, old_card))


def test_a_card_as_files(tmp_path: Path) -> None:
    card = rate_card(PLAN, DECK)
    page = card_page(card, "Us & Co")
    assert "&lt;India&gt;" in page
    assert "₹0.60</td>" in page
    assert "Us &amp; Co" in page
    for suffix in (".html", ".xlsx", ".csv", ".json"):
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        write_card(card, first)
        write_card(card, second)
        assert first.read_bytes() == second.read_bytes()
        write_card(price_notice(card, rate_card(LISTED, DECK)), second)
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["rows"][0]["inbound"] == "0.120000000"
    assert pl.read_csv(tmp_path / "a.csv", infer_schema=False)["prefixes"].to_list()[-1] == "1"
    with pytest.raises(ConfigError, match=r"'\.doc'"):
        write_card(card, tmp_path / "a.doc")


@pytest.mark.usefixtures("folder")
def test_prices_are_sent_by_one_command() -> None:
    PLAN.save("plan.json")
    PLAN.changed(tts="1.00").save("new.json")
    words = ["rate-card", "new.json", "a.deck", "--at", "2026-11-30T10:00:00+05:30"]
    run(*words, "--out", "card.html", "--since-plan", "plan.json", "--notice", "notice.xlsx")
    assert "India - Mobile" in Path("card.html").read_text("utf-8")
    changed = document(*words, "--since-plan", "plan.json", "--country", "IN")["changed"]
    assert changed["terms"][0] == {
        "term": "Text to speech",
        "old": "₹0.90 a minute",
        "new": "₹1.00 a minute",
    }
    assert "since-plan" in run(*words, "--notice", "a.html", code=2).stderr
    assert "hold only at times; pass --at, the time" in sentence(*words[:3])
