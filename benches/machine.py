"""What a measurement was made on: processor, system, versions, commit."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("polars", "numpy", "pandas", "duckdb", "pyarrow", "phonenumbers")


def description() -> dict[str, str]:
    """Name and value of everything that may matter."""
    told = {
        "cpu": _cpu(),
        "vectors": _vectors(),
        "cores": str(os.cpu_count()),
        "memory_gb": str(round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.2f}",
        "python": platform.python_version(),
        "commit": _commit(),
    }
    return told | {package: _version(package) for package in _PACKAGES}


def name() -> str:
    """The machine as the beginning of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", f"{_cpu()} {os.cpu_count()} cores".lower()).strip("-")


def _cpu() -> str:
    return _told_by_system("model name") or platform.processor() or platform.machine()


def _vectors() -> str:
    """Which walk the deck takes on this processor."""
    flags = set(_told_by_system("flags").split())
    if {"avx512_vbmi2", "avx512_vpopcntdq"} <= flags:
        return "AVX-512"
    return "AVX2" if "avx2" in flags else "none used"


def _told_by_system(name: str) -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(rf"^{name}\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
        if found:
            return found[1].strip()
    return ""


def _commit() -> str:
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
