"""One charge of a deck explained: every verdict, steps that add up, faces that no hostile sheet breaks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import RateDeck, Semantics, records
from dialnexa_routing.deck.steps import StepKind
from dialnexa_routing.money.exact import exact_text
from dialnexa_routing.text.errors import NumberError
from strategies import SEMANTICS, TIMES, numbers, sheets
from test_schedules import schedules

if TYPE_CHECKING:
    from dialnexa_routing.deck.explanation import Explanation

DECK = deck_of(INDIA)


def outcomes(explained: Explanation) -> list[tuple[str, str]]:
    return [(one.prefix, str(one.outcome)) for one in explained.tried]


@pytest.mark.parametrize(
    ("rows", "number", "said", "expected"),
    [
        (INDIA, MOBILE, {}, [("9198", "wins"), ("91", "shorter")]),
        (INDIA, "+914012345", {}, [("9140", "blocked"), ("91", "shorter")]),
        (INDIA, MOBILE, {"direction": "inbound"}, [("9198", "wrong_direction"), ("91", "wins")]),
        (INDIA, "+911400", {}, [("911400", "wins"), ("91", "shorter")]),
        (INDIA, "+9114001", {}, [("911400", "whole_number"), ("91", "wins")]),
        (INDIA, "+44", {}, []),
        (
            DATED,
            MOBILE,
            {"at": utc(2027, 1, 1)},
            [("9198", "expired"), ("9198", "expired"), ("91", "wins")],
        ),
        (DATED, MOBILE, {"at": utc(2026, 1, 1)}, [("9198", "wins"), ("9198", "expired"), ("91", "shorter")]),
        (DATED, MOBILE, {"at": utc(2025, 1, 1)}, [("9198", "not_yet"), ("9198", "wins"), ("91", "shorter")]),
    ],
)
def test_r16_every_prefix_says_what_came_of_it(
    rows: Any, number: str, said: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    explained = deck_of(rows).explain(number, **said)
    assert outcomes(explained) == expected
    assert explained.charge is None
    assert explained.steps == ()
    winner = next((one for one in explained.tried if one.outcome in ("wins", "blocked")), None)
    assert explained.winner is winner
    for one in explained.tried:
        assert f"{one.prefix}" in str(explained)
        assert one.verdict in str(explained)
        assert one.network_group in str(explained)


def test_r50_verdicts_name_the_moment() -> None:
    told = str(deck_of(DATED).explain(MOBILE, at=utc(2027, 6, 1)))
    assert "passed over, it ended 2026-01-01T00:00:00+00:00: Mobile 2025" in told
    assert "passed over, it ended 2027-01-01T00:00:00+00:00: Mobile 2026" in told
    assert "it begins 2026-01-01T00:00:00+00:00" in str(deck_of(DATED).explain(MOBILE, at=utc(2025, 6, 1)))


def test_r1_the_number_is_shown_as_given_and_as_read() -> None:
    bare, plus = (DECK.explain(number) for number in (MOBILE[1:], MOBILE))
    assert (bare.given, bare.number, plus.given, plus.number) == (MOBILE[1:], MOBILE[1:], MOBILE, MOBILE[1:])
    assert str(bare).startswith(f"{MOBILE} (given as {MOBILE[1:]}) outbound\n")
    assert str(plus).startswith(f"{MOBILE} outbound\n")
    with pytest.raises(NumberError):
        DECK.explain("+91 98")


def test_seconds_of_every_type_are_told_exactly() -> None:
    asked: tuple[Any, ...] = (
        263,
        Decimal("61.50"),
        timedelta(seconds=61, microseconds=500_000),
        Decimal("1E+2"),
    )
    for seconds, text in zip(asked, ("263", "61.5", "61.5", "100"), strict=True):
        explained = DECK.explain(MOBILE, seconds=seconds)
        assert explained.to_dict()["seconds"] == text
        assert any(str(step).startswith(f"{text} s are billed as ") for step in explained.steps)


def test_r53_each_term_says_what_it_makes_of_the_seconds() -> None:
    terms = {"grace_s": 5, "minimum_s": 40, "free_s": 30, "initial_increment_s": 25, "next_increment_s": 8}
    deck = deck_of([{"prefix": "91", "outbound_rate": "0.6", **terms}])
    assert [str(step) for step in deck.explain("91", seconds=Decimal("61.5")).steps] == [
        "61.5 s count as 62 s (part of a second up)",
        "less 30 s that are free: 32 s",
        "at least the minimum time: 40 s",
        "increments 25/8: 41 s",
        "61.5 s are billed as 41 s (increments 25/8 by the sheet, minimum 40 s, grace 5 s, free 30 s)",
        "₹0.6 × 41 / 60 = ₹0.41",
        "rounded half_up to 2 places: ₹0.41",
    ]
    assert [str(step) for step in deck.explain("91", seconds=5).steps] == [
        "no longer than the grace time of 5 s: 0 s",
        "5 s are billed as 0 s",
        "rounded half_up to 2 places: ₹0.00",
    ]


def test_r47_no_charge_is_told_in_words() -> None:
    blocked = DECK.explain("+914012345", seconds=61)
    assert str(blocked).splitlines()[-1] == (
        "  not rated: blocked, the prefix is refused, and yields to no shorter one"
    )
    assert [step.kind for step in blocked.steps] == [StepKind.NOT_RATED]
    assert "no prefix of the deck begins this number" in str(DECK.explain("+44", seconds=61))
    assert DECK.explain("+44", seconds=61).to_dict()["reason"] == "unsupported_prefix"


def test_r48_increments_that_are_rounded_say_so() -> None:
    deck = deck_of([{"prefix": "9", "outbound_rate": "0.8137"}])
    rough = Semantics(round_at="increment", increment_decimals=3, decimals=4)
    explained = deck.explain("91", seconds=263, semantics=rough)
    first, following = (step for step in explained.steps if step.kind is StepKind.BLOCKS)
    assert str(first) == "₹0.8137 × 60 / 60 = ₹0.8137, each increment rounded half_up to 3 places: ₹0.814"
    assert (first.amount, following.amount) == (Fraction("0.814"), Fraction("3.256"))


def test_r48_pieces_that_are_rounded_say_so() -> None:
    deck = deck_of([{"prefix": "9", "outbound_rate": "0.00123", "initial_increment_s": 6}])
    explained = deck.explain("91", seconds=12, semantics=Semantics.preset("cgrates", decimals=5))
    (blocks,) = (step for step in explained.steps if step.kind is StepKind.BLOCKS)
    assert str(blocks) == (
        "2 × 6 s from 0 s: ₹0.00123 × 12 / 60 = ₹0.000246, rounded half_up to 5 places, and each increment of"
        " it again: ₹0.00026"
    )


def test_the_faces_say_the_same_and_the_data_are_complete() -> None:
    rows = pl.DataFrame(
        {
            "prefix": ["91"],
            "network_group": ["India"],
            "outbound_rate": [Decimal("0.000000001")],
            "source_file": ["a.csv"],
            "source_row": [7],
        },
        schema_overrides={"outbound_rate": pl.Decimal(18, 9), "source_row": pl.UInt32},
    )
    deck = RateDeck.compile(rows)
    explained = deck.explain("+9198", seconds=61, semantics={"decimals": 9})
    assert "₹0.000000001 per 60 s  [a.csv:7]" in str(explained)
    found = explained.to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["tried"] == [
        {
            "prefix": "91",
            "network_group": "India",
            "country_iso": None,
            "outcome": "wins",
            "verdict": "wins",
            "rate": "0.000000001",
            "rate_unit_s": 60,
            "has_schedule": False,
            "source": {"file": "a.csv", "row": 7},
        }
    ]
    assert (found["prefix"], found["network_group"], found["exact"]) == ("91", "India", "0.000000002")
    assert Decimal(found["charge"]) == Decimal("0.000000002")
    assert found["deck_digest"] == deck.digest
    cells, items = read(explained)
    assert cells == ["91", "wins", "India", "₹0.000000001 per 60 s", "a.csv:7"]
    assert items == [str(step) for step in explained.steps]
    assert items[-1].endswith("₹0.000000002")
    assert explained._repr_html_() == explained.html()


class _Page(HTMLParser):
    """Cells and list items of a page; whatever tags there are."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: dict[str, list[str]] = {"td": [], "li": [], "style": [], "h3": [], "th": [], "p": []}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_data(self, data: str) -> None:
        self.texts[self._open][-1] += data


