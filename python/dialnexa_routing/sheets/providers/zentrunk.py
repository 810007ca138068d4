"""Plivo Zentrunk JSON, whose table is upside down: the rate is the key, the prefixes are its value.

Groups that share a rate are merged there, and which prefix was whose is lost (quirk 27). A prefix
under several rates cannot be told apart by anything but the name of its group (quirk 26): it is
refused, unless the caller says which of the rates is to hold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.money import parse
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import documents, first, items, obj, table, text
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
    names = obj(branch.get("network_group_rates"), file, "network_group_rates")
    lists = {rate: _prefixes(items(prefixes)) for rate, prefixes in rates.items()}
    owners: dict[str, list[str]] = {}
    for rate, prefixes in lists.items():
        for prefix in dict.fromkeys(p for p in prefixes if p):
            owners.setdefault(prefix, []).append(rate)
    shared = {prefix: given for prefix, given in owners.items() if len(given) > 1}
    if shared:
        remarks.append(_told(shared, names, policy))
    rows = []
    for place, (rate, prefixes) in enumerate(lists.items(), start=offset + 1):
        groups = [name for name in items(names.get(rate)) if name]
        if len(groups) > 1:
            reason = f"{len(groups)} groups share this rate, and which prefix is whose is not said (quirk 27)"
            remarks.append(Remark(reason, place, "network_group_rates", ", ".join(groups), Severity.WARNING))
        kept, lost, beaten = _parted(rate, prefixes, shared, policy)
        same: dict[str, Any] = {
            "row": place,
            "country_iso": iso,
            "country": country,
            "network_group": " | ".join(groups) or country or iso,
            "outbound_rate": rate,
            "original_rate": rate,
        }
        if kept or not (lost or beaten):
            rows.append(same | {"prefix": kept})
        if lost:
            # Refused by name: a prefix with several rates is no price of one of them.
            rows.append(same | {"prefix": [f"{prefix} has several rates" for prefix in lost]})
        if beaten:
            rows.append(same | {"prefix": beaten, "weight": "-1"})
    return rows


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


def _told(shared: dict[str, list[str]], names: dict[str, Any], policy: AmbiguousGroups) -> Remark:
    prefix, rates = next(iter(shared.items()))
    ways = []
    for rate in rates:
        groups = [name for name in items(names.get(rate)) if name]
        more = f" and {len(groups) - _LISTED} more" if len(groups) > _LISTED else ""
        ways.append(f"{rate} ({', '.join(groups[:_LISTED])}{more})")
    settled = (
        "they were refused: pass ambiguous_groups='dearest' or 'cheapest'"
        if policy == "refuse"
        else f"ambiguous_groups={policy!r} chose among them"
    )
    given = " and ".join(ways)
    reason = f"{len(shared)} prefixes have several rates, as {prefix} has {given}; {settled} (quirk 26)"
    return Remark(reason, column=_PLACE, value=prefix, severity=Severity.WARNING)


FORMAT = Format("zentrunk", "plivo", _recognise, _tables)
