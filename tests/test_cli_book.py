"""book and workspace: what they write and list, what they say of documents that are wrong."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from command import document, folder, run, sentence
from dialnexa_routing import RateDeck
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.workspace.workspace import Workspace

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")

MAY, APRIL = "2026-05-01T00:00:00+05:30", "2026-04-01T00:00:00+05:30"


@pytest.fixture(autouse=True)
def _second(folder: Path) -> None:
    Path("b.csv").write_text("prefix,country,outbound_rate\n91,India,1\n", encoding="utf-8")
    run("compile", "b.csv", "-o", "b.deck")


def test_r50_a_book_is_made_and_extended_in_any_order() -> None:
    first = document("book", "add", "airtel", "a.deck", "--from", MAY)
    assert [one["valid_from"] for one in first["versions"]] == ["2026-04-30T18:30:00+00:00"]
    both = document("book", "add", "airtel", "b.deck", "--from", APRIL)
    assert [one["deck_digest"] for one in both["versions"]] == [
        RateDeck.open(name).digest for name in ("b.deck", "a.deck")
    ]
    assert document("book", "show", "airtel") == both
    book = DeckBook.open("airtel")
    assert book.digest == both["digest"]
    noon = datetime(2026, 4, 30, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert book.deck_at(noon) == RateDeck.open("b.deck")
    corrected = document(
        "book", "add", "airtel", "a.deck", "--from", APRIL, "--known-from", "2026-04-09T00:00:00Z"
    )
    assert [one["known_from"] for one in corrected["versions"]] == [None, "2026-04-09T00:00:00+00:00", None]
    assert DeckBook.open("airtel").deck_at(noon) == RateDeck.open("a.deck")
    shown = run("book", "show", "airtel").stdout
    assert "2026-03-31T18:30:00+00:00" in shown
    assert RateDeck.open("b.deck").digest[:12] in shown


def test_what_is_wrong_with_a_book_is_one_sentence_and_it_stays() -> None:
    run("book", "add", "airtel", "a.deck", "--from", MAY)
    before = Path("airtel/book.toml").read_bytes()
    assert "two decks hold from" in sentence("book", "add", "airtel", "b.deck", "--from", MAY)
    assert "b.csv" in sentence("book", "add", "airtel", "b.csv", "--from", APRIL)
    assert "book.toml" in sentence("book", "show", "nowhere")
    for option, more in (("--from", ()), ("--known-from", ("--from", MAY))):
        told = run("book", "add", "airtel", "b.deck", *more, option, "2026-05-01", code=2).stderr
        assert option in told
        assert "no time with a zone" in told.replace("\n", " ")
    assert Path("airtel/book.toml").read_bytes() == before
    Path("airtel/book.toml").write_text("format = 2", encoding="utf-8")
    assert "format 2" in sentence("book", "add", "airtel", "b.deck", "--from", APRIL)
    assert Path("airtel/book.toml").read_text(encoding="utf-8") == "format = 2"


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_good_documents_are_told_by_kind_and_id(suffix: str) -> None:
    Workspace(id="w1").save(f"w{suffix}")
    BillingPlan(id="growth").save(f"p{suffix}")
    for name, kind, id_ in (("w", "Workspace", "w1"), ("p", "BillingPlan", "growth")):
        found = document("workspace", "check", f"{name}{suffix}")
        assert found == {"file": f"{name}{suffix}", "kind": kind, "id": id_, "problems": []}
        assert id_ in run("workspace", "check", f"{name}{suffix}").stdout


@pytest.mark.parametrize(
    ("text", "kind", "problems"),
    [
        ('id = "w"\nprovider = "twilio"\n', "Workspace", ["provider: twilio cannot be selected"]),
        ('id = "p"\nllm = "-1"\npulse = "x"\n', "BillingPlan", ["llm: ", "pulse: "]),
        ("id = ", None, ["cannot be read"]),
    ],
)
def test_r10_r48_all_that_is_wrong_is_told(text: str, kind: str | None, problems: list[str]) -> None:
    Path("doc.toml").write_text(text, encoding="utf-8")
    found = document("workspace", "check", "doc.toml", code=1)
    assert (found["kind"], len(found["problems"])) == (kind, len(problems))
    shown = run("workspace", "check", "doc.toml", code=1).stdout
    for told, words in zip(found["problems"], problems, strict=True):
        assert words in told
        assert words in shown


def test_what_is_not_there_is_wrong_use() -> None:
    assert "does not exist" in run("workspace", "check", "none.toml", code=2).stderr


def test_help_puts_each_verb_into_one_panel() -> None:
    told = run("--help").stdout
    places = [told.index(f" {panel} ") for panel in ("Sheets and decks", "Calls", "Billing")]
    assert places == sorted(places)
    verbs = [
        line.split()[1]
        for line in told.splitlines()
        if line.startswith("│ ") and not line.split()[1].startswith("-")
    ]
    assert len(verbs) == len(set(verbs))
    assert {"compile", "book", "rate", "workspace", "reconcile", "compare"} <= set(verbs)
    assert "Commands" not in told