def read(explained: Explanation) -> tuple[list[str], list[str]]:
    """The cells and the steps of its HTML, which has no tags but those of its own."""
    page = _Page()
    page.feed(explained.html())
    own = {"div", "style", "h3", "table", "thead", "tbody", "tr", "th", "td", "ol", "li", "p"}
    assert page.tags <= own
    return page.texts["td"], page.texts["li"]


HOSTILE = "<script>alert(1)</script>\"'&\x1b[31m\u202e\r\nwins: ₹0"


def test_hostile_texts_are_escaped_and_stay_in_their_line() -> None:
    rows = pl.DataFrame(
        {
            "prefix": ["91"],
            "network_group": [HOSTILE],
            "outbound_rate": [Decimal("1.000000000")],
            "source_file": [HOSTILE],
            "source_row": [7],
        },
        schema_overrides={"source_row": pl.UInt32},
    )
    explained = RateDeck.compile(rows).explain("+9198", seconds=61)
    shown = "<script>alert(1)</script>\"'&\ufffd[31m\ufffd\ufffd\ufffdwins: ₹0"
    cells, _ = read(explained)
    assert cells[2] == shown
    assert "<script" not in explained.html()
    text = str(explained)
    assert len(text.splitlines()) == 2 + len(explained.steps)
    assert not {"\x1b", "\u202e", "\r"} & set(text + explained.html())
    assert explained.to_dict()["network_group"] == HOSTILE


