"""The command as a process: full disk, Ctrl-C, pipes, missing extras, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from command import WRITERS, command, folder, process, terminal
from dialnexa_routing import RateDeck, __version__
from dialnexa_routing.records.call_files import sink
from hangs import HANG_S

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")

WAITING = """
import os, signal, sys
def opened(event, arguments):
    if event == "open" and ".old.parquet." in str(arguments[0]):
        print("writing", flush=True)
def whole(handle):
    while True:
        signal.pause()
sys.addaudithook(opened)
os.fsync = whole
"""
"""Tells when the output is begun, and never ends by itself, however fast it is written."""


def test_full_disk_exits_2_and_keeps_the_old_output() -> None:
    pytest.importorskip("resource")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    sink(
        pl.LazyFrame({"to": range(10**10, 10**10 + 50_000)}).with_columns(seconds=5, answered_at=None),
        "big.parquet",
    )
    for suffix in WRITERS:
        output = Path(f"old{suffix}")
        output.write_bytes(b"old")
        done = process("rate", "big.parquet", output, "--deck", "a.deck", before=limit)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"error: {output}: File too large\n"
        assert output.read_bytes() == b"old"
    tiny = limit.replace("20_000", "100")
    done = process("compile", "sheet.csv", "-o", "a.deck", before=tiny)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    RateDeck.open("a.deck").verify()
    assert not list(Path().glob(".*"))


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_interrupted_exits_130_and_keeps_the_old_output() -> None:
    call = pl.LazyFrame(
        {"to": ["+919812345678"], "seconds": [5], "answered_at": [datetime(2026, 11, 1, tzinfo=UTC)]}
    )
    sink(call.select(pl.all().repeat_by(3_000_000).explode()), "calls.arrow")
    Path("old.parquet").write_bytes(b"old")
    rate = command("rate", "calls.arrow", "old.parquet", "--deck", "a.deck", before=WAITING)
    with subprocess.Popen(rate, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "writing\n"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=HANG_S)
    assert (running.returncode, out) == (130, "")
    assert err == "error: interrupted; nothing was written over\n"
    assert Path("old.parquet").read_bytes() == b"old"
    assert not list(Path().glob(".old*"))


def test_rate_in_a_pipe_says_nothing_on_stderr() -> None:
    done = process("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    assert (done.returncode, done.stderr) == (0, "")
    assert "₹5.70" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_rate_on_a_terminal_counts_rows() -> None:
    assert "8 rows" in terminal("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    assert Path("rated.csv").exists()


def test_stdout_that_cannot_show_a_rupee_sign_is_no_error() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = process("rate", "calls.csv", "rated.csv", "--deck", "a.deck", env=environment)
    assert done.returncode == 0
    assert "5.70" in done.stdout


def test_version() -> None:
    assert process("--version").stdout == f"dialnexa-routing {__version__}\n"


def test_verbs_that_read_no_table_import_no_polars() -> None:
    after = "import atexit, sys; atexit.register(lambda: print('polars' in sys.modules))"
    for arguments in (("match", "a.deck", "+91", "--at", "now"), ("inspect", "a.deck"), ("rate", "--help")):
        assert process(*arguments, before=after).stdout.splitlines()[-1] == "False"


def test_without_typer_one_sentence_says_what_to_install() -> None:
    for missing in ("typer", "rich"):
        done = process("--help", before=f"import sys; sys.modules[{missing!r}] = None")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "pip install 'dialnexa-routing[cli]'" in done.stderr


def test_wrong_use_exits_2() -> None:
    for arguments in (
        (),
        ("rates",),
        ("match", "a.deck"),
        ("rate", "calls.csv", "out.csv"),
        ("inspect", "a.deck", "--x"),
    ):
        assert process(*arguments).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--version"], ["typer", "rich", "polars", "pydantic"]),
        (["match", "--help"], ["dialnexa_routing.cli.verb_job", "polars"]),
        (["book", "show", "--help"], ["dialnexa_routing.cli.verb_rate", "polars"]),
    ],
)
def test_a_verb_brings_in_nothing_of_the_others(arguments: list[str], absent: list[str]) -> None:
    script = f"""
import sys
sys.argv = ["dialnexa-routing", *{arguments!r}]
from dialnexa_routing.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code
print([name for name in {absent!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
