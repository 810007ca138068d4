"""Memory and open files stay as they are over many calls, each kind of call in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from counts import times
from decks import INDIA, deck_of
from hangs import HANG_S
from repeated_calls import KINDS

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for its memory")
SCRIPT = Path(__file__).with_name("repeated_calls.py")
DAYTIME = ["scalar", "refused", "framed"]
MORE_MB = times(6, 8)
"""What a kind of call may grow by once it is warm: a leak of ten bytes a scalar call is more, at night."""


@pytest.mark.parametrize("kind", times(DAYTIME, list(KINDS)))
def test_memory_and_open_files_stay_flat(tmp_path: Path, kind: str) -> None:
    deck_of(INDIA).save(tmp_path / "a.deck")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), kind, str(tmp_path), str(times(1, 50))],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "POLARS_MAX_THREADS": "2"},
    )
    assert done.returncode == 0, done.stderr
    calls, grown_kb, handles, objects = map(int, done.stdout.split())
    assert calls >= KINDS[kind].usual
    assert grown_kb < MORE_MB * 1024, f"{grown_kb} kB more after {calls} calls"
    assert handles <= 0
    assert objects < 100 + calls // 100
