"""A provider's file made by rating the same calls in another way: each cause is found and named."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from decks import deck_of, utc
from dialnexa_routing import RateDeck, Semantics
from dialnexa_routing.billing.reconciliation import reconcile

NEW_YEAR = utc(2026, 1, 1)
ROWS: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "India", "outbound_rate": "0.61", "inbound_rate": "0.23"},
    {"prefix": "9198", "network_group": "Mobile", "outbound_rate": "0.7425", "inbound_rate": "0.19"},
    {"prefix": "9177", "network_group": "Old", "outbound_rate": "0.83", "valid_to": NEW_YEAR},
    {"prefix": "9177", "network_group": "New", "outbound_rate": "0.97", "valid_from": NEW_YEAR},
    {"prefix": "9140", "network_group": "Barred", "outbound_rate": "5.11", "blocked": True},
    {
        "prefix": "9166",
        "network_group": "Stated",
        "outbound_rate": "0.90",
        "initial_increment_s": 30,
        "next_increment_s": 6,
    },
    {"prefix": "9155", "network_group": "Fee", "outbound_rate": "0.53", "connect_fee": "0.29", "free_s": 20},
    {"prefix": "915", "network_group": "Whole", "outbound_rate": "7.77", "exact_match": True},
]
DECK = deck_of(ROWS)
MOBILE, INDIA, DATED = "919812345678", "+911234567890", "917712345678"


def call(key: object, to: str = MOBILE, seconds: object = 60, **more: Any) -> dict[str, Any]:
    return {"call_id": key, "to": to, "seconds": seconds, "answered_at": utc(2026, 6, 1)} | more


def one(call_: dict[str, Any], record: dict[str, Any], **how: Any) -> tuple[str, str | None]:
    """Cause and detail of one call and its record."""
    theirs = pl.DataFrame([{"call_id": call_["call_id"], **record}])
    found = reconcile(pl.DataFrame([call_]), theirs, **{"deck": DECK} | how)
    assert found.rows.height == 1
    cause, detail = found.rows.select("cause", "detail").row(0)
    return cause, detail


def charge(to: str, seconds: int, semantics: Any = None, deck: RateDeck = DECK, **asked: Any) -> str:
    total = deck.rate(to, seconds, **{"at": utc(2026, 6, 1), "semantics": semantics} | asked).total
    return str(total)


def test_equal_charges_agree_whatever_else_is_said() -> None:
    record = {"charge": "0.7400", "seconds": 59, "prefix": "91", "billed_seconds": 1}
    assert one(call(1), record) == ("agrees", None)


def test_duration() -> None:
    record = {"charge": charge(MOBILE, 61), "seconds": "61"}
    assert one(call(1), record) == ("duration", "61 s, ours 60 s")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(60.0, 61.0), (Decimal("60.00"), "61"), (timedelta(seconds=60), timedelta(seconds=61)), ("60", 61)],
)
def test_seconds_are_told_alike_in_every_type(ours: object, theirs: object) -> None:
    record = {"charge": charge(MOBILE, 61), "seconds": theirs}
    assert one(call(1, seconds=ours), record) == ("duration", "61 s, ours 60 s")
    unexplained = ("other", "seconds 61, ours 60")
    assert one(call(1, seconds=ours), record | {"charge": "99"}) == unexplained
    assert one(call(1, seconds=ours), {"charge": "99", "seconds": ours}) == ("other", None)


@pytest.mark.parametrize(
    ("seconds", "theirs", "detail"),
    [
        (60, "0.75", "rounded up to 2 places"),
        (60, "0.7425", "rounded half_up to 4 places"),
        (60, "0.743", "rounded half_up to 3 places"),
        (60, "0.742", "rounded half_even to 3 places"),
        (60, "1", "rounded half_up to 0 places"),
        (60, "0.8", "rounded up to 1 places"),
        (120, "1.48", "rounded half_even to 2 places"),
        (180, "2.22", "rounded down to 2 places"),
    ],
)
def test_r48_rounding(seconds: int, theirs: str, detail: str) -> None:
    assert one(call(1, seconds=seconds), {"charge": theirs}) == ("rounding", detail)


def test_r48_a_little_more_than_a_half_is_rounded_down_not_to_even() -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "2.235000001", "rate_unit_s": 3}])
    assert deck.rate("911", 1, semantics={"pulse": "1/1"}).total == Decimal("0.75")
    found = one(call(1, "911", 1), {"charge": "0.74"}, deck=deck, semantics={"pulse": "1/1"})
    assert found == ("rounding", "rounded down to 2 places")


def test_rounding_is_no_cause_where_they_billed_other_seconds() -> None:
    assert one(call(1), {"charge": "0.75"}) == ("rounding", "rounded up to 2 places")
    assert one(call(1), {"charge": "0.75", "billed_seconds": 61}) == ("pulse", "61 s billed, ours 60 s")


@pytest.mark.parametrize(("pulse", "seconds"), [("1/1", 67), ("30/30", 67), ("6/6", 13), ("30/6", 67)])
def test_r44_pulse(pulse: str, seconds: int) -> None:
    record = {"charge": charge(MOBILE, seconds, {"pulse": pulse})}
    assert one(call(1, seconds=seconds), record) == ("pulse", f"pulse {pulse}")


def test_r44_pulse_where_the_sheet_states_another() -> None:
    to = "916612345678"
    assert one(call(1, to, 61), {"charge": "1.80"}) == ("pulse", "pulse 60/60")
    assert charge(to, 61) == "0.99"


def test_r44_their_billed_seconds_name_the_pulse() -> None:
    """45 s are 60 s at 60/60, 30/30, 20/20 and 15/15 is 45 s: what they billed decides."""
    ours, semantics = call(1, seconds=45), {"pulse": "6/6", "decimals": 4}
    record = {"charge": charge(MOBILE, 60, {"decimals": 4}), "billed_seconds": "60"}
    assert one(ours, record, semantics=semantics) == ("pulse", "pulse 60/60")
    odd: dict[str, Any] = {"charge": charge(MOBILE, 77, {"pulse": "1/1"}), "billed_seconds": 77}
    assert one(call(1, seconds=45), odd) == ("pulse", "77 s billed, ours 60 s")
    # They billed what we bill, so no increments can be the cause.
    same = {"charge": charge(MOBILE, 67, {"pulse": "1/1"}), "billed_seconds": 120}
    assert one(call(1, seconds=67), same)[0] == "other"


def test_r53_other_meanings_of_the_terms() -> None:
    to = "915512345678"
    on_grid = charge(to, 130, {"free_seconds": "on_grid"})
    assert one(call(1, to, 130), {"charge": on_grid}) == ("pulse", "free seconds on grid")
    parts = {"charge": charge(MOBILE, 60)}
    assert one(call(1, seconds="60.4"), parts) == ("pulse", "part second down")
    at_zero = one(call(1, to, 0), {"charge": "0.29"})
    assert at_zero == ("pulse", "connect fee at zero")


def test_named_semantics_are_tried() -> None:
    strange = Semantics(pulse="41/13")
    record = {"charge": charge(MOBILE, 100, strange)}
    found = one(call(1, seconds=100), record, other_semantics={"Acme {}": strange})
    assert found == ("pulse", "semantics Acme {}")


def test_the_pulse_that_explains_most_rows_is_named() -> None:
    """55 s are 60 s at many increments; the other rows tell which are meant."""
    seconds = [55, 61, 67, 91, 25]
    ours = pl.DataFrame([call(key, seconds=value) for key, value in enumerate(seconds)])
    theirs = pl.DataFrame(
        {"call_id": range(5), "charge": [charge(MOBILE, value, {"pulse": "30/30"}) for value in seconds]}
    )
    found = reconcile(ours, theirs, deck=DECK, semantics={"pulse": "1/1"})
    assert set(found.rows["detail"]) == {"pulse 30/30"}
    assert found.by_cause.select("cause", "rows", "mostly").row(0) == ("pulse", 5, "pulse 30/30")


def test_r16_prefix() -> None:
    record = {"charge": charge(INDIA, 60)}
    assert one(call(1), record) == ("prefix", "prefix 91, ours 9198")
    assert one(call(1), record | {"prefix": "91"}) == ("prefix", "prefix 91, ours 9198")
    # They say that it is our prefix, or our rate: then another prefix is no cause.
    assert one(call(1), record | {"prefix": "9198"})[0] == "other"
    assert one(call(1), record | {"rate": "0.7425"})[0] == "other"


def test_r47_blocked_prefix_that_they_charge() -> None:
    barred = call(1, "914012345678")
    assert one(barred, {"charge": "0.61"}) == ("prefix", "prefix 91, ours 9140")
    assert one(barred, {"charge": "5.11"}) == ("prefix", "prefix 9140, ours 9140")
    assert one(barred, {"charge": "1.23"}) == ("not_rated", "blocked")


def test_a_prefix_for_a_whole_number_is_not_met_by_cutting() -> None:
    assert one(call(1, "915512345678"), {"charge": "7.77"})[0] == "other"


def test_their_number() -> None:
    record = {"charge": charge("916612345678", 60), "to": "+916612345678"}
    found = one(call(1), record, their_columns={"number": "to"})
    assert found == ("prefix", "their number leads to prefix 9166")


def test_r50_price_date() -> None:
    assert one(call(1, DATED), {"charge": "0.83"}) == ("price_date", "price before 2026-01-01T00:00:00+00:00")
    early = call(1, DATED, answered_at=NEW_YEAR - timedelta(microseconds=1))
    assert one(early, {"charge": "0.97"}) == ("price_date", "price as of 2026-01-01T00:00:00+00:00")
    stated = {"charge": "0.83", "answered_at": "2025-12-31T23:59:59Z"}
    assert one(call(1, DATED), stated)[0] == "price_date"
    assert one(call(1, DATED), stated)[1].startswith("answered 2025-12-31T23:59:59Z, ours 2026-06-01")  # type: ignore[union-attr]
    local = stated | {"answered_at": "2026-01-01T05:29:59"}
    assert one(call(1, DATED), local, their_timezone="Asia/Kolkata")[1].startswith("answered 2026-01-01T05")  # type: ignore[union-attr]


def test_price_of_another_deck() -> None:
    old = deck_of([{"prefix": "9198", "outbound_rate": "0.4321"}])
    found = one(call(1), {"charge": charge(MOBILE, 60, deck=old)}, other_decks={"spring": old})
    assert found == ("price_date", "deck spring")


def test_direction() -> None:
    assert one(call(1), {"charge": "0.19"}) == ("direction", "inbound, ours outbound")
    stated = {"charge": "0.19", "direction": "inbound"}
    assert one(call(1), stated) == ("direction", "inbound, ours outbound")
    # They state our direction, so that it is no cause.
    assert one(call(1), stated | {"direction": "outbound"})[0] == "other"


def test_r48_rounding_and_pulse_on_a_deck_with_tiers() -> None:
    tiers = '{"bands": [{"tiers": [{"rate": "0.9"}, {"from_s": 60, "rate": "0.6133"}]}]}'
    deck = deck_of([{"prefix": "91", "schedule": tiers}, {"prefix": "9140", "blocked": True}])
    exact = deck.rate(MOBILE, 61).exact
    assert exact == Fraction("1.5133")
    assert one(call(1, seconds=61), {"charge": "1.5133"}, deck=deck) == (
        "rounding",
        "rounded half_up to 4 places",
    )
    theirs = charge(MOBILE, 61, {"pulse": "1/1"}, deck)
    assert one(call(1, seconds=61), {"charge": theirs}, deck=deck) == ("pulse", "pulse 1/1")
    assert one(call(1, "914012345678"), {"charge": "0.90"}, deck=deck)[0] == "prefix"


def test_one_thing_with_another_rounding_besides() -> None:
    finer = {"pulse": "1/1", "decimals": 4}
    record = {"charge": charge(MOBILE, 67, finer)}
    assert one(call(1, seconds=67), record) == ("pulse", "pulse 1/1, rounded half_up to 4 places")
    finer_too: dict[str, Any] = {"charge": "1.485", "seconds": 61}
    assert one(call(1), finer_too) == ("duration", "61 s, ours 60 s, rounded half_up to 3 places")


def test_other_tells_what_they_state() -> None:
    record = {"charge": "99", "seconds": 70, "prefix": "9198"}
    assert one(call(1), record) == ("other", "seconds 70, ours 60")
    assert one(call(1), {"charge": "99"}) == ("other", None)
