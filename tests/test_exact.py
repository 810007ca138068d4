"""The exact room beside fractions, whatever decimal context the caller has (R48)."""

from __future__ import annotations

import decimal
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import BillingPlan, MoneyError, Semantics
from dialnexa_routing.billing.tax import Supply, TaxRounding, gst, taxed
from dialnexa_routing.deck.exact_columns import exactly, half_up, least_places, nano_series, scaled
from dialnexa_routing.money import exact
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.charge import fit, whole_ticks
from dialnexa_routing.money.exact import Rounding
from dialnexa_routing.money.presets import Preset, meanings
from dialnexa_routing.plans.pricing import charge_of, lines, marked_up
from dialnexa_routing.sheets.study.study_tables import cell

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDINGS = [
    decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_UP, decimal.ROUND_DOWN,
    decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_HALF_EVEN, decimal.ROUND_05UP,
]  # fmt: skip
SIGNALS = [
    decimal.Inexact, decimal.Rounded, decimal.Subnormal, decimal.Clamped, decimal.FloatOperation,
    decimal.InvalidOperation, decimal.Overflow, decimal.Underflow, decimal.DivisionByZero,
]  # fmt: skip
CONTEXTS = st.builds(
    decimal.Context,
    prec=st.integers(1, 60),
    rounding=st.sampled_from(ROUNDINGS),
    Emin=st.integers(-30, 0),
    Emax=st.integers(0, 30),
    capitals=st.sampled_from([0, 1]),
    clamp=st.sampled_from([0, 1]),
    flags=st.just([]),
    traps=st.lists(st.sampled_from(SIGNALS), unique=True),
)
"""What a caller may have set before it calls."""

AMOUNTS = st.builds(
    lambda whole, places: Decimal(f"{whole}E{-places}"),
    st.one_of(st.integers(-(10**6), 10**6), st.integers(-(10**60), 10**60)),
    st.integers(-3, 40),
)
PLACES = st.integers(0, 9)
TWICE: dict[Rounding, Callable[[Fraction], int]] = {
    Rounding.HALF_UP: lambda size: floor(size + Fraction(1, 2)),
    Rounding.HALF_EVEN: round,
    Rounding.UP: ceil,
    Rounding.DOWN: floor,
}


def naive(amount: Fraction, places: int, way: Rounding) -> Fraction:
    """An amount rounded by its size, with its sign again."""
    size = Fraction(TWICE[way](abs(amount) * 10**places), 10**places)
    return -size if amount < 0 else size


@given(CONTEXTS, st.one_of(AMOUNTS, st.fractions()), PLACES, st.sampled_from(Rounding))
def test_r48_an_amount_is_rounded_by_its_size(
    context: decimal.Context, amount: Decimal | Fraction, places: int, way: Rounding
) -> None:
    with localcontext(context):
        found = exact.rounded(amount, places, way)
        mirrored = exact.rounded(-Fraction(amount), places, way)
        assert exact.text_of(exact.units(amount, places, way), places) == f"{found:f}"
    assert Fraction(found) == naive(Fraction(amount), places, way) == -Fraction(mirrored)
    assert exact.places_of(found) == places


@given(CONTEXTS, st.lists(AMOUNTS, max_size=8), PLACES)
def test_r48_sums_are_exact(context: decimal.Context, amounts: list[Decimal], places: int) -> None:
    with localcontext(context):
        found = exact.total(amounts, places)
        turned = exact.total(reversed(amounts), places)
    assert Fraction(found) == Fraction(turned) == sum(map(Fraction, amounts), Fraction(0))
    assert exact.places_of(found) == max([places, *map(exact.places_of, amounts)])


@given(CONTEXTS, AMOUNTS, AMOUNTS)
def test_r48_two_amounts_are_exact(context: decimal.Context, one: Decimal, other: Decimal) -> None:
    with localcontext(context):
        found = (exact.plus(one, other), exact.minus(one, other), exact.times(one, other))
        share = exact.percent(one, other)
        text, near = exact.plain(one), exact.exact_text(Fraction(one))
    left, right = Fraction(one), Fraction(other)
    assert tuple(map(Fraction, found)) == (left + right, left - right, left * right)
    assert share == left * right / 100
    assert Fraction(text) == left == Fraction(near)
    assert not ("." in text and text.endswith("0"))


@given(CONTEXTS, AMOUNTS, st.integers(0, 45))
def test_r48_digits_behind_the_last_place_are_seen(
    context: decimal.Context, amount: Decimal, places: int
) -> None:
    with localcontext(context):
        assert exact.fits(amount, places) is ((Fraction(amount) * 10**places).denominator == 1)


HUGE = ["1E+999999999", "-1E+999999999", "1E-999999999", "-1E-999999999"]


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", *HUGE, "9" * 1001])
def test_r48_what_is_no_amount_is_refused_at_once(text: str) -> None:
    amount = Decimal(text)
    for operation in (
        lambda: exact.rounded(amount),
        lambda: exact.total([Decimal(1), amount]),
        lambda: exact.times(amount, amount),
        lambda: exact.percent(amount, Decimal(18)),
        lambda: exact.plain(amount),
        lambda: gst(amount, supply=Supply.INTRA_STATE),
    ):
        with pytest.raises(MoneyError, match="no number, or one of more than 1000 digits"):
            operation()


