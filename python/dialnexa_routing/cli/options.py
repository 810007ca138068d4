"""Options that several verbs have, and what they become."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from dialnexa_routing.cli.cli_reading import instant
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.money import semantics
from dialnexa_routing.money.presets import Preset
from dialnexa_routing.text.errors import ConfigError, DeckTimeError

if TYPE_CHECKING:
    from dialnexa_routing.deck.rates import Rates

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document; amounts are texts in it.")]
DeckFile = Annotated[Path, typer.Argument(metavar="DECK", help="A deck file, made by compile.")]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="When the call is answered, as 2026-11-23T10:00:00+05:30, or now."
    ),
]
AddPrefix = Annotated[
    str,
    typer.Option(help="Put before the names of the added columns.", rich_help_panel="Columns of the records"),
]


def _meaning(words: str) -> Any:
    return typer.Option(help=words, rich_help_panel="Semantics")


Pulse = Annotated[str, _meaning("Increments where the sheet has none.")]
PartSecond = Annotated[semantics.PartSecond, _meaning("What a fraction of a second counts as.")]
Increments = Annotated[semantics.Increments, _meaning("Where blocks after the initial one start.")]
Minimum = Annotated[semantics.Minimum, _meaning("When the minimum time is applied.")]
Grace = Annotated[semantics.Grace, _meaning("Which of grace and minimum time comes first.")]
FreeSeconds = Annotated[semantics.FreeSeconds, _meaning("How free seconds are taken off.")]
ConnectFee = Annotated[semantics.ConnectFee, _meaning("When the connect fee falls due.")]
MaxCharge = Annotated[semantics.MaxCharge, _meaning("What a maximum charge does to a finished call.")]
Tiers = Annotated[semantics.Tiers, _meaning("How the tiers of a schedule divide a call.")]
Bands = Annotated[semantics.Bands, _meaning("Which bands of a schedule price a call.")]
RoundAt = Annotated[semantics.RoundingPoint, _meaning("Where amounts are rounded.")]
IncrementDecimals = Annotated[int, _meaning("Places of an increment, where these are rounded.")]
Rounding = Annotated[semantics.Rounding, _meaning("The rounding of a charge.")]
Decimals = Annotated[int, _meaning("Places of a charge, 0 to 9.")]


_MEANINGS: dict[str, Any] = {
    "pulse": Pulse,
    "part_second": PartSecond,
    "increments": Increments,
    "minimum": Minimum,
    "grace": Grace,
    "free_seconds": FreeSeconds,
    "connect_fee": ConnectFee,
    "max_charge": MaxCharge,
    "tiers": Tiers,
    "bands": Bands,
    "round_at": RoundAt,
    "increment_decimals": IncrementDecimals,
    "rounding": Rounding,
    "decimals": Decimals,
}


def chosen(preset: str | None = None, **choices: Any) -> semantics.Semantics:
    """The options as `Semantics`, those that were given before the preset's."""
    given = {name: choice for name, choice in choices.items() if choice is not None}
    try:
        return semantics.Semantics.preset(preset or Preset.STRICT, **given)
    except ConfigError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise typer.BadParameter(first["msg"], param_hint=option) from None


def _semantics() -> dict[str, tuple[Any, Any]]:
    """``--preset``, and each meaning as an option that states nothing unless it is given."""
    named = typer.Option(
        metavar="NAME",
        help=f"Whose meanings hold where no option says another: {', '.join(Preset)}.",
        rich_help_panel="Semantics",
    )
    made: dict[str, Any] = {"preset": Annotated[Preset | None, named]}
    plain = semantics.Semantics()
    for name, option in _MEANINGS.items():
        of, told = get_args(option)
        value = getattr(plain, name)
        default = value.value if isinstance(value, StrEnum) else str(value)
        made[name] = Annotated[
            of | None,
            typer.Option(help=told.help, rich_help_panel=told.rich_help_panel, show_default=default),
        ]
    return {name: (option, None) for name, option in made.items()}


with_semantics = in_place_of("meaning", _semantics(), lambda choices: chosen(**choices))
"""Gives a verb the options of semantics in the place of its parameter `meaning`, which they become."""


def moment(at: str | None, deck: "Rates") -> datetime | None:
    """The time that ``--at`` states; it must have a zone, for a call is answered at one instant.

    Raises `DeckTimeError` where the deck needs one and there is none (R50).
    """
    if at is None and deck.is_dated:
        raise DeckTimeError(
            "this deck has entries that hold only at times; give --at the time of the call, or now"
        )
    return instant(at)


def duration(seconds: str | None) -> Decimal | int | None:
    """Seconds as they were written, never through a float."""
    if seconds is None:
        return None
    try:
        exact = Decimal(seconds) if seconds.isascii() else Decimal("NaN")
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or exact.copy_abs() >= 10**9:
        raise typer.BadParameter(
            f"{seconds!r} is no number of seconds; write 263 or 30.5", param_hint="--seconds"
        )
    return int(exact) if exact == int(exact) else exact
