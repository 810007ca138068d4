"""What a release consists of, and how each file of it is built: wheels, and the sources.

Wheels are linked by zig against an old C library, so that they run on any Linux since 2014; maturin refuses
to give a wheel that tag if it needs anything newer. Paths of the machine that builds do not get into them.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out" / "wheels"
OLD_LINUX = "manylinux2014"
FREE_THREADED = 14
"""The first minor version without a global lock that PyO3 can build for."""
_ASKS = "import sys, sysconfig; print(sys.version_info[1], sysconfig.get_config_var('Py_GIL_DISABLED') or 0)"


class LackError(Exception):
    """What is missing on this machine, in words that state how to get it."""


class Python(NamedTuple):
    """An interpreter without a global lock."""

    path: Path
    minor: int


def machine() -> str:
    """The architecture of this machine in the words of tags: ``x86_64``, ``aarch64``."""
    return platform.machine().lower().replace("arm64", "aarch64").replace("amd64", "x86_64")


def environment(**more: str) -> dict[str, str]:
    """Of this process, without what would choose another Python or another package than is meant."""
    left_out = ("CONDA_PREFIX", "PYO3_PYTHON", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "RUSTFLAGS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # zig is found beside this Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return kept | {"PYTHONNOUSERSITE": "1", "PATH": path} | more


def run(command: list[str], *, cwd: Path = ROOT, **more: str) -> str:
    """What a command printed; what it printed stands in the error if it failed."""
    told = {"capture_output": True, "text": True, "errors": "replace", "check": False}
    done = subprocess.run(command, cwd=cwd, env=environment(**more), **told)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}\nexit code {done.returncode}")
    return str(done.stdout)


def lean_flags() -> str:
    """Flags by which messages of the compiled module name sources as anybody has them, not as we do."""
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    registry = cargo / "registry" / "src"
    indexes = [index for index in registry.glob("*") if index.is_dir()]
    places = {**dict.fromkeys(indexes, "crates"), cargo: "cargo", ROOT: "."}
    # The last one that fits counts, so the longest path comes last.
    in_order = sorted(places.items(), key=lambda place: len(str(place[0])))
    return "\x1f".join(f"--remap-path-prefix={path}={name}" for path, name in in_order)


def triple(architecture: str) -> str:
    return f"{architecture}-unknown-linux-gnu"


def _wheel(architecture: str, *options: str) -> Path:
    """A wheel for an architecture, which is to be the one that is new."""
    if shutil.which("rustup"):
        installed = run(["rustup", "target", "list", "--installed"]).split()
        if triple(architecture) not in installed:
            raise LackError(f"rustup target add {triple(architecture)}")
    OUT.mkdir(parents=True, exist_ok=True)
    run(["cargo", "fetch", "--locked"])  # so that the paths of all crates are known
    command = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--zig", "--target"]
    command += [triple(architecture), "--compatibility", OLD_LINUX, "--out", str(OUT), *options]
    before = {path: path.stat().st_mtime_ns for path in OUT.glob("*.whl")}
    run(command, CARGO_ENCODED_RUSTFLAGS=lean_flags())
    [built] = [path for path in OUT.glob("*.whl") if before.get(path) != path.stat().st_mtime_ns]
    _forget_places(built)
    return built


def _forget_places(wheel: Path) -> None:
    """Take the folder of this machine out of the bill of materials, which names our crates by it."""
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        run([sys.executable, "-m", "wheel", "unpack", "--dest", folder, str(wheel)])
        [unpacked] = Path(folder).iterdir()
        for bill in unpacked.glob("*.dist-info/sboms/*.json"):
            text = bill.read_text(encoding="utf-8")
            bill.write_text(text.replace(ROOT.as_uri(), "file:///dialnexa-routing"), encoding="utf-8")
        run([sys.executable, "-m", "wheel", "pack", "--dest-dir", str(wheel.parent), str(unpacked)])


def stable(architecture: str) -> Path:
    """One wheel for every Python from the oldest on, by the stable ABI."""
    options = ["--interpreter", sys.executable] if architecture == machine() else []
    wheel = _wheel(architecture, *options)
    # Whatever the module asks of Python must be there in the oldest one too.
    run([sys.executable, "-m", "abi3audit", "--strict", str(wheel)])
    return wheel


def free_threaded(python: Python) -> Path:
    """A wheel for one Python without a global lock, which knows no stable ABI before 3.15."""
    return _wheel(machine(), "--interpreter", str(python.path))


def free_threaded_pythons() -> list[Python]:
    """Those at hand, one of each version: on the path, of pyenv, of uv."""
    home = Path.home()
    folders = [Path(folder) for folder in os.get_exec_path()]
    folders += (Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions").glob("*t/bin")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", home / ".local" / "share" / "uv" / "python"))
    folders += uv.glob("*freethreaded*/bin")
    found: dict[int, Python] = {}
    for path in [path for folder in folders for path in sorted(folder.glob("python3.*t"))]:
        if re.fullmatch(r"python3\.[0-9]+t", path.name) is None or not os.access(path, os.X_OK):
            continue
        told = {"capture_output": True, "text": True, "check": False}
        asked = subprocess.run([path, "-c", _ASKS], env=environment(), **told)  # type: ignore[call-overload]
        minor, free = asked.stdout.split() if asked.returncode == 0 else ("0", "0")
        if free == "1" and int(minor) >= FREE_THREADED:
            found.setdefault(int(minor), Python(path, int(minor)))
    return [found[minor] for minor in sorted(found)]


def sources() -> Path:
    """The source distribution."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.tar.gz"):
        old.unlink()
    run([sys.executable, "-m", "maturin", "sdist", "--out", str(OUT)])
    [built] = OUT.glob("*.tar.gz")
    return built


def from_sources(archive: Path, folder: Path) -> Path:
    """A wheel that is built of the sources alone and without a network, by their own lock.

    The crates of the lock are fetched first: they are no part of the sources, for they would make 19 MB of
    one. What is fetched is what the lock names, or the build fails.
    """
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    [unpacked] = folder.iterdir()
    run(["cargo", "fetch", "--locked"], cwd=unpacked)
    command = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--offline"]
    command += ["--interpreter", sys.executable, "--out", str(folder / "built")]
    alone = [*_without_network(), *command]
    # What was compiled before is not compiled again; our own crates are, for their place is another one.
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    run(alone, cwd=unpacked, CARGO_NET_OFFLINE="true", CARGO_TARGET_DIR=target)
    [wheel] = (folder / "built").glob("*.whl")
    return wheel


def _without_network() -> list[str]:
    """What a command begins with that is to have no network, where the system can see to that."""
    ways = (["unshare", "--net"], ["unshare", "--map-root-user", "--net"])
    for way in ways if shutil.which("unshare") else ():
        if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    return []
