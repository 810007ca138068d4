"""Files of call records: scanned and written by their suffix, in batches, so that size does not matter.

CSV is read with every column as text and nothing inferred: a plus, a leading zero or a twentieth
digit comes out as it went in, and `records.rate` reads text. It is written guarded, so that no
spreadsheet runs a stranger's cell, and what was guarded is read as it was before (`files.guarded_csv`).
"""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.guarded_csv import sink_csv, unguarded
from dialnexa_routing.files.opening import is_endless, refuse_endless
from dialnexa_routing.files.parquet_writing import ROW_GROUP, sink_parquet
from dialnexa_routing.files.rejected import Rejected
from dialnexa_routing.files.text_stream import scan_texts, text_head, text_stream
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    from dialnexa_routing.files.text_look import PlainText

_READ = {
    ".parquet": "Parquet",
    ".csv": "CSV",
    ".csv.gz": "CSV",
    ".arrow": "IPC",
    ".feather": "IPC",
    ".ipc": "IPC",
}
_WRITE = {suffix: kind for suffix, kind in _READ.items() if not suffix.endswith(".gz")}

SUFFIXES = tuple(_READ)
"""Of files that are scanned as they stand."""

_ERRNO = re.compile(r"\(os error ([0-9]+)\)")


def files(source: str | os.PathLike[str]) -> list[Path]:
    """The files that a path, a folder or a pattern names, in the order of their names.

    Of a folder only the files right in it count, and those of other suffixes do not.

    Raises:
        FileNotFoundError: there is no such file.
        RecordError: a suffix is unknown, the files are of several kinds, or one is a pipe or a device.
    """
    path = Path(source)
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if _is_there(file) and _suffix(file, _READ))
        if not found:
            raise FileNotFoundError(
                f"the folder {path} holds no call records; they end in {', '.join(_READ)}"
            )
    elif path.exists():
        found = [path]
    else:
        found = [Path(name) for name in sorted(glob.glob(str(path), recursive=True)) if _is_there(Path(name))]  # noqa: PTH207 (an absolute pattern)
        if not found:
            raise FileNotFoundError(f"there is no file {path}; correct the path")
    for file in found:
        refuse_endless(file)
    kinds = {_kind(file, _READ) for file in found}
    if len(kinds) > 1:
        of_a_job = path / "rated"
        cure = f"what a job has rated is in {of_a_job}" if of_a_job.is_dir() else "give files of one kind"
        raise RecordError(f"{path} has files of {' and '.join(sorted(kinds))}; {cure}")
    return found


@dataclass(frozen=True)
class Scanned:
    """Call records as a lazy frame, and what could not be read of them.

    Attributes:
        lazy: the rows that can be read.
        rows: how many there are in all; None if nobody counted them.
        rejected: those that cannot be read, with their places.
        padded: whether a text may begin or end with a blank.
        plain: the text, where every line of a file is a row and no cell was guarded.
    """

    lazy: pl.LazyFrame
    rows: int | None = None
    rejected: Rejected = field(default_factory=Rejected)
    padded: bool = True
    plain: PlainText | None = None


def scan(
    source: str | os.PathLike[str], *, encoding: str | None = None, delimiter: str | None = None
) -> pl.LazyFrame:
    """Call records as a lazy frame: Parquet, CSV (also gzipped, all text) or Arrow IPC, by suffix.

    Of CSV every line is looked at before, so that none is lost or taken for another one.

    Args:
        source: a file, a folder, or a pattern as ``calls/2026-*.parquet``; several files are read
            one after the other and have the same columns.
        encoding: of CSV, as 'cp1251'; None is what a file states itself, else UTF-8.
        delimiter: between the cells of CSV; None is what its first rows agree on.

    Raises:
        OSError: a file is not there or cannot be read.
        RecordError: a suffix is unknown, a file is not what its suffix states, a row of CSV cannot be
            read, or the files differ in their columns.
    """
    refuse_after_fork()
    found = files(source)
    if not is_csv(found[0]):
        return _scanned(found, Path(source))
    streams = [text_stream(file, encoding=encoding, delimiter=delimiter) for file in found]
    for stream in streams:
        refuse_rejected(stream.path, stream.rejected)
        if stream.names != (first := streams[0].names):
            others = ", ".join(map(repr, first))
            raise RecordError(f"{stream.path} has other columns than {streams[0].path}, which has {others}")
    return unguarded(scan_texts(streams), cells=any(one.guarded for one in streams))


def refuse_rejected(path: Path, rejected: Rejected) -> None:
    """Raise `RecordError` where lines of a text are no rows, with the first of them."""
    if len(rejected):
        more = len(rejected) - 1
        rest = f", and {grouped(more)} more rows cannot be read" if more else ""
        raise RecordError(
            f"{path}: {rejected.first()}{rest}; is the file damaged, or not what its suffix"
            " says? A job puts such rows apart"
        )


def scan_text(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool = True,
    copy: Path | None = None,
) -> Scanned:
    """One text without the rows that cannot be read, which are reported.

    Args:
        path: of the file, whatever its suffix.
        encoding: as of `scan`.
        delimiter: as of `scan`.
        header: whether the first line names the columns.
        copy: where the rows go that Polars would not read as they are; gone with the result.

    Raises:
        OSError: the file cannot be read, or the copy not be written.
        RecordError: it is no such text.
    """
    refuse_after_fork()
    stream = text_stream(path, encoding=encoding, delimiter=delimiter, header=header, copy=copy)
    lazy = unguarded(stream.scan(), cells=stream.guarded)
    plain = None if stream.guarded else stream.plain
    return Scanned(lazy, stream.rows, stream.rejected, stream.padded, plain)


