"""``screen``: a file of recipients into those who may be called, and the others with reasons."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_arguments, call_options, terminal
from dialnexa_routing.cli.cli_reading import deck as deck_file
from dialnexa_routing.cli.cli_reading import instant
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.cli.options import At, Json, moment
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.workspace.choices import Purpose

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.workspace.router import Router


@in_place_of("written", {**call_options.TEXT, **call_options.READING}, dict)
def screen_recipients(
    recipients: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="Text, a workbook, JSON, Parquet or Arrow IPC."),
    ],
    workspace: Annotated[Path, typer.Option(help="The workspace, JSON or TOML.")],
    accepted: Annotated[Path, typer.Option(help="Who may be called: CSV, Parquet or Arrow IPC, by suffix.")],
    rejected: Annotated[Path, typer.Option(help="Who may not, with reasons.")],
    deck: Annotated[
        list[str] | None,
        typer.Option(metavar="PROVIDER=PATH", help="The deck file of a provider; may be repeated."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Our number that calls; of several any will do."),
    ] = None,
    to: Annotated[str, typer.Option(help="The column of recipients.")] = "phone_number",
    add_prefix: Annotated[str, typer.Option(help="Put before the names of the added columns.")] = "",
    purpose: Annotated[Purpose | None, typer.Option(help="Of calls under India's rules.")] = None,
    at: At = None,
    *,
    written: dict[str, Any],
    json: Json = False,
) -> int:
    """Screen a file of recipients: who may be called, and why the others may not.

    The accepted file has the columns of the input and number, as E.164; the rejected file position,
    the number as it stands, reason and sentence. Exits 1 if any is rejected.
    """
    reading = call_arguments.reading(written)
    decks = _opened(deck or [])
    for one in decks.values():
        moment(at, one)
    if len({path.resolve() for path in (recipients, accepted, rejected)}) < 3:
        raise typer.BadParameter(
            "these are not three different files", param_hint="INPUT, --accepted and --rejected"
        )
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.any_file import scan_any
    from dialnexa_routing.workspace.router import Router
    from dialnexa_routing.workspace.workspace import Workspace

    number_plan = call_arguments.plan(written["number_plan"])
    router = Router(Workspace.load(workspace), decks=decks, number_plan=number_plan)
    lazy = scan_any(recipients, having=to, encoding=written["encoding"], delimiter=written["delimiter"])
    options = {"source": source or None, "reading": reading, "purpose": purpose, "at": instant(at)}
    good, bad = _parted(lazy, to, router, options, add_prefix)
    # The accepted first: with all their columns, so that a damaged file is known before any is written.
    for rows, path in ((good, accepted), (bad, rejected)):
        call_files.sink(rows, path, source=recipients)
    found = _counted(accepted, rejected, add_prefix + "reason")
    if json:
        terminal.document({"input": str(recipients)} | found)
    else:
        _show(found)
    return 1 if found["rejected"]["rows"] else 0


def _opened(texts: list[str]) -> dict[str, RateDeck]:
    decks: dict[str, RateDeck] = {}
    for text in texts:
        provider, equals, path = text.partition("=")
        if not (provider and equals and path) or provider in decks:
            raise typer.BadParameter(
                f"{text!r} is not PROVIDER=PATH, as plivo=world.deck, once for each provider",
                param_hint="--deck",
            )
        decks[provider] = deck_file(Path(path))
    return decks


def _parted(
    lazy: "pl.LazyFrame", to: str, router: "Router", options: dict[str, Any], add_prefix: str
) -> tuple["pl.LazyFrame", "pl.LazyFrame"]:
    """The accepted and the rejected rows as they are written."""
    import polars as pl
    from polars.selectors import by_name

    from dialnexa_routing.workspace.screening import sentence

    columns = lazy.collect_schema().names()
    names = {name: add_prefix + name for name in ("number", "position", "reason", "sentence")}
    if names["number"] in columns or to in names.values():
        taken = to if to in names.values() else names["number"]
        raise RecordError(f"there is a column {taken!r} already; pass --add-prefix screened_")
    mark = "screened_"
    while any(name.startswith(mark) for name in columns):
        mark += "_"
    try:
        screened = router.screen(lazy, to=to, add_prefix=mark, **options)
    except (TypeError, ValueError) as error:
        raise RecordError(str(error)) from error
    number, position, reason, group, prefix = (
        pl.col(mark + name) for name in ("number", "position", "reason", "network_group", "prefix")
    )
    good = screened.filter(reason.is_null()).select(by_name(columns), number.alias(names["number"]))
    bad = screened.filter(reason.is_not_null()).select(
        position.alias(names["position"]),
        by_name(to),
        reason.alias(names["reason"]),
        sentence(reason, group, prefix).alias(names["sentence"]),
    )
    return good, bad


def _counted(accepted: Path, rejected: Path, reason: str) -> dict[str, Any]:
    """Totals, read back from the files themselves."""
    import polars as pl

    from dialnexa_routing.records import call_files

    rows = int(call_files.scan_written(accepted).select(pl.len()).collect().item())
    reasons = call_files.scan_written(rejected).group_by(reason).len().collect().rows()
    by_reason = Counter(dict(reasons))
    return {
        "rows": rows + by_reason.total(),
        "accepted": {"file": str(accepted), "rows": rows},
        "rejected": {
            "file": str(rejected),
            "rows": by_reason.total(),
            "by_reason": dict(by_reason.most_common()),
        },
    }


def _show(found: dict[str, Any]) -> None:
    console = terminal.out()
    accepted, rejected = found["accepted"], found["rejected"]
    terminal.pairs(
        console,
        {
            "rows": grouped(found["rows"]),
            "accepted": f"{grouped(accepted['rows'])} in {accepted['file']}",
            "rejected": f"{grouped(rejected['rows'])} in {rejected['file']}",
        },
    )
    if rejected["by_reason"]:
        table = terminal.table("rejected because", "rows", numbers=1)
        for reason, rows in rejected["by_reason"].items():
            table.add_row(terminal.plain(reason.replace("_", " ")), grouped(rows))
        console.print(table)
