"""The sentences of the README as one program, for type checkers; nothing runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

import dialnexa_routing
from dialnexa_routing import (
    Agent,
    BillingPlan,
    Decision,
    DeckBook,
    DeckPrices,
    Explanation,
    GroupPrice,
    Match,
    NumberReading,
    PlanCharge,
    PreparedPlans,
    PriceList,
    Pulse,
    RateDeck,
    Rates,
    RateSheet,
    RatingJob,
    RatingOptions,
    Router,
    RoutingError,
    Semantics,
    SipRate,
    Telephony,
    Workspace,
    WorkspaceNumber,
    billing,
    records,
)

if TYPE_CHECKING:
    from fractions import Fraction


def program() -> tuple[object, ...]:
    at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

    sheet: RateSheet = RateSheet.read("world.csv", currency="INR", timezone="Asia/Kolkata")
    deck: RateDeck = sheet.compile()
    match: Match | None = deck.match("+919812345678", at=at)
    total: Decimal | None = deck.rate("+919812345678", seconds=263, at=at).total
    explained: Explanation = deck.explain("+919812345678", seconds=263, at=at)
    page: str = explained.html()

    calls = pl.DataFrame({"to": ["+919812345678"], "seconds": [263], "answered_at": [at]})
    rated: pl.DataFrame = records.rate(calls, deck=deck)
    lazy: pl.LazyFrame = records.rate(calls.lazy(), deck=deck, timezone="Asia/Kolkata")
    column: pl.Expr = deck.match(pl.col("to"), at=pl.col("answered_at"), fields="country_iso")
    options: RatingOptions = {
        "number": "to",
        "semantics": Semantics(pulse=Pulse(initial_s=30, next_s=6), decimals=4),
    }
    again: pl.DataFrame = records.rate(calls, deck=deck, **options)

    growth = BillingPlan(
        id="growth",
        stt=Decimal("0.50"),
        llm=Decimal("1.10"),
        sip=SipRate(outbound=Decimal("0.25")),
        telephony=DeckPrices(markup_percent=Decimal(20)),
    )
    listed = PriceList(prices=(GroupPrice(country_iso="IN", network_group="India", outbound=Decimal("0.6")),))
    charge: PlanCharge = growth.rate(deck, number="+919812345678", seconds=263, at=at)
    exact: Fraction | None = charge.exact
    prepared = PreparedPlans(deck, [growth, growth.changed(id="list", telephony=listed)], {"acme": "growth"})
    billed: pl.DataFrame = records.rate(calls, deck=deck, plans=prepared, workspace="who")

    book = DeckBook({at: deck})
    either: Rates = book if book.is_dated else deck
    held: RateDeck | None = either.deck_at(at)
    drifted: billing.Drift = billing.drift(rated, deck=either)

    number = WorkspaceNumber(number="+912235550100")
    shop = Workspace(id="shop", agents=(Agent(id="sales", versions=()),), numbers=(number,))
    shop = Telephony(shop, {"plivo": deck}).enable(country="India")
    decision: Decision = Router(shop, decks={"plivo": deck}).outbound("+919812345678", number.number, at=at)
    reading = NumberReading()
    job = RatingJob(inputs="calls", output="rated", deck=either, timezone="Asia/Kolkata")

    try:
        Workspace(id="")
    except RoutingError as error:
        str(error)

    version: str = dialnexa_routing.__version__
    return (
        match,
        total,
        page,
        rated,
        lazy,
        column,
        again,
        exact,
        billed,
        held,
        drifted,
        decision,
        reading,
        job,
        version,
    )
