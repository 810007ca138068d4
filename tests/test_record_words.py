"""Words of call records: directions as systems write them, and those that say none."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.records.formats.call_format import folded
from dialnexa_routing.records.record_words import DIRECTIONS, ways

WORDS = ["outbound", "inbound", "OUTBOUND", "in", "Outbound-API", "internal", "transfer", "", None]


@given(st.lists(st.sampled_from(WORDS) | st.none() | st.text("inoutINx-_ ", max_size=6), max_size=12))
def test_r44_a_direction_is_known_word_by_word(words: list[str | None]) -> None:
    def meant(word: str | None) -> str | None:
        way = None if word is None else DIRECTIONS.get(folded(word))
        return word if way in (None, "neither") else way

    found = ways(pl.Series("direction", words, dtype=pl.String))
    assert found.to_list() == [meant(word) for word in words]
    assert found.name == "direction"


def test_a_column_that_says_no_direction_stays_as_it_is() -> None:
    column = pl.Series(["sideways", "local", None])
    assert ways(column).equals(column)
    assert ways(pl.Series([1, 2])).equals(pl.Series([1, 2]))
    assert ways(pl.Series([None, None])).dtype == pl.String
