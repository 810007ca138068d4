"""What a column that nobody reads may carry, by its cells and by its header: money, time, validity, sale.

A header decides where it says something; where it says nothing, its cells do. Words are looked for
in parts of a header too (``disconnectcharge``), because here a wrong guess costs a question, and a
missed one a price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.cells.coinage import CODES, SIGNS
from dialnexa_routing.sheets.cells.datetexts import Order, iso
from dialnexa_routing.sheets.cells.status import plain_status
from dialnexa_routing.sheets.cells.status_words import BLOCKED, CLOSED, IN_FORCE, NO, YES, listed
from dialnexa_routing.sheets.column_limits import limits_callers, limits_hours, limits_sale, plain_cell
from dialnexa_routing.sheets.folding import folded

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(StrEnum):
    """What the cells of an unread column may be."""

    MONEY = "money"
    TIME = "time"
    VALIDITY = "validity"
    SCOPE = "scope"
    """What the row prices at all: calls in or out, messages, data."""
    CALLERS = "callers"
    """Callers, or zones of them, that the price of a row is for."""
    HOURS = "hours"
    """Hours and days at which it holds."""
    CODES = "codes"
    """Digits that may be a part of the prefix, as the other end of a range, or ones it is not for."""
    CURRENCY = "currency"
    """Codes of currencies."""
    SALE = "sale"
    """Whether the row holds at all: yes and no, Closed, Active."""
    NUMBERS = "numbers"
    """Whole numbers of which neither header nor cells state more: a key, or an amount."""
    WORDS = "words"
    """Names, notes, marks: nothing that a price depends on."""
    NOTHING = "nothing"
    """Blank, or zero where zero changes nothing."""


@dataclass(frozen=True)
class Column:
    """A column that was not read, and what stands in it."""

    place: int  # from 0
    name: str  # what the sheet calls it
    cells: Sequence[str]  # each text once, no blank ones
    filled: int  # how many rows have one
    nameless: bool = False  # the sheet does not name it, so `name` is its number


_MONEY = tuple(
    listed(
        "rate price cost charge fee tarif amount surcharge setup flagfall toll sell buy precio preis prix"
        " prezzo preco tax vat markup discount deposit rental commission margin percall minute money cent"
        " paise"
    )
)
_MONEY_WORDS = frozenset(code.lower() for code in CODES) | {
    *("$", "rs", "percall"),
    *("gst", "igst", "cgst", "sgst", "iva", "mwst", "ust", "tva", "kdv"),  # taxes
}
_CERTAIN_TIME = ("increment", "interval", "seconds", "grace")
_CERTAIN_TIME_WORDS = frozenset(["inc", "sec", "secs"])
_TIME = tuple(
    listed(
        "increment interval block period pulse billing round step second duration grace initial subsequent"
        " resolution cycle minimum maximum tick free"
    )
)
_TIME_WORDS = listed("inc sec secs s min mins max unit mb ib next first")
_VALIDITY = ("date", "effective", "valid", "expir", "begin", "activation", "until", "since")
_VALIDITY_WORDS = listed("from to till start end stop begins ends day when")
_SALE = tuple(
    listed(
        "status enabled disabled active blocked suspend closed forbid barred avail sold withdrawn deleted"
        " reject deprecated discontinu allowed permitted expired locked banned deny denied hidden publish"
        " quarantin visible sellable offered routable obsolete prohibit restrict"
    )
)
_SALE_WORDS = frozenset(["open", "live", "enable", "disable", "sale", "lock", "ban"])
_IDLE_WORDS = listed(
    "id ids uuid key mcc mnc mccmnc ref reference asr acd ner pdd mos lat lon latitude longitude lata ocn lrn"
    " priority order seq slno serial sequence sr sno index row rank ports channels cps phone contact spid"
    " digits provenance timezone population quality reliability random code codes prefix prepend strip format"
)
"""Words of a header under which numbers are keys, counts, qualities."""
_CODE_WORDS = listed(
    "prefix prefixes range ranges series sub from to start end lower upper high low except exception"
    " exceptions excluded exclude excluding exclusions ndc"
)
"""Words of a header under which digits belong to the prefix, but for what is dialled in front of it."""
_DIALLED = listed("tech technical dial dialled dialed strip add prepend trunk country id mcc mnc length date")
_NAME_WORDS = listed(
    "name names country iso network destination operator carrier city region location zone description label"
    " title language land"
)
"""Words of a header under which ``no`` is Norway, and ``y`` a name."""

_SIGN = "[" + "".join(map(re.escape, SIGNS)) + "]"
_UNIT = r"(?: ?(?:/|per) ?(?:min|minute|sec|second|call)\.?)?"
_FRACTION = re.compile(
    rf"(?:{_SIGN}|[A-Za-z]{{2,3}}\.?)? ?[+\u2212-]?(?:[0-9][0-9 ,.'\u00a0]*)?[.,][0-9]+ ?"
    rf"(?:{_SIGN}|[A-Za-z]{{3,5}})?{_UNIT}"
)
_SIGNED = re.compile(
    rf"(?:{_SIGN} ?[0-9][0-9.,]*|[0-9][0-9.,]* ?{_SIGN}|(?:{'|'.join(sorted(CODES))}) ?[0-9][0-9.,]*|"
    rf"[0-9][0-9.,]* ?(?:{'|'.join(sorted(CODES))})){_UNIT}"
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
_ZERO = re.compile(r"[+-]?0*(?:[.,]0*)?")
_CODE_LIST = re.compile(r"\+?[0-9]{3,15}(?: ?[,;|/] ?\+?[0-9]{3,15})+")
_PAIR = re.compile(r"[0-9]{1,5} ?[/:+-] ?[0-9]{1,5}(?: ?[/:+-] ?[0-9]{1,5})?(?: ?(?:s|sec|secs|seconds))?")
_SECONDS = re.compile(r"[0-9]{1,5} ?(?:s|sec|secs|seconds?|m|mins?|minutes?)")
_BLOCKS = frozenset([1, 3, 5, 6, 10, 12, 15, 18, 20, 30, 36, 45, 60, 90, 120, 180, 240, 300, 600, 1800, 3600])
_PERCENT = re.compile(r"[+\u2212-]? ?[0-9]{1,3}(?:[.,][0-9]{1,6})? ?%")
_SCOPE = frozenset(
    listed(
        "inbound incoming outbound outgoing out ingress egress termination origination originating"
        " terminating sms mms data gprs ussd fax video messaging message"
    )
)
_PER_WORDS = re.compile(
    r"(?:per |/ ?)?[0-9]{0,4} ?(?:s|secs?|seconds?|mins?|minutes?|hours?|calls?|events?|sessions?)"
)
_STANDING = CLOSED | BLOCKED | IN_FORCE | ((YES | NO) - {"1", "0"})
_MOST = 200  # cells looked at one by one
_SEARCHED = 50_000  # distinct cells in which a word of sale is sought


def kind_of(column: Column) -> Kind:
    """What `column` may carry.

    >>> kind_of(Column(2, "Voice in USD", ["0.032", "0.04"], 2)), kind_of(Column(3, "Q", ["1", "6"], 9))
    (<Kind.MONEY: 'money'>, <Kind.TIME: 'time'>)
    """
    if not column.filled:
        return Kind.NOTHING
    words = words_of(column.name)
    by_name = _named(words)
    by_cells = _held(column.cells)
    idle = not _IDLE_WORDS.isdisjoint([*words, "".join(words)])
    named = not _NAME_WORDS.isdisjoint(words)
    if not named and _any_of(column.cells, CLOSED | BLOCKED):
        return Kind.SALE
    if not named and by_cells in (Kind.WORDS, Kind.SCOPE) and _any_of(column.cells, _SCOPE):
        return Kind.SCOPE
    if by_cells is not Kind.VALIDITY and limits_callers(words, column.cells):
        return Kind.CALLERS
    if by_cells in (Kind.WORDS, Kind.TIME) and limits_hours(words, column.cells):
        return Kind.HOURS
    if not named and not idle and limits_sale(words, column.cells):
        return Kind.SALE
    if by_cells in (Kind.SCOPE, Kind.CURRENCY):
        return by_cells if by_cells is Kind.CURRENCY or not named else Kind.WORDS
    if by_cells is Kind.NUMBERS and not _CODE_WORDS.isdisjoint(words) and _DIALLED.isdisjoint(words):
        return Kind.CODES
    if by_cells is Kind.WORDS and by_name is Kind.MONEY and any(map(_PERCENT.fullmatch, column.cells)):
        return Kind.MONEY
    if by_cells is Kind.WORDS:
        # Words under a header of sale decide about the row, known ones or not.
        return Kind.SALE if by_name is Kind.SALE else Kind.WORDS
    if by_cells is Kind.SALE and by_name is None and named:
        return Kind.WORDS
    if by_cells in (Kind.VALIDITY, Kind.SALE):
        return by_cells
    zero = all(_ZERO.fullmatch(cell) for cell in column.cells)
    if by_name is not None:
        if zero and by_name in (Kind.MONEY, Kind.TIME):
            return Kind.NOTHING
        if by_name in (Kind.VALIDITY, Kind.SALE) and by_cells is Kind.MONEY:
            return Kind.MONEY
        if not (idle and by_cells is Kind.NUMBERS):
            return by_name
    if idle:
        return Kind.WORDS
    if zero:
        return Kind.NUMBERS
    if by_cells is Kind.TIME and set(column.cells) <= {"0", "1"}:
        return Kind.SALE
    if by_cells is Kind.NUMBERS and _counted(column.cells):
        return Kind.WORDS
    return by_cells


def _any_of(cells: Sequence[str], words: frozenset[str]) -> bool:
    """Whether some cell is one of the words and others state more: a status among other remarks."""
    return any(_plain(cell) in words for cell in cells[:_SEARCHED])


def _plain(cell: str) -> str:
    plain = plain_cell(cell)
    return plain if plain.isascii() and "-" not in plain and "_" not in plain else plain_status(cell)


def words_of(name: str) -> list[str]:
    """The words of a header, in lower case; capitals inside begin new ones."""
    return [
        word for word in re.split("[^a-z0-9%$]+", folded(re.sub("(?<=[a-z])(?=[A-Z])", " ", name))) if word
    ]


def _named(words: Sequence[str]) -> Kind | None:
    """What the words of a header say; money goes before time, for the dearer mistake."""
    whole = {*words, "".join(words)}
    tests: tuple[tuple[Kind, tuple[str, ...], frozenset[str]], ...] = (
        (Kind.SALE, _SALE, _SALE_WORDS),
        (Kind.VALIDITY, _VALIDITY, frozenset()),
        (Kind.TIME, _CERTAIN_TIME, _CERTAIN_TIME_WORDS),
        (Kind.MONEY, _MONEY, _MONEY_WORDS),
        (Kind.TIME, _TIME, _TIME_WORDS),
        (Kind.VALIDITY, (), _VALIDITY_WORDS),
    )
    for kind, parts, exact in tests:
        if whole & exact or any(part in word for part in parts for word in words):
            return kind
    return None


def _held(cells: Sequence[str]) -> Kind:
    """What most of the cells are."""
    counts = dict.fromkeys(Kind, 0)
    few = cells[:: len(cells) // _MOST + 1]
    for cell in few:
        counts[_one(cell)] += 1
    usual = max(Kind, key=lambda kind: counts[kind])
    numeric = counts[Kind.MONEY] + counts[Kind.NUMBERS] + counts[Kind.TIME]
    if 2 * numeric > len(few):
        if counts[Kind.MONEY]:
            return Kind.MONEY
        usual = Kind.NUMBERS if counts[Kind.NUMBERS] else Kind.TIME
    return usual if 2 * counts[usual] > len(few) or 2 * numeric > len(few) else Kind.WORDS


def _one(cell: str) -> Kind:
    text = " ".join(cell.split())
    plain = _plain(cell)
    if plain in _STANDING:
        return Kind.SALE
    if plain in _SCOPE:
        return Kind.SCOPE
    if text in CODES:
        return Kind.CURRENCY
    if _WHOLE.fullmatch(text):
        number = abs(int(text.partition(".")[0]))
        return Kind.TIME if number in _BLOCKS or number == 0 else Kind.NUMBERS
    if _CODE_LIST.fullmatch(text):
        return Kind.NUMBERS
    if iso(text, Order(day_first=True)) or iso(text, Order(day_first=False)):
        return Kind.VALIDITY
    if _PAIR.fullmatch(text) or _SECONDS.fullmatch(plain) or _PER_WORDS.fullmatch(plain):
        return Kind.TIME
    if _FRACTION.fullmatch(text) or _SIGNED.fullmatch(text):
        return Kind.MONEY
    return Kind.WORDS


def _counted(cells: Sequence[str]) -> bool:
    """Whether the cells number the rows: 1, 2, 3 and on."""
    if not all(map(_WHOLE.fullmatch, cells)):
        return False
    numbers = sorted(int(cell.partition(".")[0]) for cell in cells)
    return len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
