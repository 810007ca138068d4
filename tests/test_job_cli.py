"""``job`` on the command line: exit codes, dry run, what is shown where."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from command import document, process, run, sentence, terminal
from decks import MOBILE
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.records.call_files import scan, sink
from job_folder import content, deck, night


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    deck().save(Path("a.deck"))
    return night(Path("night"), files=5)


JOB = ("job", "night", "out", "--deck", "a.deck")


def test_exit_code_tells_whether_all_rows_are_rated() -> None:
    found = document(*JOB, code=1)
    assert found["rows"] == found["rated"] + found["refused"] + found["rejected"]
    assert (found["files"], found["failed"], found["files_kept"]) == (5, 0, 0)
    without = found["refused"] + found["rejected"]
    enough = without * 100 // found["rows"] + 1
    run(*JOB, "--max-refused", enough)
    run(*JOB, "--max-refused", enough - 1, code=1)
    run(*JOB, "--max-refused", 101, code=2)
    Path("night/bad.parquet").write_bytes(b"PAR1 rubbish")
    found = document(*JOB, "--max-refused", 100, code=1)
    assert (found["files_kept"], list(found["failed_files"])) == (5, ["bad.parquet"])
    sink(pl.LazyFrame({"to": [MOBILE], "seconds": [5]}), "good.parquet")
    run("job", "good.parquet", "good", "--deck", "a.deck")


def test_dry_run_writes_nothing() -> None:
    found = document(*JOB, "--dry-run", code=1)
    assert (found["files"], found["done"]) == (5, 0)
    assert found["refused_in_sample"]["blocked"] > 0
    assert not Path("out").exists()
    assert "to rate, 0 done" in run(*JOB, "--dry-run", "--max-refused", 100).stdout


def test_wrong_use_is_one_sentence() -> None:
    Path("empty").mkdir()
    Path("others").mkdir()
    Path("others/a.txt").touch()
    for source, output, more, words in (
        ("none", "out", (), "no file of call records is named by none"),
        ("empty", "out", (), "holds no call records"),
        ("night", "others", (), "no manifest.json"),
        ("night", "a.deck", (), "is no folder"),
        ("night", "night", (), "lies in the output folder"),
        ("night", "out", ("--timezone", "Nowhere"), "Nowhere"),
    ):
        assert words in sentence("job", source, output, "--deck", "a.deck", *more)
    assert "no" in sentence("job", "night", "out", "--deck", "none.deck")
    assert not Path("out").exists()


def test_changes_are_refused_or_restarted() -> None:
    run(*JOB, "--max-refused", 100)
    before = content(Path("out"))
    said = sentence(*JOB, "--decimals", "3")
    assert "rating.semantics.decimals was 2 and is 3" in said
    assert "begin anew by --on-change restart" in said
    assert content(Path("out")) == before
    found = document(*JOB, "--decimals", "3", "--on-change", "restart", "--max-refused", "100")
    assert found["charge"].partition(".")[2].__len__() == 3


def test_what_a_first_run_asks_for_may_be_given_to_the_next() -> None:
    Path("theirs.csv").write_text(f"called,answer,talk\n{MOBILE},2026-11-20 10:00:00,61\n", encoding="utf-8")
    named = ("--number", "called", "--answered-at", "answer", "--seconds", "talk", "--direction", "outbound")
    said = run("job", "theirs.csv", "theirs", "--deck", "a.deck", *named, "--dates", "day_first", code=1)
    assert "--timezone" in said.stdout
    run("job", "theirs.csv", "theirs", "--deck", "a.deck", *named, "--timezone", "Asia/Kolkata")
    later = ("job", "theirs.csv", "theirs", "--deck", "a.deck", *named, "--timezone", "UTC")
    assert "calls.timezone was" in sentence(*later) or "rating.timezone was" in sentence(*later)


def test_events_on_the_terminal_are_in_the_words_of_options() -> None:
    Path("theirs.csv").write_text(f"called,answer,talk\n{MOBILE},2026-11-20 10:00:00,61\n", encoding="utf-8")
    named = ("--number", "called", "--answered-at", "answer", "--seconds", "talk", "--direction", "outbound")
    # In a process of its own, where nobody else listens to what is logged.
    told = process("job", "theirs.csv", "theirs", "--deck", "a.deck", *named, "--dates", "day_first").stderr
    assert told.startswith("file.failed file=theirs.csv why=")
    assert "--timezone Asia/Kolkata" in told
    assert "timezone=" not in told


def test_an_option_of_one_value_is_given_once() -> None:
    twice = run(*JOB, "--max-refused", 1, "--max-refused", 100, code=2).stderr
    assert "--max-refused" in twice
    assert "more than once" in twice
    assert not Path("out").exists()


def test_formats_and_columns_can_be_named() -> None:
    sink(pl.LazyFrame({"callee": [MOBILE], "length": ["61"]}), "other.csv")
    columns = ("--number", "callee", "--seconds", "length", "--add-prefix", "r_")
    run("job", "other.csv", "out", "--deck", "a.deck", "--format", "csv", *columns)
    assert scan("out/rated/other.csv").collect()["r_charge"].to_list() == ["1.50"]


def test_plan_says_itself_how_it_counts() -> None:
    BillingPlan(id="growth", llm="1.10", decimals=3).save("plan.json")
    sink(pl.LazyFrame({"to": [MOBILE], "seconds": [61]}), "calls.csv")
    plan = ("job", "calls.csv", "out", "--deck", "a.deck", "--plan", "plan.json")
    assert "--plan" in run(*plan, "--pulse", "30/6", code=2).stderr
    assert not Path("out").exists()
    found = document(*plan)
    assert (found["charge"], found["network_groups"][0]["llm"]) == ("2.200", "2.200000000")


def test_silent_in_a_pipe_and_a_bar_on_a_terminal() -> None:
    done = process(*JOB, "--max-refused", "100")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    if sys.platform != "win32":
        assert "5 of 5 files" in terminal(*JOB, "--max-refused", "100")
