"""``match``: which prefix of a deck a number belongs to."""

import sys
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_arguments, call_options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.cli.options import At, DeckFile, Json, moment
from dialnexa_routing.deck.rates import Rates
from dialnexa_routing.money.call_words import Direction
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.text.errors import NumberError

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan

_COLUMNS = {
    "number": "number",
    "prefix": "prefix",
    "network_group": "network group",
    "country_iso": "country",
    "outbound_rate": "outbound",
    "inbound_rate": "inbound",
    "rate_unit_s": "per s",
    "reason": "reason",
}


@in_place_of(
    "written", {**call_options.READING, "number_plan": (call_options.READING["number_plan"][0], "none")}, dict
)
def match_numbers(
    deck: DeckFile,
    numbers: Annotated[
        list[str], typer.Argument(metavar="NUMBER...", help="E.164 numbers; - reads them from stdin.")
    ],
    at: At = None,
    direction: Annotated[
        Direction | None,
        typer.Option(help="Pass over prefixes that have a rate for the other direction only."),
    ] = None,
    *,
    written: dict[str, Any],
    json: Json = False,
) -> int:
    """Find the prefix, network group and rates of numbers.

    A table on a terminal; tab-separated lines in a pipe. Exits 1 if a number has none.
    """
    opened = reading.deck_or_book(deck)
    when = moment(at, opened)
    how, plan = call_arguments.reading(written), call_arguments.plan(written["number_plan"])
    answers = [_answer(opened, number, how, when, direction, plan) for number in _given(numbers)]
    if json:
        terminal.document(answers)
    else:
        _shown(answers)
    return 1 if any(answer.get("prefix") is None for answer in answers) else 0


def _given(numbers: list[str]) -> list[str]:
    given: list[str] = []
    for number in numbers:
        given += (line.strip() for line in sys.stdin if line.strip()) if number == "-" else [number]
    return given


def _answer(
    deck: Rates,
    number: str,
    reading: NumberReading,
    at: datetime | None,
    direction: Direction | None,
    plan: "NumberPlan | None",
) -> dict[str, Any]:
    answer: dict[str, Any] = {"number": number}
    read = reading.read(number).number
    if read is None:
        return answer | {"reason": str(Reason.INVALID_NUMBER)}
    try:
        match = deck.match(read, at=at, direction=direction, number_plan=plan)
    except NumberError:
        judged = None if plan is None else plan.judge(read)
        return answer | {"reason": str(judged or Reason.INVALID_NUMBER)}
    if match is None:
        return answer | {"reason": str(Reason.UNSUPPORTED_PREFIX)}
    return answer | {
        "prefix": match.prefix,
        "network_group": match.network_group,
        "country_iso": match.country_iso,
        "country": match.country,
        "outbound_rate": _amount(match.outbound_rate),
        "inbound_rate": _amount(match.inbound_rate),
        "rate_unit_s": match.rate_unit_s,
        "source": None if match.source is None else {"file": match.source[0], "row": match.source[1]},
        "reason": str(Reason.BLOCKED) if match.blocked else None,
    }


def _amount(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"


def _shown(answers: list[dict[str, Any]]) -> None:
    rows = ([terminal.plain(answer.get(name)) for name in _COLUMNS] for answer in answers)
    console = terminal.out()
    if console.is_terminal:
        table = terminal.table(*_COLUMNS.values())
        for row in rows:
            table.add_row(*row)
        console.print(table)
    else:
        sys.stdout.writelines("\t".join(row) + "\n" for row in [[*_COLUMNS], *rows])
