"""``compare``: which of several providers is the cheapest, by what calls really cost."""

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_reading, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.call_options import TWICE
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.deck.rates import Rates
from dialnexa_routing.money import call_words
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.text.errors import ConfigError, RecordError
from dialnexa_routing.text.html import joined

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.billing.comparison import Comparison
    from dialnexa_routing.billing.margins import Margin, Selling
    from dialnexa_routing.billing.sheet_margin import SheetMargin
    from dialnexa_routing.cli.call_reading import OpenedCalls

_RECORDS = "Call records"
_WITHIN = re.compile("[1-9][0-9]{0,14}")
_SPANS = 20


def _column(words: str) -> Any:
    return typer.Option(help=words, rich_help_panel=_RECORDS)


@options.with_semantics
def compare_providers(
    decks: Annotated[
        list[str], typer.Argument(metavar="NAME=DECK...", help="Providers, each with its deck file.")
    ],
    number: Annotated[str | None, typer.Option(help="Rank the providers for this number alone.")] = None,
    seconds: Annotated[str | None, typer.Option(help="Whole seconds from answer to end.")] = None,
    at: options.At = None,
    direction: Annotated[call_words.Direction, typer.Option(help="Which of the two rates.")] = "outbound",
    current: Annotated[
        str | None, typer.Option(metavar="NAME", help="The provider in use: tells what changing saves.")
    ] = None,
    within: Annotated[
        str, typer.Option(metavar="DIGITS", help="Only prefixes that begin with these digits.")
    ] = "",
    country: Annotated[
        list[str] | None, typer.Option(metavar="ISO", help="Only this country's prefixes; may be repeated.")
    ] = None,
    up_to: Annotated[
        int,
        typer.Option(min=1, max=86_400, help="With --number: break-even durations up to so many seconds."),
    ] = 3600,
    sell: Annotated[
        Path | None, typer.Option(metavar="DECK", help="The deck sold by: tells margins and losses.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The billing plan that prices the groups of --sell.")
    ] = None,
    records: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Let the durations of these calls decide.", rich_help_panel=_RECORDS
        ),
    ] = None,
    number_column: Annotated[str, _column("Called numbers.")] = "to",
    seconds_column: Annotated[str, _column("Durations from answer to end.")] = "seconds",
    answered_at: Annotated[str, _column("Answer times.")] = "answered_at",
    ended_at: Annotated[str | None, _column("End times, in place of --seconds-column.")] = None,
    direction_column: Annotated[str, _column("A column, or outbound or inbound.")] = "direction",
    timezone: Annotated[str | None, _column("Zone of times without one, as Asia/Kolkata.")] = None,
    twice: Annotated[Twice, _column(TWICE)] = Twice.REFUSED,
    records_read: call_reading.RecordsRead = None,
    *,
    meaning: Semantics,
    html: reading.Html = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """Compare providers by the cost of a call, or of the calls of --records, at every prefix.

    Costs are exact and unrounded; who has no price stands last. With --number only that number is
    looked at, and the durations are reported at which the order changes.
    """
    opened = _opened(decks)
    if current is not None and current not in opened:
        raise typer.BadParameter(f"{current!r} is none of {', '.join(opened)}", param_hint="--current")
    if within and not _WITHIN.fullmatch(within):
        raise typer.BadParameter(
            f"{within!r} is not 1 to 15 digits that begin with 1 to 9", param_hint="--within"
        )
    if plan is not None and sell is None:
        raise typer.BadParameter(
            "it prices the network groups of a deck: give --sell too", param_hint="--plan"
        )
    selling = None if sell is None else _selling(sell, plan)
    asked = [*opened.values(), *([_deck_of(selling)] if selling is not None and records is None else [])]
    when = options.moment(at, max(asked, key=lambda deck: deck.is_dated))
    rows_of = None
    if records is not None:
        named = {
            "to": number_column,
            "seconds": seconds_column,
            "answered_at": answered_at,
            "ended_at": ended_at,
            "direction": direction_column,
        }
        rows_of = call_reading.opened_another(
            records, named, records_read, "--records-read", timezone=timezone, twice=twice
        )
    calls = _calls(seconds, records, rows_of, meaning)
    if number is not None:
        if any((sell, html, current, within, country)):
            raise typer.BadParameter(
                "it is looked at alone: leave out --sell, --html, --current, --within, --country",
                param_hint="--number",
            )
        return _ranked(number, opened, calls, when, direction, meaning, up_to, rows, json)
    from dialnexa_routing.billing.comparison import compare

    inputs = [text.partition("=")[2] for text in decks] + [str(one) for one in (sell, plan, records) if one]
    reading.refuse_input(html, [Path(one) for one in inputs])
    found = compare(
        opened,
        seconds=calls,
        at=when,
        direction=direction,
        semantics=meaning,
        current=current,
        within=within,
        countries=country,
    )
    parts: list[Comparison | Margin | SheetMargin] = [found]
    if selling is not None and rows_of is not None:
        parts.append(_margin(rows_of, selling, opened, meaning))
    elif selling is not None:
        from dialnexa_routing.billing.sheet_margin import sold_below_cost

        sold = sold_below_cost(
            sell=selling,
            buy=opened,
            seconds=calls,
            at=when,
            direction=direction,
            semantics=_own(selling, meaning),
            buy_semantics=meaning,
            within=within,
        )
        parts.append(sold)
    if html is not None:
        page_rows = reading.PAGE_ROWS if rows is None else rows
        reading.write_page(html, ", ".join(opened), joined(part.html(page_rows) for part in parts))
    if json:
        terminal.document(found.to_dict(rows) | ({"margin": parts[1].to_dict(rows)} if parts[1:] else {}))
    else:
        texts = [part.text() if rows is None else part.text(rows) for part in parts]
        sys.stdout.write("\n\nmargin\n".join(texts) + "\n")
    return 0


