"""A book of decks serves wherever decks are asked what calls cost at a time (R50)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from command import run
from dialnexa_routing import BillingPlan, DeckBook, DeckTimeError, RateDeck, Rates, Router, Workspace
from dialnexa_routing.billing import compare, margin, offers, reconcile, sold_below_cost, spans
from dialnexa_routing.deck.canonical_columns import MONEY

if TYPE_CHECKING:
    from pathlib import Path

EARLY, LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
GOLD = BillingPlan.from_dict({"id": "gold", "telephony": {"kind": "deck_prices", "markup_percent": "50"}})
CALLS = pl.DataFrame({"to": ["+911234567890"] * 2, "seconds": [60, 60], "answered_at": [EARLY, LATE]})


def deck(rate: str) -> RateDeck:
    rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": [rate]})
    return RateDeck.compile(rows.cast({"outbound_rate": MONEY}))


CHEAP, DEAR, MIDDLE = deck("0.60"), deck("0.90"), deck("0.75")
BOOK = DeckBook({datetime(2026, 1, 1, tzinfo=UTC): CHEAP, datetime(2026, 4, 1, tzinfo=UTC): DEAR})


@pytest.mark.parametrize(("at", "cheapest", "held"), [(EARLY, "book", CHEAP), (LATE, "deck", DEAR)])
def test_providers_are_compared_by_the_deck_in_force(at: datetime, cheapest: str, held: RateDeck) -> None:
    decks: dict[str, Rates] = {"book": BOOK, "deck": MIDDLE}
    same: dict[str, Rates] = {"book": held, "deck": MIDDLE}
    rows = compare(decks, seconds=60, at=at).rows
    assert rows["cheapest"].to_list() == [cheapest]
    assert rows.equals(compare(same, seconds=60, at=at).rows)
    assert offers("+911234567890", decks, seconds=60, at=at) == offers(
        "+911234567890", same, seconds=60, at=at
    )
    assert spans("+911234567890", decks, at=at) == spans("+911234567890", same, at=at)
    for sell, alone in ((BOOK, held), ((BOOK, GOLD), (held, GOLD))):
        sold = sold_below_cost(sell=sell, buy=decks, seconds=60, at=at)
        assert sold.rows.equals(sold_below_cost(sell=alone, buy=same, seconds=60, at=at).rows)


def test_a_margin_takes_the_deck_of_each_call() -> None:
    assert margin(CALLS, sell=BOOK, buy=MIDDLE).totals["revenue"].to_list() == [Decimal("1.50")]
    assert margin(CALLS, sell=MIDDLE, buy=BOOK).totals["cost"].to_list() == [Decimal("1.50")]
    assert margin(CALLS, sell=(BOOK, GOLD), buy=BOOK).totals["revenue"].to_list() == [Decimal("2.25")]


def causes(
    charges: list[str], keys: tuple[int, ...] = (1, 2), seconds: int = 61
) -> list[tuple[str, str | None]]:
    ours = CALLS.with_columns(call_id=pl.Series([1, 2]), seconds=seconds)
    theirs = pl.DataFrame({"call_id": keys, "charge": charges, "number": ["+911234567890"] * len(keys)})
    found = reconcile(ours, theirs, deck=BOOK).differences
    return list(found.select("cause", "detail").iter_rows())


def test_a_provider_is_reconciled_by_the_deck_of_each_call() -> None:
    assert causes(["1.20", "1.80"]) == []
    assert causes(["0.61", "0.92"]) == [("pulse", "pulse 1/1")] * 2
    assert causes(["0.60", "0.60"], seconds=60) == [("price_date", "price as of 2026-01-01T00:00:00+00:00")]
    assert [cause for cause, _ in causes(["1.20", "1.80", "5"], (1, 2, 3))] == ["missing_ours"]


def test_a_book_without_a_time_or_before_it_begins_is_refused() -> None:
    for at in (None, datetime(2025, 1, 1, tzinfo=UTC)):
        with pytest.raises(DeckTimeError, match="pass at=, a time with a zone"):
            compare({"book": BOOK}, seconds=60, at=at)
        with pytest.raises(DeckTimeError, match="pass at=, a time with a zone"):
            offers("+911234567890", {"book": BOOK}, seconds=60, at=at)


def test_what_sells_is_a_deck_or_a_deck_and_a_plan() -> None:
    for sell in (GOLD, (CHEAP,), None):
        with pytest.raises(TypeError, match=r"pass a deck, or \(deck, plan\)"):
            margin(CALLS, sell=sell, buy=CHEAP)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"pass a deck, or \(deck, plan\)"):
            sold_below_cost(sell=sell, buy=CHEAP, seconds=60)  # type: ignore[arg-type]


def test_the_command_line_opens_the_folder_of_a_book(tmp_path: Path) -> None:
    BOOK.save(tmp_path / "book")
    MIDDLE.save(tmp_path / "middle.deck")
    names = [f"book={tmp_path / 'book'}", f"deck={tmp_path / 'middle.deck'}"]
    found = run(
        "compare", *names, "--seconds", "60", "--at", LATE.isoformat(), "--sell", str(tmp_path / "book")
    )
    assert "deck" in found.output
    CALLS.with_columns(call_id=pl.Series([1, 2])).write_parquet(tmp_path / "ours.parquet")
    pl.DataFrame({"call_id": [1, 2], "charge": ["0.60", "0.90"]}).write_parquet(tmp_path / "theirs.parquet")
    files = [str(tmp_path / name) for name in ("ours.parquet", "theirs.parquet")]
    run("reconcile", *files, "--deck", str(tmp_path / "book"))
    assert "book show" in run("inspect", str(tmp_path / "book"), code=2).output


def test_a_router_states_which_deck_of_a_book_it_wants() -> None:
    with pytest.raises(TypeError, match=r"a router holds the groups of one deck; pass that of its deck_at"):
        Router(Workspace(id="shop"), decks={"plivo": BOOK})  # type: ignore[dict-item]
