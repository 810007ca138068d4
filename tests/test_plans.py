"""Plans of many workspaces in one frame: who is charged by which, what is refused, what is told before."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import RecordError, records
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.plans.price_list import DeckPrices, GroupPrice, PriceList
from dialnexa_routing.text.errors import ConflictError, DeckTimeError
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

DECK = deck_of(INDIA)
PRICES = PriceList(
    prices=(
        GroupPrice(country_iso="IN", network_group="India - Mobile", outbound="0.75"),
        GroupPrice(country_iso="IN", network_group="India - Hyderabad", outbound="0.75"),
        GroupPrice(country_iso="FR", network_group="France", outbound="2"),
    )
)
GROWTH = BillingPlan(id="growth", llm="1.10", telephony=PRICES)
PRECISE = BillingPlan(id="precise", llm="1.105", pulse="1/1", decimals=4)
PLANS = {"growth": GROWTH, "precise": PRECISE}
CALLS = pl.DataFrame(
    {
        "to": [MOBILE, MOBILE, MOBILE, MOBILE, None, MOBILE],
        "seconds": [61, 61, 61, 0, 61, -1],
        "plan": ["growth", "precise", "other", "growth", "growth", None],
        "workspace": ["acme", "bolt", "none", "acme", "acme", "nobody"],
    }
)


def told(rated: pl.DataFrame) -> list[Any]:
    return rated.select("billed_seconds", "llm", "telephony", "charge", "reason").rows()


def test_r44_each_row_is_charged_by_its_own_plan() -> None:
    rated = records.rate(CALLS, deck=DECK, plans=PLANS)
    nine = Decimal("1E-9")
    assert told(rated) == [
        (120, Decimal("2.20").quantize(nine), Decimal("1.50").quantize(nine), Decimal("3.70"), None),
        (61, Decimal("1.123416667"), None, Decimal("1.1234"), None),
        (None, None, None, None, "unknown_plan"),
        (0, None, None, Decimal(0), None),
        (None, None, None, None, "missing_number"),
        (None, None, None, None, "negative_seconds"),
    ]
    assert rated.schema["charge"] == pl.Decimal(18, 4)
    assert rated["deck_digest"].unique().to_list() == [DECK.digest]


@pytest.mark.parametrize(
    "workspaces",
    [
        {"acme": "growth", "bolt": "precise", "none": None},
        [
            Workspace(id="acme", billing_plan="growth"),
            Workspace(id="bolt", billing_plan="precise"),
            Workspace(id="none"),
        ],
    ],
)
def test_workspaces_have_plans(workspaces: Any) -> None:
    calls = CALLS.with_columns(seconds=61, to=pl.lit(MOBILE))
    rated = records.rate(calls, deck=DECK, plans=PLANS.values(), workspaces=workspaces)
    assert rated["reason"].to_list() == [None, None, "unknown_plan", None, None, "unknown_workspace"]
    assert rated["charge"].to_list()[:2] == [Decimal("3.70"), Decimal("1.1234")]


def test_a_workspace_of_a_plan_that_is_not_there_is_a_reason() -> None:
    rated = records.rate(CALLS[:1], deck=DECK, plans=[PRECISE], workspaces={"acme": "growth"})
    assert rated["reason"].to_list() == ["unknown_plan"]


def test_no_plans_at_all_are_reasons_too() -> None:
    assert records.rate(CALLS[:2], deck=DECK, plans=[])["reason"].to_list() == ["unknown_plan"] * 2


def test_ids_longer_than_a_view_and_alike_at_their_ends() -> None:
    ids = [f"workspace-{number:026}-plan" for number in range(300)] + ["", "x", "workspace-"]
    plans = {id_: BillingPlan(id="any", llm=number) for number, id_ in enumerate(ids)}
    calls = pl.DataFrame({"plan": ids[::-1] * 3}).with_columns(to=pl.lit(MOBILE), seconds=60)
    rated = records.rate(calls, deck=DECK, plans=plans)
    assert rated["charge"].to_list() == [*range(302, -1, -1)] * 3


def test_words_may_be_columns_or_one_for_all_rows() -> None:
    calls = CALLS[:1].with_columns(how=pl.lit("webrtc"), agent=pl.lit("speech_to_speech"))
    web = records.rate(calls, deck=DECK, plan=GROWTH, path="how", agent_kind="agent")
    assert web.select("prefix", "telephony", "charge").row(0) == (None, None, Decimal("2.20"))
    assert records.rate(calls, deck=DECK, plan=GROWTH, path="webrtc")["telephony"].to_list() == [None]
    odd = calls.with_columns(path=pl.lit("carrier pigeon"), agent_kind=pl.lit("parrot"))
    assert records.rate(odd, deck=DECK, plan=GROWTH)["reason"].to_list() == ["invalid_agent_kind"]
    assert records.rate(odd, deck=DECK, plan=GROWTH, agent_kind="cascaded")["reason"].to_list() == [
        "invalid_path"
    ]


def test_r50_the_answer_time_decides_only_where_the_price_hangs_on_it() -> None:
    deck = deck_of(DATED)
    plan = BillingPlan(id="x", llm="1", sip={"outbound": "1"}, telephony=DeckPrices())
    calls = pl.DataFrame({"to": [MOBILE] * 3, "seconds": [60] * 3, "path": ["pstn", "sip_trunk", "webrtc"]})
    none = pl.lit(None, pl.Datetime("us", "UTC"))
    rated = records.rate(calls.with_columns(answered_at=none), deck=deck, plan=plan)
    assert rated["reason"].to_list() == ["missing_answered_at", None, None]
    for path, reason in zip(calls["path"], rated["reason"], strict=True):
        assert plan.rate(deck, number=MOBILE, seconds=60, path=path).reason == reason
    for year, price in ((2025, "0.80"), (2026, "0.70"), (2027, "0.60")):
        at = utc(year, 6, 1)
        alone = plan.rate(deck, number=MOBILE, seconds=60, at=at)
        dated = records.rate(calls[:1].with_columns(answered_at=pl.lit(at)), deck=deck, plan=plan)
        assert alone.lines[1].rate == dated["telephony_rate"][0] == Decimal(price)
    with pytest.raises(DeckTimeError, match="no time zone"):
        plan.rate(deck, number=MOBILE, seconds=60, at=utc(2026, 1, 1).replace(tzinfo=None))


def test_r51_an_end_before_the_answer_is_a_reason() -> None:
    times = {"answered_at": [utc(2026, 1, 1)] * 2, "ended_at": [utc(2025, 12, 31), utc(2026, 1, 1, 0, 1)]}
    calls = pl.DataFrame({"to": [MOBILE] * 2} | times)
    rated = records.rate(calls, deck=DECK, plan=GROWTH, ended_at="ended_at")
    assert rated.select("charge", "reason").rows() == [(None, "end_before_answer"), (Decimal("1.85"), None)]


def test_lazy_frames_stay_lazy_and_stream(tmp_path: Path) -> None:
    lazy = records.rate(CALLS.lazy(), deck=DECK, plans=PLANS)
    graph = lazy.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    assert graph is not None
    assert "python_udf" in graph
    assert "in-memory-map" not in graph
    lazy.sink_parquet(tmp_path / "rated.parquet")
    assert pl.read_parquet(tmp_path / "rated.parquet").equals(records.rate(CALLS, deck=DECK, plans=PLANS))


def test_wrong_use_is_told_before_anything_is_rated() -> None:
    book = PreparedPlans(DECK, PLANS)
    for error, says, options in [
        (RecordError, "no column 'plam'; nearest: 'plan'", {"plans": PLANS, "plan": "plam"}),
        (RecordError, "no column 'space'", {"plans": PLANS, "workspaces": {}, "workspace": "space"}),
        (RecordError, "no column 'machine'", {"plan": GROWTH, "voicemail": "machine"}),
        (RecordError, "no column 'fax'", {"plan": GROWTH, "path": "fax"}),
        (RecordError, "prepared for", {"plans": PreparedPlans(deck_of(DATED), PLANS)}),
        (TypeError, "'seconds' is Int64; it is Boolean", {"plan": GROWTH, "voicemail": "seconds"}),
        (TypeError, "ids are text", {"plans": PLANS, "plan": "seconds"}),
        (TypeError, "leave semantics out", {"plan": GROWTH, "semantics": {"pulse": "1/1"}}),
        (TypeError, "leave plans and workspaces out", {"plan": GROWTH, "plans": book}),
        (TypeError, "pass plans=", {"workspaces": {"acme": "growth"}}),
        (TypeError, "pass plans=", {"plan": "plan"}),
        (TypeError, "a plan is str", {"plans": ["growth"]}),
        (TypeError, "a workspace is str", {"plans": PLANS, "workspaces": ["acme"]}),
        (ConflictError, "two plans have the id 'growth'", {"plans": [GROWTH, GROWTH]}),
        (ConflictError, "two workspaces", {"plans": PLANS, "workspaces": [Workspace(id="a")] * 2}),
        (RecordError, "'charge' already", {"plan": GROWTH}),
    ]:
        frame = CALLS.with_columns(charge=1) if says.startswith("'charge'") else CALLS
        with pytest.raises(error, match=says):
            records.rate(frame.lazy(), deck=DECK, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"path.* is Int32; it is text"):
        records.rate(CALLS.with_columns(path=1), deck=DECK, plan=GROWTH)


@pytest.mark.parametrize(
    ("name", "wrong"), [("direction", "sideways"), ("agent_kind", "parrot"), ("path", "pigeon")]
)
def test_wrong_words_for_one_call_name_the_right_ones(name: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{wrong}'; it is"):
        GROWTH.rate(DECK, number=MOBILE, seconds=60, **{name: wrong})  # type: ignore[arg-type]


def test_r47_an_operator_sees_what_the_plan_does_not_price() -> None:
    # Hyderabad is blocked throughout: no call is ever priced by it.
    assert GROWTH.missing(DECK) == (
        ("IN", "India"),
        ("JM", "Jamaica"),
        ("US", "United States"),
        ("ZZ", "India - Desk"),
    )
    assert GROWTH.missing(DECK, "inbound") == (("IN", "India"),)
    assert GROWTH.unused(DECK) == (("FR", "France"),)
    bare = BillingPlan(id="bare", llm="1")
    assert bare.missing(DECK) == bare.unused(DECK) == ()
    marked = BillingPlan(id="marked", telephony=DeckPrices())
    assert marked.missing(DECK) == marked.unused(DECK) == ()
    silent = deck_of([*INDIA, {"prefix": "92", "network_group": "Pakistan", "country_iso": "PK"}])
    assert marked.missing(silent, "inbound") == (("PK", "Pakistan"),)
    with pytest.raises(ValueError, match="sideways"):
        GROWTH.missing(DECK, "sideways")  # type: ignore[arg-type]


def test_what_is_missing_is_what_calls_are_refused_for() -> None:
    for direction in ("outbound", "inbound"):
        missing = {name for _, name in GROWTH.missing(DECK, direction)}
        calls = pl.DataFrame({"to": ["9111", "9198", "18761", "121", "911400"], "seconds": [1] * 5})
        rated = records.rate(calls, deck=DECK, plan=GROWTH, direction=direction)
        refused = rated.filter(pl.col("reason") == "rate_missing")["network_group"]
        assert set(refused) == missing


def test_a_book_shares_what_plans_have_alike() -> None:
    def listed(price: int) -> PriceList:
        return PriceList(prices=(GroupPrice(country_iso="IN", network_group="India", outbound=price),))

    alike = PreparedPlans(DECK, [BillingPlan(id=str(at), telephony=listed(1)) for at in range(50)])
    apart = PreparedPlans(DECK, [BillingPlan(id=str(at), telephony=listed(at)) for at in range(50)])
    marked = PreparedPlans(DECK, [BillingPlan(id=str(at), telephony=DeckPrices()) for at in range(50)])
    assert alike.size == PreparedPlans(DECK, [BillingPlan(id="one", telephony=listed(1))]).size
    assert marked.size == PreparedPlans(DECK, [BillingPlan(id="one", telephony=DeckPrices())]).size
    # Six groups of two bytes for each list, and sixteen bytes for each distinct pair.
    assert apart.size == 50 * 6 * 2 + 51 * 16


def test_more_distinct_prices_than_narrow_cells_can_number() -> None:
    rows = [{"prefix": str(100000 + at), "network_group": f"group {at}"} for at in range(700)]
    deck = deck_of(rows)
    plans = {
        str(number): BillingPlan(
            id="x",
            telephony=PriceList(
                prices=tuple(
                    GroupPrice(country_iso="ZZ", network_group=f"group {at}", outbound=number * 700 + at)
                    for at in range(700)
                )
            ),
        )
        for number in range(95)
    }
    calls = pl.DataFrame(
        {"to": ["100000", "100699", "100123"], "plan": ["0", "94", "50"], "seconds": [60] * 3}
    )
    rated = records.rate(calls, deck=deck, plans=plans)
    assert rated["charge"].to_list() == [0, 94 * 700 + 699, 50 * 700 + 123]


def test_r52_voicemail_is_read_from_a_file_of_text() -> None:
    said = ["true", "false", "", None]
    calls = pl.DataFrame({"to": [MOBILE] * 4, "seconds": [60] * 4, "voicemail": said})
    plan = BillingPlan(id="p", llm="1", voicemail="free")
    rated = records.rate(calls, deck=deck_of(INDIA), plan=plan)
    assert rated["charge"].to_list() == [Decimal("0.00"), *[Decimal("1.00")] * 3]
    other = calls.with_columns(voicemail=pl.Series(["True", "NO", "maybe", " "]))
    rated = records.rate(other, deck=deck_of(INDIA), plan=plan)
    assert rated["reason"].to_list() == [None, None, "invalid_voicemail", None]
    assert rated["charge"].to_list() == [Decimal("0.00"), Decimal("1.00"), None, Decimal("1.00")]
