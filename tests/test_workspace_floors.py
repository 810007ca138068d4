"""The room of workspaces has no circle, types counted, and imports late only to spare Polars."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import dialnexa_routing

PACKAGE = Path(dialnexa_routing.__file__).parent
FILES = sorted((PACKAGE / "workspace").rglob("*.py"))


def named(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {named(file) for file in FILES}


def imports(tree: ast.AST) -> set[str]:
    """The files of the room that one takes names from, wherever it does."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in NAMES:
            inside = {f"{node.module}.{one.name}" for one in node.names}
            found |= inside & NAMES or {node.module}
    return found


def test_the_files_of_the_room_stand_on_floors() -> None:
    graph = {named(file): imports(ast.parse(file.read_text("utf-8"))) for file in FILES}
    floors = tuple(TopologicalSorter(graph).static_order())  # raises where there is a circle
    assert set(floors) == NAMES
    place = {name.rpartition(".")[2]: floors.index(name) for name in floors}
    walk = ["decision", "provider", "setting", "question", "check", "gates", "order", "router"]
    assert [place[name] for name in walk] == sorted(place[name] for name in walk)
    assert place["screened_frame"] < place["router"]


@pytest.mark.parametrize("file", FILES, ids=named)
def test_what_is_imported_late_says_why(file: Path) -> None:
    text = file.read_text("utf-8")
    lines = text.splitlines()
    assert len(lines) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            late = [one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom)]
            for one in late:
                assert lines[one.lineno - 2].lstrip().startswith("#"), f"{named(file)}:{one.lineno}"
