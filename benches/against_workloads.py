"""What two builds are both asked to do, by the names at the top of the package alone.

A workload is a function that takes the inputs and gives back a `Task`; what it does before is not
timed. To add one, write the function and enter it in `WORKLOADS`. Decks are made by each build for
itself, since a deck's format belongs to its build.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import dialnexa_routing
from dialnexa_routing import RateDeck, RateSheet, Semantics, records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORLD = Path(__file__).resolve().parent.parent / "data" / "world.csv"
_RECENT = datetime(2026, 12, 1, tzinfo=UTC)  # after the last date in the sheet
_OLD = datetime(2026, 1, 1, tzinfo=UTC)  # before the first one
# Equal work: an older build has no number plan to ask.
_ALIKE: dict[str, Any] = {"number_plan": None} if hasattr(dialnexa_routing, "NumberPlan") else {}
_CALLS = 20_000  # of those that are asked one at a time
_VERSIONS = 100_000
LONG_ROWS = 1_000_000
_AGAIN = 20  # times in a lap, of what takes a few milliseconds


@dataclass(frozen=True)
class Inputs:
    """Files that both builds read, and the decks that this one made of them."""

    folder: Path
    decks: Path

    @cached_property
    def numbers(self) -> pl.Series:
        """Called numbers as text, in one chunk."""
        return pl.read_parquet(self.calls, columns=["to"])["to"].rechunk()

    @property
    def calls(self) -> Path:
        """Call records, whole ones."""
        return self.folder / "calls.parquet"

    @property
    def sheet(self) -> Path:
        """The rows of the deck `az`."""
        return self.folder / "az.arrow"

    @property
    def ported(self) -> Path:
        """Ten-digit numbers and their owners: `write_ported` makes them."""
        return self.folder / "ported.parquet"

    @property
    def long_sheet(self) -> Path:
        """A sheet of a million rows, delimited."""
        return self.folder / "sheet.csv"

    @property
    def long_rows(self) -> Path:
        """The rows of the deck `us_in`: a million, in an order that helps nobody."""
        return self.folder / "us_in.arrow"

    def make_decks(self) -> None:
        """Compile and keep what the workloads open."""
        self.decks.mkdir(parents=True, exist_ok=True)
        for name, sheet in (("az", self.sheet), ("world", WORLD)):
            RateSheet.read(sheet).compile().save(self.decks / f"{name}.deck")
        RateDeck.compile(pl.read_parquet(self.ported)).save(self.decks / "ported.deck")

    def deck(self, name: str) -> RateDeck:
        """One of the decks."""
        return RateDeck.open(self.decks / f"{name}.deck")


def write_ported(file: Path, count: int) -> None:
    """Indian mobile numbers that nobody has, most of them scattered."""
    numbers = pl.int_range(6_000_000_000, 9_999_999_999, 499, eager=True).sample(count, seed=1)
    dense = pl.int_range(7_000_000_000, 7_000_000_000 + count // 4, eager=True)
    whole = pl.concat([numbers.head(count * 3 // 4), dense]).unique().sort().cast(pl.String)
    owner = pl.Series(["one", "two", "three"]).gather(pl.int_range(len(whole), eager=True) * 7919 % 3)
    pl.DataFrame({"prefix": "91" + whole, "network_group": owner}).write_parquet(file)


@dataclass(frozen=True)
class Task:
    """What is timed, how many rows or calls one run does, and its answer in a few words.

    The words are compared between the builds: what both have to say alike, and no more.
    """

    run: Callable[[], Any]
    count: int
    answer: Callable[[Any], str]


def _match(inputs: Inputs, *, deck: str = "az", dtype: type[pl.DataType] = pl.String, **options: Any) -> Task:
    asked, numbers = inputs.deck(deck), inputs.numbers.cast(dtype)
    return Task(lambda: asked.match(numbers, **options), len(numbers), _matched)


def _match_dated(inputs: Inputs, at: datetime) -> Task:
    """Numbers under the prefixes of a sheet whose prices begin and end, each as often as any other."""
    deck = inputs.deck("world")
    prefixes = pl.Series(deck.prefixes()).filter(pl.Series(deck.prefixes()).str.len_chars() > 3)
    asked = (prefixes.sample(len(inputs.numbers), with_replacement=True, seed=3) + "234567890123").str.head(
        13
    )
    return Task(lambda: deck.match(asked, at=at, fields="entry"), len(asked), _matched)


def _match_shuffled(inputs: Inputs) -> Task:
    """Thirteen characters stand outside the views of a column, and here in another order."""
    deck, numbers = inputs.deck("az"), pl.select(pl.lit("+") + inputs.numbers).to_series()
    numbers = numbers.shuffle(seed=1)  # after the plus was put there: the texts keep their places
    return Task(lambda: deck.match(numbers, fields="entry"), len(numbers), _matched)


def _match_ported(inputs: Inputs) -> Task:
    """Whole numbers, so many that nothing of the deck stays in a cache."""
    deck, numbers = inputs.deck("ported"), pl.read_parquet(inputs.ported)["prefix"]
    asked = (numbers.sample(len(inputs.numbers), with_replacement=True, seed=2) + "").rechunk()
    return Task(lambda: deck.match(asked, fields="entry"), len(asked), _matched)


def _match_versions(inputs: Inputs) -> Task:
    """The first of many versions of one prefix."""
    hour, first = timedelta(hours=1), datetime(2010, 1, 1, tzinfo=UTC)
    begins = [first + number * hour for number in range(_VERSIONS)]
    rows = pl.DataFrame(
        {
            "prefix": ["91"] * _VERSIONS,
            "network_group": ["India"] * _VERSIONS,
            "outbound_rate": [Decimal(1 + number % 7) for number in range(_VERSIONS)],
            "valid_from": begins,
            "valid_to": [*begins[1:], None],
        }
    )
    deck, asked = RateDeck.compile(rows), pl.Series(["919812345678"] * 100)
    return Task(
        lambda: deck.match(asked, at=first, fields="outbound_rate"), len(asked), lambda found: str(found[0])
    )


def _two_semantics(inputs: Inputs) -> Task:
    """Few calls by one meaning and by another in turn, on a deck whose terms are all distinct."""
    rate = (pl.int_range(pl.len()) + 1).cast(pl.Decimal(18, 9))
    deck = RateDeck.compile(pl.read_ipc(inputs.sheet).with_columns(outbound_rate=rate))
    calls = pl.read_parquet(inputs.calls).head(10)
    hows = [Semantics(pulse="60/60"), Semantics(pulse="1/1")]

    def run() -> pl.DataFrame:
        rated = [records.rate(calls, deck=deck, semantics=hows[turn % 2], **_ALIKE) for turn in range(_AGAIN)]
        return rated[-1]

    return Task(run, _AGAIN, _charged)


def _matched(found: pl.Series) -> str:
    """Numbers of entries are a build's own affair; which rows have one is not."""
    if found.dtype != pl.Struct:
        return f"{len(found) - found.null_count()} of {len(found)}"
    fields = found.struct.unnest().select("prefix", "network_group")
    return f"{fields['prefix'].count()} of {len(found)}, {fields.hash_rows().sum()}"


