"""Which time does the destination keep (R37)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.numbers.countries import COUNTRIES

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.call import Call

_CODE_LENGTHS = (1, 2, 3)


def _zones_by_code() -> dict[str, str]:
    zones: dict[str, set[str | None]] = {}
    for country in COUNTRIES.values():
        zones.setdefault(country.calling_code, set()).add(country.timezone)
    return {code: zone for code, those in zones.items() for zone in those if zone and len(those) == 1}


_BY_CODE = _zones_by_code()


def country_zone(call: Call) -> str | None:
    """The zone of the country that the call leads to, if it keeps one time.

    The country is that of the prefix (R18). Where none was asked for, as for a SIP trunk, the calling code
    tells it, if all its countries keep the same time.
    """
    match = call.decides
    if match is not None and match.country_iso is not None:
        country = COUNTRIES.get(match.country_iso)
        return None if country is None else country.timezone
    digits = call.to[1:]
    return next((_BY_CODE[code] for n in _CODE_LENGTHS if (code := digits[:n]) in _BY_CODE), None)
