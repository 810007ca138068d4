"""A dry run: how much there is, how long it may take, and what would be refused."""

from __future__ import annotations

import gzip
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.files.text_stream import first_lines, text_head
from dialnexa_routing.job.inputs import told
from dialnexa_routing.job.work import WorkState
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.records import call_files
from dialnexa_routing.records.repeated_calls import RepeatedCalls
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.job.inputs import JobInput
    from dialnexa_routing.job.one_file import OneFile
    from dialnexa_routing.job.work import WorkPlan

_FEW = 1000


@dataclass
class JobEstimate:
    """What a job would do.

    Attributes:
        files: how many are to rate.
        done: how many are rated already.
        rows: of those to rate; counted for Parquet and Arrow, estimated from the first lines for CSV.
        bytes: of those to rate.
        sample_rows: rows that were rated to find out.
        seconds: of work at the sample's pace, on this machine as busy as it is now; None without rows.
        refused: rows of the sample by reason.
        rejected: rows of the sample that cannot be read, by reason.
        failed: why a file could not be rated, by name.
        changes: what is not as it was when the output folder was begun.
    """

    files: int = 0
    done: int = 0
    rows: int = 0
    bytes: int = 0
    sample_rows: int = 0
    seconds: int | None = None
    refused: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "files": self.files,
            "done": self.done,
            "rows": self.rows,
            "bytes": self.bytes,
            "sample_rows": self.sample_rows,
            "seconds": self.seconds,
            "refused_in_sample": dict(sorted(self.refused.items())),
            "rejected_in_sample": dict(sorted(self.rejected.items())),
            "failed_files": self.failed,
            "changes": list(self.changes),
        }

    def __str__(self) -> str:
        failing = grouped(len(self.failed))
        long = "unknown" if self.seconds is None else f"about {grouped(self.seconds)} s"
        sampled, refused, rejected = map(
            grouped, (self.sample_rows, self.refused.total(), self.rejected.total())
        )
        lines = [
            f"files   {grouped(self.files)} to rate, {grouped(self.done)} done, {failing} failing",
            f"rows    about {grouped(self.rows)}",
            f"bytes   {grouped(self.bytes)}",
            f"time    {long}",
            f"sample  {sampled} rows, {refused} of them refused, {rejected} rejected",
        ]
        for kind, found in (("refused", self.refused), ("rejected", self.rejected)):
            for reason, rows in sorted(found.items()):
                lines.append(f"  {kind}: {reason.replace('_', ' ')}, {grouped(rows)}")
        lines += [f"  failing: {sentence}" for sentence in self.failed.values()]
        lines += [f"  changed: {change}" for change in self.changes]
        return "\n".join(lines)


def estimated(plan: WorkPlan, one_file: OneFile, sample_rows: int) -> JobEstimate:
    """Rate the first rows of each file, in a folder of its own that is gone afterwards.

    The pace is that of `sample_rows` rows of the largest file, all steps included; of the others some
    rows are looked at for what would be refused.
    """
    todo = sorted(plan.of(WorkState.TO_RATE), key=lambda work: (-work.bytes, work.input.name))
    made = JobEstimate(
        files=len(todo),
        done=len(plan.of(WorkState.DONE)),
        bytes=sum(work.bytes for work in todo),
        failed={work.input.name: work.input.problem or "" for work in plan.of(WorkState.UNUSABLE)},
        changes=plan.changes,
    )
    took = timed_rows = 0
    with TemporaryDirectory(prefix="dialnexa-") as folder:
        trial = replace(one_file, folder=Path(folder), notes=[], seen=RepeatedCalls())
        for path in trial.folders():
            path.mkdir()
        for work in todo:
            one = work.input
            try:
                sample, rows = _sample(one, Path(folder), _FEW if timed_rows else sample_rows)
                began = time.monotonic_ns()
                entry, _ = trial.rate(sample)
            except (RecordError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
                made.failed[one.name] = told(error, one)
                continue
            if not timed_rows:
                took, timed_rows = time.monotonic_ns() - began, entry.rows
            made.rows += rows if rows is not None else entry.rows * work.bytes // max(entry.bytes, 1)
            made.sample_rows += entry.rows
            made.refused.update(entry.refused)
            made.rejected.update(entry.rejected)
            for leftover in (sample.path, *trial.outputs(sample)):
                leftover.unlink()
    if timed_rows:
        made.seconds = -(-took * made.rows // (timed_rows * 1_000_000_000))
    return made


def _sample(one: JobInput, folder: Path, rows: int) -> tuple[JobInput, int | None]:
    """The first rows as a file, and how many there are in the whole, if it states so itself."""
    path = folder / one.path.name
    if not one.path.name.lower().endswith(call_files.SUFFIXES):
        shutil.copyfile(one.path, path)  # documents and workbooks are bounded in size, and read whole
        return replace(one, path=path), None
    if not call_files.is_csv(one.path):
        lazy = call_files.scan(one.path)
        call_files.sink(lazy.head(rows), path)
        return replace(one, path=path), int(lazy.select(pl.len()).collect().item())
    # As lines, so that those which are no rows are met too; compressed alike, so that sizes compare.
    text, whole = first_lines(text_head(one.path), rows + 1)
    if whole:
        shutil.copyfile(one.path, path)
    else:
        path.write_bytes(gzip.compress(text, mtime=0) if one.path.suffix.lower() == ".gz" else text)
    return replace(one, path=path), None
