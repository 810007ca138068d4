"""Numbers as people write them: what is read, what is refused, and that a column is read as its texts are."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.e164 import is_e164
from dialnexa_routing.numbers.number_reading import NumberReading, Read, Separators
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.screening.recipient_reading import as_text, candidates
from dialnexa_routing.workspace.screening.rule_columns import RuleColumns
from strategies import DIRTY

PLAN = RuleColumns.of({})
READINGS = st.builds(
    NumberReading,
    international_prefix=st.sampled_from([None, "00", "011"]),
    separators=st.sampled_from(Separators),
) | st.builds(
    NumberReading,
    international_prefix=st.sampled_from([None, "00", "011", "0011"]),
    calling_code=st.sampled_from(["91", "1", "39", "36"]),
    strip=st.sampled_from([(), "9", ("0", "91"), ("8", "00")]),
    trunk_prefix=st.sampled_from([None, "", "0", "1", "06"]),
    separators=st.sampled_from(Separators),
)
TEXTS = (
    DIRTY
    | st.text("0123456789+ -.()", max_size=20)
    | st.from_regex(r"\A(\+|00|011|0|1|06)?[ .(-]{0,2}(91|1|44)?[ .)-]{0,2}\(?0?\)?[0-9]{1,12}\Z")
    | st.none()
)


def column(numbers: pl.Series, reading: NumberReading) -> list[Read]:
    """A column as it is read, one at a time."""
    texts, changes = candidates(as_text(numbers), reading)
    is_number = PLAN.are_numbers(texts)
    return [
        Read(text, change) if good else Read(None, None)
        for text, change, good in zip(texts, changes, is_number, strict=True)
    ]


@given(reading=READINGS, texts=st.lists(TEXTS, max_size=30))
def test_r54_a_column_is_read_as_its_texts_are(reading: NumberReading, texts: list[str | None]) -> None:
    expected = [reading.read(text) for text in texts]
    assert column(pl.Series("to", texts, dtype=pl.String), reading) == expected


@given(
    reading=READINGS, numbers=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 10**13))
)
def test_r54_a_column_of_integers_is_read_as_they_are(
    reading: NumberReading, numbers: list[int | None]
) -> None:
    expected = [reading.read(number) for number in numbers]
    assert column(pl.Series("to", numbers, dtype=pl.Int64), reading) == expected


@given(reading=READINGS, text=TEXTS)
def test_r5_what_is_read_is_e164_and_reads_as_itself(reading: NumberReading, text: str | None) -> None:
    number = reading.read(text).number
    if number is not None:
        assert is_e164(number)
        assert reading.read(number) == Read(number, None)
    else:
        assert reading.read(text).change is None


@given(reading=READINGS, text=TEXTS)
def test_r2_no_digit_is_made_up_or_lost(reading: NumberReading, text: str | None) -> None:
    """What is read ends in the digits of the text, but for prefixes that were named."""
    read = reading.read(text)
    if read.number is not None:
        digits = "".join(filter("0123456789".__contains__, text or ""))
        fronts = {reading.international_prefix or "", reading.trunk_prefix or "", ""}
        codes = {reading.calling_code or "", ""}
        stripped = {digits.removeprefix(prefix) for prefix in ("", *reading.strip)}
        assert read.number[1:] in {
            code + rest.removeprefix(front) for rest in stripped for code in codes for front in fronts
        }


@pytest.mark.parametrize("number", [9.19812e11, 919812345678.0, float("nan"), True, b"919812345678", ["9"]])
def test_r2_only_texts_and_integers_are_read(number: Any) -> None:
    with pytest.raises(TypeError, match="pass a text or an integer, never a float"):
        NumberReading().read(number)


def test_r2_integers_that_are_no_numbers() -> None:
    reading = NumberReading(separators=Separators.REMOVED)
    for number in (10**15, 10**5000, -5, 0):
        assert reading.read(number) == Read(None, None)


def test_a_huge_text_is_no_number() -> None:
    reading = NumberReading(international_prefix="00", separators=Separators.REMOVED)
    assert reading.read("9 " * 1_000_000) == Read(None, None)
    assert reading.read("9" + "(" * 1_000_000) == Read("+9", "separators_removed, plus_added")
    assert reading.read("9" + "( " * 1_000_000 + "0") == Read(None, None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"international_prefix": "+"}, "the international prefix is '\\+'"),
        ({"international_prefix": "91"}, "the first of them 0"),
        ({"international_prefix": "0"}, "as 00 or 011"),
        ({"international_prefix": "٠٠"}, "write its digits"),
        ({"international_prefix": 0}, "the international prefix is 0"),
        ({"calling_code": "IN"}, "the calling code is 'IN'; write its digits"),
        ({"calling_code": ["91"]}, "the calling code"),
        ({"calling_code": "091"}, "as 91"),
        ({"calling_code": "91", "trunk_prefix": "0000"}, "three at most"),
        ({"trunk_prefix": "0"}, "name its calling code too"),
        ({"strip": "+9"}, "write what is dialled"),
        ({"strip": ("9", "")}, "strip has ''"),
        ({"separators": "dropped"}, "it is refused or removed"),
    ],
)
def test_a_reading_that_cannot_be_meant_is_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        NumberReading(**arguments)


def test_every_calling_code_can_be_named() -> None:
    for country in COUNTRIES.values():
        read = NumberReading(calling_code=country.calling_code).read("2345678")
        assert read == Read(f"+{country.calling_code}2345678", "calling_code_added")
