"""Directions as a column: read by the views of the two words, and word by word where that does not do."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, deck_of
from dialnexa_routing.records.record_words import ways

DECK = deck_of(INDIA)
WORDS = st.lists(
    st.sampled_from(["outbound", "inbound", "outboun", "inboundd", "out", "", None]), max_size=80
)


@given(WORDS)
def test_views_and_texts_are_read_alike(words: list[str | None]) -> None:
    """The column of views has a short way, which a null anywhere bars; other texts have none."""
    numbers = pa.array(["919812345678"] * len(words), pa.string())

    def asked(kind: pa.DataType) -> list[dict[str, object]]:
        rows = pa.StructArray.from_arrays([numbers, pa.array(words, kind)], ["number", "direction"])
        fields = ["entry", "reason"]
        answers = DECK._core.match_column(rows, fields, name="found", alone=False)
        return pl.Series("found", answers).to_list()

    assert asked(pa.string_view()) == asked(pa.large_string())
    told = ["invalid_direction" if word not in {"outbound", "inbound", None} else None for word in words]
    assert [row["reason"] for row in asked(pa.string_view())] == told


@given(WORDS)
def test_only_the_two_words_are_left_as_they_are(words: list[str | None]) -> None:
    column = pl.Series("direction", words, pl.String)
    plain = {"out": "outbound"}
    assert ways(column).to_list() == [plain.get(word, word) if word else word for word in words]
