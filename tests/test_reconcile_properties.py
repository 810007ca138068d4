"""Whatever a provider's file does: every record in one row, nothing lost, every cause a true one."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from decks import deck_of, utc
from dialnexa_routing import RateDeck, Semantics
from dialnexa_routing.billing.reconciliation import reconcile

CUT = utc(2026, 1, 1)
DECK = deck_of(
    [
        {"prefix": "91", "network_group": "India", "outbound_rate": "0.6137", "inbound_rate": "0.2311"},
        {"prefix": "9198", "network_group": "Mobile", "outbound_rate": "0.7425", "inbound_rate": "0.1931"},
        {"prefix": "919812", "network_group": "Circle", "outbound_rate": "1.0711", "valid_to": CUT},
        {"prefix": "919812", "network_group": "Circle", "outbound_rate": "1.3313", "valid_from": CUT},
        {"prefix": "9140", "network_group": "Barred", "blocked": True},
    ]
)
OTHER = deck_of([{"prefix": "9", "outbound_rate": "2.4177", "inbound_rate": "3.1007"}])
PULSES = ["1/1", "6/6", "30/30", "30/6"]
ORDER = ["agrees", "duration", "rounding", "pulse", "prefix", "price_date", "direction", "other"]

Call = dict[str, Any]


@st.composite
def calls(draw: st.DrawFn) -> list[Call]:
    """Calls of one day on either side of a change of price."""
    one = st.fixed_dictionaries(
        {
            "to": st.sampled_from(["919812345678", "919876543210", "911234567890", "914012345678", "4420"]),
            "seconds": st.integers(0, 400),
            "answered_at": st.sampled_from([CUT - timedelta(hours=1), CUT + timedelta(hours=1)]),
            "direction": st.sampled_from(["outbound", "outbound", "inbound"]),
        }
    )
    return [{"call_id": key} | call for key, call in enumerate(draw(st.lists(one, min_size=1, max_size=12)))]


def charge(call: Call, deck: RateDeck = DECK, **semantics: Any) -> Decimal | None:
    choices = Semantics.model_validate(semantics)
    at: datetime = call["answered_at"]
    asked: dict[str, Any] = {"at": at, "direction": call["direction"], "semantics": choices}
    return deck.rate(call["to"], call["seconds"], **asked).total


def mutated(draw: st.DrawFn, kind: str, call: Call) -> dict[str, Any]:
    """What the provider says of a call after a change of one kind."""
    record = {"call_id": call["call_id"], "charge": charge(call), "seconds": call["seconds"]}
    if kind == "duration":
        record["seconds"] += draw(st.integers(1, 90))
        record["charge"] = charge(call | {"seconds": record["seconds"]})
    elif kind == "pulse":
        record["charge"] = charge(call, pulse=draw(st.sampled_from(PULSES)))
    elif kind == "rounding":
        record["charge"] = charge(
            call, rounding=draw(st.sampled_from(["up", "down"])), decimals=draw(st.integers(2, 6))
        )
    elif kind == "prefix":
        record["charge"] = charge(call | {"to": call["to"][: draw(st.integers(1, 5))]})
    elif kind == "price_date":
        later = call | {"answered_at": draw(st.sampled_from([CUT - timedelta(days=9), CUT]))}
        record["charge"] = draw(st.sampled_from([charge(later), charge(call, OTHER)]))
    elif kind == "direction":
        way = {"outbound": "inbound", "inbound": "outbound"}[call["direction"]]
        record["charge"] = charge(call | {"direction": way})
    elif kind == "other":
        record["charge"] = draw(st.integers(-500, 500_000).map(lambda units: Decimal(units).scaleb(-3)))
    return record


@st.composite
def files(draw: st.DrawFn) -> tuple[list[Call], list[dict[str, Any]], dict[int, str]]:
    """Our calls, the provider's records shuffled, and what was done to each call."""
    ours = draw(calls())
    kinds = [*ORDER, "missing_theirs", "duplicate_theirs", "missing_ours", "unreadable"]
    done, theirs = {}, []
    for call in ours:
        done[call["call_id"]] = kind = draw(st.sampled_from(kinds))
        record = mutated(draw, kind, call)
        record["charge"] = "?" if kind == "unreadable" else record["charge"] and f"{record['charge']:f}"
        copies = {"missing_theirs": 0, "duplicate_theirs": 2}.get(kind, 1)
        theirs += [record] * copies
        if kind == "missing_ours":
            theirs.append(record | {"call_id": 1000 + call["call_id"]})
    return ours, draw(st.permutations(theirs)), done


