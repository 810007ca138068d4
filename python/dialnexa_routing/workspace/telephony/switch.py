"""The switches of a workspace, one for each network group; only those that are on are kept (R15, R23)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.workspace import EnabledGroups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.workspace.workspace import Workspace


class Switch(NamedTuple):
    """What one switch is for; `country_iso` is ``ZZ`` for groups whose sheet names no country."""

    provider: str
    country_iso: str
    network_group: str


def switched_on(workspace: Workspace) -> frozenset[Switch]:
    """The switches that are on."""
    return frozenset(
        Switch(one.provider, one.country_iso, name)
        for one in workspace.enabled
        for name in one.network_groups
    )


def with_switches(workspace: Workspace, on: Iterable[Switch]) -> Workspace:
    """The workspace with exactly these switches on."""
    names: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for switch in on:
        names[switch.provider, switch.country_iso].append(switch.network_group)
    enabled = tuple(
        EnabledGroups(provider=provider, country_iso=iso, network_groups=tuple(groups))
        for (provider, iso), groups in names.items()
    )
    return workspace.changed(enabled=enabled)


def of_group(switches: Iterable[Switch], name: str) -> frozenset[Switch]:
    """The one switch of a group among those of a provider, or of one country of it.

    Raises:
        UnknownNameError: there is none, with the nearest names; or several countries have one.
    """
    among = frozenset(switches)
    found = frozenset(switch for switch in among if switch.network_group == name)
    if not found:
        near = nearest(name, {switch.network_group for switch in among})
        raise UnknownNameError(f"there is no network group {name!r}{near}")
    if len(found) > 1:
        countries = ", ".join(sorted(switch.country_iso for switch in found))
        raise UnknownNameError(f"network group {name!r} is one of {countries}; name the country too")
    return found
