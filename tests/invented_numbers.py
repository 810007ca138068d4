"""Numbers that tests invent are short, so that a case shows what it is about: +91 98, +1, +914.

The number plan refuses them, and is meant to. For the modules that are named here, which are about prefixes,
times and money, every number can be one: the shipped plan is kept from its file, and none of its arguments
and defaults is touched. What the plan does, at every face, is in `test_number_plan*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialnexa_routing import WORLD, _deck
from dialnexa_routing.numbers.number_plan import _Made

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = frozenset(
    {
        "test_blocks",
        "test_book",
        "test_cli",
        "test_cli_compare",
        "test_cli_explain",
        "test_cli_invoice",
        "test_cli_plans",
        "test_cli_rate",
        "test_cli_reconcile",
        "test_compare",
        "test_drift",
        "test_explain",
        "test_explain_plan",
        "test_fail_closed",
        "test_job",
        "test_job_changes",
        "test_margin",
        "test_plan_properties",
        "test_plans",
        "test_policy_destination",
        "test_screening",
    }
)
_LENGTHS = frozenset(range(15))


def anything() -> _Made:
    """Tables by which every number can be one, and none is an emergency."""
    made = _Made.__new__(_Made)
    made.lengths = {str(first): _LENGTHS for first in range(1, 10)}
    made.emergencies = frozenset()
    mask = sum(1 << length for length in _LENGTHS)
    made.core = _deck.NumberPlan([(code, mask) for code in made.lengths], [])
    return made


@pytest.fixture(scope="module", autouse=True)
def every_number_can_be_one(request: pytest.FixtureRequest) -> Iterator[None]:
    """For modules whose numbers are invented."""
    if request.module.__name__ not in MODULES:
        yield
        return
    kept = WORLD._made
    object.__setattr__(WORLD, "_made", anything())
    try:
        yield
    finally:
        object.__setattr__(WORLD, "_made", kept)
