"""One input file: rated, written, read back and counted before it is done."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.files.file_stamp import stamp_of
from dialnexa_routing.job import durable
from dialnexa_routing.job.manifest import JobEntry
from dialnexa_routing.job.rows import rejects
from dialnexa_routing.job.totals import tally
from dialnexa_routing.records import call_files, rate
from dialnexa_routing.records.call_records import CallRecords
from dialnexa_routing.records.coded_words import CodedWords
from dialnexa_routing.records.frame_watch import FrameWatch
from dialnexa_routing.records.kept_reasons import has_readers, kept_name
from dialnexa_routing.records.rated_sums import refused_by_reason, whole_of
from dialnexa_routing.records.repeated_calls import RepeatedCalls
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.files.file_stamp import Stamp
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
        seen: takes the keys of charged calls, of which several files may have one.
    """

    folder: Path
    suffix: str
    deck: Rates
    rating: Mapping[str, Any]
    calls: Mapping[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    seen: RepeatedCalls = field(default_factory=RepeatedCalls)

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
        """Rate a file. Returns what is to be reported of it, and its tally.

        Raises:
            RecordError: it cannot be rated as it stands, or changed while it was read; or the rows that came
                out are not those that went in. Nothing of it is then counted.
            OSError: it cannot be read, or the outputs not be written.
        """
        before = stamp_of(one.path)
        digest = durable.sha256(one.path)
        try:
            found = self._rated(one, digest, before)
        except (RecordError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            # What is half written reads as damaged: that it changed is why. A full disk is another matter.
            of_system = isinstance(error, OSError) and error.errno not in (None, errno.ENOENT)
            if not of_system and _has_changed(one.path, before, digest):
                raise _changed(one) from error
            raise
        if _has_changed(one.path, before, digest):
            raise _changed(one)
        return found

    def _rated(self, one: JobInput, digest: str, before: Stamp) -> tuple[JobEntry, pl.DataFrame]:
        output, rejected_to = self.outputs(one)
        if self.calls is None:
            found = call_files.scan_one(one.path, sound_copy(self.folder, one.stem))
            rows, rejected = found.rows or 0, found.rejected
            asked = self.rating
            watch = FrameWatch(one.name, asked["number_plan"])
            seconds = asked["seconds"] if asked["ended_at"] is None else None
            times = {name: asked[name] for name in ("answered_at", "ended_at", "timezone", "twice")}
            rated = self.rated(watch.over(found.lazy, asked["number"], seconds, **times))
            schema = rated.collect_schema()
            coded = self.words.instead(schema, self.rating["add_prefix"], before.size)
            call_files.sink(rated, output, source=one.path, check=watch.check, coded=coded)
            notes = [f"{one.name}: {sentence}" for sentence in watch.told()]
        else:
            read = CallRecords.look(one.path, **self.calls)
            if open_ := read.still_open(is_dated=self.deck.is_dated):
                raise RecordError(open_)
            lazy, counts = read.streamed()
            rejected, rated = read.rejected, self.rated(lazy)
            schema = rated.collect_schema()
            coded, check = (
                self.words.instead(schema, self.rating["add_prefix"], before.size),
                partial(read.check, counts),
            )
            call_files.sink(rated, output, source=one.path, check=check, coded=coded)
            rows = counts.rows - counts.noise + len(rejected)
            notes = [": ".join(part for part in (file, text) if part) for file, _, text in read.told(counts)]
            self.see(read, output)
        number, reason = self.rating["number"], self.rating["add_prefix"] + "reason"
        call_files.sink(
            rejects(call_files.scan_written(output), one.name, rejected, number=number, reason=reason),
            rejected_to,
        )
        for path in (output, rejected_to):
            durable.settle(path.parent)
        counted = self.tally(output, schema)
        refused = dict(refused_by_reason(counted, "rows").sort("reason").iter_rows())
        unreadable = rejected.by_reason()
        told = int(call_files.scan_written(rejected_to).select(pl.len()).collect().item())
        good = counted.filter(pl.col("reason").is_null())
        _agree(one.name, rows, counted, good, sum(refused.values()), len(rejected), told)
        entry = JobEntry(
            name=one.name,
            bytes=before.size,
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

    @cached_property
    def words(self) -> CodedWords:
        """Those that the deck knows."""
        return CodedWords.of(self.deck)

    def see(self, read: CallRecords, output: Path) -> None:
        """Take up the charged calls of an output."""
        charge = pl.col(self.rating["add_prefix"] + "charge")
        charged = call_files.scan_written(output).filter(charge.is_not_null())
        self.seen.add(read.files[0], charged, read.repeat_keys)

    def rated(self, lazy: pl.LazyFrame) -> pl.LazyFrame:
        """The rated rows. Raises `RecordError` for columns that are missing or of wrong types."""
        try:
            rate(lazy.collect_schema().to_frame(), deck=self.deck, **self.rating)
            return rate(lazy, deck=self.deck, **self.rating)
        except (TypeError, ValueError) as error:
            raise RecordError(str(error).partition("\n")[0]) from error

    def tally(self, output: Path, schema: pl.Schema) -> pl.DataFrame:
        """What an output comes to, by customer, country, network group and reason."""
        digest = None if isinstance(self.deck, DeckBook) else self.deck.digest
        workspace = kept_name(self.workspace, schema) if has_readers(schema) else self.workspace
        return tally(output, schema, self.rating["add_prefix"], workspace, digest=digest)

    def counted_again(self, entry: JobEntry, one: JobInput) -> pl.DataFrame | None:
        """The tally of a file that was done before, from its output; None where its entry differs."""
        try:
            if self.calls is None:
                lazy = self.rated(call_files.columns(one.path).lazy())
            else:
                read = CallRecords.look(one.path, **self.calls)
                lazy = self.rated(read.lazy())
                self.see(read, self.folder / entry.output)
            counted = self.tally(self.folder / entry.output, lazy.collect_schema())
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


def _has_changed(path: Path, before: Stamp, digest: str) -> bool:
    """Whether a file has other bytes than when its digest was taken.

    Who sets the time of the last change back changes that of the status all the same. So do those who
    only name or own a file anew, so its bytes decide then.
    """
    try:
        now = stamp_of(path)
        return now != before and (now.content != before.content or durable.sha256(path) != digest)
    except (OSError, RecordError):
        return True  # it is gone, or no file any more


def _changed(one: JobInput) -> RecordError:
    return RecordError(f"{one.name} changed while it was read; start the job again once it is whole")


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
