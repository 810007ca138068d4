"""Columns that nobody named and that look as if they decided about a charge: which way, and whether answered.

They are asked about and never passed over: what their words mean is for the caller to say.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from dialnexa_routing.records.formats.call_format import folded
from dialnexa_routing.records.record_words import ANSWERED, DIRECTIONS, FALSE, NOT_ANSWERED, TRUE

if TYPE_CHECKING:
    from collections.abc import Sequence

_WAY_NAMES = frozenset(
    [
        "dir",
        "way",
        "inout",
        "sens",
        "senso",
        "sentido",
        "richtung",
        "richting",
        "riktning",
        "retning",
        "kierunek",
        "smer",
        "yon",
        "direzione",
        "direccion",
        "direcao",
        "direction",
        "направление",
        "напрямок",
        "दिशा",
        "方向",
        "方向",
    ]
)
_FLAGS = frozenset({"inbound", "outbound", "incoming", "outgoing", "ingress", "egress"})
_FOREIGN_WAYS = frozenset(
    [
        "eingehend",
        "ausgehend",
        "ankommend",
        "abgehend",
        "entrant",
        "entrante",
        "entrantes",
        "sortant",
        "sortante",
        "saliente",
        "salientes",
        "entrada",
        "salida",
        "saida",
        "recibida",
        "recibidas",
        "realizada",
        "realizadas",
        "recebida",
        "efetuada",
        "effettuata",
        "ricevuta",
        "inkommande",
        "utgaende",
        "inkomend",
        "uitgaand",
        "przychodzace",
        "wychodzace",
        "gelen",
        "giden",
        "входящий",
        "исходящий",
        "входящая",
        "исходящая",
        "входящие",
        "исходящие",
        "incomingcall",
        "outgoingcall",
        "inboundcall",
        "outboundcall",
        "inward",
        "outward",
        "dialed",
        "dialled",
        "received",
        "originating",
        "terminating",
        "呼入",
        "呼出",
    ]
)
_ANSWER_NAMES = frozenset(
    [
        "status",
        "disposition",
        "callstatus",
        "callresult",
        "result",
        "outcome",
        "calloutcome",
        "callstate",
        "state",
        "answered",
        "isanswered",
        "connected",
        "isconnected",
        "wasanswered",
        "estado",
        "etat",
        "stato",
        "anrufstatus",
    ]
)
_WORDS = ANSWERED | NOT_ANSWERED
_YES_NO = {word for word in TRUE | FALSE if len(word) < 6}
_LENGTH = re.compile("[1-9]")


def _plain(name: str) -> str:
    """A name as it is compared, without accents."""
    parts = unicodedata.normalize("NFKD", folded(name))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _is_flag(name: str) -> bool:
    return name.removeprefix("is") in _FLAGS


def ways_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns that may state which way calls went: by their name, or as every cell is a word for it.

    >>> ways_of(("to", "call_direction", "kind"), [("91", "OB", "Incoming"), ("91", "IB", "Outgoing")])
    ('call_direction', 'kind')
    >>> ways_of(("Richtung", "is_outgoing"), [("ein", "0"), ("aus", "1")])
    ('Richtung', 'is_outgoing')
    """
    found = []
    for place, name in enumerate(names):
        cells = _cells(place, rows)
        plain = _plain(name)
        by_name = plain.endswith("direction") or plain in _WAY_NAMES
        by_flag = _is_flag(plain) and cells <= _YES_NO
        by_words = all(
            DIRECTIONS.get(cell) in ("outbound", "inbound") or _plain(cell) in _FOREIGN_WAYS for cell in cells
        )
        if cells and (by_name or by_flag or by_words):
            found.append(name)
    return tuple(found)


def answers_of(names: Sequence[str], rows: Sequence[Sequence[str]], length: str | None) -> tuple[str, ...]:
    """The columns that may state whether calls were answered.

    Every cell is a word of a status, and either the name is that of one or a call that lasted was not
    answered by it; or the name asks whether, and every cell states yes or no.

    Args:
        names: of the columns.
        rows: the first ones.
        length: the column of durations.

    >>> rows = [("63", "NO ANSWER", "busy"), ("61", "ANSWERED", "x")]
    >>> answers_of(("secs", "disposition", "a"), rows, "secs")
    ('disposition',)
    """
    found = []
    lengths = names.index(length) if length in names else None
    for place, name in enumerate(names):
        cells = _cells(place, rows)
        if not cells or name == length:
            continue
        is_named = _plain(name) in _ANSWER_NAMES
        if cells <= _WORDS:
            lasting = lengths is not None and any(
                _LENGTH.search(row[lengths]) and folded(row[place]) in NOT_ANSWERED
                for row in rows
                if max(place, lengths) < len(row)
            )
            if is_named or lasting:
                found.append(name)
        elif _plain(name).endswith(("answered", "connected")) and cells <= _YES_NO:
            found.append(name)
    return tuple(found)


def _cells(place: int, rows: Sequence[Sequence[str]]) -> set[str]:
    return {folded(row[place]) for row in rows if place < len(row) and row[place]}
