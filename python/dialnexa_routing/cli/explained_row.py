"""``explain --row``: a row that was rated and kept, explained again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dialnexa_routing.cli import billing_plans, terminal
from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.money.semantics import Semantics

if TYPE_CHECKING:
    from dialnexa_routing.deck.rates import Rates

_NAMES = ("to", "seconds", "answered_at", "ended_at", "direction", "agent_kind", "path", "voicemail")


def explain_row(
    deck: "Rates",
    row: tuple[str, str],
    *,
    key_column: str,
    columns: list[str] | None,
    add_prefix: str,
    timezone: str | None,
    plan: Path | None,
    meaning: Semantics,
    html: Path | None,
    json: bool,
) -> int:
    """Print the row's explanation, and whether it still comes out the same; 1 if it does not."""
    file, key = row
    options: dict[str, Any] = {"add_prefix": add_prefix, "timezone": timezone, **_named(columns)}
    if plan is None:
        options["semantics"] = meaning
    elif meaning != Semantics():
        raise typer.BadParameter(
            "a plan says itself how it counts; leave --pulse and the like out", param_hint="--plan"
        )
    else:
        from dialnexa_routing.plans.billing_plan import BillingPlan

        options["plans"] = billing_plans.loaded(BillingPlan, [plan])
    from dialnexa_routing.records.stored_row import explain_row as explain

    found = explain(file, key, deck=deck, key_column=key_column, **options)
    if html:
        from dialnexa_routing.text.html import element

        body = "" if found.explanation is None else found.explanation.html()
        reading.write_page(html, f"row {key}", body + element("p", found.verdict))
    if json:
        terminal.document(found.to_dict())
    else:
        sys.stdout.write(f"{found}\n")
    return 0 if found.is_same else 1


def _named(columns: list[str] | None) -> dict[str, str]:
    """Columns of the file by what they are, of ``to=callee``."""
    found: dict[str, str] = {}
    for one in columns or ():
        name, _, column = one.partition("=")
        if name not in _NAMES or not column:
            raise typer.BadParameter(
                f"{one!r} is no NAME=COLUMN; names are {', '.join(_NAMES)}", param_hint="--column"
            )
        found["number" if name == "to" else name] = column
    return found
