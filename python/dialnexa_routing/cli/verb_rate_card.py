"""``rate-card``: the prices of a plan for a customer, and the notice of what changed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import options, terminal


def print_rate_card(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A billing plan, JSON or TOML.")],
    deck: Annotated[Path, typer.Argument(metavar="DECK", help="A deck file, or a folder with book.toml.")],
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the card: .html, .pdf, .xlsx, .csv or .json.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="ISO", help="This country alone; may be repeated.")
    ] = None,
    at: options.At = None,
    sender: Annotated[str, typer.Option(help="Who sends it, at its head.")] = "",
    since_plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="The plan until now: what changed is told.")
    ] = None,
    since_deck: Annotated[
        Path | None, typer.Option(metavar="DECK", help="The deck until now; DECK without it.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the prices until now held; --at without it.")
    ] = None,
    notice: Annotated[Path | None, typer.Option(metavar="PATH", help="Write what changed, likewise.")] = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """Print the prices of a plan: of its components, and of calls by network group.

    With --since-plan, --since-deck or --since it also prints what changed since.
    """
    opened = reading.deck_or_book(deck)
    from dialnexa_routing.billing.price_card import price_notice, rate_card
    from dialnexa_routing.billing.rate_card_files import write_card
    from dialnexa_routing.plans.billing_plan import BillingPlan

    asks = since_plan is not None or since_deck is not None or since is not None
    if notice is not None and not asks:
        raise typer.BadParameter(
            "a notice is of what changed since: give --since-plan, --since-deck or --since",
            param_hint="--notice",
        )
    countries = tuple(country or ())
    card = rate_card(BillingPlan.load(plan), opened, at=reading.instant(at), countries=countries)
    changed = None
    if asks:
        before = opened if since_deck is None else reading.deck_or_book(since_deck)
        old = BillingPlan.load(plan if since_plan is None else since_plan)
        then = reading.instant(at if since is None else since, "--since")
        changed = price_notice(rate_card(old, before, at=then, countries=countries), card)
    if out is not None:
        write_card(card, out, sender=sender)
    if notice is not None and changed is not None:
        write_card(changed, notice, sender=sender)
    if json:
        terminal.document(card.to_dict() | ({} if changed is None else {"changed": changed.to_dict()}))
        return 0
    for one in (card, changed):
        if one is not None:
            sys.stdout.write((one.text() if rows is None else one.text(rows)) + "\n")
    return 0
