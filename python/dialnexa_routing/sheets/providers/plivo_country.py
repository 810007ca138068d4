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
from dialnexa_routing.sheets.providers.plivo import row
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_TYPES = ("local", "tollfree", "ip")
_PUBLISHED = {
    "network_group": "voice_network_group",
    "prefix": "destination_prefix",
    "origin": "origination_prefix",
    "outbound_rate": "rate",
    "original_rate": "rate",
    "inbound_rate": "voice.inbound",
    "rate_unit_s": "voice_unit",
}


def _recognise(source: Source) -> str | None:
    voice = first(source.document).get("voice")
    if not isinstance(voice, dict):
        return None
    for kind in _TYPES:
        branch = voice.get(kind)
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
    branches = {kind: obj(voice.get(kind), file, f"voice.{kind}") for kind in _TYPES}
    outbound = {
        kind: obj(branch.get("outbound"), file, f"voice.{kind}.outbound") for kind, branch in branches.items()
    }
    inbound = chosen_inbound(
        {
            kind: text(obj(branch.get("inbound"), file, f"voice.{kind}.inbound").get("rate"))
            for kind, branch in branches.items()
            if branch
        },
        number_type,
        label,
        "voice.inbound",
        remarks,
    )
    kind = number_type if number_type in _TYPES else "local"
    elements = objects(outbound[kind].get("rates"), file, f"voice.{kind}.outbound.rates")
    if not elements:
        reason = (
            f"{label} has no outbound rates for {kind}, so it is not offered; its rate of zero is not free"
        )
        remarks.append(Remark(f"{reason} (quirk 28)", value=label))
    for other in _TYPES:
        count = len(objects(outbound[other].get("rates"), file, f"voice.{other}.outbound.rates"))
        if other != kind and count:
            reason = f"{label}: {count} rows are for calls to {other}: pass number_type={other!r} for them"
            remarks.append(Remark(reason, value=label, severity=Severity.WARNING))
    return [
        row(element, "destination_prefix", iso, country, country, inbound, place, remarks)
        for place, element in enumerate(elements, start=offset + 1)
    ]


FORMAT = Format("plivo_country", "plivo", _recognise, _tables)
