"""Options that say how call records are written, in one table for all verbs that read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from dialnexa_routing.cli import call_arguments
from dialnexa_routing.cli.option_table import in_place_of
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.numbers.coded_numbers import Coded
from dialnexa_routing.numbers.number_reading import Separators
from dialnexa_routing.numbers.sip_addresses import Addresses
from dialnexa_routing.text.errors import RecordError

_COLUMNS, _PANEL = "Columns of the records", "How the records are written"
TWICE = "Which is meant of times in the hour that comes twice."


def _column(words: str, **more: Any) -> Any:
    return typer.Option(help=words, rich_help_panel=_COLUMNS, **more)


def _how(words: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=words, rich_help_panel=_PANEL, **more)


_Table = dict[str, tuple[Any, Any]]
_NAMED: _Table = {
    "number": (Annotated[str, _column("Called numbers.")], "to"),
    "seconds": (Annotated[str, _column("Durations from answer to end.")], "seconds"),
    "answered_at": (Annotated[str, _column("Answer times.")], "answered_at"),
    "ended_at": (Annotated[str | None, _column("End times, in place of --seconds.")], None),
    "direction": (
        Annotated[str, _column("A column, or outbound or inbound for all rows.")],
        "direction",
    ),
    "timezone": (
        Annotated[str | None, _column("Zone of times without one, as Asia/Kolkata.")],
        None,
    ),
    "twice": (Annotated[Twice, _column(TWICE)], Twice.REFUSED),
}
READING: _Table = {
    "international_prefix": (
        Annotated[str | None, _how("Dialled before calling codes, as 00.", metavar="DIGITS")],
        None,
    ),
    "calling_code": (
        Annotated[
            str | None,
            _how("Put before every number without plus that has none, as 91.", metavar="DIGITS"),
        ],
        None,
    ),
    "coded": (
        Annotated[
            Coded, _how("Numbers without plus that may be national, or have the calling code already.")
        ],
        Coded.REFUSED,
    ),
    "trunk_prefix": (
        Annotated[str | None, _how("Dialled before national numbers there, as 0.", metavar="DIGITS")],
        None,
    ),
    "separators": (
        Annotated[Separators, _how("Blanks, dashes, dots and brackets in numbers.")],
        Separators.REFUSED,
    ),
    "strip": (
        Annotated[
            list[str] | None, _how("Taken away in front of numbers, as 9; may be repeated.", metavar="DIGITS")
        ],
        None,
    ),
    "addresses": (
        Annotated[Addresses, _how("Numbers in sip:+91…@host and tel:+91….")],
        Addresses.REFUSED,
    ),
    "number_plan": (
        Annotated[
            Literal["world", "none"], _how("By which a number can be none; none lets extensions through.")
        ],
        "world",
    ),
}
"""How numbers are written, and which of them can be none."""
TEXT: _Table = {
    "encoding": (Annotated[str | None, _how("Of text, as cp1251.")], None),
    "delimiter": (Annotated[str | None, _how("Between the cells of text, as ';'.")], None),
}
"""How texts are written."""
_WRITTEN: _Table = {
    "format": (
        Annotated[str, _how("The system that wrote them; auto recognises it.", metavar="NAME")],
        "auto",
    ),
    "column": (
        Annotated[
            list[str] | None,
            _how(
                "Which column is what, as to=dst or seconds=14; may be repeated, also for one cell in two.",
                metavar="NAME=HEADER",
            ),
        ],
        None,
    ),
    "header": (Annotated[bool, _how("Whether the first line names the columns.")], True),
    "direction_word": (
        Annotated[
            list[str] | None,
            _how(
                "Which way a word of the column means, as OB=outbound; may be repeated.", metavar="WORD=WAY"
            ),
        ],
        None,
    ),
    "dates": (Annotated[str | None, _how("Of 05/11/2026.", metavar="day_first|month_first")], None),
    "epoch_unit": (Annotated[str | None, _how("Of times that count from 1970.", metavar="s|ms|us|ns")], None),
    "seconds_unit": (Annotated[str | None, _how("Of durations.", metavar="s|ms|us|ns|min|h|clock")], None),
    "answered": (
        Annotated[list[str] | None, _how("A status that means answered; may be repeated.", metavar="WORD")],
        None,
    ),
    "legs": (Annotated[str, _how("Of a call in several rows, charge one or all.", metavar="one|all")], "one"),
    "unique_by": (
        Annotated[list[str] | None, _how("A column that no two calls share; may be repeated.")],
        None,
    ),
    "longest_s": (Annotated[int | None, _how("Seconds beyond which a call is refused.")], None),
    "charge_sign": (
        Annotated[str | None, _how("Of the provider's charges.", metavar="positive|negative")],
        None,
    ),
    "currency": (Annotated[str | None, _how("Of the provider's charges, as USD.")], None),
    "inr_per_unit": (Annotated[str | None, _how("Rupees for one of that currency.")], None),
    "inr_on": (Annotated[str | None, _how("The day of --inr-per-unit.", metavar="DATE")], None),
    **TEXT,
    **READING,
    "max_refused_rows": (Annotated[float, _how("The share of rows that may be unreadable, 0 to 1.")], 0.5),
}
NAMED: Mapping[str, str | None] = {
    "to": "to",
    "seconds": "seconds",
    "answered_at": "answered_at",
    "ended_at": None,
    "direction": "direction",
}
"""What the columns are called where nobody states otherwise, by what they are."""


@dataclass(frozen=True)
class SaidOfCalls:
    """What was stated of call records.

    Attributes:
        named: headers by what they are, of ``--number`` and the like.
        timezone: of times without one.
        twice: which is meant of times that came twice.
        number_plan: by which numbers can be none.
        written: every other argument of `CallRecords.read` that was given.
    """

    named: Mapping[str, str | None]
    timezone: str | None
    twice: Twice
    number_plan: Any
    written: Mapping[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """How records are rated that have these columns already: arguments of `records.rate`."""
        return {
            "number": self.named["to"],
            **{name: header for name, header in self.named.items() if name != "to"},
            "timezone": self.timezone,
            "twice": self.twice,
            "number_plan": self.number_plan,
        }

    @property
    def arguments(self) -> dict[str, Any]:
        """All of it as arguments of `CallRecords.read`."""
        named = {name: header for name, header in self.named.items() if header not in (None, NAMED[name])}
        found: dict[str, Any] = {"twice": self.twice, "number_plan": self.number_plan, **self.written}
        if self.timezone is not None:
            found["timezone"] = self.timezone
        if named.get("direction") in ("outbound", "inbound"):
            if "direction" in found:
                raise RecordError("one way for all rows leaves no words of a column: leave one of both out")
            found["direction"] = named.pop("direction")
        columns = {name: call_arguments.place(header or "") for name, header in named.items()}
        columns |= self.written.get("columns", {})
        return {**found, "columns": columns} if columns else found


def _said(given: dict[str, Any]) -> SaidOfCalls:
    headers = dict(zip(NAMED, (given[name] for name in ("number", *list(NAMED)[1:])), strict=True))
    zone = given["timezone"]
    if zone is not None:
        try:
            zone_named(zone)
        except ValueError:
            raise RecordError(f"{zone!r} is no time zone; write --timezone Asia/Kolkata") from None
    written = {
        name: given[name]
        for name, (_, default) in _WRITTEN.items()
        if name != "number_plan" and given[name] not in (default, [])
    }
    return SaidOfCalls(
        named=headers,
        timezone=zone,
        twice=given["twice"],
        number_plan=call_arguments.plan(given["number_plan"]),
        written=call_arguments.arguments(written),
    )


def with_calls(
    verb: Callable[..., int], format_options: tuple[str, ...] = ("--format", "--records-format")
) -> Callable[..., int]:
    """Gives a verb these options in the place of its parameter `calls`.

    `format_options` is for verbs whose own ``--format`` is that of their output.
    """
    words = "The system that wrote them; auto recognises it."
    form = (Annotated[str, _how(words, *format_options, metavar="NAME")], "auto")
    return in_place_of("calls", {**_NAMED, **_WRITTEN, "format": form}, _said)(verb)
