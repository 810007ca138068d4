"""Plivo Zentrunk JSON, whose table is upside down: the rate is the key, the prefixes are its value.

Groups that share a rate are merged there, and which prefix was whose is lost (quirk 27). A prefix
under several rates cannot be told apart by anything but the names of its groups (quirk 26): where
all groups of a rate are ``… - From India``, it is the rate of callers from there; what is left is
refused, unless the caller says which of the rates is to hold.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.sheets.cells.money import parse
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import REFUSED, documents, first, items, obj, table, text
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.sheets.sheet_choices import AmbiguousGroups, Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_PLACE = "zentrunk.local.outbound.rates"
_PUBLISHED = {
    "network_group": "network_group_rates",
    "prefix": _PLACE,
    "outbound_rate": "rate",
    "original_rate": "rate",
}
_LISTED = 3
_FROM = re.compile(r"\bfrom ([A-Za-z .'-]+)$", re.IGNORECASE)
_SHARED = Counter(country.calling_code for country in COUNTRIES.values())
_SOLE = {
    country.name.lower(): country.calling_code
    for country in COUNTRIES.values()
    if _SHARED[country.calling_code] == 1
}
"""Calling codes of one country each, by its name."""


def _recognise(source: Source) -> str | None:
    if isinstance(first(source.document).get("zentrunk"), dict):
        return "it is JSON with zentrunk, as Plivo's SIP pricing"
    return None


def _tables(source: Source, choices: Choices) -> list[TextTable]:
    if _recognise(source) is None:
        raise SheetError(
            f"{source.file} is not Plivo Zentrunk, for it lacks zentrunk: leave out format='zentrunk'"
        )
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for payload in documents(source.document):
        country = obj(payload, source.file, "country")
        rows += _country(country, source.file, choices.ambiguous_groups, len(rows), remarks)
    return [table(rows, _PUBLISHED, source.file, remarks, [row.pop("row") for row in rows])]


def _country(
    payload: dict[str, Any], file: str, policy: AmbiguousGroups, offset: int, remarks: list[Remark]
) -> list[dict[str, Any]]:
    trunk = obj(payload.get("zentrunk"), file, "zentrunk")
    branch = obj(
        obj(trunk.get("local"), file, "zentrunk.local").get("outbound"), file, "zentrunk.local.outbound"
    )
    iso, country = text(payload.get("country_iso")), text(payload.get("country"))
    label = country or iso or "the country"
    if not branch:
        only = " it lists inbound numbers only, which have no prefixes" if trunk.get("inbound") else ""
        remarks.append(
            Remark(f"{label} has no {_PLACE}, so nothing was loaded:{only or ' look at it'}", value=label)
        )
    rates = obj(branch.get("rates"), file, _PLACE)
    names = _names(trunk, branch, file)
    lists = {rate: _prefixes(items(prefixes)) for rate, prefixes in rates.items()}
    callers = {rate: caller_of(names.get(rate, [])) for rate in lists}
    owners: dict[tuple[str | None, str], list[str]] = {}
    for rate, prefixes in lists.items():
        for prefix in dict.fromkeys(p for p in prefixes if p):
            owners.setdefault((callers[rate], prefix), []).append(rate)
    several = {key: given for key, given in owners.items() if len(given) > 1}
    if several:
        remarks.append(_told(several, names, policy))
    rows = []
    for place, (rate, prefixes) in enumerate(lists.items(), start=offset + 1):
        groups, caller = names.get(rate, []), callers[rate]
        if caller:
            reason = f"its groups are named after callers, so their rate is for callers from {caller}"
            remarks.append(Remark(reason, place, "network_group_rates", groups[0]))
        shared = {prefix: given for (origin, prefix), given in several.items() if origin == caller}
        if len(groups) > 1:
            reason = f"{len(groups)} groups share this rate, and which prefix is whose is not said (quirk 27)"
            remarks.append(Remark(reason, place, "network_group_rates", ", ".join(groups), Severity.WARNING))
        kept, lost, beaten = _parted(rate, prefixes, shared, policy)
        same: dict[str, Any] = {
            "row": place,
            "country_iso": iso,
            "country": country,
            "network_group": " | ".join(groups) or country or iso,
            "origin": [caller] if caller else None,
            "outbound_rate": rate,
            "original_rate": rate,
        }
        if kept or not (lost or beaten):
            rows.append(same | {"prefix": kept})
        if lost:
            rows.append(same | {"prefix": lost, REFUSED: _refusal(lost, shared, names)})
        if beaten:
            rows.append(same | {"prefix": beaten, "weight": "-1"})
    return rows


def _names(trunk: dict[str, Any], branch: dict[str, Any], file: str) -> dict[str, list[str]]:
    """The groups of each rate; where the rates list none, those of ``outbound.network_groups``."""
    listed = obj(branch.get("network_group_rates"), file, "network_group_rates")
    found = {rate: [name for name in items(names) if name] for rate, names in listed.items()}
    whole = obj(obj(trunk.get("outbound"), file, "zentrunk.outbound").get("network_groups"), file, "groups")
    inverted: dict[str, list[str]] = {}
    for name, rate in whole.items():
        inverted.setdefault(text(rate) or "", []).append(name)
    return inverted | {rate: names for rate, names in found.items() if names}


def caller_of(groups: list[str]) -> str | None:
    """The calling code of the country whose callers all `groups` are for by their names, if they are.

    A country that shares its calling code, or a name such as Europe, names no caller by digits.

    >>> caller_of(["India Mumbai - From India", "India - From India"]), caller_of(["UK - From Europe"])
    ('91', None)
    """
    found = {_FROM.search(name) for name in groups}
    codes = {_SOLE.get(match[1].strip().lower()) if match else None for match in found}
    return codes.pop() if len(codes) == 1 else None


def _prefixes(listed: list[str | None]) -> list[str | None]:
    """The items, those with a line break in them taken apart."""
    parts: list[str | None] = []
    for item in listed:
        parts += (item or "").split() or [None]
    return parts


def _parted(
    rate: str, prefixes: list[str | None], shared: dict[str, list[str]], policy: AmbiguousGroups
) -> tuple[list[str | None], list[str], list[str]]:
    """The prefixes of a rate that hold, those refused, and those for which another rate holds."""
    kept: list[str | None] = []
    lost: list[str] = []
    beaten: list[str] = []
    for prefix in prefixes:
        if prefix is None or prefix not in shared:
            kept.append(prefix)
        elif policy == "refuse":
            lost.append(prefix)
        elif _best(shared[prefix], policy) == rate:
            kept.append(prefix)
        else:
            beaten.append(prefix)
    return kept, lost, beaten


def _best(rates: Iterable[str], policy: AmbiguousGroups) -> str:
    def price(rate: str) -> Decimal:
        found = parse(rate)
        # A word such as NA is no price: it blocks, which is dearer than any.
        return found if isinstance(found, Decimal) else Decimal("Infinity")

    return max(rates, key=price) if policy == "dearest" else min(rates, key=price)


def _told(
    several: dict[tuple[str | None, str], list[str]], names: dict[str, list[str]], policy: AmbiguousGroups
) -> Remark:
    (_, prefix), rates = next(iter(several.items()))
    settled = (
        "they were refused: pass ambiguous_groups='dearest' or 'cheapest'"
        if policy == "refuse"
        else f"ambiguous_groups={policy!r} chose among them"
    )
    given = _ways(rates, names)
    reason = f"{len(several)} prefixes have several rates, as {prefix} has {given}; {settled} (quirk 26)"
    return Remark(reason, column=_PLACE, value=prefix, severity=Severity.WARNING)


def _ways(rates: list[str], names: dict[str, list[str]]) -> str:
    """The rates of one prefix, each with some of its groups."""
    ways = []
    for rate in rates:
        groups = names.get(rate, [])
        more = f" and {len(groups) - _LISTED} more" if len(groups) > _LISTED else ""
        ways.append(f"{rate} ({', '.join(groups[:_LISTED])}{more})" if groups else rate)
    return " and ".join(ways)


def _refusal(lost: list[str], shared: dict[str, list[str]], names: dict[str, list[str]]) -> str:
    """Why the prefixes `lost` of one rate are refused, and what settles it."""
    others = f" and {len(lost) - 1} more prefixes" if len(lost) > 1 else ""
    have = "have" if others else "has"
    return (
        f"{lost[0]}{others} {have} several rates, {_ways(shared[lost[0]], names)}, and nothing but names of"
        " groups says which is whose: pass ambiguous_groups='dearest' or 'cheapest' (quirk 26)"
    )


FORMAT = Format("zentrunk", "plivo", _recognise, _tables, arguments=frozenset(["ambiguous_groups"]))
