"""Every example runs: the notebooks cell by cell, the service over HTTP, the job on a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing import testing

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
DECK = testing.deck({"91": ("India", "0.60"), "9198": ("India - Mobile", "0.80")})


def shown(value: Any) -> str:
    """What a notebook shows of the last value of a cell."""
    if hasattr(value, "_repr_html_"):
        return str(value._repr_html_())
    return json.dumps(value.to_dict()) if hasattr(value, "to_dict") else repr(value)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_and_show_something(notebook: Path) -> None:
    pytest.importorskip("altair", reason="Altair is not installed")
    import ast

    space: dict[str, Any] = {}
    cells = json.loads(notebook.read_text())["cells"]
    assert cells[0]["cell_type"] == "markdown"
    for cell in cells:
        assert not cell.get("outputs")
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body.pop()
            exec(compile(tree, notebook.name, "exec"), space)
            assert shown(eval(compile(ast.Expression(last.value), notebook.name, "eval"), space))
        else:
            exec(compile(tree, notebook.name, "exec"), space)


def run(program: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *([program] if program.endswith(".py") else ["-c", program]), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
        cwd=ROOT / "examples",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_service_decides_charges_and_shows_the_page(tmp_path: Path) -> None:
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    pytest.importorskip("httpx2", reason="httpx2 is not installed")
    DECK.save(tmp_path / "plivo.deck")
    program = """
from starlette.testclient import TestClient
from service import app
with TestClient(app) as client:
    call = {"to": "+919812345678", "source": "+912235550100", "seconds": 61}
    print(client.post("/workspaces/shop/calls", json=call).json()["decision"]["network_group"])
    print(client.post("/workspaces/shop/calls", json=call).json()["charge"])
    print(client.post("/workspaces/none/calls", json=call).status_code)
    print("Telephony Config" in client.get("/telephony/").text)
"""
    assert run(program, DECK=str(tmp_path / "plivo.deck")).split("\n")[:4] == [
        "India - Mobile",
        "5.92",
        "404",
        "True",
    ]


def test_the_nightly_job_rates_a_folder(tmp_path: Path) -> None:
    DECK.save(tmp_path / "plivo.deck")
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "a.csv").write_text("to,seconds\n+919812345678,61\n+919812345678,5\n")
    told = run(
        "nightly_job.py", str(tmp_path / "calls"), str(tmp_path / "rated"), str(tmp_path / "plivo.deck")
    )
    assert "₹2.40" in told
