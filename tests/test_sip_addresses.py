"""Numbers inside of addresses: what is dialled in them, by a named reading alone (R2, R54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from command import run
from dialnexa_routing import CallRecords, ConfigError, NumberReading, RateDeck, records
from dialnexa_routing.numbers.sip_addresses import Addresses
from dialnexa_routing.workspace.screening.recipient_reading import candidates

if TYPE_CHECKING:
    from pathlib import Path

MOBILE = "+919812345678"
READ = NumberReading(addresses=Addresses.READ)
ROWS = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]})
DECK = RateDeck.compile(ROWS.with_columns(outbound_rate=pl.Series(["0.80"]).str.to_decimal(scale=9)))
GOOD = [
    "sip:+919812345678@pbx.example",
    "SIPS:+919812345678@10.0.0.1:5061;transport=tls",
    "sip:919812345678@a.example",
    "sip:+919812345678;npdi=yes@pbx.example;user=phone",
    "<sip:+919812345678@pbx.example>;tag=a1",
    '"Asha" <sip:+919812345678@pbx.example>',
    "Asha <sip:919812345678@pbx.example?x=1>",
    "tel:+919812345678",
    "tel:+91-98123-45678",
    "tel:+91(98123)45678;ext=5",
    "<tel:+919812345678>",
    "919812345678@10.0.0.1",
    "+919812345678@pbx.example:5060",
]
BAD = [
    "sip:asha@pbx.example",
    "sip:+919812345678:secret@pbx.example",
    "sip:10.0.0.1",
    "sip:pbx.example",
    "tel:7042;phone-context=pbx.example",
    "tel:9812345678;phone-context=+91",
    "client:asha",
    "sip:+91981234567८@pbx.example",
    "mailto:919812345678@pbx.example",
    "919812345678@",
    "sip:+@a.example",
]


@pytest.mark.parametrize("text", GOOD)
def test_r2_what_is_dialled_in_an_address_is_read_where_that_is_named(text: str) -> None:
    assert READ.read(text).number == MOBILE
    assert "address_read" in (READ.read(text).change or "")
    assert NumberReading().read(text).number is None
    found = records.rate(
        CallRecords.read(pl.DataFrame({"to": [text], "seconds": [63]}), reading=READ), deck=DECK
    )
    assert found["charge"].to_list() == DECK_CHARGE


DECK_CHARGE = records.rate(pl.DataFrame({"to": [MOBILE], "seconds": [63]}), deck=DECK)["charge"].to_list()


@pytest.mark.parametrize("text", BAD)
def test_r2_an_address_without_a_number_is_none(text: str) -> None:
    assert READ.read(text).number is None
    frame = pl.DataFrame({"to": [text], "seconds": [63]})
    found = records.rate(CallRecords.read(frame, reading=READ, max_refused=1), deck=DECK)
    assert found["charge"].to_list() == [None]


@pytest.mark.parametrize(
    "reading",
    [
        READ,
        NumberReading(addresses="read", calling_code="91", trunk_prefix="0", international_prefix="00"),  # type: ignore[arg-type]
        NumberReading(addresses="read", separators="removed", strip="9"),  # type: ignore[arg-type]
    ],
)
def test_r54_columns_read_as_one_number_does(reading: NumberReading) -> None:
    texts = [*GOOD, *BAD, MOBILE, "09812345678", "sip:09812345678@a.example", "tel:98123 45678", "", None]
    found, change = candidates(pl.Series(texts, dtype=pl.String), reading)
    for text, number, changed in zip(texts, found, change, strict=True):
        one = reading.read(text)
        is_one = number is not None and NumberReading().read(number).number == number
        assert (number if is_one else None) == one.number, text
        assert (changed if is_one else None) == one.change, text


def test_a_word_for_addresses_is_known() -> None:
    with pytest.raises(ConfigError, match="refused or read"):
        NumberReading(addresses="all")  # type: ignore[arg-type]


def test_the_command_line_names_them_and_reads_them(tmp_path: Path) -> None:
    path, out, deck = tmp_path / "calls.csv", tmp_path / "rated.csv", tmp_path / "deck.dnx"
    DECK.save(deck)
    path.write_text(f"to,seconds\nsip:{MOBILE}@pbx.example,63\n")
    rate = ["rate", path, out, "--deck", deck]
    assert "--addresses read" in run(*rate).stdout
    run(*rate, "--addresses", "read")
    assert pl.read_csv(out)["billed_seconds"].to_list() == [120]