def _opened(decks: list[str]) -> dict[str, Rates]:
    opened: dict[str, Rates] = {}
    for text in decks:
        name, _, path = text.partition("=")
        if not name or not path:
            raise typer.BadParameter(
                f"{text!r} is not NAME=DECK, as plivo=plivo.deck", param_hint="NAME=DECK"
            )
        if name in opened:
            raise typer.BadParameter(
                f"{name!r} has two decks; name one of them otherwise", param_hint="NAME=DECK"
            )
        opened[name] = reading.deck_or_book(Path(path))
    return opened


def _selling(sell: Path, plan: Path | None) -> "Selling":
    deck = reading.deck_or_book(sell)
    if plan is None:
        return deck
    from dialnexa_routing.plans.billing_plan import BillingPlan

    loaded = BillingPlan.load(plan)
    if loaded.telephony is None:
        raise ConfigError(f"{plan} has no telephony prices, so its telephony earns nothing; give it some")
    return deck, loaded


def _calls(
    seconds: str | None,
    records: str | None,
    rows: "OpenedCalls | None",
    meaning: Semantics,
) -> int | dict[int, int]:
    """The duration, or the durations of the records."""
    if (seconds is None) == (rows is None):
        raise typer.BadParameter("give the seconds of a call, or --records", param_hint="--seconds")
    if rows is None:
        duration = options.duration(seconds)
        if duration is None or isinstance(duration, Decimal) or duration < 0:
            raise typer.BadParameter(f"{seconds!r} is no whole number of seconds", param_hint="--seconds")
        return duration
    from dialnexa_routing.billing.duration_histogram import histogram

    columns = rows.columns
    ended = columns["ended_at"]
    try:
        counted = histogram(
            rows.lazy,
            seconds=None if ended else columns["seconds"],
            answered_at=columns["answered_at"] if ended else None,
            ended_at=ended,
            timezone=columns.get("timezone"),
            twice=columns.get("twice", Twice.REFUSED),
            part_second=meaning.part_second,
        )
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    if not counted:
        raise RecordError(f"{records} has no call whose duration can be read; name its column")
    return counted


def _margin(
    calls: "OpenedCalls",
    sell: "Selling",
    buy: dict[str, Rates],
    meaning: Semantics,
) -> "Margin":
    from dialnexa_routing.billing.margins import margin

    try:
        return margin(
            calls.lazy,
            sell=sell,
            buy=buy,
            semantics=_own(sell, meaning),
            buy_semantics=meaning,
            **calls.columns,
        )
    except TypeError as error:
        raise RecordError(str(error).partition("\n")[0]) from error


def _deck_of(sell: "Selling") -> Rates:
    return sell[0] if isinstance(sell, tuple) else sell


def _own(sell: "Selling", meaning: Semantics) -> Semantics | None:
    """How what is sold is counted; a plan brings its own."""
    return None if isinstance(sell, tuple) else meaning


def _ranked(
    number: str,
    decks: dict[str, Rates],
    calls: int | dict[int, int],
    when: "datetime | None",
    direction: call_words.Direction,
    meaning: Semantics,
    up_to: int,
    rows: int | None,
    json: bool,
) -> int:
    """The providers for one number, and the durations at which their order changes."""
    from dialnexa_routing.billing.break_even import spans
    from dialnexa_routing.billing.offered import offers

    asked: dict[str, Any] = {"at": when, "direction": direction, "semantics": meaning}
    ranked = offers(number, decks, seconds=calls, **asked)
    found = spans(number, decks, up_to_s=up_to, **asked)
    if json:
        terminal.document(ranked.to_dict() | {"break_even": [span.to_dict() for span in found[:rows]]})
        return 0
    shown = found[: _SPANS if rows is None else rows]
    lines = [str(ranked), "", "cheapest first, by duration", *map(str, shown)]
    if len(found) > len(shown):
        lines.append(f"and {len(found) - len(shown)} more")
    sys.stdout.write("\n".join(map(terminal.plain, "\n".join(lines).split("\n"))) + "\n")
    return 0
