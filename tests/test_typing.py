"""The stub says what the compiled module has, and the overloads say what comes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dialnexa_routing

FOLDER = Path(dialnexa_routing.__file__).parent
CONFIG = Path(__file__).parents[1] / "pyproject.toml"

SAMPLE = """
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

import polars as pl

from dialnexa_routing import Charge, DeckCounts, Match, NetworkGroup, RateDeck, Reason, Semantics, records
from dialnexa_routing._deck import Column

deck = RateDeck.open("plan.deck")
frame = pl.DataFrame()
match = deck.match("+919812345678")
assert_type(match, Match | None)
assert_type(deck.match(pl.col("to"), at=pl.col("at")), pl.Expr)
assert_type(deck.match(frame["to"], fields="prefix"), pl.Series)
assert_type(deck.match(object()), Column)
if match is not None:
    assert_type(match.outbound_rate, Decimal | None)
    assert_type(match.increments, tuple[int, int] | None)
    assert_type(match.source, tuple[str, int] | None)
charge = deck.rate("+919812345678", 61, semantics=Semantics(decimals=4))
assert_type(charge, Charge)
assert_type(charge.total, Decimal | None)
assert_type(charge.exact, Fraction | None)
assert_type(charge.reason, Reason | None)
assert_type(records.rate(frame, deck=deck), pl.DataFrame)
assert_type(records.rate(frame.lazy(), deck=deck), pl.LazyFrame)
assert_type(records.rated(deck), pl.Expr)
assert_type(deck.counts, DeckCounts)
assert_type(deck.labels, dict[str, str])
assert_type(deck.network_groups, tuple[NetworkGroup, ...])
assert_type(deck.prefixes("9198", group=3), list[str])
assert_type(deck.groups_within("9198"), tuple[int, ...])
assert_type(deck.rows(), pl.DataFrame)
deck.match(5.0, direction="sideways")  # type: ignore[call-overload]
deck.rate(919812345678, 61)  # type: ignore[arg-type]
deck.rate("+919812345678", 61.5)  # type: ignore[arg-type]
match.prefix = "91"  # type: ignore[union-attr, misc]
"""


def mypy(*arguments: str, module: str = "mypy", folder: Path) -> None:
    command = [sys.executable, "-m", module, *arguments]
    environment = {"MYPYPATH": str(FOLDER.parent), "PYTHONPATH": str(FOLDER.parent), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stub_says_what_the_module_has(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    # Only the compiled module has a stub; the others speak for themselves.
    options = ["--mypy-config-file", str(CONFIG)]
    mypy("dialnexa_routing._deck", *options, module="mypy.stubtest", folder=tmp_path)


def test_the_overloads_say_what_comes_back(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "sample.py").write_text(SAMPLE, "utf-8")
    cache = str(CONFIG.with_name(".mypy_cache"))
    mypy("--strict", "--config-file", "", "--cache-dir", cache, "sample.py", folder=tmp_path)


def test_the_package_says_that_it_is_typed() -> None:
    assert (FOLDER / "py.typed").exists()
    assert (FOLDER / "_deck.pyi").exists()
