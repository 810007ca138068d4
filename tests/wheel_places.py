"""Where a wheel is installed to be tested: an empty environment, and a machine of another kind, emulated.

The suite runs in a copy of the tree that has no package of its own: ``python/dialnexa_routing`` leads to the
installed one, so whatever a test reads or imports of the package came out of the wheel.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wheel_builds import ROOT, LackError, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterable

EXTRAS = "cli,excel,plot,store,web"
QUICK = (
    "test_smoke",
    "test_cases",
    "test_rating_cases",
    "test_format",
    "test_import",
    "test_first_import",
    "test_capsules",
    "test_cli_process",
    "test_cli_rate",
    "test_deck_file",
    "test_threads",
    "test_job",
    "test_sheets_plivo",
    "test_screening",
    "test_store",
    "test_testing",
    "test_typing",
    "test_web",
)
"""A part of each room, and all that a package may lack."""
PACKAGE = "dialnexa_routing"


def empty_environment(folder: Path, python: Path) -> Path:
    """The Python of a new environment in which nothing is."""
    run([str(python), "-m", "venv", "--clear", str(folder)])
    return folder / "bin" / "python"


def site_packages(python: Path) -> Path:
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(run([str(python), "-c", ask]).strip())


def install(python: Path, *what: str) -> None:
    quiet = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run([*quiet, *what])


def smoke(python: Path, *options: str, before: Iterable[str] = (), **more: str) -> str:
    """The script that needs no suite, on the installed package; what it printed, in a line."""
    command = [*before, str(python), str(ROOT / "tests" / "smoke.py"), *options]
    return "; ".join(run(command, cwd=Path("/"), **more).splitlines()[1:])


def tree_without_package(folder: Path, python: Path) -> Path:
    """A copy of the tree whose package is the installed one."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"])
    for name in filter(None, listed.split("\0")):
        if not name.startswith("python/") and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / "python").mkdir(parents=True)
    (folder / "python" / PACKAGE).symlink_to(site_packages(python) / PACKAGE)
    return folder


def suite(python: Path, tree: Path, *, quick: bool) -> str:
    """The suite, or a part of it, in that tree; its last line. What fails is printed, and ends it all."""
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if quick:
        command += [f"tests/{name}.py" for name in QUICK]
    else:
        command += ["tests", "README.md", "docs", "--pyargs", PACKAGE]
    inside = str(site_packages(python))
    told = {"cwd": tree, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        command,
        env=environment(INSTALLED_IN=inside),
        check=False,
        **told,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nthe suite fails on the installed wheel")
    counts = re.findall(r"[0-9]+ (?:passed|skipped|xfailed)\b", done.stdout.splitlines()[-1])
    return ("a part of the suite: " if quick else "the suite: ") + ", ".join(counts)


def emulated(wheel: Path, architecture: str, folder: Path) -> str:
    """The smoke test on another architecture, by an emulator and a Python of Debian."""
    emulator = shutil.which(f"qemu-{architecture}-static") or shutil.which(f"qemu-{architecture}")
    if emulator is None:
        raise LackError("apt-get install qemu-user-static")
    if shutil.which("apt-get") is None:
        raise LackError("a Debian, for a Python of that architecture")
    root = ROOT / "target" / f"{architecture}-root"
    if not (root / "usr" / "bin" / "python3").exists():
        _debian_python(root, {"aarch64": "arm64"}[architecture])
    start = [emulator, "-L", str(root)]
    python = root / "usr" / "bin" / "python3"
    version = run([*start, str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).strip()
    platforms = [f"--platform=manylinux{name}_{architecture}" for name in ("2014", "_2_17", "_2_28")]
    abis = [f"--abi=cp{version.replace('.', '')}", "--abi=abi3", "--abi=none"]
    more = [f"--python-version={version}", "--implementation=cp", "--only-binary=:all:"]
    # A lock of pip's own environment is none of this place's.
    install(Path(sys.executable), "--target", str(folder), *platforms, *abis, *more, str(wheel))
    return smoke(
        python, "--inside", str(folder), "--threads=4", "--rounds=6", before=start, PYTHONPATH=str(folder)
    )


def _debian_python(root: Path, name: str) -> None:
    """A Python of another architecture, with what it needs, unpacked and not installed."""
    state = root.with_name(root.name + "-apt")
    for part in ("lists/partial", "cache/archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    options = {
        "APT::Architecture": name,
        "APT::Architectures": name,
        "APT::Sandbox::User": "root" if os.getuid() == 0 else "",
        "Dir::State": str(state),
        "Dir::State::status": str(state / "status"),
        "Dir::Cache": str(state / "cache"),
    }
    apt = ["apt-get", *(f"--option={key}={value}" for key, value in options.items()), "--quiet", "--yes"]
    run([*apt, "update"])
    run([*apt, "install", "--download-only", "--no-install-recommends", "python3"])
    # Debian's folders at the top lead into usr.
    for part in ("bin", "lib", "sbin"):
        (root / "usr" / part).mkdir(parents=True, exist_ok=True)
        if not (root / part).exists():
            (root / part).symlink_to(f"usr/{part}")
    for package in sorted((state / "cache" / "archives").glob("*.deb")):
        files = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
        unpack = ["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", str(root)]
        subprocess.run(unpack, stdin=files.stdout, check=True)
        if files.wait():
            raise SystemExit(f"{package.name} cannot be unpacked")
