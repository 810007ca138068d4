"""One explained charge as HTML that stands alone: no scripts, nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.text.html import Markup, element, table

if TYPE_CHECKING:
    from dialnexa_routing.deck.explanation import Explanation

# Colours are those of the place it is shown in, light or dark.
_STYLE = (
    ".explanation{font:15px/1.5 system-ui,sans-serif;max-width:60em}"
    ".explanation table{border-collapse:collapse;margin:.5em 0}"
    ".explanation th,.explanation td{padding:.2em .7em;text-align:left;border-bottom:1px solid #8884}"
    ".explanation .lost{opacity:.65}.explanation .total{font-weight:600}"
    ".explanation .note{opacity:.65;font-size:.85em;overflow-wrap:anywhere}"
)
_HEADS = ("Prefix", "Verdict", "Network group", "Rate", "Source")


def html(explanation: Explanation) -> Markup:
    """A table of the prefixes, the steps as a list that ends in the total, and the deck."""
    body = [element("style", Markup(_STYLE)), element("h3", explanation.heading)]
    if explanation.tried:
        tried = explanation.tried
        rows = [(one.prefix, one.verdict, one.network_group, one.price, one.place) for one in tried]
        kinds = [None if one is explanation.winner else "lost" for one in tried]
        body.append(table(_HEADS, rows, kinds=kinds))
    else:
        body.append(element("p", explanation.untried))
    if explanation.steps:
        *before, last = explanation.steps
        body.append(element("ol", *(element("li", one) for one in before), element("li", last, kind="total")))
    body.append(element("p", f"deck {explanation.deck_digest}", kind="note"))
    return element("div", *body, kind="explanation")
