"""Call records that a verb is given, opened in one way for all verbs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import call_arguments, terminal
from dialnexa_routing.cli.call_options import NAMED, SaidOfCalls
from dialnexa_routing.cli.spelled import Words, said, spelling
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.records.call_records import CallRecords


RecordsRead = Annotated[
    list[str] | None,
    typer.Option(
        "--records-read",
        metavar="NAME=VALUE",
        help="How they are written, as timezone=UTC or columns.to=dst; may be repeated.",
        rich_help_panel="Call records",
    ),
]
"""Of verbs whose own options are of something else."""


@dataclass(frozen=True)
class OpenedCalls:
    """Call records, ready to be rated.

    Attributes:
        lazy: the rows.
        columns: which of them are what: arguments of `records.rate`.
        check: to be called when all rows were read, before an output of them takes its place.
        tell: prints what is then known of the whole, on stderr; given whether what rates has dates.
        records: what the reader of all systems made of them; None where they have our columns already.
    """

    lazy: "pl.LazyFrame"
    columns: Mapping[str, Any]
    check: Callable[[], None]
    tell: Callable[[bool], None]
    records: "CallRecords | None" = None


def opened(
    source: str,
    calls: SaidOfCalls,
    *,
    is_dated: bool = False,
    whole: bool = False,
    by_reader: bool = False,
) -> OpenedCalls:
    """The records of a file, folder or pattern, as they stand where they have the columns that are named.

    What a system's reader reads streams once, and is checked behind that; `whole` is for verbs that go
    through the rows several times: they are read and checked before. `by_reader` lets the reader read them in
    any case. `is_dated` is whether what rates has dates, so that an answer time is needed.

    Raises `RecordError` for what is open, all of it at once.
    """
    from dialnexa_routing.records import call_files
    from dialnexa_routing.records.frame_watch import FrameWatch
    from dialnexa_routing.records.kept_reasons import READER

    if not by_reader and not calls.written and _stand_so(source, calls):
        named = calls.named
        watch = FrameWatch(Path(source).name, calls.number_plan)
        seconds = None if named["ended_at"] else named["seconds"]
        lazy = watch.over(
            call_files.scan(source),
            named["to"] or "to",
            seconds,
            answered_at=named["answered_at"],
            ended_at=named["ended_at"],
            timezone=calls.timezone,
            twice=calls.twice,
        )
        if whole:
            lazy = lazy.drop(READER, strict=False)  # reports have no room for reasons beside their rows
        return OpenedCalls(lazy, calls.columns, watch.check, lambda _: _print(watch.told()))
    found = read(source, calls.arguments, is_dated=is_dated)
    lazy, tally = (found.rows.lazy(), None) if whole else found.streamed()
    columns = {
        "number": "to",
        **{name: header for name, header in NAMED.items() if name != "to"},
        "number_plan": found.number_plan,
    }
    check = (lambda: None) if tally is None else partial(found.check, tally)
    return OpenedCalls(lazy, columns, check, partial(tell, found, tally), found)


def read(source: Any, arguments: Mapping[str, Any], *, is_dated: bool = False) -> "CallRecords":
    """The records by the reader of all systems. Raises `RecordError` for what is open, all of it at once."""
    from dialnexa_routing.records.call_records import CallRecords

    found = CallRecords.look(source, **arguments)
    if open_ := found.still_open(is_dated=is_dated):
        raise RecordError(open_)
    return found


def opened_another(
    source: str,
    named: Mapping[str, str | None],
    texts: list[str] | None,
    option: str,
    *,
    timezone: str | None = None,
    twice: Twice = Twice.REFUSED,
) -> OpenedCalls:
    """A second file of calls, of which ``NAME=VALUE`` states how it is written; errors are in these words.

    Args:
        source: a file, folder or pattern.
        named: headers by what they are.
        texts: of the option.
        option: its name.
        timezone: of times without one.
        twice: which is meant of times that came twice.
    """
    written = call_arguments.of_another(texts, option)
    plan = written.pop("number_plan", WORLD)
    with another(option):
        return opened(source, SaidOfCalls({**NAMED, **named}, timezone, twice, plan, written), whole=True)


@contextmanager
def another(option: str) -> Iterator[None]:
    """Within it, what is raised is spelled for the option of a second file."""
    words = Words(
        other=(option, lambda name: name in call_arguments.NAMES),
        columns=f"{option} columns.",
        readings=call_arguments.READING,
    )
    with spelling(words):
        try:
            yield
        except RecordError as error:
            raise type(error)(said(str(error))) from error


def standing(source: str, names: set[str]) -> "pl.LazyFrame | None":
    """Records as they stand, if the first file of them has these columns."""
    from dialnexa_routing.records import call_files

    try:
        there = set(call_files.columns(call_files.files(source)[0]).columns)
    except RecordError:
        return None
    return call_files.scan(source) if names <= there else None


def files(source: str) -> list[Path]:
    """What a path, a folder or a pattern names, whatever kind of file it is."""
    from dialnexa_routing.records.raw_tables import paths

    return paths(Path(source))[0]


def _stand_so(source: str, calls: SaidOfCalls) -> bool:
    """Whether the first of the files has the columns that were named, so that nothing else is to be known."""
    from dialnexa_routing.records import call_files

    try:
        return have_named(call_files.files(source)[0], calls)
    except RecordError:
        return False  # files of a kind that only the reader knows


def have_named(file: Path, calls: SaidOfCalls) -> bool:
    """Whether records have the columns that were named."""
    from dialnexa_routing.records import call_files

    try:
        columns = call_files.columns(file).columns
    except RecordError:
        return False
    named = calls.named
    if named["to"] not in columns or named["ended_at" if named["ended_at"] else "seconds"] not in columns:
        return False
    return not _asks(file, columns, named)


def _asks(file: Path, columns: list[str], named: Mapping[str, str | None]) -> bool:
    """Whether another column may state which way calls went, or which were answered: the reader finds out."""
    from dialnexa_routing.records.formats.call_format import folded
    from dialnexa_routing.records.raw_tables import raw_tables
    from dialnexa_routing.records.telling_columns import answers_of, ways_of

    (table,), _ = raw_tables(file)
    head = next(iter(table.heads.values()))
    if any(name not in named.values() for name in answers_of(head.names, head.rows, named["seconds"])):
        return True
    names = [folded(name) for name in columns]
    if named["direction"] != "direction" or "direction" in names:
        return False
    looks_so = any(name.endswith(("direction", "type", "leg")) for name in names)
    return looks_so or bool(ways_of(head.names, head.rows))


def tell(found: "CallRecords", tally: Any, is_dated: bool = True) -> None:
    """What is to be known of whole files, a line each on stderr; of answer times where prices have dates."""
    lines = []
    for file, column, text in found.told(tally):
        if column == "answered_at" and not is_dated:
            continue
        where = ", ".join(part for part in (file, column and f"column {column}") if part)
        lines.append(f"{where}: {text}" if where else text)
    _print(lines)


def cure(refused: Mapping[str, int]) -> None:
    """Print what can be done about rows without a charge, a line for each reason of which that is known."""
    from dialnexa_routing.records.reader_reason import REMEDIES

    for reason, rows in refused.items():
        if rows and reason in REMEDIES:
            told = said(f"{reason.replace('_', ' ')}: {REMEDIES[reason]}")
            terminal.out().print(terminal.plain(told), soft_wrap=True)


def _print(sentences: list[str]) -> None:
    for sentence in sentences:
        terminal.note(said(sentence))
