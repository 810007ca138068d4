"""``explain``: why a number leads where it leads, and how its seconds became a charge."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text
from rich.tree import Tree

from dialnexa_routing.cli import billing_plans, call_arguments, call_options, explained_row, options, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.deck.explanation import Explanation, Outcome, Tried
from dialnexa_routing.money import call_words, semantics
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    from dialnexa_routing.plans.billing_plan import BillingPlan

_STYLES = {Outcome.WINS: "green", Outcome.BLOCKED: "yellow"}


@options.with_semantics
@in_place_of("written", call_options.READING, dict)
def explain_number(
    deck: options.DeckFile,
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help="An E.164 number; not with --row.")
    ] = None,
    seconds: Annotated[str | None, typer.Option(help="From answer to end; shows the charge too.")] = None,
    at: options.At = None,
    direction: Annotated[call_words.Direction, typer.Option(help="Which of the two rates.")] = "outbound",
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A billing plan, or a folder of its versions, in place of the deck's own terms.",
        ),
    ] = None,
    agent_kind: Annotated[
        AgentKind | None, typer.Option(help="Which components of the plan; cascaded if not said.")
    ] = None,
    path: Annotated[
        call_words.Path | None, typer.Option(help="How the call goes, for the plan; pstn if not said.")
    ] = None,
    voicemail: Annotated[bool, typer.Option("--voicemail", help="A machine answered, for the plan.")] = False,
    row: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="FILE KEY", help="A row that was rated: explain it again, and whether it still holds."
        ),
    ] = None,
    key_column: Annotated[
        str, typer.Option(help="With --row: where keys stand.", metavar="COLUMN")
    ] = "call_id",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=COLUMN", help="With --row: a column, as to=callee; may be repeated."),
    ] = None,
    add_prefix: Annotated[str, typer.Option(help="With --row: what the rating put before names.")] = "",
    timezone: Annotated[str | None, typer.Option(help="With --row: zone of times without one.")] = None,
    html: reading.Html = None,
    json: options.Json = False,
    *,
    written: dict[str, Any],
    meaning: semantics.Semantics,
) -> int:
    """Show every prefix tried and why it lost; with --seconds, each step of the charge.

    Exits 1 if no prefix begins the number, or the call cannot be rated; with --row, if it does not come out
    as it is stored.
    """
    if (number is None) == (row is None):
        raise typer.BadParameter("name a NUMBER, or a row with --row FILE KEY", param_hint="NUMBER")
    if row is not None:
        asked = {"--seconds": seconds, "--at": at, "--agent-kind": agent_kind, "--path": path}
        given = [
            name for name, value in {**asked, "--voicemail": voicemail or None}.items() if value is not None
        ]
        if given or direction != "outbound":
            raise typer.BadParameter(
                "the row says it; name its column with --column", param_hint=(given or ["--direction"])[0]
            )
        reading.refuse_input(html, [deck, Path(row[0]), *([plan] if plan else [])])
        return explained_row.explain_row(
            reading.deck_or_book(deck),
            row,
            key_column=key_column,
            columns=column,
            add_prefix=add_prefix,
            timezone=timezone,
            plan=plan,
            meaning=meaning,
            html=html,
            json=json,
        )
    if column or add_prefix or timezone or key_column != "call_id":
        raise typer.BadParameter("it is about a row; pass --row FILE KEY too", param_hint="--column")
    assert number is not None
    reading.refuse_input(html, [deck, *([plan] if plan else [])])
    opened = reading.deck_or_book(deck)
    number = call_arguments.reading(written).read(number).number or number
    call: dict[str, Any] = {
        "number_plan": call_arguments.plan(written["number_plan"]),
        "seconds": options.duration(seconds),
        "at": options.moment(at, opened),
        "direction": direction,
    }
    explanation: Explanation
    if plan is None:
        if agent_kind or path or voicemail:
            raise typer.BadParameter(
                "a deck charges all calls alike; --agent-kind, --path and --voicemail are for a --plan"
            )
        explanation = opened.explain(number, **call, semantics=meaning)
    else:
        if meaning != semantics.Semantics():
            raise typer.BadParameter(
                "a plan says itself how it counts; leave --pulse and the like out", param_hint="--plan"
            )
        call |= {"agent_kind": agent_kind or AgentKind.CASCADED, "path": path or call_words.Path.PSTN}
        held = _held(plan, call["at"])
        explanation = held.explain(opened, number=number, **call, voicemail=voicemail)
    if html:
        reading.write_page(html, explanation.heading, explanation.html())
    console = terminal.out()
    if json:
        terminal.document(explanation.to_dict())
    elif console.is_terminal:
        console.print(tree(explanation))
    else:
        sys.stdout.write(f"{explanation}\n")
    rated = explanation.charge is None or explanation.charge.reason is None
    return 0 if rated and (explanation.tried or plan) else 1


def _held(plan: Path, at: datetime | None) -> "BillingPlan":
    """The plan in a file, or the version in a folder that holds at an instant."""
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.prepared_plans import plan_at, versions_of

    by_id = versions_of(billing_plans.loaded(BillingPlan, [plan]))
    if len(by_id) != 1:
        raise typer.BadParameter(f"{plan} has the plans {', '.join(by_id)}; name one", param_hint="--plan")
    (versions,) = by_id.values()
    return plan_at(versions, at) or versions[0]


def tree(explanation: Explanation) -> Tree:
    """An explanation as a tree, the winner and the total standing out."""
    drawn = Tree(_line(explanation.heading, "bold"))
    prefixes = drawn.add(_line("prefixes, longest first", "dim"))
    for one in explanation.tried:
        prefixes.add(_prefix(one))
    if not explanation.tried:
        prefixes.add(_line(explanation.untried, "yellow"))
    if explanation.steps:
        charge = drawn.add(_line("charge", "dim"))
        for step in explanation.steps:
            charge.add(_line(str(step), "bold" if step is explanation.steps[-1] else ""))
    drawn.add(_line(f"deck {explanation.deck_digest[:12]}", "dim"))
    return drawn


def _prefix(one: Tried) -> Text:
    source = f"  [{one.place}]" if one.place else ""
    said = f"{one.prefix}  {one.verdict}: {one.network_group}, {one.price}{source}"
    return _line(said, _STYLES.get(one.outcome, "dim"))


def _line(text: str, style: str) -> Text:
    return Text(shown(text), style=style)
