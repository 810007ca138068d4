"""Make the table of month and day names that the package ships: sheets/cells/month_names.txt.

The names of CLDR, wide and abbreviated, in the languages of `make_country_words.LANGUAGES`. A name that is of
two months is left out: "listopad" is October in Croatian and November in Polish.

python data/make_month_names.py --date 2026-12-01
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from babel import Locale
from babel.core import get_cldr_version

from dialnexa_routing.sheets.folding import folded
from make_country_words import LANGUAGES

TABLE = Path(__file__).parent.parent / "python/dialnexa_routing/sheets/cells/month_names.txt"

# "s" and "m" are no names, and a lone "ma" is a word of too many things.
_FEWEST_LETTERS = 3


def months() -> dict[int, list[str]]:
    """The names of each month, from 1, as they are compared."""
    owners: defaultdict[str, set[int]] = defaultdict(set)
    for language in LANGUAGES:
        calendar = Locale.parse(language).months
        for kind in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in calendar[kind][width].items():
                    owners[_plain(str(name))].add(int(month))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for name, several in sorted(owners.items()):
        if len(several) == 1 and _is_name(name):
            found[next(iter(several))].append(name)
    return dict(sorted(found.items()))


def days() -> list[str]:
    """The names of the days of the week, as they are compared, without those that name a month as well."""
    taken = {name for names in months().values() for name in names}
    found = set()
    for language in LANGUAGES:
        calendar = Locale.parse(language).days
        for kind in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {_plain(str(name)) for name in calendar[kind][width].values()}
    return sorted(name for name in found - taken if _is_name(name))


def _plain(name: str) -> str:
    return folded(name).strip(". ")


def _is_name(name: str) -> bool:
    """Whether a name is one word of letters, long enough to be no word of something else."""
    fewest = _FEWEST_LETTERS if name.isascii() else 2
    return len(name) >= fewest and not re.search(r"[\s0-9.,/'\u2019()\u2010-\u2015-]", name)


def text(made: str) -> str:
    """The whole file, as of a day."""
    lines = [
        "# Names of months and days as they are compared; made by data/make_month_names.py, do not edit.",
        f"origin CLDR {get_cldr_version()} (by Babel {version('babel')})",
        "licence Unicode-3.0",
        f"languages {' '.join(LANGUAGES)}",
        f"date {made}",
        f"command python data/make_month_names.py --date {made}",
        "",
        "[names]",
        *(f"{month}\t{'|'.join(names)}" for month, names in months().items()),
        f"0\t{'|'.join(days())}",
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the table of month names.")
    parser.add_argument("--date", required=True, help="the day that it is of, as 2026-12-01")
    parser.add_argument("--out", type=Path, default=TABLE)
    options = parser.parse_args()
    options.out.write_text(text(options.date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
