"""Coverage as a grid of the first two digits of numbers: no map, for a code is no place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from dialnexa_routing.plot.drawing import PLAIN, QUIET, finished, plain

if TYPE_CHECKING:
    from collections.abc import Mapping


def grid(prefixes: Mapping[str, int], words: Mapping[str, str], *, title: str) -> alt.LayerChart:
    """A cell for each pair of first digits, darker where there are more prefixes.

    Args:
        prefixes: how many there are under each pair.
        words: what stands under it, as countries by code.
        title: above the picture.
    """
    rows = [
        {
            "first": one,
            "second": two,
            "prefixes": prefixes.get(one + two, 0),
            "countries": words.get(one + two, "nothing"),
        }
        for one in "123456789"
        for two in "0123456789"
    ]
    most = max(prefixes.values(), default=1)
    base = alt.Chart(plain(rows)).encode(
        x=alt.X("second:O", title="second digit", axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("first:O", title="first digit"),
        tooltip=["first:O", "second:O", alt.Tooltip("prefixes:Q", format=","), "countries:N"],
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.condition(
            "datum.prefixes == 0",
            alt.value(QUIET + "33"),
            alt.Color(
                "prefixes:Q",
                scale=alt.Scale(type="symlog", domain=[0, most], range=["#e0e7ff", PLAIN]),
                legend=alt.Legend(title="prefixes"),
            ),
        )
    )
    counts = base.mark_text(fontSize=10).encode(
        text=alt.Text("prefixes:Q", format=","),
        color=alt.condition(f"datum.prefixes > {most / 20}", alt.value("white"), alt.value("#1c2430")),
    )
    return finished(cells + counts, title)
