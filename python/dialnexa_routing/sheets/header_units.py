"""How long a price is for, and in what part of a coin, by its header: ``Rate/6 sec``, ``Price (mils)``.

These words take no part in which column a header names, but they decide the price by sixty times or a
hundred; so they are read wherever a price is, also of a column that the caller names.
"""

from __future__ import annotations

import re
from decimal import Decimal

from dialnexa_routing.sheets.folding import folded

_UNITS = {
    1: "s sec secs second seconds sek sekunde segundo secondo seconde сек секунду секунда saniye 秒",
    60: "m min mins minute minutes minuto minuta мин минуту минута dakika 分钟",
    3600: "h hr hour hours hora heure stunde ora час saat 小时",
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
_PER = re.compile(
    r"(?:/|\bper\b|\bpro\b|\bpor\b|\bpar\b|\bal\b|\bза\b|\bbasi\b) ?(?P<count>[0-9]{1,4})? ?-?"
    rf"(?P<word>{'|'.join(sorted(map(re.escape, _SECONDS), key=len, reverse=True))})\b\.?"
)
_PARTS = {
    "0.01": "ct cts usc uscent uscents usct eurct hundredth hundredths centime centimes centavo centavos"
    " centimo centimos centesimi копеек коп kurus 分",
    "0.001": "mil mils mill mills millieme milliemes thousandth thousandths",
    "0.00001": "millicent millicents",
    "0.000001": "micro micros microusd microunits millionth millionths",
}
_PER_OTHER = re.compile(
    r"(?:/|\b(?:per|pro|por|par)\b) ?(pulse|takt|increment|interval|unit|block|tick|call|attempt|connection"
    r"|session|sms|message|msg|mb|gb|day|month|year|number|did|channel|port)\b"
)
PULSES = frozenset(["pulse", "takt", "increment", "interval", "unit", "block", "tick"])
"""What a price may be for that is a time of its own, in which calls are counted."""
_SMALL = {word: Decimal(part) for part, words in _PARTS.items() for word in words.split()}
_WORD = re.compile(r"[^\W_]+")
_FACTOR = re.compile(
    r"(?:(?<![a-z])x|\u00d7|\*|/) ?1(?:0{2,9}|,000|,000,000)(?![0-9,])"
    r"(?! ?-?(?:m|min|mins|minutes?|s|secs?|seconds?)\b)|\b(?:1?e|10\^) ?-?[0-9]\b"
)


def unit_of(header: str) -> int | None:
    """The seconds a header states its price is for; None where it states nothing.

    >>> unit_of("Rate per 6 s"), unit_of("Price/Sec (USD)"), unit_of("Rate/Min"), unit_of("Rate")
    (6, 1, 60, None)
    """
    found = _PER.search(folded(header))
    return int(found["count"] or 1) * _SECONDS[found["word"]] if found else None


def other_unit(header: str) -> str | None:
    """What a header states that its price is for, where that is no time: a pulse, a call, a message.

    >>> other_unit("Price per Pulse"), other_unit("Rate/SMS"), other_unit("Rate per minute")
    ('pulse', 'sms', None)
    """
    found = _PER_OTHER.search(folded(header).replace("_", " "))
    return found[1] if found else None


def time_unit(header: str) -> str | None:
    """What a header states that its times are in, where that is not seconds: ``ms``, ``min``, or ``min?``.

    The last is of ``(min)``, which may be minutes or a minimum.

    >>> time_unit("Increment (ms)"), time_unit("Grace in minutes"), time_unit("Initial (min)")
    ('ms', 'min', 'min?')
    >>> time_unit("Min/Inc"), time_unit("Increment (sec)")
    (None, None)
    """
    plain = folded(header).replace("_", " ")
    if re.search(r"\b(?:ms|msecs?|millis|milliseconds?)\b", plain):
        return "ms"
    if re.search(r"\b(?:mins|minutes|minuten|minutos|in min)\b", plain):
        return "min"
    return "min?" if re.search(r"[(\[] ?min\.? ?[)\]]", plain) else None


def without_unit(header: str) -> str:
    """A header without these words: the time that its price is for, and the part of a coin it counts in.

    >>> without_unit("Rate per 6 s"), without_unit("Prix (centimes)"), without_unit("Tarifa/min")
    ('rate ', 'prix ()', 'tarifa')
    """
    plain = _PER.sub("", folded(header), count=1)
    kept = _WORD.sub(lambda word: "" if word[0] in _SMALL else word[0], plain)
    return header if kept == folded(header) else kept


def factor_in(header: str) -> str | None:
    """A factor that a header states its prices are multiplied or divided by, as it stands; None for none.

    >>> factor_in("Rate (x10000)"), factor_in("Rate/1000"), factor_in("Rate per 1000 minutes")
    ('x10000', '/1000', None)
    """
    found = _FACTOR.search(folded(header))
    return found[0] if found else None


def part_of(header: str) -> Decimal | None:
    """Which part of the coin a header counts in, by words that are no names of a currency's own part.

    >>> part_of("Rate (mils)"), part_of("Preis ct/min"), part_of("Rate")
    (Decimal('0.001'), Decimal('0.01'), None)
    """
    return next((_SMALL[word] for word in _WORD.findall(folded(header)) if word in _SMALL), None)
