"""``traffic``: how many calls were answered and for how long, and where money runs away."""

import sys
from typing import Annotated

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import options, terminal


def show_traffic(
    rated: Annotated[str, typer.Argument(metavar="RATED", help="Rated records, as `rate` writes them.")],
    timezone: Annotated[str, typer.Option(help="Where days and hours begin.")] = "Asia/Kolkata",
    hour_ceiling: Annotated[
        str | None,
        typer.Option(
            metavar="AMOUNT", help="Rupees that an hour of a workspace may come to: shows those above."
        ),
    ] = None,
    seconds: Annotated[str, typer.Option(help="Column of durations from answer to end.")] = "seconds",
    number: Annotated[str, typer.Option(help="Column of called numbers.")] = "to",
    at: Annotated[
        str | None,
        typer.Option(help="Column of times with a zone.", show_default="answered_at_utc, as rated"),
    ] = None,
    workspace: Annotated[
        str | None, typer.Option(help="Column of workspaces; without it all records are one.")
    ] = None,
    rows: reading.Rows = None,
    json: options.Json = False,
) -> int:
    """Print ASR, ACD and answer ratio by network group and day.

    With --hour-ceiling it also prints hours that came to more, and calls to satellite and premium series;
    there are then exit code 1.
    """
    from dialnexa_routing.billing.fraud import fraud_screen
    from dialnexa_routing.billing.traffic_report import traffic
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.written_amounts import with_amounts

    lazy = with_amounts(call_files.scan(rated))
    found = traffic(lazy, timezone=timezone, seconds=seconds, at=at)
    screen = None
    if hour_ceiling is not None:
        screen = fraud_screen(
            lazy,
            timezone=timezone,
            hour_ceiling=hour_ceiling,
            number=number,
            workspace=workspace,
            answered_at=at,
        )
    if json:
        terminal.document(
            {"traffic": found.to_dict(rows)} | ({} if screen is None else {"fraud": screen.to_dict(rows)})
        )
    else:
        for one in (found, screen):
            if one is not None:
                sys.stdout.write((one.text() if rows is None else one.text(rows)) + "\n\n")
    return 1 if screen is not None and (screen.hours.height or screen.series.height) else 0
