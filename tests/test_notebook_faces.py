"""What a notebook shows of each object: escaped, in one style of money, with what is done next."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from dialnexa_routing import BillingPlan, RateSheet, billing, testing
from dialnexa_routing.deck.deck_book import DeckBook

HOSTILE = "<script>alert(1)</script>\u202e"
SHEET = RateSheet.read(
    pl.DataFrame(
        [["91", HOSTILE, "0.6"], ["44", "UK", "1.20"]],
        ["prefix", "network_group", "outbound_rate"],
        orient="row",
    )
)
DECK = SHEET.compile()
PLAN = BillingPlan.from_dict(
    {"id": HOSTILE.replace("\u202e", ""), "llm": "1.1", "telephony": {"kind": "deck_prices"}}
)
ROUTER = testing.router(DECK)
AT = datetime(2026, 1, 1, tzinfo=UTC)
OBJECTS: dict[str, Any] = {
    "sheet": SHEET,
    "deck": DECK,
    "book": DeckBook({AT: DECK}),
    "charge": DECK.rate("+919812345678", 61),
    "no charge": DECK.rate("98", 61),
    "plan": PLAN,
    "plan charge": PLAN.rate(DECK, number="+919812345678", seconds=61),
    "allowed": ROUTER.outbound("+919812345678", testing.SOURCE),
    "refused": testing.router(DECK, enabled=[]).outbound("+919812345678", testing.SOURCE),
    "workspace": ROUTER.workspace,
    "offers": billing.offers("+919812345678", {"a": DECK}, seconds=61),
}


class Balanced(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_shows_itself_escaped(name: str) -> None:
    shown = OBJECTS[name]._repr_html_()
    assert Balanced(shown).open == []
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "next" in shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("charge", "₹1.20"),
        ("no charge", "no charge: impossible number"),
        ("plan charge", "₹3.40"),
        ("plan", "₹1.10 a minute"),
        ("refused", "refused: no enabled countries (403)"),
        ("workspace", "2 network groups"),
        ("deck", "2"),
        ("offers", "1.2"),
        ("sheet", "2 rows loaded of 2"),
    ],
)
def test_what_matters_is_said_first(name: str, words: str) -> None:
    assert words in OBJECTS[name]._repr_html_()
