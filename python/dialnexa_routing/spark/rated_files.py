"""Parquet files rated by Spark one task a file: rows never pass through Spark, half its processor time."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl
import pyarrow as pa
from pyspark.sql import types as st

from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.records.rating import rate as rate_records
from dialnexa_routing.spark.deck_reference import DeckRef, referred
from dialnexa_routing.spark.spark_columns import Rating, travelling
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pyspark.sql import SparkSession

    from dialnexa_routing.records.rating_options import RatingOptions

MANIFEST = "manifest.json"
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
        RecordError: there are no files, or two of one name; in a job, as `records.rate`.
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
    folder.mkdir(parents=True, exist_ok=True)
    outputs = [str(folder / Path(one).name) for one in inputs]
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
            reports = [self._rated(place) for place in batch.column(0).to_pylist()]
            yield pa.RecordBatch.from_pylist(reports, schema=_ARROW)

    def _rated(self, place: int) -> dict[str, Any]:
        options = {"fields": None, **self.rating.prepared()}
        rated = rate_records(pl.scan_parquet(self.inputs[place]), deck=self.rating.deck.open(), **options)
        target = Path(self.outputs[place])
        with replacing(target) as file:
            rated.sink_parquet(file)
        charge = f"{self.rating.options.get('add_prefix', '')}charge"
        written = pl.scan_parquet(target)
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