def frames(ours: list[Call], theirs: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = {"call_id": pl.Int64, "charge": pl.String, "seconds": pl.Int64}
    return pl.DataFrame(ours), pl.DataFrame(theirs, schema=schema)


@given(files())
def test_nothing_is_lost_and_every_record_stands_in_one_row(
    made: tuple[list[Call], list[dict[str, Any]], dict[int, str]],
) -> None:
    ours, theirs, _ = made
    found = reconcile(*frames(ours, theirs), deck=DECK, other_decks={"other": OTHER})
    assert sorted(found.rows["our_row"].drop_nulls()) == list(range(len(ours)))
    assert sorted(found.rows["their_row"].drop_nulls()) == list(range(len(theirs)))
    charges = [charge(call) for call in ours]
    our_total = sum((one for one in charges if one is not None), Decimal(0))
    said = [record["charge"] for record in theirs]
    their_total = sum((Decimal(one) for one in said if one not in (None, "?")), Decimal(0))
    expected = {"ours": our_total, "theirs": their_total, "difference": their_total - our_total}
    assert {name: found.totals[name] for name in expected} == expected
    for frame in (found.rows, found.by_cause):
        assert {name: frame[name].sum() for name in expected} == expected
    assert found.by_group["difference"].sum() == expected["difference"]
    assert found.by_cause["rows"].sum() == found.rows.height
    assert found.by_group["rows"].sum() == found.differences.height


@given(files())
def test_a_change_of_one_kind_is_found_or_one_that_explains_it_earlier(
    made: tuple[list[Call], list[dict[str, Any]], dict[int, str]],
) -> None:
    ours, theirs, done = made
    found = reconcile(*frames(ours, theirs), deck=DECK, other_decks={"other": OTHER})
    for row in found.rows.iter_rows(named=True):
        key, cause = int(row["key"]), row["cause"]
        if key >= 1000:
            assert cause == "missing_ours"
            continue
        kind, call = done[key], ours[key]
        if row["our_row"] is None:
            assert (kind, cause) == ("duplicate_theirs", "duplicate_theirs")
        elif row["their_row"] is None:
            assert (kind, cause) == ("missing_theirs", "missing_theirs")
        elif row["theirs"] is None:
            # The change left them without a charge, or it was made unreadable.
            assert cause == "unreadable"
        elif charge(call) is None:
            assert cause in ("not_rated", "prefix")
        elif kind in ORDER:
            assert ORDER.index(cause) <= ORDER.index(kind), (row, call)
            assert (cause == "agrees") is (row["ours"] == row["theirs"])
        else:
            assert cause == "agrees"


@given(files())
def test_a_cause_holds_when_the_call_is_rated_alone(
    made: tuple[list[Call], list[dict[str, Any]], dict[int, str]],
) -> None:
    """What a detail says, done to one call by the scalar rater, gives their charge."""
    ours, theirs, _ = made
    found = reconcile(*frames(ours, theirs), deck=DECK, other_decks={"other": OTHER})
    for row in found.rows.filter(pl.col("cause").is_in(ORDER[1:-1])).iter_rows(named=True):
        call, detail = ours[row["our_row"]], row["detail"]
        what, _, rounding = detail.partition(", rounded ")
        if row["cause"] == "rounding":
            what, rounding = "", detail.removeprefix("rounded ")
        choices: dict[str, Any] = {}
        if rounding:
            way, _, places = rounding.removesuffix(" places").partition(" to ")
            choices = {"rounding": way, "decimals": int(places)}
        deck, word = DECK, what.partition(" ")[2].partition(",")[0]
        if row["cause"] == "duration":
            call = call | {"seconds": int(what.partition(" ")[0])}
        elif row["cause"] == "pulse" and what.startswith("pulse "):
            choices["pulse"] = word
        elif row["cause"] == "pulse":
            name = next(one for one in Semantics.model_fields if what.startswith(one.replace("_", " ")))
            choices[name] = what[len(name) + 1 :].replace(" ", "_")
        elif row["cause"] == "prefix":
            call = call | {"to": word}
        elif row["cause"] == "direction":
            call = call | {"direction": what.partition(",")[0]}
        elif what.startswith("deck "):
            deck = OTHER
        elif row["cause"] == "price_date":
            call = call | {"answered_at": CUT if "as of" in what else CUT - timedelta(hours=1)}
        assert charge(call, deck, **choices) == row["theirs"], (row, call)


@given(
    st.integers(0, 10**9),
    st.sampled_from([60, 7, 180]),
    st.integers(1, 500),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
    st.integers(0, 6),
)
def test_r48_any_rounding_of_the_exact_amount_is_rounding(
    nano: int, unit: int, seconds: int, way: str, places: int
) -> None:
    rate = Decimal(nano).scaleb(-9)
    deck = deck_of([{"prefix": "91", "outbound_rate": rate, "rate_unit_s": unit}])
    call = {"call_id": 1, "to": "911", "seconds": seconds}
    semantics = {"pulse": "1/1"}
    theirs = deck.rate("911", seconds, semantics=semantics | {"rounding": way, "decimals": places}).total
    found = reconcile(
        pl.DataFrame([call]),
        pl.DataFrame({"call_id": [1], "charge": [str(theirs)], "billed_seconds": [seconds]}),
        deck=deck,
        semantics=semantics,
    )
    row = found.rows.row(0, named=True)
    exact = deck.rate("911", seconds, semantics=semantics).exact
    assert exact is not None
    assert row["cause"] == ("agrees" if row["ours"] == theirs else "rounding")
    if row["cause"] == "rounding":
        told, _, to = row["detail"].removeprefix("rounded ").removesuffix(" places").partition(" to ")
        again = semantics | {"rounding": told, "decimals": int(to)}
        assert deck.rate("911", seconds, semantics=again).total == theirs
        assert abs(Fraction(row["theirs"]) - exact) < Fraction(1, 10 ** int(to))
