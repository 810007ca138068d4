"""A deck whose file is written into, cut or replaced while it is open: an error, or the answer of before."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

import dialnexa_routing
from decks import deck_of, utc
from dialnexa_routing import DeckError, PreparedPlans, RateDeck, _deck, records
from dialnexa_routing.billing.break_even import spans
from dialnexa_routing.billing.offered import offers
from dialnexa_routing.deck import deck_file
from dialnexa_routing.deck.deck_book import DeckBook
from hangs import HANG_S
from workspaces import OWN, plan, router

if TYPE_CHECKING:
    from collections.abc import Callable

CHEAP, DEAR = (deck_of([{"prefix": "91", "outbound_rate": rate}]) for rate in ("1.00", "9.00"))
CALLS = pl.DataFrame({"to": ["+919812345678"], "seconds": [60]})


def overwrite(path: Path, data: bytes, times: int = 1) -> None:
    """Write into the file itself, as `cp` does; its times are later than any before."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(data)
        file.truncate(len(data))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000 * times))
    assert path.stat().st_ino == before.st_ino


def asks(deck: RateDeck) -> dict[str, Callable[[], Any]]:
    plans, own = PreparedPlans(deck, [plan()]), router(decks={"plivo": deck})
    dated = CALLS.with_columns(answered_at=pl.lit(utc(2026, 5, 1)))
    sold = CALLS.with_columns(plan=pl.lit("growth"))
    book = DeckBook({utc(2026, 1, 1): deck})
    return {
        "rate": lambda: records.rate(CALLS, deck=deck),
        "rate lazily": lambda: records.rate(CALLS.lazy(), deck=deck).collect(),
        "rate by plan": lambda: records.rate(CALLS, deck=deck, plan=plan()),
        "rate by prepared plans": lambda: records.rate(sold, deck=deck, plans=plans),
        "rate by a book": lambda: records.rate(dated, deck=book),
        "match a series": lambda: deck.match(CALLS["to"]),
        "match an expression": lambda: CALLS.select(deck.match(pl.col("to"))),
        "match Arrow": lambda: deck.match(pa.chunked_array([["919812345678"]])),
        "screen": lambda: own.screen(CALLS, to="to", source=OWN),
        "rows": deck.rows,
        "rate one": lambda: deck.rate("+919812345678", 60),
        "explain": lambda: deck.explain("+919812345678", seconds=60),
        "rate one by plan": lambda: plan().rate(deck, number="919812345678", seconds=60),
        "explain by plan": lambda: deck.explain("919812345678", seconds=60, plan=plan()),
        "decide": lambda: own.outbound("+919812345678", source=OWN),
        "explain a decision": lambda: own.explain_outbound("+919812345678", source=OWN),
        "prepare plans": lambda: PreparedPlans(deck, [plan()]),
        "longest call": lambda: deck.longest_call("+919812345678", Decimal(5)),
        "offers": lambda: offers("+919812345678", {"plivo": deck}, seconds=60),
        "break even": lambda: spans("+919812345678", {"plivo": deck, "other": CHEAP}, up_to_s=60),
        "network groups": lambda: deck.network_groups,
        "prefixes": lambda: deck.prefixes("9"),
        "groups within": lambda: deck.groups_within("9"),
        "labels": lambda: deck.labels,
        "verify": deck.verify,
        "bytes": deck.to_bytes,
    }


NAMES = list(asks(CHEAP))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    CHEAP.save(tmp_path / "a.deck")
    return tmp_path / "a.deck"


@pytest.mark.parametrize("name", NAMES)
def test_a_mapped_deck_that_was_written_into_is_refused(path: Path, name: str) -> None:
    deck = RateDeck.open(path, load=False)
    ask = asks(deck)[name]
    ask()
    overwrite(path, DEAR.to_bytes())
    with pytest.raises(DeckError, match="was written into since it was opened: replace decks by renaming"):
        ask()


@pytest.mark.parametrize("load", [None, True])
@pytest.mark.parametrize("data", [DEAR.to_bytes(), b"", b"short"], ids=["another", "empty", "short"])
def test_a_deck_that_was_read_answers_as_before_whatever_becomes_of_its_file(
    path: Path, load: bool | None, data: bytes
) -> None:
    deck = RateDeck.open(path, load=load)
    overwrite(path, data)
    for ask in asks(deck).values():
        ask()
    assert records.rate(CALLS, deck=deck).select("charge", "deck_digest").row(0) == (
        Decimal("1.00"),
        CHEAP.digest,
    )


