"""Letters as they are compared: lower case, without accents, letters of every script kept."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_OTHERS = str.maketrans({"ß": "ss", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """`text` in lower case and without accents; scripts without Latin letters stay as they are.

    >>> folded("Gültig ab"), folded("Başlangıç"), folded("Цена")
    ('gultig ab', 'baslangic', 'цена')
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain.translate(_OTHERS))
    kept = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", kept)
