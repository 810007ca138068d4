"""Which canonical column an unread one most likely is, by its kind and its header: the advice of a question.

Advice that is followed decides prices, so it never names a column of another kind, and where yes may mean
either it names both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.aliases import INCREMENTS, JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.status_words import listed
from dialnexa_routing.sheets.column_kinds import Column, Kind
from dialnexa_routing.sheets.column_limits import is_flag
from dialnexa_routing.sheets.directions import WORDS as DIRECTIONS
from dialnexa_routing.sheets.header_keys import normalise

if TYPE_CHECKING:
    from dialnexa_routing.sheets.headers import Header

_OF_KIND = {
    Kind.MONEY: frozenset([*RATES, *JURISDICTIONS])
    | listed("first_rate upcoming_rate upcoming_fee connect_fee min_charge max_charge"),
    Kind.TIME: listed("initial_increment_s next_increment_s rate_unit_s minimum_s grace_s free_s")
    | {INCREMENTS},
    Kind.VALIDITY: listed("valid_from valid_to upcoming_from"),
    Kind.SALE: listed("enabled blocked discontinued status"),
    Kind.SCOPE: listed("direction"),
    Kind.CURRENCY: listed("currency"),
    Kind.CALLERS: listed("origin"),
}
"""What may be named for a column of each kind."""
_NONE = ""
_SHARES = "tax gst vat % markup margin discount commission bonus usf levy duty multiplier factor"
"""Of a price, or to be put on it."""
_BY_WORDS = {
    Kind.MONEY: (
        (_NONE, "off_peak offpeak"),
        (_NONE, "month annual year rental subscription deposit daily sms message per_day"),
        ("min_charge", "min_charge minimum"),
        (
            "connect_fee",
            "setup connect flag fee percall call once surcharge attempt establish one_time opening",
        ),
        ("upcoming_rate", "next future upcoming"),
        ("max_charge", "max maximum cap ceiling"),
        ("inbound_rate", "inbound incoming"),
        (_NONE, _SHARES),
    ),
    Kind.TIME: (
        ("rate_unit_s", "unit per uom basis"),
        ("grace_s", "grace"),
        ("free_s", "free unbilled not_billed"),
        (_NONE, "max longest limit"),
        ("initial_increment_s", "initial first min mb 1st"),
        ("next_increment_s", "next subsequent inc resolution step ib further addition follow then nth"),
    ),
    Kind.VALIDITY: (
        ("valid_to", "end to until till expir stop thru through hasta jusqu bis _ate _fin venc scad до 止"),
    ),
    Kind.SALE: (
        ("discontinued", "closed withdrawn delete discontinu expired obsolete retired"),
        (
            "blocked",
            "block disabled inactive reject forbid barred suspend bann den lock hid quarantin prohibit"
            " restrict"
            " not_ no_",
        ),
    ),
}
"""Words of a header that state which of them it is; `_NONE` where it is none."""
_OTHERWISE = {
    Kind.MONEY: "outbound_rate",
    Kind.TIME: INCREMENTS,
    Kind.VALIDITY: "valid_from",
    Kind.SALE: "enabled",
    Kind.SCOPE: "direction",
    Kind.CURRENCY: "currency",
    Kind.CALLERS: "origin",
}
_SOLD = listed("enable active avail sold sale sell open live allow permit offer visible")
"""Words of a header under which yes means that a row is sold."""
_BOTH = re.compile("[0-9]{1,5} ?[/:+-] ?[0-9]{1,5}.*")
"""Initial and next increment in one cell."""
_CALLER = re.compile(r"[0-9+ ,;:|/.-]+|all|row|local", re.IGNORECASE)


def likely(column: Column, kind: Kind, header: Header) -> str | None:
    """The canonical column that an unread one may be; None where that has a column already, or none fits."""
    if kind in (Kind.CODES, Kind.HOURS):
        return None  # 9170 and 9179 in two cells are one range in the cell of the prefix
    if kind is Kind.SCOPE and not {cell.lower() for cell in column.cells} <= DIRECTIONS:
        return None  # rows of messages are no calls
    near = header.nearest(column.place)
    if kind is Kind.TIME and all(map(_BOTH.fullmatch, column.cells[:50])):
        return None if INCREMENTS in header.columns else INCREMENTS
    if near in _OF_KIND.get(kind, ()):
        return near
    plain = normalise(column.name)
    if kind is Kind.SALE and not is_flag(column.cells):
        return "status"
    if kind is Kind.CALLERS and not all(map(_CALLER.fullmatch, column.cells[:50])):
        return None  # zones of callers are no digits
    for canonical, words in _BY_WORDS.get(kind, ()):
        if any(word in plain for word in words.split()):
            return None if canonical in header.columns else canonical or None
    return _OTHERWISE.get(kind)


def is_share(name: str) -> bool:
    """Whether a header names a part of a price, or what is put on it.

    >>> is_share("GST %"), is_share("Rate")
    (True, False)
    """
    return any(word in name.lower() for word in _SHARES.split())


def ways(column: Column, kind: Kind, guess: str | None, spelled: str) -> tuple[str, ...]:
    """What `columns=` may be, the likeliest first: two where yes may mean that a row is sold, or is not."""
    if guess is None:
        return ()
    unclear = (
        kind is Kind.SALE and guess == "enabled" and not any(word in normalise(column.name) for word in _SOLD)
    )
    return tuple(f"{{{name!r}: {spelled}}}" for name in ((guess, "blocked") if unclear else (guess,)))
