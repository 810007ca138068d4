"""What a job rates with, as plain data that can be compared with what it rated with before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing._deck import __version__
from dialnexa_routing.job.manifest import digest_of
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.numbers.number_plan import NumberPlan
from dialnexa_routing.records.formats.call_format import CallFormat
from dialnexa_routing.records.rating_options import asked
from dialnexa_routing.records.record_times import known_zone

if TYPE_CHECKING:
    from dialnexa_routing.deck.rates import Rates

_PLANS = ("plan", "plans", "workspaces")


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for `records.rate`, with its defaults.

    Raises:
        TypeError: it takes no such argument, or would ignore it.
        RecordError: the time zone is not known.
    """
    found = asked(given)
    known_zone(found.timezone)
    if found.fields is not None:
        raise TypeError("a job counts by all columns that rating adds; leave fields out")
    rating = found.plain()
    if not found.is_by_plan:
        rating["semantics"] = Semantics.of(found.semantics)
    for name in _PLANS:
        value = rating.get(name)
        if isinstance(value, Iterator):
            rating[name] = tuple(value)  # asked for once a file
    return rating


def settings(
    deck: Rates, rating: Mapping[str, Any], output_format: str, calls: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All that the bytes of the output depend on, besides the inputs.

    Plans and workspaces are there as digests, by id; the versions, because another one may count or
    write otherwise.
    """
    plain = {name: _plain(value) for name, value in rating.items() if value is not None}
    versions = {"dialnexa_routing": __version__, "polars": pl.__version__}
    made = {"deck": deck.digest, "format": str(output_format), "rating": plain, "versions": versions}
    # What describes how a system writes (a reading of numbers, a format of one's own) states so as text.
    return made if calls is None else made | {"calls": {name: _said(calls[name]) for name in sorted(calls)}}


def _said(value: Any) -> str:
    """An argument as text that another run states as well: a format by its name, for it holds functions."""
    return value.name if isinstance(value, CallFormat) else repr(value)


def changes(before: Mapping[str, Any], now: Mapping[str, Any], where: str = "") -> list[str]:
    """What two settings differ in, each as a few words."""
    told = []
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            told += changes(old, new, f"{where}{name}.")
        elif old != new:
            told.append(f"{where}{name} was {_short(old)} and is {_short(new)}")
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Semantics):
        return value.model_dump(mode="json")
    if isinstance(value, NumberPlan):
        return repr(value)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in sorted(value.items())}
    if hasattr(value, "stated"):  # a plan
        return digest_of(value.stated)
    if hasattr(value, "to_dict"):  # a workspace
        return digest_of(value.to_dict())
    if hasattr(value, "versions") and hasattr(value, "workspaces"):  # a book of plans
        return {"plans": _plain(value.versions), "workspaces": _plain(value.workspaces)}
    if isinstance(value, Iterable):
        found: dict[str, Any] = {}
        for one in value:
            found.setdefault(str(one.id), []).append(_plain(one))
        # Of a plan with versions there are several; their order states nothing.
        return {id_: of_id[0] if len(of_id) == 1 else sorted(of_id) for id_, of_id in sorted(found.items())}
    raise TypeError(f"{type(value).__name__} is nothing that rating takes")


def _short(value: Any) -> str:
    if value is None:
        return "not set"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:16]}…"
