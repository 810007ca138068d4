"""One judgement of a file of calls on the command line: every verb reads the same rows of the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from command import document, folder, run, sentence
from dialnexa_routing.records.call_files import scan

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("calls")
FILES = Path(__file__).parent / "call_files"
ASKED = ("--direction", "outbound", "--timezone", "Asia/Kolkata")
ROWS = [("a", "+919812345678", "61"), ("b", "+12025550123", "60"), ("c", "+919812345679", "5")]


@pytest.fixture
def calls(folder: Path) -> Path:
    """Calls in every kind of file, and a deck without dates."""
    frame = pl.DataFrame(ROWS, schema=["call_id", "to", "seconds"], orient="row")
    frame.write_csv("own.csv")
    frame.write_csv("own.tsv", separator="\t")
    frame.write_csv("odd.csv", separator="~")
    Path("wide.csv").write_bytes(frame.write_csv().encode("utf-16"))
    Path("old.csv").write_bytes(frame.write_csv().replace("\n", "\r").encode())
    Path("own.json").write_text(json.dumps(frame.to_dicts()))
    frame.write_excel("own.xlsx")
    sheet = pl.read_csv("sheet.csv", infer_schema=False).filter(pl.col("valid_from").is_null())
    sheet.write_csv("flat.csv")
    run("compile", "flat.csv", "-o", "flat.deck")
    return folder


KINDS: dict[str, tuple[str, ...]] = {
    "own.csv": (),
    "own.tsv": (),
    "own.json": (),
    "own.xlsx": (),
    "wide.csv": (),
    "old.csv": (),
    "odd.csv": ("--delimiter", "~"),
}


@pytest.mark.parametrize("source", KINDS)
def test_every_verb_reads_every_kind_of_file(source: str) -> None:
    how = KINDS[source]
    deck = ("--deck", "flat.deck")
    assert document("rate", source, "o.csv", *deck, *how)["charge"] == "2.30"
    done = document("job", source, "out", *deck, *how)
    assert (done["rows"], done["charge"]) == (3, "2.30")
    assert document("job", source, "dry", *deck, *how, "--dry-run")["sample_rows"] == 3
    assert document("drift", source, *deck, *how)["rounded"] == "2.30"
    assert (
        document("reprice", source, "--old", "flat.deck", "--new", "flat.deck", *how)["totals"]["calls"] == 3
    )
    shown = document("records", source, *how)
    assert shown["counts"] == {"read": 3, "loaded": 3, "refused": 0, "noise": 0, "joined": 0}
    theirs = scan("o.csv").select("call_id", "charge")
    theirs.sink_csv("theirs.csv")
    assert document("reconcile", source, "theirs.csv", *deck, *how)["totals"]["agreeing"] == 3
    Path("shop.toml").write_text(
        'id = "shop"\nenabled = [{ provider = "p", country_iso = "US", network_groups = [] }]\n'
    )
    files = ("--accepted", "good.csv", "--rejected", "bad.csv", "--to", "to")
    found = document(
        "screen", source, "--workspace", "shop.toml", "--deck", "p=flat.deck", *files, *how, code=1
    )
    assert found["rows"] == 3
    more = [] if not how else ["--records-read", f"delimiter={how[1]}"]
    counted = document("compare", "p=flat.deck", "--records", source, *more)
    assert counted["calls"] == 3


def test_a_providers_file_is_reconciled_with_a_pbx() -> None:
    """Twilio's charges, a price with its date; ours are Asterisk's, of which a leg is no call of its own."""
    ours = Path("cdr.csv")
    ours.write_text((FILES / "asterisk.csv").read_text())
    ids = {f"1793593800.{n}": f"CA{n:032x}" for n in (11, 13, 15, 19)}
    theirs = (FILES / "twilio.json").read_text()
    for our_id, their_id in ids.items():
        theirs = theirs.replace(their_id, our_id)
    Path("twilio.json").write_text(theirs.replace("CA" + f"{12:032x}", "1793593800.12"))
    said = ("format=twilio", "inr_per_unit=84", "inr_on=2026-11-01")
    how = [part for one in said for part in ("--their-read", one)]
    shown = run("reconcile", ours, "twilio.json", "--deck", "flat.deck", *ASKED, *how, "--json", code=1)
    found = json.loads(shown.stdout)
    causes = {row["cause"]: row["rows"] for row in found["by_cause"]["rows"]}
    # The leg is theirs alone: it is charged by them, and its call by us once.
    assert causes["missing_ours"] == 1
    assert "missing_theirs" not in causes
    assert "--their-read" in sentence("reconcile", ours, "own.json", "--deck", "flat.deck", *ASKED)


def test_charges_whose_sign_is_open_are_asked_for() -> None:
    text = (FILES / "plivo.json").read_text()
    Path("plivo.json").write_text(text)
    asked = sentence("reconcile", "own.csv", "plivo.json", "--deck", "flat.deck")
    assert "--their-read currency=USD" in asked
    named = "--their names columns"
    both = ("--their", "charge=x", "--their-read", "currency=USD")
    assert named in run(
        "reconcile", "own.csv", "plivo.json", "--deck", "flat.deck", *both, code=2
    ).stderr.replace("\n", " ").replace("│ ", "").replace(" │", "")


def national(**more: Any) -> str:
    rows = pl.DataFrame({"to": ["9812345678", "9876543210", "2212345678"], **more})
    rows.write_csv("national.csv")
    return "national.csv"


def test_C1_a_file_of_national_numbers_is_told_so_by_every_verb() -> None:
    source = national(seconds=[61, 60, 5])
    for arguments in (
        ("rate", source, "o.csv", "--deck", "flat.deck"),
        ("job", source, "out", "--deck", "flat.deck", "--max-refused", "100"),
        ("drift", source, "--deck", "flat.deck"),
        ("records", source),
    ):
        told = run(*arguments)
        assert "most numbers have 10 digits" in told.stderr + told.stdout
        assert "--calling-code 91" in told.stderr + told.stdout
    assert document("rate", source, "o.csv", "--deck", "flat.deck", "--calling-code", "91")["rated"] == 3


def test_C3_lengths_of_days_are_refused_and_leave_nothing() -> None:
    Path("ms.csv").write_text("to,seconds\n" + "+919812345678,6300000\n" * 3)
    refused = sentence("rate", "ms.csv", "o.csv", "--deck", "flat.deck")
    assert "--seconds-unit ms" in refused
    assert not Path("o.csv").exists()
    failed = run("job", "ms.csv", "out", "--deck", "flat.deck", code=1)
    assert "--seconds-unit ms" in failed.stdout
    assert not list(Path("out/rated").iterdir())
    assert document("rate", "ms.csv", "o.csv", "--deck", "flat.deck", "--seconds-unit", "ms")["rated"] == 3


def test_the_number_plan_is_turned_off_by_a_word() -> None:
    Path("short.csv").write_text("to,seconds\n+91112,61\n+919812345678,61\n")
    deck = ("--deck", "flat.deck")
    assert document("rate", "short.csv", "o.csv", *deck)["refused_by_reason"] == {"emergency_number": 1}
    off = ("--number-plan", "none")
    assert document("rate", "short.csv", "o.csv", *deck, *off)["rated"] == 2
    assert document("job", "short.csv", "out", *deck, *off)["rated"] == 2
    assert document("drift", "short.csv", *deck, *off)["calls"] == 2
    Path("shop.toml").write_text(
        'id = "shop"\nenabled = [{ provider = "p", country_iso = "IN", network_groups = ["India"] }]\n'
    )
    files = ("--accepted", "good.csv", "--rejected", "bad.csv", "--to", "to", "--workspace", "shop.toml")
    screen = ("screen", "short.csv", "--deck", "p=flat.deck", *files)
    assert document(*screen, code=1)["rejected"]["by_reason"]["emergency_number"] == 1
    assert "emergency_number" not in document(*screen, *off, code=1)["rejected"]["by_reason"]


def test_repeats_and_long_calls_are_refused_by_an_option() -> None:
    Path("twice.csv").write_text(
        "call_id,to,seconds\na,+919812345678,61\na,+919812345678,61\nb,+91981,90000\n"
    )
    for verb in (("rate", "twice.csv", "o.csv"), ("job", "twice.csv", "out", "--max-refused", "100")):
        more = ("--unique-by", "call_id", "--longest-s", "7200", "--number-plan", "none")
        reasons = document(*verb, "--deck", "flat.deck", *more)["refused_by_reason"]
        assert reasons["duplicate"] == reasons["too_long"] == 1


def test_a_job_takes_documents_and_workbooks_beside_texts() -> None:
    night = Path("night2")
    night.mkdir()
    (night / "a.json").write_text(Path("own.json").read_text())
    (night / "b.xlsx").write_bytes(Path("own.xlsx").read_bytes())
    (night / "c.csv").write_text(Path("own.csv").read_text())
    (night / "d.docx").write_text("no calls")
    found = document("job", night, "out", "--deck", "flat.deck", code=1)
    assert (found["rows"], found["failed"], found["charge"]) == (9, 1, "6.90")
    assert list(found["failed_files"]) == ["d.docx"]
    assert document("job", night, "out", "--deck", "flat.deck", code=1)["files_kept"] == 3


def test_rated_records_are_invoiced_from_any_text() -> None:
    frame = pl.read_csv("own.csv", infer_schema=False)
    frame.with_columns(answered_at=pl.lit("2026-11-20T10:00:00Z")).write_csv("timed.csv")
    run("rate", "timed.csv", "o.csv", "--deck", "flat.deck")
    plain = run("invoice", "o.csv").stdout
    text = Path("o.csv").read_text()
    Path("wide.txt").write_bytes(text.replace(",", ";").encode("utf-16"))
    assert run("invoice", "wide.txt").stdout == plain
    Path("odd.txt").write_text(text.replace(",", "~"))
    assert run("invoice", "odd.txt", "--delimiter", "~").stdout == plain


def test_a_line_that_is_no_row_is_judged_alike() -> None:
    Path("broken.csv").write_text('to,seconds\n+919812345678,61\n"+919812345678,61\n+91\n+919812345678,5\n')
    for verb in (
        ("rate", "broken.csv", "o.csv", "--deck", "flat.deck"),
        ("drift", "broken.csv", "--deck", "flat.deck"),
        ("invoice", "broken.csv"),
    ):
        assert "line 3" in sentence(*verb)
    found = document("job", "broken.csv", "out", "--deck", "flat.deck", "--max-refused", "100")
    assert sum(found["rejected_by_reason"].values()) + found["rated"] + found["refused"] == found["rows"]


def test_C11_a_mark_before_a_quoted_header_and_names_in_quotes() -> None:
    text = '"to","seconds"\n'
    Path("bom.csv").write_bytes(b"\xef\xbb\xbf" + (text + "+919812345678,61\n").encode())
    for deck in (("rate", "bom.csv", "o.csv"), ("job", "bom.csv", "out")):
        assert document(*deck, "--deck", "flat.deck")["charge"] == "0.72"
    head = "id,clid,to,seconds\n"
    Path("clid.csv").write_text(head + '1,""Asha" <1115>",+919812345678,61\n2,"x",+919812345678,61\n')
    job = document("job", "clid.csv", "out2", "--deck", "flat.deck", "--max-refused", "100")
    assert job["rated"] == 2
    assert document("rate", "clid.csv", "o2.csv", "--deck", "flat.deck")["rated"] == 2


def test_C10_lines_that_end_in_carriage_returns_are_rows() -> None:
    Path("cr.csv").write_bytes(b"to,seconds,note\r+919812345678,61,x\r")
    for arguments in (("rate", "cr.csv", "o.csv"), ("job", "cr.csv", "out")):
        assert document(*arguments, "--deck", "flat.deck")["rows"] == 1
    assert document("records", "cr.csv")["counts"]["read"] == 1


def test_a_newcomer_is_led_from_a_pbx_file_to_charges() -> None:
    """Each message names the words that lead on; what they come to is right to the paisa."""
    text = (FILES / "asterisk.csv").read_text()
    dialled = text.replace("14155550100", "09812345678").replace("14155550104", "00919812345679")
    Path("Master.csv").write_text(dialled)
    shown = run("records", "Master.csv", code=1).stdout
    assert "--direction outbound" in shown
    assert "--timezone Asia/Kolkata" in shown
    assert "09812345678" in shown  # the rows, as they stand
    shown = run("records", "Master.csv", *ASKED, code=1).stdout
    assert "rating will refuse: invalid number, 2" in shown
    assert "--trunk-prefix" in shown
    how = (
        "--calling-code",
        "91",
        "--trunk-prefix",
        "0",
        "--international-prefix",
        "00",
        "--strip",
        "1415555",
    )
    assert "rating will refuse" in run("records", "Master.csv", *ASKED, *how, code=1).stdout
    home = how[:6]
    found = json.loads(
        run("rate", "Master.csv", "r.csv", "--deck", "flat.deck", *ASKED, *home, "--json").stdout
    )
    # 125 s at 30/6 are 126 s, and two hours, of India - Mobile at 0.65.
    assert found["network_groups"][0] == {
        "network_group": "India - Mobile",
        "country_iso": "IN",
        "calls": 2,
        "billed_seconds": 7326,
        "charge": "79.37",
    }


def test_a_newcomer_with_a_providers_log_needs_no_option() -> None:
    Path("calls.json").write_text((FILES / "twilio.json").read_text())
    assert "twilio" in run("records", "calls.json", code=1).stdout
    found = json.loads(run("rate", "calls.json", "r.csv", "--deck", "flat.deck", "--json").stdout)
    assert (found["rows"], found["refused_by_reason"]["other_leg"]) == (5, 1)
    # 125 s are three minutes, two hours 120, at 1.25; the inbound call has no price.
    assert (found["charge"], found["billed_seconds"]) == ("153.75", 7380)


def test_C1_numbers_of_single_calls_are_read_by_the_same_options() -> None:
    home = ("--calling-code", "91", "--trunk-prefix", "0")
    (plain,) = document("match", "flat.deck", "09812345678", code=1)
    assert plain["reason"] == "invalid_number"
    (found,) = document("match", "flat.deck", "09812345678", *home)
    assert (found["number"], found["prefix"]) == ("09812345678", "9198")
    (emergency,) = document("match", "flat.deck", "+91112", "--number-plan", "world", code=1)
    assert emergency["reason"] == "emergency_number"
    assert document("match", "flat.deck", "+91112")[0]["prefix"] == "91"
    explained = document("explain", "flat.deck", "09812345678", "--seconds", "61", *home)
    assert explained["charge"] == "0.72"
    short = document("explain", "flat.deck", "+91112", "--seconds", "61", code=1)
    assert short["reason"] == "emergency_number"
    off = document("explain", "flat.deck", "+91112", "--seconds", "61", "--number-plan", "none")
    assert off["reason"] is None


def test_a_start_is_asked_for_where_prices_have_dates() -> None:
    """A FreePBX report has no answer time; without a word no call would be rated by a deck with dates."""
    Path("cdr.csv").write_text((FILES / "freepbx.csv").read_text())
    deck, way = ("--deck", "a.deck"), ("--direction", "outbound")
    for verb in (("rate", "cdr.csv", "o.csv", *deck), ("drift", "cdr.csv", *deck)):
        assert "--answered-at calldate" in sentence(*verb, *way)
    both = sentence("rate", "cdr.csv", "o.csv", *deck)
    assert "(1)" in both
    assert "--direction outbound" in both
    assert "--answered-at calldate" in both
    assert "--answered-at calldate" in run("job", "cdr.csv", "out", *deck, *way, code=1).stdout
    said = (*way, "--answered-at", "calldate", "--timezone", "Asia/Kolkata")
    assert json.loads(run("rate", "cdr.csv", "o.csv", *deck, *said, "--json").stdout)["rated"] == 4
    assert (
        json.loads(run("rate", "cdr.csv", "o.csv", "--deck", "flat.deck", *way, "--json").stdout)["rated"]
        == 4
    )
