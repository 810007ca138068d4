"""What a column of codes means, decided once for all of it and never by one cell (quirks 3, 5, 12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.aliases import NANP
from dialnexa_routing.sheets.cells.patterns import (
    MAX_CHARACTERS,
    bracket_codes,
    calling_code,
    pattern_codes,
    range_codes,
)
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.sheets.headers import Header
    from dialnexa_routing.sheets.sheet_choices import Choices, Hyphens

ABROAD = ("00", "011", "11")
"""What is dialled before a calling code; no calling code begins with one of them.

``11`` alone may be a code as it stands, so a column that bears the canonical name keeps it.
"""

_PAIR = re.compile("\\+?([0-9]+) ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d] ?([0-9]+)")
_LISTED = re.compile(r"[\[{]\s*[0-9]{2,15}(?:\s*[,;\x1f]\s*[0-9]{2,15})*\s*[\]}]")
_WRAPPED = re.compile(r"\(\+? ?([0-9]+)\) ?([0-9]*)")
_DASHES = re.compile(" ?[\u2010-\u2015\u2212\ufe58\ufe63\uff0d-] ?")
_CODE = re.compile("[1-9][0-9]{0,14}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_NANP_SHAPE = re.compile("[2-9][0-9]{2}[2-9][0-9]{2}")
_ENOUGH = 100  # codes of NANP shape alone that cannot be anything else
_FEW = 0.05


@dataclass(frozen=True)
class CodeStyle:
    """How the codes of one column are to be read."""

    hyphens: Hyphens | None = None
    strip: tuple[str, ...] = ()
    abroad: str | None = None
    front: str = ""
    nanp: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether digits are codes as they stand."""
        return not (self.strip or self.abroad or self.front or self.nanp)


def is_nanp(header: Header) -> bool:
    """Whether the header states that the codes are of North America, without the 1."""
    return normalise(header.published.get("prefix", "")) in NANP or "npa" in (
        normalise(header.published.get("calling_code", "")),
    )


def decide(pieces: Iterable[str], header: Header, choices: Choices, file: str) -> tuple[CodeStyle, list[str]]:
    """The style of a column that holds `pieces`, and sentences on what was inferred.

    Raises `SheetError` when hyphens are ranges in some codes and joins in others.
    """
    known = [piece for piece in pieces if piece]
    remarks = []
    name = header.published.get("prefix", "prefix")
    nanp = is_nanp(header)
    named = name.lower() == "prefix" or "prefix" in header.mapped
    if not nanp and not named and len(known) >= _ENOUGH and all(map(_NANP_SHAPE.fullmatch, known)):
        nanp = True
        remarks.append(
            "all codes have six digits, as of North America without the 1, which was put in front: pass"
            f" columns={{'prefix': {name!r}}} if they are whole as they stand (quirk 12)"
        )
    stripped = [_without(piece, choices.stripped) for piece in known]
    abroad = None
    if not header.joined and not choices.calling_code and not nanp:
        bare = [piece.lstrip("+") for piece in stripped]
        fronts = [front for front in ABROAD if front.startswith("0") or not named]
        abroad = next((front for front in fronts if bare and all(b.startswith(front) for b in bare)), None)
    if abroad:
        remarks.append(
            f"every code starts with {abroad}, which is dialled abroad: it was taken away (quirk 5)"
        )
    without = [
        piece for piece, bare in zip(known, stripped, strict=True) if choices.stripped and piece == bare
    ]
    if without:
        remarks.append(
            f"{len(without)} codes do not start with strip={choices.strip!r} and were read as they are,"
            f" the first is {without[0]!r}: look whether the argument is right (quirk 13)"
        )
    front = choices.calling_code or ""
    hyphens: Hyphens | None = choices.questions.settle(
        "hyphens",
        lambda: _hyphens(stripped, name, choices, file),
        None,
        ("'ranges'", "'joins'"),
        column=name,
    )
    style = CodeStyle(hyphens, choices.stripped, abroad, front, nanp)
    return style, remarks


