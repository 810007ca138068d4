"""Files that mix national numbers and whole ones without plus: what digits leave open is not charged (R2)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import CallRecords, Coded, ConfigError, NumberReading, RateDeck, records
from dialnexa_routing.numbers.coded_numbers import form_of
from dialnexa_routing.workspace.screening.coded_columns import forms
from dialnexa_routing.workspace.screening.recipient_reading import candidates

if TYPE_CHECKING:
    from dialnexa_routing.numbers.coded_numbers import Form

ROWS = pl.DataFrame({"prefix": ["1", "44", "91"], "network_group": ["US", "UK", "India"]})
DECK = RateDeck.compile(ROWS.with_columns(outbound_rate=pl.lit("0.80").str.to_decimal(scale=9)))
CODES = st.sampled_from(["1", "44", "49", "7", "91"])


@pytest.mark.parametrize(
    ("digits", "code", "form"),
    [
        ("9812345678", "91", "national"),
        ("9198123456", "91", "national"),  # a mobile that begins as its calling code does
        ("919812345678", "91", "full"),
        ("18001234567", "91", "national"),
        ("442071838750", "91", "foreign"),
        ("2125550142", "1", "national"),
        ("12125550142", "1", "full"),
        ("7911123456", "44", "national"),
        ("447911123456", "44", "full"),
        ("3012345678", "49", "national"),
        ("4930123456", "49", "doubtful"),  # of Norden, or of Berlin with its code
    ],
)
def test_r2_the_number_plan_settles_what_has_one_meaning(digits: str, code: str, form: Form) -> None:
    assert form_of(digits, code, Coded.REFUSED) == form


@given(
    code=CODES, coded=st.sampled_from(Coded), digits=st.lists(st.from_regex("[0-9]{0,16}", fullmatch=True))
)
def test_r54_a_column_is_judged_as_its_texts_are(code: str, coded: Coded, digits: list[str]) -> None:
    texts = [*digits, *(code + one for one in digits)]
    found = forms(pl.Series(texts, dtype=pl.String), code, coded).to_list()
    assert found == [form_of(text, code, coded) for text in texts]


@pytest.mark.parametrize("coded", Coded)
def test_r2_a_doubtful_number_is_read_by_the_callers_word(coded: Coded) -> None:
    reading = NumberReading(calling_code="49", coded=coded)
    made = {Coded.REFUSED: None, Coded.NATIONAL: "+494930123456", Coded.FULL: "+4930123456"}[coded]
    assert reading.read("4930123456").number == made
    assert candidates(pl.Series(["4930123456"]), reading)[0].to_list() == [made]
    assert reading.read("3012345678").number == "+493012345678"


def test_a_word_that_is_none_and_one_that_would_be_ignored_are_refused() -> None:
    with pytest.raises(ConfigError, match="coded is 'both'; it is refused, national, full"):
        NumberReading(calling_code="91", coded="both")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="name its calling code too"):
        NumberReading(coded=Coded.FULL)


def test_C1_a_mixed_file_is_charged_as_it_was_dialled_and_told() -> None:
    numbers = ["9812345678", "919812345678", "442071838750", "+442071838750", "4930123456"]
    calls = pl.DataFrame({"to": numbers, "seconds": ["63"] * 5})
    found = CallRecords.read(calls, reading=NumberReading(calling_code="91"), max_refused=1)
    rated = records.rate(found, deck=DECK)
    assert rated["to"].to_list()[:2] == ["+919812345678"] * 2
    assert rated["reason"].to_list() == [None, None, "unclear_number", None, "unclear_number"]
    assert rated["charge"].to_list() == [Decimal("1.60"), Decimal("1.60"), None, Decimal("1.60"), None]
    assert any(text.startswith("1 number has its calling code without a plus") for _, _, text in found.told())
    fault = found.faults.filter(pl.col("reason") == "unclear_number").row(0, named=True)
    assert fault["column"] == "to"
    assert "coded='national'" in fault["remedy"]


def test_r2_what_a_reading_refuses_is_never_charged_as_it_stands() -> None:
    """Without its outside line 91 a zero leads 9102345678; rating alone would read +91 02345678."""
    calls = pl.DataFrame({"to": ["9102345678"], "seconds": ["63"]})
    found = CallRecords.read(calls, reading=NumberReading(strip="91"), max_refused=1)
    assert records.rate(found, deck=DECK)["reason"].to_list() == ["unclear_number"]
