"""Amounts as bars: what is won and lost, and how causes add up to a difference."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import altair as alt

from dialnexa_routing.money.exact import plus
from dialnexa_routing.plot.drawing import (
    HEIGHT,
    LOST,
    PLAIN,
    QUIET,
    WON,
    drawn,
    finished,
    money_axis,
    rest_together,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

MOST = 20


def won_and_lost(
    frame: pl.DataFrame,
    *,
    label: str,
    amount: str,
    title: str,
    axis: str,
    more_is_good: bool,
    most: int = MOST,
) -> alt.LayerChart:
    """A bar for each group, the greatest change first; those beyond `most` are one bar.

    Args:
        frame: a row for each group.
        label: its column of names.
        amount: its column of changes, INR.
        title: above the picture.
        axis: below it.
        more_is_good: whether a positive amount is green.
        most: how many bars.
    """
    rows = rest_together(frame, label, amount, most)
    good = "datum[%r] >= 0" % amount if more_is_good else "datum[%r] <= 0" % amount  # noqa: UP031
    order = [row[label] for row in rows]
    base = alt.Chart(drawn(rows)).encode(
        y=alt.Y(f"{label}:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    )
    bars = base.mark_bar().encode(
        x=alt.X(f"{amount}:Q", axis=money_axis(axis)),
        color=alt.condition(good, alt.value(WON), alt.value(LOST)),
        tooltip=[alt.Tooltip(f"{label}:N"), alt.Tooltip(f"{amount}_told:N", title=amount)],
    )
    return finished(bars + base.mark_rule(color=QUIET).encode(x=alt.datum(0)), title)


def waterfall(
    start: tuple[str, Decimal], steps: Iterable[tuple[str, Decimal]], end: str, *, title: str
) -> alt.LayerChart:
    """From one amount to another by the steps between, each where the one before it ended.

    >>> chart = waterfall(("ours", Decimal(10)), [("pulse", Decimal(2))], "theirs", title="why")
    >>> [row["amount"] for row in chart.to_dict()["data"]["values"]]
    ['₹10.00', '₹2.00', '₹12.00']
    """
    name, at = start
    rows: list[dict[str, Any]] = [
        {"step": name, "from": Decimal(0), "to": at, "kind": "total", "amount": told(at)}
    ]
    for label, change in steps:
        after = plus(at, change)
        kind = "more" if change > 0 else "less"
        rows.append({"step": label, "from": at, "to": after, "kind": kind, "amount": told(change)})
        at = after
    rows.append({"step": end, "from": Decimal(0), "to": at, "kind": "total", "amount": told(at)})
    order = [row["step"] for row in rows]
    base = alt.Chart(drawn(rows)).encode(
        x=alt.X("step:N", sort=order, title=None, axis=alt.Axis(labelAngle=-30))
    )
    bars = base.mark_bar(size=30).encode(
        y=alt.Y("from:Q", axis=money_axis("INR")),
        y2="to:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=["total", "more", "less"], range=[PLAIN, LOST, WON]),
            legend=alt.Legend(title=None),
        ),
        tooltip=["step:N", alt.Tooltip("amount:N")],
    )
    labels = (
        base.mark_text(dy=-6)
        .encode(y=alt.Y("higher:Q"), text="amount:N")
        .transform_calculate(higher="max(datum['from'], datum['to'])")
    )
    return finished((bars + labels).properties(height=HEIGHT), title)


def volumes(
    frame: pl.DataFrame, *, label: str, volume: str, amount: str, series: str, title: str
) -> alt.LayerChart:
    """A point for each group: how much of it there is, and what it earns; below the line it loses.

    Args:
        frame: a row for each group.
        label: its column of names.
        volume: its column of minutes.
        amount: its column of INR.
        series: its column that colours the points.
        title: above the picture.
    """
    rows = frame.select(label, volume, amount, series).drop_nulls().to_dicts()
    base = alt.Chart(drawn(rows))
    points = base.mark_circle(size=70, opacity=0.8).encode(
        x=alt.X(f"{volume}:Q", title="minutes billed", scale=alt.Scale(type="symlog")),
        y=alt.Y(f"{amount}:Q", axis=money_axis("INR earned")),
        color=alt.Color(f"{series}:N", legend=alt.Legend(title=series)),
        tooltip=[
            f"{label}:N",
            f"{series}:N",
            alt.Tooltip(f"{volume}_told:N" if _is_money(rows, volume) else f"{volume}:Q"),
            alt.Tooltip(f"{amount}_told:N", title=amount),
        ],
    )
    return finished(
        (points + base.mark_rule(color=LOST).encode(y=alt.datum(0))).properties(height=HEIGHT), title
    )


def _is_money(rows: list[dict[str, Any]], name: str) -> bool:
    return bool(rows) and isinstance(rows[0][name], Decimal)
