"""The files that a job is given: their names, and which of them it cannot take."""

from __future__ import annotations

import glob
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from dialnexa_routing.files.opening import is_endless
from dialnexa_routing.records import call_files
from dialnexa_routing.records.raw_tables import READ
from dialnexa_routing.text.errors import RecordError

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class JobInput:
    """A file of call records, or one that was named and is none.

    Attributes:
        name: its path below the folder that was named, with ``/``.
        path: where it is.
        stem: its name without suffix, which its output bears too.
        problem: why it cannot be taken, as a sentence; None if nothing is known against it.
    """

    name: str
    path: Path
    stem: str
    problem: str | None = None


def inputs(source: str | Path, *, of_any_system: bool = False) -> tuple[JobInput, ...]:
    """The files that a path, a folder or a pattern names, by name.

    Of a folder the files right in it count, but for those whose names begin with a dot or an
    underscore. Whatever else is no file of call records is named as such, so that nothing is passed
    over in silence. Files of different kinds may stand together.

    Args:
        source: the path, the folder or the pattern.
        of_any_system: whether `CallRecords` reads them, and so JSON, XML, workbooks and any text.

    Raises:
        FileNotFoundError: there is no file of call records.
    """
    path = Path(source)
    if path.is_dir():
        base = path
        found = [file for file in path.iterdir() if _is_there(file) and file.name[0] not in "._"]
    elif path.exists():
        base, found = path.parent, [path]
    else:
        base = _base(path)
        matched = (Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207 (an absolute pattern)
        found = [file for file in matched if _is_there(file)]
    taken = sorted((_input(file, base, of_any_system) for file in found), key=lambda one: one.name)
    if all(one.problem is not None for one in taken):
        if path.exists():
            call_files.files(path)  # which states what is wrong with it
        raise FileNotFoundError(f"no file of call records is named by {path}; correct the path")
    return _stems_once(taken)


def told(error: BaseException, one: JobInput) -> str:
    """Why a file failed, with its name in place of wherever it lies on this machine."""
    text = error.strerror if isinstance(error, OSError) else None
    text = (text or str(error).partition("\n")[0]).replace(str(one.path), one.name)
    return text if one.name in text else f"{one.name}: {text}"


def _is_there(path: Path) -> bool:
    """Whether it is a file, or a pipe or a device, which is then reported to be none."""
    return path.is_file() or is_endless(path)


def _base(pattern: Path) -> Path:
    """The folder that a pattern begins with."""
    plain = []
    for part in pattern.parts[:-1]:
        if _MAGIC.search(part):
            break
        plain.append(part)
    return Path(*plain)


def _input(path: Path, base: Path, of_any_system: bool) -> JobInput:
    # A name that is no text gets its odd bytes reported, for it stands in the manifest.
    name = path.relative_to(base).as_posix().encode("utf-8", "backslashreplace").decode()
    stem = Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem
    problem = None
    if "\\" in name:
        problem = f"{name}: the name has a backslash, or bytes that are no UTF-8; rename it"
    else:
        try:
            if not (of_any_system and path.name.lower().endswith(READ)) or is_endless(path):
                call_files.files(path)
        except RecordError as error:
            problem = str(error).replace(str(path), name) + ", or move it away"
    return JobInput(name, path, stem, problem)


def _stems_once(taken: list[JobInput]) -> tuple[JobInput, ...]:
    """Of files that would be written to one place none is taken: which of them counts is not ours to say."""
    # On some systems names differ by more than case or not at all.
    times = Counter(one.stem.casefold() for one in taken if one.problem is None)
    checked = []
    for one in taken:
        rivals = [
            other.name for other in taken if other.stem.casefold() == one.stem.casefold() and other is not one
        ]
        if one.problem is None and times[one.stem.casefold()] > 1:
            problem = (
                f"{one.name}: the output of {', '.join(rivals)} would have the same name; rename one of them"
            )
            checked.append(replace(one, problem=problem))
        else:
            checked.append(one)
    return tuple(checked)
