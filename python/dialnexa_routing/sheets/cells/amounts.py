"""Amounts as sheets write them to plain text amounts, decided once per column (quirks 35, 36, 38)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.cells.coinage import CENT, CODES, LETTERED, SIGNS, WORDS
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.sheets.sheet_choices import DecimalMark

_SIGN = "[" + "".join(SIGNS) + "]"
_RUPEES = "\u20a8"  # a sign of several rupees, as the letters Rs are
_UNIT_TAIL = re.compile(r"(?:/|per) ?(?:min|minute)\.?$", re.IGNORECASE)
_MARKS = re.compile("(?<=[0-9])['\u2019\u00a0\u202f ](?=[0-9]{3}(?![0-9]))")
_BODY = re.compile(r"[0-9.,]+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_POINTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_RANGE = re.compile(
    rf"{_SIGN}? ?[0-9.,]*[0-9] ?(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to|\.\.|/) ?{_SIGN}? ?[0-9.,]*[0-9].*"
)
_WORD = re.compile(
    r"(?:(?P<front>[A-Za-z]{2,5})\.? ?)?(?P<body>[^A-Za-z]+?)(?: ?(?P<back>[A-Za-z]{2,5})\.?)?"
)


@dataclass(frozen=True)
class Written:
    """One amount as it stands: its digits and marks, and what it states of money beside them."""

    body: str
    currency: str | None = None
    sign: str | None = None
    minor: bool = False


def written(text: str) -> Written:
    """`text` without the words and signs of money around it.

    >>> written("0,0125 EUR")
    Written(body='0,0125', currency='EUR', sign=None, minor=False)
    """
    bare = _UNIT_TAIL.sub("", text).strip().replace(_RUPEES, "Rs ").strip()
    bare = bare.removesuffix("/-").removesuffix("/=")  # as prices are written in India: Rs. 5/-
    for lettered, code in LETTERED.items():
        if bare.startswith(lettered) or bare.endswith(lettered):
            whole = bare.removeprefix(lettered).removesuffix(lettered).strip()
            return Written(_MARKS.sub("", whole), code)
    sign = next((sign for sign in SIGNS if sign in bare), None)
    if sign and bare.count(sign) == 1 and (bare.startswith(sign) or bare.endswith(sign)):
        bare = bare.replace(sign, "").strip()
    else:
        sign = None
    currency = SIGNS[sign] if sign else None
    minor = CENT in (bare[:1], bare[-1:])
    bare = bare.strip(CENT).strip() if minor else bare
    found = _WORD.fullmatch(bare)
    if found and (word := found["front"] or found["back"]) and not (found["front"] and found["back"]):
        if word.upper() in CODES:
            currency, bare = word.upper(), found["body"].strip()
        elif word.lower() in WORDS:
            currency, minor, bare = WORDS[word.lower()] or currency, True, found["body"].strip()
        elif word in ("Rs", "RS", "rs"):
            sign, bare = sign or "Rs", found["body"].strip()
    return Written(_MARKS.sub("", bare), currency, sign if currency is None else None, minor)


def decimal_mark(bodies: Iterable[str], name: str, file: str, stated: DecimalMark | None) -> str:
    """Which of ``.`` and ``,`` marks the decimals of a column.

    Raises `SheetError` where only a comma with three digits behind it occurs: it may mark either.
    """
    if stated:
        return "," if stated == "comma" else "."
    point = comma = False
    unclear = None
    for body in bodies:
        if "," not in body:
            point |= "." in body and not re.fullmatch(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}", body)
        elif "." in body:
            if body.rindex(",") > body.rindex("."):
                comma = True
            else:
                point = True
        elif _THOUSANDS.fullmatch(body):
            point |= body.count(",") > 1
            unclear = unclear or body
        elif body.count(",") == 1 and _BODY.fullmatch(body):
            comma = True
    if comma:
        return ","
    if unclear and not point:
        raise SheetError(
            f"{file}: the comma in {unclear!r} of the column {name!r} may mark decimals or thousands:"
            " pass decimal='comma' or decimal='point' (quirk 35)"
        )
    return "."


def plain(body: str, mark: str) -> str | None:
    """`body` with a point for its decimals and no other mark; None where its marks contradict `mark`.

    >>> plain("1,234.5", "."), plain("0,0125", ","), plain("0.05", ",")
    ('1234.5', '0.0125', None)
    """
    if "," not in body and (mark == "." and body.count(".") < 2):
        return body
    other = "," if mark == "." else "."
    head, _, tail = body.partition(mark)
    if other in tail or mark in tail:
        return None
    if other in head and not (_THOUSANDS if other == "," else _POINTED).fullmatch(head):
        return None
    return head.replace(other, "") + ("." + tail if tail else "")


def _why(text: str) -> str:
    """Why a cell has no amount by the marks of its column."""
    if _RANGE.fullmatch(text):
        two = "holds two prices" if "/" in text else "is a range of two prices"
        return f"{text[:40]!r} {two}: write the price of this row, or a row for each prefix that has one"
    return "the marks of decimals and thousands differ from the rest of the column: write it like those"


@dataclass(frozen=True)
class AmountColumn:
    """The cells of a money column as plain amounts, and what they stated of money."""

    text: pl.Series
    reasons: pl.Series  # why a cell is no amount, for `refuse`
    currencies: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    minor: bool = False


def amount_column(
    cells: pl.Series, odd: pl.Series, name: str, file: str, stated: DecimalMark | None
) -> AmountColumn:
    """`cells`, of which those of the mask `odd` are not plain, under one reading of their marks."""
    none = constant(None, len(cells), pl.String)
    if not odd.any() and stated != "comma":
        return AmountColumn(cells, none)
    known = cells.filter(odd).unique().drop_nulls()
    found = [written(text) for text in known]
    every = [one.body for text, one in zip(known, found, strict=True) if not _RANGE.fullmatch(text)]
    points = cells.filter(~odd).str.contains(".", literal=True)
    has_points = bool(points.any())
    mark = decimal_mark([*every, "0.5"] if has_points else every, name, file, stated)
    if mark == "," and has_points:
        # Cells of digits with a point stand beside those with a comma: each must fit the comma too.
        odd = odd | cells.str.contains(".", literal=True).fill_null(False)
        known = cells.filter(odd).unique().drop_nulls()
        found = [written(text) for text in known]
    bodies = [
        None if _RANGE.fullmatch(text) else plain(one.body, mark)
        for text, one in zip(known, found, strict=True)
    ]
    table = pl.DataFrame(
        {
            "cell": known,
            "text": pl.Series(bodies, dtype=pl.String),
            "why": pl.Series(
                [_why(text) if body is None else None for text, body in zip(known, bodies, strict=True)],
                dtype=pl.String,
            ),
        }
    )
    joined = cells.alias("cell").to_frame().join(table, on="cell", how="left", maintain_order="left")
    text = joined["text"].zip_with(odd, cells)
    minors = {one.minor for one in found if one.body}
    if len(minors) > 1 or (True in minors and not odd.all()):
        raise SheetError(
            f"{file}: the column {name!r} has amounts in whole units and in hundredths: split it"
        )
    return AmountColumn(
        text,
        joined["why"].zip_with(odd, none),
        frozenset(one.currency for one in found if one.currency),
        frozenset(one.sign for one in found if one.sign),
        True in minors,
    )
