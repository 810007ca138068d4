"""``reconcile``: a provider's charged records beside ours, every difference with its cause."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_arguments, call_options, call_reading, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.call_options import SaidOfCalls
from dialnexa_routing.cli.spelled import Words, said, spelled, spelling, words
from dialnexa_routing.money.presets import Preset, meanings
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import MoneyError, RecordError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from dialnexa_routing.records.call_records import CallRecords

_THEIRS = "Their records"


@options.with_semantics
@call_options.with_calls
def reconcile_records(
    ours: Annotated[
        str, typer.Argument(metavar="OURS", help="Our call records, rated or not: a file, folder or pattern.")
    ],
    theirs: Annotated[str, typer.Argument(metavar="THEIRS", help="The provider's charged records.")],
    deck: Annotated[Path, typer.Option(help="The deck file of the provider's prices.")],
    key: Annotated[str, typer.Option(help="The column that says which call it is.")] = "call_id",
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the differences: CSV, Parquet or Arrow IPC.")
    ] = None,
    other_deck: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PATH", help="A deck that charges may come from as well; may be repeated."),
    ] = None,
    their: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN",
            help="What a column of theirs is called: key, charge, number, seconds, billed_seconds, rate, "
            "prefix, answered_at, direction, currency; may be repeated.",
            rich_help_panel=_THEIRS,
        ),
    ] = None,
    floats: Annotated[
        str,
        typer.Option(
            metavar="refused|as_printed", help="What floats among amounts are.", rich_help_panel=_THEIRS
        ),
    ] = "refused",
    their_timezone: Annotated[
        str | None, typer.Option(help="Zone of their times without one.", rich_help_panel=_THEIRS)
    ] = None,
    their_charge_sign: Annotated[
        str | None,
        typer.Option(
            metavar="positive|negative", help="Of what we owe, in their file.", rich_help_panel=_THEIRS
        ),
    ] = None,
    their_currency: Annotated[
        str | None,
        typer.Option(help="Of their charges where no column of theirs states it.", rich_help_panel=_THEIRS),
    ] = None,
    their_inr_per_unit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RATE|USD=RATE",
            help="Rupees for one of it; with its code, may be repeated.",
            rich_help_panel=_THEIRS,
        ),
    ] = None,
    their_inr_on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of --their-inr-per-unit.", rich_help_panel=_THEIRS),
    ] = None,
    their_read: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="How their file is written where no column of it is named by --their: format=twilio, "
            "timezone=UTC, currency=USD, columns.to=dst; may be repeated.",
            rich_help_panel=_THEIRS,
        ),
    ] = None,
    *,
    calls: SaidOfCalls,
    meaning: Semantics,
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """Join a provider's charges with ours and name the cause of each difference.

    A charge counted by the meanings of another provider or engine goes by its preset's name. Exits 1 if
    there are differences.
    """
    if floats not in ("refused", "as_printed"):
        raise typer.BadParameter(f"{floats!r} is neither refused nor as_printed", param_hint="--floats")
    opened = reading.deck_or_book(deck)
    others = {
        name: reading.deck_or_book(Path(path))
        for name, path in _named(other_deck, "--other-deck", "NAME=PATH").items()
    }
    columns = _named(their, "--their", "NAME=COLUMN")
    if their_charge_sign not in (None, "positive", "negative"):
        raise typer.BadParameter(
            f"{their_charge_sign!r} is neither positive nor negative", param_hint="--their-charge-sign"
        )
    rates: dict[str, str] | str | None = None
    if given := their_inr_per_unit:
        alone = len(given) == 1 and "=" not in given[0]
        rates = given[0] if alone else _named(given, "--their-inr-per-unit", "USD=RATE")
    from dialnexa_routing.billing.reconciliation import reconcile
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.call_records import CallRecords

    if columns and their_read:
        raise typer.BadParameter(
            "--their names columns of a file that is taken as it stands; leave one of them out",
            param_hint="--their-read",
        )
    our_rows, named, tell = _ours(ours, calls, opened.is_dated)
    # What the reader of a system asks of its charges may be given by the options of theirs as well.
    of_charges = {"charge_sign": their_charge_sign, "currency": their_currency}
    their_rows = _theirs(theirs, key, columns, their_read, {"timezone": their_timezone, **of_charges})
    is_read = isinstance(their_rows, CallRecords)
    sign = "positive" if is_read and their_charge_sign else their_charge_sign  # which the reader turned
    for page in (out, html):
        reading.refuse_input(page, [file for source in (ours, theirs) for file in call_reading.files(source)])
    its = _of_theirs()
    try:
        with spelling(its):
            try:
                found = reconcile(
                    our_rows,
                    their_rows,
                    deck=opened,
                    key=key,
                    semantics=meaning,
                    their_columns=None if is_read else columns,
                    floats=floats,
                    other_decks=others,
                    other_semantics=_of_presets(meaning),
                    their_timezone=their_timezone,
                    charge_sign=sign,
                    currency=their_currency,
                    inr_per_unit=rates,
                    inr_on=their_inr_on,
                    **named,
                )
            except (RecordError, MoneyError) as error:
                raise type(error)(said(str(error))) from error
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    tell(opened.is_dated)
    if out:
        call_files.sink(found.differences.lazy(), out)
    if html:
        body = found.html(reading.PAGE_ROWS if rows is None else rows)
        reading.write_page(html, f"{Path(ours).name} and {Path(theirs).name}", body)
    if json:
        document: dict[str, Any] = {"ours": ours, "theirs": theirs, "deck_digest": opened.digest}
        terminal.document(document | found.to_dict(rows))
    else:
        sys.stdout.write(spelled(found.text() if rows is None else found.text(rows), its) + "\n")
    return 1 if found.differences.height else 0


def _of_theirs() -> Words:
    """The words of the verb, in which what its other options state of our own records is stated of theirs."""
    flags = words().flags
    theirs = ("charge_sign", "currency", "inr_per_unit", "inr_on")
    return replace(words(), flags={**flags, **{name: flags[f"their_{name}"] for name in theirs}})


def _ours(
    source: str, calls: SaidOfCalls, is_dated: bool
) -> "tuple[Any, dict[str, Any], Callable[[bool], None]]":
    """Our records, which columns of them are what, and what is to be reported of them."""
    ends = calls.named["ended_at"] is not None  # seconds are compared, and the reader has them
    found = call_reading.opened(source, calls, is_dated=is_dated, whole=True, by_reader=ends)
    return found.lazy if found.records is None else found.records, dict(found.columns), found.tell


def _theirs(
    source: str, key: str, columns: dict[str, str], how: list[str] | None, others: dict[str, str | None]
) -> "CallRecords | pl.LazyFrame":
    """Their records: as they stand where columns are named or are there, else by the reader."""
    from dialnexa_routing.records.any_file import scan_any
    from dialnexa_routing.records.unknown_layout import UnknownLayoutError

    if columns:
        return scan_any(source, having=columns.get("charge"))
    if not how:
        lazy = call_reading.standing(source, {key, "charge"})
        if lazy is not None:
            return lazy
    said = {name: value for name, value in others.items() if value is not None}
    said |= call_arguments.of_another(how, "--their-read")
    with call_reading.another("--their-read"):
        try:
            found = call_reading.read(source, said)
        except UnknownLayoutError:
            if how:
                raise
            _lacking(scan_any(source), key)
            raise
        if found.charges_open is not None:
            raise RecordError(f"{source}: {found.charges_open}")
        return found


def _lacking(lazy: "pl.LazyFrame", key: str) -> None:
    """Raise `RecordError` for the first of the two columns that their records lack."""
    names = lazy.collect_schema().names()
    for column, what in ((key, "key"), ("charge", "charge")):
        if column not in names:
            there = quoted(", ".join(map(repr, names)), 600)
            raise RecordError(
                f"their records have no column {column!r}{nearest(column, names)}; there are {there}. Name "
                f"theirs with --their {what}=COLUMN, or their system with format='NAME'"
            )


def _of_presets(meaning: Semantics) -> dict[str, Semantics]:
    """What presets mean, where it is not `meaning`; those that mean the same go by one name.

    Increments and places that a preset leaves open belong to the sheet and the invoice. One that only
    rounds otherwise is left out, for other roundings are tried by themselves.
    """
    own = {"pulse": meaning.pulse, "decimals": meaning.decimals}
    names: dict[Semantics, list[str]] = {}
    for preset in Preset:
        names.setdefault(Semantics(**own | meanings(preset)), []).append(preset)
    as_rounded = {name: getattr(meaning, name) for name in ("rounding", "decimals")}
    return {
        " or ".join(alike): one
        for one, alike in names.items()
        if one.model_copy(update=as_rounded) != meaning
    }


def _named(texts: list[str] | None, option: str, form: str) -> dict[str, str]:
    """Options that give names to things, each name once."""
    named: dict[str, str] = {}
    for text in texts or []:
        name, _, value = text.partition("=")
        if not (name and value) or name in named:
            raise typer.BadParameter(f"{text!r} is not {form}, once for each name", param_hint=option)
        named[name] = value
    return named
