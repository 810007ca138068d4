"""What there is to do, as the inputs, the manifest and the outputs say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.job.durable import sha256

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from dialnexa_routing.job.inputs import JobInput
    from dialnexa_routing.job.manifest import JobEntry, JobManifest


class WorkState(StrEnum):
    """Where a file stands."""

    TO_RATE = "to_rate"
    DONE = "done"
    """Its input, output and rejects are what the manifest states."""
    UNUSABLE = "unusable"
    """It cannot be taken, whatever is in it."""


@dataclass(frozen=True, slots=True)
class JobWork:
    """One input and where it stands; `entry` and `tally` are of what was done with it before."""

    input: JobInput
    bytes: int
    state: WorkState
    entry: JobEntry | None = None
    tally: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """All inputs by name, and what has changed since they were begun, each as a few words."""

    files: tuple[JobWork, ...]
    changes: tuple[str, ...] = ()

    def of(self, state: WorkState) -> list[JobWork]:
        """The files that stand there."""
        return [one for one in self.files if one.state is state]


def look(
    found: tuple[JobInput, ...],
    manifest: JobManifest | None,
    folder: Path,
    counted: Callable[[JobEntry, JobInput], pl.DataFrame | None],
) -> WorkPlan:
    """Compare inputs with the manifest; those that were finished are read, and so are their outputs.

    `counted` gives the tally of an output, None if the entry states otherwise.
    """
    done = manifest.done if manifest else {}
    changes: list[str] = []
    files = []
    for one in found:
        entry = done.get(one.name)
        state = WorkState.TO_RATE if one.problem is None else WorkState.UNUSABLE
        tally = None
        if entry is not None and one.problem is not None:
            changes.append(f"{one.name} cannot be taken any more: {one.problem}")
        elif entry is not None:
            if sha256(one.path) != entry.sha256:
                changes.append(f"{one.name} is not what was rated")
            elif _stands(folder / entry.output, entry.output_sha256) and _stands(
                folder / entry.rejects, entry.rejects_sha256
            ):
                state, tally = WorkState.DONE, counted(entry, one)
                if tally is None:
                    changes.append(f"of {one.name} the manifest has other sums than the output")
        held = entry if state is WorkState.DONE else None
        files.append(JobWork(one, _size(one.path), state, held, tally))
    gone = done.keys() - {one.name for one in found}
    changes += [f"{name} was rated and is not among the inputs" for name in sorted(gone)]
    return WorkPlan(tuple(files), tuple(changes))


def _stands(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path) == digest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # gone meanwhile; rating it will show
