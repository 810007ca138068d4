"""One table of zones in the whole library, and no clock read: T1, T2, T3, T5 of a dated sheet (R50)."""

from __future__ import annotations

import json
import logging
import os
import struct
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from command import folder, run, sentence
from decks import deck_of, utc
from dialnexa_routing import RateDeck, records
from dialnexa_routing.billing.comparison import compare
from dialnexa_routing.billing.sheet_margin import sold_below_cost
from dialnexa_routing.clock.zone_offsets import offsets
from dialnexa_routing.deck.stale_zones import StaleZone, _compared
from hangs import HANG_S
from small_sheets import SOON, india, sheet_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folder"]

KOLKATA = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
NIGHT = {
    "zone": "America/Vancouver",
    "bands": [
        {"hours": [{"start": "09:00", "end": "21:00"}], "tiers": [{"rate": "2"}]},
        {"hours": [{"start": "21:00", "end": "09:00"}], "tiers": [{"rate": "1"}]},
    ],
}


@pytest.mark.parametrize("dated", [{}, {"valid_from": utc(2026, 1, 1)}, {"valid_to": SOON}])
def test_T1_an_instant_may_have_any_zone(dated: dict[str, Any]) -> None:
    """README's own `at` has that of India; Polars refuses to compare it with UTC."""
    old, new = sheet_of([india("91", **dated)]), sheet_of([india("91", "2", **dated)])
    same = KOLKATA.astimezone(UTC)
    assert old.report(at=KOLKATA).to_dict()["counts"] == old.report(at=same).to_dict()["counts"]
    assert old.diff(new, at=KOLKATA).changes.equals(old.diff(new, at=same).changes)
    decks = {"a": old.compile(), "b": new.compile()}
    asked = {"seconds": 60, "at": KOLKATA}
    assert compare(decks, **asked).rows.equals(compare(decks, seconds=60, at=same).rows)  # type: ignore[arg-type]
    found = sold_below_cost(sell=decks["a"], buy=decks["b"], **asked)  # type: ignore[arg-type]
    assert found.rows["below_cost"].to_list() == [True]


def test_T5_check_requests_the_time_that_dated_rows_need(folder: Path) -> None:
    assert "give --at the time to look at them at, or now" in sentence("check", "sheet.csv")
    run("check", "sheet.csv", "--at", "now")
    (folder / "plain.csv").write_text("prefix,country,outbound_rate\n91,India,1\n", encoding="utf-8")
    text = run("check", "plain.csv", "--currency", "INR").stdout
    assert " at " not in text.splitlines()[0]


def table(where: Path, name: str, hours: int) -> Path:
    """A folder of zones with one that always has the same offset (RFC 8536)."""
    path = where / name
    path.parent.mkdir(parents=True)
    word = f"{abs(hours):+03d}"
    head = b"TZif2" + bytes(15)
    one = struct.pack(">6l lbb", 0, 0, 0, 0, 1, 4, hours * 3600, 0, 0) + word.encode() + b"\0"
    path.write_bytes(head + one + head + one + f"\n<{word}>{-hours}\n".encode())
    return where


def elsewhere(zones: Path, code: str) -> str:
    """What some code prints where `zoneinfo` has this table, and `tzdata` for other zones."""
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        encoding="utf-8",
        env={**os.environ, "PYTHONTZPATH": str(zones)},
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