def _rate_eager(inputs: Inputs, deck: str = "az", **options: Any) -> Task:
    by, frame = inputs.deck(deck), pl.read_parquet(inputs.calls).rechunk()
    return Task(lambda: records.rate(frame, deck=by, **options), len(frame), _charged)


def _rate_two_fields(inputs: Inputs) -> Task:
    deck, frame = inputs.deck("az"), pl.read_parquet(inputs.calls, columns=["to", "seconds"]).rechunk()
    rated = records.rated(deck, direction="outbound", fields=["billed_seconds", "charge"], **_ALIKE)
    return Task(lambda: frame.select(rated).unnest("rated"), len(frame), _charged)


def _rate_streaming(inputs: Inputs) -> Task:
    """Counts of all columns in place of the columns, which would have to be in memory."""
    deck = inputs.deck("az")

    def run() -> pl.DataFrame:
        rated = records.rate(pl.scan_parquet(inputs.calls), deck=deck, **_ALIKE)
        counted = rated.select(pl.all().count(), pl.col("charge", "billed_seconds").sum().name.prefix("sum_"))
        return counted.collect(engine="streaming")

    return Task(
        run, len(inputs.numbers), lambda sums: str(sums.select("sum_charge", "sum_billed_seconds").row(0))
    )


def _rate_files(inputs: Inputs) -> Task:
    deck, out = inputs.deck("az"), inputs.decks / "rated.parquet"

    def run() -> pl.LazyFrame:
        records.rate(pl.scan_parquet(inputs.calls), deck=deck, **_ALIKE).sink_parquet(out)
        return pl.scan_parquet(out)

    return Task(run, len(inputs.numbers), lambda file: _charged(file.collect()))


