"""What came of a job."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.job.customer_totals import BY as KEYS
from dialnexa_routing.money.exact import is_within_percent, places_of
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.records.rated_sums import put_together
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.job.manifest import JobEntry, JobManifest


@dataclass(frozen=True)
class JobReport:
    """The files of a finished job and its control totals; what is counted is reported in `job.rows`.

    Attributes:
        folder: of the outputs.
        manifest: what is done and what failed, as in the folder.
        totals: INR and minutes by provider and network group, see `job.totals.totals`.
        kept: how many files had been done by an earlier run.
        customers: INR and minutes by workspace, plan, provider and network group, see
            `job.customer_totals.customer_totals`.
        notes: what is to be known of whole files that this run rated, a sentence each.
    """

    folder: Path
    manifest: JobManifest
    totals: pl.DataFrame
    kept: int
    customers: pl.DataFrame = field(default_factory=pl.DataFrame)
    notes: tuple[str, ...] = ()

    def totals_by(self, *keys: str) -> pl.DataFrame:
        """The totals of `customers` by some of its keys, as ``workspace``, ``plan_id``, ``provider``.

        Raises `UnknownNameError` for one that is none.
        """
        for key in keys:
            if key not in KEYS:
                raise UnknownNameError(f"there are no totals by {key!r}; there are {', '.join(KEYS)}")
        billed = pl.col("billed_seconds")
        return (
            put_together(self.customers, keys)
            .with_columns(minutes=billed // 60, seconds=billed % 60)
            .sort(keys, nulls_last=True)
        )

    @property
    def entries(self) -> tuple[JobEntry, ...]:
        """The finished files by name."""
        return tuple(self.manifest.done[name] for name in sorted(self.manifest.done))

    @property
    def failed(self) -> dict[str, str]:
        """Why a file is not done, by name."""
        return dict(sorted(self.manifest.failed.items()))

    @property
    def files(self) -> pl.DataFrame:
        """A row for each finished file: name, bytes, rows, rated, refused, rejected, billed seconds, INR."""
        places = max((places_of(Decimal(one.charge)) for one in self.entries), default=2)
        return pl.DataFrame(
            [
                (
                    one.name,
                    one.bytes,
                    one.rows,
                    one.rated,
                    sum(one.refused.values()),
                    sum(one.rejected.values()),
                    one.billed_seconds,
                    Decimal(one.charge),
                )
                for one in self.entries
            ],
            schema={"name": pl.String}
            | dict.fromkeys(("bytes", "rows", "rated", "refused", "rejected", "billed_seconds"), pl.Int64)
            | {"charge": pl.Decimal(WIDEST, places)},
            orient="row",
        )

    @property
    def rejects(self) -> pl.LazyFrame:
        """The refused and rejected rows of all finished files: file, row, number, reason, sentence."""
        from dialnexa_routing.records import call_files

        return pl.concat([call_files.scan_written(self.folder / one.rejects) for one in self.entries])

    def within(self, percent: Decimal) -> bool:
        """Whether no file failed, and at most this part of the rows was refused or rejected."""
        found = self.manifest.totals()
        return not self.failed and is_within_percent(
            found["refused"] + found["rejected"], found["rows"], percent
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        groups = [
            {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in row.items()}
            for row in self.totals.iter_rows(named=True)
        ]
        return {
            "output": str(self.folder),
            **self.manifest.totals(),
            "files_kept": self.kept,
            "failed_files": self.failed,
            "network_groups": groups,
        }

    def __str__(self) -> str:
        found = self.manifest.totals()
        minutes, seconds = divmod(found["billed_seconds"], 60)
        done = found["files"] - found["failed"]
        facts = {
            "files": f"{grouped(found['files'])} = {grouped(done)} done + {grouped(found['failed'])} failed"
            + (f"; {grouped(self.kept)} were done before" if self.kept else ""),
            "rows": f"{grouped(found['rows'])} = {grouped(found['rated'])} rated"
            f" + {grouped(found['refused'])} refused + {grouped(found['rejected'])} rejected",
            "billed": f"{grouped(minutes)} minutes" + (f" {seconds} s" if seconds else ""),
            "charge": rupees(Decimal(found["charge"])),
        }
        lines = [f"{name:<8}{value}" for name, value in facts.items()]
        for kind in ("refused", "rejected"):
            for reason, rows in found[f"{kind}_by_reason"].items():
                lines.append(f"  {kind}: {reason.replace('_', ' ')}, {grouped(rows)}")
        lines += [f"  failed: {sentence}" for sentence in self.failed.values()]
        return "\n".join(map(shown, lines))  # names of files may have line ends
