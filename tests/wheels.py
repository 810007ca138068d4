"""``make wheels``: builds what a release consists of, tests each file where it is installed, prints a table.

A script. Its arguments are kinds, if not all are meant, and ``--quick`` for a part of the suite in place of
all of it. Files go to ``out/wheels``, with their digests. What a machine has not the parts for is *missing*,
with the reason; what fails ends it all.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

import wheel_builds
import wheel_places
from wheel_builds import OUT, ROOT, LackError, machine
from wheel_contents import faults, read

OTHER = "aarch64"
"""The architecture that is built for and emulated; this machine's own needs no emulation."""


class Row(NamedTuple):
    """A file of a release, or what stands in its place, and what was run against it."""

    kind: str
    file: Path | None
    told: str


def version() -> str:
    """The one place where the version stands."""
    plain = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    return str(plain["workspace"]["package"]["version"])


def looked_at(wheel: Path) -> Path:
    """A wheel whose contents are what they should be."""
    private = (f"{Path.home()}/", f"{ROOT}/")
    if wrong := faults(wheel, version(), private):
        raise SystemExit("\n".join([f"{wheel.name}:", *wrong]))
    return wheel


def stable(folder: Path, *, quick: bool) -> list[Row]:
    wheel = looked_at(wheel_builds.stable(machine()))
    python = wheel_places.empty_environment(folder / "environment", Path(sys.executable))
    wheel_places.install(python, "--upgrade", "pip>=25.1")
    group = f"{ROOT / 'pyproject.toml'}:test"
    wheel_places.install(python, f"{wheel}[{wheel_places.EXTRAS}]", "--group", group)
    inside = str(wheel_places.site_packages(python))
    told = [wheel_places.smoke(python, "--inside", inside)]
    tree = wheel_places.tree_without_package(folder / "tree", python)
    told.append(wheel_places.suite(python, tree, quick=quick))
    return [Row("stable ABI", wheel, "; ".join(["in an empty environment", *told]))]


def sources(folder: Path, *, quick: bool) -> list[Row]:
    del quick  # what is built of it is the same package
    archive = wheel_builds.sources()
    wheel = wheel_builds.from_sources(archive, folder / "unpacked")
    python = wheel_places.empty_environment(folder / "environment", Path(sys.executable))
    wheel_places.install(python, str(wheel))
    inside = str(wheel_places.site_packages(python))
    told = wheel_places.smoke(python, "--inside", inside)
    return [Row("sources", archive, f"unpacked and built without a network, by its own lock; {told}")]


def free_threaded(folder: Path, *, quick: bool) -> list[Row]:
    del quick  # Polars has no wheel of this kind, and the suite needs it
    pythons = wheel_builds.free_threaded_pythons()
    if not pythons:
        raise LackError(f"a python3.{wheel_builds.FREE_THREADED}t or later on the path, of pyenv or of uv")
    rows = []
    for one in pythons:
        wheel = looked_at(wheel_builds.free_threaded(one))
        python = wheel_places.empty_environment(folder / one.path.name, one.path)
        wheel_places.install(python, "--no-deps", str(wheel))
        wheel_places.install(python, "pydantic>=2.12,<3")
        inside = str(wheel_places.site_packages(python))
        told = wheel_places.smoke(python, "--inside", inside, "--threads=16", "--rounds=60")
        rows.append(Row("free-threaded", wheel, f"without Polars, which has no such wheel: {told}"))
    return rows


def other(folder: Path, *, quick: bool) -> list[Row]:
    del quick  # the emulator is slow
    if machine() == OTHER:
        raise LackError(f"another machine than {OTHER}; here its wheel is the one of the stable ABI")
    wheel = looked_at(wheel_builds.stable(OTHER))
    try:
        told = "emulated: " + wheel_places.emulated(wheel, OTHER, folder / "packages")
    except LackError as missing:
        told = f"nothing was run: it needs {missing}"
    return [Row(OTHER, wheel, told)]


KINDS = {"stable": stable, "sources": sources, "free-threaded": free_threaded, OTHER: other}


def digests() -> None:
    """The digests of all files, in the form that ``sha256sum --check`` reads; they are what is signed."""
    files = [path for path in sorted(OUT.iterdir()) if path.suffix in (".whl", ".gz")]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (OUT / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def table(rows: list[Row]) -> str:
    """Rows as people read them."""
    lines = []
    for row in rows:
        if row.file is None:
            lines += [f"{row.kind}: MISSING", f"    it needs {row.told}"]
            continue
        tags = ", ".join(read(row.file).tags) if row.file.suffix == ".whl" else "source distribution"
        lines += [
            f"{row.kind}: {row.file.name}",
            f"    {tags}, {row.file.stat().st_size / 1e6:.2f} MB",
            f"    {row.told}",
        ]
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description="Wheels and sources, tested where they are installed.")
    asked.add_argument(
        "kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; all if none is named"
    )
    asked.add_argument("--quick", action="store_true", help="a part of the suite in place of all of it")
    given = asked.parse_args()
    if unknown := [name for name in given.kinds if name not in KINDS]:
        asked.error(f"there is no kind {unknown[0]}; there are {', '.join(KINDS)}")
    if sys.platform != "linux":
        asked.error("wheels are built on Linux, of Linux; elsewhere: pip wheel .")
    if not given.kinds:
        shutil.rmtree(OUT, ignore_errors=True)
    rows: list[Row] = []
    for name in given.kinds or KINDS:
        print(f"{name} ...", flush=True)
        with tempfile.TemporaryDirectory(prefix="wheels-") as folder:
            try:
                rows += KINDS[name](Path(folder), quick=given.quick)
            except LackError as missing:
                rows.append(Row(name, None, str(missing)))
    digests()
    print(table(rows))


if __name__ == "__main__":
    main()
