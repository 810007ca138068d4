"""One input file: rated, written, read back and counted before it is done."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.job import durable
from dialnexa_routing.job.manifest import JobEntry
from dialnexa_routing.job.rows import rejects
from dialnexa_routing.job.totals import tally
from dialnexa_routing.records import call_files, rate
from dialnexa_routing.records.call_records import CallRecords
from dialnexa_routing.records.frame_watch import FrameWatch
from dialnexa_routing.records.rated_sums import refused_by_reason, whole_of
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.job.inputs import JobInput

RATED, REJECTS = "rated", "rejects"
_LOG = logging.getLogger("dialnexa_routing.job")


@dataclass(frozen=True)
class OneFile:
    """What is done with each input.

    Attributes:
        folder: of the outputs.
        suffix: of the outputs, ``.parquet``, ``.csv`` or ``.arrow``.
        deck: what to rate with.
        rating: further arguments of `records.rate`.
        calls: arguments of `CallRecords.read`, by which inputs are read; None where they have our columns.
        notes: takes what is to be known of whole files.
    """

    folder: Path
    suffix: str
    deck: Rates
    rating: Mapping[str, Any]
    calls: Mapping[str, Any] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> str:
        """The column of workspaces, if the records have one."""
        return str(self.rating.get("workspace") or "workspace")

    def outputs(self, one: JobInput) -> tuple[Path, Path]:
        """Where the rated rows of an input go, and its rejects."""
        name = one.stem + self.suffix
        return self.folder / RATED / name, self.folder / REJECTS / name

    def folders(self) -> tuple[Path, Path]:
        """The folders of both."""
        return self.folder / RATED, self.folder / REJECTS

    def rate(self, one: JobInput) -> tuple[JobEntry, pl.DataFrame]:
        """Rate a file. Returns what is to be told of it, and its tally.

        Raises:
            RecordError: it cannot be rated as it stands; or the rows that came out are not those that
                went in. Nothing of it is then counted.
            OSError: it cannot be read, or the outputs not be written.
        """
        output, rejected_to = self.outputs(one)
        before = one.path.stat()
        digest = durable.sha256(one.path)
        if self.calls is None:
            found = call_files.scan_one(one.path, sound_copy(self.folder, one.stem))
            rows, rejected = found.rows or 0, found.rejected
            asked = self.rating
            watch = FrameWatch(one.name, asked["number_plan"])
            seconds = asked["seconds"] if asked["ended_at"] is None else None
            rated = self.rated(watch.over(found.lazy, asked["number"], seconds))
            schema = rated.collect_schema()
            call_files.sink(rated, output, check=watch.check)
            notes = [f"{one.name}: {sentence}" for sentence in watch.told()]
        else:
            read = CallRecords.look(one.path, **self.calls)
            if open_ := read.still_open(is_dated=self.deck.is_dated):
                raise RecordError(open_)
            lazy, counts = read.streamed()
            rejected, rated = read.rejected, self.rated(lazy)
            schema = rated.collect_schema()
            call_files.sink(rated, output, check=partial(read.check, counts))
            rows = counts.rows - counts.noise + len(rejected)
            notes = [": ".join(part for part in (file, text) if part) for file, _, text in read.told(counts)]
        number, reason = self.rating["number"], self.rating["add_prefix"] + "reason"
        call_files.sink(
            rejects(call_files.scan_written(output), one.name, rejected, number=number, reason=reason),
            rejected_to,
        )
        for path in (output, rejected_to):
            durable.settle(path.parent)
        counted = tally(output, schema, self.rating["add_prefix"], self.workspace)
        refused = dict(refused_by_reason(counted, "rows").sort("reason").iter_rows())
        unreadable = rejected.by_reason()
        told = int(call_files.scan_written(rejected_to).select(pl.len()).collect().item())
        good = counted.filter(pl.col("reason").is_null())
        _agree(one.name, rows, counted, good, sum(refused.values()), len(rejected), told)
        after = one.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise RecordError(f"{one.name} changed while it was read; start the job again once it is whole")
        entry = JobEntry(
            name=one.name,
            bytes=before.st_size,
            sha256=digest,
            rows=rows,
            rated=int(good["rows"].sum()),
            refused=refused,
            rejected=unreadable,
            billed_seconds=int(good["billed_seconds"].sum()),
            charge=f"{whole_of(good, 'charge'):f}",
            output=f"{RATED}/{output.name}",
            output_sha256=durable.sha256(output),
            rejects=f"{REJECTS}/{rejected_to.name}",
            rejects_sha256=durable.sha256(rejected_to),
        )
        for note in notes:
            _LOG.warning("%s", note)
        self.notes.extend(notes)
        return entry, counted

    def rated(self, lazy: pl.LazyFrame) -> pl.LazyFrame:
        """The rated rows. Raises `RecordError` for columns that are missing or of wrong types."""
        try:
            rate(lazy.collect_schema().to_frame(), deck=self.deck, **self.rating)
            return rate(lazy, deck=self.deck, **self.rating)
        except (TypeError, ValueError) as error:
            raise RecordError(str(error).partition("\n")[0]) from error

    def counted_again(self, entry: JobEntry, one: JobInput) -> pl.DataFrame | None:
        """The tally of a file that was done before, from its output; None where its entry says otherwise."""
        try:
            if self.calls is None:
                lazy = self.rated(call_files.columns(one.path).lazy())
            else:
                lazy = self.rated(CallRecords.look(one.path, **self.calls).lazy())
            counted = tally(
                self.folder / entry.output, lazy.collect_schema(), self.rating["add_prefix"], self.workspace
            )
            written = call_files.scan_written(self.folder / entry.rejects).group_by("reason").len().collect()
        except (RecordError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None
        good = counted.filter(pl.col("reason").is_null())
        refused = dict(refused_by_reason(counted, "rows").iter_rows())
        found = (int(good["rows"].sum()), refused, int(good["billed_seconds"].sum()))
        agrees = (
            found == (entry.rated, entry.refused, entry.billed_seconds)
            and whole_of(good, "charge") == Decimal(entry.charge)
            and dict(written.iter_rows()) == {**entry.refused, **entry.rejected}
        )
        return counted if agrees else None

    def remove(self, one: JobInput) -> None:
        """Take away what there may be of a file that is not done."""
        for path in self.outputs(one):
            path.unlink(missing_ok=True)


def sound_copy(folder: Path, stem: str) -> Path:
    """Where the rows of a text go that Polars would not read as they are."""
    return folder / f".{stem}.sound.csv"


def _agree(
    name: str, rows: int, counted: pl.DataFrame, good: pl.DataFrame, refused: int, rejected: int, written: int
) -> None:
    """Raises `RecordError` unless each row of the input is in exactly one place of what was written."""
    rated = int(good["rows"].sum())
    if rows != rated + refused + rejected:
        told = f"{rows} rows went in, {rated} rated + {refused} refused + {rejected} rejected came out"
    elif int(good["charged"].sum()) != rated or int(counted["charged"].sum()) != rated:
        told = "a row has both a charge and a reason, or neither"
    elif written != refused + rejected:
        told = f"{written} rows are in the rejects, {refused} refused + {rejected} rejected belong there"
    else:
        return
    raise RecordError(f"{name}: {told}; it does not count as done: report this")
