"""Invented prices and billing terms: each follows from a network group's name, and from nothing else.

No carrier charges these prices. A digest of the name picks a place in a band per kind of number, so
that the sheet is the same on every machine and a group keeps its price when others come and go.
"""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from network_groups import (
    FICTION,
    FIXED,
    MOBILE,
    PERSONAL,
    PREMIUM,
    REST,
    SATELLITE,
    SHARED,
    TOLL_FREE,
    VOIP,
    NetworkGroup,
)

_PLACES = Decimal("0.0001")

# INR per minute, lowest and highest country.
_BANDS = {
    REST: ("1.20", "9.00"),
    FIXED: ("0.70", "5.50"),
    MOBILE: ("1.60", "16.00"),
    VOIP: ("1.00", "6.50"),
    TOLL_FREE: ("0.40", "1.50"),
    SHARED: ("2.00", "12.00"),
    PERSONAL: ("8.00", "30.00"),
    PREMIUM: ("45.00", "180.00"),
    SATELLITE: ("260.00", "820.00"),
}
_INDIA = {REST: ("0.86", "0.90"), FIXED: ("0.55", "0.80"), MOBILE: ("0.62", "0.86"), VOIP: ("0.60", "0.85")}
_INDIA_DOMESTIC = ("0.38", "0.58")
_INBOUND = ("0.20", "1.10")
_INBOUND_TOLL_FREE = ("1.80", "5.00")

# Countries in which a provider would let its numbers; elsewhere there is no inbound price.
_WITH_NUMBERS = {
    "AE", "AR", "AT", "AU", "BE", "BG", "BH", "BR", "CA", "CH", "CL", "CO", "CR", "CY", "CZ", "DE",
    "DK", "DO", "EE", "ES", "FI", "FR", "GB", "GR", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IS",
    "IT", "JM", "JP", "KE", "KR", "LT", "LU", "LV", "MT", "MX", "MY", "NG", "NL", "NO", "NZ", "PA",
    "PE", "PH", "PL", "PR", "PT", "RO", "SE", "SG", "SI", "SK", "TH", "TR", "UA", "US", "VN", "ZA",
}  # fmt: skip
_ANSWERED = {REST, FIXED, MOBILE, VOIP, TOLL_FREE}

# Initial and next increment with their share in a hundred; none = the sheet does not say.
_INCREMENTS: tuple[tuple[int, int | None, int | None], ...] = (
    (56, 60, 60),
    (14, 1, 1),
    (9, 30, 6),
    (7, 60, 1),
    (6, 6, 6),
    (8, None, None),
)


class Terms(NamedTuple):
    """What a row says besides where it applies; a rate that is missing is none, not zero."""

    inbound_rate: Decimal | None
    outbound_rate: Decimal | None
    connect_fee: Decimal | None
    initial_increment_s: int | None
    next_increment_s: int | None
    minimum_s: int | None
    grace_s: int | None
    free_s: int | None
    min_charge: Decimal | None
    max_charge: Decimal | None
    blocked: bool


def part(text: str) -> Decimal:
    """A number from 0 up to 1, always the same for the same text."""
    return Decimal(int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])) / Decimal(2**32)


def terms(group: NetworkGroup, variant: str = "", factor: Decimal = Decimal(1)) -> Terms:
    """The terms of a group; `variant` names a row of it that has terms of its own."""
    key = f"{group.name}|{variant}"
    if _is_blocked(group):
        return Terms(None, None, None, None, None, None, None, None, None, None, True)
    initial, following = _increments(key)
    is_premium = group.kind in (PREMIUM, SATELLITE)
    by_the_second = initial is not None and initial < 30
    return Terms(
        inbound_rate=_inbound(group),
        outbound_rate=_rounded(_outbound(group, variant) * factor),
        connect_fee=_connect_fee(key, is_premium),
        initial_increment_s=initial,
        next_increment_s=following,
        minimum_s=30 if by_the_second and _one_in(4, f"minimum|{key}") else None,
        grace_s=3 if by_the_second and _one_in(6, f"grace|{key}") else None,
        free_s=10 if group.kind in (FIXED, TOLL_FREE) and _one_in(40, f"free|{key}") else None,
        min_charge=Decimal("5.0000") if is_premium and _one_in(3, f"least|{key}") else None,
        max_charge=Decimal("2500.0000") if is_premium and _one_in(4, f"most|{key}") else None,
        blocked=False,
    )


def domestic(group: NetworkGroup) -> Terms:
    """The terms of a call that stays within India."""
    rate = _rounded(_within(_INDIA_DOMESTIC, f"domestic|{group.name}"))
    return terms(group, "domestic")._replace(outbound_rate=rate, connect_fee=None)


def _is_blocked(group: NetworkGroup) -> bool:
    if group.kind == FICTION or group.calling_code in (881, 979):
        return True
    return group.kind == PREMIUM and _one_in(3, f"blocked|{group.country}")


def _outbound(group: NetworkGroup, variant: str) -> Decimal:
    if group.iso == "IN" and group.kind in _INDIA:
        return _within(_INDIA[group.kind], f"{group.name}|{variant}")
    # One part for a country's every kind keeps its mobiles dearer than its landlines.
    country = _within(_BANDS[group.kind], group.country)
    return country * _within(("0.90", "1.10"), f"{group.name}|{variant}")


def _inbound(group: NetworkGroup) -> Decimal | None:
    if group.iso not in _WITH_NUMBERS or group.kind not in _ANSWERED:
        return None
    return _rounded(_within(_INBOUND_TOLL_FREE if group.kind == TOLL_FREE else _INBOUND, f"in|{group.name}"))


def _connect_fee(key: str, is_premium: bool) -> Decimal | None:
    if is_premium and _one_in(2, f"fee|{key}"):
        return _rounded(_within(("2", "12"), f"fee of|{key}"))
    return _rounded(_within(("0.05", "0.50"), f"fee of|{key}")) if _one_in(30, f"fee|{key}") else None


def _increments(key: str) -> tuple[int | None, int | None]:
    at = int(part(f"increments|{key}") * 100)
    for share, initial, following in _INCREMENTS:
        at -= share
        if at < 0:
            return initial, following
    raise AssertionError("the shares of the increments make a hundred")


def _within(band: tuple[str, str], key: str) -> Decimal:
    low, high = map(Decimal, band)
    return low + (high - low) * part(key)


def _one_in(n: int, key: str) -> bool:
    return part(key) * n < 1


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_PLACES, ROUND_HALF_UP)
