"""The job itself: what it is made of, and the order of its steps."""

from __future__ import annotations

import errno
import logging
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.deck.deck_book import opened
from dialnexa_routing.job.additions import additions, places_of, with_anew
from dialnexa_routing.job.customer_totals import customer_totals, write_customers
from dialnexa_routing.job.estimate import JobEstimate, estimated
from dialnexa_routing.job.inputs import inputs, told
from dialnexa_routing.job.job_report import JobReport
from dialnexa_routing.job.leftovers import clear, refuse_folders, refuse_strange, written_names
from dialnexa_routing.job.lock import locked
from dialnexa_routing.job.manifest import NAME, JobManifest
from dialnexa_routing.job.one_file import OneFile
from dialnexa_routing.job.settings import changes, checked, settings
from dialnexa_routing.job.totals import Tallies, totals, write_totals
from dialnexa_routing.job.work import WorkPlan, WorkState, look
from dialnexa_routing.text.errors import ConflictError, RecordError
from dialnexa_routing.text.events import event
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.job.inputs import JobInput
    from dialnexa_routing.job.manifest import JobEntry
    from dialnexa_routing.records.rating_options import RatingOptions

_TOLD = 5
_ALL_STOPS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.ENFILE, errno.EMFILE, errno.ENOMEM)
"""What no other file would fare better with: a full disk, say."""


class OnChange(StrEnum):
    """What a job does where inputs or settings are not those that its output folder was begun with."""

    REFUSE = "refuse"
    """Nothing, but for saying what has changed."""
    RESTART = "restart"
    """Everything anew; what was there is removed."""


class OutputFormat(StrEnum):
    """What the rated rows and the rejects are written as."""

    PARQUET = "parquet"
    CSV = "csv"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class JobStep:
    """How far a job is: `file` is being rated, None at the end; bytes are those of the inputs."""

    file: str | None
    files_done: int
    files: int
    bytes_done: int
    bytes: int


