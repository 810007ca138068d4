"""One explained charge as HTML that stands alone: no scripts, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialnexa_routing.deck.explanation import Explanation, Tried

# Colours are those of the place it is shown in, light or dark.
_STYLE = (
    ".explanation{font:15px/1.5 system-ui,sans-serif;max-width:60em}"
    ".explanation table{border-collapse:collapse;margin:.5em 0}"
    ".explanation th,.explanation td{padding:.2em .7em;text-align:left;border-bottom:1px solid #8884}"
    ".explanation .lost{opacity:.65}.explanation .total{font-weight:600}"
    ".explanation .note{opacity:.65;font-size:.85em;overflow-wrap:anywhere}"
)
_HEADS = ("Prefix", "Verdict", "Network group", "Rate", "Source")


def html(explanation: Explanation) -> str:
    """A table of the prefixes, the steps as a list that ends in the total, and the deck."""
    body = [f"<style>{_STYLE}</style><h3>{_text(explanation.heading)}</h3>"]
    if explanation.tried:
        winner = explanation.winner
        rows = "".join(_row(one, lost=one is not winner) for one in explanation.tried)
        heads = "".join(f"<th>{head}</th>" for head in _HEADS)
        body.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    else:
        body.append(f"<p>{_text(explanation.untried)}</p>")
    if explanation.steps:
        *before, last = explanation.steps
        items = "".join(f"<li>{_text(str(step))}</li>" for step in before)
        body.append(f'<ol>{items}<li class="total">{_text(str(last))}</li></ol>')
    body.append(f'<p class="note">deck {_text(explanation.deck_digest)}</p>')
    return f'<div class="explanation">{"".join(body)}</div>'


def _row(one: Tried, *, lost: bool) -> str:
    cells = (one.prefix, one.verdict, one.network_group, one.price, one.place)
    kind = ' class="lost"' if lost else ""
    return f"<tr{kind}>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def shown(text: str) -> str:
    """A text in one line: what a stranger's sheet has of characters that cannot be seen is replaced."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _text(text: str) -> str:
    return escape(shown(text))
