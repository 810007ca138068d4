"""The deck as a format: a reader that knows only FORMAT.md answers as `RateDeck` does (R15, R16, R50)."""

from __future__ import annotations

import json
import random
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import format_reader
import kept_decks
from decks import deck_of, deck_of_many, utc
from dialnexa_routing import DeckError, DeckTimeError, NumberError, RateDeck
from dialnexa_routing._deck import DECK_FORMAT, Match
from dialnexa_routing.clock.zone_offsets import offsets
from dialnexa_routing.money.schedule import Schedule
from format_found import FormatError, Found
from format_reader import Deck
from format_schedules import schedule
from strategies import TIMES, numbers, sheets
from test_schedules import DAYS, NIGHTS, ZONES, schedules
from test_schedules import TIMES as CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MONEY = ("outbound_rate", "inbound_rate", "connect_fee", "min_charge", "max_charge")
WAYS = (None, "outbound", "inbound")
START = utc(1970, 1, 1)


def micros(at: datetime | None) -> int | None:
    return None if at is None else (at - START) // timedelta(microseconds=1)


def as_read(found: Match | None) -> dict[str, Any] | None:
    """A match in the words of the plain reader."""
    if found is None:
        return None
    names = {"valid_from": "valid_from_us", "valid_to": "valid_to_us", "schedule": "has_schedule"}
    said = {name: getattr(found, names.get(name, name)) for name in Found._fields}
    return said | {name: said[name] and int(said[name] * 10**9) for name in MONEY}


def plainly(found: Found | None) -> dict[str, Any] | None:
    """What the plain reader found; `Match` states whether there is a schedule, and not which."""
    return found and found._asdict() | {"schedule": found.schedule is not None}


def reads_alike(deck: RateDeck, wanted: Iterable[str], at: datetime | None, way: Any) -> None:
    plain = Deck(deck.to_bytes())
    for number in wanted:
        try:
            found = deck.match(number, at=at, direction=way)
        except (NumberError, DeckTimeError):
            with pytest.raises(FormatError):
                plain.match(number, micros(at), way)
        else:
            assert plainly(plain.match(number, micros(at), way)) == as_read(found), (number, at, way)


@st.composite
def asked(draw: st.DrawFn) -> tuple[RateDeck, list[dict[str, Any]], list[str]]:
    """A deck of rows that nest, or flat ones; with places that take no byte an entry, or up to four.

    Its slots are those of most decks, or of very large ones.
    """
    rows = draw(sheets(dated=draw(st.booleans()), plain=draw(st.booleans())))
    least = draw(st.none() | st.sampled_from([1, 200, 2**31]))
    if least is not None:
        spread = draw(st.sampled_from([0, 1, 60, 9_000, 2**24]))
        for at, row in enumerate(rows):
            row |= {"source_file": f"{at % 2}.csv", "source_row": least + at * spread}
    made = deck_of_many if draw(st.booleans()) else deck_of
    deck = made(rows, keep_redundant=draw(st.booleans()))
    return deck, rows, [number for number in draw(numbers(rows)) if number is not None]


@given(asked(), st.datetimes(timezones=st.just(UTC)))
def test_r50_the_plain_reader_answers_as_the_deck(drawn: Any, at: datetime) -> None:
    """Near and random numbers, at the edges of validity and at any time, in both directions and in none."""
    deck, rows, wanted = drawn
    reads_alike(deck, wanted, None, None)
    near = {*wanted, *(row["prefix"] for row in rows)}
    for when in (*TIMES, at):
        for way in WAYS:
            reads_alike(deck, near, when, way)


@given(asked(), st.sets(st.integers(0, 7)), st.sampled_from(TIMES), st.sampled_from(WAYS))
def test_r16_the_plain_reader_knows_enabled_groups(
    drawn: Any, enabled: set[int], at: datetime, way: Any
) -> None:
    deck, rows, wanted = drawn
    plain = Deck(deck.to_bytes())
    bits = sum(1 << group for group in enabled).to_bytes(1, "little")
    for number in {*wanted, *(row["prefix"] for row in rows)}:
        with suppress(NumberError):
            found = deck._core.match_one(number, micros(at), way, bits)
            assert plainly(plain.match(number, micros(at), way, enabled)) == as_read(found), (number, at, way)


