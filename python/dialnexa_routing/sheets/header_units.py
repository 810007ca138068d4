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
    Decimal(
        "0.01"
    ): "ct cts centime centimes centavo centavos centimo centimos centesimi копеек коп kurus 分",
    Decimal("0.001"): "mil mils mill mills millieme milliemes",
}
_SMALL = {word: part for part, words in _PARTS.items() for word in words.split()}
_WORD = re.compile(r"[^\W_]+")


def unit_of(header: str) -> int | None:
    """The seconds a header says its price is for; None where it says nothing.

    >>> unit_of("Rate per 6 s"), unit_of("Price/Sec (USD)"), unit_of("Rate/Min"), unit_of("Rate")
    (6, 1, 60, None)
    """
    found = _PER.search(folded(header))
    return int(found["count"] or 1) * _SECONDS[found["word"]] if found else None


def without_unit(header: str) -> str:
    """A header without these words, where they name another unit than a minute or a part of a coin.

    >>> without_unit("Rate per 6 s"), without_unit("Prix (centimes)"), without_unit("Rate/Min")
    ('rate ', 'prix ()', 'Rate/Min')
    """
    plain = folded(header)
    if unit_of(header) not in (None, 60):
        plain = _PER.sub("", plain, count=1)
    kept = _WORD.sub(lambda word: "" if word[0] in _SMALL else word[0], plain)
    return header if kept == folded(header) else kept


def part_of(header: str) -> Decimal | None:
    """Which part of the coin a header counts in, by words that are no names of a currency's own part.

    >>> part_of("Rate (mils)"), part_of("Preis ct/min"), part_of("Rate")
    (Decimal('0.001'), Decimal('0.01'), None)
    """
    return next((_SMALL[word] for word in _WORD.findall(folded(header)) if word in _SMALL), None)
