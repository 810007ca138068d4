"""What single systems do that others do not: legs, words, units, rows of other products."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing import CallRecords, NumberReading, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = Path(__file__).parent / "call_files"
INDIA: dict[str, Any] = {"timezone": "Asia/Kolkata"}
OUT: dict[str, Any] = {"direction": "outbound", **INDIA}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, *pairs: tuple[str, str]) -> Path:
        text = (FILES / name).read_text()
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text)
        return path

    return make


def seconds(path: Path, **said: Any) -> list[int]:
    return [int(one) for one in CallRecords.read(path, **said).rows["seconds"]]


def test_legs_are_told_and_charged_by_the_callers_word() -> None:
    for name, said in (
        ("asterisk.csv", OUT),
        ("freeswitch_csv.csv", OUT),
        ("twilio.json", {}),
        ("plivo.json", {}),
    ):
        one = CallRecords.read(FILES / name, **said)
        assert one.counts.by_reason == {"other_leg": 1}
        assert any("1 row is another leg" in text for text in one.faults["reason"])
        assert CallRecords.read(FILES / name, legs="all", **said).counts.by_reason == {}


def test_an_asterisk_file_that_is_cut_stays_one_and_counts_the_line(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    lines = (FILES / "asterisk.csv").read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2][:60] + '"', *lines[3:]]) + "\n")
    found = CallRecords.read(path, **OUT)
    assert (found.format, found.counts.read, found.counts.refused) == ("asterisk", 5, 2)


@pytest.mark.parametrize("width", [16, 17, 18, 19, 20, 21])
def test_asterisk_writes_sixteen_to_twenty_one_columns(width: int, tmp_path: Path) -> None:
    path = tmp_path / "anything.txt"
    more = {16: [], 17: ["1.1"], 18: ["1.1", ""], 19: ["", "1.1", "7"], 20: ["1.1", "", "1.1", "7"]}
    cells = more.get(width, ["1.1", "", "", "1.1", "7"])
    lines = [line.rsplit(",", 2)[0] for line in (FILES / "asterisk.csv").read_text().splitlines()]
    path.write_text(
        "".join(",".join([line, *(f'"{one}{n}"' for one in cells)]) + "\n" for n, line in enumerate(lines))
    )
    found = CallRecords.read(path, **OUT)
    assert found.format == "asterisk"
    assert found.rows["seconds"].cast(int).to_list() == [125, 0, 300, 95, 7200]


def test_cdr_custom_in_high_resolution_keeps_parts_of_seconds(changed: Callable[..., Path]) -> None:
    path = changed("asterisk_custom.csv", ('"125"', '"125.482913"'))
    assert CallRecords.read(path, **OUT).rows["seconds"][0] == Decimal("125.482913")


def test_fusionpbx_voicemail_and_missed_calls_are_not_answered(changed: Callable[..., Path]) -> None:
    path = changed("fusionpbx.csv", ('"answered"', '"voicemail"'))
    assert seconds(path) == [0, 0, 0, 0, 0]
    assert CallRecords.read(path).counts.unanswered == 4


def test_a_lost_bye_is_refused_and_a_bye_of_the_callee_ends_its_call(changed: Callable[..., Path]) -> None:
    bye = next(line for line in (FILES / "kamailio.csv").read_text().splitlines() if "BYE" in line) + "\n"
    found = CallRecords.read(changed("kamailio.csv", (bye, "")), **OUT)
    assert found.rows["reason"].to_list()[0] == "missing_seconds"
    assert found.counts.joined == 3


@pytest.mark.parametrize("name", ["kamailio.csv", "opensips_acc.csv"])
def test_a_call_over_midnight_has_its_bye_in_the_next_file(name: str, tmp_path: Path) -> None:
    """Read together both are one call; a job reads them one by one, and says so."""
    more = {"kamailio.csv": "", "opensips_acc.csv": ",duration,setuptime"}[name]
    head = f"method,from_tag,to_tag,callid,sip_code,sip_reason,time,dst_ouser{more}"
    end = ",0,5" if more else ""
    days = [
        [f"INVITE,a,b,c1,200,OK,2026-11-02 23:59:00,14155550100{end}"],
        [
            f"BYE,b,a,c1,200,OK,2026-11-03 00:01:05,{end}",
            f"INVITE,a,d,c2,200,OK,2026-11-03 10:00:05,14155550101{end}",
        ],
    ]
    for place, rows in enumerate(days):
        (tmp_path / f"day{place}.csv").write_text("\n".join([head, *rows, ""]))
    said: dict[str, Any] = {**OUT, "max_refused": 1}
    found = CallRecords.read(tmp_path, **said)
    assert found.rows.select("seconds", "reason", "source_file", "source_row").rows() == [
        (125, None, "day0.csv", 1),
        (None, "missing_seconds", "day1.csv", 2),
    ]
    counts = found.counts
    assert (counts.read, counts.loaded, counts.refused, counts.noise, counts.joined) == (3, 1, 1, 0, 1)
    alone = CallRecords.read(tmp_path / "day0.csv", **said)
    assert alone.rows["reason"].to_list() == ["missing_seconds"]
    assert any("read both in one go" in text for _, _, text in alone.told())


def test_opensips_without_its_flag_is_joined(tmp_path: Path) -> None:
    head = (
        '"method","from_tag","to_tag","callid","sip_code","sip_reason","time",'
        '"dst_ouser","duration","setuptime"\n'
    )
    rows = (
        '"INVITE","a","b","c1","200","OK","2026-11-02 10:00:05","14155550100","0","5"\n'
        '"BYE","b","a","c1","200","OK","2026-11-02 10:02:10","","0","0"\n'
        '"INVITE","a","d","c2","200","OK","2026-11-02 10:00:05","14155550101","0","5"\n'
    )
    path = tmp_path / "acc.csv"
    path.write_text(head + rows)
    found = CallRecords.read(path, **OUT)
    assert found.rows.select("seconds", "reason").rows() == [(125, None), (None, "missing_seconds")]
    assert found.counts.joined == 1


def test_twilio_words_signs_and_machines(changed: Callable[..., Path]) -> None:
    path = changed(
        "twilio.json",
        ('"direction": "inbound"', '"direction": "trunking-originating"'),
        ('"answered_by": null', '"answered_by": "machine_start"'),
    )
    rows = CallRecords.read(path).rows
    assert rows["direction"].to_list().count("inbound") == 1
    assert rows["voicemail"].to_list() == [True] * 5
    assert rows.select("their_charge", "their_currency").row(0) == (Decimal("0.099"), "USD")


def test_telnyx_keeps_only_the_trunk_of_a_call(changed: Callable[..., Path]) -> None:
    text = json.loads((FILES / "telnyx.json").read_text())
    text["data"].append({"record_type": "call-control", "telnyx_session_id": "s11", "cost": "2.0E-3"})
    path = changed("telnyx.json")
    path.write_text(json.dumps(text))
    found = CallRecords.read(path, direction="outbound")
    assert (found.counts.noise, found.rows.height) == (1, 5)
    assert found.rows["their_charge"][0] == Decimal("0.02")


def test_a_rounded_length_is_asked_and_american_numbers_are_american() -> None:
    with pytest.raises(RecordError, match="neither seconds of talk"):
        CallRecords.read(FILES / "bandwidth.csv", direction="outbound")


def test_exotel_numbers_with_a_zero_are_read_by_the_callers_word(changed: Callable[..., Path]) -> None:
    path = changed("exotel.json", ("14155550100", "09812345678"))
    home = NumberReading(calling_code="91", trunk_prefix="0")
    assert CallRecords.read(path, reading=home, **INDIA).rows["to"][0] == "+919812345678"
    assert CallRecords.read(path, **INDIA).rows["to"][0] == "09812345678"


def test_ozonetel_identifiers_are_no_floats() -> None:
    assert CallRecords.read(FILES / "ozonetel.json").rows["call_id"][0] == "12345678901230011"


def test_retell_charges_are_cents_and_web_calls_no_calls(changed: Callable[..., Path]) -> None:
    rows = CallRecords.read(FILES / "retell.json", currency="USD").rows
    assert rows["their_charge"][0] == Decimal("0.0945")
    path = changed(
        "retell.json",
        ('"phone_call"', '"web_call"'),
        ('"direction": "outbound", ', ""),
        ('"direction": "inbound", ', ""),
    )
    found = CallRecords.look(path, max_refused=1)
    assert found.rows["reason"].to_list() == ["internal_call"] * 5


def test_retell_busy_is_not_answered_whatever_its_length(changed: Callable[..., Path]) -> None:
    assert seconds(changed("retell.json", ('"user_hangup"', '"dial_busy"'))) == [0] * 5


def test_bland_asks_of_calls_that_nobody_is_named_for(changed: Callable[..., Path]) -> None:
    path = changed("bland.json", ('"human"', "null"))
    with pytest.raises(RecordError, match="answered="):
        CallRecords.read(path)


def test_livekit_in_another_unit_is_no_unanswered_call(changed: Callable[..., Path]) -> None:
    path = changed("livekit.json", ('000000000"', '000"'))
    said: dict[str, Any] = {"columns": {"answered_at": "started_at_ns"}, "answered": ("SCS_DISCONNECTED",)}
    with pytest.raises(RecordError, match="count by another unit than ns: pass epoch_unit='ms'"):
        CallRecords.read(path, max_refused=1, epoch_unit="ns", **said)
    del said["columns"]
    with pytest.raises(RecordError, match="pass epoch_unit='ms'"):
        CallRecords.read(path, max_refused=1, **said)


def test_a_limit_of_an_exporter_is_warned_of(tmp_path: Path) -> None:
    head, *rows = (FILES / "freepbx.csv").read_text().splitlines()
    lines = [rows[0].replace("1793593800.11", f"1793593800.{n}") for n in range(100)]
    path = tmp_path / "cdr.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    found = CallRecords.read(path, direction="outbound")
    assert any("exactly 100 rows" in text for text in found.faults["reason"])


def test_one_call_in_two_files_of_a_folder_is_charged_once(tmp_path: Path) -> None:
    """A call that lasts over midnight has its second leg in the file of the next day."""
    whole = CallRecords.read(FILES / "asterisk.csv", **OUT)
    lines = (FILES / "asterisk.csv").read_text().splitlines(keepends=True)
    (tmp_path / "Master-02.csv").write_text("".join(lines[:3]))
    (tmp_path / "Master-03.csv").write_text("".join(lines[3:]))
    (tmp_path / "notes.md").write_text("no calls")
    found = CallRecords.read(tmp_path, **OUT)
    columns = ["to", "seconds", "reason"]
    assert found.rows.select(columns).equals(whole.rows.select(columns))
    counts = found.counts
    assert counts.by_reason == {"other_leg": 1}
    assert counts.read == counts.loaded + counts.refused + counts.noise + counts.joined == 5
    assert found.rows["source_row"].to_list() == [1, 2, 3, 1, 2]
    assert any("passed over" in text for text in found.faults["reason"])


def test_files_of_several_years_have_headers_of_their_own(tmp_path: Path) -> None:
    """An exporter that got further columns, and others in another order: each row by its own header."""
    (tmp_path / "2025.csv").write_text(
        "calldate,clid,src,dst,dcontext,billsec,disposition,uniqueid\n"
        "2025-11-02 10:00:00,x,1001,14155550100,in,61,ANSWERED,1.1\n"
    )
    (tmp_path / "2026.csv").write_text(
        "uniqueid;calldate;clid;src;dst;dcontext;disposition;billsec;recordingfile\n"
        "2.1;2026-11-02 10:00:00;x;1001;14155550101;in;ANSWERED;62;a.wav\n"
    )
    found = CallRecords.read(tmp_path, direction="outbound")
    rows = found.rows.select("call_id", "to", "seconds", "raw_recordingfile", "source_file").rows()
    assert rows == [
        ("1.1", "+14155550100", 61, None, "2025.csv"),
        ("2.1", "+14155550101", 62, "a.wav", "2026.csv"),
    ]
    assert found.files == ("2025.csv", "2026.csv")


def test_a_folder_of_two_systems_is_asked_about(tmp_path: Path) -> None:
    for name in ("freepbx.csv", "twilio.json"):
        (tmp_path / name).write_bytes((FILES / name).read_bytes())
    with pytest.raises(RecordError, match="of different formats, freepbx and twilio"):
        CallRecords.read(tmp_path, direction="outbound")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_systems_files_are_read_in_the_encoding_they_are_in(encoding: str, tmp_path: Path) -> None:
    for name, said in (("asterisk.csv", OUT), ("twilio.json", {}), ("freeswitch_sql.csv", OUT)):
        path = tmp_path / name
        text = (FILES / name).read_text().replace("Asha", "Zo\xeb")
        path.write_bytes(text.encode(encoding))
        more: dict[str, Any] = {"encoding": encoding} if encoding == "cp1252" else {}
        plain = CallRecords.read(FILES / name, **said).rows.select("to", "seconds", "reason")
        assert CallRecords.read(path, **said, **more).rows.select("to", "seconds", "reason").equals(plain)


def test_the_words_that_mean_answered_are_asked_with_all_that_are_seen() -> None:
    calls = {"to": ["14155550100"] * 3, "seconds": [5, 5, 0], "status": ["completed", "done", "busy"]}
    with pytest.raises(RecordError, match=r"answered=\('completed', 'done'\)"):
        CallRecords.read(pl.DataFrame(calls))
    rows = CallRecords.read(pl.DataFrame(calls), answered=("completed", "done")).rows
    assert rows["seconds"].to_list() == [5, 5, 0]
