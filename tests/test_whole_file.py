"""What a killed process left of a file is cleared by the next that writes it, and nothing else is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dialnexa_routing.files import whole_file
from dialnexa_routing.files.whole_file import replacing

if TYPE_CHECKING:
    from pathlib import Path

DAY_NS = 86_400 * 10**9
KILLED = """
import os, signal, sys
from pathlib import Path
from dialnexa_routing.files.whole_file import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write(path: Path, data: bytes = b"whole") -> None:
    # As a process would that has not looked into the folder yet.
    whole_file._old_drafts.cache_clear()
    with replacing(path) as file:
        file.write(data)


def age(path: Path, days: float) -> Path:
    latest = path.parent.stat().st_mtime_ns
    os.utime(path, ns=(latest, latest - int(days * DAY_NS)), follow_symlinks=False)
    return path


def draft(folder: Path, name: str, days: float) -> str:
    (folder / name).write_bytes(b"half")
    return age(folder / name, days).name


@pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal")
@pytest.mark.parametrize("name", ["plan.json", "ünïcode ₹.csv", "a\nb.csv", "q[1]*.parquet"])
def test_what_a_killed_writer_left_is_gone_a_day_later(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, env=environment)
    assert done.returncode == -signal.SIGKILL
    (left,) = (file for file in tmp_path.iterdir() if file != path)
    assert path.read_bytes() == b"old"
    write(path)
    assert left.exists()  # somebody may be writing it
    age(left, 1.01)
    write(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"new"


def test_drafts_of_others_and_what_is_none_stays(tmp_path: Path) -> None:
    mine = [draft(tmp_path, f".a.csv.{digits}", 2) for digits in ("00000000", "0a1b2c3d", "ffffffff")]
    others = [
        draft(tmp_path, name, 2)
        for name in (
            ".b.csv.0a1b2c3d",
            "a.csv.0a1b2c3d",
            ".a.csv.0a1b2c3",
            ".a.csv.0a1b2c3d4",
            ".a.csv.0A1B2C3D",
            ".a.csv",
            "a.csv.bak",
            ".a.csv.0a1b2c3d.swp",
            ".x.a.csv.0a1b2c3d",
        )
    ]
    others.append(draft(tmp_path, ".a.csv.11111111", 0.9))
    (tmp_path / ".a.csv.22222222").symlink_to(tmp_path / "a.csv.bak")
    age(tmp_path / ".a.csv.22222222", 2)
    (tmp_path / ".a.csv.33333333").mkdir()
    write(tmp_path / "a.csv")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*others, "a.csv", ".a.csv.22222222", ".a.csv.33333333"}
    assert not left & set(mine)


def test_a_folder_is_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    original = os.scandir

    def look(folder: str) -> object:
        looks.append(folder)
        return original(folder)

    monkeypatch.setattr(os, "scandir", look)
    for number in range(20):
        with replacing(tmp_path / f"{number}.csv") as file:
            file.write(b"x")
    assert looks == [str(tmp_path)]


def test_a_folder_that_cannot_be_looked_into_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: str) -> None:
        raise PermissionError(folder)

    monkeypatch.setattr(os, "scandir", refused)
    write(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"whole"


def test_a_failed_writing_clears_nothing(tmp_path: Path) -> None:
    left = draft(tmp_path, ".a.csv.0a1b2c3d", 2)
    with pytest.raises(ValueError, match="no"), replacing(tmp_path / "a.csv"):
        raise ValueError("no")
    assert [path.name for path in tmp_path.iterdir()] == [left]
