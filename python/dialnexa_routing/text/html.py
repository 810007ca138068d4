"""HTML that stands alone: tables, lines and pages, with every text in them escaped and scrubbed.

What is `Markup` was made here and is taken as it is; whatever else is put into it is a text, perhaps
a stranger's. No script and nothing from elsewhere is ever part of it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

# Colours are those of the place it is shown in, light or dark.
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em}caption{text-align:left;font-weight:600}"
    "th,td{padding:.15em .6em;text-align:left;border-bottom:1px solid #8884}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
)
"""Of a page that brings none of its own."""


class Markup(str):
    """HTML that this module made, so that it is not escaped again."""

    __slots__ = ()

    def __add__(self, other: str) -> Markup:
        """Both, the other one escaped unless it is markup too."""
        return Markup(f"{self}{text(other)}")


def text(value: object) -> Markup:
    r"""A value as HTML: escaped and scrubbed, unless it is `Markup` already.

    >>> text("<b>\u202e"), text(element("b", "<"))
    ('&lt;b&gt;�', '<b>&lt;</b>')
    """
    return value if isinstance(value, Markup) else Markup(escape(shown(str(value))))


def element(tag: str, *content: object, kind: str | None = None, **attributes: str) -> Markup:
    """One element with its content; `kind` is its class, and an attribute without a value is ``""``.

    >>> element("p", "a & b", kind="note"), element("details", open="")
    ('<p class="note">a &amp; b</p>', '<details open></details>')
    """
    named = {"class": kind, **attributes} if kind else attributes
    opened = "".join(f' {name}="{text(value)}"' if value else f" {name}" for name, value in named.items())
    return Markup(f"<{tag}{opened}>{''.join(map(text, content))}</{tag}>")


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Some texts or markup as one piece; `between` is markup."""
    return Markup(between.join(map(text, parts)))


def lines(sentences: Iterable[object]) -> Markup:
    """Lines as one paragraph.

    >>> lines(["a", "b<"])
    '<p>a<br>b&lt;</p>'
    """
    return element("p", joined(sentences, "<br>"))


def table(
    heads: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    caption: object | None = None,
    numbers: Collection[int] = (),
    kinds: Sequence[str | None] = (),
) -> Markup:
    """A table of texts or markup.

    Args:
        heads: of the columns; none is a table without.
        rows: as many cells each.
        caption: above it.
        numbers: the columns, from 0, that are set to the right, as amounts are.
        kinds: the class of each row; nothing is none.

    >>> table(["group", "₹"], [["<India>", "0.75"]], numbers={1})[:60]
    '<table><thead><tr><th>group</th><th class="n" style="text-al'
    """
    top = element("caption", caption) if caption is not None else ""
    named = element("tr", *(_cell("th", one, at in numbers) for at, one in enumerate(heads)))
    head = element("thead", named) if heads else ""
    body = [
        element(
            "tr",
            *(_cell("td", one, at in numbers) for at, one in enumerate(row)),
            kind=kinds[place] if place < len(kinds) else None,
        )
        for place, row in enumerate(rows)
    ]
    return element("table", Markup(top), Markup(head), element("tbody", *body))


CARD = (
    ".card{font:15px/1.5 system-ui,sans-serif;max-width:60em}"
    ".card table{border-collapse:collapse;margin:.5em 0}.card caption{text-align:left;font-weight:600}"
    ".card th,.card td{padding:.15em .7em;text-align:left;vertical-align:top;border-bottom:1px solid #8884}"
    ".card .title{font-size:1.1em;font-weight:600;margin:.2em 0}"
    ".card .n{font-variant-numeric:tabular-nums}.card .next{opacity:.8;font-size:.9em;margin:.2em 0}"
)
"""Of one object in a notebook; colours are those of the place."""


def card(title: object, facts: Iterable[Sequence[object]], *parts: object, then: str = "") -> Markup:
    """One object as a notebook shows it: what it is, facts by name, further parts, and what is done next.

    >>> card("a deck", [("prefixes", 3)], then="deck.match(number)").count("<td>")
    2
    """
    named = [(element("b", name), value) for name, value in facts]
    following = element("p", "next: ", element("code", then), kind="next") if then else Markup()
    head = element("p", title, kind="title")
    return element(
        "div", element("style", Markup(CARD)), head, table((), named), *parts, following, kind="card"
    )


def page(title: str, body: str, style: str = STYLE) -> Markup:
    """A page that stands alone and asks nothing of any other place.

    Args:
        title: a text.
        body: `Markup`, which is what this module makes.
        style: its rules; ours, never a stranger's.

    Raises:
        TypeError: `body` is no `Markup`, so nobody knows whether it is escaped.
    """
    if not isinstance(body, Markup):
        raise TypeError("the body of a page is text; make it with text(), element() or table()")
    rules = f"<style>{style}</style>" if style else ""
    return Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{text(title)}</title>{rules}</head><body>{body}</body></html>\n"
    )


def _cell(tag: str, value: object, number: bool) -> Markup:
    # A notebook has no style sheet of ours: the place of a number stands in the cell itself.
    return element(tag, value, kind="n", style="text-align:right") if number else element(tag, value)
