"""Other builds of this library, each in a folder of its own, to be measured beside this one."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BUILDS = ROOT / "out" / "builds"
_PACKAGE = "dialnexa_routing"


class Build(NamedTuple):
    """A package that a child process can be shown in place of the installed one."""

    name: str
    packages: Path  # the folder that holds the package


def present() -> Build:
    """The build that this interpreter imports."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{_PACKAGE} is not installed; `make bench` builds it")
    return Build("now", Path(spec.origin).resolve().parent.parent)


def other(named: str) -> Build:
    """The build of a commit, made if it is not there yet; or one that stands in a folder already."""
    if (Path(named) / _PACKAGE).is_dir():
        return Build(named, Path(named).resolve())
    commit = _git("rev-parse", "--verify", "--quiet", f"{named}^{{commit}}").decode().strip()
    if not commit:
        raise SystemExit(f"{named!r} is no commit of this repository, and no folder that holds {_PACKAGE}")
    packages = BUILDS / commit[:12]
    if not packages.exists():
        _make(commit, packages)
    return Build(commit[:7], packages)


def _make(commit: str, packages: Path) -> None:
    """Compile a commit outside the work tree. The folder appears when it is whole."""
    print(f"building {commit[:12]} into {packages}; this takes some minutes", flush=True)
    work = packages.with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    (work / "source").mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", commit))) as archive:
        archive.extractall(work / "source", filter="data")
    # Crates that other builds have compiled are taken from them. A conda environment beside ours makes
    # maturin refuse.
    environment = {**os.environ, "CARGO_TARGET_DIR": str(BUILDS / "target")}
    environment.pop("CONDA_PREFIX", None)
    wheels = work / "wheels"
    maturin = ["maturin", "build", "--release", "--quiet", "--interpreter", sys.executable]
    _run([sys.executable, "-m", *maturin, "--out", str(wheels)], work / "source", environment)
    (wheel,) = wheels.glob("*.whl")
    pip = ["pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--no-compile"]
    _run([sys.executable, "-m", *pip, "--target", str(work / "packages"), str(wheel)], work, environment)
    (work / "packages").rename(packages)
    shutil.rmtree(work)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[2:4])} failed with {done.returncode}")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], stdout=subprocess.PIPE, check=False).stdout
