"""Make data/countries.csv and the module of the package that holds the same.

Every country of phonenumbers with its English name, calling code, and time zone if it keeps one time.

python data/make_countries.py
"""

from __future__ import annotations

import argparse
import csv
import io
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from number_plan import CALLING_CODES, WORLD, country_name

COUNTRIES = Path(__file__).with_name("countries.csv")
MODULE = COUNTRIES.parents[1] / "python/dialnexa_routing/numbers/countries.py"

_ZONES = files("tzdata") / "zoneinfo"

# The table of zones goes by ISO 3166, which counts these with others or has no code for them.
_ZONES_OF = {"AC": "SH", "TA": "SH", "XK": "RS"}

# Zones that once differed and no longer do are one: their clocks are compared hour by hour.
_HOURS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(2 * 365 * 24)]

_HEAD = '''\
# Made by data/make_countries.py from data/countries.csv; do not edit.
"""Countries: ISO code, English name, calling code, and the time zone of those that keep one time."""

from __future__ import annotations

from typing import NamedTuple


class Country(NamedTuple):
    """A country; several may share a calling code.

    `timezone` is None where clocks differ inside the country, so that it states nothing (R37).
    """

    iso: str
    name: str
    calling_code: str
    timezone: str | None


COUNTRIES: dict[str, Country] = {
    country.iso: country
    for country in (
'''

_FOOT = '''\
    )
}
"""Every country by its ISO code, in order."""
'''


def countries() -> list[tuple[str, str, int, str]]:
    """ISO code, name, calling code and zone, by ISO code; services without a country are left out."""
    zones = timezones()
    return sorted(
        (iso, country_name(iso, code), code, zones.get(_ZONES_OF.get(iso, iso), ""))
        for code, regions in CALLING_CODES.items()
        for iso in regions
        if iso != WORLD
    )


def timezones() -> dict[str, str]:
    """The first zone of each country whose zones all tell the same time."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for line in (_ZONES / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            iso, _, zone = line.split("\t")[:3]
            listed[iso].append(zone)
    return {iso: zones[0] for iso, zones in listed.items() if _agree(zones)}


def _agree(zones: list[str]) -> bool:
    first, *others = map(_clock, zones)
    return all(
        hour.astimezone(first).utcoffset() == hour.astimezone(other).utcoffset()
        for other in others
        for hour in _HOURS
    )


def _clock(zone: str) -> ZoneInfo:
    """From the package's own data: the system's may be of another release."""
    data = _ZONES.joinpath(*zone.split("/")).read_bytes()
    return ZoneInfo.from_file(io.BytesIO(data))


def write(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("iso", "name", "calling_code", "timezone"))
        out.writerows(countries())


def module(path: Path) -> str:
    """The text of the module that holds what a file written by `write` does."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _HEAD + "".join(map(_line, rows)) + _FOOT


def _line(row: dict[str, str]) -> str:
    words = ", ".join(f'"{word}"' if word else "None" for word in row.values())
    return f"        Country({words}),\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the list of countries, calling codes and zones.")
    parser.add_argument("--out", type=Path, help="where to write the list alone, leaving the module as it is")
    out = parser.parse_args().out
    write(out or COUNTRIES)
    if not out:
        MODULE.write_text(module(COUNTRIES), encoding="utf-8")


if __name__ == "__main__":
    main()