IN_VANCOUVER = """
from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo
import polars as pl
from dialnexa_routing import RateDeck, records
from dialnexa_routing.billing.invoice import invoices

zone = "America/Vancouver"
turn = datetime(2026, 12, 1, tzinfo=ZoneInfo(zone))
assert turn.astimezone(timezone.utc).hour == 7, turn
rows = pl.DataFrame({
    "prefix": ["1", "1"],
    "network_group": ["Canada", "Canada"],
    "outbound_rate": [Decimal(1), Decimal(2)],
    "valid_from": pl.Series([None, turn.astimezone(timezone.utc)], dtype=pl.Datetime("us", "UTC")),
    "valid_to": pl.Series([turn.astimezone(timezone.utc), None], dtype=pl.Datetime("us", "UTC")),
})
deck = RateDeck.compile(rows)
wall = datetime(2026, 11, 30, 23, 30)
print(deck.rate("+16045550123", 60, at=wall.replace(tzinfo=ZoneInfo(zone))).total)
for times in ([wall], [wall.isoformat()]):
    calls = pl.DataFrame({"to": ["+16045550123"], "seconds": [60], "answered_at": times})
    print(records.rate(calls, deck=deck, timezone=zone)["charge"][0])
at = [datetime(2026, 12, 1, 7, 30, tzinfo=timezone.utc)]
rated = records.rate(calls.with_columns(answered_at=pl.Series(at)), deck=deck)
print(invoices(rated, timezone=zone, workspace=None)[""].first)
"""


def test_T2_one_table_decides_everywhere(tmp_path: Path) -> None:
    """The zone keeps summer time for ever, as it was decided in 2026; Polars' own table has it otherwise."""
    zones = table(tmp_path / "zones", "America/Vancouver", -7)
    assert elsewhere(zones, IN_VANCOUVER).split() == ["1.00", "1.00", "1.00", "2026-12-01"]


def test_T3_a_deck_tells_where_its_offsets_are_not_the_tables(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    zones, path = table(tmp_path / "zones", "America/Vancouver", -7), tmp_path / "a.deck"
    rows = f"""
import json, polars as pl
from dialnexa_routing import RateDeck
row = {{"prefix": ["1"], "network_group": ["Canada"], "schedule": [{json.dumps(NIGHT)!r}]}}
deck = RateDeck.compile(pl.DataFrame(row))
deck.save({str(path)!r})
print(deck.digest, deck.stale_zones())
"""
    digest, told = elsewhere(zones, rows).split(maxsplit=1)
    assert told.strip() == "()"
    deck = RateDeck.open(path)
    assert deck.digest == digest
    here = deck_of([{"prefix": "1", "network_group": "Canada", "schedule": json.dumps(NIGHT)}])
    assert here.digest != digest
    assert here.stale_zones() == ()
    assert [one.zone for one in deck.stale_zones()] == ["America/Vancouver"]
    calls = pl.DataFrame({"to": ["+16045550123"], "seconds": [60], "answered_at": [utc(2026, 12, 1)]})
    with caplog.at_level(logging.WARNING, logger="dialnexa_routing.records"):
        for _ in range(2):
            records.rate(calls, deck=deck)
            records.rate(calls, deck=here)
    (line,) = caplog.messages
    assert digest[:12] in line
    assert "America/Vancouver from 1970-" in line
    assert deck.zone_tables in line
    shown = json.loads(run("inspect", path, "--json").stdout)
    assert list(shown["stale_zones"]) == ["America/Vancouver"]
    told = " ".join(run("inspect", path).stdout.split())
    assert "rating goes by the deck's" in told
    assert deck.zone_tables in told


def test_T3_equal_offsets_are_one_deck() -> None:
    """A zone of another name, or of another table, with the same offsets changes no byte but the name."""
    decks = [
        deck_of([{"prefix": "1", "schedule": json.dumps(NIGHT | {"zone": zone})}])
        for zone in ("Asia/Kolkata", "Asia/Kolkata")
    ]
    assert decks[0].digest == decks[1].digest
    assert decks[0].stale_zones() == deck_of([{"prefix": "1", "outbound_rate": "1"}]).stale_zones() == ()


def test_T3_the_first_instant_that_differs() -> None:
    name = "America/New_York"
    now = offsets(name)
    assert _compared(name, now) is None
    # Without the change of autumn 2026 they differ from then on, and for one winter.
    place = now.index(int(utc(2026, 11, 1, 6).timestamp()))
    assert _compared(name, now[:place] + now[place + 2 :]) == StaleZone(name, utc(2026, 11, 1, 6))
    assert str(_compared(name, (0,))) == f"{name} from 1970-01-01T00:00:00+00:00 on"
    assert str(_compared("Mars/Olympus", (0,))) == "Mars/Olympus, which this machine does not know"
