"""The sheets that reading is measured on: one long CSV, a folder of JSON documents, a small workbook."""

from __future__ import annotations

import csv
import json
import random
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORLD = Path(__file__).parent.parent / "data" / "world.csv"
COUNTRIES = 225
PREFIXES = 64_174  # in as many documents, as a large provider publishes
SMALL_ROWS = 2_000
_TERMS = ("initial_increment_s", "next_increment_s")
_COLUMNS = ("prefix", "network_group", "country_iso", "country", "outbound_rate", *_TERMS)


class Row(NamedTuple):
    """One prefix of the made-up world."""

    prefix: str
    group: str
    iso: str
    country: str
    rate: str


def prepare(folder: Path, rows: int, seed: int) -> None:
    if (folder / "country-rows").exists():
        return
    for name in ("json", "country"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    made = list(islice(_world(seed), rows))
    _write_csv(folder / "sheet.csv", made)
    _write_csv(folder / "small.csv", made[:SMALL_ROWS])
    _write_workbook(folder / "small.xlsx", made[:SMALL_ROWS])
    prefixes = list(islice(_world(seed), PREFIXES))
    _write_documents(folder / "json", prefixes, _account_pricing)
    _write_documents(folder / "country", prefixes, _country_pricing)
    (folder / "rows").write_text(str(len(made)))
    (folder / "country-rows").write_text(str(PREFIXES))


def write_csv(path: Path, rows: int, seed: int) -> None:
    """The long sheet alone, of so many rows."""
    _write_csv(path, list(islice(_world(seed), rows)))


def _write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([*row, "60", "60"] for row in rows)


def _world(seed: int) -> Iterator[Row]:
    """Prefixes of the world, each a digit longer in every round, so that there are as many as one wants."""
    chance = random.Random(seed)
    with WORLD.open(newline="", encoding="utf-8") as file:
        known = [
            (prefix.strip(), row["network_group"], row["country_iso"], row["country"])
            for row in csv.DictReader(file)
            for prefix in row["prefix"].split(",")
        ]
    seen: set[str] = set()
    for longer in count():
        for prefix, group, iso, country in known:
            for tail in range(10**longer):
                text = f"{prefix}{tail:0{longer}}" if longer else prefix
                if len(text) <= 15 and text not in seen:
                    seen.add(text)
                    rate = f"{chance.randrange(20)}.{chance.randrange(1, 100_000):05d}"
                    yield Row(text, group, iso, country, rate)


def _write_workbook(path: Path, rows: list[Row]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _COLUMNS)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [*row, "60", "60"])


def _write_documents(folder: Path, rows: list[Row], shape: Callable[[str, list[Row]], object]) -> None:
    """One document of a shape for each country; the last one takes what is left."""
    countries: dict[str, list[Row]] = {}
    for row in rows:
        iso = row.iso if row.iso in countries or len(countries) < COUNTRIES else next(reversed(countries))
        countries.setdefault(iso, []).append(row)
    for iso, held in countries.items():
        (folder / f"{iso}.json").write_text(json.dumps(shape(iso, held)), encoding="utf-8")


def _groups(rows: list[Row], prefix: str) -> list[dict[str, object]]:
    """The rows as a list of rates, one for each network group."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return [
        {
            "origination_prefix": [""],
            prefix: [row.prefix for row in some],
            "rate": some[0].rate,
            "voice_network_group": group,
            "voice_unit": 60,
        }
        for group, some in groups.items()
    ]


def _account_pricing(iso: str, rows: list[Row]) -> object:
    """As Plivo's Account Pricing has them: the direction first."""
    outbound = {"local": {"rate": rows[0].rate}, "rates": _groups(rows, "prefix")}
    return {
        "api_id": "00000000-0000-0000-0000-000000000000",
        "country": rows[0].country,
        "country_iso": iso,
        "voice": {
            "inbound": {"local": {"rate": "0.00600"}, "tollfree": {"rate": None}},
            "outbound": outbound,
        },
    }


def _country_pricing(iso: str, rows: list[Row]) -> object:
    """As Plivo's CountryPricing has them: the type of number first, and calls to addresses beside it."""
    local = {"rate": rows[0].rate, "rates": _groups(rows, "destination_prefix")}
    return {
        "country": rows[0].country,
        "country_iso": iso,
        "voice": {
            "ip": {"inbound": {"rate": "0.00330"}, "outbound": {"rates": {"all": "0.00330"}}},
            "local": {"inbound": {"rate": "0.00600"}, "outbound": local},
            "toll_free": {"inbound": {"rate": None}, "outbound": {"rate": "0.00000", "rates": None}},
            "add_on_pricing": {"recording": 0.0},
        },
    }
