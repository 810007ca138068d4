"""Siblings of what call records get wrong: the same kinds, in forms that nobody listed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from command import run
from dialnexa_routing import BillingPlan, CallRecords, RateDeck, RatingJob, RecordError, records

if TYPE_CHECKING:
    from dialnexa_routing.records.call_arguments import CallOptions

FILES = Path(__file__).parent / "call_files"
MOBILE = "+919812345678"
ROWS = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.80"]})
DECK = RateDeck.compile(ROWS.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
ZEROS = ["0001-01-01", "1601-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1970-01-01"]


@pytest.mark.parametrize("day", ZEROS)
@pytest.mark.parametrize("end", ["Z", ""])
def test_C4_the_zeros_of_all_systems_are_calls_that_nobody_answered(day: str, end: str) -> None:
    calls = pl.DataFrame(
        {"to": [MOBILE], "answered_at": [f"{day}T00:00:00{end}"], "ended_at": ["2026-11-20T10:00:00Z"]}
    )
    read = CallRecords.read(calls, timezone="Asia/Kolkata")
    assert records.rate(read, deck=DECK).select("charge", "reason").row(0) == (Decimal(0), None)
    alone = records.rate(calls, deck=DECK, seconds=None, ended_at="ended_at", timezone="Asia/Kolkata")
    assert alone.select("charge", "reason").row(0) == (Decimal(0), None)


def test_C4_a_clock_that_was_not_set_makes_no_call_of_years() -> None:
    times = {"answered_at": ["2000-01-01T00:00:00Z"], "ended_at": ["2026-11-20T10:00:00Z"]}
    read = CallRecords.read(pl.DataFrame({"to": [MOBILE], **times}), max_refused=1)
    with pytest.raises(RecordError, match="longer than a day"):
        _ = read.rows
    calls = pl.DataFrame({"to": [MOBILE] * 3, "seconds": ["60", "90", "848484000"]})
    assert CallRecords.read(calls).rows["reason"].to_list() == [None, None, "too_long"]
    assert CallRecords.read(calls, longest_s=10**9).rows["reason"].to_list() == [None] * 3


@pytest.mark.parametrize(
    ("name", "word"),
    [("call_direction", "inbound"), ("Call Direction", "IN"), ("type", "Incoming"), ("leg_direction", "IB")],
)
def test_C8_another_column_that_says_the_way_is_asked_about(name: str, word: str) -> None:
    calls = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], name: [word]})
    with pytest.raises(RecordError, match=f"the column '{name}' looks as if it says which way") as raised:
        CallRecords.read(calls)
    assert f"columns={{'direction': '{name}'}}" in str(raised.value)
    assert CallRecords.read(calls, direction="outbound").rows["direction"].to_list() == ["outbound"]
    if "direction" in name.lower():
        with pytest.raises(RecordError, match=f"pass direction='{name}'"):
            records.rate(calls, deck=DECK)


def test_C8_a_systems_words_are_named_on_the_command_line(tmp_path: Path) -> None:
    source, deck, output = tmp_path / "calls.csv", tmp_path / "plain.deck", tmp_path / "out.csv"
    source.write_text(f"to,seconds,way\n{MOBILE},63,OB\n{MOBILE},63,IB\n", encoding="utf-8")
    DECK.save(deck)
    rate = ["rate", source, output, "--deck", deck, "--direction", "way"]
    assert "--direction-word OB=outbound" in run(*rate).stdout
    run(*rate, "--direction-word", "OB=outbound", "--direction-word", "IB=inbound")
    rated = pl.read_csv(output, infer_schema=False)
    assert rated["reason"].to_list() == [None, "unsupported_prefix"]
    assert rated["charge"].to_list() == ["1.60", None]
    assert "WORD=outbound" in run(*rate, "--direction-word", "OB=sideways", code=2).stderr


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"charge_sign": "negative"}, "charge_sign= is about their charges"),
        (
            {"currency": "USD", "charge_sign": "positive"},
            "charge_sign= and currency= are about their charges",
        ),
        ({"answered": ("OK",)}, "answered= is about the words of a status"),
        ({"dates": "day_first"}, "dates= is about times"),
        ({"epoch_unit": "s"}, "epoch_unit= is about times"),
        ({"direction": {"OB": "outbound"}}, "direction= is about words for which way calls went"),
    ],
)
def test_nothing_that_was_said_is_ignored(given: dict[str, Any], told: str) -> None:
    calls = pl.DataFrame({"to": [MOBILE], "seconds": ["63"]})
    with pytest.raises(RecordError, match=f"the frame: {told}"):
        CallRecords.read(calls, **given)


def test_an_epoch_is_no_text_and_the_callers_unit_goes_before_the_formats() -> None:
    calls = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "answered_at": ["2026-11-20T10:00:00Z"]})
    with pytest.raises(RecordError, match="no counts from 1970, as epoch_unit= has it"):
        CallRecords.read(calls, epoch_unit="s")
    with pytest.raises(RecordError, match="leave one of dates= and epoch_unit= out"):
        CallRecords.read(
            calls.with_columns(answered_at=pl.lit("1795168800")), epoch_unit="s", dates="day_first"
        )


def test_rows_of_one_call_are_known_by_a_column_that_has_to_be_there(tmp_path: Path) -> None:
    file = tmp_path / "calls.json"
    sample = (Path(__file__).parent / "call_files" / "twilio.json").read_text(encoding="utf-8")
    file.write_text(sample.replace("parent_call_sid", "parent_sid"), encoding="utf-8")
    with pytest.raises(RecordError, match=r"'parent_call_sid' is not there.*pass legs='all'"):
        CallRecords.read(file)
    assert CallRecords.read(file, legs="all").counts.refused == 0


def test_legs_of_seventeen_columns_are_one_call_where_the_seventeenth_is_a_uniqueid(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    sample = (Path(__file__).parent / "call_files" / "asterisk.csv").read_text(encoding="utf-8")
    lines = [line.rpartition(",")[0] for line in sample.splitlines()]
    file.write_text("\n".join(lines), encoding="utf-8")
    found = CallRecords.read(file, timezone="UTC", direction="outbound")
    assert found.counts.by_reason == {"other_leg": 1}


@pytest.mark.parametrize("name", ["kamailio.csv", "opensips.csv"])
def test_a_proxys_columns_in_any_letters_and_one_that_is_lost(name: str, tmp_path: Path) -> None:
    head, rest = (Path(__file__).parent / "call_files" / name).read_text(encoding="utf-8").split("\n", 1)
    said: dict[str, Any] = {"timezone": "UTC", "direction": "outbound", "columns": {"to": "DST_OUSER"}}
    file = tmp_path / name
    file.write_text(f"{head.upper()}\n{rest}", encoding="utf-8")
    assert CallRecords.read(file, **said).counts.by_reason == {"other_leg": 1}
    if name == "opensips.csv":
        lost = head.replace('"time"', '"at"')
        file.write_text(f"{lost}\n{rest}", encoding="utf-8")
        said["columns"] = {"to": "dst_ouser"}
        with pytest.raises(RecordError, match="lacks what OpenSIPS acc has"):
            CallRecords.read(file, **said)


def test_a_spool_that_lost_a_cell_is_no_other_template(tmp_path: Path) -> None:
    sample = (Path(__file__).parent / "call_files" / "freeswitch_pg.csv").read_text(encoding="utf-8")
    file = tmp_path / "cdr.csv"
    file.write_text("\n".join(_without(line, 3) for line in sample.splitlines()), encoding="utf-8")
    with pytest.raises(RecordError, match="has no known header"):
        CallRecords.read(file, timezone="UTC", direction="outbound")


def _without(line: str, place: int) -> str:
    cells = line.split(",")
    return ",".join([*cells[:place], *cells[place + 1 :]])


def test_lengths_that_hold_the_ringing_are_told() -> None:
    calls = pl.DataFrame(
        {
            "to": [MOBILE] * 3,
            "seconds": ["71", "85", "68"],
            "answered_at": ["2026-11-20T10:00:00Z"] * 3,
            "ended_at": ["2026-11-20T10:01:00Z"] * 3,
        }
    )
    assert any("more than from answer to end" in text for _, _, text in CallRecords.read(calls).told())
    right = calls.with_columns(seconds=pl.lit("60"))
    assert CallRecords.read(right).told() == []


def test_a_job_tells_of_calls_that_several_files_charge(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    sample = (Path(__file__).parent / "call_files" / "asterisk.csv").read_text(encoding="utf-8")
    (calls / "Master.csv").write_text(sample, encoding="utf-8")
    (calls / "sales.csv").write_text("\n".join(sample.splitlines()[:2]), encoding="utf-8")
    said: CallOptions = {"timezone": "UTC", "direction": "outbound"}
    rows = pl.DataFrame({"prefix": ["1"], "network_group": ["US"], "outbound_rate": ["0.60"]})
    us = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    job = RatingJob(inputs=calls, output=tmp_path / "out", deck=us, calls=said)
    told = "2 calls are charged in several files, as in Master.csv and sales.csv"
    for _ in range(2):  # also of files that were done before
        assert any(note.startswith(told) for note in job.run().notes)
    assert CallRecords.read(calls, **said).counts.by_reason == {"other_leg": 3}


@pytest.mark.parametrize(("seconds", "unit"), [("1", "min"), ("3600", "s")])
def test_C3_minutes_that_are_taken_for_seconds_show_beside_the_times(seconds: str, unit: str) -> None:
    calls = pl.DataFrame(
        {
            "to": [MOBILE] * 3,
            "seconds": [seconds] * 3,
            "answered_at": ["2026-11-20T10:00:00Z"] * 3,
            "ended_at": ["2026-11-20T10:01:00Z"] * 3,
        }
    )
    with pytest.raises(RecordError, match="so they are of another unit"):
        _ = CallRecords.read(calls).rows
    assert CallRecords.read(calls, seconds_unit=unit).rows.height == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["twilio.json", "twilio_bulk.json"])
def test_C3_minutes_show_beside_a_start_too(tmp_path: Path, name: str) -> None:
    sample = (FILES / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(sample, encoding="utf-8")
    assert CallRecords.read(tmp_path / name).rows["seconds"][0] == 125
    spoilt = re.sub('"duration": "([0-9]+)"', lambda one: f'"duration": "{int(one[1]) // 60}"', sample)
    (tmp_path / name).write_text(spoilt, encoding="utf-8")
    with pytest.raises(RecordError, match="so they are of another unit"):
        _ = CallRecords.read(tmp_path / name).rows


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Richtung", ("eingehend", "ausgehend")),
        ("sens", ("entrant", "sortant")),
        ("kind", ("Incoming", "outgoing")),
        ("art", ("eingehend", "ausgehend")),
        ("dir", ("I", "O")),
        ("inbound", ("true", "false")),
        ("is_outgoing", ("0", "1")),
        ("dirección", ("x", "y")),
    ],
)
def test_C8_which_way_is_asked_in_other_languages_and_as_yes_or_no(name: str, words: tuple[str, str]) -> None:
    calls = pl.DataFrame({"to": [MOBILE] * 2, "seconds": ["63"] * 2, name: words})
    with pytest.raises(RecordError, match=f"columns={{'direction': '{name}'}}"):
        CallRecords.read(calls)
    ways = dict(zip(words, ("inbound", "outbound"), strict=True))
    found = CallRecords.read(calls, columns={"direction": name}, direction=ways).rows
    assert found["direction"].to_list() == ["inbound", "outbound"]


@pytest.mark.parametrize("name", ["disposition", "Call Status", "hangup"])
def test_whether_calls_were_answered_is_asked_and_never_passed_over(name: str) -> None:
    calls = pl.DataFrame({"num": [MOBILE] * 2, "secs": ["63"] * 2, name: ["NO ANSWER", "ANSWERED"]})
    said: dict[str, Any] = {"columns": {"to": "num", "seconds": "secs"}, "direction": "outbound"}
    with pytest.raises(RecordError, match=f"columns={{'status': '{name}'}}"):
        CallRecords.read(calls, **said)
    said["columns"] |= {"status": name}
    assert CallRecords.read(calls, **said).rows["seconds"].to_list() == [0, 63]
    both = CallRecords.read(calls, **said, answered=("ANSWERED", "NO ANSWER")).rows
    assert both["seconds"].to_list() == [63, 63]


def test_whether_calls_were_answered_is_asked_of_yes_and_no() -> None:
    calls = pl.DataFrame({"to": [MOBILE] * 2, "seconds": ["63"] * 2, "answered": ["no", "yes"]})
    with pytest.raises(RecordError, match=r"columns=\{.status.: .answered.\}"):
        CallRecords.read(calls)
    with pytest.raises(RecordError, match="answered="):
        CallRecords.read(calls, columns={"status": "answered"})
    found = CallRecords.read(calls, columns={"status": "answered"}, answered=("yes",)).rows
    assert found["seconds"].to_list() == [0, 63]


@pytest.mark.parametrize("words", [("Delhi", "Pune"), ("completed", "")])
def test_other_columns_are_asked_nothing(words: tuple[str, str]) -> None:
    calls = pl.DataFrame({"to": [MOBILE] * 2, "seconds": ["63"] * 2, "recording": words})
    assert CallRecords.read(calls).rows["seconds"].to_list() == [63, 63]


def test_rate_of_our_own_columns_does_not_pass_over_a_status(tmp_path: Path) -> None:
    path, out = tmp_path / "calls.csv", tmp_path / "rated.csv"
    deck = tmp_path / "deck.dnx"
    DECK.save(deck)
    path.write_text(f"to,seconds,status,workspace\n{MOBILE},63,no answer,w\n{MOBILE},63,answered,w\n")
    run("rate", path, out, "--deck", deck)
    assert pl.read_csv(out)["billed_seconds"].to_list() == [0, 120]
    path.write_text(f"to,seconds,disposition\n{MOBILE},63,no answer\n{MOBILE},63,answered\n")
    assert "--column status=disposition" in run("rate", path, out, "--deck", deck, code=2).stderr


def test_columns_of_plans_are_named_as_in_the_file() -> None:
    calls = pl.DataFrame(
        {"to": [MOBILE] * 2, "seconds": ["63"] * 2, "path": ["webrtc", "pstn"], "w": ["a", "b"]}
    )
    plan = BillingPlan(id="p", platform="1")
    rows = CallRecords.read(calls).rows
    rated = records.rate(rows, deck=DECK, plans=[plan], workspaces={"a": "p", "b": "p"}, workspace="w")
    alone = records.rate(calls, deck=DECK, plans=[plan], workspaces={"a": "p", "b": "p"}, workspace="w")
    assert rated["charge"].to_list() == alone["charge"].to_list()
    assert rated["reason"].to_list() == [None, None]


@pytest.mark.parametrize("ends", [(), ("--ended-at", "ended_at", "--timezone", "UTC")])
def test_C4_our_own_columns_have_the_month_too(ends: tuple[str, ...], tmp_path: Path) -> None:
    """Whatever reads a file, a call of more than a month has a reason, by rate and by a job."""
    folder, out, deck = tmp_path / "calls", tmp_path / "rated.csv", tmp_path / "deck.dnx"
    folder.mkdir()
    DECK.save(deck)
    rows = [
        *[f"{MOBILE},63,2026-11-02 10:00:00,2026-11-02 10:01:03"] * 2,
        f"{MOBILE},2678400,2026-11-02 10:00:00,2026-12-03 10:00:00",
        f"{MOBILE},2678401,2026-11-02 10:00:00,2026-12-03 10:00:01",
    ]
    path = folder / "calls.csv"
    path.write_text("\n".join(["to,seconds,answered_at,ended_at", *rows, ""]))
    assert "--longest-s" in run("rate", path, out, "--deck", deck, *ends).stdout
    rated = pl.read_csv(out)
    assert rated["reason"].to_list() == [None, None, None, "too_long"]
    assert rated["charge"].is_null().to_list() == [False, False, False, True]
    assert not [name for name in rated.columns if "\u200b" in name]
    run("job", folder, tmp_path / "out", "--deck", deck, *ends, code=1)
    of_job = pl.read_parquet(tmp_path / "out" / "rated" / "calls.parquet")
    assert of_job["reason"].to_list() == [None, None, None, "too_long"]


@pytest.mark.parametrize("above", ["Call report", "sep=;", "# exported by a PBX", "Report;of;November"])
def test_C16_lines_above_a_header_are_told_of(above: str, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(f"{above}\nCalled number;Start;Duration (s)\n{MOBILE};2026-11-02;63\n")
    with pytest.raises(RecordError, match="Take away what stands above that line"):
        CallRecords.read(path, delimiter=";")
    with pytest.raises(RecordError, match="it stands in a later line"):
        CallRecords.read(path, delimiter=";", columns={"to": "Called number"})


def test_M6_a_rate_is_of_one_currency() -> None:
    """What another currency costs is not converted by it, nor named by it."""
    calls = pl.DataFrame(
        {
            "to": [MOBILE] * 4,
            "seconds": ["63"] * 4,
            "their_charge": ["1.00", "1.00", "1.00", "1.00"],
            "their_currency": ["USD", "EUR", "INR", "usd"],
        }
    )
    rate: dict[str, Any] = {"inr_per_unit": Decimal(84), "inr_on": date(2026, 11, 1)}
    with pytest.raises(RecordError, match="currency='USD' or currency='EUR'"):
        CallRecords.read(calls, **rate)
    wanted = [(84, "INR"), (1, "EUR"), (1, "INR"), (84, "INR")]
    found = CallRecords.read(calls, currency="USD", **rate).rows.select("their_charge", "their_currency")
    assert found.rows() == wanted
    late = pl.concat([calls[[0]]] * 25 + [calls])
    found = CallRecords.read(late, **rate).rows.select("their_charge", "their_currency")
    assert found.rows()[-4:] == wanted
    named = CallRecords.read(calls, currency="USD").rows
    assert named["their_currency"].to_list() == ["USD", "EUR", "INR", "USD"]


@pytest.mark.parametrize(("amount", "currency"), [("$1.20", "INR"), ("€1.20", "USD"), ("USD 1.20", "INR")])
def test_M6_an_amount_that_names_another_currency_is_none(amount: str, currency: str) -> None:
    calls = pl.DataFrame({"to": [MOBILE], "seconds": ["63"], "their_charge": [amount]})
    assert CallRecords.read(calls, currency=currency).rows["their_charge"].to_list() == [None]
    right = {"$": "USD", "€": "EUR", "U": "USD"}[amount[0]]
    assert CallRecords.read(calls, currency=right).rows["their_charge"].to_list() == [Decimal("1.20")]