class RatingJob:
    r"""A folder of call records to be rated into another one, file by file.

    Run again after whatever stopped it, it goes on; its output is the same bytes as if nothing had.
    In the output folder ``rated/`` and ``rejects/`` have a file for each input, with its stem;
    ``totals.*``, ``customers.*`` and ``manifest.json`` are about all of them. A job takes away what a
    job wrote, leaves anything else, and neither writes nor deletes through a link.

    Args:
        inputs: a file, a folder or a pattern: Parquet, CSV (also gzipped) or Arrow IPC; with `calls` also
            JSON, XML, workbooks and other texts.
        output: a folder, made if it is not there; empty, or of the same job.
        deck: what to rate with: a deck or a book of decks, or its file or folder.
        format: of the outputs.
        on_change: what to do where inputs or settings have changed since.
        calls: arguments of `CallRecords.read` where the inputs are a system's own files: ``{}`` for a format
            that leaves nothing open. None where they have the columns that `rating` names.
        rating: any other argument of `records.rate`: ``number``, ``seconds``, ``answered_at``, ``ended_at``,
            ``direction``, ``semantics``, ``timezone``, ``twice``, ``add_prefix``, and those of plans.

    Raises:
        TypeError: rating has no such argument, or would ignore it.
        RecordError: the time zone is not known.
        DeckError: the deck cannot be opened.

    >>> from tempfile import TemporaryDirectory
    >>> from dialnexa_routing import RateDeck
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.75"]})
    >>> deck = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    >>> with TemporaryDirectory() as folder:
    ...     calls = Path(folder, "calls.csv")
    ...     _ = calls.write_text("to,seconds\n+919812345678,263\n+447012345678,5\n+919812345678,")
    ...     print(RatingJob(inputs=calls, output=Path(folder, "rated"), deck=deck).run())
    files   1 = 1 done + 0 failed
    rows    3 = 1 rated + 2 refused + 0 rejected
    billed  5 minutes
    charge  ₹3.75
      refused: missing seconds, 1
      refused: unsupported prefix, 1
    """

    def __init__(
        self,
        *,
        inputs: str | os.PathLike[str],
        output: str | os.PathLike[str],
        deck: Rates | str | os.PathLike[str],
        format: OutputFormat | str = OutputFormat.PARQUET,  # noqa: A002 (as the option is called)
        on_change: OnChange | str = OnChange.REFUSE,
        calls: Mapping[str, Any] | None = None,
        **rating: Unpack[RatingOptions],
    ) -> None:
        self.inputs = Path(inputs)
        self.output = Path(output)
        self.deck = opened(deck) if isinstance(deck, str | os.PathLike) else deck
        self.format = OutputFormat(format)
        self.on_change = OnChange(on_change)
        self.rating = checked(rating)
        self.settings = settings(self.deck, self.rating, self.format, calls)
        self._one = OneFile(self.output, f".{self.format}", self.deck, self.rating, calls)

    def plan_of_work(self) -> WorkPlan:
        """What there is to do, without doing it: each file and where it stands, and what has changed.

        Raises:
            FileNotFoundError: there is no file of call records.
            RecordError: the output folder is none, or belongs to something else; inputs lie in it.
        """
        refuse_after_fork()
        return self._work()[0]

    def _work(self) -> tuple[WorkPlan, JobManifest | None]:
        """What there is to do, and the manifest that stands there, if it can be believed."""
        found = self._found()
        manifest, damage = self._manifest()
        changed = [damage] if damage else []
        new = additions(self.settings, self.settings)
        if manifest is not None:
            new = additions(manifest.settings, self.settings)
            # Where no file came to its end, none is of the old settings: what was asked for may be given.
            changed += changes(new.settings, self.settings) if manifest.done else []
        # By other settings an output cannot be counted as it was.
        counted = self._one.counted_again if not changed else _uncounted
        plan = look(found, manifest, self.output, counted)
        if not changed and not plan.changes:
            charge = f"{self.rating['add_prefix']}charge"
            return with_anew(plan, new, self.output, charge, places_of(self.rating)), manifest
        anew = look(found, None, self.output, _uncounted).files
        return WorkPlan(anew, (*changed, *plan.changes)), manifest

    def estimate(self, sample_rows: int = 100_000) -> JobEstimate:
        """A dry run: nothing is written; the first rows of each file are rated, `sample_rows` in all."""
        return estimated(self.plan_of_work(), self._one, sample_rows)

    def run(self, progress: Callable[[JobStep], None] | None = None) -> JobReport:
        """Rate what is not rated yet.

        A file that cannot be rated is reported and left; the others are rated nevertheless.

        Args:
            progress: called before each file and at the end.

        Raises:
            ConflictError: another job writes to the folder; or inputs or settings have changed, which
                is reported, unless `on_change` states what to do.
            FileNotFoundError: there is no file of call records.
            RecordError: the output folder is none, or belongs to something else.
            OSError: the output cannot be written; what is done stays, and the next run goes on there.
        """
        refuse_after_fork()
        self._found()  # before anything is made
        self._manifest()
        self.output.mkdir(parents=True, exist_ok=True)
        with locked(self.output):
            plan, before = self._work()
            if plan.changes and self.on_change is OnChange.REFUSE:
                raise ConflictError(_told(self.output, plan.changes))
            self._clear(plan, before)
            return self._rate(plan, progress or _silent)

    def _rate(self, plan: WorkPlan, progress: Callable[[JobStep], None]) -> JobReport:
        kept = plan.of(WorkState.DONE)
        manifest = JobManifest(self.settings, {one.input.name: one.entry for one in kept if one.entry})
        manifest.failed = {one.input.name: one.input.problem or "" for one in plan.of(WorkState.UNUSABLE)}
        todo = plan.of(WorkState.TO_RATE)
        refuse_folders(path for work in todo for path in self._one.outputs(work.input))
        manifest.begun = {self._one.outputs(work.input)[0].name for work in todo}
        manifest.write(self.output)  # from here on the folder is this job's
        event(
            "job", "job.begun", folder=self.output, files=len(plan.files), to_rate=len(todo), kept=len(kept)
        )
        for folder in self._one.folders():
            folder.mkdir(exist_ok=True)
        tallies = Tallies()
        for done in kept:
            if done.tally is not None:
                tallies.add(done.tally)
        whole, unwritten = sum(one.bytes for one in plan.files), 0
        passed = whole - sum(one.bytes for one in todo)
        for position, work in enumerate(todo, len(plan.files) - len(todo)):
            one = work.input
            progress(JobStep(one.name, position, len(plan.files), passed, whole))
            try:
                manifest.done[one.name], counted = self._one.rate(one)
                tallies.add(counted)
                entry = manifest.done[one.name]
                rated, charge = entry.rated, entry.charge
                event("job", "file.rated", file=one.name, rows=entry.rows, rated=rated, charge=charge)
                unwritten += 1
            except (RecordError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
                self._one.remove(one)
                if isinstance(error, OSError) and error.errno in _ALL_STOPS:
                    raise
                manifest.failed[one.name] = told(error, one)
                event(
                    "job", "file.failed", level=logging.WARNING, file=one.name, why=manifest.failed[one.name]
                )
            manifest.begun.discard(self._one.outputs(one)[0].name)
            passed += work.bytes
            # Of thousands of files not each one is worth writing all that is known of the others.
            if unwritten * 64 >= len(manifest.done):
                manifest.write(self.output)
                unwritten = 0
        progress(JobStep(None, len(plan.files), len(plan.files), whole, whole))
        found = totals(tallies.all(), self.deck.labels.get("provider", ""))
        write_totals(found, self.output)
        customers = customer_totals(tallies.all(), self.deck)
        write_customers(customers, self.output)
        manifest.complete = True
        manifest.write(self.output)
        event("job", "job.done", folder=self.output, kept=len(kept), **manifest.counts())
        notes = (*self._one.notes, *self._one.seen.told())
        return JobReport(self.output, manifest, found, len(kept), customers, notes)

    def _found(self) -> tuple[JobInput, ...]:
        found = inputs(self.inputs, of_any_system=self._one.calls is not None)
        here = self.output.resolve()
        for one in found:
            if one.path.resolve().is_relative_to(here):
                raise RecordError(
                    f"the input {one.name} lies in the output folder {self.output}; name another one"
                )
        return found

    def _manifest(self) -> tuple[JobManifest | None, str]:
        """What was done before, and what is wrong with its manifest. Raises where the folder is not ours."""
        if not self.output.exists():
            return None, ""
        if not self.output.is_dir():
            raise RecordError(f"the output {self.output} is no folder; name one")
        refuse_strange(self.output)
        try:
            manifest = JobManifest.read(self.output)
        except RecordError as error:
            return None, str(error)
        if manifest is None:
            strange = sorted(path.name for path in self.output.iterdir() if path.name[0] != ".")
            if strange:
                raise RecordError(
                    f"{self.output} has {strange[0]} and no {NAME}, so it is no job's; name an empty folder"
                )
        return manifest, ""

    def _clear(self, plan: WorkPlan, before: JobManifest | None) -> None:
        """Remove what a killed run left half done, and whatever does not belong to a file that is done."""
        if not (self.output / NAME).exists():
            return  # whatever is there, no job wrote it
        entries = [one.entry for one in plan.of(WorkState.DONE) if one.entry]
        stay = {path for entry in entries for path in (entry.output, entry.rejects)}
        found = [one.input for one in plan.files]
        # Of a manifest that cannot be believed not even the format is known.
        formats = [f".{kind}" for kind in OutputFormat] if before is None else [f".{self.format}"]
        clear(self.output, written_names(before, found, formats), stay)


def _told(output: Path, found: tuple[str, ...]) -> str:
    told = "; ".join(found[:_TOLD]) + (f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else "")
    return f"{output} was begun otherwise: {told}. Name another folder, or begin anew by on_change='restart'"


def _uncounted(entry: JobEntry, one: JobInput) -> pl.DataFrame:
    return pl.DataFrame()


def _silent(step: JobStep) -> None:
    pass
