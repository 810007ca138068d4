"""Small versions of the benchmarks that also count their answers: a fast wrong answer fails.

python -m pytest benches --benchmark-enable --benchmark-only
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import against
import builds
import decide
import plans
import screen
from against_workloads import WORKLOADS, Inputs
from call_records import called
from dialnexa_routing import RateDeck, RateSheet, records, screening
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.workspace.decision import Allowed
from hand_rating import Terms
from hand_screening import Switches
from intervals import NONE, Intervals
from rivals import DictLoop, NumpySorted, columnar
from workload import STREAMS, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

_NUMBERS = 50_000
_FIELDS = ["billed_seconds", "charge"]


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Workload:
    folder: Path = tmp_path_factory.mktemp("bench")
    return Workload.of("az", seed=7, folder=folder)


@pytest.fixture(scope="module")
def deck(workload: Workload) -> RateDeck:
    return RateDeck.compile(workload.frame(), keep_redundant=True)


@pytest.fixture(scope="module")
def naive(workload: Workload) -> DictLoop:
    return DictLoop(workload)


def test_deck_has_every_known_prefix(workload: Workload, deck: RateDeck) -> None:
    assert len(workload) == len(deck) > 300_000
    assert workload.frame().equals(Workload.of("az", seed=7, folder=workload.folder).frame())


@pytest.mark.parametrize("stream", STREAMS)
def test_rivals_agree_with_the_dict_loop(workload: Workload, naive: DictLoop, stream: str) -> None:
    numbers = workload.stream(stream, 2_000)
    right = naive.rows(numbers)
    for rival in columnar(Intervals.of(workload)):
        assert np.array_equal(rival.rows(numbers), right), rival.name


def test_one_call(benchmark: BenchmarkFixture, workload: Workload, deck: RateDeck, naive: DictLoop) -> None:
    numbers = workload.stream("A", 1_000)
    texts = numbers.to_list()
    found = benchmark(lambda: sum(deck.match(text) is not None for text in texts))
    assert found == int((naive.rows(numbers) != NONE).sum())


@pytest.mark.parametrize("stream", STREAMS)
def test_column(
    benchmark: BenchmarkFixture, workload: Workload, deck: RateDeck, naive: DictLoop, stream: str
) -> None:
    numbers = workload.stream(stream, _NUMBERS)
    entries = benchmark(lambda: deck.match(numbers, fields="entry"))
    assert len(entries) - entries.null_count() == int((naive.rows(numbers) != NONE).sum())


def test_column_by_numpy(benchmark: BenchmarkFixture, workload: Workload, deck: RateDeck) -> None:
    numbers = workload.stream("Z", _NUMBERS)
    rival = NumpySorted(Intervals.of(workload))
    rows = benchmark(lambda: rival.rows(numbers))
    prefixes = workload.prefix().gather(pl.Series(rows))
    assert prefixes.eq_missing(deck.match(numbers, fields="prefix")).all()


@pytest.mark.parametrize("way", ["ours", "by_numpy", "by_polars"])
def test_rating(benchmark: BenchmarkFixture, workload: Workload, deck: RateDeck, way: str) -> None:
    calls = called(workload, _NUMBERS)
    terms = Terms.of(workload)
    ways: dict[str, Callable[[], pl.DataFrame]] = {
        "ours": lambda: calls.select(
            records.rated(deck, direction="outbound", fields=_FIELDS, number_plan=None)
        ).unnest("rated"),
        "by_numpy": lambda: terms.by_numpy(calls),
        "by_polars": lambda: terms.by_polars(calls),
    }
    charges = benchmark(ways[way])
    assert charges.equals(ways["ours"]())
    assert charges["charge"].null_count() == 0
    assert charges.filter(pl.col("charge") > 0).height == calls.filter(pl.col("seconds") > 0).height


def test_rating_by_plans(benchmark: BenchmarkFixture, workload: Workload) -> None:
    deck = RateDeck.compile(plans.in_groups(workload))
    calls, many = plans.called(workload, 5_000, 20), plans.many(workload.seed, 20)
    book = PreparedPlans(deck, many)
    rated = benchmark(lambda: records.rate(calls, deck=deck, plans=book, number_plan=None))
    plans.verify(rated, deck, {plan.id: plan for plan in many})
    assert rated["charge"].count() > 4_000


def test_screening(benchmark: BenchmarkFixture, workload: Workload) -> None:
    router = screen.asked(workload)
    frame = pl.read_parquet(screen.recipients(workload, 5_000))
    switches = Switches.of(workload, router)
    screened = benchmark(lambda: router.screen(frame, source="+14155550100"))
    assert screened.equals(switches.by_join(frame))
    assert screened.equals(switches.by_search(frame))
    assert screen.one_by_one(frame, router).equals(screened.select(*screening.SCREENED))
    assert 0 < screened["reason"].null_count() < len(screened)


def test_decisions(benchmark: BenchmarkFixture) -> None:
    deck = RateSheet.read(decide.WORLD).compile()
    numbers = decide.called(deck, 300, seed=7)
    shares = {what: decide.checked(ask, deck, numbers) for what, ask in decide.questions(deck).items()}
    assert all(0.1 < share <= 1 for share in shares.values()), shares
    ask = decide.questions(deck)["outbound"]
    assert benchmark(lambda: sum(isinstance(ask(to), Allowed) for to in numbers)) == round(
        shares["outbound"] * len(numbers)
    )


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, workload: Workload) -> Inputs:
    folder = tmp_path_factory.mktemp("against")
    against.write(workload, 1_000, folder)
    made = Inputs(folder, folder / "decks")
    made.make_decks()
    return made


@pytest.mark.parametrize("name", WORKLOADS)
def test_workloads_of_two_builds(inputs: Inputs, name: str) -> None:
    task = WORKLOADS[name](inputs)
    assert task.answer(task.run()) == task.answer(task.run())
    assert task.count > 0


def test_a_build_against_itself(tmp_path: Path) -> None:
    """In the form of a folder, which a commit becomes once it is built."""
    script = Path(__file__).with_name("against.py")
    options = ["--workload", "match, entry", "--rows", "1000", "--rounds", "2", "--laps", "1"]
    places = ["--folder", str(tmp_path), "--json", str(tmp_path / "told.json")]
    command = [sys.executable, str(script), str(builds.present().packages), *options, *places]
    subprocess.run(command, check=True, env=os.environ)
    figures = json.loads((tmp_path / "told.json").read_text())["figures"]
    answers = {figure["what"]: figure["value"] for figure in figures if figure["measure"] == "answers"}
    assert set(answers) == {name for name in WORKLOADS if name.startswith("match, entry")}
    assert set(answers.values()) == {"same"}


def test_what_is_no_commit_is_refused() -> None:
    with pytest.raises(SystemExit, match="no commit of this repository"):
        builds.other("no-such-commit")


def test_calls_of_a_file_come_to_the_same_sum_by_every_way(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name("call_files.py")), "--folder", str(tmp_path)]
    told = tmp_path / "told.json"
    subprocess.run([*command, "--millions", "0.002", "--rounds", "1", "--json", str(told)], check=True)
    figures = json.loads(told.read_text())["figures"]
    assert {one["what"] for one in figures if one["value"]} >= {
        "pandas and a dict",
        "text and ready together",
    }