def scan_one(path: Path, copy: Path) -> Scanned:
    """One file of call records by its suffix, of CSV as `scan_text` does. Raises what that does."""
    found = files(path)
    if is_csv(path):
        return scan_text(path, copy=copy)
    lazy = _scanned(found, path)
    return Scanned(lazy, int(lazy.select(pl.len()).collect().item()))


def scan_written(path: Path) -> pl.LazyFrame:
    """A file that `sink` wrote: it is not looked through again. Raises what `scan` does."""
    found = files(path)
    if not is_csv(path):
        return _scanned(found, path)
    return unguarded(text_head(path, encoding="utf-8", delimiter=",").scan())


def columns(path: Path) -> pl.DataFrame:
    """The columns of a file of call records, without rows. Raises what `scan` does."""
    refuse_after_fork()
    if not is_csv(path):
        return _scanned(files(path), path).collect_schema().to_frame()
    return unguarded(pl.LazyFrame(schema=text_head(path).schema)).collect()


def _scanned(found: list[Path], source: Path) -> pl.LazyFrame:
    """Parquet or Arrow files as a lazy frame."""
    for file in found:
        if not file.stat().st_size:
            raise RecordError(f"{file} is empty; write it again")
    try:
        if _kind(found[0], _READ) == "Parquet":
            lazy = pl.scan_parquet(found, glob=False, hive_partitioning=False)
        else:
            # Of a path Polars maps Arrow files, and the process ends where one becomes shorter meanwhile. Of
            # an address it reads them, as fast (Polars 2.1).
            addresses = [file.absolute().as_uri() for file in found]
            lazy = pl.scan_ipc(addresses, glob=False, hive_partitioning=False)
        lazy.collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _told(error, source) from error
    return lazy


def sink(
    lazy: pl.LazyFrame,
    path: str | os.PathLike[str],
    *,
    source: str | os.PathLike[str] | None = None,
    check: Callable[[], None] | None = None,
    coded: Sequence[pl.Expr] = (),
) -> None:
    """Run a lazy frame batch by batch into a file, by suffix.

    The rows go to a file of another name in the same folder, which takes the place of `path` once
    it is whole and on the disk. Whatever goes wrong, it is removed, and what was at `path` stays.

    Args:
        lazy: what to write.
        path: ends in ``.parquet``, ``.csv``, ``.arrow``, ``.feather`` or ``.ipc``.
        source: what the rows were scanned from, so as not to be written over; named for what is damaged.
        check: called when all rows are written and before they take their place; if it raises, they do not.
        coded: Enums that stand for columns of text, as `files.parquet_writing` takes them; other kinds of
            files get the texts.

    Raises:
        OSError: the file cannot be written; the disk is full.
        RecordError: the suffix is unknown, the output is an input, or the input turns out damaged.
    """
    refuse_after_fork()
    # A link stays a link: what it leads to is replaced.
    target = Path(os.path.realpath(path))
    kind = _kind(Path(path), _WRITE)
    if target.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {Path(path).parent}; make it first")
    if source is not None:
        _refuse_input(target, Path(source))
    try:
        with replacing(target) as file:
            _write(lazy, kind, file, coded)
            if check is not None:
                check()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _told(error, Path(path), Path(path if source is None else source)) from error


def _write(lazy: pl.LazyFrame, kind: str, file: BinaryIO, coded: Sequence[pl.Expr]) -> None:
    """To an open file rather than a path: threads that still write after an error write to nothing."""
    if kind == "Parquet":
        sink_parquet(lazy, file, coded)
    elif kind == "IPC":
        lazy.sink_ipc(file, engine="streaming", record_batch_size=ROW_GROUP)
    else:
        sink_csv(lazy, file)


def is_csv(path: Path) -> bool:
    """Whether a file of call records is CSV, by its suffix."""
    return _kind(path, _READ) == "CSV"


def _is_there(path: Path) -> bool:
    return path.is_file() or is_endless(path)


def _suffix(path: Path, known: Iterable[str]) -> str | None:
    name = path.name.lower()
    return max((suffix for suffix in known if name.endswith(suffix)), key=len, default=None)


def _kind(path: Path, known: dict[str, str]) -> str:
    suffix = _suffix(path, known)
    if suffix is None:
        raise RecordError(
            f"{path} does not end as a file of call records does; give it one of {', '.join(known)}"
        )
    return known[suffix]


def _refuse_input(target: Path, source: Path) -> None:
    if source.is_file():
        inputs = [source]
    elif source.is_dir():
        inputs = [file for file in source.iterdir() if file.is_file()]
    else:
        inputs = [Path(name) for name in glob.glob(str(source), recursive=True)]  # noqa: PTH207 (an absolute pattern)
    if target.exists() and any(target.samefile(file) for file in inputs):
        raise RecordError(f"the output {target} is one of the inputs; give it another name")
    if source.is_dir() and target.parent.samefile(source):
        raise RecordError(
            f"the output {target} would be one of the inputs the next time; put it into another folder"
        )


def _told(error: BaseException, path: Path, source: Path | None = None) -> OSError | RecordError:
    """What Polars raises, as one sentence: the first line of it, numbers and secrets masked.

    The system's errors name `path`; what cannot be read, `source` if there is one. A full disk
    comes as one error or another, by format; only the number of the system's error in its text states
    (Polars 2.1).
    """
    if isinstance(error, OSError) and error.errno is not None:
        return type(error)(error.errno, error.strerror, str(path))
    number = _ERRNO.search(str(error))
    if number:
        return OSError(int(number[1]), os.strerror(int(number[1])), str(path))
    reason = quoted(str(error)).rstrip(".")
    if isinstance(error, OSError) and type(error) is not OSError:
        return type(error)(reason)
    return RecordError(f"{source or path}: {reason}; is the file damaged, or not what its suffix says?")
