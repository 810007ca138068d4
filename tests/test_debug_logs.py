"""A thousand calls with everything logged: no number of a person and no secret is in a line or an error."""

from __future__ import annotations

import logging
import re
import traceback
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl

from counts import counted, times
from decks import INDIA, deck_of
from dialnexa_routing import CallRecords, RateDeck, RateSheet, Workspace, records
from dialnexa_routing.job import RatingJob
from dialnexa_routing.store import ConfigStore
from workspaces import OWN, plan, router

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

MANY = times(60, 1000)
SECRET = "hunter2-correct-horse"


def numbers(dice: Random) -> tuple[str, str]:
    """One that may be read, and one that may not."""
    digits = "91" + "".join(dice.choices("0123456789", k=10))
    odd = dice.choice(
        [f"+{digits}x", f"sip:{digits}@h", f"++{digits}", f"{digits}9999", f"+0{digits}", f"{digits},"]
    )
    return f"+{digits}", odd


def acts(deck: RateDeck, folder: Path, good: str, odd: str) -> list[Callable[[], Any]]:
    text = f'to,seconds\n{good},61\n{odd},5\n"{good},5\n'
    path, frame = folder / "calls.csv", pl.DataFrame({"to": [good, odd], "seconds": ["61", good]})
    path.write_text(text, encoding="utf-8")
    sheet = pl.DataFrame({"prefix": [good, odd], "network_group": "A", "outbound_rate": ["1", "x"]})
    trunk = {"number": odd, "termination": good, "username": "u", "password": SECRET, SECRET: good}
    return [
        lambda: deck.match(good),
        lambda: deck.match(odd),
        lambda: deck.rate(odd, 61),
        lambda: deck.rate(good, odd),  # type: ignore[arg-type]
        lambda: deck.explain(odd),
        lambda: plan().rate(deck, number=odd, seconds=5),
        lambda: records.rate(frame, deck=deck),
        lambda: records.rate(frame.with_columns(seconds=1.5), deck=deck),
        lambda: records.rate(pl.DataFrame({good: [1]}), deck=deck),
        lambda: CallRecords.read(path, direction="outbound").rows,
        lambda: CallRecords.read(pl.DataFrame({"dst": [good], "billsec": [odd]}), direction="outbound").rows,
        lambda: RatingJob(inputs=path, output=folder / "out", deck=deck, on_change="restart").run(),
        lambda: RateSheet.read(sheet),
        lambda: RateSheet.read(path),
        lambda: router(decks={"plivo": deck}).outbound(odd, source=OWN),
        lambda: router(decks={"plivo": deck}).outbound(good, source=odd),
        lambda: router(decks={"plivo": deck}).screen(frame, to="to", source=OWN),
        lambda: Workspace.from_dict({"id": "a", "trunks": [trunk], "numbers": [{"number": odd}]}),
        lambda: Workspace.from_json(
            f'{{"id": "{SECRET}", "trunks": [{{"password": "{SECRET}", "number": {good}'
        ),
        lambda: ConfigStore(f"postgresql://u:{SECRET}@/none?host=/missing"),
    ]


def test_no_number_and_no_secret_is_logged_or_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    deck, dice, told, calls = deck_of(INDIA), Random(times(1, 2)), 0, 0
    while calls < MANY:
        good, odd = numbers(dice)
        digits = good[1:]
        for act in acts(deck, tmp_path, good, odd):
            calls += 1
            lines: list[str] = []
            try:
                act()
            except Exception as error:
                told += 1
                # Its frames hold what was given, as those of any program do; its words do not.
                lines = ["".join(traceback.format_exception_only(error)), repr(error)]
            lines += [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
            caplog.clear()
            for line in lines:
                assert SECRET not in line, line
                assert digits not in re.sub(r"[ .()-]", "", line), line
    assert told > calls // 4
    counted(calls, "calls at DEBUG")
