"""The formats a rate sheet may come in: the door for further providers.

A format says whether a source is its own, and turns it into tables of text under canonical names.
Everything after that is shared. To add a provider, write its module and name it in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets import plivo

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.sheets.source import Source
    from dialnexa_routing.sheets.text import TextTable


@dataclass(frozen=True)
class Choices:
    """What the caller chose where a format publishes more than a row can hold."""

    number_type: str = "local"


@dataclass(frozen=True)
class Format:
    """One format: its name, the provider it belongs to, and the two questions it answers."""

    name: str
    provider: str | None
    recognise: Callable[[Source], str | None]
    tables: Callable[[Source, Choices], list[TextTable]]


def _canonical_reason(source: Source) -> str | None:
    if source.is_json:
        return None
    names = [name for table in source.tables for name in table.header.published.values()]
    return f"it has the columns {', '.join(dict.fromkeys(names))}"


def _canonical_tables(source: Source, _choices: Choices) -> list[TextTable]:
    if source.is_json:
        raise SheetError(
            f"{source.file} is JSON, which has no canonical columns: leave out format='canonical'"
        )
    return list(source.tables)


def _plivo_tables(source: Source, choices: Choices) -> list[TextTable]:
    if not source.is_json:
        raise SheetError(f"{source.file} is not JSON, as Plivo Account Pricing is: leave out format='plivo'")
    return [plivo.table(source.document, source.file, choices.number_type)]


FORMATS = (
    Format("plivo", "plivo", lambda source: plivo.recognise(source.document), _plivo_tables),
    Format("canonical", None, _canonical_reason, _canonical_tables),
)
NAMES = ("auto", *(form.name for form in FORMATS))


def choose(sources: list[Source], name: str) -> tuple[Format, str]:
    """The format of all `sources`, and the sentence that says why.

    Raises `SheetError` when the name is unknown, nothing recognises a source, or they differ.
    """
    if name not in NAMES:
        raise SheetError(f"format={name!r} is not known: pass one of {', '.join(NAMES)}")
    if name != "auto":
        return next(form for form in FORMATS if form.name == name), f"the caller passed format={name!r}"
    found: list[tuple[Format, str]] = []
    for source in sources:
        for form in FORMATS:
            if reason := form.recognise(source):
                found.append((form, reason))
                break
        else:
            raise SheetError(_unrecognised(source))
    differing = {form.name for form, _ in found}
    if len(differing) > 1:
        raise SheetError(
            f"the files are of the formats {' and '.join(sorted(differing))}: read them one by one"
        )
    return found[0]


def _unrecognised(source: Source) -> str:
    keys = ", ".join(sorted(source.document)[:8]) if isinstance(source.document, dict) else "no object"
    return (
        f"{source.file} is JSON of no known format (it has {keys}): give Plivo Account Pricing,"
        " fetched from /v1/Account/…/Pricing/?country_iso=XX"
    )
