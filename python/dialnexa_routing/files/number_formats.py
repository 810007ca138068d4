"""Number formats of a workbook: what they put around a number, which its value does not say.

A cell of 0.05 that is shown as ``$0.05`` is a price in dollars, and so it is printed, copied and exported.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<money>[^\]-]*)(?:-(?P<locale>[^\]]*))?\]|\[[^\]]*\]'
    r"|(?P<number>General|[0#?.,]+(?:[eE][+-][0#?]+)?)|(?P<plain>.)",
    re.DOTALL,
)
_OF_DATES = frozenset("yYmMdDhHsSbBgG@")
_SHARED = frozenset(["$", "\u00a5", "kr", "kr.", "R", "Rs", "Rs.", "\u20a8", "\u00a3", ""])
"""Signs that several currencies share; the locale beside one states which it is."""
_LOCALES = {
    "USD": "409 en-US es-US",
    "CAD": "1009 C0C en-CA fr-CA",
    "AUD": "C09 en-AU",
    "NZD": "1409 en-NZ",
    "SGD": "4809 1004 en-SG zh-SG",
    "HKD": "C04 3C09 zh-HK en-HK",
    "TWD": "404 zh-TW",
    "MXN": "80A es-MX",
    "ARS": "2C0A es-AR",
    "CLP": "340A es-CL",
    "COP": "240A es-CO",
    "JPY": "411 ja-JP",
    "CNY": "804 zh-CN",
    "SEK": "41D sv-SE",
    "DKK": "406 da-DK",
    "NOK": "414 814 nb-NO nn-NO",
    "ZAR": "1C09 436 en-ZA af-ZA",
    "INR": "4009 439 en-IN hi-IN",
    "PKR": "420 ur-PK",
    "LKR": "45B 449 si-LK ta-LK",
    "NPR": "461 ne-NP",
    "GBP": "809 en-GB",
    "EGP": "C01 ar-EG",
}
_CURRENCIES = {place.lower(): code for code, places in _LOCALES.items() for place in places.split()}
"""Currencies of locales, by their number in hexadecimal and by their name."""
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_OF_STYLE = re.compile(rb"\bnumFmtId=[\"']([0-9]{1,9})[\"']")
_PERCENTS = {9: "1%", 10: "1%"}
"""Formats that every program knows by their number; those with a sign have that of whoever opens it."""


def shown(code: str) -> str | None:
    r"""How a number format shows a 1, where it puts more beside it than signs and blanks.

    >>> shown('_("$"* #,##0.00_)'), shown("[$\u20b9-4009] #,##0.00"), shown('0.00\\ "EUR"')
    ('$1', '₹ 1', '1 EUR')
    >>> shown("[$$-409]0.0"), shown('0.0 "paise"')
    ('USD 1', '1 paise')
    >>> shown("#,##0.00"), shown("yyyy-mm-dd"), shown("General"), shown("[Red]0.00;-0.00")
    (None, None, None, None)
    """
    front, back, seen = "", "", False
    for found in _TOKEN.finditer(_first_section(code)):
        text = found["quoted"] or found["escaped"] or ""
        if found["money"] is not None:
            text = _money(found["money"], found["locale"])
        elif found["plain"] is not None:
            if found["plain"] in _OF_DATES:
                return None
            text = found["plain"]
        elif found["number"] is not None:
            seen, text = True, ""
        if seen:
            back += text
        else:
            front += text
    words = " ".join(f"{front}1{back}".split()) if seen else ""
    return words if any(map(_says, front + back)) and words else None


def shown_by_styles(styles: bytes) -> dict[int, str]:
    """What `shown` has of each style of cells, by its number, in the part ``xl/styles.xml``."""
    formats: dict[int, str | None] = dict(_PERCENTS)
    for tag in _FORMAT.findall(styles):
        number = _OF_STYLE.search(tag)
        code = re.search(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')", tag)
        if number and code:
            formats[int(number[1])] = shown(unescaped(code[1] or code[2] or b""))
    held = _STYLES.search(styles)
    found = {}
    for at, style in enumerate(_STYLE.findall(held[0]) if held else ()):
        number = _OF_STYLE.search(style)
        text = formats.get(int(number[1])) if number else None
        if text:
            found[at] = text
    return found


def unescaped(text: bytes) -> str:
    """The text of an attribute.

    >>> unescaped(b"&quot;$&quot; &#8377;")
    '"$" ₹'
    """
    plain = text.decode("utf-8", errors="replace")
    plain = re.sub(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));", _character, plain)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    return plain


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if number < 0x110000 else "\ufffd"


def _first_section(code: str) -> str:
    """What holds of numbers above zero: the part in front of the first semicolon outside of quotes."""
    found = re.match(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*', code, re.DOTALL)
    return found[0] if found else code


def _money(sign: str, locale: str | None) -> str:
    """The sign in a format, or the currency where its locale states which of several it is."""
    if sign not in _SHARED or not locale:
        return sign
    name = locale.lower()
    if re.fullmatch("[0-9a-f]{1,8}", name):
        name = f"{int(name, 16) & 0xFFFF:x}"
    return f"{_CURRENCIES[name]} " if sign and name in _CURRENCIES else sign


def _says(character: str) -> bool:
    return character.isalnum() or character in "%\u00a2" or unicodedata.category(character) == "Sc"
