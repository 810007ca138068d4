"""What the library spells as arguments of Python comes as options of the verb at hand; all else stays."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import folder, run, sentence
from dialnexa_routing import BillingPlan
from dialnexa_routing.cli.spelled import Words, spelled

__all__ = ["folder"]
FILES = Path(__file__).parent / "call_files"
CALLS = Words(
    flags={
        "timezone": "--timezone",
        "answered": "--answered",
        "header": "--header",
        "number_plan": "--number-plan",
    }
    | {"calling_code": "--calling-code", "format": "--format", "max_refused": "--max-refused-rows"},
    columns="--column ",
    named={"to": "--number", "seconds": "--seconds"},
    readings=("calling_code",),
)
SHEETS = Words({"currency": "--currency"}, ("--read", lambda name: name != "fields"), "--read columns.")


@pytest.mark.parametrize(
    ("python", "calls", "sheets"),
    [
        ("timezone='Asia/Kolkata' or timezone='UTC'", "--timezone Asia/Kolkata or --timezone UTC", None),
        ("columns={'to': 'Dial Number'}", "--number 'Dial Number'", "--read columns.to='Dial Number'"),
        ("columns={'call_id': 'dst'}", "--column call_id=dst", "--read columns.call_id=dst"),
        ("columns={'to': 3, 'seconds': 14}", "--number 3 --seconds 14", None),
        ("pass columns={'prefix': …}", "pass --column prefix=…", "pass --read columns.prefix=…"),
        ("columns={'code': None}", "--column code=", "--read columns.code="),
        ("pass columns= with", "pass --column NAME=HEADER with", "pass --read columns.NAME=HEADER with"),
        ("columns={'to': Joined(('a', 'b'))}", "--column to=a --column to=b", None),
        ("answered=('ANSWERED', 'NO ANSWER')", "--answered ANSWERED --answered 'NO ANSWER'", None),
        ("reading=NumberReading(calling_code='91')", "--calling-code 91", None),
        ("header=None, or number_plan=None", "--no-header, or --number-plan none", None),
        ("max_refused=1 to see all", "--max-refused-rows 1 to see all", "--read max_refused=1 to see all"),
        ("CallRecords.read(…, timezone='UTC')", "--timezone UTC", None),
        ("pass unit='cent' or unit='major'", None, "pass --read unit=cent or --read unit=major"),
        ("leave_out=('Setup', 'Fee')", None, "--read leave_out=Setup --read leave_out=Fee"),
        ("pass currency=, as 'INR'", None, "pass --currency, as 'INR'"),
        ("fields=('a',) stays", "fields=('a',) stays", "fields=('a',) stays"),
        ("'timezone=x' and \"unit='a'\" stay", "'timezone=x' and \"unit='a'\" stay", None),
        ("Plivo's rates: pass timezone=", "Plivo's rates: pass --timezone", None),
        ("--their-read format=NAME --their key=COLUMN", "--their-read format=NAME --their key=COLUMN", None),
    ],
)  # fmt: skip
def test_an_argument_is_an_option(python: str, calls: str | None, sheets: str | None) -> None:
    for words, wanted in ((CALLS, calls), (SHEETS, sheets)):
        if wanted is not None:
            found = spelled(python, words)
            assert found == wanted
            assert spelled(found, words) == found


@given(st.text(alphabet="abc_=='\"{}()…,. \\[]1:", max_size=40))
def test_any_text_is_spelled_and_what_names_no_argument_stays(text: str) -> None:
    spelled(text.replace("a", "timezone="), CALLS)
    assert spelled(text, Words()) == text


_PYTHON = re.compile(
    r"(?<![\w.\-])(?!--)\b(?:columns|timezone|direction|reading|header|unit|leave_out|format)="
)


def is_of_the_command_line(text: str) -> bool:
    return not _PYTHON.search(re.sub(r"--[a-z-]+ [\w.]+=", "", text))


@pytest.mark.usefixtures("folder")
def test_every_question_of_a_verb_is_in_its_words(tmp_path: Path) -> None:
    Path("two.csv").write_text("code,country,rate,setup\n91,India,1,0.5\n")
    Path("own.csv").write_text("d,voice\n91,1\n")
    Path("head.csv").write_text("sales,1001,919812345678,in,2026-11-20 10:00:00,63\n")
    asterisk = FILES / "asterisk.csv"
    for arguments, options in (
        (("compile", "two.csv", "-o", "x.deck"), ("--read leave_out=setup", "--currency")),
        (("check", "two.csv"), ("--read columns.connect_fee=setup", "--currency")),
        (("diff", "two.csv", "two.csv"), ("--read leave_out=setup",)),
        (("rate", asterisk, "o.csv", "--deck", "a.deck"), ("--direction outbound", "--timezone UTC")),
        (("job", asterisk, "out", "--deck", "a.deck"), ()),
        (("drift", asterisk, "--deck", "a.deck"), ("--direction outbound", "--timezone UTC")),
        (("reprice", asterisk, "--old", "a.deck", "--new", "a.deck"), ("--direction inbound",)),
        (("reconcile", asterisk, asterisk, "--deck", "a.deck"), ("--direction outbound",)),
        (
            ("compare", "a=a.deck", "--records", asterisk, "--at", "2026-11-23T10:00:00+05:30"),
            ("--records-read direction=outbound", "--records-read timezone=UTC"),
        ),
        (("rate", "own.csv", "o.csv", "--deck", "a.deck"), ("--format NAME", "--number")),
        (("rate", "head.csv", "o.csv", "--deck", "a.deck"), ("--no-header", "--number 3 --answered-at 11")),
    ):
        told = run(*arguments, code=1 if arguments[0] == "job" else 2)
        text = told.stderr + told.stdout
        assert all(option in text for option in options), text
        assert is_of_the_command_line(text), text
    shown = json.loads(run("records", asterisk, "--json", code=1).stdout)
    assert all(is_of_the_command_line(one) for one in shown["questions"])
    assert "--direction outbound" in shown["questions"][0]


@pytest.mark.usefixtures("folder")
def test_words_that_name_nothing_are_told_with_what_there_is() -> None:
    asterisk = FILES / "asterisk.csv"
    known = ("--direction", "outbound", "--timezone", "UTC")
    BillingPlan(id="growth", llm="1").save("growth.json")
    rate = ("rate", asterisk, "o.csv", "--deck", "a.deck")
    for more, wanted in (
        (
            (*known, "--unique-by", "zzz"),
            ("--unique-by zzz is no column; there are 'call_id'", "'dcontext'"),
        ),
        ((*known, "--column", "lost=3"), ("--column lost=… names nothing of a call", "answered_at")),
        ((*known, "--longest-s", "-5"), ("--longest-s -5 is no length", "as --longest-s 14400")),
        (
            ("--direction", "sideways", "--timezone", "UTC"),
            ("there is no column 'sideways'", "pass --direction outbound or --direction inbound"),
        ),
    ):
        told = sentence(*rate, *more)
        assert all(words in told for words in wanted), told
        assert "\u200b" not in told
    assert "there is no column 'plan'; there are 'call'" in sentence(
        "rate", "calls.csv", "o.csv", "--deck", "a.deck", "--plans", "growth.json"
    )
    assert "Value error" not in run(*rate, *known, "--rounding", "lost", code=2).stderr


@pytest.mark.usefixtures("folder")
def test_what_is_written_comes_back_as_it_is_asked() -> None:
    """Following the message of the error leads on: its words are taken as they stand."""
    Path("own.csv").write_text("when,at,Dial Number,talk\n2026-11-20,10:00:00,919812345678,63\n")
    asked = sentence("rate", "own.csv", "o.csv", "--deck", "a.deck")
    assert "--number 'Dial Number'" in asked
    said = ["--number", "Dial Number", "--seconds", "talk", "--column", "answered_at=when", "--column"]
    said += ["answered_at=at", "--direction", "outbound"]
    asked = sentence("rate", "own.csv", "o.csv", "--deck", "a.deck", *said)
    assert "--timezone Asia/Kolkata" in asked
    run("rate", "own.csv", "o.csv", "--deck", "a.deck", *said, "--timezone", "Asia/Kolkata")
    assert "3.25" in Path("o.csv").read_text() or ",0.65" in Path("o.csv").read_text()


def test_leave_out_and_blank_columns_are_taken(folder: Path) -> None:
    (folder / "two.csv").write_text("prefix,country,network_group,rate,setup,fee\n91,India,India,1,0.5,1\n")
    more = ["--currency", "INR", "--read", "leave_out=setup", "--read", "leave_out=fee"]
    run("compile", "two.csv", "-o", "x.deck", *more)
