"""The verbs put together."""

from collections.abc import Callable
from typing import Annotated

import typer

from dialnexa_routing._deck import __version__
from dialnexa_routing.cli.verb import Verb
from dialnexa_routing.cli.verb_bills import make_bills, make_credit_note
from dialnexa_routing.cli.verb_book import add_to_book, show_book
from dialnexa_routing.cli.verb_check import check_sheets
from dialnexa_routing.cli.verb_compile import compile_sheets
from dialnexa_routing.cli.verb_diff import diff_sheets
from dialnexa_routing.cli.verb_drift import drift_of_records
from dialnexa_routing.cli.verb_explain import explain_number
from dialnexa_routing.cli.verb_inspect import inspect_deck
from dialnexa_routing.cli.verb_invoice import invoice
from dialnexa_routing.cli.verb_job import run_job
from dialnexa_routing.cli.verb_match import match_numbers
from dialnexa_routing.cli.verb_offers import compare_providers
from dialnexa_routing.cli.verb_rate import rate_records
from dialnexa_routing.cli.verb_rate_card import print_rate_card
from dialnexa_routing.cli.verb_reconcile import reconcile_records
from dialnexa_routing.cli.verb_records import look_at_records
from dialnexa_routing.cli.verb_reprice import reprice_records
from dialnexa_routing.cli.verb_screen import screen_recipients
from dialnexa_routing.cli.verb_serve import serve
from dialnexa_routing.cli.verb_traffic import show_traffic
from dialnexa_routing.cli.verb_workspace import check_document

app = typer.Typer(
    help="Rate sheets compiled into decks; numbers matched and call records rated with them.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

_PANELS: dict[str, dict[str, Callable[..., int]]] = {
    "Sheets and decks": {
        "compile": compile_sheets,
        "check": check_sheets,
        "diff": diff_sheets,
        "inspect": inspect_deck,
    },
    "Calls": {
        "match": match_numbers,
        "explain": explain_number,
        "screen": screen_recipients,
        "records": look_at_records,
        "rate": rate_records,
        "job": run_job,
    },
    "Telephony Config": {"serve": serve},
    "Billing": {
        "invoice": invoice,
        "bills": make_bills,
        "credit-note": make_credit_note,
        "rate-card": print_rate_card,
        "reconcile": reconcile_records,
        "drift": drift_of_records,
        "reprice": reprice_records,
        "traffic": show_traffic,
        "compare": compare_providers,
    },
}
_GROUPS: dict[str, dict[str, tuple[str, dict[str, Callable[..., int]]]]] = {
    "Sheets and decks": {
        "book": (
            "Keep decks in a folder, each with the instant from which it holds.",
            {"add": add_to_book, "show": show_book},
        ),
    },
    "Calls": {
        "workspace": ("Look at documents of workspaces and of billing plans.", {"check": check_document}),
    },
}

for panel, verbs in _PANELS.items():
    for name, verb in verbs.items():
        app.command(name, cls=Verb, rich_help_panel=panel)(verb)
    for name, (words, members) in _GROUPS.get(panel, {}).items():
        group = typer.Typer(help=words, no_args_is_help=True)
        for member, verb in members.items():
            group.command(member, cls=Verb)(verb)
        app.add_typer(group, name=name, rich_help_panel=panel)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dialnexa-routing {__version__}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
