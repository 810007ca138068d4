"""What must hold of the package wherever it is installed: a script.

``python tests/smoke.py [--inside FOLDER] [--threads 8] [--rounds 20]``. It needs pydantic, and neither pytest
nor Polars, so it runs on each Python that a wheel is for: of another machine under emulation, or without a
global lock.

* The package and its compiled module are those of the folder, of one version.
* Decks that were kept answer what they answered when they were written (R50).
* Columns get what single calls get, where Polars is there (R54).
* Threads that ask a fresh deck at the same moment, of everything, all get what one thread gets (R54).
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import pickle
import platform
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

import dialnexa_routing
from dialnexa_routing import NumberError, RateDeck, RoutingError, _deck
from kept_answers import NUMBERS, SAMPLES, TIMES, answers, told

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = ("kept_format_3", "kept_format_4", "kept_format_4_many")
OTHERS: list[dict[str, Any]] = [{"decimals": 4}, {"rounding": "up"}, {"pulse": "1/1"}]
"""Meanings that are not the usual ones; those of the call before are kept."""
ROWS = 40
"""How often numbers stand in a frame: more than a block of them."""
WAIT_S = 600
"""A limit for what hangs."""


def place(inside: Path | None) -> str:
    """Where the package stands; an error if not in the folder, or if its halves are of two versions."""
    package, module = (Path(one.__file__ or "").resolve() for one in (dialnexa_routing, _deck))
    assert module.parent == package.parent, f"{module} is not beside {package}"
    assert _deck.__version__ == dialnexa_routing.__version__
    if inside is not None:
        assert package.is_relative_to(inside.resolve()), f"{package} is not in {inside}"
        installed = importlib.metadata.version("dialnexa-routing")
        assert installed == dialnexa_routing.__version__, f"{installed} is installed"
    return f"{package.parent}, {module.name}, {dialnexa_routing.__version__}"


def lock() -> str:
    """Whether Python has its global lock; an error where this package brought it back."""
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "with the global lock"
    asked: Callable[[], bool] = sys._is_gil_enabled  # type: ignore[attr-defined, unused-ignore]
    assert not asked(), "importing the package brought the global lock back"
    return "without a global lock"


def kept() -> int:
    """How many answers of kept decks are as they were."""
    count = 0
    for name in KEPT:
        deck = RateDeck.open(SAMPLES / f"{name}.deck")
        file = name.removesuffix("_many")
        expected = json.loads((SAMPLES / f"{file}.json").read_text(encoding="utf-8"))
        found = json.loads(json.dumps(answers(deck)))
        # Slots of many entries are other bytes of the same rows.
        for part in [part for part in expected if part != "digest" or name == file]:
            assert found[part] == expected[part], (name, part)
            count += len(expected[part]) if isinstance(expected[part], list) else 1
    return count


def columns() -> int:
    """How many rows of frames are charged as single calls are; none without Polars."""
    if importlib.util.find_spec("polars") is None:
        return 0
    import polars as pl

    from dialnexa_routing import records

    count = 0
    for name in KEPT:
        deck = RateDeck.open(SAMPLES / f"{name}.deck")
        asked = [(number, at) for number in NUMBERS for at in TIMES] * ROWS
        calls = pl.DataFrame(
            {
                "to": [number for number, _ in asked],
                "seconds": [61] * len(asked),
                "answered_at": [at for _, at in asked],
            }
        )
        rated = records.rate(calls, deck=deck)
        single = {(number, at): deck.rate(number, 61, at=at) for number, at in asked}
        expected = [(single[one].total, single[one].reason and str(single[one].reason)) for one in asked]
        assert rated.select("charge", "reason").rows() == expected, name
        count += len(asked)
    return count


def everything(deck: RateDeck) -> list[Any]:
    """What can be asked of a deck without a frame; refusals are among the answers."""
    said: list[Any] = [
        deck.digest,
        deck.labels,
        deck.counts,
        tuple(deck.sizes.items()),
        str(deck.writer),
    ]
    said += [deck.network_groups, deck.prefixes("9"), deck.groups_within("91"), deck.zone_tables, len(deck)]
    for number in NUMBERS:
        for at in TIMES:
            match = deck.match(number, at=at)
            assert pickle.loads(pickle.dumps(match)) == match
            said.append(told(match))
            try:
                charge = deck.rate(number, 61, at=at)
            except RoutingError as refusal:
                said.append((type(refusal).__name__, str(refusal)))
            else:
                said.append((charge.total, charge.exact, charge.reason, charge.deck_digest))
                said.append(str(deck.explain(number, seconds=61, at=at)))
                said += [deck.rate(number, 61, at=at, semantics=other).total for other in OTHERS]
    try:
        deck.match("no number", at=TIMES[0])
    except NumberError as refusal:
        said.append(str(refusal))
    said.append(RateDeck.from_bytes(deck.to_bytes()).digest)
    return said


def hammered(threads: int, rounds: int) -> int:
    """How many times a fresh deck was asked everything by threads that begin at the same moment."""
    alone = {name: everything(RateDeck.open(SAMPLES / f"{name}.deck")) for name in KEPT}
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            for turn in range(rounds):
                name = KEPT[turn % len(KEPT)]
                # What a deck makes at its first use is not there yet.
                deck = RateDeck.open(SAMPLES / f"{name}.deck")
                start = Barrier(threads)

                def ask(deck: RateDeck = deck, start: Barrier = start) -> list[Any]:
                    start.wait(WAIT_S)
                    return everything(deck)

                for asked in [pool.submit(ask) for _ in range(threads)]:
                    assert asked.result(WAIT_S) == alone[name], f"another answer in round {turn}"
    finally:
        sys.setswitchinterval(switching)
    return threads * rounds


def main() -> None:
    asked = argparse.ArgumentParser(description="What must hold wherever the package is installed.")
    asked.add_argument("--inside", type=Path, help="the folder that the package must stand in")
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--rounds", type=int, default=20)
    given = asked.parse_args()
    python = f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"
    print(f"{place(given.inside)}; {python} {lock()}; walks {', '.join(_deck.walks())}")
    print(f"{kept()} kept answers, {columns() or 'no'} rows of frames, ", end="")
    print(f"{hammered(given.threads, given.rounds)} times everything by threads")


if __name__ == "__main__":
    main()
