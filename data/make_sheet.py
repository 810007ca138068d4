"""Make data/world.csv: a world rate sheet with real prefixes and invented prices.

python data/make_sheet.py               writes world.csv beside this script
python data/make_sheet.py --describe    prints the shape of the sheet there
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import phonenumbers

from illustrative_terms import Terms, domestic, part, terms
from network_groups import FICTION, FIXED, MOBILE, REST, TOLL_FREE, NetworkGroup, network_groups
from number_plan import CALLING_CODES, WORLD, plan, roots
from sheet_shape import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEET = Path(__file__).with_name("world.csv")

COLUMNS = (
    "provider", "country_iso", "country", "network_group", "prefix", "origin", "inbound_rate",
    "outbound_rate", "rate_unit_s", "currency", "connect_fee", "initial_increment_s",
    "next_increment_s", "minimum_s", "grace_s", "free_s", "min_charge", "max_charge", "valid_from",
    "valid_to", "blocked", "exact_match",
)  # fmt: skip

# Instants of the sheet, Indian time. All are written with the same offset, so they sort as text.
_YEAR, _ENDED, _CHANGE, _LATER = (
    f"2026-{day}T00:00:00+05:30" for day in ("04-01", "09-15", "10-01", "11-15")
)
_ALWAYS, _FOREVER = "", "~"

# Groups whose change of price must not depend on a digest: most Indian calls go there.
_CHANGED = {"India - Mobile - Airtel", "India - Mobile - Reliance Jio"}

EEA = (
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE", "IT",
    "LV", "LI", "LT", "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
)  # fmt: skip
_SURCHARGED = (*EEA, "CH", "GB")

# Countries that publish a toll-free number as a whole number, not as a range.
_WHOLE_NUMBERS = (
    "AU", "BR", "CN", "FR", "GB", "ID", "IN", "IT", "JP", "MX", "MY", "NZ", "SG", "TH", "TR", "US",
    "VN", "ZA",
)  # fmt: skip


class Row(NamedTuple):
    """One line of the sheet: where it applies, from whom, when, and its terms."""

    group: NetworkGroup
    name: str
    prefixes: tuple[str, ...]
    terms: Terms
    origins: tuple[str, ...] = ()
    valid_from: str = _ALWAYS
    valid_to: str = _FOREVER
    exact_match: bool = False

    def cells(self) -> list[str]:
        start, end = (t if t not in (_ALWAYS, _FOREVER) else "" for t in (self.valid_from, self.valid_to))
        t = self.terms
        # A service of no country, as satellite, has no ISO code.
        iso = "" if self.group.iso == WORLD else self.group.iso
        where = ("illustrative", iso, self.group.country, self.name)
        applies = (", ".join(self.prefixes), ", ".join(self.origins))
        priced = (t.inbound_rate, t.outbound_rate, 60, "INR", *t[2:-1])
        flags = tuple(str(flag).lower() for flag in (t.blocked, self.exact_match))
        return ["" if cell is None else str(cell) for cell in (*where, *applies, *priced, start, end, *flags)]


def rows() -> list[Row]:
    """Every row of the sheet, in the order of its file."""
    prefixes: defaultdict[NetworkGroup, list[str]] = defaultdict(list)
    for prefix, group in network_groups().items():
        prefixes[group].append(prefix)
    merged = {group: tuple(found) for group, found in prefixes.items()}
    found = [row for group in merged for row in _versions(group, merged[group])]
    found += [*_by_origin(merged), *_whole_numbers(), *_fictitious_numbers()]
    found.sort(
        key=lambda r: (r.group.iso == WORLD, r.group.country, r.name, r.exact_match, r.origins, r.valid_from)
    )
    check_owners(found)
    return found


def check_owners(found: list[Row]) -> None:
    """Refuse a prefix that two rows own for the same origin at the same time (R22)."""
    owned: defaultdict[tuple[str, str, bool], list[Row]] = defaultdict(list)
    for row in found:
        for prefix in row.prefixes:
            for origin in row.origins or ("",):
                owned[prefix, origin, row.exact_match].append(row)
    for key, owners in owned.items():
        owners.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(owners):
            if later.valid_from < earlier.valid_to:
                raise ValueError(f"{key} is owned by {earlier.name!r} and by {later.name!r}")


def _versions(group: NetworkGroup, prefixes: tuple[str, ...]) -> Iterator[Row]:
    """A group's row for any caller: mostly one, two if its price changes within the sheet."""
    row = Row(group, group.name, prefixes, terms(group))
    since = _YEAR if group.iso == "IN" else _ALWAYS
    at = int(part(f"validity|{group.name}") * 100)
    if not row.terms.blocked and (group.name in _CHANGED or at in (0, 1)):
        factor = Decimal("0.90") + part(f"change|{group.name}") / 4
        yield row._replace(valid_from=since, valid_to=_CHANGE)
        yield row._replace(valid_from=_CHANGE, terms=terms(group, factor=factor))
    elif group.label and at == 2:
        # A network the sheet opens later, or has given up: until then, or since, shorter prefixes serve.
        yield row._replace(valid_from=_LATER)
    elif group.label and at == 3:
        yield row._replace(valid_from=since, valid_to=_ENDED)
    else:
        yield row._replace(valid_from=since)


