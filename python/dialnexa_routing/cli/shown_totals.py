"""A summary as people look at it: the control total, where the money goes, what was refused."""

from rich.console import Console

from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.summary import Summary, Tally
from dialnexa_routing.money.rupees import grouped, rupees


def show(console: Console, summary: Summary, *, file: str, deck: str, rows_per_second: int) -> None:
    """Print a summary."""
    rated = summary.rated
    minutes, seconds = divmod(rated.billed_seconds, 60)
    calls, refused = grouped(rated.calls), grouped(summary.refused_rows)
    facts = {
        "file": f"{file}, {grouped(rows_per_second)} rows a second",
        "deck": deck,
        "rows": f"{grouped(summary.rows)} = {calls} rated + {refused} refused",
        "billed": f"{grouped(minutes)} minutes" + (f" {seconds} s" if seconds else ""),
        "charge": rupees(rated.charge),
    }
    terminal.pairs(console, facts)
    if summary.components:
        table = terminal.table("component, before rounding", "INR", numbers=1)
        for name, amount in summary.components.items():
            table.add_row(name.replace("_", " "), rupees(amount))
        console.print(table)
    if summary.network_groups:
        groups = [
            (f"{group} ({country})" if country else group or "none", tally)
            for (country, group), tally in summary.top_groups()
        ]
        _tallies(console, "network group", groups, len(summary.network_groups))
        countries = [(country or "none", tally) for country, tally in summary.top_countries()]
        _tallies(console, "country", countries, len(summary.countries))
    if summary.refused:
        table = terminal.table("refused because", "rows", numbers=1)
        for reason, rows in summary.refused.most_common():
            table.add_row(terminal.plain(reason.replace("_", " ")), grouped(rows))
        console.print(table)


def _tallies(console: Console, name: str, tallies: list[tuple[str, Tally]], of: int) -> None:
    heading = f"{name}, top {len(tallies)} of {grouped(of)}" if of > len(tallies) else name
    table = terminal.table(heading, "calls", "minutes", "INR", numbers=3)
    for label, tally in tallies:
        # Minutes to the nearest; what is exact is above, and the charge.
        minutes = grouped((tally.billed_seconds + 30) // 60)
        table.add_row(terminal.plain(label), grouped(tally.calls), minutes, rupees(tally.charge))
    console.print(table)
