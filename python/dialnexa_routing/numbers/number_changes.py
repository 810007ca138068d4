"""Which leading digits began or ceased to begin numbers of late, and which are of mobiles only.

Nothing here refuses a number: what is new or gone in a release may be in use before it or after.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from dialnexa_routing.numbers.plan_file import section


class Change(NamedTuple):
    """Leading digits that numbers began with, or ceased to, of late.

    Attributes:
        prefix: the digits, calling code in front.
        kind: ``born`` or ``dead``.
        release: the first release of phonenumbers, of those compared, that has it so.
        by: the day of that release; it is so *by* then, not from then.
    """

    prefix: str
    kind: str
    release: str
    by: date


def all_mobile() -> tuple[str, ...]:
    """The prefixes under which every number is a mobile one, calling code in front, in order of codes.

    A country whose mobiles have the digits of its landlines, as in North America, has none.
    """
    return tuple(section("mobile"))


def change_of(digits: str, kind: str) -> Change | None:
    """The change of a kind that some digits lie in; of born ones also a first one below them.

    >>> found = change_of("22997123", "dead")
    >>> found.prefix, found.release, change_of("22901", "dead")
    ('2299', '9.0.20', None)
    """
    table = _changes()
    for end in range(len(digits), 0, -1):
        if (found := table.get((kind, digits[:end]))) is not None:
            return found
    below = (one for (of, prefix), one in table.items() if of == kind and prefix.startswith(digits))
    return next(below, None) if kind == "born" else None


def born_under(code: str) -> tuple[Change, ...]:
    """The leading digits under some first ones that began numbers of late, the shortest of each, in order.

    >>> [one.prefix for one in born_under("127")]
    ['1273', '1274']
    """
    held = {prefix: one for (kind, prefix), one in _changes().items() if kind == "born"}
    return tuple(
        held[prefix]
        for prefix in sorted(held)
        if prefix.startswith(code) and not any(prefix[:end] in held for end in range(1, len(prefix)))
    )


@lru_cache(None)
def _changes() -> dict[tuple[str, str], Change]:
    found: dict[tuple[str, str], Change] = {}
    for line in section("changes"):
        kind, release, by, *prefixes = line.split(" ")
        day = date.fromisoformat(by)
        found |= {(kind, prefix): Change(prefix, kind, release, day) for prefix in prefixes}
    return found