def _by_origin(merged: dict[NetworkGroup, tuple[str, ...]]) -> Iterator[Row]:
    """Rows for some callers only, beside the row for any caller."""
    of_kind: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for group, prefixes in merged.items():
        of_kind[group.iso, group.kind] += prefixes
    eea = tuple(sorted({str(code) for code, regions in CALLING_CODES.items() if regions[0] in EEA}))
    # Africa and the Pacific, as sheets of European terminations list them.
    costly = tuple(
        sorted(str(code) for code in CALLING_CODES if str(code).startswith(("2", "67", "68", "69")))
    )
    caribbean = tuple(
        sorted(p for p, (iso, code) in roots().items() if code == 1 and iso not in ("US", "CA"))
    )

    def row(iso: str, kind: str, suffix: str, origins: tuple[str, ...], factor: str) -> Row:
        group = NetworkGroup(iso, phonenumbers.country_code_for_region(iso), kind, "")
        name = f"{group.name} - {suffix}"
        own = tuple(sorted(of_kind[iso, kind]))
        return Row(group, name, own, terms(group, suffix, Decimal(factor)), origins)

    for iso in _SURCHARGED:
        yield row(iso, FIXED, "from EEA", eea, "0.35")
        yield row(iso, MOBILE, "from EEA", eea, "0.30")
        yield row(iso, MOBILE, "from High Cost Origins", costly, "2.80")
        yield row(iso, REST, "from US/CA", ("1",), "0.60")
        # The same group and price again: it only takes the Caribbean out of the callers from 1.
        default = row(iso, REST, "from the Caribbean", caribbean, "1")
        yield default._replace(name=default.group.name, terms=terms(default.group))
    for kind in (REST, FIXED, MOBILE):
        inland = row("IN", kind, "Domestic", ("91",), "1")
        name = " - ".join(part for part in ("India", "Domestic", kind) if part)
        yield inland._replace(name=name, terms=domestic(inland.group))
    yield row("IN", MOBILE, "from 140 series", ("91140",), "1")


def _whole_numbers() -> Iterator[Row]:
    """Toll-free numbers listed in full, as phonenumbers gives them for examples."""
    for iso in _WHOLE_NUMBERS:
        code = phonenumbers.country_code_for_region(iso)
        group = NetworkGroup(iso, code, TOLL_FREE, "")
        toll_free = plan(iso, code).toll_free
        if toll_free is None:
            raise ValueError(f"phonenumbers knows no toll-free number of {iso}")
        number = f"{code}{toll_free.example_number}"
        yield Row(group, group.name, (number,), terms(group), exact_match=True)


def _fictitious_numbers() -> Iterator[Row]:
    """The hundred numbers of one area code that are kept for fiction, each in full."""
    group = NetworkGroup("US", 1, FICTION, "")
    numbers = tuple(f"120255501{n:02}" for n in range(100))
    yield Row(group, group.name, numbers, terms(group), exact_match=True)


def write(path: Path) -> None:
    """Write the sheet; the same bytes for the same version of phonenumbers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(row.cells() for row in rows())


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the illustrative world rate sheet.")
    parser.add_argument("--out", type=Path, default=SHEET, help="where to write it")
    parser.add_argument(
        "--describe", action="store_true", help="print the shape of an existing sheet instead"
    )
    arguments = parser.parse_args()
    if arguments.describe:
        print(describe(arguments.out))
    else:
        write(arguments.out)


if __name__ == "__main__":
    main()
