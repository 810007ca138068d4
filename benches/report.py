"""Figures as plain tables on the terminal, as JSON, and as a record kept in git."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import machine
from rounds import Spread

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from rounds import Lap

_NOT_TOLD = ("json", "record", "folder", "wheel")  # places, which say nothing about the measurement
RECORDS = Path(__file__).parent / "records"


class Figure(NamedTuple):
    """One measured value."""

    bench: str
    deck: str
    stream: str
    what: str
    measure: str
    value: float | str
    unit: str


class Report:
    """The figures of one run of one script."""

    def __init__(self, bench: str) -> None:
        self._bench = bench
        self._figures: list[Figure] = []
        self._machine = machine.description()
        print(
            f"{bench}: " + ", ".join(f"{name} {value}" for name, value in self._machine.items()), flush=True
        )

    def add(self, deck: str, stream: str, what: str, measure: str, value: float | str, unit: str) -> None:
        """Keep one figure."""
        self._figures.append(Figure(self._bench, deck, stream, what, measure, value, unit))

    def rates(self, deck: str, stream: str, what: str, laps: Iterable[Lap], rows: int) -> list[str]:
        """Keep the rates of laps over so many rows; the cells of a table for them."""
        laps = list(laps)
        cpu = Spread.of([rows / lap.cpu / 1e6 for lap in laps])
        wall = Spread.of([rows / lap.wall / 1e6 for lap in laps])
        self.add(deck, stream, what, "rate, cpu", cpu.median, "M rows/s")
        self.add(deck, stream, what, "rate, cpu, interquartile share", cpu.quartiles, "1")
        self.add(deck, stream, what, "rate, wall", wall.median, "M rows/s")
        return [f"{cpu.median:.2f}", f"{wall.median:.2f}", f"{cpu.quartiles:.0%}"]

    def ratio(
        self, deck: str, stream: str, what: str, measure: str, above: Sequence[float], below: Sequence[float]
    ) -> str:
        """Keep the median over rounds of one time divided by another; the cell for it."""
        middle = Spread.of([one / other for one, other in zip(above, below, strict=True)]).median
        self.add(deck, stream, what, measure, middle, "x")
        return f"{middle:.3g}"

    def finish(self, options: argparse.Namespace) -> None:
        """Write what the command line asked for."""
        asked = {
            name: value
            for name, value in vars(options).items()
            if name not in _NOT_TOLD and value is not None
        }
        if options.json:
            told = {
                "machine": self._machine,
                "options": asked,
                "figures": [figure._asdict() for figure in self._figures],
            }
            Path(options.json).write_text(json.dumps(told, indent=1) + "\n")
        if options.record:
            self._record(asked)

    def _record(self, asked: dict[str, object]) -> None:
        day = datetime.now(UTC).date().isoformat()
        place = RECORDS / f"{machine.name()}-{day}.csv"
        place.parent.mkdir(exist_ok=True)
        fresh = not place.exists()
        with place.open("a", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            if fresh:
                rows.writerow(Figure._fields)
            for kind, told in (("machine", self._machine), ("option", asked)):
                rows.writerows((self._bench, "", "", kind, name, value, "") for name, value in told.items())
            rows.writerows(self._figures)
        print(f"recorded in {place.name}")


def options(parser: argparse.ArgumentParser) -> None:
    """The options that every script has."""
    parser.add_argument("--seed", type=int, default=1, help="of decks and streams")
    parser.add_argument(
        "--folder", type=Path, default=Path("out/bench"), help="where decks and streams are kept"
    )
    parser.add_argument("--json", metavar="PATH", help="write all figures there")
    parser.add_argument("--record", action="store_true", help="append all figures to benches/records")


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns, the first one flush left and the others flush right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        cells = [
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip())
        if not number:
            print("  " + "  ".join("-" * width for width in widths), flush=True)
