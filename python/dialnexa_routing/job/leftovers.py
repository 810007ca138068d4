"""What a job may take away of its output folder: what a job wrote, and nothing through a link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing.job.customer_totals import NAMES
from dialnexa_routing.job.lock import LOCK
from dialnexa_routing.job.manifest import NAME
from dialnexa_routing.job.one_file import RATED, REJECTS, sound_copy
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dialnexa_routing.job.inputs import JobInput
    from dialnexa_routing.job.manifest import JobManifest

_AWAY = "move it away, or name another folder"
TOTALS = ("totals.csv", "totals.parquet", *NAMES)
_DRAFT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}", re.DOTALL)
"""How a file is called until it is whole; see `whole_file.replacing`."""


def written_names(before: JobManifest | None, found: Iterable[JobInput], suffixes: Iterable[str]) -> set[str]:
    """The names of outputs that are a job's own: those its manifest knows, and those it would write."""
    names = {one.stem + suffix for one in found for suffix in suffixes}
    if before is not None:
        names |= before.begun
        names |= {Path(entry.output).name for entry in before.done.values()}
    return names


def clear(folder: Path, names: set[str], stay: set[str]) -> None:
    """Remove what a killed run left half done, and outputs that belong to no file that is done.

    Args:
        folder: of the outputs.
        names: of outputs in ``rated/`` and ``rejects/``, see `written_names`.
        stay: outputs of files that are done, below the folder.
    """
    for below in (RATED, REJECTS):
        for path in _own(folder / below, names):
            if f"{below}/{path.name}" not in stay:
                path.unlink()
    copies = {sound_copy(folder, Path(name).stem).name for name in names}
    for path in _own(folder, {*TOTALS, *copies, f".{NAME}"}):
        path.unlink()


def refuse_strange(folder: Path) -> None:
    """Raises `RecordError` where a job would write through a link, or what it did not make is in the way."""
    folders = [folder / name for name in (RATED, REJECTS)]
    inside = [path for one in folders if not one.is_symlink() and one.is_dir() for path in one.iterdir()]
    files = [folder / name for name in (NAME, LOCK, *TOTALS)]
    for path in (*folders, *files, *inside):
        if path.is_symlink():
            raise RecordError(
                f"{path} is a link, and a job writes to places of its own: remove it, or name another folder"
            )
    for path in folders:
        if path.exists() and not path.is_dir():
            raise RecordError(f"{path} is no folder, and a job makes one there: {_AWAY}")
    for path in files:
        if path.exists() and not path.is_file():
            raise RecordError(f"{path} is no file, and a job writes one there: {_AWAY}")


def refuse_folders(outputs: Iterable[Path]) -> None:
    """Raises `RecordError` where a folder has the place of an output that is to be written."""
    for path in outputs:
        if path.is_dir():
            raise RecordError(f"{path} is a folder, and a job writes a file there: {_AWAY}")


def _own(folder: Path, names: set[str]) -> Iterator[Path]:
    """Files of these names, drafts of them too."""
    for path in _files(folder):
        draft = _DRAFT.fullmatch(path.name)
        if path.name in names or (draft is not None and draft["name"] in names):
            yield path


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.is_dir()] if folder.is_dir() else []
