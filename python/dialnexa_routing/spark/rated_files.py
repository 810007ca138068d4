"""Parquet files rated by Spark one task a file: rows never pass through Spark, half its processor time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl
import pyarrow as pa
from pyspark.sql import types as st

from dialnexa_routing.files.parquet_writing import sink_parquet
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.records.coded_words import CodedWords
from dialnexa_routing.records.rating import rate as rate_records
from dialnexa_routing.spark.deck_reference import DeckRef, referred
from dialnexa_routing.spark.spark_columns import travelling
from dialnexa_routing.spark.spark_work import Rating
from dialnexa_routing.text.errors import DeckError, RecordError, RoutingError
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pyspark.sql import SparkSession

    from dialnexa_routing.records.rating_options import RatingOptions

MANIFEST = "manifest.json"
_POLARS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
_REPORT = st.StructType(
    [
        st.StructField("place", st.LongType()),
        st.StructField("rows", st.LongType()),
        st.StructField("charged", st.LongType()),
        st.StructField("charge", st.StringType()),
        st.StructField("sha256", st.StringType()),
    ]
)
_ARROW = pa.schema(
    [
        ("place", pa.int64()),
        ("rows", pa.int64()),
        ("charged", pa.int64()),
        ("charge", pa.string()),
        ("sha256", pa.string()),
    ]
)


def rate_files(
    spark: SparkSession,
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    deck: DeckRef | str | os.PathLike[str],
    **options: Unpack[RatingOptions],
) -> pl.DataFrame:
    """Rate Parquet files, each by one task, into files of the same names.

    A file is written beside its place and renamed when it is whole, so a killed task leaves nothing under
    its name, and one that is run again writes the same bytes. ``manifest.json`` is written last; what it
    lists is all there.

    Args:
        spark: a session, classic or Connect.
        files: Parquet files that workers see; no two of one name.
        out: a folder that workers see.
        deck: as of `rate`.
        **options: those of `records.rate`.

    Returns:
        A row for each file: ``input``, ``output``, ``rows``, ``charged`` (Int64), ``charge`` (INR, as text,
        the sum of its rows), ``sha256`` of what was written. The manifest has the same.

    Raises:
        RecordError: there are no files, two of one name, or one that its output would be written over; in a
            job, as `records.rate`, and for a file that cannot be read, with its path and host.
        DeckError: an executor has no such deck, with its host.
        TypeError: as of `rate`.
    """
    inputs = [str(one) for one in files]
    if not inputs:
        raise RecordError("there are no files to rate; pass some")
    twice = [name for name, count in Counter(Path(one).name for one in inputs).items() if count > 1]
    if twice:
        raise RecordError(
            f"several files are named {twice[0]!r} and would be one; rate them into other folders"
        )
    given = dict(options)
    travelling(given)
    ref, folder = referred(deck), Path(out)
    outputs = [str(folder / Path(one).name) for one in inputs]
    for read, written_to in zip(inputs, outputs, strict=True):
        if os.path.realpath(read) == os.path.realpath(written_to):
            raise RecordError(f"{read} would be written over by its own output; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    # It lists what a run before this one wrote, and some of that is about to change.
    (folder / MANIFEST).unlink(missing_ok=True)
    task = FileTask(tuple(inputs), tuple(outputs), Rating((), ref, given))

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return task.run(batches)

    # One partition a file, so that a task that is killed has one file to write again.
    numbers = spark.range(0, len(inputs), 1, len(inputs))
    found = {row.place: row for row in numbers.mapInArrow(run, _REPORT).collect()}
    report = pl.DataFrame(
        {
            "input": inputs,
            "output": outputs,
            "rows": [found[place].rows for place in range(len(inputs))],
            "charged": [found[place].charged for place in range(len(inputs))],
            "charge": [found[place].charge for place in range(len(inputs))],
            "sha256": [found[place].sha256 for place in range(len(inputs))],
        }
    )
    written = {"deck": ref.path, "deck_digest": ref.digest, "files": report.to_dicts()}
    with replacing(folder / MANIFEST) as manifest:
        manifest.write(json.dumps(written, indent=2).encode() + b"\n")
    return report


@dataclass(frozen=True)
class FileTask:
    """What each task does with the numbers of its files."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rating: Rating

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """A report for each number."""
        for batch in batches:
            reports = [self._named(place) for place in batch.column(0).to_pylist()]
            yield pa.RecordBatch.from_pylist(reports, schema=_ARROW)

    def _named(self, place: int) -> dict[str, Any]:
        """The report, or an error that names the file and the host."""
        try:
            return self._rated(place)
        except DeckError:
            raise  # it names the deck, which is the same for all files
        except (RoutingError, OSError, TypeError, ValueError, *_POLARS) as error:
            told = quoted(str(error).partition("\n")[0])
            where = f"{self.inputs[place]} on host {platform.node()}"
            raise RecordError(f"{where}: {told}") from None

    def _rated(self, place: int) -> dict[str, Any]:
        lazy = pl.scan_parquet(self.inputs[place], glob=False, hive_partitioning=False)
        options = {"fields": None, **self.rating.prepared()}
        rated = rate_records(lazy, deck=self.rating.deck.open(), **options)
        target = Path(self.outputs[place])
        before = self.rating.options.get("add_prefix", "")
        source = Path(self.inputs[place])
        size = source.stat().st_size if source.is_file() else 0
        coded = CodedWords.of(self.rating.deck.open()).instead(rated.collect_schema(), before, size)
        with replacing(target) as file:
            sink_parquet(rated, file, coded)
        charge = f"{before}charge"
        written = pl.scan_parquet(target, glob=False, hive_partitioning=False)
        sums = [pl.len().alias("rows")]
        if charge in written.collect_schema():
            sums += [pl.col(charge).count().alias("charged"), pl.col(charge).sum().alias("charge")]
        told = written.select(sums).collect().row(0, named=True)
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total: Decimal | None = told.get("charge")
        return {
            "place": place,
            "rows": told["rows"],
            "charged": told.get("charged"),
            "charge": None if total is None else f"{total:f}",
            "sha256": digest,
        }
