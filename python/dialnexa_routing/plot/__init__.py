"""Pictures of amounts, lengths and prefixes: ``pip install 'dialnexa-routing[plot]'``.

A chart is one of Altair's: a notebook shows it, and ``chart.save("won.svg")`` or ``.png`` writes it without a
network. A position is drawn from a float, as screens are; the amount that is read at it is the exact one.
"""

from __future__ import annotations

try:
    import altair as _altair  # noqa: F401 - asked for first, so that its absence is one sentence
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "pictures need Altair; install it with: pip install 'dialnexa-routing[plot]'", name=error.name
    ) from error
