"""A job that is killed: started again it ends as if nothing had been, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from counts import counted, times
from dialnexa_routing.job import RatingJob
from dialnexa_routing.job.lock import locked
from dialnexa_routing.text.errors import ConflictError
from hangs import HANG_S
from job_folder import Runner, content, deck, job, night, restore

if TYPE_CHECKING:
    from collections.abc import Callable

KILLS = times(20, 50)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_killed_twenty_times_it_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    inputs, deck_file = night(tmp_path / "night"), tmp_path / "a.deck"
    deck().save(deck_file)
    runner = Runner(inputs, deck_file)
    with runner.run(tmp_path / "whole") as running:
        steps = int(running.communicate(timeout=HANG_S)[0])
        assert running.returncode == 0
    whole = content(tmp_path / "whole")
    dice, kills, amid = random.Random(1), 0, 0
    for turn in range(KILLS):
        output = tmp_path / f"killed-{turn}"
        ended = -signal.SIGKILL
        while kills < KILLS and ended:
            # Half the steps of a whole run at most, so that most kills strike amid the work.
            with runner.run(output, dice.choice(["at", "beside"]), dice.randint(1, steps // 2)) as running:
                running.communicate(timeout=HANG_S)
                ended = running.returncode
            assert ended in (0, -signal.SIGKILL)
            kills += ended != 0
            amid += output.exists() and content(output).get("manifest.json") != whole["manifest.json"]
        job(inputs, output).run()
        assert content(output) == whole
        if kills == KILLS:
            break
    runner.close()
    assert kills == KILLS
    assert amid
    counted(kills, "kills")


def watched(original: Callable[..., Any], look: Callable[[], None]) -> Callable[..., Any]:
    """A function that is looked at before and after it does its work."""

    def call(*arguments: Any, **options: Any) -> Any:
        look()
        made = original(*arguments, **options)
        look()
        return made

    return call


def test_killed_at_each_step_it_ends_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill before or after each touch of the disk would leave there is kept, and gone on from."""
    inputs = night(tmp_path / "night", files=6)
    for path in sorted(inputs.iterdir())[1:4]:
        path.unlink()  # two of Parquet and one with bad lines are enough
    output = tmp_path / "out"
    states: list[dict[str, bytes]] = []

    def look() -> None:
        state = content(output) if output.exists() else {}
        if state not in states:
            states.append(state)

    with monkeypatch.context() as patch:
        for owner, name in ((Path, "mkdir"), (Path, "replace"), (Path, "unlink"), (os, "fsync")):
            patch.setattr(owner, name, watched(getattr(owner, name), look))
        job(inputs, output).run()
    whole = content(output)
    drafts = {name.rpartition(".")[0] for state in states for name in state if "/." in f"/{name}"}
    assert drafts >= {
        "",
        ".manifest",
        ".calls-04.sound",
        ".totals.csv",
        ".totals.parquet",
        "rated/.calls-00.parquet",
        "rejects/.calls-00.parquet",
    }
    for number, state in enumerate(states):
        again = tmp_path / f"again-{number}"
        restore(again, state)
        report = job(inputs, again).run()
        assert content(again) == whole
        assert report.kept == state.get("manifest.json", b"").count(b'"output_sha256"')
    counted(len(states), "states of the disk")


@pytest.mark.parametrize("file", ["rated/calls-00.parquet", "rejects/calls-00.parquet"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_output_that_is_not_what_was_written_is_written_again(tmp_path: Path, file: str, damage: str) -> None:
    inputs, output = night(tmp_path / "night", files=3), tmp_path / "out"
    job(inputs, output).run()
    whole = content(output)
    (output / file).write_bytes(whole[file][:-1])
    if damage == "missing":
        (output / file).unlink()
    assert job(inputs, output).run().kept == 2
    assert content(output) == whole


def test_second_job_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=1), tmp_path / "out"
    output.mkdir()
    with locked(output), pytest.raises(ConflictError, match="another job is writing to"):
        job(inputs, output).run()
    job(inputs, output).run()
    with locked(output):
        assert job(inputs, output).estimate().done == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_lock_of_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    take = (
        "import sys, pathlib\n"
        "from dialnexa_routing.job.lock import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", take, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ConflictError), locked(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
    with locked(tmp_path):
        pass


def test_full_disk_stops_the_job_and_keeps_what_is_done(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    inputs, output, deck_file = night(tmp_path / "night", files=3), tmp_path / "out", tmp_path / "a.deck"
    deck().save(deck_file)
    (inputs / "zz.csv").write_text("to,seconds\n" + "".join(f"+9198{n:08},{n}\n" for n in range(20_000)))
    script = (
        "import resource, signal, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from dialnexa_routing.__main__ import main\n"
        "main()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, "job", str(inputs), str(output), "--deck", str(deck_file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {output}/rated/zz.parquet: File too large\n"
    assert not [name for name in content(output) if Path(name).name.startswith(".") and name != ".lock"]
    assert job(inputs, output).estimate().done == 3
    assert job(inputs, output).run().kept == 3
    job(inputs, tmp_path / "whole").run()
    assert content(output) == content(tmp_path / "whole")


def test_manifest_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"
    job(inputs, output).run()
    before = (output / "manifest.json").read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            job(inputs, output).run()
    assert (output / "manifest.json").read_bytes() == before
    assert job(inputs, output).run().kept == 2


def test_same_bytes_from_any_place_and_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night(tmp_path / "night")
    job(tmp_path / "night", tmp_path / "one").run()
    monkeypatch.chdir(tmp_path)
    RatingJob(inputs="night/*", output="two", deck=deck()).run()
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert str(tmp_path).encode() not in b"".join(content(tmp_path / "one").values())
