"""The number plan refuses what can be no number, and nothing else; the measured shares are held."""

from __future__ import annotations

import importlib
import pickle
import random
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialnexa_routing import WORLD, ConfigError, NumberError, NumberPlan
from dialnexa_routing.numbers import plan_file
from test_import import fresh

if TYPE_CHECKING:
    from types import ModuleType

DATA = Path(__file__).parents[1] / "data"
FILE = Path(plan_file.__file__).with_name("number_plan.txt")
RANDOM_PER_PATTERN = 40
SEED = 20261130

Faults = list[str | None]


def fault() -> str | None:
    """Why the file cannot be compared with what phonenumbers knows here, if it cannot."""
    try:
        installed = f"phonenumbers {version('phonenumbers')}"
    except PackageNotFoundError:
        return "phonenumbers is not installed"
    return None if installed == WORLD.release else f"the plan is of {WORLD.release}, here is {installed}"


needs_same_version = pytest.mark.skipif(fault() is not None, reason=str(fault()))


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DATA))
    return importlib.import_module("make_number_plan")


@pytest.fixture
def patterns(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DATA))
    return importlib.import_module("number_patterns")


def judged(numbers: list[str]) -> Faults:
    """What the plan finds, in Python and in the core alike (R54)."""
    found = [WORLD.judge(number) for number in numbers]
    assert found == [WORLD.core.judge(number) for number in numbers]
    return [None if one is None else str(one) for one in found]


@cache
def sections() -> dict[str, list[list[str]]]:
    """The file, line by line."""
    found: dict[str, list[list[str]]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line] = []
        elif line and found:
            list(found.values())[-1].append(line.split())
    return found


def naive(number: str) -> str | None:
    """The rule in as few lines as it takes, over the file as it stands."""
    for code, *emergencies in sections()["[emergency]"]:
        if number in emergencies or number in [code + one for one in emergencies]:
            return "emergency_number"
    for code, lengths in sections()["[lengths]"]:
        if number.startswith(code):
            return None if len(number) - len(code) in plan_file.counts(lengths) else "impossible_number"
    return "impossible_number"


@needs_same_version
def test_the_file_is_what_its_script_makes(maker: ModuleType) -> None:
    assert maker.text(WORLD.date) == FILE.read_text(encoding="utf-8")
    assert plan_file.head()["licence"] == "Apache-2.0"
    assert len(WORLD.lengths) == 215


@needs_same_version
def test_no_example_number_is_refused(maker: ModuleType) -> None:
    examples = []
    for code, regions in maker.CALLING_CODES.items():
        for region in regions:
            kinds = (getattr(maker.plan(region, code), kind) for kind in maker.KINDS)
            examples += [f"{code}{kind.example_number}" for kind in kinds if kind and kind.example_number]
    assert len(examples) == 1_141
    assert {*judged([number for number in examples if len(number) <= 15])} == {None}


@needs_same_version
def test_no_random_valid_number_is_refused(maker: ModuleType, patterns: ModuleType) -> None:
    draw = random.Random(SEED)
    found = []
    for code in maker.CALLING_CODES:
        for text, lengths in sorted(maker.patterns(code)):
            pattern = patterns.read(text)
            if lengths & patterns.lengths(pattern):
                tried = (drawn(draw, patterns, pattern) for _ in range(10 * RANDOM_PER_PATTERN))
                good = (number for number in tried if lengths >> len(number) & 1)
                found += [f"{code}{number}" for number in islice(good, RANDOM_PER_PATTERN)]
    assert len(found) > 40_000
    assert {*judged(found)} == {None}


def drawn(draw: random.Random, patterns: ModuleType, pattern: Any) -> str:
    """Digits that fulfil a pattern, of any length."""
    if isinstance(pattern, patterns.Digit):
        return str(draw.choice(sorted(pattern.digits)))
    if isinstance(pattern, patterns.Choice):
        return drawn(draw, patterns, draw.choice(sorted(pattern.ways, key=repr)))
    if isinstance(pattern, patterns.Sequence):
        return drawn(draw, patterns, pattern.first) + drawn(draw, patterns, pattern.rest)
    return ""


