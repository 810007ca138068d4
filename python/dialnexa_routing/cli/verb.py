"""How a verb begins and ends: each option once, an exit code, what goes wrong as a sentence on stderr."""

import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand

from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.spelled import Words, said, spelling
from dialnexa_routing.text.errors import ConfigError, RoutingError
from dialnexa_routing.text.events import line

UNUSABLE = 2
INTERRUPTED = 130


class Verb(TyperCommand):
    """A command whose function returns its exit code; what goes wrong in it is reported, not traced."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words; an option that takes one value and is given twice would lose the first."""
        given: list[Any] = self.make_parser(ctx).parse_args(list(args))[2]
        for one, times in Counter(given).items():
            if times > 1 and one.param_type_name == "option" and not (one.multiple or one.is_flag):
                raise typer.BadParameter("it is given more than once; give one of them", ctx=ctx, param=one)
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")  # pydantic's, for nobody
            raise

    def invoke(self, ctx: Any) -> None:
        """Run the function, and exit with what it returns.

        A bug still ends in a traceback: only this package's errors and the system's are sentences.
        """
        with spelling(Words.of(self.params)), _events_in_its_words():
            raise typer.Exit(self._ended(ctx))

    def _ended(self, ctx: Any) -> int:
        """The exit code."""
        try:
            code = super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader has seen enough
        except ConfigError as error:
            code = _told(" ".join(str(error).split()))  # a line for each problem of a document
        except RoutingError as error:
            code = _told(str(error).partition("\n")[0])  # Polars adds its plan to errors that pass through it
        except OSError as error:
            where = f"{error.filename}: " if error.filename is not None and error.strerror else ""
            code = _told(where + (error.strerror or str(error)))
        except KeyboardInterrupt:
            terminal.last_word("interrupted; nothing was written over")
            code = INTERRUPTED
        return code or 0


class _Spelled(logging.Handler):
    """Lines of events on stderr, as the verb that runs words them."""

    def emit(self, record: logging.LogRecord) -> None:
        facts = getattr(record, "facts", None)
        if facts is None:
            told = terminal.plain(said(self.format(record)))
        else:  # in the line they are quoted, and what is quoted is never spelled
            told = line(record.event, {name: said(str(value)) for name, value in facts.items()})  # type: ignore[attr-defined]
        sys.stderr.write(f"{told}\n")


@contextmanager
def _events_in_its_words() -> Iterator[None]:
    """Within it, warnings of the library go to stderr in the words of options, where nobody else listens."""
    log = logging.getLogger("dialnexa_routing")
    if log.hasHandlers():
        yield
        return
    handler = _Spelled(logging.WARNING)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _told(sentence: str) -> int:
    terminal.error(said(sentence))
    return UNUSABLE