@given(st.data(), SEMANTICS, st.integers(0, 5000).map(lambda eighths: Decimal(eighths) / 8))
def test_r54_steps_add_up_to_the_charge_of_a_frame(
    data: st.DataObject, choices: Semantics, seconds: Decimal
) -> None:
    rows = data.draw(sheets())
    asked = [number for number in data.draw(numbers(rows)) if number and oracle.digits(number)][:5]
    follows_from_its_steps(rows, asked, choices, seconds, data.draw(st.sampled_from(TIMES)))


@given(schedules(), SEMANTICS, st.integers(0, 4000).map(lambda eighths: Decimal(eighths) / 8))
def test_r54_steps_of_a_schedule_add_up(
    schedule: dict[str, Any], choices: Semantics, seconds: Decimal
) -> None:
    rows = [{"prefix": "91", "schedule": json.dumps(schedule)}]
    explained = follows_from_its_steps(rows, ["9198"], choices, seconds, datetime(2026, 6, 1, 6, tzinfo=UTC))
    blocks = [step for step in explained[0].steps if step.kind is StepKind.BLOCKS]
    assert all(step.band and step.tier for step in blocks)


def follows_from_its_steps(
    rows: list[dict[str, Any]], asked: list[str], choices: Semantics, seconds: Decimal, at: datetime
) -> list[Explanation]:
    deck = deck_of(rows)
    frame = pl.DataFrame({"to": asked}, schema={"to": pl.String}).with_columns(
        seconds=pl.lit(seconds), answered_at=pl.lit(at)
    )
    rated = records.rate(frame, deck=deck, semantics=choices)
    told = [deck.explain(number, seconds=seconds, at=at, semantics=choices) for number in asked]
    for explained, record in zip(told, rated.iter_rows(named=True), strict=True):
        charge, steps = explained.charge, explained.steps
        assert charge is not None
        assert (charge.total, charge.reason) == (record["charge"], record["reason"])
        winner = explained.winner
        assert (winner.prefix if winner else None) == record["prefix"]
        if charge.total is None:
            assert [step.kind for step in steps] == [StepKind.NOT_RATED]
            continue
        assert (steps[-1].kind, steps[-1].amount) == (StepKind.ROUNDING, Fraction(charge.total))
        # Each term is told by a count of its own, which must come to what the core bills.
        times = [step.billed_s for step in steps if step.kind is StepKind.SECONDS]
        if len(times) > 1 and not (winner and winner.has_schedule):
            assert times[-2] == times[-1] == charge.billed_seconds
        parts = [
            step for step in steps if step.kind in (StepKind.BLOCKS, StepKind.CONNECT_FEE, StepKind.TIER_FEE)
        ]
        exact = sum((part.amount or Fraction(0) for part in parts), Fraction(0))
        match = charge.match
        if match is not None and parts:
            capped = match.max_charge is not None and choices.max_charge == "cap"
            bounded = min(exact, Fraction(match.max_charge or 0)) if capped else exact
            # R43 an unanswered call owes the fee alone, where that is due, and no least charge.
            assert charge.exact == (max(bounded, Fraction(match.min_charge)) if seconds else exact)
        for part in parts:
            if part.kind is StepKind.BLOCKS:
                assert part.rate is not None
                assert part.billed_s is not None
                assert part.rate_unit_s is not None
                assert part.amount == part.rate * part.billed_s / part.rate_unit_s
        assert explained.to_dict() == json.loads(json.dumps(explained.to_dict()))
    return told


@given(st.fractions())
def test_an_exact_number_is_read_back_as_it_was(exact: Fraction) -> None:
    assert Fraction(exact_text(exact)) == exact
