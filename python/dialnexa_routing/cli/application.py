"""The verbs put together."""

from typing import Annotated

import typer

from dialnexa_routing._deck import __version__
from dialnexa_routing.cli.check import check_sheets
from dialnexa_routing.cli.compile import compile_sheets
from dialnexa_routing.cli.diff import diff_sheets
from dialnexa_routing.cli.drift import drift_of_records
from dialnexa_routing.cli.explain import explain_number
from dialnexa_routing.cli.inspect import inspect_deck
from dialnexa_routing.cli.invoice import invoice
from dialnexa_routing.cli.job import run_job
from dialnexa_routing.cli.match import match_numbers
from dialnexa_routing.cli.offers import compare_providers
from dialnexa_routing.cli.rate import rate_records
from dialnexa_routing.cli.reconcile import reconcile_records
from dialnexa_routing.cli.reprice import reprice_records
from dialnexa_routing.cli.screen import screen_recipients
from dialnexa_routing.cli.verb import Verb

app = typer.Typer(
    help="Rate sheets compiled into decks; numbers matched and call records rated with them.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

app.command("compile", cls=Verb)(compile_sheets)
app.command("check", cls=Verb)(check_sheets)
app.command("diff", cls=Verb)(diff_sheets)
app.command("inspect", cls=Verb)(inspect_deck)
app.command("match", cls=Verb)(match_numbers)
app.command("explain", cls=Verb)(explain_number)
app.command("rate", cls=Verb)(rate_records)
app.command("invoice", cls=Verb)(invoice)
app.command("job", cls=Verb)(run_job)
app.command("reconcile", cls=Verb)(reconcile_records)
app.command("drift", cls=Verb)(drift_of_records)
app.command("reprice", cls=Verb)(reprice_records)
app.command("compare", cls=Verb)(compare_providers)
app.command("screen", cls=Verb)(screen_recipients)


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
