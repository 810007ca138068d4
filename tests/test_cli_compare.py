"""compare on real files: providers ranked, break-even durations, margins, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import NOW, document, folder, run, sentence

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder", "other")

MOBILE = "+919812345678"
OTHER = """\
prefix,network_group,country_iso,country,outbound_rate,initial_increment_s,next_increment_s
91,India other,IN,India,0.80,1,1
9198,India mobile other,IN,India,0.70,1,1
"""
BOTH = ("compare", "a=a.deck", "b=b.deck", "--at", NOW)


@pytest.fixture
def other() -> None:
    Path("other.csv").write_text(OTHER, encoding="utf-8")
    run("compile", "other.csv", "-o", "b.deck")


def test_r53_a_number_is_ranked_and_its_break_even_durations_are_told() -> None:
    found = document(*BOTH, "--number", MOBILE, "--seconds", 61, "--up-to", 40)
    # 61 s at 0.70 a minute, against 66 s at 0.65; at 39 s they cost the same.
    assert [(offer["provider"], offer["cost"]) for offer in found["offers"]] == [
        ("b", "427/600"),
        ("a", "143/200"),
    ]
    assert found["break_even"] == [
        {"from_s": 1, "to_s": 27, "order": ["b", "a"]},
        {"from_s": 28, "to_s": 30, "order": ["a", "b"]},
        {"from_s": 31, "to_s": 33, "order": ["b", "a"]},
        {"from_s": 34, "to_s": 36, "order": ["a", "b"]},
        {"from_s": 37, "to_s": 39, "order": ["b", "a"]},
        {"from_s": 40, "to_s": 40, "order": ["a", "b"]},
    ]
    text = run(*BOTH, "--number", MOBILE, "--seconds", 61, "--rows", 2).stdout.splitlines()
    assert text[0] == f"{MOBILE} outbound at {NOW}, one call of 61 s"
    assert text[5:8] == ["cheapest first, by duration", "1 to 27 s: b, a", "28 to 30 s: a, b"]
    assert text[8].startswith("and ")


def test_what_has_no_price_is_ranked_last_and_the_exit_is_good() -> None:
    found = document(*BOTH, "--number", "+12025550123", "--seconds", 61)
    assert [(offer["provider"], offer["reason"]) for offer in found["offers"]] == [
        ("a", None),
        ("b", "unsupported_prefix"),
    ]


def test_every_prefix_is_compared() -> None:
    found = document(*BOTH, "--seconds", 61, "--current", "a")
    assert found["counts"] == {
        "prefixes": 6,
        "cheapest": {"a": 3, "b": 2},
        "unpriced": 1,
        "misleading": 2,
    }
    rows = {row["prefix"]: row for row in found["prefixes"]["rows"]}
    assert (rows["91"]["cheapest"], rows["91"]["cost"], rows["91"]["current_saving"]) == (
        "b",
        "0.813333333",
        "0.671666667",
    )
    text = run(*BOTH, "--seconds", 61, "--current", "a").stdout
    assert "6 prefixes; cheapest: a on 3, b on 2; nobody on 1" in text
    assert "now a; another is cheaper, or the only one, on 2" in text
    narrow = document(*BOTH, "--seconds", 61, "--within", "9198", "--rows", 0)
    assert (narrow["counts"]["prefixes"], narrow["prefixes"]) == (1, {"total": 1, "rows": []})
    assert document(*BOTH, "--seconds", 61, "--country", "US")["counts"]["prefixes"] == 2


def test_records_give_the_durations_and_with_sell_the_margin() -> None:
    found = document(*BOTH, "--records", "calls.parquet", "--sell", "a.deck")
    assert found["seconds"] == {"1": 1, "5": 4, "60": 1, "61": 1, "263": 1}
    both = {row["provider"]: row for row in found["margin"]["totals"]["rows"]}
    assert (both["a"]["margin"], both["a"]["revenue"]) == ("0.000000000", "5.700000000")
    assert (both["b"]["rated_by_both"], both["b"]["unknown_cost"]) == (3, 1)
    assert document(*BOTH, "--records", "calls.csv", "--sell", "a.deck") == found
    assert "\nmargin\n" in run(*BOTH, "--records", "calls.arrow", "--sell", "a.deck").stdout


def test_without_records_the_sheets_alone_tell_what_is_below_cost() -> None:
    found = document(*BOTH, "--seconds", 60, "--sell", "a.deck")
    below = [(row["prefix"], row["provider"]) for row in found["margin"]["below_cost"]["rows"]]
    assert below == [("9177", "b"), ("9199", "b"), ("91", "b"), ("9198", "b")]


def test_a_plan_prices_what_is_sold() -> None:
    Path("plan.toml").write_text(
        'id = "growth"\npulse = "30/30"\n[telephony]\nkind = "deck_prices"\nmarkup_percent = "100"\n',
        encoding="utf-8",
    )
    found = document(*BOTH, "--records", "calls.parquet", "--sell", "a.deck", "--plan", "plan.toml")
    both = {row["provider"]: row for row in found["margin"]["totals"]["rows"]}
    # 270 s at 1.30, 90 s at 1.485, 30 s at 2.50, 60 s at 0.20 a minute.
    assert both["a"]["revenue"] == "9.527500000"
    sheets = document(*BOTH, "--seconds", 60, "--sell", "a.deck", "--plan", "plan.toml")
    assert [row["prefix"] for row in sheets["margin"]["below_cost"]["rows"]] == ["9177"]
    Path("plan.toml").write_text('id = "growth"\n', encoding="utf-8")
    asked = (*BOTH, "--seconds", 60, "--sell", "a.deck", "--plan", "plan.toml")
    assert "no telephony prices" in sentence(*asked)


def test_a_page_stands_alone() -> None:
    run(*BOTH, "--seconds", 61, "--sell", "a.deck", "--html", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    assert "by network group, INR" in page
    assert "below cost, INR" in page
    error = sentence(*BOTH, "--seconds", 61, "--html", "b.deck")
    assert "one of the inputs" in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.deck", "--seconds", 61], "NAME=DECK"),
        (["a=", "--seconds", 61], "NAME=DECK"),
        (["a=a.deck", "a=b.deck", "--seconds", 61], "two decks"),
        (["b=b.deck"], "--records"),
        (["b=b.deck", "--seconds", 61, "--records", "calls.csv"], "--records"),
        (["b=b.deck", "--seconds", "1.5"], "whole number"),
        (["b=b.deck", "--seconds", "-1"], "whole number"),
        (["b=b.deck", "--seconds", 61, "--within", "0"], "15 digits"),
        (["b=b.deck", "--seconds", 61, "--current", "z"], "none of b"),
        (["b=b.deck", "--seconds", 61, "--plan", "plan.toml"], "--sell"),
        (["b=b.deck", "--seconds", 61, "--number", MOBILE, "--sell", "b.deck"], "--number"),
        (["b=b.deck", "--seconds", 61, "--at", "2026-01-01"], "--at"),
    ],
)
def test_wrong_use_is_told(arguments: list[object], words: str) -> None:
    told = " ".join(run("compare", *arguments, code=2).stderr.replace("│", "").split())
    assert words in told


def test_what_cannot_be_read_is_one_sentence() -> None:
    assert "--at" in sentence("compare", "a=a.deck", "--seconds", 61)
    assert "--at" in sentence("compare", "b=b.deck", "--seconds", 61, "--sell", "a.deck")
    assert "'to_'" in sentence(*BOTH, "--records", "calls.csv", "--sell", "a.deck", "--number-column", "to_")
    assert "'second'" in sentence(*BOTH, "--records", "calls.csv", "--seconds-column", "second")
    assert "E.164" in sentence(*BOTH, "--number", "x", "--seconds", 61)
    assert "none.deck" in sentence("compare", "a=none.deck", "--seconds", 61)
    assert "no call" in sentence(*BOTH, "--records", "calls.csv", "--seconds-column", "to")