@needs_same_version
def test_every_emergency_number_is_caught(maker: ModuleType) -> None:
    of_code, pairs = maker.emergencies(), 0
    for code, numbers in of_code.items():
        pairs += len(numbers)
        assert {*judged([f"{code}{number}" for number in numbers])} == {"emergency_number"}
    bare = {number for numbers in of_code.values() for number in numbers}
    # Those with a 0 in front are no E.164 number: they are refused before (R1).
    assert {*judged([number for number in bare if number[0] != "0"])} == {"emergency_number"}
    regions = [
        (region, number)
        for region in maker.SUPPORTED_SHORT_REGIONS
        for number in of_code.get(maker.phonenumbers.country_code_for_region(region), ())
        if maker.phonenumbers.is_emergency_number(number, region)
    ]
    assert (pairs, len(bare), len(regions)) == (760, 243, 827)


def test_most_extensions_are_caught() -> None:
    shares = []
    for digits in (3, 4, 5, 6):
        numbers = [str(number) for number in range(10 ** (digits - 1), 10**digits)]
        shares.append(sum(WORLD.core.judge(number) is not None for number in numbers) / len(numbers))
    assert shares[0] == 1
    assert 0.98 < sum(shares) / 4 < 1


def test_more_than_half_of_the_indian_mobiles_without_91_are_caught() -> None:
    """The others look like numbers of some other country, which length alone cannot deny."""
    draw = random.Random(SEED)
    mobiles = [f"{draw.choice('6789')}{draw.randrange(10**9):09}" for _ in range(20_000)]
    refused = sum(WORLD.core.judge(number) is not None for number in mobiles)
    assert 0.55 < refused / len(mobiles) < 0.60
    assert {WORLD.core.judge("91" + number) for number in mobiles} == {None}


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("+919812345678", None),
        ("9812345678", "impossible_number"),  # Iran has four to seven digits after its code, and ten
        ("981234567", None),
        ("+981234567890", None),
        ("7012345678", "impossible_number"),
        ("6012345678", None),
        ("2212345678", "impossible_number"),
        ("102", "emergency_number"),
        ("105210", "impossible_number"),
        ("6112", "impossible_number"),
        ("91", "emergency_number"),  # in Ethiopia
        ("92345", "impossible_number"),
        ("911", "emergency_number"),
        ("112", "emergency_number"),
        ("+112", "emergency_number"),
        ("+911", "emergency_number"),
        ("+910", "impossible_number"),
        ("+91112", "emergency_number"),
        ("999", "emergency_number"),  # and no calling code begins it
        ("9991234567", "impossible_number"),
        ("+2790177", None),
        ("+2710177", "emergency_number"),  # five digits are possible there
        ("+2290197123456", None),
        ("+22997123456", "impossible_number"),
        ("+5215512345678", "impossible_number"),
        ("+39066982", None),
        ("+15551234", None),  # Canada's 310 is so long
    ],
)
def test_numbers_that_were_charged_once(number: str, fault: str | None) -> None:
    assert judged([number]) == [fault]


@given(st.from_regex("[1-9][0-9]{0,14}", fullmatch=True))
@example("911")
@example("2710111")
def test_r54_the_plan_is_the_naive_rule(number: str) -> None:
    assert judged([number, "+" + number]) == [naive(number)] * 2


@given(
    st.from_regex("[1-9][0-9]{0,14}", fullmatch=True),
    st.dictionaries(
        st.sampled_from(["1", "91", "44", "210", "999"]), st.none() | st.sets(st.integers(1, 11), min_size=1)
    ),
    st.booleans(),
)
def test_r54_python_and_core_agree_on_plans_that_were_changed(
    number: str, changes: dict[str, set[int] | None], bare: bool
) -> None:
    plan = WORLD.without_emergencies() if bare else WORLD
    for code, lengths in changes.items():
        plan = plan.replaced(code, lengths)
    assert plan.judge(number) == plan.core.judge(number)
    again = pickle.loads(pickle.dumps(plan))
    assert again == plan
    assert hash(again) == hash(plan)
    assert again.judge(number) == plan.judge(number)