def test_an_amount_of_more_digits_than_any_is_refused() -> None:
    with pytest.raises(MoneyError, match="1000 digits"):
        exact.rounded(10**5000)
    with pytest.raises(ValueError, match="'sideways'; it is one of half_up"):
        exact.nearest(1, 2, "sideways")  # type: ignore[arg-type]


@given(CONTEXTS, AMOUNTS)
def test_r48_nano_rupees_are_whole_or_refused(context: decimal.Context, amount: Decimal) -> None:
    with localcontext(context):
        if exact.fits(amount):
            assert exact.nano(amount) == Fraction(amount) * 10**9
        else:
            with pytest.raises(MoneyError, match="no amount of nine places"):
                exact.nano(amount)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", *HUGE])
def test_what_is_no_amount_has_no_nano_rupees(text: str) -> None:
    with pytest.raises(MoneyError, match="no amount of nine places"):
        exact.nano(Decimal(text))


@pytest.mark.parametrize("text", [*HUGE, "0E+999999"])
def test_seconds_of_any_size_are_counted_or_too_many(text: str) -> None:
    ticks, per_second = whole_ticks(Decimal(text))
    assert ticks is not None
    assert per_second == 10**9
    # What is far below zero is as far as the core counts, and negative: it has that reason.
    assert fit(ticks) is (text != "1E+999999999")
    assert (ticks < 0) is text.startswith("-")


@given(CONTEXTS, AMOUNTS, st.decimals("0", "100", places=3), st.sampled_from(Supply), st.none() | PLACES)
def test_r52_a_credit_is_the_mirror_image_of_its_charge(
    context: decimal.Context, net: Decimal, percent: Decimal, supply: Supply, places: int | None
) -> None:
    with localcontext(context):
        charge = gst(net, supply=supply, percent=percent, tax_decimals=places)
        credit = gst(net.copy_negate(), supply=supply, percent=percent, tax_decimals=places)
    assert [-Fraction(line.amount) for line in charge.lines] == [
        Fraction(line.amount) for line in credit.lines
    ]
    assert (-Fraction(charge.net), -Fraction(charge.gross)) == (Fraction(credit.net), Fraction(credit.gross))
    assert Fraction(charge.net) == Fraction(net)
    heads = [Fraction(line.amount) for line in charge.lines]
    assert Fraction(charge.gross) == Fraction(net) + sum(heads)
    finest = max(2, exact.places_of(net)) if places is None else places
    share = Fraction(net) * Fraction(percent) / 100 / len(heads)
    assert set(heads) == {naive(share, finest, Rounding.HALF_UP)}


@given(
    CONTEXTS,
    st.one_of(AMOUNTS, st.fractions(-(10**9), 10**9)),
    st.lists(st.decimals("0", "60", places=2), min_size=1, max_size=3),
    st.sampled_from(Rounding),
    st.none() | PLACES,
    st.none() | PLACES,
    st.sampled_from(TaxRounding),
)
def test_r52_total_and_heads_add_up_whatever_is_asked(
    context: decimal.Context,
    net: Decimal | Fraction,
    rates: list[Decimal],
    way: Rounding,
    decimals: int | None,
    tax_decimals: int | None,
    round_at: TaxRounding,
) -> None:
    heads = {f"head {at}": rate for at, rate in enumerate(rates)}
    how: Any = {"rounding": way, "decimals": decimals, "tax_decimals": tax_decimals, "round_at": round_at}
    with localcontext(context):
        found = taxed(net, heads, **how)
        mirrored = taxed(-Fraction(net) if isinstance(net, Fraction) else net.copy_negate(), heads, **how)
    amounts = [Fraction(line.amount) for line in found.lines]
    assert Fraction(found.net) + sum(amounts) == Fraction(found.gross) == -Fraction(mirrored.gross)
    places = exact.places_of(found.net) if tax_decimals is None else tax_decimals
    assert all((amount * 10**places).denominator == 1 for amount in amounts)
    whole = Fraction(net) * (1 + sum(map(Fraction, rates), Fraction(0)) / 100)
    if round_at is TaxRounding.ONCE and exact.fits(found.net, places):
        assert Fraction(found.gross) == naive(whole, places, way)
    elif round_at is TaxRounding.ONCE:
        assert sum(amounts) == naive(whole - Fraction(found.net), places, way)


def test_r52_both_halves_of_a_credit_are_rounded_as_those_of_a_charge() -> None:
    charge, credit = (gst(Decimal(net), supply=Supply.INTRA_STATE) for net in ("100.50", "-100.50"))
    assert (charge.gross, credit.gross) == (Decimal("118.60"), Decimal("-118.60"))


