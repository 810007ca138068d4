"""Agents and their versions: what a call is answered or placed by (R30-R34)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_serializer, model_validator

from dialnexa_routing.files.document_model import Model, Name
from dialnexa_routing.money.call_words import AgentKind

_REF = re.compile(r"(.+)@([1-9][0-9]{0,8})", re.DOTALL)

VersionNumber = Annotated[int, Field(ge=1, lt=1_000_000_000, strict=True)]


class VersionStatus(StrEnum):
    """Whether calls may reach it."""

    DRAFT = "draft"
    PUBLISHED = "published"


class VersionRef(Model):
    """One version of one agent, written ``agent@version``.

    >>> VersionRef.model_validate("sales@3")
    VersionRef(agent='sales', version=3)
    """

    agent: Name
    """Id of the agent."""
    version: VersionNumber
    """Which of its versions."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = _REF.fullmatch(value)
            if not found:
                raise ValueError("a version is written as agent@version, as sales@3")
            return {"agent": found[1], "version": int(found[2])}
        return value

    @model_serializer
    def _to_text(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.agent}@{self.version}"


class AgentVersion(Model):
    """A numbered state of an agent; once published it no longer changes."""

    version: VersionNumber
    """Its number, from 1; no two versions of an agent have one."""
    status: VersionStatus = VersionStatus.DRAFT
    """Only a published version takes calls (R30, R31)."""


class Agent(Model):
    """An agent of a workspace."""

    id: Name
    """How numbers, calls and plans name it; once in a workspace."""
    kind: AgentKind = AgentKind.CASCADED
    """Which components a call of it is charged for (R45)."""
    versions: tuple[AgentVersion, ...] = ()
    """All of them, drafts too."""
    timezone: Name | None = None
    """Zone of calling windows that name none (R37), as ``Asia/Kolkata``; None is the destination's."""
    max_call_s: Annotated[int, Field(ge=60, le=5400, strict=True)] = 600
    """Seconds of the longest call it allows, which `BalanceNeed.WHOLE_CALL` pays for."""

    @model_validator(mode="after")
    def _versions_are_distinct(self) -> Self:
        seen: set[int] = set()
        for one in self.versions:
            if one.version in seen:
                raise ValueError(f"agent {self.id!r} has version {one.version} twice; number them apart")
            seen.add(one.version)
        return self

    def version(self, number: int) -> AgentVersion | None:
        """The version of that number, if there is one."""
        return next((one for one in self.versions if one.version == number), None)

    @property
    def latest_published(self) -> AgentVersion | None:
        """The published version of the highest number (R31)."""
        published = [one for one in self.versions if one.status is VersionStatus.PUBLISHED]
        return max(published, key=lambda one: one.version, default=None)
