"""What all pictures share: colours, money on an axis, and frames as Altair takes them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import altair as alt
import polars as pl

from dialnexa_routing.money.rupees import price

if TYPE_CHECKING:
    from collections.abc import Iterable

C = TypeVar("C", alt.Chart, alt.LayerChart)

WON, LOST, PLAIN, QUIET = "#18794e", "#b42318", "#4338ca", "#98a2b3"
"""Green and red differ in lightness too, so that they are kept apart without colour."""
WIDTH, HEIGHT = 640, 320
# An Indian reader groups by lakh and crore, which formats of the axis do not know.
AXIS = (
    "(datum.value < 0 ? '-₹' : '₹') + "
    "(abs(datum.value) >= 1e7 ? format(abs(datum.value) / 1e7, ',.4~f') + ' crore'"
    " : abs(datum.value) >= 1e5 ? format(abs(datum.value) / 1e5, ',.4~f') + ' lakh'"
    " : format(abs(datum.value), ',~f'))"
)


def money_axis(title: str) -> alt.Axis:
    """An axis of amounts in INR."""
    return alt.Axis(title=title, labelExpr=AXIS)


def told(amount: Decimal | None) -> str:
    """An amount as it is read beside a mark: exact.

    >>> told(Decimal("-100000.50")), told(None)
    ('-₹1,00,000.50', 'none')
    """
    return "none" if amount is None else price(amount)


def drawn(rows: Iterable[dict[str, Any]]) -> alt.Data:
    """Rows for a chart; each amount as a float to be drawn, and as ``<name>_told`` to be read."""
    values = []
    for row in rows:
        shown: dict[str, Any] = {}
        for name, value in row.items():
            if isinstance(value, Decimal):
                shown[name], shown[f"{name}_told"] = float(value), told(value)
            else:
                shown[name] = value
        values.append(shown)
    return plain(values)


def plain(rows: list[dict[str, Any]]) -> alt.Data:
    """Rows that hold no amounts, for a chart."""
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def rest_together(frame: pl.DataFrame, label: str, amount: str, most: int) -> list[dict[str, Any]]:
    """The greatest amounts of a frame, by size; what is left as one row of their number and their sum.

    So the bars of a picture add up to the total.
    """
    known = frame.select(label, amount).drop_nulls(amount).sort(pl.col(amount).abs(), descending=True)
    rows = known.head(most).to_dicts()
    left = known.slice(most)
    if left.height:
        rows.append({label: f"{left.height} others", amount: Decimal(left[amount].sum())})
    return rows


def finished(chart: C, title: str) -> C:
    """A chart with its title, of the usual size."""
    titled: C = chart.properties(title=title, width=WIDTH)
    framed: C = titled.configure_view(strokeWidth=0)
    return framed