def _hyphens(pieces: list[str], name: str, choices: Choices, file: str) -> Hyphens | None:
    if choices.hyphens:
        return choices.hyphens
    pairs = {piece: found for piece in pieces if (found := _PAIR.fullmatch(piece))}
    if not pairs:
        return None
    wide = [piece for piece, found in pairs.items() if len(found[1]) == len(found[2]) >= 4]
    if len(wide) == len(pairs):
        return "ranges"
    # '9170-75' may be two digits of a range or the end of a join; '93-70' begins with its country.
    joins = [
        piece
        for piece, found in pairs.items()
        if len(found[1]) <= 3 and (calling_code(found[1]) == found[1] or len(found[1]) < len(found[2]))
    ]
    if len(wide) <= _FEW * len(pairs) and len(joins) + len(wide) == len(pairs):
        return "joins"
    other = next(piece for piece in pairs if piece not in wide)
    clash = f" and {wide[0]!r} as a range" if wide else ""
    raise SheetError(
        f"{file}: in the column {name!r} {other!r} may be one code in two parts{clash}, or a range: pass"
        " hyphens='ranges' or hyphens='joins' (quirk 3)"
    )


def _without(piece: str, fronts: tuple[str, ...]) -> str:
    return next((piece[len(front) :] for front in fronts if piece.startswith(front)), piece)


def read_code(piece: str, country: str | None, style: CodeStyle) -> tuple[list[str], str | None]:
    """The prefixes that `piece` stands for, and why there are none; `country` is its calling code.

    >>> read_code("336 07", None, CodeStyle())
    (['33607'], None)
    """
    if len(piece) > MAX_CHARACTERS:
        return [], f"the prefix has more than {MAX_CHARACTERS} characters: write several codes with commas"
    if _SCIENTIFIC.fullmatch(piece):
        return [], "the prefix is in scientific notation, which lost its last digits: export it as text again"
    body = piece.strip()
    if re.match("'[0-9+]", body):  # as one types digits that a spreadsheet is to keep as text
        body = body[1:]
    body = _without(body, style.strip)
    body = re.sub(r"^\+ ?", "", body)
    body = re.sub(r"\.0+$", "", body)
    if found := _WRAPPED.fullmatch(body):  # (+91) is 91
        body = found[1] + found[2]
    if style.abroad:
        body = body.removeprefix(style.abroad)
    if not body:
        return ([country], None) if country else ([], "the prefix is empty: give its digits, or drop the row")
    if _LISTED.fullmatch(body) and not country and not style.front:
        return [], (
            f"the prefix {body.replace(chr(31), ',')[:40]!r} may be a list or one digit of several: write the"
            " codes without brackets, several with commas"
        )
    codes = _codes(body, style)
    if isinstance(codes, str):
        return [], f"the prefix {codes}"
    ahead = (country or "") + style.front
    whole = []
    for code in codes:
        code = ahead + code
        if style.nanp:
            if len(code) in (3, 6, 7, 10) and code[0] != "1":
                code = "1" + code
            elif not (code.startswith("1") and len(code) in (4, 7, 8, 11)):
                return [], "the prefix is no area code or exchange of North America: write 3, 6 or 7 digits"
        if not _CODE.fullmatch(code):
            return [], f"the prefix {_wrong(code, code[len(ahead) :] if ahead else code)}"
        if ahead and code[len(ahead) :].startswith("0"):
            return [], "the prefix starts with 0 behind its calling code, a trunk zero: leave the zero out"
        whole.append(code)
    return whole, None


def _codes(body: str, style: CodeStyle) -> list[str] | str:
    if _CODE.fullmatch(body):
        return [body]
    if (bracketed := bracket_codes(body)) is not None:
        return bracketed
    if pair := _PAIR.fullmatch(body):
        if style.hyphens == "joins":
            if len(pair[1]) == len(pair[2]) >= 4:
                return "looks like a range in a column of codes in two parts: write its codes out"
            return [pair[1] + pair[2]]
        second = pair[2].removeprefix(style.abroad or "")
        return range_codes(pair[1], second)
    if style.hyphens == "joins" and re.fullmatch("[0-9]+(?:-[0-9]+)+", _DASHES.sub("-", body)):
        return [_DASHES.sub("", body)]
    if re.fullmatch(r"[0-9]+(?:\s+[0-9]+)+", body):
        return [re.sub(r"\s+", "", body)]
    if re.fullmatch("[0-9]+", body):
        return [body]
    if re.fullmatch(r"[0-9+][0-9+\s]*", body):
        return "has blanks or plus signs inside: write one code without them, several with commas"
    return pattern_codes(body)


def _wrong(code: str, bare: str) -> str:
    if bare.startswith("0"):
        abroad = next((front for front in ("00", "011") if bare.startswith(front)), None)
        how = f", or pass strip={abroad!r} if that is dialled in front of codes" if abroad else ""
        return f"starts with 0: write it with its calling code, without 00 or a trunk zero{how}"
    if len(code) > 15:
        return "has more than 15 digits, which no number has: separate the codes, or cut it"
    return "holds something other than digits 0-9: write the digits out"
