"""What a verb prints: a document for machines, or tables and lines for people."""

import json
import os
import re
import sys
from contextlib import suppress
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dialnexa_routing.text.scrub import shown

_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""What a terminal acts on, or no encoding has; a reader of JSON gets the same character by its escape."""
_PIPE_WIDTH = 160  # nobody's window: what reads a pipe wraps as it likes


def out() -> Console:
    """The console of stdout, as it is now: tests and shells put others there."""
    return _console(sys.stdout)


def err() -> Console:
    """The console of stderr, for messages and progress."""
    return _console(sys.stderr)


def error(sentence: str) -> None:
    """One sentence on stderr, in one line however long; of names of files what can be seen."""
    message = Text("error: ", style="bold red").append(plain(sentence), style="default not bold")
    err().print(message, soft_wrap=True)


def last_word(sentence: str) -> None:
    """One sentence on stderr, and nothing after it: what threads of Polars print in the end is for nobody."""
    error(sentence)
    stream = sys.__stderr__
    if stream is not None and sys.stderr is stream:
        stream.flush()
        with suppress(OSError, ValueError):  # a closed stderr states nothing anyway
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def note(sentence: str) -> None:
    """What is to be known and is no error: one line on stderr."""
    err().print(Text("note: ", style="dim").append(plain(sentence), style="not dim"), soft_wrap=True)


def document(content: dict[str, Any] | list[Any]) -> None:
    """One JSON document on stdout; amounts are texts in it, so that no reader makes them floats."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    sys.stdout.write(_HIDDEN.sub(_escaped, text) + "\n")


def pairs(console: Console, rows: dict[str, str]) -> None:
    """Names and their values, one pair a line."""
    wide = max(map(len, rows))
    for name, value in rows.items():
        line = Text(f"{plain(name):<{wide}}  ", style="dim").append(plain(value), style="not dim")
        console.print(line, soft_wrap=True)


def plain(value: object) -> str:
    """A value as one line of text: nothing for None, and of a stranger's file what can be seen."""
    return "" if value is None else shown(str(value))


def table(*columns: str, numbers: int = 0, title: str | None = None) -> Table:
    """An empty table; the last `numbers` of its columns are right-aligned."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for position, name in enumerate(columns):
        right = position >= len(columns) - numbers
        made.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
    return made


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _console(file: Any) -> Console:
    if hasattr(file, "reconfigure") and (file.encoding or "").lower().replace("-", "") != "utf8":
        file.reconfigure(errors="replace")  # a rupee sign that cannot be shown must not end the command
    width = None if file.isatty() else _PIPE_WIDTH
    return Console(file=file, highlight=False, markup=False, width=width)
