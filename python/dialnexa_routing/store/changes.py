"""What differs between two documents, in words: ``enabled[plivo/IN]: +India - Mobile``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialnexa_routing.files.model_files import Document

_KEYS = {
    "numbers": ("number",),
    "trunks": ("number",),
    "agents": ("id",),
    "versions": ("version",),
    "enabled": ("provider", "country_iso"),
    "prices": ("country_iso", "network_group"),
}
"""By what the entries of a list are kept apart; lists that are not here are of names."""


def changes(before: Document, after: Document) -> list[str]:
    """One line for each place that differs; of secrets only that they differ."""
    return list(_between("", before.model_dump(), after.model_dump()))


def _between(path: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) or isinstance(new, dict):
        old, new = old or {}, new or {}
        for name in dict.fromkeys([*old, *new]):
            place = f"{path}.{name}" if path else name
            entries = _entries if name in _KEYS else _between
            yield from entries(place, old.get(name), new.get(name))
    elif isinstance(old, tuple) or isinstance(new, tuple):
        was, now = set(old or ()), set(new or ())
        signs = [f"+{name}" for name in sorted(now - was)] + [f"-{name}" for name in sorted(was - now)]
        if signs:
            yield f"{path}: {', '.join(signs)}"
    elif isinstance(old, SecretStr) or isinstance(new, SecretStr):
        yield f"{path}: changed"
    else:
        yield f"{path}: {_shown(old)} → {_shown(new)}"


def _entries(path: str, old: Any, new: Any) -> Iterator[str]:
    keys = _KEYS[path.rpartition(".")[2]]
    was, now = _keyed(old, keys), _keyed(new, keys)
    for key in dict.fromkeys([*was, *now]):
        before, after, place = was.get(key), now.get(key), f"{path}[{key}]"
        if before is None and isinstance(after, dict):
            yield f"{place}: added"
        elif after is None and isinstance(before, dict):
            yield f"{place}: removed"
        else:
            yield from _between(place, before, after)


def _keyed(entries: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """The rest of each entry by its key; a rest of one field is the value of that field."""
    keyed = {}
    for entry in entries or ():
        rest = {name: value for name, value in entry.items() if name not in keys}
        key = "/".join(str(entry[name]) for name in keys)
        keyed[key] = rest if len(rest) > 1 else next(iter(rest.values()))
    return keyed


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)[:80]
