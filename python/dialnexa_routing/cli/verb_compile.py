"""``compile``: rate sheets, as their provider published them, into a deck file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import sheet_options, terminal
from dialnexa_routing.cli.options import Json
from dialnexa_routing.cli.spelled import said
from dialnexa_routing.cli.verb_inspect import described
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets import RateSheet

_LISTED = 10  # in the document
_SHOWN = 3  # to people


@sheet_options.with_sheets
def compile_sheets(
    sheets: Annotated[
        list[Path],
        typer.Argument(metavar="SHEET...", help="CSV, xlsx, JSON, Parquet or IPC of one provider."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DECK", help="The deck file to write.")],
    *,
    how: dict[str, Any],
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first refused row, write nothing.")
    ] = False,
    keep_redundant: Annotated[
        bool, typer.Option("--keep-redundant", help="Keep prefixes that say what a shorter one says.")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write all faults there, as .csv, .parquet or .arrow.")
    ] = None,
    json: Json = False,
) -> int:
    """Compile rate sheets into a deck.

    Exits 1 if rows were refused; the deck is written all the same.
    """
    _refuse_inputs([path for path in (output, faults) if path], sheets)
    sheet = sheet_options.read(sheets, how, strict=strict)
    if faults:
        # By the writer of sheets, which guards values that a spreadsheet would run: they are a stranger's.
        from dialnexa_routing.files.table_writing import write

        write(sheet.faults, faults)
    deck = sheet.compile(keep_redundant=keep_redundant)
    deck.save(output)
    found = _document(sheet, deck, output)
    if json:
        terminal.document(found)
    else:
        _shown(found)
    return 1 if sheet.counts.refused else 0


def _refuse_inputs(outputs: list[Path], sheets: list[Path]) -> None:
    for output in outputs:
        if output.is_dir():
            raise IsADirectoryError(f"{output} is a folder; name a file in it")
        if not output.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {output.parent}; make it first")
        if any(sheet.exists() and output.exists() and output.samefile(sheet) for sheet in sheets):
            raise SheetError(f"the output {output} is one of the sheets; give it another name")


def _document(sheet: "RateSheet", deck: RateDeck, output: Path) -> dict[str, Any]:
    counts, severities = sheet.counts, sheet.faults["severity"]
    conversion = sheet.conversion
    return {
        "files": list(sheet.files),
        "format": sheet.format,
        "recognised_by": sheet.recognised_by,
        "conversion": conversion
        and {
            "currency": conversion.currency,
            "inr_per_unit": f"{conversion.inr_per_unit:f}",
            "inr_on": conversion.inr_on.isoformat(),
        },
        "rows": {
            "read": counts.read,
            "loaded": counts.loaded,
            "refused": counts.refused,
            "noise": counts.noise,
        },
        "faults": {
            "errors": int((severities == "error").sum()),
            "warnings": int((severities == "warning").sum()),
            "notes": int((severities == "note").sum()),
            "first": sheet.faults.sort(
                severities.replace_strict({"error": 0, "warning": 1, "note": 2}, default=3)
            )
            .head(_LISTED)
            .to_dicts(),
        },
        **described(deck, output),
    }


def _shown(found: dict[str, Any]) -> None:
    console = terminal.out()
    rows, faults, counts = found["rows"], found["faults"], found["counts"]
    parts = ", ".join(f"{grouped(rows[name])} {name}" for name in ("loaded", "refused", "noise"))
    facts = {
        "sheet": f"{', '.join(found['files'])}, {found['format']}",
        "rows": f"{grouped(rows['read'])} read = {parts}",
    }
    if found["conversion"]:
        facts["conversion"] = "1 {currency} = ₹{inr_per_unit} on {inr_on}".format(**found["conversion"])
    prefixes, groups = grouped(counts["prefixes"]), grouped(counts["network_groups"])
    facts["deck"] = f"{found['deck']}: {prefixes} prefixes, {groups} network groups"
    facts["digest"] = f"{found['digest']}, {grouped(found['bytes']['file'])} bytes"
    terminal.pairs(console, facts)
    if faults["first"]:
        _faults_shown(faults)


def _faults_shown(faults: dict[str, Any]) -> None:
    told = ", ".join(
        f"{grouped(faults[name])} {name if faults[name] != 1 else name.removesuffix('s')}"
        for name in ("errors", "warnings", "notes")
        if faults[name]
    )
    total = sum(faults[name] for name in ("errors", "warnings", "notes"))
    first = f"; the first {_SHOWN} (all with --faults)" if total > _SHOWN else ""
    table = terminal.table("", "file", "row", "column", "value", "reason", title=f"faults: {told}{first}")
    for fault in faults["first"][:_SHOWN]:
        place = f"{fault['file']} {fault['sheet']}" if fault["sheet"] else fault["file"]
        reason = said(fault["reason"])
        cells = (fault["severity"], place, fault["row"], fault["column"], fault["value"], reason)
        table.add_row(*map(terminal.plain, cells))
    terminal.out().print(table)