@pytest.mark.parametrize("load", [None, False, True])
def test_r50_a_deck_that_was_replaced_by_renaming_stays_what_it_was(path: Path, load: bool | None) -> None:
    deck = RateDeck.open(path, load=load)
    DEAR.save(path)
    for ask in asks(deck).values():
        ask()
    assert deck == CHEAP
    path.unlink()
    assert records.rate(CALLS, deck=deck)["charge"].item() == Decimal("1.00")
    DEAR.save(path)
    assert RateDeck.open(path) == DEAR


def test_a_change_between_the_check_and_the_answer_is_seen(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck, checks = RateDeck.open(path, load=False), list[deck_file.DeckFile]()

    def check(file: deck_file.DeckFile) -> None:
        original(file)
        checks.append(file)
        if len(checks) == 1:
            overwrite(path, DEAR.to_bytes())

    original = deck_file.DeckFile.check
    monkeypatch.setattr(deck_file.DeckFile, "check", check)
    with pytest.raises(DeckError, match="was written into"):
        deck.match(CALLS["to"])


def replaced_in_between(path: Path, often: int, monkeypatch: pytest.MonkeyPatch) -> list[RateDeck]:
    """Has other decks take the place of the one at `path` before it is mapped; those that are left."""
    left = [DEAR, CHEAP] * often

    class Opening:
        @staticmethod
        def open(place: str, *, verify: bool) -> Any:
            if left:
                left.pop(0).save(path)
            return _deck.Deck.open(place, verify=verify)

    monkeypatch.setattr(deck_file, "_deck", SimpleNamespace(Deck=Opening))
    return left


def test_d7_what_is_looked_at_is_the_file_that_is_mapped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = replaced_in_between(path, 3, monkeypatch)
    deck = RateDeck.open(path, load=False)
    assert (left, deck) == ([], CHEAP)
    assert deck.rate("+919812345678", 60).total == Decimal("1.00")
    overwrite(path, DEAR.to_bytes())
    with pytest.raises(DeckError, match="was written into since it was opened"):
        deck.rate("+919812345678", 60)


def test_d7_a_deck_that_never_stands_is_no_endless_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = replaced_in_between(path, 1_000, monkeypatch)
    with pytest.raises(DeckError, match="is replaced faster than it can be opened"):
        RateDeck.open(path, load=False)
    assert left


def test_large_decks_are_mapped_and_small_ones_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = path.stat().st_size
    for bound, is_mapped in ((size, False), (size - 1, True)):
        monkeypatch.setattr(deck_file, "LOADED_BYTES", bound)
        assert (RateDeck.open(path)._file is not None) is is_mapped
        assert RateDeck.open(path, load=True)._file is None
    # Without verification nothing is read but the header, so that it opens in constant time.
    assert RateDeck.open(path, verify=False)._file is not None


@pytest.mark.parametrize("load", [None, False, True])
def test_errors_name_the_file_however_it_is_opened(path: Path, load: bool | None) -> None:
    data = bytearray(CHEAP.to_bytes())
    data[-40] ^= 1
    for damaged in (bytes(data), bytes(data[:100]), b"", b"no deck"):
        path.write_bytes(damaged)
        with pytest.raises(DeckError, match=r"a\.deck"):
            RateDeck.open(path, load=load)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"a\.deck"):
        RateDeck.open(path, load=load)
    with pytest.raises(IsADirectoryError):
        RateDeck.open(path.parent, load=load)


def test_a_mapped_deck_that_becomes_shorter_ends_no_process_at_the_next_batch(path: Path) -> None:
    script = (
        "import sys, os, polars as pl\n"
        "from dialnexa_routing import DeckError, RateDeck\n"
        "deck = RateDeck.open(sys.argv[1], load=False)\n"
        "os.truncate(sys.argv[1], 100)\n"
        "try:\n"
        "    deck.match(pl.Series(['919812345678']))\n"
        "except DeckError as error:\n"
        "    print(error)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        env=environment,
        check=True,
    )
    assert "was written into" in done.stdout
