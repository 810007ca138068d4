"""What a sheet leaves open: gathered while it is read, put at once, each with what settles it.

A column whose order of day and month is unclear does not keep anybody from seeing that the currency
is missing too. So a reader notes the question, goes on with any answer, and the sheet is refused
when all of it was looked at. What was made with such an answer is never handed out.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Answer = TypeVar("Answer")
_MOST = 12  # put in one error; nobody reads more


@dataclass(frozen=True)
class Question:
    """One thing that only the caller can say.

    `argument` is that of `RateSheet.read`, `values` are what it may be, spelled for Python; where any
    value may hold, as a currency, it is an example. `sentence` names the place and the cause.
    """

    argument: str
    sentence: str
    values: tuple[str, ...] = ()
    column: str | None = None


class Questions:
    """The questions of one reading, each once, in the order in which they came up.

    >>> open_ = Questions()
    >>> open_.ask("currency", "a.csv states no currency: pass currency=", ["'INR'", "'USD'"])
    >>> open_.raise_any()
    Traceback (most recent call last):
    dialnexa_routing.text.errors.SheetError: a.csv states no currency: pass currency=
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str | None], Question] = {}

    @property
    def asked(self) -> tuple[Question, ...]:
        """All of them."""
        return tuple(self._asked.values())

    def ask(
        self, argument: str, sentence: str, values: Sequence[str] = (), *, column: str | None = None
    ) -> None:
        """Notes a question; of two about one argument and column, as of two files, the first stays."""
        self._asked.setdefault((argument, column), Question(argument, sentence, tuple(values), column))

    def settle(
        self,
        argument: str,
        decide: Callable[[], Answer],
        otherwise: Answer,
        values: Sequence[str] = (),
        *,
        column: str | None = None,
    ) -> Answer:
        """What `decide` comes to; where it raises `SheetError`, that is asked and `otherwise` serves."""
        try:
            return decide()
        except SheetError as error:
            self.ask(argument, str(error), values, column=column)
            return otherwise

    @contextmanager
    def asking(self, argument: str, values: Sequence[str] = (), column: str | None = None) -> Iterator[None]:
        """Notes as a question what is raised inside for want of `argument`, which its sentence names."""
        try:
            yield
        except SheetError as error:
            if f"{argument}=" in str(error):
                self.ask(argument, str(error), values, column=column)
            raise

    def raise_any(self, besides: SheetError | None = None) -> None:
        """Raises `SheetError` with all questions, if there are any, and with what is wrong besides."""
        sentences = [one.sentence for one in self.asked]
        if not sentences:
            return
        if besides is not None and str(besides) not in sentences:
            sentences.append(str(besides))
        if len(sentences) == 1:
            raise SheetError(sentences[0]) from besides
        more = f"; and {len(sentences) - _MOST} more" if len(sentences) > _MOST else ""
        listed = "; ".join(f"({at}) {one}" for at, one in enumerate(sentences[:_MOST], start=1))
        raise SheetError(f"{len(sentences)} questions are open: {listed}{more}") from besides
