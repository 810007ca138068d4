"""GSTINs and the states that they begin with: who is taxed where (CGST rule 10, and its check digit)."""

from __future__ import annotations

import re

STATES = {
    "01": "Jammu and Kashmir",
    "02": "Himachal Pradesh",
    "03": "Punjab",
    "04": "Chandigarh",
    "05": "Uttarakhand",
    "06": "Haryana",
    "07": "Delhi",
    "08": "Rajasthan",
    "09": "Uttar Pradesh",
    "10": "Bihar",
    "11": "Sikkim",
    "12": "Arunachal Pradesh",
    "13": "Nagaland",
    "14": "Manipur",
    "15": "Mizoram",
    "16": "Tripura",
    "17": "Meghalaya",
    "18": "Assam",
    "19": "West Bengal",
    "20": "Jharkhand",
    "21": "Odisha",
    "22": "Chhattisgarh",
    "23": "Madhya Pradesh",
    "24": "Gujarat",
    "26": "Dadra and Nagar Haveli and Daman and Diu",
    "27": "Maharashtra",
    "29": "Karnataka",
    "30": "Goa",
    "31": "Lakshadweep",
    "32": "Kerala",
    "33": "Tamil Nadu",
    "34": "Puducherry",
    "35": "Andaman and Nicobar Islands",
    "36": "Telangana",
    "37": "Andhra Pradesh",
    "38": "Ladakh",
    "97": "Other Territory",
}
"""States and union territories by the code that GST gives them."""
ABROAD = "96"
"""The code of a place of supply outside India."""
WITHOUT_LEGISLATURE = frozenset({"04", "26", "31", "35", "38", "97"})
"""Union territories whose own half of GST is UTGST."""

_FORM = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][A-Z][0-9A-Z]")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODES = {name.casefold(): code for code, name in STATES.items()}


def check_sign(first: str) -> str:
    """The last sign of a GSTIN, from the fourteen before it.

    >>> check_sign("27AAPFU0939F1Z")
    'V'
    """
    total = 0
    for place, sign in enumerate(first):
        over, rest = divmod(_SIGNS.index(sign) * (1 + place % 2), len(_SIGNS))
        total += over + rest
    return _SIGNS[-total % len(_SIGNS)]


def checked_gstin(text: str) -> str:
    """A GSTIN in capitals without spaces.

    Raises `ValueError` where its form, its state or its check sign is wrong. Whether it is registered is
    known to the portal alone.
    """
    gstin = text.replace(" ", "").upper()
    if not _FORM.fullmatch(gstin):
        raise ValueError("a GSTIN is a state's code, a PAN and three signs, as 27AAPFU0939F1ZV")
    if gstin[:2] not in STATES:
        raise ValueError(f"a GSTIN begins with {gstin[:2]}, which is no state's code")
    if gstin[-1] != check_sign(gstin[:-1]):
        raise ValueError("the last sign of a GSTIN does not fit the others; one of them is mistyped")
    return gstin


def state_code(text: str) -> str:
    """The code of a state, given as code or as name.

    Raises `ValueError` for one that there is not.

    >>> state_code("karnataka"), state_code("07")
    ('29', '07')
    """
    code = _CODES.get(text.strip().casefold(), text.strip())
    if code not in STATES:
        raise ValueError("a state is its code of GST or its name, as 29 or Karnataka")
    return code
