"""Plivo CountryPricing JSON, what plivo.com itself shows: the type of number first, then the direction.

Elements of ``voice.local.outbound.rates`` have ``destination_prefix``, ``origination_prefix``,
``rate``, ``voice_network_group`` and ``voice_unit``. No payload states its currency. The headline
rate is never read: it is the cheapest of the country's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import (
    chosen_inbound,
    documents,
    first,
    obj,
    objects,
    table,
    text,
)
from dialnexa_routing.sheets.providers.plivo import ARGUMENTS, row
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_TYPES = ("local", "tollfree", "ip")
_SPELLINGS = {"toll_free": "tollfree"}
_ALL = "all"
"""Under ``ip``: one price for calls to addresses, which have no number and so no prefix."""
_PUBLISHED = {
    "network_group": "voice_network_group",
    "prefix": "destination_prefix",
    "origin": "origination_prefix",
    "outbound_rate": "rate",
    "original_rate": "rate",
    "inbound_rate": "voice.inbound",
    "rate_unit_s": "voice_unit",
}


def _branches(voice: dict[str, Any]) -> dict[str, Any]:
    """What stands under the types of numbers, by our spelling of them."""
    found = {}
    for name, branch in voice.items():
        kind = _SPELLINGS.get(name, name)
        known = kind in _TYPES and branch is not None
        if known or (isinstance(branch, dict) and {"inbound", "outbound"} & branch.keys()):
            found[kind] = branch
    return found


def _recognise(source: Source) -> str | None:
    voice = first(source.document).get("voice")
    if not isinstance(voice, dict) or {"inbound", "outbound"} & voice.keys():
        return None
    for kind, branch in _branches(voice).items():
        if isinstance(branch, dict) and {"inbound", "outbound"} & branch.keys():
            return f"it is JSON with voice.{kind}.outbound, as Plivo CountryPricing"
    return None


def _tables(source: Source, choices: Choices) -> list[TextTable]:
    if _recognise(source) is None:
        raise SheetError(
            f"{source.file} is not Plivo CountryPricing, for it lacks voice.local.outbound: fetch"
            " /v1/Internal/CountryPricing/?country=XX"
        )
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for payload in documents(source.document):
        country = obj(payload, source.file, "country")
        rows += _country(country, source.file, choices.number_type, len(rows), remarks)
    return [table(rows, _PUBLISHED, source.file, remarks)]


def _country(
    payload: dict[str, Any], file: str, number_type: str, offset: int, remarks: list[Remark]
) -> list[dict[str, Any]]:
    iso, country = text(payload.get("country_iso")), text(payload.get("country"))
    label = iso or country or "the country"
    voice = obj(payload.get("voice"), file, "voice")
    branches = {kind: obj(branch, file, f"voice.{kind}") for kind, branch in _branches(voice).items()}
    outbound = {
        kind: obj(branch.get("outbound"), file, f"voice.{kind}.outbound") for kind, branch in branches.items()
    }
    inbound = chosen_inbound(
        {
            kind: text(obj(branch.get("inbound"), file, f"voice.{kind}.inbound").get("rate"))
            for kind, branch in branches.items()
        },
        _SPELLINGS.get(number_type, number_type),
        label,
        "voice.inbound",
        remarks,
    )
    wanted = _SPELLINGS.get(number_type, number_type)
    by_prefix = wanted in outbound and not isinstance(outbound[wanted].get("rates"), dict)
    kind = wanted if by_prefix else "local"
    elements = _elements(outbound.get(kind, {}), file, kind)
    if not elements:
        reason = (
            f"{label} has no outbound rates for {kind}, so it is not offered; its rate of zero is not free"
        )
        remarks.append(Remark(f"{reason} (quirk 28)", value=label))
    for other, branch in outbound.items():
        if other != kind:
            remarks += _left_out(branch, file, other, label)
    return [
        row(element, "destination_prefix", iso, country, country, inbound, place, remarks)
        for place, element in enumerate(elements, start=offset + 1)
    ]


def _elements(branch: dict[str, Any], file: str, kind: str) -> list[dict[str, Any]]:
    """The prices by prefix of one type of number."""
    return objects(branch.get("rates"), file, f"voice.{kind}.outbound.rates")


def _left_out(branch: dict[str, Any], file: str, kind: str, label: str) -> list[Remark]:
    """What is reported of a type of number that was not asked for, with its rows counted."""
    rates = branch.get("rates")
    if isinstance(rates, dict):
        if not rates:
            return []
        what = "calls to addresses, which have no prefix" if rates.keys() <= {_ALL} else f"calls to {kind}"
        listed = ", ".join(f"{name} {rate}" for name, rate in list(rates.items())[:3])
        reason = f"{label}: {len(rates)} rows of voice.{kind}.outbound were left out, for {what}: {listed}"
        return [Remark(reason, value=label, severity=Severity.WARNING)]
    count = len(_elements(branch, file, kind))
    if not count:
        return []
    way = f": pass number_type={kind!r} for them" if kind in _TYPES else ", which this format does not know"
    reason = f"{label}: {count} rows of voice.{kind}.outbound were left out, for calls to {kind}{way}"
    return [Remark(reason, value=label, severity=Severity.WARNING)]


FORMAT = Format("plivo_country", "plivo", _recognise, _tables, arguments=ARGUMENTS)
