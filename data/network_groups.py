"""Which network group each destination prefix belongs to, from the tables of phonenumbers.

Carrier prefixes are mobile networks and geographic prefixes are landlines; the ranges of the
numbering plan add what has no carrier and no place: premium, toll-free, shared cost, and the rest.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from phonenumbers.carrierdata import CARRIER_DATA
from phonenumbers.geodata import GEOCODE_DATA

from number_plan import CALLING_CODES, WORLD, country_name, plan, roots, starts

T = TypeVar("T")

REST, MOBILE, FIXED, PREMIUM, SATELLITE = "", "Mobile", "Fixed", "Premium", "Satellite"
TOLL_FREE, SHARED, VOIP = "Toll-free", "Shared Cost", "VoIP"
PERSONAL, FICTION = "Personal Number", "Fictitious"

# Ranges of a country's plan, in the order in which one yields a prefix to another.
_RANGES = {
    "premium_rate": (PREMIUM, 5),
    "toll_free": (TOLL_FREE, 5),
    "shared_cost": (SHARED, 5),
    "voip": (VOIP, 4),
    "personal_number": (PERSONAL, 4),
    "mobile": (MOBILE, 3),
    "fixed_line": (FIXED, 2),
}

# What a service without a country is priced as.
_SERVICE_KINDS = {800: TOLL_FREE, 808: SHARED, 870: SATELLITE, 881: SATELLITE, 878: PERSONAL, 979: PREMIUM}

# How many digits of the finest tables a commercial sheet would keep: the longest match decides the
# entry. China and Australia alone have 190 000 places; of the United States' exchanges those of the
# area codes from 201 to 499 stay.
_DEEPEST = {
    "1": 4, "12": 7, "13": 7, "14": 7, "33": 5, "359": 5, "49": 5, "55": 7, "5511": 9, "56": 7,
    "60": 5, "61": 6, "64": 5, "86": 7,
}  # fmt: skip

# Countries whose landlines the sheet prices by state or province; elsewhere they are one group.
_BY_PLACE = {"CA", "CN", "IN", "US"}

# A shorter prefix of so many national digits joins its longer ones' group if enough of them lie below
# it and that share of them agree.
_LEVELS, _FEWEST_BELOW, _AGREED = (2, 4), 3, 0.6

# Numbers that regulators keep for films and books: the ranges of Ofcom, and 555-01xx of each North
# American area code. They lie inside live ranges, where a sheet has to refuse them.
_FICTION = {"GB": ("441632960", "442079460", "447700900", "448081570", "449098790")}
_NORTH_AMERICAN_FICTION = "55501"


class NetworkGroup(NamedTuple):
    """Where a prefix leads: a region, the kind of number, and a network or place within them."""

    iso: str
    calling_code: int
    kind: str
    label: str

    @property
    def country(self) -> str:
        return country_name(self.iso, self.calling_code)

    @property
    def name(self) -> str:
        return " - ".join(part for part in (self.country, self.kind, self.label) if part)


def network_groups() -> dict[str, NetworkGroup]:
    """Every prefix of the sheet with its group."""
    owners = roots()
    groups: dict[str, NetworkGroup] = {}
    for prefix, (iso, code) in owners.items():
        groups[prefix] = NetworkGroup(iso, code, REST if iso != WORLD else _SERVICE_KINDS.get(code, REST), "")
    for found in (_carriers(owners), _satellites(owners), _places(owners), _fiction(owners), _ranges(owners)):
        for prefix, group in sorted(found.items()):
            groups.setdefault(prefix, group)
    return dict(sorted((groups | _shorter(groups, set(owners))).items()))


def _longest(prefix: str, table: dict[str, T]) -> T | None:
    return next((table[prefix[:n]] for n in range(len(prefix), 0, -1) if prefix[:n] in table), None)


def _is_kept(prefix: str, iso: str) -> bool:
    deepest = _longest(prefix, _DEEPEST)
    return deepest is None or len(prefix) <= deepest or (prefix[0] == "1" and iso != "US")


def _carriers(owners: dict[str, tuple[str, int]]) -> dict[str, NetworkGroup]:
    found: dict[str, NetworkGroup] = {}
    for prefix, names in CARRIER_DATA.items():
        owner = _longest(prefix, owners)
        if owner and _is_kept(prefix, owner[0]):
            name = names.get("en") or names[min(names)]
            kind = SATELLITE if _SERVICE_KINDS.get(owner[1]) == SATELLITE else MOBILE
            found[prefix] = NetworkGroup(*owner, kind, _mended(name))
    return found


def _satellites(owners: dict[str, tuple[str, int]]) -> dict[str, NetworkGroup]:
    """Satellite networks under a code of several services, which would have the price of the others."""
    with (Path(__file__).parent / "satellite_series.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["prefix"]: NetworkGroup(*owner, SATELLITE, row["name"])
        for row in rows
        if row["prefix"] not in owners and (owner := _longest(row["prefix"], owners))
    }


def _mended(name: str) -> str:
    """The name on one line, and as UTF-8 where phonenumbers has it decoded as Latin-1 (three in Chile)."""
    # A name that is not damaged makes no sense as bytes of the other encoding, and stays.
    with suppress(UnicodeError):
        name = name.encode("latin-1").decode("utf-8")
    return " ".join(name.split())


def _places(owners: dict[str, tuple[str, int]]) -> dict[str, NetworkGroup]:
    found: dict[str, NetworkGroup] = {}
    for prefix in GEOCODE_DATA:
        owner = _longest(prefix, owners)
        if owner and _is_kept(prefix, owner[0]):
            found[prefix] = NetworkGroup(*owner, FIXED, _place(prefix) if owner[0] in _BY_PLACE else "")
    return found


def _place(prefix: str) -> str:
    """The state or town of the shortest entry above: an area code's exchanges are priced with it."""
    entry = next(GEOCODE_DATA[prefix[:n]] for n in range(1, len(prefix) + 1) if prefix[:n] in GEOCODE_DATA)
    label = str(entry.get("en", "")).split(", ")[-1].strip()
    # Two letters are the abbreviation of a state whose other prefixes carry its name.
    return label if len(label) > 2 else ""


