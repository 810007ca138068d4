"""Whatever is done to a store, it is a list of versions for each id, and a set of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from dialnexa_routing.store import ConfigStore, StaleVersionError
from dialnexa_routing.text.errors import ConflictError, UnknownNameError
from stores import day
from workspace_strategies import workspaces

if TYPE_CHECKING:
    from dialnexa_routing.workspace.workspace import Workspace

IDS = st.sampled_from(["a", "b", "c"])
# Few numbers, so that workspaces want the same ones.
POOL = st.sampled_from(["+1", "+12", "+44", "+91"])
WORKSPACES = workspaces(IDS, POOL)


class StoreAgainstDict(RuleBasedStateMachine):
    """`said` is what the store should say: of each id its versions, None for a deletion, with their days."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.store = ConfigStore("sqlite://")
        self.said: dict[str, list[tuple[int, Workspace | None]]] = {}
        self.today = 0

    def teardown(self) -> None:
        self.store.close()

    def last(self, name: str) -> Workspace | None:
        return self.said.get(name, [(0, None)])[-1][1]

    def is_taken(self, new: Workspace) -> bool:
        others = [self.last(name) for name in self.said if name != new.id]
        taken = {one.number for other in others if other for one in other.numbers}
        return not taken.isdisjoint(one.number for one in new.numbers)

    def note(self, name: str, new: Workspace | None) -> int:
        versions = self.said.setdefault(name, [])
        versions.append((self.today, new))
        return len(versions)

    @initialize(target=seen, new=WORKSPACES)
    def begin(self, new: Workspace) -> Workspace:
        return new

    @rule(days=st.integers(1, 3))
    def pass_days(self, days: int) -> None:
        self.today += days

    @rule(target=seen, new=WORKSPACES)
    def create(self, new: Workspace) -> Workspace:
        if self.last(new.id) is not None or self.is_taken(new):
            with pytest.raises(ConflictError):
                self.store.create(new, by="x", at=day(self.today))
        else:
            made = self.store.create(new, by="x", at=day(self.today))
            assert made.version == self.note(new.id, new)
        return new

    @rule(new=seen, name=IDS, off=st.sampled_from([0, 0, 0, 1, -1]))
    def update(self, new: Workspace, name: str, off: int) -> None:
        new, version = new.changed(id=name), len(self.said.get(name, ())) + off
        change: dict[str, Any] = {"expected_version": version, "by": "x", "at": day(self.today)}
        error: type[Exception] | None = None
        if self.last(name) is None:
            error = UnknownNameError
        elif off:
            error = StaleVersionError
        elif self.is_taken(new):
            error = ConflictError
        if error is not None:
            with pytest.raises(error):
                self.store.update(new, **change)
        elif self.last(name) == new:
            assert self.store.update(new, **change).version == version
        else:
            assert self.store.update(new, **change).version == self.note(name, new)

    @rule(name=IDS)
    def delete(self, name: str) -> None:
        change: dict[str, Any] = {"expected_version": len(self.said.get(name, ())), "by": "x"}
        if self.last(name) is None:
            with pytest.raises(UnknownNameError):
                self.store.delete(name, at=day(self.today), **change)
        else:
            self.store.delete(name, at=day(self.today), **change)
            self.note(name, None)

    @rule(name=IDS)
    def date_back(self, name: str) -> None:
        if self.last(name) is not None:
            with pytest.raises(ConflictError, match="date it later"):
                self.store.change(name, lambda old: old.changed(name="z"), by="x", at=day(-1))

    @rule(name=IDS, ago=st.integers(0, 9))
    def read_the_past(self, name: str, ago: int) -> None:
        at = self.today - ago
        then = [new for when, new in self.said.get(name, ()) if when <= at]
        if then and then[-1] is not None:
            found = self.store.read(name, at=day(at))
            assert (found.document, found.version) == (then[-1], len(then))
        else:
            with pytest.raises(UnknownNameError):
                self.store.read(name, at=day(at))

    @invariant()
    def says_the_same(self) -> None:
        assert self.store.workspaces() == sorted(name for name in self.said if self.last(name) is not None)
        for name, versions in self.said.items():
            kept = [(change.changed_at, change.after) for change in self.store.history(name)]
            assert kept == [(day(when), new and new.to_dict()) for when, new in versions]


TestStoreAgainstDict = StoreAgainstDict.TestCase
TestStoreAgainstDict.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
