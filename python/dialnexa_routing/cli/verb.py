"""How a verb ends: its exit code, or one sentence on stderr."""

from typing import Any

import typer
from typer.core import TyperCommand

from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.spelled import Words, said, spelling
from dialnexa_routing.text.errors import ConfigError, RoutingError

UNUSABLE = 2
INTERRUPTED = 130


class Verb(TyperCommand):
    """A command whose function returns its exit code; what goes wrong in it is told, not traced."""

    def invoke(self, ctx: Any) -> None:
        """Run the function, and exit with what it returns.

        A bug still ends in a traceback: only this package's errors and the system's are sentences.
        """
        with spelling(Words.of(self.params)):
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


def _told(sentence: str) -> int:
    terminal.error(said(sentence))
    return UNUSABLE
