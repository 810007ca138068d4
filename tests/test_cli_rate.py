"""rate on real files of each kind: rows, totals, options, bad input."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from command import CALLS, WRITERS, document, folder, run, sentence
from dialnexa_routing import RateDeck
from dialnexa_routing.money.rupees import rupees
from dialnexa_routing.records.call_files import scan, sink

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("output", WRITERS)
@pytest.mark.parametrize("source", WRITERS)
def test_rate_keeps_rows_in_order_and_adds_up(source: str, output: str) -> None:
    found = document("rate", f"calls{source}", f"rated{output}", "--deck", "a.deck")
    rated = scan(f"rated{output}").collect()
    before = scan(f"calls{source}").collect()
    # CSV writes a time with a T.
    times = pl.col("answered_at").str.replace("T", " ").str.head(19)
    assert_frame_equal(
        rated.select(before.columns).cast(pl.String).with_columns(times),
        before.cast(pl.String).with_columns(times),
    )
    charges = [Decimal(str(charge)) for charge in rated["charge"] if charge is not None]
    assert (found["rows"], found["rated"], found["refused"]) == (8, len(charges), 4)
    assert (
        Decimal(found["charge"])
        == sum(charges)
        == Decimal("2.86") + Decimal("1.49") + Decimal("1.25") + Decimal("0.10")
    )
    assert found["charge"] == "5.70"
    assert found["billed_seconds"] == 264 + 120 + 60 + 60
    assert found["refused_by_reason"] == {
        "blocked": 1,
        "invalid_number": 1,
        "missing_number": 1,
        "unsupported_prefix": 1,
    }
    assert found["countries"][0] == {"country_iso": "IN", "calls": 3, "billed_seconds": 444, "charge": "4.45"}
    assert [group["charge"] for group in found["network_groups"]] == ["2.86", "1.49", "1.25", "0.10"]
    assert found["deck_digest"] == RateDeck.open("a.deck").digest
    assert set(rated["deck_digest"]) == {found["deck_digest"]}


def test_total_is_exact_beyond_what_a_float_holds() -> None:
    Path("dear.csv").write_text(
        "prefix,country,outbound_rate\n91,India,999999999.000000001\n", encoding="utf-8"
    )
    run("compile", "dear.csv", "-o", "dear.deck")
    rows = 20_000
    sink(pl.LazyFrame({"to": ["91"] * rows, "seconds": [60] * rows}), "many.parquet")
    found = document("rate", "many.parquet", "out.csv", "--deck", "dear.deck", "--decimals", "9")
    assert Decimal(found["charge"]) == rows * Decimal("999999999.000000001")
    shown = run("rate", "many.parquet", "out.csv", "--deck", "dear.deck", "--decimals", "9").stdout
    assert "₹1,99,99,99,99,80,000.000020000" in shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "₹0"),
        ("999.90", "₹999.90"),
        ("1000", "₹1,000"),
        ("99999", "₹99,999"),
        ("100000", "₹1,00,000"),
        ("1234567.89", "₹12,34,567.89"),
        ("-0.000000001", "-₹0.000000001"),
        ("123456789012345678901234567890.12", "₹1,23,45,67,89,01,23,45,67,89,01,23,45,67,890.12"),
    ],
)
def test_rupees_are_grouped_by_lakh_and_crore(amount: str, shown: str) -> None:
    assert rupees(Decimal(amount)) == shown


def test_summary_reads_well() -> None:
    shown = run("rate", "calls.parquet", "rated.parquet", "--deck", "a.deck").stdout
    for words in (
        "8 = 4 rated + 4 refused",
        "8 minutes 24 s",
        "₹5.70",
        "India - Mobile (IN)",
        "unsupported prefix",
    ):
        assert words in shown
    assert run("rate", "calls.parquet", "rated.parquet", "--deck", "a.deck", "--no-summary").stdout == ""


def test_max_refused_decides_the_exit_code() -> None:
    rate = ("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    run(*rate, "--max-refused", "50")
    for percent in ("49.9", "0"):
        run(*rate, "--max-refused", percent, code=1)
        run(*rate, "--max-refused", percent, "--no-summary", code=1)
    run(*rate, "--max-refused", "101", code=2)
    assert scan("rated.csv").collect().height == 8


def test_columns_and_semantics_can_be_named() -> None:
    ended = CALLS["answered_at"] + pl.Series([timedelta(seconds=seconds) for seconds in CALLS["seconds"]])
    naive = {"began": CALLS["answered_at"], "ended": ended}
    frame = pl.DataFrame({"callee": CALLS["to"], **naive, "charge": "kept", "way": "outbound"})
    sink(frame.with_columns(pl.col("began", "ended").dt.replace_time_zone(None)).lazy(), "other.csv")
    columns = ("--number", "callee", "--answered-at", "began", "--ended-at", "ended", "--direction", "way")
    rate = ("rate", "other.csv", "out.parquet", "--deck", "a.deck", *columns, "--timezone", "UTC")
    assert "--add-prefix rated_" in sentence(*rate)
    found = document(
        *rate, "--add-prefix", "rated_", "--decimals", "3", "--rounding", "down", "--pulse", "60/60"
    )
    assert found["charge"] == "5.695"
    assert scan("out.parquet").collect_schema()["rated_charge"] == pl.Decimal(18, 3)
    run(*rate, "--add-prefix", "rated_", "--timezone", "Nowhere", code=2)


def test_bad_input_of_rate_is_one_sentence_and_the_old_output_stays() -> None:
    Path("old.csv").write_text("old", encoding="utf-8")
    Path("dir").mkdir()
    sink(CALLS.lazy().with_columns(seconds=pl.lit(True)), "typed.parquet")
    Path("broken.csv").write_text("to,seconds,answered_at\n+91,5,\n1,2,3,4\n", encoding="utf-8")
    deck = ("--deck", "a.deck")
    for source, output, more, words in (
        ("none.csv", "old.csv", (), "there is no file none.csv"),
        ("dir", "old.csv", (), "holds no call records"),
        ("sheet.txt", "old.csv", (), "there is no file"),
        ("a.deck", "old.csv", (), "does not begin as a file of call records"),
        ("calls.csv", "old.xlsx", (), ".parquet, .csv, .arrow"),
        ("calls.csv", "calls.csv", (), "one of the inputs"),
        ("calls.csv", "dir", (), "is a folder|does not end"),
        ("calls.csv", "none/out.csv", (), "no folder none"),
        ("calls.csv", "old.csv", ("--number", "too"), "no column 'too'; nearest: 'to'"),
        ("calls.csv", "old.csv", ("--seconds", "second"), "nearest: 'seconds'"),
        ("typed.parquet", "old.csv", (), "column 'seconds' is Boolean"),
        ("broken.csv", "old.csv", (), "is the file damaged"),
        ("a.deck/x.csv", "old.csv", (), "no file|Not a directory"),
    ):
        said = sentence("rate", source, output, *deck, *more)
        assert any(part in said for part in words.split("|")), said
    assert Path("old.csv").read_text(encoding="utf-8") == "old"
    assert pl.read_csv("calls.csv").height == 8
    assert not list(Path().glob(".*"))
