"""Prices of telephony as a plan states them: by prefix, group and country, or the deck's (R46-R48)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from dialnexa_routing.files.document_model import GroupName, Iso, Model
from dialnexa_routing.money.amount_field import Rupees, exact_amount

if TYPE_CHECKING:
    from collections.abc import Iterable


class GroupPrice(Model):
    """INR per minute of one network group; None is no price, which is not zero (R47)."""

    country_iso: Iso
    """As the deck has it; ``ZZ`` for groups whose sheet names no country."""
    network_group: GroupName
    """As the deck names it, to the letter."""
    outbound: Rupees | None = None
    """For calls that go out to it."""
    inbound: Rupees | None = None
    """For calls that come in at a number of it."""


class CountryPrice(Model):
    """INR per minute of all network groups of a country that have no price of their own; None is no price."""

    country_iso: Iso
    """Of the network group, as the deck has it (R18)."""
    outbound: Rupees | None = None
    """For calls that go out to it."""
    inbound: Rupees | None = None
    """For calls that come in at a number of it."""


class PrefixPrice(Model):
    """INR per minute of numbers that begin with some digits, whatever their group; None is no price.

    The deck still decides whether a number can be called, and of which group it is.
    """

    prefix: Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,14}$")]
    """Digits without plus."""
    outbound: Rupees | None = None
    """For calls that go out to them."""
    inbound: Rupees | None = None
    """For calls that come in at one of them."""


class DeckPrices(Model):
    """The deck's own rate per minute with a markup: exact, then rounded half-up once to nine places (R48).

    Only rates are sold on: connect fees, increments and bounds of the carrier are what it costs us, not
    what the plan charges.
    """

    kind: Literal["deck_prices"] = "deck_prices"
    """Which kind of prices this is, as a document writes it."""
    markup_percent: Annotated[
        Decimal, BeforeValidator(exact_amount), Field(ge=-100, le=10_000, decimal_places=9)
    ] = Decimal(0)
    """Added to the deck's rate: 20 sells at 1.2 times of it, -100 for nothing."""

    @property
    def factor(self) -> Fraction:
        """What a rate is multiplied by."""
        return 1 + Fraction(self.markup_percent) / 100


class PriceList(Model):
    """Prices by direction, named one by one, and what holds for the rest.

    The first of these that has a price for the direction counts: the longest of `prefixes` that begins
    the number and has one, the network group among `prices`, its country among `countries`, `fallback`.
    Without any the call is ``rate_missing`` (R47).
    """

    kind: Literal["price_list"] = "price_list"
    """Which kind of prices this is, as a document writes it."""
    prices: tuple[GroupPrice, ...]
    """By network group, in any order, each once."""
    countries: tuple[CountryPrice, ...] = ()
    """By country, in any order, each once."""
    prefixes: tuple[PrefixPrice, ...] = ()
    """By the first digits of the number, in any order, each once."""
    fallback: DeckPrices | None = None
    """For what the list does not price; None refuses it."""

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        _once((one.country_iso, repr(one.network_group)) for one in self.prices)
        _once(("the country", one.country_iso) for one in self.countries)
        _once(("the prefix", one.prefix) for one in self.prefixes)
        return self

    @property
    def is_by_group(self) -> bool:
        """Whether it prices network groups alone, as the core's own lists do."""
        return not self.prefixes and self.fallback is None


def fallback_of(telephony: PriceList | DeckPrices | None) -> DeckPrices | None:
    """What holds for what a list does not price."""
    return telephony.fallback if isinstance(telephony, PriceList) else None


def _once(named: Iterable[tuple[str, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for name in named:
        if name in seen:
            raise ValueError(f"{' '.join(name)} has two prices; leave one")
        seen.add(name)
