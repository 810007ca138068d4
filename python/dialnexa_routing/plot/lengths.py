"""Pictures over seconds and over time: costs and break-evens, lengths of calls, versions of a price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from dialnexa_routing.plot.drawing import HEIGHT, PLAIN, QUIET, drawn, finished, money_axis, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

BINS = 60


def costs(rows: Iterable[dict[str, Any]], breaks: Sequence[int], *, title: str) -> alt.LayerChart:
    """What a call of each length costs by each provider, with the lengths at which their order changes.

    Args:
        rows: ``seconds``, ``cost`` (INR), ``provider``.
        breaks: the first second of each order but the first.
        title: above the picture.
    """
    lines = (
        alt.Chart(drawn(rows))
        .mark_line(interpolate="step-before")
        .encode(
            x=alt.X("seconds:Q", title="seconds of the call"),
            y=alt.Y("cost:Q", axis=money_axis("INR a call")),
            color=alt.Color("provider:N", legend=alt.Legend(title="provider")),
            tooltip=["provider:N", "seconds:Q", alt.Tooltip("cost_told:N", title="cost")],
        )
    )
    marks = (
        alt.Chart(drawn({"seconds": one} for one in breaks))
        .mark_rule(color=QUIET, strokeDash=[4, 3])
        .encode(x="seconds:Q", tooltip=[alt.Tooltip("seconds:Q", title="another order from")])
    )
    return finished((marks + lines).properties(height=HEIGHT), title)


def durations(
    histogram: Mapping[int, int], billed: Mapping[int, int], *, title: str, bins: int = BINS
) -> alt.Chart:
    """Calls by their length: seconds that were talked, and silence that is paid for besides.

    Args:
        histogram: calls by whole seconds.
        billed: seconds that a call of so many is billed as.
        title: above the picture.
        bins: how many bars at most.
    """
    most = max(histogram, default=1)
    width = max(1, -(-most // bins))
    talked: dict[int, int] = {}
    silent: dict[int, int] = {}
    for seconds, calls in histogram.items():
        bin_ = seconds // width * width
        talked[bin_] = talked.get(bin_, 0) + seconds * calls
        silent[bin_] = silent.get(bin_, 0) + (billed[seconds] - seconds) * calls
    rows = [
        {"from_s": bin_, "to_s": bin_ + width, "minutes": total / 60, "kind": kind}
        for kind, found in (("talked", talked), ("paid-for silence", silent))
        for bin_, total in sorted(found.items())
    ]
    return finished(
        alt.Chart(plain(rows))
        .mark_bar()
        .encode(
            x=alt.X("from_s:Q", bin="binned", title="seconds of the call"),
            x2="to_s:Q",
            y=alt.Y("minutes:Q", stack=True, title="minutes"),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["talked", "paid-for silence"], range=[PLAIN, QUIET]),
                legend=alt.Legend(title=None),
            ),
            order=alt.Order("kind:N", sort="descending"),
            tooltip=["kind:N", "from_s:Q", "to_s:Q", alt.Tooltip("minutes:Q", format=",.1f")],
        )
        .properties(height=HEIGHT),
        title,
    )


def versions(
    rows: Iterable[tuple[datetime | None, datetime | None, Decimal | None, str]], *, title: str
) -> alt.Chart:
    """A price over time: from when, until when, INR, and whose it is; an open end is drawn a little further.

    Args:
        rows: in the order of time; None is since ever, or for ever.
        title: above the picture.
    """
    given = list(rows)
    known = sorted(edge for begin, end, _, _ in given for edge in (begin, end) if edge is not None)
    if not known:
        edges = None
    else:
        spare = (known[-1] - known[0]) / 10 or (known[-1] - known[-1])
        edges = (known[0] - spare, known[-1] + spare)
    values = [
        {
            "from": (begin or (edges and edges[0])),
            "to": (end or (edges and edges[1])),
            "rate": rate,
            "whose": whose,
            "says": f"{begin.date() if begin else 'ever'} to {end.date() if end else 'ever'}",
        }
        for begin, end, rate, whose in given
        if rate is not None
    ]
    for one in values:
        for side in ("from", "to"):
            at: Any = one[side]
            one[side] = (
                at.isoformat() if at is not None else ("1970-01-01" if side == "from" else "2100-01-01")
            )
    return finished(
        alt.Chart(drawn(values))
        .mark_rule(strokeWidth=5)
        .encode(
            x=alt.X("from:T", title=None),
            x2="to:T",
            y=alt.Y("rate:Q", axis=money_axis("INR a minute"), scale=alt.Scale(zero=False)),
            color=alt.Color("whose:N", legend=alt.Legend(title=None)),
            tooltip=["whose:N", "says:N", alt.Tooltip("rate_told:N", title="rate")],
        )
        .properties(height=HEIGHT),
        title,
    )
