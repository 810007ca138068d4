"""The exceptions of this package, one class per kind of remedy.

Each takes one message string, because Polars rebuilds an exception that passes through an
expression as ``type(error)(message)``: a class that wanted more would surface as a `TypeError`
about its constructor. Facts about single rows are therefore columns (`reason`, the frame of
faults), never attributes of an exception. Each class also derives from the builtin that a caller
who does not know this package would catch.
"""

from __future__ import annotations


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
    """A workspace, plan or list of prices that cannot be loaded as it stands. Remedy: in the message."""


class ConflictError(RoutingError, ValueError):
    """What is asked for collides with what is there (409, R29). Remedy: read what is there, and decide."""


class UnknownNameError(RoutingError, LookupError):
    """A provider, country, group or plan that is not there (R23). Remedy: one of the names in the message."""
