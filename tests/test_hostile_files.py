"""Hostile files are read or refused with a sentence, in bounded time and memory, and the reader lives on.

One process reads them all, one after the other, so that its being there for the next one is the proof.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from hostile_sheets import DOCUMENTS, FRAMES, PLAIN, TEXTS
from hostile_workbooks import READ, WORKBOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

HANG_S = 5 * float(os.environ.get("HANG_FACTOR", "1"))
PEAK_MB = 512
LIMIT = 1 << 30  # what allocators keep from file to file counts too
_VERBS = "export|save|give|split|fetch|write|delete|correct|keep|shorten|unpack|close|name|pass|ask"
REMEDIES = _VERBS.split("|")
READER = f"""
import json, pathlib, resource, sys
import polars
from dialnexa_routing.text.errors import SheetError
from dialnexa_routing.sheets import RateSheet
polars.DataFrame({{"a": ["b"]}}).sort("a")
statm = pathlib.Path("/proc/self/statm")
if statm.exists():
    base = int(statm.read_text().split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (base + {LIMIT}, resource.RLIM_INFINITY))
forget, status = pathlib.Path("/proc/self/clear_refs"), pathlib.Path("/proc/self/status")
for line in sys.stdin:
    path = line.rstrip("\\n")
    if forget.exists():
        forget.write_text("5")  # the peak of memory so far
    try:
        sheet = RateSheet.read(path, currency="INR")
        first = sheet.rows["prefix"].to_list()[:1]
        told = {{"counts": [sheet.counts.read, sheet.counts.loaded], "first": first}}
    except SheetError as error:
        told = {{"refused": str(error)}}
    except BaseException as error:
        told = {{"raised": f"{{type(error).__name__}}: {{error}}"}}
    if forget.exists():
        told["peak"] = int(status.read_text().split("VmHWM:")[1].split()[0]) >> 10
    print(json.dumps(told), flush=True)
"""
CASES = [
    *((name, words, "a.xlsx", make) for name, (words, make) in WORKBOOKS.items()),
    *((name, *case) for group in (TEXTS, DOCUMENTS, FRAMES) for name, case in group.items()),
]


class Reader:
    """The process that reads; a new one only after it has died, which fails a test."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> dict[str, Any]:
        process = self._process
        if process is None or process.poll() is not None:
            self.end()
            command = [sys.executable, "-W", "error", "-c", READER]
            pipe = subprocess.PIPE
            process = self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1)
            self.read(path.with_name("none.csv"))  # it is ready once it has answered
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], HANG_S if path.exists() else 60)
        if not ready:
            self.end()
            pytest.fail(f"no answer on {path.name} within {HANG_S:.0f} s")
        line = process.stdout.readline()
        assert line, f"the reading process died of {path.name}"
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


@pytest.mark.skipif(sys.platform == "win32", reason="pipes cannot be waited for there")
@pytest.mark.parametrize(("name", "words", "file", "make"), CASES, ids=[case[0] for case in CASES])
def test_a_hostile_file_is_read_or_refused(
    reader: Reader, tmp_path: Path, name: str, words: str, file: str, make: Any
) -> None:
    path = tmp_path / file
    path.write_bytes(make())
    told = reader.read(path)
    assert "raised" not in told, told
    assert told.get("peak", 0) < PEAK_MB, told
    if words == READ:
        assert told.get("first") in (["91"], ["9100"]), told
    elif words:
        assert words in told.get("refused", ""), told
    if "refused" in told:
        assert file in told["refused"]
        assert "\n" not in told["refused"]
        assert any(remedy in told["refused"] for remedy in REMEDIES), told
        assert len(told["refused"]) < 500
    assert reader.read(_good(tmp_path))["counts"] == [1, 1]


def _good(folder: Path) -> Path:
    path = folder / "good.csv"
    path.write_text(PLAIN)
    return path


def test_a_device_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no endless device here")
    with pytest.raises(SheetError, match="is a device"):
        RateSheet.read("/dev/zero")
