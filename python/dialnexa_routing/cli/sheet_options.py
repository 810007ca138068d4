"""Options that say how rate sheets are written, for all verbs that read them, and what they become."""

from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dialnexa_routing.cli.option_table import in_place_of

if TYPE_CHECKING:
    from dialnexa_routing.sheets import RateSheet

_PANEL = "Reading"
_SEVERAL = ("leave_out", "strip", "sheet")
"""Arguments that ``--read`` may be repeated for."""
_MAPPED = ("columns", "countries", "statuses")
"""Those that name several things one by one, as ``columns.prefix=Code``."""


def _how(words: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=words, rich_help_panel=_PANEL, **more)


_OPTIONS: dict[str, tuple[Any, Any]] = {
    "provider": (Annotated[str | None, _how("Whose sheet it is, where it does not say.")], None),
    "currency": (
        Annotated[str | None, _how("ISO 4217 code of the amounts, where the sheet has none.")],
        None,
    ),
    "inr_per_unit": (Annotated[str | None, _how("Rupees for one unit of the currency.")], None),
    "inr_on": (Annotated[str | None, _how("The day of --inr-per-unit.", metavar="DATE")], None),
    "origin": (Annotated[str | None, _how("The caller whose rows count.", metavar="DIGITS")], None),
    "format": (Annotated[str, _how("auto, or the format of the sheets.", "--format")], "auto"),
    "timezone": (Annotated[str | None, _how("Zone of dates without one, as Asia/Kolkata.")], None),
    "number_type": (Annotated[str, _how("Which of Plivo's inbound rates is meant.")], "local"),
    "on_conflict": (
        Annotated[
            Literal["error", "first", "last", "dearest", "cheapest"],
            _how("Which of two conflicting rows stays."),
        ],
        "error",
    ),
    "read": (
        Annotated[
            list[str] | None,
            _how(
                "Any other argument of RateSheet.read, as unit=cent or columns.prefix=Code; may be repeated.",
                "--read",
                metavar="NAME=VALUE",
            ),
        ],
        None,
    ),
}


with_sheets = in_place_of("how", _OPTIONS, dict)
"""Gives a verb these options in the place of its parameter `how`, for `read`."""


def read(paths: list[Path], how: dict[str, Any], **more: Any) -> "RateSheet":
    """The sheets as one, by the options, and by what ``--read`` adds to them."""
    from dialnexa_routing.sheets import RateSheet

    options = {**how, **more}
    also = options.pop("read")
    known = [name for name in signature(RateSheet.read).parameters if name not in ("path_or_frame", "strict")]
    for text in also or []:
        name, equals, value = text.partition("=")
        name, _, key = name.partition(".")
        if not equals or name not in known or (name in _MAPPED) != bool(key):
            raise typer.BadParameter(
                f"{text!r} is not NAME=VALUE; names are {', '.join(known)}, of columns as columns.prefix,"
                " of countries and statuses likewise",
                param_hint="--read",
            )
        if name == "columns":
            options.setdefault(name, {})[key] = _place(value) if value else None
        elif key:
            options.setdefault(name, {})[key] = value
        elif name in _SEVERAL:
            options[name] = (*options.get(name, ()), _place(value) if name == "leave_out" else value)
        else:
            options[name] = _share(value) if name == "max_refused" else value
    return RateSheet.read(list(paths), **options)


def _place(text: str) -> str | int:
    """A header, or a place from 1."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else text


def _share(text: str) -> float:
    """A part of all rows, which is no money and may be a float."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"max_refused={text} is no number from 0 to 1", param_hint="--read"
        ) from None
