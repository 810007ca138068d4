"""Matching, asked in every form there is, gives what the naive loop gives (R15, R16, R50, R54)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from decks import deck_of, sheet
from dialnexa_routing import NumberError, RateDeck
from dialnexa_routing.deck.match_columns import MATCH_TYPES
from strategies import PREFIX, TIMES, numbers, sheets

if TYPE_CHECKING:
    from datetime import datetime

Row = dict[str, Any]
FIELDS = [name for name in MATCH_TYPES if name not in ("entry", "group")]
WAYS = st.sampled_from([None, "outbound", "inbound"])


def expected(rows: list[Row], number: str | None, at: datetime | None, way: str | None) -> dict[str, Any]:
    """A row of `RateDeck.match` as the naive loop says it."""
    bare = None if number is None else oracle.digits(number)
    found = oracle.longest(rows, bare, at, way) if bare else None
    reason = None
    if found is None:
        reason = "unsupported_prefix" if bare else "missing_number" if number is None else "invalid_number"
    elif found["blocked"]:
        reason = "blocked"
    said = {name: found.get(name) if found else None for name in FIELDS} | {"reason": reason}
    if found:
        said |= {"rate_unit_s": found.get("rate_unit_s") or 60, "blocked": bool(found["blocked"])}
    return said


def chunked(series: pl.Series, size: int) -> pl.Series:
    parts = [series[start : start + size] for start in range(0, len(series), size)]
    return pl.concat(parts, rechunk=False) if parts else series


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Row], list[str | None], datetime, str | None]:
    rows = draw(sheets(plain=True))
    return rows, draw(numbers(rows)), draw(st.sampled_from(TIMES)), draw(WAYS)


@given(questions())
def test_r54_scalar_is_the_naive_loop(asked: Any) -> None:
    rows, wanted, at, way = asked
    deck = deck_of(rows, keep_redundant=True)
    for number in filter(None, wanted):
        if oracle.digits(number) is None:
            with pytest.raises(NumberError):
                deck.match(number, at=at, direction=way)
            continue
        match = deck.match(number, at=at, direction=way)
        said = expected(rows, number, at, way) | {"reason": None}
        got = {name: getattr(match, name, None) for name in FIELDS}
        assert got == said


@given(questions())
def test_r54_series_is_the_naive_loop(asked: Any) -> None:
    rows, wanted, at, way = asked
    answer = deck_of(rows, keep_redundant=True).match(
        pl.Series(wanted, dtype=pl.String), at=at, direction=way, fields=FIELDS
    )
    assert answer.dtype == pl.Struct({name: MATCH_TYPES[name] for name in FIELDS})
    assert answer.to_list() == [expected(rows, number, at, way) for number in wanted]


@given(questions(), st.sampled_from([1, 7, 1000]), st.integers(0, 3))
def test_r54_every_form_of_polars_agrees(asked: Any, size: int, cut: int) -> None:
    rows, wanted, at, way = asked
    deck, fields = deck_of(rows), list(MATCH_TYPES)
    plain = pl.Series("to", wanted, dtype=pl.String)
    answer = deck.match(plain, at=at, direction=way, fields=fields)
    frame = pl.DataFrame({"to": chunked(plain, size)})
    asked_for = deck.match(pl.col("to"), at=at, direction=way, fields=fields).alias("m")
    columns = frame.with_columns(at=pl.lit(at), way=pl.lit(way, pl.String))
    by_column = deck.match(pl.col("to"), at=pl.col("at"), direction=pl.col("way"), fields=fields).alias("m")
    forms = {
        "chunked series": deck.match(chunked(plain, size), at=at, direction=way, fields=fields),
        "eager": frame.select(asked_for)["m"],
        "lazy": frame.lazy().select(asked_for).collect()["m"],
        "streaming": frame.lazy().select(asked_for).collect(engine="streaming")["m"],
        "columns": columns.select(by_column)["m"],
        "streaming columns": columns.lazy().select(by_column).collect(engine="streaming")["m"],
    }
    for name, form in forms.items():
        assert form.to_list() == answer.to_list(), name
        assert form.dtype == answer.dtype, name
    assert frame[cut:].select(asked_for)["m"].to_list() == answer[cut:].to_list()
    assert frame.clear().select(asked_for).schema == {"m": answer.dtype}
    alone = [
        frame.select(deck.match(pl.col("to"), at=at, direction=way, fields=name))[name] for name in fields
    ]
    assert pl.DataFrame(alone).rows() == answer.struct.unnest().rows()


@given(questions())
def test_r54_arrow_agrees(asked: Any) -> None:
    rows, wanted, at, way = asked
    deck = deck_of(rows)
    answer = deck.match(pl.Series(wanted, dtype=pl.String), at=at, direction=way).to_list()
    for arrow in (pa.string(), pa.large_string(), pa.string_view()):
        array = pa.chunked_array(
            [pa.array(wanted[:3], arrow), pa.array([], arrow), pa.array(wanted[3:], arrow)]
        )
        got = pa.chunked_array(deck.match(array, at=at, direction=way))
        assert got.to_pylist() == answer, arrow
        sliced = pa.chunked_array([pa.array(["9"] * 5 + wanted, arrow)]).slice(5)
        assert pa.chunked_array(deck.match(sliced, at=at, direction=way)).to_pylist() == answer, arrow
    with pytest.raises(TypeError, match="Dictionary"):
        deck.match(
            pa.chunked_array([pa.array(wanted, pa.string())]).dictionary_encode(), at=at, direction=way
        )


@given(
    sheets(plain=True, dated=False), st.lists(st.none() | st.integers(0, 2**64 - 1) | st.integers(1, 10**15))
)
def test_r2_integers_are_their_digits(rows: Any, wanted: list[int | None]) -> None:
    deck = deck_of(rows)
    texts = [None if number is None else str(number) for number in wanted]
    answer = deck.match(pl.Series(texts, dtype=pl.String)).to_list()
    assert deck.match(pl.Series(wanted, dtype=pl.UInt64)).to_list() == answer
    arrow = pa.chunked_array([pa.array(wanted, pa.uint64())])
    assert pa.chunked_array(deck.match(arrow)).to_pylist() == answer


@given(sheets(), st.randoms(use_true_random=False), st.booleans())
def test_r48_any_order_of_rows_gives_the_same_digest(rows: list[Row], random: Any, keep: bool) -> None:
    frame = sheet(rows)
    shuffled = frame[random.sample(range(frame.height), frame.height)]
    parts = [shuffled[: frame.height // 2], shuffled[frame.height // 2 :]]
    decks = [RateDeck.compile(given, keep_redundant=keep) for given in (frame, shuffled, parts)]
    assert len({deck.digest for deck in decks}) == 1
    assert len({deck.to_bytes() for deck in decks}) == 1
    assert RateDeck.from_bytes(decks[0].to_bytes()) == decks[0]


@given(questions())
def test_r16_redundant_rows_change_no_answer(asked: Any) -> None:
    rows, wanted, at, way = asked
    kept, lean = deck_of(rows, keep_redundant=True), deck_of(rows)
    fields = [name for name in FIELDS if name != "prefix"]
    column = pl.Series(wanted, dtype=pl.String)
    answers = [deck.match(column, at=at, direction=way, fields=fields).to_list() for deck in (kept, lean)]
    assert answers[0] == answers[1]
    assert len(kept) - len(lean) == lean.counts.redundant - kept.counts.redundant
    assert lean.counts.rows == kept.counts.rows == len(rows)


@given(sheets(plain=True, dated=False), st.data())
def test_r16_splitting_a_prefix_in_ten_changes_nothing(rows: list[Row], data: st.DataObject) -> None:
    whole = [row for row in rows if len(row["prefix"]) < 15 and not row["exact_match"]]
    taken = {row["prefix"] for row in rows}
    free = [row for row in whole if not taken & {row["prefix"] + str(digit) for digit in range(10)}]
    if not free:
        return
    split = data.draw(st.sampled_from(free))
    tenths = [split | {"prefix": split["prefix"] + str(digit)} for digit in range(10)]
    # The prefix itself stays: a number may end where it does.
    before, after = deck_of(rows), deck_of([*rows, *tenths])
    column = pl.Series(data.draw(numbers([*rows, *tenths])), dtype=pl.String)
    fields = [name for name in FIELDS if name != "prefix"]
    assert before.match(column, fields=fields).to_list() == after.match(column, fields=fields).to_list()


@given(sheets(plain=True, dated=False), PREFIX, st.data())
def test_r16_a_longer_prefix_changes_only_what_is_under_it(
    rows: Any, prefix: str, data: st.DataObject
) -> None:
    rows = [row for row in rows if row["prefix"] != prefix]
    if not rows:
        return
    added = {"prefix": prefix, "network_group": "added", "blocked": True}
    wanted = data.draw(numbers([*rows, added]))
    column = pl.Series(wanted, dtype=pl.String)
    before, after = (
        deck_of(given, keep_redundant=True).match(column).to_list() for given in (rows, [*rows, added])
    )
    for number, old, new in zip(wanted, before, after, strict=True):
        under = number is not None and (oracle.digits(number) or "").startswith(prefix)
        if not under or (old["prefix"] or "").startswith(prefix):
            assert old == new
        else:
            assert new["network_group"] == "added"
