"""What a message spells as arguments of Python, in the words of the command line.

The library writes an argument as a call has it, ``timezone='UTC'``, whoever will read the message: an error
is one string, for Polars rebuilds those that pass through it. That spelling can be read again, and this is
the one place that does, and writes each argument as the verb at hand takes it.
"""

from __future__ import annotations

import ast
import re
import shlex
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_ARGUMENT = re.compile(r"(?<![\w.\-])([a-z][a-z_]*)=(?!=)")
_CALL = re.compile(r"[A-Z]\w*\.(?:read|look)\(…, ")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|None|True|False|…")
_SPELLED = re.compile(r"--[a-z][a-z-]* [\w.]+=(?:'[^']*'|[^\s;,)]*)")
"""What was spelled already, for an option that takes any argument."""
_OPENED = {"(": ")", "[": "]", "{": "}"}
_TO_QUOTE = re.compile(r"[\s'\"$`\\*?()\[\]{}<>|&;#~!]")
NAMED = {"to": "number"}
"""What of the columns of call records has an option of another name than its own."""


@dataclass(frozen=True)
class Words:
    """How a verb takes arguments.

    Attributes:
        flags: of its options, by the name of the argument.
        other: the option for whatever has none of its own, as ``--read``, and whether an argument is one of
            those.
        columns: how ``columns`` are named one by one: before ``NAME=HEADER``.
        named: the options that name single columns, by their canonical names.
        readings: what of a `NumberReading` can be stated.
    """

    flags: Mapping[str, str] = field(default_factory=dict)
    other: tuple[str, Callable[[str], bool]] | None = None
    columns: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    readings: tuple[str, ...] = ()

    @classmethod
    def of(cls, parameters: list[Any]) -> Words:
        """Of the parameters of a command."""
        flags = {}
        for one in parameters:
            long = [option for option in one.opts if option.startswith("--")]
            if long:
                flags[one.name.rstrip("_")] = long[0]
        readings = tuple(flags) if "calling_code" in flags else ()
        if "max_refused_rows" in flags:  # of call records
            flags |= {"max_refused": flags["max_refused_rows"], "header": "--header"}
            named = {
                name: flags[NAMED.get(name, name)] for name in _COLUMNS if NAMED.get(name, name) in flags
            }
            return cls(flags, None, "--column ", named, readings)
        if "read" in flags:  # of rate sheets
            flags.pop("max_refused", None)
            return cls(flags, ("--read", _is_of_sheets), "--read columns.")
        return cls(flags, readings=readings)

    def ways(self, name: str, value: Any) -> list[str] | None:
        """How an argument is passed, an option for each of several; None if the verb has no way.

        Args:
            name: of the argument.
            value: what is passed; `_NOTHING` where that is not stated, and an ellipsis for any value.
        """
        if name == "columns" and self.columns is not None:
            if isinstance(value, dict):
                return [self._column(str(key), one) for key, one in value.items()]
            return [f"{self.columns}NAME=HEADER"]
        if name == "reading" and "calling_code" in self.readings and isinstance(value, _Made):
            found = [self.ways(key, one) for key, one in value.arguments.items()]
            return [way for ways in found if ways for way in ways]
        option = self.flags.get(name)
        if name == "direction" and isinstance(value, dict):
            option = self.flags.get("direction_word", option)
        if name == "header" and option is not None and value in (None, False):
            return ["--no-header"]
        if name == "number_plan" and option is not None and value is None:
            return [f"{option} none"]
        if option is not None and isinstance(value, dict):
            return [f"{option} {_shown(f'{key}={_shown(one)}')}" for key, one in value.items()]
        if option is not None:
            return [option if one is _NOTHING else f"{option} {_shown(one)}" for one in _several(value)]
        if self.other is not None and self.other[1](name) and isinstance(value, dict):
            keys = [f"{name}.{key}={'…' if one is ... else one}" for key, one in value.items()]
            return [f"{self.other[0]} {_shown(one)}" for one in keys]
        if self.other is not None and self.other[1](name):
            each = _several(value)
            return [f"{self.other[0]} {name}={'…' if one is _NOTHING else _shown(one)}" for one in each]
        return None

    def _column(self, name: str, header: Any) -> str:
        parts = header.parts if isinstance(header, _Made) else (header,)
        if name in self.named and len(parts) == 1 and header is not None:
            return f"{self.named[name]} {_shown(header)}"
        return " ".join(f"{self.columns}{name}={'' if one is None else _shown(one)}" for one in parts)


_COLUMNS = ("to", "seconds", "answered_at", "ended_at", "direction")
_NOTHING = object()
_VERB: ContextVar[Words] = ContextVar("words")


