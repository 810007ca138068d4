"""Make the table of currencies that the package ships: money/iso_4217.py.

ISO 4217 says which codes there are and how many decimals their minor unit has; CLDR, which codes
were withdrawn, and when. Units of account, metals and codes for tests are nobody's price and left out.

python data/make_currencies.py --date 2026-11-30
"""

from __future__ import annotations

import argparse
from datetime import date
from importlib.metadata import version
from pathlib import Path

import iso4217
from babel.core import get_cldr_version, get_global

MODULE = Path(__file__).parents[1] / "python/dialnexa_routing/money/iso_4217.py"

# Decks in money that ended longer ago are of no use to anybody.
_SINCE = date(2010, 1, 1)

_HEAD = '''\
# Made by data/make_currencies.py; do not edit.
"""Currencies: the codes of ISO 4217 with the decimals of their minor unit, and those withdrawn of late."""

from __future__ import annotations

'''


def currencies() -> dict[str, int]:
    """Codes of today's money with the decimals of their minor unit."""
    found: dict[str, int] = {}
    for entry in iso4217.raw_xml.findall("CcyTbl/CcyNtry"):
        name = entry.find("CcyNm")
        code, places = (entry.findtext(tag, "").strip() for tag in ("Ccy", "CcyMnrUnts"))
        is_fund = name is not None and name.get("IsFund") == "true"
        if code and not is_fund and places.isascii() and places.isdecimal():
            found[code] = int(places)
    return dict(sorted(found.items()))


def former() -> dict[str, date]:
    """Codes that were withdrawn since 2010, with the last day of their money."""
    ends: dict[str, list[date | None]] = {}
    for held in get_global("territory_currencies").values():
        for code, _, end, is_tender in held:
            if is_tender:
                ends.setdefault(code, []).append(end and date(*end))
    today = currencies()
    last = {code: max(day for day in days if day) for code, days in ends.items() if None not in days}
    return {code: day for code, day in sorted(last.items()) if day >= _SINCE and code not in today}


def text(made: str) -> str:
    """The whole module, as of a day."""
    origin = (
        f"ISO 4217 list one of {iso4217.__published__} (by iso4217 {version('iso4217')}),"
        f" CLDR {get_cldr_version()} (by Babel {version('babel')})"
    )
    facts = {
        "ORIGIN": (origin, "What the table was made from."),
        "LICENCE": ("ISO 4217 by iso4217: public domain; CLDR: Unicode-3.0", "Of that."),
        "DATE": (made, "The day that the table is of."),
    }
    lines = []
    for name, (value, words) in facts.items():
        lines += [f'{name} = "{value}"'] if len(value) < 90 else [f"{name} = (", *_parted(value), ")"]
        lines += [f'"""{words}"""']
    lines += ["", "CURRENCIES: dict[str, int] = {"]
    lines += [f'    "{code}": {places},' for code, places in currencies().items()]
    lines += ["}", '"""Codes in use, with the decimals of the minor unit: 2 is a hundredth, 0 has none."""']
    lines += ["", "FORMER: dict[str, str] = {"]
    lines += [f'    "{code}": "{day}",' for code, day in former().items()]
    lines += ["}", '"""Codes withdrawn since 2010, with the last day of their money."""']
    return _HEAD + "\n".join([*lines, ""])


def _parted(value: str) -> list[str]:
    first, rest = value.split(", ", 1)
    return [f'    "{first}, "', f'    "{rest}"']


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the table of currencies.")
    parser.add_argument("--date", required=True, help="the day that it is of, as 2026-11-30")
    parser.add_argument("--out", type=Path, default=MODULE)
    options = parser.parse_args()
    options.out.write_text(text(options.date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
