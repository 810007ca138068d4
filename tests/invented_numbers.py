"""Numbers that tests invent are short, so that a case shows what it is about: +91 98, +1, +914.

The number plan refuses them, and is meant to. For the modules that are named here, which are about prefixes,
times and money, every number can be one: their plan is read from two other sections than the file's, and
no argument or default is touched. What the plan does, at every face, is in `test_number_plan*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialnexa_routing import WORLD
from dialnexa_routing.money import charge
from dialnexa_routing.numbers import number_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = frozenset(
    {
        "test_adding_up",
        "test_allowances",
        "test_bad_input",
        "test_bills",
        "test_blocks",
        "test_book",
        "test_cgrates",
        "test_cli",
        "test_cli_compare",
        "test_cli_explain",
        "test_cli_invoice",
        "test_cli_plans",
        "test_cli_rate",
        "test_cli_reconcile",
        "test_cli_reprice",
        "test_compare",
        "test_diff_told",
        "test_drift",
        "test_explain",
        "test_explain_plan",
        "test_fail_closed",
        "test_guarded_csv",
        "test_job",
        "test_job_changes",
        "test_longest_call",
        "test_margin",
        "test_plan_properties",
        "test_plans",
        "test_plans_sold",
        "test_policy_destination",
        "test_rate_card",
        "test_rated_sums",
        "test_rating_cases",
        "test_rating_properties",
        "test_reconcile",
        "test_reconcile_abroad",
        "test_reconcile_properties",
        "test_reconcile_records",
        "test_record_clock",
        "test_reprice",
        "test_reprice_plans",
        "test_router_machine",
        "test_routing_cases",
        "test_schedules",
        "test_screening",
        "test_sheet_sentences",
        "test_traffic",
        "test_stored_row",
    }
)
_SECTIONS = {"lengths": [f"{first} 0-14" for first in range(1, 10)], "emergency": []}


@pytest.fixture(scope="module", autouse=True)
def every_number_can_be_one(request: pytest.FixtureRequest) -> Iterator[None]:
    """For modules whose numbers are invented."""
    if request.module.__name__ not in MODULES:
        yield
        return
    made = WORLD._made
    object.__setattr__(WORLD, "_made", None)
    charge._world.cache_clear()  # single calls keep it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(number_plan, "section", _SECTIONS.__getitem__)
        yield
    object.__setattr__(WORLD, "_made", made)
    charge._world.cache_clear()
