"""Arguments that a sheet has no use for: nothing that the caller gives is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dialnexa_routing.sheets.providers.form import Format
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source

_ONLY_FOR = {
    "number_type": ("local", "payloads of Plivo and Twilio, which price types of numbers"),
    "ambiguous_groups": ("refuse", "Zentrunk, which lists a prefix under several rates"),
    "profile": (None, "CGRateS tariff plans, which have several buyers"),
}
"""Of each argument its default, and which formats know it."""


def refuse_unknown(form: Format, found: Sequence[Source], choices: Choices) -> None:
    """Raises `SheetError` for an argument that the format does not know."""
    for name, (default, what) in _ONLY_FOR.items():
        value = getattr(choices, name)
        known = name in form.arguments and (name != "number_type" or any(one.is_json for one in found))
        if value != default and not known:
            raise SheetError(
                f"{found[0].file} is read as {form.name}, and {name}={value!r} is of {what}: leave it out"
            )


def refuse_unused(used: Collection[str], file: str, choices: Choices) -> None:
    """Raises `SheetError` for an argument that no row or column of the sheet asked for; `used` were."""
    if choices.unit is not None and "unit" not in used:
        raise SheetError(
            f"{file} has no amounts that unit={choices.unit!r} could be of, or they are rupees already: leave"
            " it out"
        )
    if choices.local_origin is not None and "local_origin" not in used:
        raise SheetError(
            f"{file} has no prices for numbers bought from the provider, which local_origin="
            f"{choices.local_origin!r} is for: leave it out, or pass origin= for a caller's digits"
        )
    if choices.statuses and "statuses" not in used:
        raise SheetError(f"{file} has no column of statuses, which statuses= is for: leave it out")
    if choices.jurisdiction is not None and "jurisdiction" not in used:
        raise SheetError(
            f"{file} has no rates by jurisdiction: leave out jurisdiction={choices.jurisdiction!r}"
        )
