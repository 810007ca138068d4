"""Which numbers can be none: how long numbers are under each calling code, and which are emergencies.

The rule was measured: it refuses no number that phonenumbers calls valid and E.164 allows, and every
emergency number. It looks at sets of lengths, never at bounds, and never at leading digits: those change
every few weeks, and who refuses by them refuses new ranges. `number_series` knows them, for reports.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from dialnexa_routing import _deck
from dialnexa_routing.numbers.e164 import checked, masked
from dialnexa_routing.numbers.plan_file import counts, head, section
from dialnexa_routing.text.errors import ConfigError, NumberError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Lengths = frozenset[int] | None
    Fault = Literal["impossible_number", "emergency_number"]

_CODE_DIGITS = (1, 2, 3)
_E164 = 15


class NumberPlan:
    """The lengths of national numbers by calling code, and the emergency numbers; immutable.

    `WORLD` is the shipped one, read from its file when it is first asked. Plans compare by what they
    say, can be hashed and pickled, and are shared between threads.

    >>> WORLD.judge("+919812345678"), WORLD.judge("9812345678"), WORLD.judge("91112")
    (None, 'impossible_number', 'emergency_number')
    >>> WORLD.told("+9812345678")
    "'+9812xxxxxx' has 8 digits after 98, where numbers have 4-7 or 10 (phonenumbers 9.0.43)"
    """

    __slots__ = ("_changed", "_has_emergencies", "_made")

    _changed: tuple[tuple[str, Lengths], ...]
    _has_emergencies: bool
    _made: _Made | None

    def __init__(self) -> None:
        _set(self, (), True)

    @property
    def release(self) -> str:
        """What the shipped plan was made from, as ``phonenumbers 9.0.43``."""
        return head()["origin"]

    @property
    def date(self) -> str:
        """The day that the shipped plan is of, as ``2026-11-30``."""
        return head()["date"]

    @property
    def lengths(self) -> Mapping[str, Lengths]:
        """Digits of national numbers by calling code; None is any."""
        return MappingProxyType(self._tables.lengths)

    @property
    def emergencies(self) -> frozenset[str]:
        """Emergency numbers, with their calling codes and without."""
        return self._tables.emergencies

    @property
    def core(self) -> _deck.NumberPlan:
        """The plan as the compiled core takes it."""
        return self._tables.core

    def judge(self, number: str) -> Fault | None:
        """Why an E.164 number, with or without plus, can be none; None where it can.

        Asked in this order: an emergency number, with a calling code or without; no such calling code;
        no number under its code is so long. A plus makes no difference: readings put one before what
        stood without. What a deck lists as a whole number wins over this; that is whoever asks the deck.

        Raises `NumberError` for what is not E.164 (R1).
        """
        digits = checked(number if number.startswith("+") else "+" + number)[1:]
        tables = self._tables
        if digits in tables.emergencies:
            return "emergency_number"
        code = _code(digits, tables.lengths)
        if code is None:
            return "impossible_number"
        lengths, count = tables.lengths[code], len(digits) - len(code)
        is_possible = count > 0 if lengths is None else count in lengths
        return None if is_possible else "impossible_number"

    def told(self, number: str) -> str | None:
        """The same as a sentence for people, with what would be right and where that is from."""
        fault = self.judge(number)
        if fault is None:
            return None
        digits, shown = number.removeprefix("+"), repr(masked(number))
        if fault == "emergency_number":
            return f"{number!r} is an emergency number; it is neither routed nor rated ({self.release})"
        code = _code(digits, self.lengths)
        if code is None:
            return f"{shown} begins with no calling code; write the number with its own ({self.release})"
        count, wanted = len(digits) - len(code), _words(self.lengths[code] or {1})
        return f"{shown} has {count} digits after {code}, where numbers have {wanted} ({self.release})"

    def replaced(self, calling_code: str, lengths: Iterable[int] | None) -> NumberPlan:
        """The same with other lengths of national numbers under a calling code; None is any length.

        Raises `ConfigError` for a code that is none or begins another one, and for lengths that E.164
        has no room for.

        >>> WORLD.replaced("91", {10}).judge("+91123456789")
        'impossible_number'
        """
        if not (
            isinstance(calling_code, str)
            and len(calling_code) in _CODE_DIGITS
            and set(calling_code) <= set("0123456789")
            and calling_code[0] != "0"
        ):
            raise ConfigError(f"{calling_code!r} is no calling code; write its one to three digits, as 91")
        for code in self.lengths:
            if code != calling_code and (code.startswith(calling_code) or calling_code.startswith(code)):
                raise ConfigError(f"the calling code {code} begins as {calling_code} does; name that one")
        kept = None if lengths is None else _checked(calling_code, lengths)
        changed = {**dict(self._changed), calling_code: kept}
        return _plan(tuple(sorted(changed.items())), self._has_emergencies)

    def without_emergencies(self) -> NumberPlan:
        """The same for calls that may go to emergency numbers: they are judged by their length alone."""
        return _plan(self._changed, False)

    @property
    def _tables(self) -> _Made:
        # Threads that ask at once make the same twice, and either will do.
        if self._made is None:
            object.__setattr__(self, "_made", _Made(dict(self._changed), self._has_emergencies))
        assert self._made is not None
        return self._made

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a NumberPlan does not change; replaced() gives another one")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a NumberPlan does not change; replaced() gives another one")

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, NumberPlan) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __reduce__(self) -> tuple[Any, ...]:
        return _plan, self._key

    def __repr__(self) -> str:
        changed = ", ".join(f"{code}: {'any' if of is None else _words(of)}" for code, of in self._changed)
        words = [self.release, self.date, changed, "" if self._has_emergencies else "no emergency numbers"]
        return f"<NumberPlan of {', '.join(word for word in words if word)}>"

    @property
    def _key(self) -> tuple[tuple[tuple[str, Lengths], ...], bool]:
        return self._changed, self._has_emergencies


class _Made:
    """The tables of a plan."""

    __slots__ = ("core", "emergencies", "lengths")

    def __init__(self, changed: dict[str, Lengths], has_emergencies: bool) -> None:
        rows = (line.split(" ", 1) for line in section("lengths"))
        self.lengths: dict[str, Lengths] = {**{code: counts(text) for code, text in rows}, **changed}
        found: set[str] = set()
        for line in section("emergency") if has_emergencies else ():
            code, *numbers = line.split(" ")
            found.update(numbers, (code + number for number in numbers))
        # Those that begin with 0 are no E.164, and never come this far (R1).
        self.emergencies = frozenset(number for number in found if number[0] != "0")
        masks = [(code, _mask(code, lengths)) for code, lengths in self.lengths.items()]
        self.core = _deck.NumberPlan(masks, sorted(self.emergencies))


def core_of(plan: NumberPlan | None) -> _deck.NumberPlan | None:
    """A plan as the core takes it; None asks none. Raises `TypeError` for anything else."""
    known = is_plan(plan)
    return None if known is None else known.core


def refuse_impossible(number: str, plan: NumberPlan | None) -> None:
    """Raises `NumberError` for a number that can be none by a plan."""
    if plan is not None and (told := plan.told(number)) is not None:
        raise NumberError(told)


def is_plan(plan: NumberPlan | None) -> NumberPlan | None:
    """The plan itself, or None. Raises `TypeError` for anything else."""
    if plan is not None and not isinstance(plan, NumberPlan):
        raise TypeError(f"number_plan is {type(plan).__name__}; pass a NumberPlan, as WORLD, or None")
    return plan


def _plan(changed: tuple[tuple[str, Lengths], ...], has_emergencies: bool) -> NumberPlan:
    plan = NumberPlan.__new__(NumberPlan)
    _set(plan, changed, has_emergencies)
    return plan


def _set(plan: NumberPlan, changed: tuple[tuple[str, Lengths], ...], has_emergencies: bool) -> None:
    object.__setattr__(plan, "_changed", changed)
    object.__setattr__(plan, "_has_emergencies", has_emergencies)
    object.__setattr__(plan, "_made", None)


def _code(digits: str, lengths: Mapping[str, Lengths]) -> str | None:
    """The calling code that begins some digits; no code begins another."""
    return next((code for end in _CODE_DIGITS if (code := digits[:end]) in lengths), None)


def _mask(code: str, lengths: Lengths) -> int:
    """A bit for every length."""
    kept = range(1, _E164 - len(code) + 1) if lengths is None else lengths
    return sum(1 << length for length in kept)


def _checked(code: str, lengths: Iterable[int]) -> frozenset[int]:
    most = _E164 - len(code)
    kept = frozenset(lengths)
    for length in kept:
        if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= most:
            raise ConfigError(f"{length!r} is no count of digits after {code}; write 1 to {most}")
    if not kept:
        raise ConfigError(f"there are no lengths for {code}; pass None to let any length pass")
    return kept


def _words(lengths: Iterable[int]) -> str:
    """Counts for people: ``4-7 or 10``."""
    runs: list[list[int]] = []
    for count in sorted(lengths):
        if runs and count == runs[-1][-1] + 1:
            runs[-1].append(count)
        else:
            runs.append([count])
    words = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


WORLD = NumberPlan()
"""The plan of the world, as the package ships it."""
