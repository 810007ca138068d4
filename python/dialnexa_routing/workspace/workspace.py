"""A workspace: its numbers, trunks, agents and switches, checked against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, field_validator, model_validator

from dialnexa_routing.files.document_model import GroupName, Iso, Model, Name
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.text.errors import ConflictError, UnknownNameError
from dialnexa_routing.text.html import card
from dialnexa_routing.workspace.agent import Agent, VersionRef
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Choices
from dialnexa_routing.workspace.sip_trunk import SipTrunk
from dialnexa_routing.workspace.workspace_number import (
    DEFAULT_PROVIDER,
    SIP,
    WorkspaceNumber,
    unselectable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def _sorted_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


class EnabledGroups(Model):
    """The network groups of a provider's country that may be called; all others may not (R15)."""

    provider: Name
    """By the name of its deck."""
    country_iso: Iso
    """As the deck has it; ``ZZ`` for groups whose sheet names no country."""
    network_groups: Annotated[tuple[GroupName, ...], AfterValidator(_sorted_names)]
    """As the deck names them, to the letter; kept sorted, each once."""


class Workspace(Document):
    """What one workspace is allowed and how its calls are placed. A change gives another workspace."""

    id: Name
    """How stores, plans and records name it."""
    name: str = ""
    """For people."""
    provider: Name = DEFAULT_PROVIDER
    """The native provider that Telephony Config shows first (R10, R24)."""
    numbers: tuple[WorkspaceNumber, ...] = ()
    """Its own numbers, from which it calls and at which it is called; each once (R29)."""
    default_number: str | None = None
    """One of `numbers`, which a caller may take where none is named; no decision looks at it."""
    trunks: tuple[SipTrunk, ...] = ()
    """The customer's own trunks, each of one of `numbers` (R28)."""
    agents: tuple[Agent, ...] = ()
    """Who answers and places its calls; ids are distinct (R30-R34)."""
    enabled: tuple[EnabledGroups, ...] = ()
    """Switches that are on; whatever is not listed is off (R15)."""
    sip_enabled: bool = False
    """The switch of SIP/BYOC (R20, R27)."""
    calling_window: CallingWindow | None = None
    """Hours of outbound calls that bring none of their own; None is at any time (R37)."""
    billing_plan: Name | None = None
    """Id of the plan that prices its calls; None leaves rates absent (R26)."""
    choices: Choices = Choices()
    """How the rules that can be read two ways are read, and the limit of live calls."""

    @field_validator("provider")
    @classmethod
    def _can_be_selected(cls, provider: str) -> str:
        if reason := unselectable(provider):
            raise ValueError(reason)
        return provider

    @field_validator("enabled")
    @classmethod
    def _is_in_order(cls, enabled: tuple[EnabledGroups, ...]) -> tuple[EnabledGroups, ...]:
        merged: dict[tuple[str, str], set[str]] = {}
        for one in enabled:
            merged.setdefault((one.provider, one.country_iso), set()).update(one.network_groups)
        return tuple(
            EnabledGroups(provider=provider, country_iso=iso, network_groups=tuple(names))
            for (provider, iso), names in sorted(merged.items())
            if names
        )

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        _once("number", (one.number for one in self.numbers))
        _once("trunk of number", (one.number for one in self.trunks))
        _once("agent", (one.id for one in self.agents))
        own = {one.number for one in self.numbers}
        for trunk in self.trunks:
            if trunk.number not in own:
                raise ValueError(f"there is a trunk for {trunk.number}, which is no number of this workspace")
        if self.default_number is not None and self.default_number not in own:
            raise ValueError(f"the default number {self.default_number} is no number of this workspace")
        for number in self.numbers:
            for slot in (number.inbound_version, number.outbound_version):
                if slot is not None and self.agent(slot.agent) is None:
                    raise ValueError(
                        f"{number.number} has a version of agent {slot.agent!r}, which is not there"
                    )
        return self

    def number(self, number: str) -> WorkspaceNumber | None:
        """The workspace's own number of these digits, with plus."""
        return next((one for one in self.numbers if one.number == number), None)

    def agent(self, agent: str) -> Agent | None:
        """The agent of that id."""
        return next((one for one in self.agents if one.id == agent), None)

    def with_number(self, number: WorkspaceNumber) -> Self:
        """With one more number. Raises `ConflictError` if it is there already (R29)."""
        if self.number(number.number) is not None:
            raise ConflictError(f"{number.number} is registered already (409); remove it first, or change it")
        return self.changed(numbers=(*self.numbers, number))

    def with_trunk(self, trunk: SipTrunk) -> Self:
        """With a number linked by its carrier's trunk (R28). Raises `ConflictError` if it is there (R29)."""
        linked = WorkspaceNumber(
            number=trunk.number, provider=SIP, sip_trunk_enabled=True, nickname=trunk.nickname
        )
        return self.with_number(linked).changed(trunks=(*self.trunks, trunk))

    def with_slots(
        self,
        number: str,
        *,
        inbound: VersionRef | str | None = None,
        outbound: VersionRef | str | None = None,
    ) -> Self:
        """With versions assigned to a number; a slot that is not named keeps what it has (R33)."""
        slots = {"inbound_version": inbound, "outbound_version": outbound}
        given = {name: slot for name, slot in slots.items() if slot is not None}
        if self.number(number) is None:
            raise UnknownNameError(f"{number} is no number of workspace {self.id!r}")
        numbers = tuple(one.changed(**given) if one.number == number else one for one in self.numbers)
        return self.changed(numbers=numbers)

    def _repr_html_(self) -> str:
        on = sum(len(one.network_groups) for one in self.enabled)
        countries = sorted({one.country_iso for one in self.enabled})
        facts = [
            ("provider", self.provider),
            ("numbers", ", ".join(one.number for one in self.numbers) or "none"),
            ("agents", ", ".join(one.id for one in self.agents) or "none"),
            ("switched on", f"{on} network groups of {', '.join(countries) or 'no country'}"),
            ("SIP/BYOC", "on" if self.sip_enabled else "off"),
            ("billing plan", self.billing_plan or "none"),
        ]
        return card(f"workspace {self.name or self.id}", facts, then="Telephony(workspace, decks)")


def _once(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"the {what} {name} is there twice; leave one of them out (R29)")
        seen.add(name)