def test_lengths_are_replaced_by_code() -> None:
    plan = WORLD.replaced("45", {8, 12})
    assert (WORLD.judge("45123456789012"), plan.judge("45123456789012")) == ("impossible_number", None)
    assert plan.judge("451234567") == "impossible_number"
    assert plan.replaced("45", None).judge("451234567") is None
    assert plan.replaced("45", None).judge("45112") == "emergency_number"
    assert plan != WORLD
    assert plan == WORLD.replaced("45", [12, 8])
    assert plan.replaced("999", {7}).judge("9991234567") is None
    assert plan.lengths["45"] == frozenset({8, 12})


def test_emergencies_can_be_left_out() -> None:
    plan = WORLD.without_emergencies()
    assert [plan.judge(number) for number in ("112", "2710177")] == ["impossible_number", None]
    assert plan.emergencies == frozenset()


@pytest.mark.parametrize("code", ["", "0", "9123", "9a", "٩١", "91 ", 91, None])
def test_what_is_no_calling_code_is_refused(code: Any) -> None:
    with pytest.raises(ConfigError, match="no calling code"):
        WORLD.replaced(code, {8})


def test_a_calling_code_begins_no_other() -> None:
    with pytest.raises(ConfigError, match="calling code 90 begins as 9 does"):
        WORLD.replaced("9", {8})
    with pytest.raises(ConfigError, match="calling code 91 begins"):
        WORLD.replaced("912", {8})


@pytest.mark.parametrize("lengths", [{0}, {14}, {-1}, {True}, {"8"}, {8.0}, set()])
def test_lengths_that_no_number_can_have_are_refused(lengths: Any) -> None:
    with pytest.raises(ConfigError, match=r"pass None|write 1 to 13"):
        WORLD.replaced("91", lengths)


@pytest.mark.parametrize("number", ["", "+", "0912345678", "+0", "91 98", "９１", "9" * 16, "abc"])
def test_r01_what_is_no_number_is_not_judged(number: str) -> None:
    with pytest.raises(NumberError):
        WORLD.judge(number)
    assert WORLD.core.judge(number) is None


def test_what_is_refused_is_told_with_what_is_right() -> None:
    release = WORLD.release
    assert WORLD.told("+919812345678") is None
    assert WORLD.told("112") == f"'112' is an emergency number; it is neither routed nor rated ({release})"
    assert WORLD.told("+9991234567") == (
        f"'+9991xxxxxx' begins with no calling code; write the number with its own ({release})"
    )
    assert WORLD.replaced("91", {10, 4, 6, 5, 12}).told("+91123") == (
        f"'+91xxx' has 3 digits after 91, where numbers have 4-6, 10 or 12 ({release})"
    )


def test_a_plan_does_not_change() -> None:
    with pytest.raises(AttributeError, match="does not change"):
        WORLD._changed = ()
    with pytest.raises(AttributeError, match="does not change"):
        del WORLD._changed
    with pytest.raises(TypeError):
        WORLD.lengths["91"] = None  # type: ignore[index]
    assert NumberPlan() == WORLD
    assert pickle.loads(pickle.dumps(WORLD)) == WORLD
    assert repr(WORLD.replaced("45", {8, 12}).without_emergencies()) == (
        f"<NumberPlan of {WORLD.release}, {WORLD.date}, 45: 8 or 12, no emergency numbers>"
    )


def test_the_plan_is_read_when_it_is_asked() -> None:
    script = (
        "import sys, dialnexa_routing as d\n"
        "print(d.WORLD._made, d.WORLD.judge('112'))\n"
        "from dialnexa_routing.numbers import number_series\n"
        "print(number_series._states.cache_info().currsize, 'polars' in sys.modules)"
    )
    assert fresh(script).splitlines() == ["None emergency_number", "0 False"]
