"""What leading digits say of numbers: never a refusal, and as phonenumbers says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialnexa_routing.numbers import number_series as series
from dialnexa_routing.numbers.countries import COUNTRIES
from test_number_plan import maker, needs_same_version, patterns
from world import world_sheet

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["maker", "patterns"]  # fixtures


@needs_same_version
def test_examples_begin_numbers_digit_by_digit_and_go_no_further(maker: ModuleType) -> None:
    for code, regions in maker.CALLING_CODES.items():
        for region in regions:
            for kind in maker.KINDS:
                described = getattr(maker.plan(region, code), kind)
                number = f"{code}{described.example_number}" if described and described.example_number else ""
                if len(number) <= 15:
                    assert all(series.begins_numbers(number[:end]) for end in range(len(number) + 1))
                assert not series.begins_numbers((number or "1") + "0" * 15)


@needs_same_version
@pytest.mark.parametrize("code", [1, 44, 229, 245, 870, 882, 979])
def test_what_begins_no_number_is_exact_by_the_patterns(
    maker: ModuleType, patterns: ModuleType, code: int
) -> None:
    at = {str(code): patterns.state(*maker.patterns(code))}
    for _ in range(3):
        at = {
            begun + digit: patterns.step(state, digit)
            for begun, state in at.items()
            for digit in "0123456789"
        }
        assert all(series.begins_numbers(begun) == bool(state) for begun, state in at.items())


def test_dead_prefixes_of_the_sheet_of_the_world() -> None:
    prefixes = world_sheet().compile(keep_redundant=True).prefixes()
    dead = {prefix for prefix in prefixes if not series.begins_numbers(prefix)}
    assert sum(prefix.startswith("2453") for prefix in dead) == 24
    assert len(dead) == 29


@pytest.mark.parametrize(
    ("digits", "region"),
    [
        ("919812345678", "IN"),
        ("1", "US"),
        ("12125550100", "US"),
        ("18765550100", "JM"),
        ("14165550100", "CA"),
        ("77012345678", "KZ"),
        ("79012345678", "RU"),
        ("3906698", "VA"),
        ("390612345678", "IT"),
        ("447700900123", "GB"),
        ("262639012345", "YT"),
        ("262692123456", "RE"),
        ("212528812345", "EH"),
        ("37744123456", "MC"),
        ("8816", None),
        ("99", None),
        ("", None),
    ],
)
def test_regions_of_shared_codes(digits: str, region: str | None) -> None:
    assert series.region_of(digits) == region


@needs_same_version
def test_regions_are_those_of_phonenumbers(maker: ModuleType) -> None:
    for prefix, (region, _) in maker.roots().items():
        assert series.region_of(prefix) == (None if region == maker.WORLD else region)


@pytest.mark.parametrize(
    ("digits", "kind", "owner"),
    [
        ("8821612345678", "satellite", "Thuraya"),
        ("870773111632", "satellite", "Inmarsat"),
        ("881612345678", "satellite", "Iridium"),
        ("881812345678", "satellite", "Globalstar"),
        ("979123456789", "premium", "-"),
        ("19002345678", "premium", "US"),
        ("4491234567", "premium", "GB"),
        ("919812345678", None, None),
        ("882", None, None),
    ],
)
def test_dear_series(digits: str, kind: str | None, owner: str | None) -> None:
    found = series.series_of(digits)
    assert (found and found.kind, found and found.owner) == (kind, owner)


@needs_same_version
def test_under_a_premium_series_is_no_other_number(maker: ModuleType, patterns: ModuleType) -> None:
    others = [kind for kind in maker.KINDS if kind != maker.PREMIUM]
    for one in series.all_series():
        assert series.begins_numbers(one.prefix)
        if one.kind == "premium":
            code = next(code for code in maker.CALLING_CODES if one.prefix.startswith(str(code)))
            state = patterns.state(*maker.patterns(code, others))
            for digit in one.prefix.removeprefix(str(code)):
                state = patterns.step(state, digit)
            assert not state


@pytest.mark.parametrize(
    ("digits", "prefix"),
    [
        ("22997123456", "229"),
        ("2290197123456", None),
        ("5215512345678", "521"),
        ("37744123456", "37744"),
        ("38343123456", None),
        ("2348012345678", None),
        ("23412345678", "234"),
        ("919812345678", None),
    ],
)
def test_renumberings(digits: str, prefix: str | None) -> None:
    found = series.renumbered(digits)
    assert (found and found.prefix) == prefix


def test_every_renumbering_says_who_says_so() -> None:
    for one in series.renumberings():
        assert one.source
        assert one.what
        assert one.since is None or one.until is None or one.since < one.until


@needs_same_version
@pytest.mark.parametrize("code", [7, 39, 47, 262, 358, 599])
def test_regions_of_shared_codes_are_those_whose_patterns_go_on(
    maker: ModuleType, patterns: ModuleType, code: int
) -> None:
    states = {
        region: {str(code): patterns.state(*maker._patterns_of(region, code))}
        for region in maker.CALLING_CODES[code]
    }
    for _ in range(3):
        for region, at in states.items():
            states[region] = {
                begun + digit: after
                for begun, state in at.items()
                for digit in "0123456789"
                if (after := patterns.step(state, digit))
            }
        for begun in {begun for at in states.values() for begun in at}:
            assert series.regions_of(begun) == {region for region, at in states.items() if begun in at}


@pytest.mark.parametrize("digits", ["1", "7", "3", "44", "2", "88", "999"])
def test_regions_of_less_than_a_code_are_those_of_all_codes_that_begin_so(digits: str) -> None:
    every = {country.iso for country in COUNTRIES.values() if country.calling_code.startswith(digits)}
    assert series.regions_of(digits) == every | ({"VA"} if digits == "3" else set())
