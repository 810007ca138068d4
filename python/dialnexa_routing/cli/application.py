"""The verbs put together."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer

from dialnexa_routing._deck import __version__
from dialnexa_routing.cli.verb import Verb

_PANELS: dict[str, dict[str, str]] = {
    "Sheets and decks": {
        "compile": "verb_compile.compile_sheets",
        "check": "verb_check.check_sheets",
        "diff": "verb_diff.diff_sheets",
        "inspect": "verb_inspect.inspect_deck",
    },
    "Calls": {
        "match": "verb_match.match_numbers",
        "explain": "verb_explain.explain_number",
        "screen": "verb_screen.screen_recipients",
        "records": "verb_records.look_at_records",
        "rate": "verb_rate.rate_records",
        "job": "verb_job.run_job",
    },
    "Telephony Config": {"serve": "verb_serve.serve"},
    "Billing": {
        "period": "verb_period.close_period",
        "invoice": "verb_invoice.invoice",
        "allowances": "verb_allowances.list_allowances",
        "bills": "verb_bills.make_bills",
        "credit-note": "verb_bills.make_credit_note",
        "rate-card": "verb_rate_card.print_rate_card",
        "reconcile": "verb_reconcile.reconcile_records",
        "drift": "verb_drift.drift_of_records",
        "reprice": "verb_reprice.reprice_records",
        "traffic": "verb_traffic.show_traffic",
        "compare": "verb_offers.compare_providers",
    },
}
_GROUPS: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "Sheets and decks": {
        "book": (
            "Keep decks in a folder, each with the instant from which it holds.",
            {"add": "verb_book.add_to_book", "show": "verb_book.show_book"},
        ),
    },
    "Calls": {
        "workspace": (
            "Look at documents of workspaces and of billing plans.",
            {"check": "verb_workspace.check_document"},
        ),
    },
}


def build(only: str | None = None) -> typer.Typer:
    """The application; with only one verb, or one group of them, where it is one that there is.

    Each verb brings in what it works with: to import all of them takes longer than most of them run.
    """
    named = {name for part in _PANELS.values() for name in part}
    named |= {name for part in _GROUPS.values() for name in part}
    app = typer.Typer(
        help="Rate sheets compiled into decks; numbers matched and call records rated with them.",
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
    )
    app.callback()(_whole)
    for panel, verbs in _PANELS.items():
        for name, verb in verbs.items():
            if only not in named or name == only:
                app.command(name, cls=Verb, rich_help_panel=panel)(_function(verb))
        for name, (words, members) in _GROUPS.get(panel, {}).items():
            if only not in named or name == only:
                group = typer.Typer(help=words, no_args_is_help=True)
                for member, verb in members.items():
                    group.command(member, cls=Verb)(_function(verb))
                app.add_typer(group, name=name, rich_help_panel=panel)
    return app


def _function(place: str) -> Callable[..., int]:
    """The function of a verb, by its module and name."""
    module, _, name = place.partition(".")
    function: Callable[..., int] = getattr(import_module(f"dialnexa_routing.cli.{module}"), name)
    return function


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dialnexa-routing {__version__}")
        raise typer.Exit


def _whole(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
