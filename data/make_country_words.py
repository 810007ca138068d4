"""Make the table of country names that the package ships: numbers/country_words.txt.

The names of CLDR in the languages below, and the spellings of carriers that `country_spellings.csv` keeps
by hand, each with its reason. A name that English knows is of whom English means; a name of a foreign
language that two countries share is of both, and their prefixes decide.

python data/make_country_words.py --date 2026-11-30
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from babel import Locale
from babel.core import get_cldr_version

from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import plain

HERE = Path(__file__).parent
TABLE = HERE.parent / "python/dialnexa_routing/numbers/country_words.txt"

LANGUAGES = (
    "en", "hi", "de", "fr", "es", "pt", "pt_PT", "it", "nl", "ru", "tr", "ar", "zh", "zh_Hant", "id",
    "pl", "bg", "bn", "cs", "da", "el", "fa", "fi", "he", "hr", "hu", "ja", "ko", "mr", "ms", "nb",
    "ro", "sk", "sl", "sr", "sv", "ta", "te", "th", "uk", "ur", "vi",
)  # fmt: skip

# What CLDR names that is no country, or lies inside one that has a name of its own.
_NO_COUNTRY = frozenset(["CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "UN", "XA", "XB", "ZZ"])

# Shorter foreign names are words of everything: "Y" is Italy in Vietnamese, "Cad" is Chad in Turkish.
_FEWEST_LETTERS = 4


def names() -> dict[str, tuple[str, list[str]]]:
    """By ISO code the English name, and all names as they are compared."""
    english = {iso: str(name) for iso, name in Locale.parse("en").territories.items() if _is_country(iso)}
    own: defaultdict[str, set[str]] = defaultdict(set)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    kept = list(english.items())
    kept += [(iso, country.name) for iso, country in COUNTRIES.items()]
    kept += [(row["iso"], name) for row in spellings() for name in row["names"].split("|")]
    for iso, name in kept:
        folded = " ".join(plain(name))
        own[iso].add(folded)
        owners[folded].add(iso)
    for language in LANGUAGES[1:]:
        for iso, name in Locale.parse(language).territories.items():
            # "Myanmar (Birmanie)", "Hongkong, SAR": what stands in front is a name too.
            for form in {str(name), *re.split("[(,（]", str(name))[:1]}:
                folded = " ".join(plain(form))
                if iso in english and _is_long_enough(folded) and not owners[folded] - {iso}:
                    own[iso].add(folded)
    return {iso: (english[iso], sorted(found)) for iso, found in sorted(own.items())}


def spellings() -> list[dict[str, str]]:
    """What is kept by hand. Raises `ValueError` for one without a reason."""
    with (HERE / "country_spellings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if not (row["iso"] and row["names"] and row["reason"]):
            raise ValueError(f"{row} says not what it is for")
    return rows


def _is_country(iso: str) -> bool:
    return len(iso) == 2 and iso.isalpha() and iso not in _NO_COUNTRY


def _is_long_enough(folded: str) -> bool:
    return not folded.isascii() or len(folded) >= _FEWEST_LETTERS


def text(made: str) -> str:
    """The whole file, as of a day."""
    lines = [
        "# Names of countries as they are compared; made by data/make_country_words.py, do not edit.",
        f"origin CLDR {get_cldr_version()} (by Babel {version('babel')}), data/country_spellings.csv",
        "licence Unicode-3.0; spellings: Apache-2.0",
        f"languages {' '.join(LANGUAGES)}",
        f"date {made}",
        f"command python data/make_country_words.py --date {made}",
        "",
        "[names]",
        *(f"{iso}\t{english}\t{'|'.join(found)}" for iso, (english, found) in names().items()),
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the table of country names.")
    parser.add_argument("--date", required=True, help="the day that it is of, as 2026-11-30")
    parser.add_argument("--out", type=Path, default=TABLE)
    options = parser.parse_args()
    options.out.write_text(text(options.date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
