"""The version stands in one place, and all of a release says it; a built wheel has what it should."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import dialnexa_routing
import wheel_builds
from wheel_contents import faults, package_files, read
from wheels import Row, table, version

ROOT = Path(__file__).parents[1]
BUILT = sorted(wheel_builds.OUT.glob("*.whl"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CRATES = ("dialnexa-deck", "dialnexa-python")


def plain(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def test_the_version_is_that_of_the_workspace() -> None:
    # Three numbers are the same to cargo and to pip; anything behind them is spelled in two ways.
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version())
    assert dialnexa_routing.__version__ == version()
    assert PROJECT["project"]["dynamic"] == ["version"]
    for crate in ("deck", "python"):
        assert plain(f"rust/{crate}/Cargo.toml")["package"]["version"] == {"workspace": True}


@pytest.mark.parametrize("lock", ["Cargo.lock", "rust/deck/fuzz/Cargo.lock"])
def test_locks_have_that_version(lock: str) -> None:
    ours = {one["name"]: one["version"] for one in plain(lock)["package"] if one["name"] in CRATES}
    assert set(ours.values()) == {version()}


def test_the_changelog_begins_with_that_version() -> None:
    [first, *_] = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.fullmatch(rf"{re.escape(version())}, (unreleased|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", first)


def test_only_the_core_is_a_crate_for_others() -> None:
    python = plain("rust/python/Cargo.toml")["package"]
    assert python["publish"] is False
    deck = plain("rust/deck/Cargo.toml")["package"]
    assert deck["description"]
    # More than five of either are refused where crates are published.
    assert max(len(deck["keywords"]), len(deck["categories"])) <= 5
    for name in (deck["readme"], "LICENSE"):
        assert (ROOT / "rust" / "deck" / name).is_file()
    oldest = plain("Cargo.toml")["workspace"]["package"]["rust-version"]
    assert f"Rust {oldest} or later" in (ROOT / "rust/deck/README.md").read_text(encoding="utf-8")


def test_the_stable_abi_is_that_of_the_oldest_python() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert (
        f"abi3-py{oldest.replace('.', '')}"
        in plain("Cargo.toml")["workspace"]["dependencies"]["pyo3"]["features"]
    )


def wheel_of(
    path: Path, *, left_out: str = "", more: dict[str, str] | None = None, tag: str = "manylinux2014_x86_64"
) -> Path:
    """A wheel that was never built: names of the package, and metadata."""
    about = f"dialnexa_routing-{version()}.dist-info"
    told = f"Name: dialnexa-routing\nVersion: {version()}\nLicense-Expression: Apache-2.0\n"
    files = dict.fromkeys(package_files() | {"dialnexa_routing/_deck.abi3.so"}, "")
    files |= {f"{about}/METADATA": told, f"{about}/WHEEL": f"Tag: cp311-abi3-{tag}\n"}
    files |= {f"{about}/licenses/LICENSE": "", **(more or {})}
    file = path / f"dialnexa_routing-{version()}-cp311-abi3-{tag}.whl"
    with zipfile.ZipFile(file, "w") as packed:
        for name, text in files.items():
            if name != left_out:
                packed.writestr(name, text)
    return file


def test_a_wheel_as_it_should_be_has_no_fault(tmp_path: Path) -> None:
    wheel = wheel_of(tmp_path)
    assert faults(wheel, version(), ("/home/someone/",)) == []
    assert read(wheel).tags == ("cp311-abi3-manylinux2014_x86_64",)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"left_out": "dialnexa_routing/py.typed"}, "dialnexa_routing/py.typed is missing"),
        ({"left_out": "dialnexa_routing/_deck.pyi"}, "dialnexa_routing/_deck.pyi is missing"),
        ({"more": {"dialnexa_routing/old.py": ""}}, "dialnexa_routing/old.py is no part of the package"),
        ({"more": {"tests/decks.py": ""}}, "tests/decks.py stands beside it"),
        (
            {"more": {"dialnexa_routing/py.typed": "/home/someone/x"}},
            "dialnexa_routing/py.typed holds /home/someone/",
        ),
        ({"tag": "linux_x86_64"}, "it runs on machines like the one that built it alone"),
    ],
)
def test_what_is_wrong_with_a_wheel_is_named(changed: dict[str, Any], fault: str, tmp_path: Path) -> None:
    assert faults(wheel_of(tmp_path, **changed), version(), ("/home/someone/",)) == [fault]


def test_the_licence_and_the_version_are_looked_at(tmp_path: Path) -> None:
    licence = f"dialnexa_routing-{version()}.dist-info/licenses/LICENSE"
    assert faults(wheel_of(tmp_path, left_out=licence), version()) == ["the licence is missing"]
    assert "Version is" in " ".join(faults(wheel_of(tmp_path), "9.9.9"))


@pytest.mark.skipif(not BUILT, reason="no wheel was built; make wheels")
@pytest.mark.parametrize("wheel", BUILT, ids=lambda path: path.stem.split("-", 2)[-1])
def test_a_built_wheel_has_what_it_should(wheel: Path) -> None:
    # Sources that came or went since it was built are no fault of it.
    now = [fault for fault in faults(wheel, version(), (f"{ROOT}/",)) if "package" not in fault]
    assert [fault for fault in now if not fault.endswith("is missing")] == []
    assert read(wheel).metadata["Requires-Python"] == PROJECT["project"]["requires-python"]


def test_what_is_missing_stands_in_the_table() -> None:
    assert table([Row("free-threaded", None, "a python3.14t")]).splitlines() == [
        "free-threaded: MISSING",
        "    it needs a python3.14t",
    ]
