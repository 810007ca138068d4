"""``explain``: why a number leads where it leads, and how its seconds became a charge."""

import sys
from typing import Annotated

import typer
from rich.text import Text
from rich.tree import Tree

from dialnexa_routing import semantics
from dialnexa_routing.cli import options, terminal
from dialnexa_routing.deck import RateDeck
from dialnexa_routing.explain import Explanation


def explain_number(
    deck: options.DeckFile,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An E.164 number.")],
    seconds: Annotated[str | None, typer.Option(help="From answer to end; shows the charge too.")] = None,
    at: options.At = None,
    direction: Annotated[options.Direction, typer.Option(help="Which of the two rates.")] = "outbound",
    pulse: options.Pulse = "60/60",
    part_second: options.PartSecond = semantics.PartSecond.UP,
    increments: options.Increments = semantics.Increments.ANCHORED,
    minimum: options.Minimum = semantics.Minimum.BEFORE_INCREMENTS,
    grace: options.Grace = semantics.Grace.GRACE_FIRST,
    free_seconds: options.FreeSeconds = semantics.FreeSeconds.DEDUCTED,
    connect_fee: options.ConnectFee = semantics.ConnectFee.WHEN_ANSWERED,
    max_charge: options.MaxCharge = semantics.MaxCharge.CAP,
    tiers: options.Tiers = semantics.Tiers.ANCHORED,
    bands: options.Bands = semantics.Bands.BY_START,
    round_at: options.RoundAt = semantics.RoundingPoint.CHARGE,
    increment_decimals: options.IncrementDecimals = 5,
    rounding: options.Rounding = semantics.Rounding.HALF_UP,
    decimals: options.Decimals = 2,
    json: options.Json = False,
) -> int:
    """Show every prefix tried and why it lost; with --seconds, each step of the charge.

    Exits 1 if no prefix begins the number, or the call cannot be rated.
    """
    opened = RateDeck.open(deck)
    explanation = opened.explain(
        number,
        seconds=options.duration(seconds),
        at=options.moment(at, opened),
        direction=direction,
        semantics=options.chosen(
            pulse=pulse,
            decimals=decimals,
            part_second=part_second,
            increments=increments,
            minimum=minimum,
            grace=grace,
            free_seconds=free_seconds,
            connect_fee=connect_fee,
            max_charge=max_charge,
            tiers=tiers,
            bands=bands,
            round_at=round_at,
            increment_decimals=increment_decimals,
            rounding=rounding,
        ),
    )
    console = terminal.out()
    if json:
        terminal.document(explanation.to_dict())
    elif console.is_terminal:
        console.print(_tree(explanation))
    else:
        sys.stdout.write(f"{explanation}\n")
    rated = explanation.charge is None or explanation.charge.reason is None
    return 0 if explanation.tried and rated else 1


def _tree(explanation: Explanation) -> Tree:
    """The same words as ``str()`` of an explanation, the winner and the total standing out."""
    first, *lines = str(explanation).splitlines()
    steps = len(explanation.steps)
    prefixes, charge = (lines[:-steps], lines[-steps:]) if steps else (lines, [])
    tree = Tree(Text(first, style="bold"))
    tried = tree.add(Text("prefixes, longest first", style="dim"))
    for line, one in zip(prefixes, explanation.tried, strict=False):
        won = one.verdict.startswith("wins")
        style = ("yellow" if "blocked" in one.verdict else "green") if won else "dim"
        tried.add(Text(line.strip(), style=style))
    if not explanation.tried:
        tried.add(Text(prefixes[0].strip(), style="yellow"))
    if charge:
        counted = tree.add(Text("charge", style="dim"))
        for line in charge:
            counted.add(Text(line.strip(), style="bold" if line == charge[-1] else ""))
    tree.add(Text(f"deck {explanation.deck_digest[:12]}", style="dim"))
    return tree
