"""rate by billing plans and by books of decks, and what job shares with it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from command import WRITERS, document, folder, run, sentence
from decks import utc
from dialnexa_routing import RateDeck
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.records.call_files import scan
from dialnexa_routing.workspace.workspace import Workspace

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder", "_documents")

MOBILE = "+919812345678"
CALLS = pl.DataFrame(
    {
        "to": [MOBILE, MOBILE, "+12025550123", "+44"],
        "seconds": [61, 60, 60, 60],
        "plan": ["basic", "growth", "growth", "lost"],
        "workspace": ["w1", "w2", "w2", "w3"],
    }
)
RATE = ("rate", "mine.parquet", "rated.parquet", "--deck", "open.deck")


@pytest.fixture
def _documents(folder: Path) -> None:
    (folder / "open.csv").write_text(
        "prefix,network_group,country_iso,outbound_rate\n91,India,IN,0.60\n1,United States,US,1.20\n",
        encoding="utf-8",
    )
    run("compile", "open.csv", "-o", "open.deck")
    for suffix, write in WRITERS.items():
        write(CALLS, f"mine{suffix}")
    for name in ("plans", "spaces", "none"):
        (folder / name).mkdir()
    sold = {"telephony": {"kind": "deck_prices"}}
    BillingPlan.model_validate({"id": "basic", "llm": "1.10", "pulse": "30/30"}).save("plans/a.toml")
    growth = BillingPlan.model_validate({"id": "growth", "llm": "2.00", "tts": "0.333", "decimals": 3} | sold)
    growth.save("plans/b.json")
    Workspace(id="w1", billing_plan="basic").save("spaces/w1.json")
    Workspace(id="w2", billing_plan="growth").save("spaces/w2.toml")


@pytest.mark.parametrize("kind", WRITERS)
def test_r45_one_plan_for_all_records_and_its_components(kind: str) -> None:
    found = document("rate", f"mine{kind}", f"rated{kind}", "--deck", "open.deck", "--plan", "plans/b.json")
    # Two minutes, one and one at 2.333, and telephony at 0.60 or 1.20.
    assert found["charge"] == "12.332"
    assert found["components"] == {"llm": "8.000000000", "tts": "1.332000000", "telephony": "3.000000000"}
    assert sum(map(Decimal, found["components"].values())) == Decimal(found["charge"])
    assert (found["rated"], found["refused_by_reason"]) == (3, {"unsupported_prefix": 1})
    shown = run(*RATE, "--plan", "plans/b.json").stdout
    assert "component, before rounding" in shown
    assert "stt" not in shown


def test_each_record_names_its_plan_or_its_workspace() -> None:
    by_plan = document(*RATE, "--plans", "plans")
    charges = scan("rated.parquet").collect()["charge"]
    assert charges.dtype == pl.Decimal(18, 3)
    # 90 s at 1.10; a minute of 2.333 and telephony.
    assert charges.to_list() == [Decimal("1.650"), Decimal("2.933"), Decimal("3.533"), None]
    by_space = document(*RATE, "--plans", "plans/a.toml", "--plans", "plans/b.json", "--workspaces", "spaces")
    assert scan("rated.parquet").collect()["charge"].to_list() == charges.to_list()
    assert by_plan["components"] == by_space["components"]
    assert (list(by_plan["refused_by_reason"]), by_plan["charge"]) == (["unknown_plan"], "8.116")
    CALLS.rename({"plan": "tariff", "workspace": "owner"}).write_parquet("mine.parquet")
    named = document(*RATE, "--plans", "plans", "--plan-column", "tariff", "--add-prefix", "r_")
    spaces = ("--plans", "plans", "--workspaces", "spaces", "--workspace-column", "owner")
    assert named["charge"] == document(*RATE, *spaces)["charge"] == "8.116"
    assert "no column 'plan'" in sentence(*RATE, "--plans", "plans")


def test_r34_words_for_all_rows_say_what_calls_are() -> None:
    web = document(*RATE, "--plan", "plans/b.json", "--path", "webrtc", "--agent-kind", "speech_to_speech")
    assert web["components"] == {"llm": "10.000000000"}
    assert web["refused"] == 0
    machine = CALLS.with_columns(machine=pl.lit(True))
    machine.write_parquet("mine.parquet")
    free = BillingPlan.model_validate({"id": "free", "llm": "1", "voicemail": "free"})
    free.save("free.toml")
    found = document(*RATE, "--plan", "free.toml", "--voicemail", "machine", "--path", "webrtc")
    assert Decimal(found["charge"]) == 0


def test_without_plans_there_are_no_components() -> None:
    assert "components" not in document(*RATE)
    assert "component" not in run(*RATE).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "plans/a.toml", "--plans", "plans"], "one plan for all records"),
        (["--plan", "plans/a.toml", "--pulse", "1/1"], "says itself how it counts"),
        (["--plans", "plans", "--preset", "kazoo"], "says itself how it counts"),
        (["--workspaces", "spaces"], "give the plans with --plans"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], words: str) -> None:
    for asked in (RATE, ("job", "mine.parquet", "out", "--deck", "open.deck")):
        assert words in " ".join(run(*asked, *arguments, code=2).stderr.replace("│", " ").split())
    assert not Path("rated.parquet").exists()


def test_documents_that_cannot_serve_are_one_sentence() -> None:
    assert "none holds no .json or .toml" in sentence(*RATE, "--plans", "none")
    assert "two plans have the id 'basic'" in sentence(*RATE, "--plans", "plans", "--plans", "plans/a.toml")
    assert "is no BillingPlan" in sentence(*RATE, "--plans", "spaces")
    assert "is no Workspace" in sentence(*RATE, "--plans", "plans", "--workspaces", "plans")
    assert "lost.toml cannot be read" in sentence(*RATE, "--plan", "lost.toml")
    assert not Path("rated.parquet").exists()


def test_r50_a_folder_with_a_book_rates_each_call_by_its_deck() -> None:
    Path("dear.csv").write_text("prefix,network_group,country_iso,outbound_rate\n91,India,IN,0.90\n", "utf-8")
    run("compile", "dear.csv", "-o", "dear.deck")
    decks = [RateDeck.open(name) for name in ("open.deck", "dear.deck")]
    book = DeckBook({utc(2026, 1, 1): decks[0], utc(2026, 4, 1): decks[1]})
    book.save("book")
    times = [utc(2026, 3, 1), utc(2026, 4, 1), utc(2025, 1, 1), None]
    CALLS.with_columns(to=pl.lit(MOBILE), answered_at=pl.Series(times)).write_parquet("mine.parquet")
    found = document("rate", "mine.parquet", "rated.parquet", "--deck", "book", "--json")
    rated = scan("rated.parquet").collect()
    assert rated["charge"].to_list() == [Decimal("1.20"), Decimal("0.90"), None, None]
    assert rated["deck_digest"].to_list()[:3] == [decks[0].digest, decks[1].digest, None]
    assert (found["deck_digest"], found["charge"]) == (book.digest, "2.10")
    assert found["refused_by_reason"] == {"before_first_deck": 1, "missing_answered_at": 1}
    planned = document("rate", "mine.parquet", "out.csv", "--deck", "book", "--plans", "plans")
    assert planned["components"]["telephony"] == "0.900000000"
    assert "book.toml" in sentence("rate", "mine.parquet", "out.csv", "--deck", "none")


def test_job_takes_the_same_plans() -> None:
    found = document(
        "job",
        "mine.parquet",
        "out",
        "--deck",
        "open.deck",
        "--plans",
        "plans",
        "--workspaces",
        "spaces",
        code=1,
    )
    assert found["charge"] == "8.116"
    assert scan("out/rated/mine.parquet").collect()["charge"][1] == Decimal("2.933")


def test_options_of_plans_that_would_be_ignored_are_refused() -> None:
    for more, named in (
        (("--workspace-column", "x"), "--workspace-column"),
        (("--voicemail", "x"), "--voicemail"),
        (("--plan", "plans/a.toml", "--plan-column", "x"), "--plan-column"),
        (("--plans", "plans", "--workspace-column", "x"), "--workspace-column"),
        (("--plans", "plans", "--workspaces", "spaces", "--plan-column", "x"), "--plan-column"),
    ):
        told = run(*RATE, *more, code=2).stderr
        assert f"Invalid value for {named}" in told


def test_a_deck_or_book_that_is_not_there_is_told_with_the_cure() -> None:
    for verb in (
        ("rate", "mine.parquet", "o.parquet", "--deck"),
        ("job", "mine.parquet", "out", "--deck"),
        ("inspect",),
        ("book", "add", "prices", "--from", "now"),
    ):
        assert "there is no deck lost.deck: correct the path" in sentence(*verb, "lost.deck")
        assert "compile a sheet into it" in sentence(*verb, "open.csv")
    assert "none has no book.toml" in sentence(*RATE[:-1], "none")
    assert "none has no book.toml" in sentence("book", "show", "none")
    assert "open.deck is no folder" in sentence("book", "show", "open.deck")


def test_what_has_no_group_is_called_so_in_the_summary() -> None:
    CALLS.with_columns(to=pl.lit("+4420"), seconds=0, plan=pl.lit("basic")).write_parquet("none.parquet")
    shown = run(
        "rate", "none.parquet", "rated.parquet", "--deck", "open.deck", "--number-plan", "none"
    ).stdout
    assert [line.split()[:2] for line in shown.splitlines() if line.lstrip().startswith("none ")] == [
        ["none", "4"],
        ["none", "4"],
    ]


def test_verbs_of_rated_rows_state_where_none_was_rated() -> None:
    month = ("lines.csv", "--month", "2026-11", "--plans", "plans")
    for verb in (("invoice", "mine.csv"), ("traffic", "mine.csv"), ("allowances", "mine.csv", *month)):
        assert "these were not rated; rate them first" in sentence(*verb)
    dated = CALLS.with_columns(answered_at=utc(2026, 11, 2))
    dated.write_parquet("dated.parquet")
    run("rate", "dated.parquet", "rated.parquet", "--deck", "open.deck")
    assert "there is no column 'plan_id'" in sentence("allowances", "rated.parquet", *month)
