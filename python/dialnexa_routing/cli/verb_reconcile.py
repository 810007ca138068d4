"""``reconcile``: a provider's charged records beside ours, every difference with its cause."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import options, terminal
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.money.presets import Preset, meanings
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import RecordError

_OURS, _THEIRS = "Columns of our records", "Their records"


@options.with_semantics
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
    charge_sign: Annotated[
        str | None,
        typer.Option(
            metavar="positive|negative", help="Of what we owe, in their file.", rich_help_panel=_THEIRS
        ),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option(help="Of their charges where no column of theirs states it.", rich_help_panel=_THEIRS),
    ] = None,
    inr_per_unit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RATE|USD=RATE",
            help="Rupees for one of it; with its code, may be repeated.",
            rich_help_panel=_THEIRS,
        ),
    ] = None,
    inr_on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of --inr-per-unit.", rich_help_panel=_THEIRS),
    ] = None,
    number: Annotated[str, typer.Option(help="Called numbers.", rich_help_panel=_OURS)] = "to",
    seconds: Annotated[
        str, typer.Option(help="Durations from answer to end.", rich_help_panel=_OURS)
    ] = "seconds",
    answered_at: Annotated[str, typer.Option(help="Answer times.", rich_help_panel=_OURS)] = "answered_at",
    direction: Annotated[
        str, typer.Option(help="A column, or outbound or inbound for all rows.", rich_help_panel=_OURS)
    ] = "direction",
    timezone: Annotated[
        str | None, typer.Option(help="Zone of times without one, as Asia/Kolkata.", rich_help_panel=_OURS)
    ] = None,
    twice: Annotated[Twice, typer.Option(help=options.TWICE, rich_help_panel=_OURS)] = Twice.REFUSED,
    *,
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
    if charge_sign not in (None, "positive", "negative"):
        raise typer.BadParameter(
            f"{charge_sign!r} is neither positive nor negative", param_hint="--charge-sign"
        )
    rates: dict[str, str] | str | None = None
    if inr_per_unit:
        alone = len(inr_per_unit) == 1 and "=" not in inr_per_unit[0]
        rates = inr_per_unit[0] if alone else _named(inr_per_unit, "--inr-per-unit", "USD=RATE")
    from dialnexa_routing.billing.reconciliation import reconcile
    from dialnexa_routing.records import call_files

    lazy = [call_files.scan(source) for source in (ours, theirs)]
    for page in (out, html):
        reading.refuse_input(page, [file for source in (ours, theirs) for file in call_files.files(source)])
    try:
        found = reconcile(
            *lazy,
            deck=opened,
            key=key,
            semantics=meaning,
            their_columns=columns,
            floats=floats,
            other_decks=others,
            other_semantics=_of_presets(meaning),
            their_timezone=their_timezone,
            charge_sign=charge_sign,
            currency=currency,
            inr_per_unit=rates,
            inr_on=inr_on,
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            direction=direction,
            timezone=timezone,
            twice=twice,
        )
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    if out:
        call_files.sink(found.differences.lazy(), out)
    if html:
        body = found.html(reading.PAGE_ROWS if rows is None else rows)
        reading.write_page(html, f"{Path(ours).name} and {Path(theirs).name}", body)
    if json:
        document: dict[str, Any] = {"ours": ours, "theirs": theirs, "deck_digest": opened.digest}
        terminal.document(document | found.to_dict(rows))
    else:
        sys.stdout.write((found.text() if rows is None else found.text(rows)) + "\n")
    return 1 if found.differences.height else 0


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
