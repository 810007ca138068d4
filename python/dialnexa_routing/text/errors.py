"""The exceptions of this package, one class per kind of remedy.

Each takes one message string, because Polars rebuilds an exception that passes through an
expression as ``type(error)(message)``: a class that wanted more would surface as a `TypeError`
about its constructor. Facts about single rows are therefore columns (`reason`, the frame of
faults), never attributes of an exception. Each class also derives from the builtin that a caller
who does not know this package would catch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class RoutingError(Exception):
    """Base of everything this package raises on purpose."""


class NumberError(RoutingError, ValueError):
    """A telephone number that is not E.164 digits (R1). Remedy: correct the number."""


class MoneyError(RoutingError, ValueError):
    """An amount that cannot be exact: a float, too many digits. Remedy: pass text or `Decimal` (R48)."""


class SheetError(RoutingError, ValueError):
    """A rate sheet that cannot be read or compiled as it stands. Remedy: in the message, with the place."""


class RecordError(RoutingError, ValueError):
    """A frame of call records lacks a column or types it wrongly. Remedy: name or cast the column."""


class FileError(SheetError, RecordError):
    """A file that cannot be read as it stands, whatever is kept in it. Remedy: in the message.

    Sheets and call records come in the same files, so it is both: whoever catches one of them catches it.
    """


class DeckError(RoutingError, ValueError):
    """A deck file that is damaged, of another version, or not a deck. Remedy: compile the sheet again."""


class DeckTimeError(RoutingError, ValueError):
    """A deck with dated entries was asked without a time. Remedy: pass ``at=`` (R50)."""


class ConfigError(RoutingError, ValueError):
    """A workspace, a plan or another model that cannot be as it stands. Remedy: in the message.

    What concerns fields is there as data too, in the shape that pydantic gives it: `errors` and `json`.
    No value that was given is in it, neither in a pickle, for it may be a secret.
    """

    def __init__(self, message: str = "", problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self._problems = tuple(dict(problem) for problem in problems)

    def errors(self) -> list[dict[str, Any]]:
        """For each problem ``type``, ``loc``, the fields that lead to it, and ``msg``."""
        return [dict(problem) for problem in self._problems]

    def json(self) -> str:
        """The same as JSON."""
        return json.dumps(self.errors())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self._problems)


class ConflictError(RoutingError, ValueError):
    """What is asked for collides with what is there (409, R29). Remedy: read what is there, and decide."""


class ForkError(RoutingError, RuntimeError):
    """A frame in a process that was forked without the threads it needs. Remedy: spawn or forkserver."""


class UnknownNameError(RoutingError, LookupError):
    """A provider, country, group or plan that is not there (R23). Remedy: one of the names in the message."""