def _ranges(owners: dict[str, tuple[str, int]]) -> dict[str, NetworkGroup]:
    found: dict[str, NetworkGroup] = {}
    for code, regions in sorted(CALLING_CODES.items()):
        for iso in regions:
            metadata = plan(iso, code)
            for field, (kind, limit) in _RANGES.items():
                numbers = getattr(metadata, field)
                # North American landlines and mobiles share their area codes.
                if (
                    iso == WORLD
                    or (code == 1 and kind in (MOBILE, FIXED))
                    or not (numbers and numbers.national_number_pattern)
                ):
                    continue
                for start in starts(numbers.national_number_pattern, limit):
                    prefix = f"{code}{start}"
                    # A range that several regions share is the one's that owns the digits before it.
                    if prefix not in owners and _longest(prefix, owners) == (iso, code):
                        found.setdefault(prefix, NetworkGroup(iso, code, kind, ""))
    return found


def _fiction(owners: dict[str, tuple[str, int]]) -> dict[str, NetworkGroup]:
    found = {
        p: NetworkGroup(iso, int(p[:2]), FICTION, "") for iso, ranges in _FICTION.items() for p in ranges
    }
    area_codes = {prefix[:4] for prefix in GEOCODE_DATA if prefix[0] == "1"}
    for area_code in area_codes:
        owner = _longest(area_code, owners)
        if owner:
            found[area_code + _NORTH_AMERICAN_FICTION] = NetworkGroup(*owner, FICTION, "")
    return found


def _shorter(groups: dict[str, NetworkGroup], owners: set[str]) -> dict[str, NetworkGroup]:
    """Prefixes between those of the tables, where what lies below agrees on a group or a kind.

    Commercial sheets nest so: the carrier's whole series first, its exceptions and repetitions after.
    """
    below: defaultdict[str, Counter[NetworkGroup]] = defaultdict(Counter)
    for prefix, group in groups.items():
        if group.kind in (MOBILE, FIXED) and prefix not in owners:
            country = len(str(group.calling_code))
            for n in _LEVELS:
                start = prefix[: country + n]
                # North America agrees on nothing shorter than an area code.
                if start not in groups and start != prefix and (group.calling_code != 1 or len(start) >= 4):
                    below[start][group] += 1
    found: dict[str, NetworkGroup] = {}
    for prefix, counts in below.items():
        whole = sum(counts.values())
        if whole < _FEWEST_BELOW:
            continue
        kinds: Counter[NetworkGroup] = Counter()
        for group, count in counts.items():
            kinds[group._replace(label="")] += count
        for candidates in (counts, kinds):
            group, count = min(candidates.items(), key=lambda item: (-item[1], item[0]))
            if count >= whole * _AGREED:
                found[prefix] = group
                break
    return found