@dataclass(frozen=True)
class _Made:
    """What a message makes by a call, as ``NumberReading(calling_code='91')``."""

    arguments: Mapping[str, Any]
    parts: tuple[Any, ...] = ()


@contextmanager
def spelling(words: Words) -> Iterator[None]:
    """Within it `said` spells for this verb, or for one of its inputs."""
    before = _VERB.set(words)
    try:
        yield
    finally:
        _VERB.reset(before)


def words() -> Words:
    """Those of the verb that runs."""
    return _VERB.get(Words())


def said(text: str) -> str:
    """A message of the library, as the verb that runs words it.

    >>> with spelling(Words(flags={"timezone": "--timezone", "header": "--header"}, columns="--column ")):
    ...     said("pass timezone='UTC', or header=None and columns={'to': 3}; 'timezone=x' stays")
    "pass --timezone UTC, or --no-header and --column to=3; 'timezone=x' stays"
    """
    return spelled(text, words())


def spelled(text: str, words: Words) -> str:
    """A message, with the arguments in it as `words` have them; what is quoted in it stays as it is."""
    found: list[str] = []
    at = 0
    while at < len(text):
        done = _SPELLED.match(text, at)
        end = _quoted(text, at) if done is None else done.end()
        call = None if end else _CALL.match(text, at)
        argument = None if end else _ARGUMENT.match(text, at)
        if end:
            found.append(text[at:end])
        elif call is not None and (inside := _closed(text, call.end(), ")")) is not None:
            found.append(spelled(text[call.end() : inside - 1], words))
            end = inside
        elif argument is not None:
            value, end = _value(text, argument.end())
            ways = words.ways(argument[1], value)
            found.append(text[at:end] if ways is None else " ".join(ways))
        else:
            end = at + 1
            found.append(text[at])
        at = end
    return "".join(found)


def _shown(value: Any) -> str:
    if value is ...:
        return "…"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return shlex.quote(text) if _TO_QUOTE.search(text) or not text else text


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _quoted(text: str, at: int) -> int:
    """Where a quotation that begins here ends; 0 for none. An apostrophe inside a word begins none."""
    mark = text[at]
    if mark not in "'\"" or (at and (text[at - 1].isalnum() or text[at - 1] == "_")):
        return 0
    found = re.compile(rf"{mark}(?![\w])").search(text, at + 1)
    return 0 if found is None else found.end()


def _value(text: str, at: int) -> tuple[Any, int]:
    """The value that begins here, and where it ends; `_NOTHING` where there is none."""
    end = _end(text, at)
    if end is None:
        return _NOTHING, at
    try:
        tree = ast.parse(re.sub(r"…(?=[\s,})\]]|$)", "...", text[at:end]), mode="eval").body
        return _read(tree), end
    except (SyntaxError, ValueError):
        return _NOTHING, at


def _read(tree: ast.expr) -> Any:
    if isinstance(tree, ast.Call):
        parts = tuple(_several(_read(tree.args[0]))) if tree.args else ()
        return _Made({one.arg or "": _read(one.value) for one in tree.keywords}, parts)
    if isinstance(tree, ast.Dict):
        return {
            ast.literal_eval(key): _read(value)
            for key, value in zip(tree.keys, tree.values, strict=True)
            if key is not None
        }
    return ast.literal_eval(tree)


def _end(text: str, at: int) -> int | None:
    if at < len(text) and text[at] in "'\"":
        return _closed(text, at + 1, text[at])
    made = re.compile(r"[A-Za-z_][\w.]*(?=\()").match(text, at)
    begin = at if made is None else made.end()
    if begin < len(text) and text[begin] in _OPENED:
        return _closed(text, begin + 1, _OPENED[text[begin]])
    plain = _PLAIN.match(text, at)
    return None if plain is None else plain.end()


def _closed(text: str, at: int, mark: str) -> int | None:
    """Behind the mark that closes what was opened before `at`."""
    if mark in "'\"":
        while at < len(text) and text[at] != mark:
            at += 2 if text[at] == "\\" else 1
        return at + 1 if at < len(text) else None
    while at < len(text) and text[at] != mark:
        if text[at] in "'\"" or text[at] in _OPENED:
            inner = _closed(text, at + 1, _OPENED.get(text[at], text[at]))
            if inner is None:
                return None
            at = inner
        else:
            at += 1
    return at + 1 if at < len(text) else None


def _is_of_sheets(name: str) -> bool:
    from dialnexa_routing.sheets import RateSheet

    return name in signature(RateSheet.read).parameters