@given(asked())
def test_r22_the_plain_reader_lists_what_the_deck_lists(drawn: Any) -> None:
    deck = drawn[0]
    plain = Deck(deck.to_bytes())
    said = [(one.prefix, one.network_group, one.valid_from, one.exact_match) for one in plain.listed()]
    listed = deck.rows().select("prefix", "network_group", "valid_from", "exact_match")
    assert said == [(a, b, micros(begin), bool(exact)) for a, b, begin, exact in listed.iter_rows()]
    assert len(said) == plain.entries == deck.counts.entries
    assert (plain.rows, plain.redundant) == (deck.counts.rows, deck.counts.redundant)
    assert (plain.labels, plain.digest) == (deck.labels, deck.digest)


@given(asked())
def test_a_slot_whose_bit_is_clear_needs_no_asking(drawn: Any) -> None:
    """FORMAT.md says that the bit only saves time: outbound, its entry answers for whatever it begins."""
    deck, rows, wanted = drawn
    plain = Deck(deck.to_bytes())
    bare = [number.removeprefix("+") for number in wanted if re.fullmatch(r"\+?[1-9][0-9]{0,14}", number)]
    for digits in [*bare, *(row["prefix"] for row in rows)]:
        slot = plain.slot(digits)
        is_open = plain.is_conditional(slot) or plain.digits(slot) > len(digits)
        if slot != format_reader.NONE and not is_open:
            best = next(plain.chain(digits))
            assert all(best.answers(len(digits), micros(at), "outbound") for at in TIMES)
    lacks = any(not one.answers(len(one.prefix), None, "inbound") for one in plain.listed())
    assert not lacks or plain.flags & format_reader.LACKS_INBOUND


@pytest.mark.parametrize(("prefixes", "depth"), [(1_999, 2), (2_000, 3), (20_000, 4)])
def test_tables_of_three_five_and_seven_digits(prefixes: int, depth: int) -> None:
    dice = random.Random(7)
    drawn: dict[str, None] = {}
    while len(drawn) < prefixes:
        drawn["1" + "".join(dice.choices("0159", k=dice.randint(0, 14)))] = None
    rates = ["0.1", "0.2", "0.30"]
    rows = [{"prefix": prefix, "outbound_rate": dice.choice(rates)} for prefix in drawn]
    deck = deck_of(rows, keep_redundant=True)
    assert Deck(deck.to_bytes()).depth == depth
    near = [f"{prefix}{dice.choice(['', '0', '5', '99'])}"[:15] for prefix in dice.sample(list(drawn), 250)]
    reads_alike(deck, near, None, None)


@given(st.lists(schedules(), min_size=1, max_size=3), st.lists(CHANGES, min_size=1, max_size=5))
def test_r50_the_plain_reader_reads_schedules(some: list[Any], times: list[datetime]) -> None:
    rows = [{"prefix": f"9{at}", "schedule": json.dumps(one)} for at, one in enumerate(some)]
    plain = Deck(deck_of(rows).to_bytes())
    for row in rows:
        meant = Schedule.parse(row["schedule"])
        found = plain.match(row["prefix"], micros(times[0]))
        assert found is not None
        assert found.schedule is not None
        read = schedule(plain, found.schedule)
        assert Schedule.parse(read.text) == meant
        zone = list(offsets(meant.zone)) if meant.zone and meant.is_timed else None
        assert read.zone == zone
        band = [word for one in read.bands for word in flat(one)]
        assert [len(read.week), *(word for pair in read.week for word in pair), *band] == meant.words()


def flat(band: Any) -> list[int]:
    words = [band.connect_fee, band.end_ms, len(band.tiers), *(word for tier in band.tiers for word in tier)]
    return [-1 if word is None else word for word in words]


@pytest.mark.parametrize("zone", ZONES)
def test_r50_the_band_is_that_of_the_clock_of_the_zone(zone: str) -> None:
    """A band for each hour of the day, asked where clocks change, and just before and behind."""
    hours = [{"days": DAYS, "start": f"{hour:02}:00", "end": f"{hour + 1:02}:00"} for hour in range(24)]
    bands = [{"hours": [one], "tiers": [{"rate": str(hour)}]} for hour, one in enumerate(hours)]
    deck = deck_of([{"prefix": "91", "schedule": json.dumps({"zone": zone, "bands": bands})}])
    read = schedule(Deck(deck.to_bytes()), 0)
    for night in NIGHTS:
        for step in (-1, 0, 1):
            at = night + timedelta(microseconds=step)
            _, price, unit, _, _ = read.bands[read.band_at(micros(at) or 0)].tiers[0]
            charge = deck.rate("91", 60, at=at, number_plan=None)
            assert charge.exact == Fraction(price * 60_000, unit * 10**9), at


