"""Numbers inside of the addresses of SIP and of tel: URIs, as proxies and platforms write them.

``sip:+919812345678@pbx.example;user=phone``, ``"Asha" <sip:…>``, ``tel:+91-98123-45678`` (RFC 3966),
``919812345678@10.0.0.1``: what stands in front of the host is what was dialled. A name in that place is no
number, and neither are digits that hold inside of a network alone (``phone-context``).
"""

from __future__ import annotations

import re
from enum import StrEnum

_NAME = r'(?:"[^"]*" *|[^"<>:@]* )?'
_MORE = "(?:;[^@<>]*)?"
_HOST = "@[A-Za-z0-9.:_-]+(?:[;?][^<>@]*)?"
SIP = rf"^{_NAME}<?[Ss][Ii][Pp][Ss]?:(\+?[0-9-]+){_MORE}{_HOST}>?(?:;[^<>@]*)?$"
TEL = rf"^{_NAME}<?[Tt][Ee][Ll]:(\+?[0-9().-]+){_MORE}>?(?:;[^<>@]*)?$"
BARE = rf"^(\+?[0-9]+){_HOST}$"
WAYS = (SIP, TEL, BARE)
"""Patterns that mean the same to Python and to Polars; the first group is the number."""
MARKS = "[().-]"
"""Of a number in an address, where they part digits and mean nothing."""
CONTEXT = "(?i);phone-context="


class Addresses(StrEnum):
    """What is made of an address in the place of a number."""

    REFUSED = "refused"
    """No number: a call to an address may never have left for the telephone network."""
    READ = "read"
    """The number that is dialled in it."""


def dialled(text: str) -> str | None:
    """What is dialled in an address; None for what is none, or has no number.

    >>> dialled('"Asha" <sip:+919812345678@pbx.example>'), dialled("tel:+91-98123-45678")
    ('+919812345678', '+919812345678')
    >>> dialled("sip:asha@pbx.example"), dialled("+919812345678"), dialled("tel:7042;phone-context=a.example")
    (None, None, None)
    """
    if re.search(CONTEXT, text):
        return None
    found = next((found for way in WAYS if (found := re.match(way, text))), None)
    return None if found is None else re.sub(MARKS, "", found[1])
