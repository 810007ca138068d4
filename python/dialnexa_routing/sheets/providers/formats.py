"""The formats a rate sheet may come in: the door for providers.

A format says whether a source is its own, and turns it into tables of text under canonical names.
Everything after that is shared. To add a provider, write its module and name it in `FORMATS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.sheets.providers import (
    carriers,
    cgrates,
    didww,
    engines,
    headless,
    json_rows,
    plivo,
    plivo_country,
    tabular,
    twilio,
    zentrunk,
)
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

__all__ = ["FORMATS", "NAMES", "Format", "choose"]


def _plivo_tables(source: Source, choices: Choices) -> list[TextTable]:
    if not source.is_json:
        raise SheetError(f"{source.file} is not JSON, as Plivo Account Pricing is: leave out format='plivo'")
    return [plivo.table(source.document, source.file, choices.number_type)]


FORMATS = (
    Format(
        "plivo",
        "plivo",
        lambda source: plivo.recognise(source.document),
        _plivo_tables,
        arguments=plivo.ARGUMENTS,
    ),
    plivo_country.FORMAT,
    zentrunk.FORMAT,
    twilio.FORMAT,
    json_rows.FORMAT,
    carriers.TELNYX.format(),
    didww.FORMAT,
    carriers.ANVEODIRECT.format(),
    carriers.TCXC.format(),
    engines.ASTPP,
    engines.KAZOO,
    engines.PORTAONE,
    engines.IVOZPROVIDER,
    engines.FREESWITCH,
    engines.FUSIONPBX,
    headless.MAGNUSBILLING,
    headless.CALLWITHUS,
    headless.A2BILLING,
    headless.LIBPHONENUMBER,
    cgrates.FORMAT,
    tabular.NUMBERING_PLAN,
    tabular.NPANXX,
    tabular.WHOLESALE,
    tabular.CANONICAL,
)
"""Every format, the most particular first: the first that recognises a source has it."""

NAMES = ("auto", *(form.name for form in FORMATS))


def choose(sources: list[Source], name: str) -> tuple[Format, str]:
    """The format of all `sources`, and the sentence that states why.

    Raises `SheetError` when the name is unknown, nothing recognises a source, or they differ.
    """
    if name not in NAMES:
        raise SheetError(f"format={name!r} is not known: pass one of {', '.join(NAMES)}")
    if name != "auto":
        return next(form for form in FORMATS if form.name == name), f"the caller passed format={name!r}"
    found = [_recognised(source) for source in sources]
    whole = next(((form, reason) for form, reason in found if form.together is not None), None)
    if whole is not None:
        return whole  # of linked files some hold other things than prices; which, its reader states
    differing = {form.name for form, _ in found}
    if len(differing) > 1:
        raise SheetError(
            f"the files are of the formats {' and '.join(sorted(differing))}: read them one by one, or pass"
            " format= with the one they share"
        )
    return found[0]


def _recognised(source: Source) -> tuple[Format, str]:
    for form in FORMATS:
        if reason := form.recognise(source):
            return form, reason
    raise SheetError(_unrecognised(source))


def _unrecognised(source: Source) -> str:
    keys = ", ".join(sorted(source.document)[:8]) if isinstance(source.document, dict) else "no object"
    return (
        f"{source.file} is JSON of no known format (it has {keys}), and no list of objects in it could be"
        " rows: give Plivo Account Pricing, fetched from /v1/Account/…/Pricing/?country_iso=XX, a payload of"
        " Twilio's Pricing, or a list of objects with a prefix and a rate each"
    )
