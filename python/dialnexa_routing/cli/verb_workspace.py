"""``workspace``: documents of workspaces and of billing plans, looked at before they are used."""

from pathlib import Path
from typing import Annotated

import typer

from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.options import Json
from dialnexa_routing.text.errors import ConfigError

_NO_FIELD = ": is no field there"


def check_document(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A workspace or a billing plan."),
    ],
    json: Json = False,
) -> int:
    """Load a workspace or a billing plan, JSON or TOML, and state what is wrong with it.

    A file that is neither is taken for the one that it is more like. Exits 1 if anything is wrong.
    """
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.workspace import Workspace

    told: dict[str, list[str]] = {}
    for kind in (Workspace, BillingPlan):
        try:
            found = kind.load(file)
        except ConfigError as error:
            told[kind.__name__] = [line.strip() for line in str(error).splitlines()]
            continue
        if json:
            terminal.document({"file": str(file), "kind": kind.__name__, "id": found.id, "problems": []})
        else:
            terminal.pairs(terminal.out(), {"file": str(file), kind.__name__: found.id, "problems": "none"})
        return 0
    # Fields that are none keep the kinds apart; other problems count only between equals.
    name = min(told, key=lambda kind: (sum(_NO_FIELD in line for line in told[kind]), len(told[kind])))
    first, *problems = told[name]
    if json:
        unread = {} if problems else {"kind": None}
        document = {"file": str(file), "kind": name} | unread
        terminal.document(document | {"problems": problems or [first]})
    else:
        for line in told[name]:
            terminal.out().print(terminal.plain(line), soft_wrap=True)
    return 1
