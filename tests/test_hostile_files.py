"""Odd files are read or refused with a sentence, in bounded memory, and the reader lives on.

One process reads them all, one after the other, so that its being there for the next one is the proof.
Our limits are lowered where a file that trips the real ones would do harm. See also ``test_sandbox.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dialnexa_routing
from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from hostile_sheets import PLAIN, SHEETS
from hostile_workbooks import WORKBOOKS
from odd_files import READ, Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PEAK_MB = 512
CALLS = 1_000_000  # what a first file imports, and a header of odd names, are the half of it
_VERBS = "Export|export|save|give|split|fetch|write|delete|correct|keep|shorten|unpack|close|name|pass|ask"
REMEDIES = _VERBS.split("|")
LOWERED = {
    *(
        "unpacked_bytes",
        "ratio",
        "ratio_from",
        "gzip_ratio_from",
        "entries",
        "rows",
        "columns",
        "spare_cells",
    ),
    *("free_cells", "document_bytes", "document_memory", "reader_memory", "reader_memory_per_byte"),
    "sample_bytes",
    "line_bytes",
}
SCRIPT = Path(__file__).with_name("hostile_reader.py")
CASES = WORKBOOKS | SHEETS


class Reader:
    """The process that reads; a new one only after it has died, which fails a test."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(
        self, path: Path, limits: Mapping[str, int] | None = None, *, bare: bool = False
    ) -> dict[str, Any]:
        process = self._process
        if process is None or process.poll() is not None:
            self.end()
            environment = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}
            command = [sys.executable, "-W", "error", str(SCRIPT)]
            pipe = subprocess.PIPE
            process = self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, text=True, bufsize=1, env=environment
            )
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {"path": str(path), "limits": dict(limits or {}), "bare": bare}
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, f"the reading process died of {path.name}, or hung"
        told: dict[str, Any] = json.loads(line)
        return told

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.end()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory cannot be limited there")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_odd_file_is_read_or_refused(reader: Reader, tmp_path: Path, case: Case) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.make())
    told = reader.read(path, case.limits)
    assert "raised" not in told, told
    assert told.get("peak", 0) < PEAK_MB, told
    # In time that goes with its bytes: a list of prefixes takes nine calls for each of its bytes.
    assert told["calls"] < CALLS + 10 * path.stat().st_size, told
    if case.words == READ:
        assert told.get("first") in (["91"], ["9100"]), told
    elif case.words:
        assert case.words in told.get("refused", ""), told
    if "refused" in told:
        assert case.file in told["refused"]
        assert "\n" not in told["refused"]
        assert any(remedy in told["refused"] for remedy in REMEDIES), told
        assert len(told["refused"]) < 500
    assert reader.read(_good(tmp_path))["counts"] == [1, 1]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_odd_file_harms_the_reader_behind_our_guards(reader: Reader, tmp_path: Path, case: Case) -> None:
    """Whoever copies a file out of here harms nobody: no crash, no panic, and no more memory than ours."""
    path = tmp_path / case.file
    path.write_bytes(case.make())
    told = reader.read(path, bare=True)
    assert "raised" not in told, told
    assert told.get("peak", 0) < PEAK_MB, told
    assert reader.read(_good(tmp_path))["counts"] == [1, 1]


def _good(folder: Path) -> Path:
    path = folder / "good.csv"
    path.write_text(PLAIN)
    return path


def test_limits_that_are_lowered_above_are_these() -> None:
    lowered = {name for case in CASES.values() for name in case.limits}
    assert lowered == LOWERED
    assert (
        Bounds(
            unpacked_bytes=256 << 20,
            ratio=200,
            ratio_from=1 << 20,
            gzip_ratio_from=16 << 20,
            entries=1_000,
            rows=2_000_000,
            columns=256,
            spare_cells=4_000_000,
            free_cells=12_000_000,
            document_bytes=128 << 20,
            document_memory=400 << 20,
            reader_memory=384 << 20,
            reader_memory_per_byte=4,
            sample_bytes=1 << 20,
            line_bytes=32 << 20,
        )
        == USUAL
    )


def test_a_device_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no endless device here")
    with pytest.raises(SheetError, match="is a device"):
        RateSheet.read("/dev/zero")
