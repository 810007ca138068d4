"""Screening of recipients: the cases of ``cases/files.toml``, several sources, screens, and bad input."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from decks import DATED, deck_of, utc
from dialnexa_routing.numbers.number_reading import NumberReading, Read
from dialnexa_routing.text.errors import (
    ConflictError,
    DeckTimeError,
    NumberError,
    RecordError,
    RoutingError,
    UnknownNameError,
)
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.decision import Refused
from dialnexa_routing.workspace.policy.setting import Screen
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.screening import SCREENED
from dialnexa_routing.workspace.screening.recipient_reading import as_text, candidates
from dialnexa_routing.workspace.screening.rule_columns import RuleColumns
from dialnexa_routing.workspace.workspace import Workspace

CASES = tomllib.loads((Path(__file__).parent / "cases" / "files.toml").read_text("utf-8"))
CARRIER, TRUNK, INDIAN = "+14155550100", "+14155550199", "+919800000001"
NUMBERS = [
    {"number": CARRIER, "outbound_version": "a@1"},
    {"number": TRUNK, "outbound_version": "a@1", "sip_trunk_enabled": True},
    {"number": INDIAN, "outbound_version": "a@1"},
    {"number": "+14155550101", "provider": "other", "outbound_version": "a@1"},
    {"number": "+14155550102", "rental": "expired"},
    {"number": "+14155550103", "provider": "twilio"},
    {"number": "+911800555010", "type": "tollfree"},
]
AGENTS = [{"id": "a", "versions": [{"version": 1, "status": "published"}]}]
WORLD = deck_of(CASES["world"]["rows"])
RULES = [CountryRule.model_validate(rule) for rule in CASES["world"]["rules"]]


def router(screens: tuple[Screen, ...] = (), **workspace: Any) -> Router:
    fields = {"id": "shop", "numbers": NUMBERS, "agents": AGENTS, "enabled": CASES["world"]["enabled"]}
    return Router(
        Workspace.model_validate(fields | workspace),
        decks={"plivo": WORLD},
        country_rules=RULES,
        screens=screens,
    )


def file(*numbers: object, **schema: Any) -> pl.DataFrame:
    return pl.DataFrame({"phone_number": numbers}, schema=schema or {"phone_number": pl.String})


def reasons(frame: pl.DataFrame, **options: Any) -> list[str | None]:
    asked = options.pop("router", None) or router()
    return asked.screen(frame, **options)["reason"].to_list()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES["reading"]])
def test_reading(case: dict[str, Any]) -> None:
    named = ("international_prefix", "calling_code", "trunk_prefix", "separators")
    reading = NumberReading(**{name: case[name] for name in named if name in case})
    expected = Read(case.get("number"), case.get("change"))
    assert reading.read(case["text"]) == expected
    texts, changes = candidates(as_text(pl.Series([case["text"]])), reading)
    (is_number,) = RuleColumns.of({}).are_numbers(texts)
    assert (Read(texts[0], changes[0]) if is_number else Read(None, None)) == expected


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES["screening"]])
def test_screening(case: dict[str, Any]) -> None:
    fields = {name: case[name] for name in ("enabled", "choices", "sip_enabled", "provider") if name in case}
    asked, to = router(**fields), case.get("to")
    source = case.get("source", CARRIER if "provider" not in case else "+14155550101")
    expected = {name: case.get(name) for name in ("number", "prefix", "reason")}
    (row,) = asked.screen(file(to), source=source).iter_rows(named=True)
    assert {name: row[name] for name in expected} == expected
    if "source" not in case:
        assert asked.screen(file(to)).row(0, named=True) == row
    if to is not None:
        decision = asked.outbound(NumberReading().read(to).number or to, source)
        reason = decision.reason if isinstance(decision, Refused) else None
        assert (reason, getattr(decision, "prefix", None)) == (expected["reason"], expected["prefix"])


def test_r39_bad_rows_do_not_stop_good_ones_and_other_columns_stay() -> None:
    frame = pl.DataFrame(
        {
            "name": ["a", "b", "c", "d"],
            "phone_number": ["+919812345678", None, "x", "914012345678"],
            "born": [1, 2, None, 4],
        }
    )
    screened = router().screen(frame)
    assert screened.columns == ["position", *frame.columns, *SCREENED]
    assert {name: screened.schema[name] for name in SCREENED} == SCREENED
    assert_frame_equal(screened.select(frame.columns), frame)
    assert screened.select(
        "position", "number", "change", "country_iso", "network_group", "reason"
    ).rows() == [
        (1, "+919812345678", None, "IN", "India", None),
        (2, None, None, None, None, "invalid_number"),
        (3, None, None, None, None, "invalid_number"),
        (4, "+914012345678", "plus_added", "IN", "India - Hyderabad", "unsupported_prefix"),
    ]


@pytest.mark.parametrize(
    "dtype", [pl.Int64, pl.UInt64, pl.Int128, pl.String, pl.Categorical, pl.Enum(["919812345678"])]
)
def test_r2_integers_and_texts_of_any_type_are_numbers(dtype: Any) -> None:
    column = pl.Series("phone_number", ["919812345678", None]).cast(dtype)
    assert reasons(column.to_frame()) == [None, "invalid_number"]


@pytest.mark.parametrize("groups", [1, 7, 8, 9, 16, 100])
def test_r16_among_enabled_groups_of_decks_of_any_size(groups: int) -> None:
    names = [f"group {number:02}" for number in range(groups)]
    deck = deck_of([{"prefix": f"9{name[-2:]}", "network_group": name} for name in names])
    enabled = [{"provider": "plivo", "country_iso": "ZZ", "network_groups": names[::3]}]
    choices = {"winner": "enabled_groups"}
    workspace = Workspace.model_validate({"id": "shop", "enabled": enabled, "choices": choices})
    screened = Router(workspace, decks={"plivo": deck}).screen(file(*(f"9{name[-2:]}5" for name in names)))
    assert screened["network_group"].to_list() == names
    assert screened.filter(pl.col("reason").is_null())["network_group"].to_list() == names[::3]


def test_r2_the_trunk_prefix_of_a_calling_code_comes_from_its_rule() -> None:
    reading = NumberReading(calling_code="91")
    screened = router().screen(file("09812345678", "009812345678"), reading=reading)
    assert screened.select("number", "change").rows() == [
        ("+919812345678", "trunk_prefix_replaced"),
        (None, None),
    ]
    france = NumberReading(calling_code="33")
    assert reasons(file("0123456789"), reading=france) == ["invalid_number"]
    own = NumberReading(calling_code="91", trunk_prefix="")
    assert reasons(file("0981234567"), reading=own) == ["invalid_number"]  # R3: the rule holds all the same


def test_r40_any_of_several_sources() -> None:
    asked = router(sip_enabled=True)
    frame = file("+919812345678", "+442071838750", "x")
    assert reasons(frame, router=asked, source=[CARRIER, TRUNK]) == [None, None, "invalid_number"]
    screened = asked.screen(frame, source=(TRUNK, CARRIER))
    assert screened["prefix"].to_list() == [None] * 3  # the trunk carries all of them
    off = router()
    assert reasons(frame, router=off, source=[CARRIER, TRUNK]) == [None, "route_disabled", "invalid_number"]
    last = [TRUNK, CARRIER, TRUNK, CARRIER]
    assert reasons(frame, router=off, source=last) == [None, "unsupported_country", "invalid_number"]


def test_r38_screens_are_asked_of_what_may_be_called() -> None:
    asked: list[str] = []

    def refuses(number: str) -> bool:
        asked.append(number)
        return number.endswith("8")

    screens = (Screen("dnd", refuses), Screen("second", lambda number: number.startswith("+91")))
    frame = file("+919812345678", "+919812345679", "+12025550123", "+914012345678", "x", None)
    screened = router(screens).screen(frame)
    assert screened["reason"].to_list() == [
        "dnd",
        "second",
        None,
        "unsupported_prefix",
        "invalid_number",
        "invalid_number",
    ]
    assert screened["prefix"].to_list() == [None, None, "1", "9140", None, None]
    assert asked == ["+919812345678", "+919812345679", "+12025550123"]


def test_r38_a_screen_that_answers_neither_yes_nor_no_stops_the_file() -> None:
    with pytest.raises(TypeError, match="screen 'dnd' answered NoneType"):
        router((Screen("dnd", lambda number: None),)).screen(file("+919812345678"))  # type: ignore[arg-type, return-value]


def test_r50_a_dated_deck_is_asked_at_a_time() -> None:
    workspace = Workspace.model_validate(
        {
            "id": "shop",
            "enabled": [
                {"provider": "plivo", "country_iso": "ZZ", "network_groups": ["Mobile 2025", "India"]}
            ],
        }
    )
    dated = Router(workspace, decks={"plivo": deck_of(DATED)})
    frame = file("+919812345678")
    assert reasons(frame, router=dated, at=utc(2025, 6, 1)) == [None]
    assert reasons(frame, router=dated, at=utc(2026, 6, 1)) == ["unsupported_prefix"]
    assert reasons(frame, router=dated, at=utc(2027, 6, 1)) == [None]
    with pytest.raises(DeckTimeError, match="pass at="):
        dated.screen(frame)


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("+14155559999", UnknownNameError, r"\+14155xxxxxx is no number of workspace 'shop'"),
        ("14155550100", NumberError, "write a plus"),
        ("+14155550102", ConflictError, "its rental expired"),
        ("+14155550103", ConflictError, "link it as a BYO SIP trunk"),
        ("+911800555010", ConflictError, "toll-free"),
        ([], UnknownNameError, "no number in the list"),
        ([CARRIER, "+14155559999"], UnknownNameError, "no number of workspace"),
    ],
)
def test_r9_a_source_that_cannot_call_is_an_error_before_any_row(
    source: Any, kind: type[RoutingError], says: str
) -> None:
    unread = pl.LazyFrame(schema={"phone_number": pl.String}).map_batches(
        lambda frame: pytest.fail("a row was read"), schema={"phone_number": pl.String}
    )
    with pytest.raises(kind, match=says):
        router().screen(unread, source=source)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_files_without_a_number(rows: int) -> None:
    for dtype in (pl.String, pl.Null, pl.Int64):
        frame = pl.DataFrame({"phone_number": pl.Series([None] * rows, dtype=dtype)})
        screened = router().screen(frame, source=[CARRIER, TRUNK, INDIAN])
        assert screened["reason"].to_list() == ["invalid_number"] * rows
        assert screened["position"].to_list() == list(range(1, rows + 1))


def test_huge_cells_are_no_numbers() -> None:
    frame = file("9" * 5_000_000, "+" * 70_000, "é" * 70_000, "+919812345678", "\x00" * 16)
    assert reasons(frame) == ["invalid_number"] * 3 + [None, "invalid_number"]


@pytest.mark.parametrize(
    ("change", "options", "kind", "says"),
    [
        (None, {"to": "phone"}, RecordError, "no column 'phone'; nearest: 'phone_number'"),
        (None, {"to": "PHONE_NUMBER"}, RecordError, "nearest: 'phone_number'"),
        (None, {"to": 3}, TypeError, "3 is no name of a column"),
        (None, {"reading": "00"}, TypeError, "reading is str; pass a NumberReading"),
        (None, {"add_prefix": 3}, TypeError, "add_prefix is int; pass a str"),
        (
            None,
            {"at": utc(2026, 1, 1).replace(tzinfo=None), "source": CARRIER},
            DeckTimeError,
            "no time zone",
        ),
        (None, {"purpose": "fun"}, ValueError, "fun"),
        (
            pl.col("phone_number").cast(pl.Float64),
            {},
            TypeError,
            "'phone_number' is Float64; numbers are text or",
        ),
        (pl.col("phone_number") == "1", {}, TypeError, "is Boolean"),
        (pl.struct("phone_number"), {}, TypeError, "is Struct"),
        (pl.col("phone_number").cast(pl.Binary), {}, TypeError, "is Binary"),
        (pl.lit(1).alias("reason"), {}, RecordError, "'reason' already; drop it, or pass add_prefix"),
        (pl.lit(1).alias("position"), {}, RecordError, "'position' already"),
    ],
)
def test_what_is_wrong_is_named_before_any_row(
    change: pl.Expr | None, options: dict[str, Any], kind: type[Exception], says: str
) -> None:
    frame = file("1") if change is None else file("1").with_columns(change)
    with pytest.raises(kind, match=says):
        router().screen(frame.lazy(), **options)


def test_only_frames_are_screened() -> None:
    with pytest.raises(TypeError, match="frame is list; pass a Polars DataFrame"):
        router().screen(["+91"])  # type: ignore[type-var]


def test_the_added_columns_can_have_a_prefix() -> None:
    frame = file("+919812345678").with_columns(reason=pl.lit("mine"), screened=pl.lit("mine"))
    screened = router().screen(frame, add_prefix="our_")
    assert screened.columns == ["our_position", *frame.columns, *(f"our_{name}" for name in SCREENED)]
    assert screened.select("reason", "screened", "our_reason").row(0) == ("mine", "mine", None)


def test_a_lazy_frame_streams_and_its_plan_can_be_pickled(tmp_path: Path) -> None:
    numbers = [f"+9198{place:08}" for place in range(250_000)] + ["x"]
    path = tmp_path / "recipients.parquet"
    file(*numbers).write_parquet(path)
    lazy = router().screen(pl.scan_parquet(path))
    graph = lazy.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    assert graph is not None
    assert "in-memory-map" not in graph
    again = pickle.loads(pickle.dumps(lazy))
    rejected = again.filter(pl.col("reason").is_not_null()).collect(engine="streaming")
    assert rejected.select("position", "phone_number").rows() == [(250_001, "x")]


@pytest.mark.parametrize("name", ["^.*$", "*", "^phone$", "screened", "", "phone.number"])
def test_the_column_is_taken_by_its_name_never_as_a_pattern(name: str) -> None:
    frame = pl.DataFrame({"other": ["x"], name: ["919812345678"], "phone": [1]})
    screened = router().screen(frame, to=name)
    assert screened.columns == ["position", *frame.columns, *SCREENED]
    assert screened["number"].to_list() == ["+919812345678"]
    assert_frame_equal(screened.select(pl.exclude("position", *SCREENED)), frame)
