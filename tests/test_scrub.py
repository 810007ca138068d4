"""Texts of strangers: nothing invisible in them, no number of a person, no secret."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import RateSheet
from dialnexa_routing.cli import terminal
from dialnexa_routing.sheets.study.study_tables import cell
from dialnexa_routing.text.scrub import masked, quoted, shown

HIDDEN = [
    "\x00",
    "\x1b",
    "\x7f",
    "\x9b",
    "\u061c",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2066",
    "\u2028",
    "\ufeff",
]


@pytest.mark.parametrize("character", [*HIDDEN, "\n", "\r", "\t", "\ud800", "\U000e0041"])
def test_what_cannot_be_seen_is_replaced_on_every_face(character: str) -> None:
    text = f"India{character}Mobile"
    for face in (shown, terminal.plain, cell):
        assert face(text) == "India\ufffdMobile"


def test_a_fault_shows_what_can_be_seen_of_a_value() -> None:
    frame = pl.DataFrame({"prefix": ["9\u202e1\x00x", "92"], "network_group": "A", "outbound_rate": "1"})
    found = RateSheet.read(frame).faults
    assert found.filter(severity="error")["value"].to_list() == ["9\ufffd1\ufffdx"]


@given(st.text())
def test_shown_is_one_printable_line_as_long_as_the_text(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) == len(text)
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("+919812345678", "+91981…78"),
        ("to 919812345678, not 102", "to 91981…78, not 102"),
        ("98123456789 and 441632960123", "98123…89 and 44163…23"),
        ("charge 0.008333333", "charge 0.008333333"),
        ("row 12345678", "row 12345678"),
        ("postgresql://billing:hunter2@db/x", "postgresql://billing:********@db/x"),
        ("password=hunter2 host=db", "password=******** host=db"),
        ('{"api_key": "abc def"}', '{"api_key": ********}'),
        ("Authorization: Bearer abc.def", "Authorization: ********"),
        ("no rate for this token", "no rate for this token"),
    ],
)
def test_numbers_and_secrets_are_masked(text: str, masks: str) -> None:
    assert masked(text) == masks


@given(st.text(alphabet="0123456789+ a.", max_size=60))
def test_no_more_than_seven_digits_of_a_number_are_left(text: str) -> None:
    for run in re.findall(r"(?<![0-9.])[0-9]{9,}", text):
        assert run not in masked(text)


@given(st.text(max_size=80), st.integers(1, 40))
def test_quoted_is_short_and_shows_no_number(text: str, most: int) -> None:
    told = quoted(f"{text}919812345678", most)
    assert told.isprintable()
    assert len(told) <= most + 1
    assert "9812345" not in told
