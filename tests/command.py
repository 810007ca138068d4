"""The command line as tests run it: in a folder of small real files, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from typer.testing import CliRunner

from dialnexa_routing.cli.application import build
from hangs import HANG_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typer.testing import Result

APP = build()
SHEET = """\
prefix,network_group,country_iso,country,outbound_rate,inbound_rate,blocked,valid_from,initial_increment_s,next_increment_s
91,India,IN,India,0.7425,0.30,false,,,
"9198, 9199",India - Mobile,IN,India,0.65,,false,,30,6
1,United States,US,United States,1.25,,false,,,
1900,US - Premium,US,United States,,,true,,,
9177,India - New,IN,India,0.10,,false,2026-10-01T00:00:00+05:30,,
"""
NOW = "2026-11-23T10:00:00+05:30"
CALLS = pl.DataFrame(
    {
        "call": range(8),
        "to": [
            "+919812345678",
            "911234567890",
            "+12025550123",
            "+19005550123",
            "+44",
            "x",
            None,
            "+917755512345",
        ],
        "seconds": [263, 61, 1, 5, 5, 5, 5, 60],
        "answered_at": [datetime(2026, 9, 29, tzinfo=UTC) + timedelta(days=day) for day in range(8)],
    }
)
WRITERS: dict[str, Callable[..., object]] = {
    ".parquet": pl.DataFrame.write_parquet,
    ".csv": pl.DataFrame.write_csv,
    ".arrow": pl.DataFrame.write_ipc,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder with a sheet, its deck, and call records in three formats."""
    monkeypatch.chdir(tmp_path)
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    run("compile", "sheet.csv", "-o", "a.deck")
    for suffix, write in WRITERS.items():
        write(CALLS, f"calls{suffix}")
    return tmp_path


def run(*arguments: object, code: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(APP, [str(argument) for argument in arguments], input=stdin)
    assert result.exit_code == code, result.output + repr(result.exception)
    assert "Traceback" not in result.output
    return result


def document(*arguments: object, code: int = 0, stdin: str | None = None) -> Any:
    result = run(*arguments, "--json", code=code, stdin=stdin)
    assert result.stderr == ""
    return json.loads(result.stdout, parse_float=lambda text: pytest.fail(f"{text} is a float"))


def instead(words: Sequence[object], more: Sequence[object]) -> tuple[object, ...]:
    """Words of which the options stand for those of the same name before: each is given once."""
    named = {word for word in more if str(word).startswith("--")}
    pairs = zip(words[::2], words[1::2], strict=True)
    return (*(part for pair in pairs if pair[0] not in named for part in pair), *more)


def sentence(*arguments: object, code: int = 2) -> str:
    """What stderr says, which is one line; stdout stays empty."""
    result = run(*arguments, code=code)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def command(*arguments: object, before: str = "") -> list[str]:
    """The command as a process of its own, which runs some Python first."""
    start = f"{before}\nfrom dialnexa_routing.__main__ import main\nmain()"
    return [sys.executable, "-W", "error", "-c", start, *map(str, arguments)]


def process(*arguments: object, before: str = "", **more: Any) -> subprocess.CompletedProcess[str]:
    started = command(*arguments, before=before)
    return subprocess.run(
        started, check=False, capture_output=True, text=True, timeout=HANG_S, encoding="utf-8", **more
    )


def terminal(*arguments: object) -> str:
    """What the command shows on the terminal that its stderr is; it must end well."""
    import pty  # there is none on Windows

    ours, its = pty.openpty()
    with subprocess.Popen(command(*arguments), stderr=its, stdout=subprocess.DEVNULL) as running:
        os.close(its)
        shown = b""
        with suppress(OSError):  # which is how Linux says that nobody has the other end any more
            while piece := os.read(ours, 65_536):
                shown += piece
    os.close(ours)
    assert running.returncode == 0
    return shown.decode()
