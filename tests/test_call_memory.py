"""Call records stream: no step of a plan keeps the rows of a file, and few are on their way at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from counts import times
from dialnexa_routing import BillingPlan, CallRecords, DeckBook, RateDeck, records
from dialnexa_routing.files.rejected import Rejected
from dialnexa_routing.job.rows import rejects
from dialnexa_routing.records import call_files
from dialnexa_routing.workspace.screening.sentences import sentence
from streamed_plans import holding
from test_call_formats import ALL, FILES, read

if TYPE_CHECKING:
    from collections.abc import Callable

PRICES = {
    "prefix": ["1", "91"],
    "network_group": ["America", "India"],
    "outbound_rate": [Decimal("0.75")] * 2,
}
DECK = RateDeck.compile(pl.DataFrame(PRICES, schema_overrides={"outbound_rate": pl.Decimal(18, 9)}))
JOINING = ("kamailio", "opensips")
"""Formats of which one call is several rows, that are put together before they are read."""
PLANS = [BillingPlan(id=name, llm="0.50") for name in ("p", "q")]
RATED: dict[str, Callable[[pl.LazyFrame], pl.LazyFrame]] = {
    "a deck": lambda lazy: records.rate(lazy, deck=DECK),
    "a book": lambda lazy: records.rate(lazy, deck=DeckBook({datetime(2026, 1, 1, tzinfo=UTC): DECK})),
    "a plan": lambda lazy: records.rate(lazy, deck=DECK, plan=PLANS[0]),
    "plans by column": lambda lazy: records.rate(
        lazy.with_columns(by=pl.lit("p")), deck=DECK, plan="by", plans=PLANS
    ),
    "plans of workspaces": lambda lazy: records.rate(
        lazy.with_columns(who=pl.lit("w")), deck=DECK, plans=PLANS, workspace="who", workspaces={"w": "q"}
    ),
}


def test_what_polars_replaces_is_kept_whole() -> None:
    """If this fails, Polars streams `replace`, and `files/streaming_words.py` may go."""
    assert holding(pl.LazyFrame({"a": ["x"]}).select(pl.col("a").replace("x", "y")))


@pytest.mark.parametrize("name", [name for name in ALL if name not in JOINING])
def test_no_format_keeps_the_rows_of_a_file(name: str) -> None:
    writer = ALL[name]
    found = read(FILES / writer.file, writer)
    assert holding(found.lazy()) == []
    assert holding(found.streamed()[0]) == []
    one_each = CallRecords.read(FILES / writer.file, **writer.said, unique_by="to")
    assert holding(one_each.lazy()) == []


@pytest.mark.parametrize("way", RATED)
def test_no_rating_keeps_the_rows_of_a_file(way: str) -> None:
    found = read(FILES / "asterisk.csv", ALL["asterisk"])
    assert holding(RATED[way](found.lazy())) == []


def test_own_columns_rejects_and_screens_keep_no_rows(tmp_path: Path) -> None:
    plain = tmp_path / "calls.csv"
    plain.write_text("to,seconds\n919812345678,5\n'=1,6\n")
    rated = RATED["a deck"](call_files.scan(plain))
    assert holding(rated) == []
    assert holding(rejects(rated, "calls.csv", Rejected(), number="to", reason="reason")) == []
    words = pl.LazyFrame({"reason": ["blocked"], "group": ["India"], "prefix": ["91"]})
    assert holding(words.select(sentence(*map(pl.col, words.collect_schema().names())))) == []


def test_as_many_rows_are_on_their_way_in_a_long_file_as_in_a_short_one(tmp_path: Path) -> None:
    """What is on its way is between the text's first expression and the last one of rating."""
    most = {}
    for rows in (20_000, 80_000):
        path = _master(tmp_path / "Master.csv", rows)
        # Polars reads small parts of the file, so that it has many.
        found, most[rows], _ = _rated(path, POLARS_MAX_THREADS="1", POLARS_CSV_CHUNK_SIZE=str(1 << 14))
        assert found == rows
    assert most[80_000] * 4 < 80_000, most
    assert most[80_000] < most[20_000] * 2, most


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is asked of /proc")
def test_a_file_of_any_size_takes_less_than_a_gigabyte(tmp_path: Path) -> None:
    """And sixteen bytes a row, since legs of one call are looked for; ten million rows at night."""
    rows = times(50_000, 10_000_000)
    found, _, peak_mb = _rated(_master(tmp_path / "Master.csv", rows), POLARS_MAX_THREADS="2")
    assert found == rows
    assert peak_mb < 1000 + 16 * rows / 1_000_000


def _master(path: Path, rows: int) -> Path:
    """So many calls as Asterisk writes them, no two of one key."""
    line = '"","1001","919812345678","in","","SIP/1","SIP/2","Dial","","2026-11-02 10:00:00",'
    line += '"2026-11-02 10:00:05","2026-11-02 10:01:08",68,63,"ANSWERED","DOCUMENTATION","{}",""\n'
    with path.open("w", encoding="ascii") as file:
        file.writelines(map(line.format, range(rows)))
    return path


def _rated(path: Path, **settings: str) -> tuple[int, int, int]:
    """Rows, how many of them were on their way at most, and the peak in MB, in a process of its own."""
    script = str(Path(__file__).with_name("rows_on_their_way.py"))
    command = [sys.executable, script, str(path)]
    child = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True)
    rows, most, peak_mb = json.loads(child.stdout)
    return rows, most, peak_mb