def _charged(rated: pl.DataFrame) -> str:
    sums = rated.select(pl.col("billed_seconds", "charge").sum(), pl.col("charge").count().alias("charged"))
    return f"{sums['charged'][0]} of {len(rated)}, {sums['billed_seconds'][0]} s, {sums['charge'][0]}"


def _rate_one(inputs: Inputs) -> Task:
    deck, numbers = inputs.deck("az"), inputs.numbers.head(_CALLS).to_list()
    return Task(
        lambda: [deck.rate(number, 61, **_ALIKE) for number in numbers],
        _CALLS,
        lambda many: str(_total(many)),
    )


def _total(charges: list[Any]) -> Any:
    return sum(charge.total for charge in charges if charge.total is not None)


def _match_one(inputs: Inputs) -> Task:
    deck, numbers = inputs.deck("az"), inputs.numbers.head(_CALLS).to_list()
    return Task(lambda: [deck.match(number) for number in numbers], _CALLS, lambda many: str(many[:1]))


def _from_bytes(inputs: Inputs) -> Task:
    data = (inputs.decks / "az.deck").read_bytes()
    return Task(
        lambda: [RateDeck.from_bytes(data) for _ in range(_AGAIN)], _AGAIN, lambda decks: str(len(decks))
    )


def _compile(inputs: Inputs, sheet: Path | None = None) -> Task:
    read = RateSheet.read(sheet or inputs.sheet)
    return Task(read.compile, 1, lambda deck: str(deck.match("+919812345678", at=_RECENT).network_group))


def _compile_frame(inputs: Inputs, *, distinct: bool = False) -> Task:
    """Ready rows, which no reading stands before; if `distinct`, each with a price of its own."""
    if distinct:
        rate = (pl.int_range(pl.len()) + 1).cast(pl.Decimal(18, 9))
        rows = pl.read_ipc(inputs.sheet).with_columns(outbound_rate=rate)
    else:
        rows = pl.read_ipc(inputs.long_rows)
    return Task(lambda: RateDeck.compile(rows), len(rows), lambda deck: f"{deck.counts.entries} entries")


def _compile_sheet(inputs: Inputs) -> Task:
    """The sheet of a million rows, read before."""
    sheet = RateSheet.read(inputs.long_sheet)
    return Task(sheet.compile, LONG_ROWS, lambda deck: f"{deck.counts.entries} entries")


def _sheet(inputs: Inputs, *, compiled: bool) -> Task:
    """A CSV of a million rows as `sheets.py` makes it; of the compiled one the answer is in the deck."""

    def run() -> RateSheet:
        found = RateSheet.read(inputs.long_sheet)
        if compiled:
            found.compile()
        return found

    return Task(run, LONG_ROWS, lambda sheet: str(sheet.counts.loaded))


def _read(_: Inputs) -> Task:
    return Task(lambda: RateSheet.read(WORLD), 1, lambda sheet: str(sheet.counts.loaded))


WORKLOADS: Mapping[str, Callable[[Inputs], Task]] = {
    "match, entry": partial(_match, fields="entry"),
    "match, all fields": _match,
    "match, group": partial(_match, fields="network_group"),
    "match, entry, with plus, shuffled": _match_shuffled,
    "match, entry, UInt64": partial(_match, fields="entry", dtype=pl.UInt64),
    "match, entry, dated, recent": partial(_match_dated, at=_RECENT),
    "match, entry, dated, old": partial(_match_dated, at=_OLD),
    "match, entry, ported": _match_ported,
    "match, first of many versions": _match_versions,
    "rate, two semantics in turn": _two_semantics,
    "rate, eager, all columns": partial(_rate_eager, **_ALIKE),
    "rate, eager, as by default": _rate_eager,
    "rate, eager, two fields": _rate_two_fields,
    "rate, eager, dated": partial(_rate_eager, deck="world", answered_at="started_at", **_ALIKE),
    "rate, streaming": _rate_streaming,
    "rate, Parquet to Parquet": _rate_files,
    "deck.match, one call": _match_one,
    "deck.rate, one call": _rate_one,
    "from_bytes, az": _from_bytes,
    "compile, az": _compile,
    "compile, us_in": _compile_frame,
    "compile, az, each row its own price": partial(_compile_frame, distinct=True),
    "compile, the sheet of a million": _compile_sheet,
    "compile, world.csv": partial(_compile, sheet=WORLD),
    "read, world.csv": _read,
    "sheet of a million, read": partial(_sheet, compiled=False),
    "sheet of a million, read and compiled": partial(_sheet, compiled=True),
}
