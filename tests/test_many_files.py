"""Every row of many files is in one place, in the first run and whatever is taken away before the next."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from counts import counted, times
from job_folder import CALLS, MALFORMED, content, job

if TYPE_CHECKING:
    from pathlib import Path

FILES = times(24, 1000)
REJECTED = 4  # of `MALFORMED`, whose lines are told in `test_job`


def night(folder: Path, dice: Random) -> dict[str, int]:
    """So many files of a few rows, and how many rows each has."""
    folder.mkdir()
    rows = {}
    for number in range(FILES):
        if dice.random() < 0.2:
            name = f"{number:04}.csv"
            (folder / name).write_bytes(MALFORMED)
            rows[name] = 8
            continue
        frame = CALLS.sample(dice.randint(0, 9), with_replacement=True, seed=dice.getrandbits(32))
        if dice.random() < 0.5:
            name = f"{number:04}.csv"
            frame.write_csv(folder / name)
        else:
            name = f"{number:04}.parquet"
            frame.write_parquet(folder / name)
        rows[name] = frame.height
    return rows


def test_r51_each_row_of_each_file_is_in_one_place_at_every_resume(tmp_path: Path) -> None:
    dice = Random(times(1, 2))
    rows, output = night(tmp_path / "night", dice), tmp_path / "out"
    whole: dict[str, bytes] = {}
    for turn in range(4):
        report = job(tmp_path / "night", output).run()
        assert not report.failed
        told = {
            one.name: (one.rows, one.rated + sum(one.refused.values()) + sum(one.rejected.values()))
            for one in report.entries
        }
        assert told == {name: (count, count) for name, count in rows.items()}
        rejects = report.rejects.collect().height
        assert rejects == sum(
            sum(one.refused.values()) + sum(one.rejected.values()) for one in report.entries
        )
        assert sum(report.totals["calls"]) == sum(one.rated for one in report.entries)
        whole = whole or content(output)
        assert content(output) == whole, turn
        counted(len(rows), "files of a job")
        for name in dice.sample(
            [name for name in whole if name.startswith(("rated/", "rejects/"))], FILES // 8
        ):
            if dice.random() < 0.5:
                (output / name).unlink()
            else:
                (output / name).write_bytes(whole[name][: len(whole[name]) // 2])
