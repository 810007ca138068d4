"""Rating by plan, one by one and as frames, gives what the naive fractions give (R44-R48, R52, R54)."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import plan_oracle
from decks import deck_of
from dialnexa_routing import records
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.plan_rating import plan_types
from plan_strategies import NAMES, bills, naive


@given(bills())
def test_r54_a_frame_over_many_plans_is_the_naive_sum(bill: Any) -> None:
    rows, plans, frame, (_, exact, faults) = bill
    deck = deck_of(rows, keep_redundant=True)
    rated = records.rate(frame, deck=deck, plans=plans)
    has_fees = any(plan.connect_fee is not None for plan in plans.values())
    types = plan_types(max(plan.decimals for plan in plans.values()), has_fees=has_fees)
    got = rated.select(list(types)).to_dicts()
    for answer, record, value, fault in zip(got, frame.iter_rows(named=True), exact, faults, strict=True):
        plan = plans.get(record["plan"], "unknown_plan")
        assert answer == plan_oracle.columns(naive(rows, plan, record, value, fault), has_fees=has_fees)
    # R51 rows in are rows out, in order, with all that they brought.
    assert rated.select(frame.columns).equals(frame)
    assert rated["deck_digest"].unique().to_list() == [deck.digest]
    assert {name: rated.schema[name] for name in types} == types


@given(bills())
def test_r54_a_call_alone_is_its_row_of_the_frame(bill: Any) -> None:
    rows, plans, frame, (_, exact, faults) = bill
    deck = deck_of(rows)
    rated = records.rate(frame, deck=deck, plans=plans)
    for record, value, fault in zip(rated.iter_rows(named=True), exact, faults, strict=True):
        words = (record["agent_kind"], record["path"], record["direction"])
        if fault or record["plan"] not in plans or {"other", "fax", "sideways", None} & set(words):
            continue
        charge = plans[record["plan"]].rate(
            deck,
            number=record["to"],
            seconds=None if value is None else Decimal(value.numerator) / value.denominator,
            at=record["answered_at"],
            direction=record["direction"],
            agent_kind=record["agent_kind"],
            path=record["path"],
            voicemail=bool(record["voicemail"]),
        )
        assert (charge.total, charge.reason) == (record["charge"], record["reason"])
        assert charge.billed_seconds == record["billed_seconds"]
        assert (charge.match.prefix if charge.match else None) == record["prefix"]
        assert charge.deck_digest == record["deck_digest"]
        amounts = {line.component.value: line.amount for line in charge.lines}
        assert amounts == {name: record[name] for name in NAMES if record.get(name) is not None}
        rates = {line.component.value: line.rate for line in charge.lines}
        assert rates.get("telephony") == record["telephony_rate"]
        # R48 what is shown to nine places adds up to the exact total at nine places.
        if charge.exact is not None:
            expected = naive(rows, plans[record["plan"]], record, value, None)
            assert {line.component.value: line.exact for line in charge.lines} == expected.lines
            assert charge.exact == sum(line.exact for line in charge.lines)
            assert sum(amounts.values()) == plan_oracle.nine(charge.exact)


@given(bills(), st.sampled_from([1, 7, 1000]))
def test_r54_every_kind_of_frame_agrees(bill: Any, size: int) -> None:
    rows, plans, frame, _ = bill
    deck = deck_of(rows)
    whole = records.rate(frame, deck=deck, plans=plans)
    chunked = pl.concat([frame[at : at + size] for at in range(0, frame.height, size)], rechunk=False)
    lazy = records.rate(chunked.lazy(), deck=deck, plans=plans)
    book = PreparedPlans(deck, plans)
    by_workspace = {f"of {id_}": id_ for id_ in plans} | {"none": None, "of c": "c"}
    spaces = frame.with_columns(workspace="of " + pl.col("plan"))
    forms = {
        "chunked": records.rate(chunked, deck=deck, plans=plans),
        "lazy": lazy.collect(),
        "streaming": lazy.collect(engine="streaming"),
        "of a book": records.rate(frame, deck=deck, plans=book),
        "of a book from afar": records.rate(frame, deck=deck, plans=pickle.loads(pickle.dumps(book))),
        "of plans that name themselves": records.rate(
            frame, deck=deck, plans=[plan.changed(id=id_) for id_, plan in plans.items()]
        ),
        "by workspace": records.rate(spaces, deck=deck, plans=plans, workspaces=by_workspace).drop(
            "workspace"
        ),
    }
    unknown = frame["plan"].is_null() | ~frame["plan"].is_in([*plans, "c"])
    for name, form in forms.items():
        if name == "by workspace":
            # Who has no plan in the frame has no workspace here, which is another reason.
            form = form.filter(~unknown)
            assert form.equals(whole.filter(~unknown))
        elif name == "of plans that name themselves":
            # The same plans under another id have another digest.
            assert form.drop("plan_digest").equals(whole.drop("plan_digest"))
        else:
            assert form.equals(whole), name
        assert form.schema == whole.schema, name
    assert records.rate(frame.clear(), deck=deck, plans=plans).schema == whole.schema


@given(bills())
def test_one_plan_for_all_is_that_plan_in_every_row(bill: Any) -> None:
    rows, plans, frame, _ = bill
    deck = deck_of(rows)
    plan = next(iter(plans.values()))
    alone = records.rate(frame.drop("plan"), deck=deck, plan=plan)
    assert alone.equals(
        records.rate(frame.with_columns(plan=pl.lit(plan.id)), deck=deck, plans=[plan]).drop("plan")
    )
