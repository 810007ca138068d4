"""What stands in a wheel: all of the package, one compiled module, nothing of the machine that built it."""

from __future__ import annotations

import re
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).parents[1]
PACKAGE = "dialnexa_routing"
MODULE = re.compile(rf"{PACKAGE}/_deck\.(?:abi3|cpython-3[0-9]+t-[a-z0-9_-]+)\.so")


class Wheel(NamedTuple):
    """A wheel by its names and by what it says of itself."""

    names: frozenset[str]
    metadata: Message
    tags: tuple[str, ...]
    module: str


def read(path: Path) -> Wheel:
    """The wheel; an error if it has not one compiled module and one folder of metadata."""
    with zipfile.ZipFile(path) as packed:
        names = frozenset(packed.namelist())
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        [module] = [name for name in names if name.endswith((".so", ".pyd"))]
        told = Parser().parsestr(packed.read(metadata).decode())
        wheel = Parser().parsestr(packed.read(metadata.replace("METADATA", "WHEEL")).decode())
    return Wheel(names, told, tuple(wheel.get_all("Tag", [])), module)


def package_files() -> frozenset[str]:
    """Files of the package in the tree, as a wheel names them."""
    python = ROOT / "python"
    files = (path for path in (python / PACKAGE).rglob("*") if path.is_file())
    known = {path.relative_to(python).as_posix() for path in files if "__pycache__" not in path.parts}
    return frozenset(name for name in known if not name.endswith((".so", ".pyd")))


def faults(path: Path, version: str, private: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a wheel; `private` are paths that must not stand in it."""
    wheel = read(path)
    ours = frozenset(name for name in wheel.names if name.startswith(f"{PACKAGE}/"))
    about = f"{PACKAGE}-{version}.dist-info"
    wrong = [f"{name} is missing" for name in sorted(package_files() - ours)]
    wrong += [f"{name} is no part of the package" for name in sorted(ours - package_files() - {wheel.module})]
    others = wheel.names - ours
    wrong += [f"{name} stands beside it" for name in sorted(others) if not name.startswith(f"{about}/")]
    if MODULE.fullmatch(wheel.module) is None:
        wrong.append(f"{wheel.module} is not the name of the compiled module")
    if f"{about}/licenses/LICENSE" not in wheel.names:
        wrong.append("the licence is missing")
    expected = {"Name": "dialnexa-routing", "Version": version, "License-Expression": "Apache-2.0"}
    for name, word in expected.items():
        if wheel.metadata[name] != word:
            wrong.append(f"{name} is {wheel.metadata[name]}, and should be {word}")
    if "linux" in path.name and "manylinux" not in path.name:
        wrong.append("it runs on machines like the one that built it alone")
    with zipfile.ZipFile(path) as packed:
        for name in sorted(wheel.names):
            data = packed.read(name)
            wrong += [f"{name} holds {word}" for word in private if word.encode() in data]
    return wrong
