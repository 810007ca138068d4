"""Digits of a parameter are never a number: RFC 3966, RFC 3261, addresses in the manner of RFC 4475 (R1, R2).

Nothing here reads addresses. So of whatever these grammars allow, a number is what is E.164 by itself, on
every face alike; of the rest a column says that it is none, and no part of it is looked up in its place.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from counts import counted, times
from decks import deck_of
from dialnexa_routing import NumberError, RateDeck, records
from dialnexa_routing.numbers.number_reading import NumberReading, Separators
from number_grammars import damaged, global_number, local_digits, sip, subscriber, tel

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = times(4_000, 100_000)
E164 = re.compile(r"\+?[1-9][0-9]{0,14}")
"""R1: what the API takes."""
LOOSE = NumberReading(separators=Separators.REMOVED)
NATIONAL = NumberReading(
    calling_code="91", trunk_prefix="0", international_prefix="00", separators=Separators.REMOVED, strip="9"
)

ODD = [
    # A user part with all that may stand in one, delimiters of parameters and headers among it.
    "sip:1.9198(12-34)5&six+91$/what?,/;;*:&it+91=1,8!*91$9~8_7.(6-5)@example.com",
    "sips:%39%31%398123@example.com",
    "sip:%2B919812345678@example.com",
    "sip:91981-%00-2345678@example.com",
    "sip:%00@host.example.com",
    "sip:%00%00@919812345678.example.com",
    "sip:919812345678;par=u%40example.net@example.com",
    "sip:919812345678@example.com?Route=%3Csip:example.com%3E",
    "sip:919812345678@example.com;lr;n%61me=v%61lue%25%34%31",
    "sip:919812345678@example.com?",
    "sip:919812345678@example.com;",
    "sip:919812345678@",
    "sip:@example.com",
    "sip:",
    "sip:919812345678",
    "sip:+919812345678:secret@example.com:5060",
    "sip:[2001:db8::919812345678]",
    "sip:192.0.2.1:919812345678",
    "<sip:919812345678@example.com>",
    "<sip:919812345678@example.com",
    "< sip:919812345678@example.com >",
    '"919812345678" <sip:other@example.com>',
    '"a \\"919812345678\\"" <sip:other@example.com>;q=0.33',
    "919812345678 <sip:other@example.com>",
    "919812345678<sip:other@example.com>",
    "+919812345678@example.com",
    "919812345678@example.com",
    "nobodyKnowsThisScheme:919812345678",
    "name;919812345678",
    "http://919812345678/",
    "mailto:919812345678@example.com",
    "tel:",
    "tel:+",
    "tel:+919812345678",
    "tel://+919812345678",
    "tel:919812345678",
    "TEL:+91-98123-45678",
    "tel:+91-98123-45678;ext=22",
    "tel:45678;phone-context=+9198123",
    "tel:45678;phone-context=919812345678.example.com",
    "tel:*21*919812345678#",
    "tel:;phone-context=+919812345678",
    "+919812345678;ext=22",
    "+919812345678;isub=22",
    "+919812345678;npdi;rn=+14155550100",
    "+919812345678;phone-context=+1",
    "919812345678;user=phone",
    "+91%2098123%2045678",
    "%2B919812345678",
    "+91 98123 45678, 22",
    "+919812345678p22",
    "+919812345678w22",
    "+919812345678,,22#",
    "+919812345678\r\nTo: 1",
    "+919812345678\0",
    "\ufeff+919812345678",
    "\u202a+919812345678\u202c",
    "++919812345678",
    "+-919812345678"[:2],
    "*",
    "#31#+919812345678",
    "anonymous",
    "anonymous@anonymous.invalid",
    "+919812345678" * 5_000,
    "sip:" + "9" * 100_000 + "@example.com",
    "tel:+" + "1-" * 50_000,
    ";ext=" * 10_000 + "919812345678",
]


@pytest.fixture(scope="module")
def deck() -> RateDeck:
    return deck_of([{"prefix": str(first), "outbound_rate": first * 10**8} for first in range(1, 10)])


def drawn(production: Callable[[Random], str], seed: int) -> list[str]:
    dice = Random(seed)
    counted(MANY, "drawn texts")
    return [production(dice) for _ in range(MANY)]


def is_found(deck: RateDeck, text: str) -> bool:
    try:
        return deck.match(text) is not None
    except NumberError:
        return False


def strict(deck: RateDeck, texts: list[str]) -> list[bool]:
    """Which of them are numbers, as a column says, as a rated one does, and one by one."""
    column = pl.Series("to", texts)
    reasons = deck.match(column, fields="reason")
    rated = records.rate(pl.DataFrame([column]).with_columns(seconds=61), deck=deck, number_plan=None)[
        "reason"
    ]
    assert set(reasons.drop_nulls()) <= {"invalid_number"}
    assert reasons.equals(rated, null_equal=True)
    found = reasons.is_null().to_list()
    assert found == [is_found(deck, text) for text in texts]
    return found


def loose(text: str) -> bool:
    """RFC 3966's global number, its separators taken out, where R2 reads it: within E.164, its point and its
    bracketed zero no part of it."""
    if re.fullmatch(r"\+[-.()]*[1-9](?:[-.()]*[0-9]){0,14}[-.()]*", text) is None:
        return False
    return not re.search(r"^\+?[0-9]{7,}\.[0-9]*$", text) and not re.search(r"[0-9].*\([^0-9(]*0", text)


@pytest.mark.parametrize("seed", [1, 2])
def test_r1_of_global_numbers_those_of_e164_pass_and_separators_by_choice(deck: RateDeck, seed: int) -> None:
    texts = drawn(global_number, seed)
    expected = [E164.fullmatch(text) is not None for text in texts]
    assert 0.1 < sum(expected) / MANY < 0.9
    assert strict(deck, texts) == expected
    read = [LOOSE.read(text).number for text in texts]
    assert [number is not None for number in read] == [loose(text) for text in texts]
    assert all(
        number is None or number[1:] == re.sub("[^0-9]", "", text)
        for number, text in zip(read, texts, strict=True)
    )


@pytest.mark.parametrize("production", [tel, sip, subscriber, local_digits], ids=lambda one: one.__name__)
def test_r2_whatever_else_the_grammars_allow_is_no_number(
    deck: RateDeck, production: Callable[[Random], str]
) -> None:
    texts = drawn(production, 3)
    assert not any(strict(deck, texts))
    for reading in (NumberReading(), LOOSE, NATIONAL):
        assert not [text for text in texts if reading.read(text).number is not None][:5]


def test_r1_of_damaged_addresses_those_pass_that_are_e164_by_themselves(deck: RateDeck) -> None:
    texts = drawn(damaged, 4)
    assert strict(deck, texts) == [E164.fullmatch(text) is not None for text in texts]
    for text in texts:
        number = LOOSE.read(text).number
        if number is not None:
            # Nothing but digits and what people write between them stood there, and no digit was lost.
            assert re.fullmatch(r"\+?[0-9]+", re.sub(r"[-.() ]", "", text)), text
            assert number[1:] == re.sub("[^0-9]", "", text)


def test_odd_addresses_are_no_numbers(deck: RateDeck) -> None:
    assert len(ODD) >= 50
    assert not any(strict(deck, ODD))
    for text in ODD:
        for reading in (NumberReading(), LOOSE, NATIONAL):
            assert reading.read(text).number is None, text[:60]
