"""compile, inspect, match and explain on real files: answers, documents, exit codes, bad input."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from command import NOW, SHEET, document, folder, run, sentence
from dialnexa_routing import RateDeck
from dialnexa_routing.cli.application import _GROUPS, _PANELS
from dialnexa_routing.records.call_files import scan

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")


def test_compile_counts_rows_and_writes_the_deck() -> None:
    found = document("compile", "sheet.csv", "-o", "b.deck")
    deck = RateDeck.open("b.deck")
    assert found["digest"] == deck.digest
    assert found["rows"] == {"read": 6, "loaded": 6, "refused": 0, "noise": 0}
    assert found["counts"]["prefixes"] == len(deck)
    assert found["bytes"]["file"] == Path("b.deck").stat().st_size
    assert found["dated"] is True
    assert Path("b.deck").read_bytes() == Path("a.deck").read_bytes()


def test_compile_with_refused_rows_exits_1_and_still_writes() -> None:
    Path("bad.csv").write_text(
        "prefix,country,outbound_rate\n91,India,0.74\n091,India,1\n=1+1,India,2\n", encoding="utf-8"
    )
    found = document("compile", "bad.csv", "-o", "b.deck", "--faults", "faults.csv", code=1)
    assert found["rows"]["refused"] == found["faults"]["errors"] == 2
    assert found["faults"]["first"][0].keys() == {
        "file",
        "sheet",
        "row",
        "column",
        "value",
        "reason",
        "severity",
    }
    assert len(RateDeck.open("b.deck")) == 1
    assert scan("faults.csv").collect()["value"].to_list() == ["091", "=1+1"]
    assert ",'=1+1," in Path("faults.csv").read_text(encoding="utf-8")
    shown = run("compile", "bad.csv", "-o", "b.deck", code=1).stdout
    assert "3 read = 1 loaded, 2 refused, 0 noise" in shown
    assert "091" in shown
    assert "starts with 0" in shown
    assert "row 3" in sentence("compile", "bad.csv", "-o", "c.deck", "--strict")
    assert not Path("c.deck").exists()


def test_compile_takes_a_currency_and_an_origin() -> None:
    Path("usd.csv").write_text(
        "prefix,network_group,origin,rate\n91,A,,0.01\n91,B,44,0.02\n", encoding="utf-8"
    )
    money = ("--currency", "USD", "--inr-per-unit", "84.2150", "--inr-on", "2026-01-05", "--provider", "acme")
    found = document("compile", "usd.csv", "-o", "b.deck", "--origin", "4420", "--keep-redundant", *money)
    assert found["conversion"] == {"currency": "USD", "inr_per_unit": "84.2150", "inr_on": "2026-01-05"}
    assert found["labels"]["provider"] == "acme"
    match = RateDeck.open("b.deck").match("+911")
    assert match is not None
    assert (match.network_group, match.outbound_rate) == ("B", Decimal("1.6843"))


def test_compile_refuses_what_it_cannot_use() -> None:
    assert "no.csv" in sentence("compile", "no.csv", "-o", "b.deck")
    assert "one of the sheets" in sentence("compile", "sheet.csv", "-o", "sheet.csv")
    assert Path("sheet.csv").read_text(encoding="utf-8") == SHEET
    Path("dir").mkdir()
    assert "is a folder" in sentence("compile", "sheet.csv", "-o", "dir")
    assert "no folder" in sentence("compile", "sheet.csv", "-o", "none/b.deck")
    assert "--inr-per-unit" in sentence("compile", "sheet.csv", "-o", "b.deck", "--currency", "USD")
    run("compile", "sheet.csv", code=2)
    run("compile", "sheet.csv", "-o", "b.deck", "--on-conflict", "maybe", code=2)
    assert not Path("b.deck").exists()


def test_inspect_tells_what_the_deck_is() -> None:
    found = document("inspect", "a.deck")
    deck = RateDeck.open("a.deck")
    assert (found["digest"], found["labels"], found["bytes"]) == (deck.digest, deck.labels, deck.sizes)
    assert deck.digest in run("inspect", "a.deck", "--no-verify").stdout


def test_damaged_or_missing_deck_is_one_sentence() -> None:
    data = bytearray(Path("a.deck").read_bytes())
    data[len(data) // 2] ^= 1
    Path("bad.deck").write_bytes(data)
    for verb in (
        ("inspect",),
        ("match", "+91"),
        ("explain", "+91"),
        ("rate", "calls.csv", "out.csv", "--deck"),
    ):
        name, *rest = verb
        for deck in ("bad.deck", "sheet.csv", "none.deck", "."):
            arguments = (name, *rest, deck) if name == "rate" else (name, deck, *rest)
            assert deck in sentence(*arguments) or deck == "."


def test_match_answers_each_number() -> None:
    found = document("match", "a.deck", "+919812345678", "1900", "44", "x", "--at", NOW, code=1)
    assert [answer.get("network_group") for answer in found] == ["India - Mobile", "US - Premium", None, None]
    assert [answer["reason"] for answer in found] == [None, "blocked", "unsupported_prefix", "invalid_number"]
    assert (found[0]["outbound_rate"], found[0]["inbound_rate"]) == ("0.65", None)
    assert document("match", "a.deck", "-", "--at", "now", stdin="+91\n\n 1 \n")[1]["prefix"] == "1"
    inbound = document("match", "a.deck", "+9198", "--at", NOW, "--direction", "inbound")
    assert inbound[0]["network_group"] == "India"


def test_match_in_a_pipe_is_tab_separated() -> None:
    header, line = run("match", "a.deck", "+9198", "--at", NOW).stdout.splitlines()
    assert header.split("\t")[:3] == ["number", "prefix", "network_group"]
    assert line.split("\t")[:3] == ["+9198", "9198", "India - Mobile"]


def test_dated_deck_asks_for_a_time_with_a_zone() -> None:
    assert "--at" in sentence("match", "a.deck", "+91")
    assert "--at" in sentence("explain", "a.deck", "+91")
    run("match", "a.deck", "+91", "--at", "2026-11-23", code=2)
    before, after = (
        document("match", "a.deck", "9177", "--at", at)[0]["prefix"]
        for at in ("2026-09-30T23:59:59+05:30", "2026-10-01T00:00:00+05:30")
    )
    assert (before, after) == ("91", "9177")


def test_explain_shows_the_steps_of_the_charge() -> None:
    shown = run(
        "explain", "a.deck", "+919812345678", "--seconds", "263", "--at", NOW, "--decimals", "4"
    ).stdout
    assert "wins: India - Mobile" in shown
    assert "loses to the longer prefix: India" in shown
    assert "₹2.8600" in shown.splitlines()[-1]
    found = document("explain", "a.deck", "+919812345678", "--seconds", "263.5", "--at", NOW)
    assert (found["billed_seconds"], found["charge"]) == (264, "2.86")
    modes = ("--pulse", "1/1", "--part-second", "down", "--rounding", "up")
    assert document("explain", "a.deck", "+91", "--seconds", "60.9", "--at", NOW, *modes)["charge"] == "0.75"


def test_explain_of_what_cannot_be_rated_exits_1() -> None:
    assert "no prefix" in run("explain", "a.deck", "+44", "--at", NOW, code=1).stdout
    assert document("explain", "a.deck", "1900", "--seconds", "5", "--at", NOW, code=1)["reason"] == "blocked"
    assert "E.164" in sentence("explain", "a.deck", "x", "--at", NOW)
    for wrong in (
        ("--seconds", "NaN"),
        ("--seconds", "１"),
        ("--pulse", "0/6"),
        ("--pulse", "60"),
        ("--decimals", "10"),
    ):
        run("explain", "a.deck", "+91", "--at", NOW, *wrong, code=2)


def test_every_verb_stands_in_the_list_of_the_command_line() -> None:
    listed = (Path(__file__).parents[1] / "docs/command-line.md").read_text(encoding="utf-8")
    verbs = [*_PANELS.values(), *({f"{name} {one}": "" for one in members} for name, members in _members())]
    missing = [verb for part in verbs for verb in part if f"dialnexa-routing {verb} " not in listed]
    assert missing == []


def _members() -> list[tuple[str, dict[str, str]]]:
    return [(name, members) for part in _GROUPS.values() for name, (_, members) in part.items()]
