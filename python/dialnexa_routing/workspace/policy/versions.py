"""Agent versions of a workspace, to be found without a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.workspace.agent import VersionRef, VersionStatus

if TYPE_CHECKING:
    from dialnexa_routing.workspace.agent import Agent
    from dialnexa_routing.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an agent, and the number that places its calls where none is named (R32)."""

    ref: VersionRef
    agent: Agent
    is_published: bool
    number: str | None


class Versions:
    """All versions of all agents of a workspace."""

    __slots__ = ("_every", "_latest")

    def __init__(self, workspace: Workspace) -> None:
        attached: dict[tuple[str, int], str] = {}
        for number in workspace.numbers:
            if (slot := number.outbound_version) is not None:
                attached.setdefault((slot.agent, slot.version), number.number)
        self._every = {
            (agent.id, one.version): Version(
                VersionRef(agent=agent.id, version=one.version),
                agent,
                one.status is VersionStatus.PUBLISHED,
                attached.get((agent.id, one.version)),
            )
            for agent in workspace.agents
            for one in agent.versions
        }
        self._latest = {
            agent.id: None if (latest := agent.latest_published) is None else latest.version
            for agent in workspace.agents
        }

    def has(self, agent: str) -> bool:
        """Whether there is an agent of that id."""
        return agent in self._latest

    def latest(self, agent: str) -> int | None:
        """The highest published version of an agent that is there (R31)."""
        return self._latest[agent]

    def get(self, agent: str, number: int) -> Version | None:
        """The version of that number."""
        return self._every.get((agent, number))
