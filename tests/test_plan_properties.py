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
from dialnexa_routing.money import semantics as policy
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import DeckPrices, GroupPrice, PriceList, SipRate, Voicemail
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.plan_rating import plan_types
from strategies import AMOUNT, TIMES, numbers, seconds, sheets

PRICE = st.none() | AMOUNT
GROUP = st.tuples(
    st.sampled_from(["IN", "ZZ", "FR"]),
    st.sampled_from(["India", "Mobile", "more than twelve letters", "é", "nowhere"]),
)
MARKUPS = st.decimals(-100, 400, places=4) | st.sampled_from(
    [Decimal(-100), Decimal(10_000), Decimal("1E-9")]
)


@st.composite
def telephony(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return draw(st.none() | MARKUPS.map(lambda percent: DeckPrices(markup_percent=percent)))
    groups = draw(st.lists(GROUP, max_size=8, unique=True))
    return PriceList(
        prices=tuple(
            GroupPrice(country_iso=iso, network_group=name, outbound=draw(PRICE), inbound=draw(PRICE))
            for iso, name in groups
        )
    )


PLAN = st.builds(
    BillingPlan,
    id=st.just("any"),
    stt=PRICE,
    llm=PRICE,
    tts=PRICE,
    platform=PRICE,
    telephony=telephony(),
    sip=st.none() | st.builds(SipRate, outbound=AMOUNT, inbound=PRICE),
    pulse=st.builds(policy.Pulse, initial_s=st.integers(1, 90), next_s=st.integers(1, 90)),
    part_second=st.sampled_from(policy.PartSecond),
    rounding=st.sampled_from(policy.Rounding),
    decimals=st.integers(0, 9),
    voicemail=st.sampled_from(Voicemail),
)
IDS = ["a", "b", "a plan with a long name"]
WAYS = st.sampled_from(["outbound", "inbound", "inbound", "sideways", None])
KINDS = st.sampled_from(["cascaded", "speech_to_speech", "cascaded", "other", None])
PATHS = st.sampled_from(["pstn", "pstn", "pstn", "sip_trunk", "webrtc", "fax", None])
KNOWN = st.sampled_from([*IDS, *IDS, "c", None])


@st.composite
def bills(draw: st.DrawFn) -> Any:
    """A sheet, plans, records with all that they can say, and what their seconds are."""
    rows = draw(sheets())
    plans = {id_: draw(PLAN) for id_ in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))}
    wanted = draw(numbers(rows))
    count = len(wanted)
    taken = draw(seconds(count))

    def many(values: st.SearchStrategy[Any], dtype: Any = pl.String) -> pl.Series:
        return pl.Series(draw(st.lists(values, min_size=count, max_size=count)), dtype=dtype)

    frame = pl.DataFrame(
        {
            "to": pl.Series(wanted, dtype=pl.String),
            "seconds": taken[0],
            "answered_at": many(st.none() | st.sampled_from(TIMES), pl.Datetime("us", "Asia/Kolkata")),
            "direction": many(WAYS),
            "plan": many(KNOWN),
            "agent_kind": many(KINDS),
            "path": many(PATHS),
            "voicemail": many(st.sampled_from([False, False, True, None]), pl.Boolean),
        }
    )
    return rows, plans, frame, taken


def naive(rows: Any, plan: BillingPlan | str, record: dict[str, Any], value: Any, fault: Any) -> Any:
    return plan_oracle.rate(
        rows,
        plan,
        record["to"],
        value,
        fault=fault,
        at=record["answered_at"],
        direction=record["direction"],
        kind=record["agent_kind"],
        path=record["path"],
        voicemail=record["voicemail"],
    )


@given(bills())
def test_r54_a_frame_over_many_plans_is_the_naive_sum(bill: Any) -> None:
    rows, plans, frame, (_, exact, faults) = bill
    deck = deck_of(rows, keep_redundant=True)
    rated = records.rate(frame, deck=deck, plans=plans)
    types = plan_types(max(plan.decimals for plan in plans.values()))
    got = rated.select(list(types)).to_dicts()
    for answer, record, value, fault in zip(got, frame.iter_rows(named=True), exact, faults, strict=True):
        plan = plans.get(record["plan"], "unknown_plan")
        assert answer == plan_oracle.columns(naive(rows, plan, record, value, fault))
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
        assert amounts == {name: record[name] for name in plan_oracle.NAMES if record[name] is not None}
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
