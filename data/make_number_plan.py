"""Make the number plan of the world that the package ships: numbers/number_plan.txt.

What phonenumbers knows of numbers, as tables: how long they are under each calling code, which are
emergency numbers, which region a prefix belongs to, which digits begin a number at all, which series
are premium; and, from the files beside this script, satellite series and renumberings.

python data/make_number_plan.py --date 2026-11-30
"""

from __future__ import annotations

import argparse
import csv
from functools import lru_cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers.shortnumberinfo import SUPPORTED_SHORT_REGIONS

from number_patterns import DIGITS, State, lengths, numbers, read, state, step
from number_plan import CALLING_CODES, WORLD, plan, roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
PLAN = HERE.parent / "python/dialnexa_routing/numbers/number_plan.txt"

PREMIUM, MOBILE = "premium_rate", "mobile"
KINDS = (
    "fixed_line",
    MOBILE,
    "toll_free",
    PREMIUM,
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_E164 = 15
# Deeper, premium series come one number at a time.
_SERIES = 6
_MOBILE = 4
# How many national digits tell which region of a shared code a number is of: in North America, elsewhere.
_AREA_CODE, _SHARED = 3, 5
COMPLETE = "*"


def patterns(code: int, kinds: Iterable[str] = KINDS) -> Iterator[tuple[str, int]]:
    """The patterns of a calling code's numbers, each with a bit for every length that E.164 allows."""
    for region in CALLING_CODES[code]:
        yield from _patterns_of(region, code, kinds)


def _patterns_of(region: str, code: int, kinds: Iterable[str] = KINDS) -> Iterator[tuple[str, int]]:
    room = (1 << (_E164 - len(str(code)) + 1)) - 1
    metadata = plan(region, code)
    for kind in kinds:
        described = getattr(metadata, kind)
        if described is not None and described.national_number_pattern:
            possible = described.possible_length or _all(metadata).possible_length
            yield described.national_number_pattern, _mask(possible) & room


def _all(metadata: phonenumbers.PhoneMetadata) -> phonenumbers.PhoneNumberDesc:
    """What holds for every kind of number."""
    assert metadata.general_desc is not None
    return metadata.general_desc


def _mask(counts: Iterable[int]) -> int:
    # -1 stands for no number at all.
    return sum(1 << count for count in set(counts) if count > 0)


def national_lengths(code: int) -> list[int]:
    """Digits after a calling code, over all kinds and regions; what is dialled locally only is left out.

    Lengths beyond E.164 are kept: they are phonenumbers' and R1's business, not this table's.
    """
    found: set[int] = set()
    for region in CALLING_CODES[code]:
        metadata = plan(region, code)
        for kind in ("general_desc", *KINDS):
            described = getattr(metadata, kind)
            found.update(() if described is None else described.possible_length)
    return sorted(count for count in found if count > 0)


def emergencies() -> dict[int, list[str]]:
    """Emergency numbers by calling code."""
    found: dict[int, set[str]] = {}
    for region in SUPPORTED_SHORT_REGIONS:
        metadata = phonenumbers.PhoneMetadata.short_metadata_for_region(region)
        described = None if metadata is None else metadata.emergency
        if metadata is None or described is None or not described.national_number_pattern:
            continue
        possible = _mask(described.possible_length or _all(metadata).possible_length)
        numbered = numbers(read(described.national_number_pattern), possible)
        found.setdefault(phonenumbers.country_code_for_region(region), set()).update(numbered)
    return {code: sorted(found[code]) for code in sorted(found)}


def premium(code: int) -> list[str]:
    """The shortest prefixes, calling code in front, under which every number is a premium one."""
    others = state(*patterns(code, [kind for kind in KINDS if kind != PREMIUM]))
    return list(_only(state(*patterns(code, [PREMIUM])), others, str(code), len(str(code)) + _SERIES))


def _only(these: State, others: State, begun: str, limit: int) -> Iterator[str]:
    if these and not others:
        yield begun
    elif these and len(begun) < limit:
        for digit in DIGITS:
            yield from _only(step(these, digit), step(others, digit), begun + digit, limit)


def mobile(code: int) -> list[str]:
    """The shortest prefixes, calling code in front, under which every number is a mobile one."""
    others = state(*patterns(code, [kind for kind in KINDS if kind != MOBILE]))
    return list(_only(state(*patterns(code, [MOBILE])), others, str(code), len(str(code)) + _MOBILE))


class Automaton:
    """Which digits begin a number, under all calling codes: states that go on alike are one.

    A state is written after those that it leads to, as `digits:state` for each of them, `*` being the
    end of a number that no longer one begins with, and in front `!` where a number may end.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[str, str] = {}
        self._known: dict[State, str] = {}

    def number(self, at: State) -> str:
        """The number of a state, which is written if none is like it."""
        if at not in self._known:
            line = self._line(at)
            if line not in self._numbers and line != COMPLETE:
                self._numbers[line] = str(len(self.lines))
                self.lines.append(line)
            self._known[at] = self._numbers.get(line, COMPLETE)
        return self._known[at]

    def _line(self, at: State) -> str:
        if all(left == 1 for _, left in at):
            return COMPLETE
        next_ones = {digit: after for digit in DIGITS if (after := step(at, digit))}
        digits_to: dict[str, str] = {}
        for digit, after in next_ones.items():
            to = self.number(after)
            digits_to[to] = digits_to.get(to, "") + digit
        is_number = any(lengths(pattern) & left & 1 for pattern, left in at)
        return " ".join(["!"] * is_number + [f"{digits}:{to}" for to, digits in digits_to.items()])


def regions() -> Iterator[str]:
    """Each prefix that changes the region, and the region; `-` for services that belong to none."""
    for prefix, (region, _) in sorted(_roots().items()):
        yield f"{prefix} {'-' if region == WORLD else region}"


def sharing(code: int) -> Iterator[str]:
    """The regions that numbers under each prefix can be of, where several have a calling code.

    A prefix is told where it can be of fewer regions than the next shorter one. Numbers that several
    regions have alike, as the mobiles of Finland and Aland, stay of all of them. Area codes decide in
    North America.
    """
    limit = _AREA_CODE if code == 1 else _SHARED
    states = {region: state(*_patterns_of(region, code)) for region in CALLING_CODES[code]}
    return _split(states, str(code), len(str(code)) + limit, "")


def _split(states: dict[str, State], begun: str, limit: int, above: str) -> Iterator[str]:
    regions = " ".join(sorted(region for region, at in states.items() if at))
    if regions and regions != above:
        yield f"{begun} {regions}"
    if len(begun) < limit and " " in regions:
        for digit in DIGITS:
            after = {region: step(at, digit) for region, at in states.items() if at}
            yield from _split(after, begun + digit, limit, regions)


def changes() -> Iterator[str]:
    """Ranges that are born or dead by a release, a line for each kind and release."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in _rows("range_changes.csv"):
        found.setdefault((row["change"], row["by_release"], row["by_date"]), []).append(row["prefix"])
    for key in sorted(found, key=lambda one: (one[0], one[2])):
        yield " ".join((*key, *found[key]))


def text(date: str) -> str:
    """The whole file, as of a day."""
    automaton = Automaton()
    starts = [f"{code} {automaton.number(state(*patterns(code)))}" for code in sorted(CALLING_CODES)]
    satellites = [f"{row['prefix']} satellite {row['name']}" for row in _rows("satellite_series.csv")]
    premiums = [
        f"{prefix} premium {_region(prefix)}" for code in sorted(CALLING_CODES) for prefix in premium(code)
    ]
    sections = {
        "lengths": [f"{code} {_joined(national_lengths(code))}" for code in sorted(CALLING_CODES)],
        "emergency": [f"{code} {' '.join(found)}" for code, found in emergencies().items()],
        "regions": list(regions()),
        "sharing": [
            line for code in sorted(CALLING_CODES) if len(CALLING_CODES[code]) > 1 for line in sharing(code)
        ],
        "series": sorted(satellites + premiums),
        "mobile": [prefix for code in sorted(CALLING_CODES) for prefix in mobile(code)],
        "changes": list(changes()),
        "renumberings": ["\t".join(row.values()) for row in _rows("renumberings.csv")],
        "starts": starts,
        "states": automaton.lines,
    }
    head = [
        "# The number plan of the world; made by data/make_number_plan.py, do not edit.",
        f"origin phonenumbers {version('phonenumbers')}",
        "licence Apache-2.0",
        f"date {date}",
        f"command python data/make_number_plan.py --date {date}",
    ]
    body = [line for name, lines in sections.items() for line in ("", f"[{name}]", *lines)]
    return "\n".join([*head, *body, ""])


def _joined(counts: list[int]) -> str:
    """Counts in order, runs of them as `4-7`."""
    runs = [
        [count for _, count in run] for _, run in groupby(enumerate(counts), lambda pair: pair[1] - pair[0])
    ]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


@lru_cache(None)
def _roots() -> dict[str, tuple[str, int]]:
    return roots()


def _region(prefix: str) -> str:
    table = _roots()
    region = next(table[prefix[:end]][0] for end in range(len(prefix), 0, -1) if prefix[:end] in table)
    return "-" if region == WORLD else region


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the number plan of the world.")
    parser.add_argument("--date", required=True, help="the day that it is of, as 2026-11-30")
    parser.add_argument("--out", type=Path, default=PLAN)
    options = parser.parse_args()
    options.out.write_text(text(options.date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
