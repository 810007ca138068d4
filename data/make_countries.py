"""Make data/countries.csv: every country of phonenumbers with its English name and calling code.

python data/make_countries.py
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from number_plan import CALLING_CODES, WORLD, country_name

COUNTRIES = Path(__file__).with_name("countries.csv")


def countries() -> list[tuple[str, str, int]]:
    """ISO code, name and calling code, by ISO code; services without a country are left out."""
    return sorted(
        (iso, country_name(iso, code), code)
        for code, regions in CALLING_CODES.items()
        for iso in regions
        if iso != WORLD
    )


def write(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("iso", "name", "calling_code"))
        out.writerows(countries())


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the list of countries and calling codes.")
    parser.add_argument("--out", type=Path, default=COUNTRIES, help="where to write it")
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