def test_r52_tax_is_exact_whatever_the_context_and_the_digits() -> None:
    with localcontext(prec=6):
        assert gst(Decimal("1234567.89"), supply=Supply.INTER_STATE).gross == Decimal("1456790.11")
    long = Decimal("12345678901234567890123456789012345.67")
    assert gst(long, supply=Supply.INTER_STATE).gross == Decimal("14567901103456790110345679011034567.89")


def test_r52_heads_may_be_whole_rupees() -> None:
    found = gst(Decimal("1234.55"), supply=Supply.INTRA_STATE, tax_decimals=0)
    assert (found.net, found.gross) == (Decimal("1234.55"), Decimal("1456.55"))
    assert [line.amount for line in found.lines] == [Decimal(111), Decimal(111)]
    with pytest.raises(ValueError, match="tax_decimals is 10; it is 0 to 9"):
        gst(Decimal(1), supply=Supply.INTRA_STATE, tax_decimals=10)
    with pytest.raises(ValueError, match="decimals is True; it is 0 to 9"):
        taxed(Decimal(1), {"VAT": "5"}, decimals=True)


@pytest.mark.parametrize("rate", ["١٨", "1_8", "1e1", "", "--1", None])
def test_r52_a_rate_of_tax_is_written_in_digits(rate: object) -> None:
    with pytest.raises(MoneyError, match="rate of tax"):
        gst(Decimal(1), supply=Supply.INTER_STATE, percent=rate)  # type: ignore[arg-type]


NANO = st.integers(-(10**17), 10**17)


@given(CONTEXTS, st.lists(st.tuples(NANO, st.integers(1, 10**17)), min_size=1, max_size=6), PLACES)
def test_r48_columns_round_as_one_amount_does(
    context: decimal.Context, ratios: list[tuple[int, int]], places: int
) -> None:
    frame = pl.DataFrame(ratios, schema={"part": pl.Int128, "whole": pl.Int128}, orient="row")
    with localcontext(context):
        found = frame.select(scaled(half_up(pl.col("part"), pl.col("whole")), places)).to_series().to_list()
    assert [Fraction(one) for one in found] == [
        Fraction(exact.nearest(part, whole), 10**places) for part, whole in ratios
    ]


@given(CONTEXTS, st.lists(st.none() | st.integers(0, 10**18 - 1), max_size=6))
def test_r48_nano_rupees_are_columns_and_back(context: decimal.Context, nano: list[int | None]) -> None:
    with localcontext(context):
        column = nano_series(nano)
        again = [None if one is None else exact.units(one) for one in column]
    assert column.to_physical().to_list() == again == nano


@given(st.lists(st.none() | st.tuples(st.integers(-(10**20), 10**20), st.integers(0, 12)), max_size=6))
def test_the_fewest_places_lose_no_digit(amounts: list[tuple[int, int] | None]) -> None:
    column = pl.Series(
        [None if one is None else Decimal(f"{one[0]}E-{one[1]}") for one in amounts], dtype=pl.Decimal(38, 12)
    )
    least = least_places(column)
    fitting = [
        places for places in range(2, 10) if all(exact.fits(one, places) for one in column.drop_nulls())
    ]
    assert least == (fitting[0] if fitting else None)
    if least is not None:
        assert exactly(column, pl.Decimal(38, least)).to_list() == column.to_list()


@given(CONTEXTS, AMOUNTS)
def test_people_read_all_digits(context: decimal.Context, amount: Decimal) -> None:
    with localcontext(context):
        assert Fraction(cell(amount)) == Fraction(amount)


@pytest.mark.parametrize("name", list(Preset))
def test_r53_a_preset_is_written_in_words_that_are_read(name: Preset) -> None:
    words = meanings(name)
    assert all(type(value) in (str, int) for value in words.values())
    chosen = Semantics.preset(name)
    assert {field: str(getattr(chosen, field)) for field in words} == {
        field: str(value) for field, value in words.items()
    }


@given(CONTEXTS, st.integers(0, 10**12), st.integers(1, 10**6), st.integers(0, 10**6))
def test_r46_a_plan_prices_alike_whatever_the_context(
    context: decimal.Context, nano: int, unit: int, percent: int
) -> None:
    factor = 1 + Fraction(percent, 100)
    with localcontext(context):
        plan = BillingPlan(
            id="x", stt=exact.text_of(nano), llm=exact.amount_of(nano), pulse="1/1", decimals=9
        )
        price = marked_up(exact.amount_of(nano), unit, factor)
        found = lines(plan, AgentKind.CASCADED, unit, None)
        total = charge_of(plan, sum((one.exact for one in found), Fraction(0)))
    assert plan.stt == plan.llm == exact.amount_of(nano)
    assert Fraction(price) == naive(Fraction(nano, 10**9) * 60 / unit * factor, 9, Rounding.HALF_UP)
    assert Fraction(total) == naive(Fraction(2 * nano * unit, 60 * 10**9), 9, Rounding.HALF_UP)
