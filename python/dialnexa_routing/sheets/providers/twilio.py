"""Twilio's prices: Pricing v1 and v2, trunking and single numbers in JSON, and the voice CSV.

``current_price``, after discounts, is what is billed. ``ALL`` and ``ROW`` are any caller. The CSV
says neither currency nor increments, and its default row has an empty cell of origins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.layouts import Layout
from dialnexa_routing.sheets.providers.payload import (
    chosen_inbound,
    documents,
    first,
    items,
    obj,
    objects,
    table,
    text,
    unread,
)
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_OUTBOUND = {
    "outbound_prefix_prices": ("inbound_call_prices", "Twilio Pricing"),
    "terminating_prefix_prices": ("originating_call_prices", "Twilio Trunking Pricing"),
}
_NUMBER = "outbound_call_prices"
_PUBLISHED = {
    "country_iso": "iso_country",
    "network_group": "friendly_name",
    "prefix": "destination_prefixes",
    "origin": "origination_prefixes",
    "outbound_rate": "current_price",
    "original_rate": "current_price",
    "inbound_rate": "current_price",
    "currency": "price_unit",
}
_READ = frozenset(
    [
        "destination_prefixes",
        "prefixes",
        "friendly_name",
        "current_price",
        "base_price",
        "origination_prefixes",
    ]
)
"""``base_price`` is the list price, before the discounts of ``current_price``."""
_CSV = Layout(
    "twilio",
    "twilio",
    "Twilio's voice CSV",
    frozenset(["iso", "country", "description", "price_min"]),
    any_of=frozenset(["destination_prefixes", "prefixes"]),
)


def _recognise(source: Source) -> str | None:
    if not source.is_json:
        return _CSV.recognise(source)
    payload = first(source.document)
    for key, (_, name) in _OUTBOUND.items():
        if key in payload:
            elements = payload[key] if isinstance(payload[key], list) else []
            some = elements[0] if elements and isinstance(elements[0], dict) else {}
            version = "v1" if "prefixes" in some else "v2"
            return f"it is JSON with {key}, as {name} {version}"
    if _NUMBER in payload and "destination_number" in payload:
        return f"it is JSON with {_NUMBER}, as Twilio Pricing v2 of one number"
    return None


def _tables(source: Source, choices: Choices) -> list[TextTable]:
    if not source.is_json:
        return _CSV.tables(source, choices)
    if _recognise(source) is None:
        raise SheetError(
            f"{source.file} has none of {', '.join([*_OUTBOUND, _NUMBER])}: fetch /v2/Voice/Countries/XX"
        )
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for payload in documents(source.document):
        rows += _country(obj(payload, source.file, "country"), source.file, choices.number_type, remarks)
    return [table(rows, _PUBLISHED, source.file, remarks)]


def _country(
    payload: dict[str, Any], file: str, number_type: str, remarks: list[Remark]
) -> list[dict[str, Any]]:
    iso, country, unit = (text(payload.get(name)) for name in ("iso_country", "country", "price_unit"))
    shared = {"country_iso": iso, "country": country, "currency": unit}
    label = iso or country or "the country"
    if _NUMBER in payload:
        number = re.sub("[^0-9]", "", text(payload.get("destination_number")) or "")
        rows = [
            {"network_group": country or number, "prefix": [number], "exact_match": "true"} | _price(element)
            for element in objects(payload.get(_NUMBER), file, _NUMBER)
        ]
        return [shared | row for row in rows]
    key = next(key for key in _OUTBOUND if key in payload)
    inbound_key = _OUTBOUND[key][0]
    rates = {
        (text(one.get("number_type")) or "").replace(" ", ""): text(one.get("current_price"))
        for one in objects(payload.get(inbound_key), file, inbound_key)
    }
    inbound = chosen_inbound(
        rates, number_type.replace(" ", "").replace("_", ""), label, inbound_key, remarks
    )
    elements = objects(payload.get(key), file, key)
    if not elements:
        remarks.append(
            Remark(f"{label} has no outbound prices, so it is not offered (quirk 65)", value=label)
        )
    return [
        shared
        | {
            "network_group": text(element.get("friendly_name")),
            "prefix": items(element.get("destination_prefixes") or element.get("prefixes")),
            "inbound_rate": inbound,
        }
        | _price(element)
        for element in elements
    ]


def _price(element: dict[str, Any]) -> dict[str, Any]:
    rate = text(element.get("current_price"))
    return {
        "origin": items(element.get("origination_prefixes")) or None,
        "outbound_rate": rate,
        "original_rate": rate,
    } | unread(element, _READ)


FORMAT = Format("twilio", "twilio", _recognise, _tables, arguments=frozenset(["number_type"]))