def test_what_is_no_deck_of_this_format_is_refused() -> None:
    data = deck_of([{"prefix": "91"}]).to_bytes()
    for other in (
        b"",
        data[:-1],
        b"D" + data,
        data[:8] + b"\x05" + data[9:],
        data[:8] + b"\x02" + data[9:],
        data[:24] + b"\x14" + data[25:],
        data[:28] + b"\x01" + data[29:],
        data + b"\x00",
    ):
        with pytest.raises(FormatError):
            Deck(other)
        with pytest.raises(DeckError):
            RateDeck.from_bytes(other, verify=False)


@given(asked(), st.lists(st.tuples(st.integers(0), st.integers(0, 2**32 - 1)), min_size=1, max_size=6))
def test_the_plain_reader_refuses_what_leads_outside(drawn: Any, changes: list[tuple[int, int]]) -> None:
    """As the page requests: every index is checked, and every walk ends."""
    deck, _, wanted = drawn
    data = bytearray(deck.to_bytes())
    for place, word in changes:
        at = 24 + place % ((len(data) - 56) // 4) * 4
        data[at : at + 4] = word.to_bytes(4, "little")
    with suppress(FormatError, UnicodeDecodeError):
        plain = Deck(bytes(data))
        for number in filter(None, wanted):
            with suppress(FormatError, UnicodeDecodeError):
                plain.match(number, micros(TIMES[0]))


@pytest.mark.parametrize(
    "path", sorted(kept_decks.SAMPLES.glob("kept_format_*.deck")), ids=lambda path: path.stem
)
def test_r50_a_kept_deck_opens_for_ever(path: Path) -> None:
    """Its bytes are never made anew: who changes the format has it read, or decides not to."""
    kept = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for deck in (
        RateDeck.open(path),
        RateDeck.open(path, load=False),
        RateDeck.from_bytes(path.read_bytes()),
    ):
        deck.verify()
        assert json.loads(json.dumps(kept_decks.answers(deck))) == kept
    plain = Deck(path.read_bytes())
    assert (plain.digest, plain.labels, plain.rows) == (kept["digest"], kept["labels"], kept["rows"])
    for number, at, way, said in kept["answers"]:
        found = plain.match(number, micros(datetime.fromisoformat(at)), way)
        assert (found and told(found)) == said


def told(found: Found) -> dict[str, Any]:
    """What was kept, of what the plain reader found."""
    said = found._asdict() | {"has_schedule": found.schedule is not None}
    said |= {"valid_from_us": said.pop("valid_from"), "valid_to_us": said.pop("valid_to")}
    said |= {name: list(said[name]) for name in ("increments", "source") if said[name]}
    amounts = {name: said.pop(name) for name in MONEY}
    del said["schedule"], said["group"]
    texts = {name: text(nano) for name, nano in amounts.items() if nano is not None}
    return {name: word for name, word in said.items() if word} | texts


def text(nano: int) -> str:
    return format(Decimal(nano).scaleb(-9).normalize(), "f")


def test_the_present_format_has_a_kept_deck() -> None:
    for name, is_many in ((f"kept_format_{DECK_FORMAT}", False), (f"kept_format_{DECK_FORMAT}_many", True)):
        plain = Deck((kept_decks.SAMPLES / f"{name}.deck").read_bytes())
        assert (plain.version, bool(plain.halves)) == (DECK_FORMAT, is_many)
        assert plain.note == dict(kept_decks.NOTE)


def test_r50_kept_decks_of_any_format_hold_the_same_rows() -> None:
    """Their digests differ, by the format alone; what they answer does not."""
    kept = [RateDeck.open(path) for path in sorted(kept_decks.SAMPLES.glob("kept_format_*.deck"))]
    assert len(kept) >= 3
    assert len({deck.digest for deck in kept}) == len(kept)
    for one in kept[1:]:
        assert one.rows().equals(kept[0].rows())
        assert kept_decks.answers(one) | {"digest": ""} == kept_decks.answers(kept[0]) | {"digest": ""}
