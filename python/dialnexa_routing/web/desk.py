"""What pages and API answer from: the store, the decks and plans, and the one clock of the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.deck_watcher import DeckWatcher
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.plans.prepared_plans import plan_at, versions_of
from dialnexa_routing.text.errors import ConfigError, ConflictError, UnknownNameError
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.telephony.config import Telephony
from dialnexa_routing.workspace.workspace_number import SIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.store import ConfigStore
    from dialnexa_routing.store.version import Change, Versioned
    from dialnexa_routing.workspace.telephony.switch import Switch
    from dialnexa_routing.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """A workspace at one version and one moment, as one request sees it."""

    versioned: Versioned[Workspace]
    at: datetime
    plan: BillingPlan | None
    telephony: Telephony

    @property
    def workspace(self) -> Workspace:
        """The document."""
        return self.versioned.document


@dataclass(frozen=True, slots=True)
class Wanted:
    """A switch as it is asked for; a group of a country, a country, or SIP/BYOC where `provider` is that."""

    provider: str
    country: str | None
    group: str | None
    on: bool

    def of(self, telephony: Telephony) -> Workspace:
        """The workspace with it. Raises `UnknownNameError` where no deck has it (R23)."""
        if self.provider == SIP:
            return telephony.enable_sip() if self.on else telephony.disable_sip()
        switch = telephony.enable if self.on else telephony.disable
        return switch(group=self.group, country=self.country, provider=self.provider)

    def __str__(self) -> str:
        what = self.group or self.country or f"all of {self.provider}"
        return f"{what if self.provider != SIP else 'SIP/BYOC'} {'on' if self.on else 'off'}"


class Desk:
    """One application's store, decks, plans and clock; every question reads the store anew.

    `decks` is read at each question as well, so a service swaps a deck by assigning its key.
    """

    def __init__(
        self,
        store: ConfigStore,
        decks: Mapping[str, Rates | DeckWatcher],
        plans: Iterable[BillingPlan],
        number_plan: NumberPlan | None,
        now: Callable[[], datetime],
    ) -> None:
        if not isinstance(decks, Mapping):
            raise TypeError(f"decks is {type(decks).__name__}; pass a mapping of providers to decks")
        self.store = store
        self.number_plan = number_plan
        self._decks = decks
        self._now = now
        try:
            self._plans = versions_of(plans)
        except ConflictError as error:
            raise ConfigError(str(error)) from error

    @property
    def decks(self) -> dict[str, Rates]:
        """What rates for each provider at this moment; of a watcher its latest deck."""
        return {
            name: held.deck if isinstance(held, DeckWatcher) else held
            for name, held in dict(self._decks).items()
        }

    def now(self) -> datetime:
        """By the application's clock. Raises `ConfigError` where that gives no zone."""
        at = self._now()
        if not isinstance(at, datetime) or at.utcoffset() is None:
            raise ConfigError("now= gave a time without a zone; give one in UTC, as datetime.now(UTC)")
        return at

    def workspaces(self) -> list[str]:
        """The ids of all workspaces, in order."""
        return self.store.workspaces()

    def seen(self, workspace_id: str, at: datetime | None = None) -> Seen:
        """A workspace as it is, with prices of `at`. Raises `UnknownNameError` if there is none."""
        versioned = self.store.read(workspace_id)
        moment = self.now() if at is None else at
        plan = self.plan_of(versioned.document, moment)
        return Seen(versioned, moment, plan, Telephony(versioned.document, self.decks, plan, moment))

    def plan_of(self, workspace: Workspace, at: datetime) -> BillingPlan | None:
        """The version of the workspace's plan that holds, of those that were passed, or of the store.

        None where neither has one.
        """
        name = workspace.billing_plan
        if name is None or name in self._plans:
            return plan_at(self._plans.get(name or "", ()), at)
        try:
            return plan_at((self.store.plans.read(name).document,), at)
        except UnknownNameError:
            return None

    def decks_at(self, at: datetime) -> dict[str, RateDeck]:
        """The deck of each provider that is in force."""
        return {provider: in_force(deck, at) for provider, deck in self.decks.items()}

    def router(self, seen: Seen) -> Router:
        """A router over what is in force at the moment of a question."""
        plans = () if seen.plan is None else (seen.plan,)
        workspace = seen.workspace if seen.plan else seen.workspace.changed(billing_plan=None)
        return Router(workspace, decks=self.decks_at(seen.at), plans=plans, number_plan=self.number_plan)

    def switch(self, workspace_id: str, wanted: Wanted, *, version: int, by: str) -> Versioned[Workspace]:
        """Writes a switch on top of a version.

        Raises:
            StaleVersionError: somebody has changed the workspace since (409); nothing is written.
            UnknownNameError: no such workspace, provider, country or group.
        """
        return self._update(workspace_id, wanted.of, version, by, str(wanted))

    def select(self, workspace_id: str, provider: str, *, version: int, by: str) -> Versioned[Workspace]:
        """Writes another provider of the workspace's own (R10). Raises as `switch`."""
        return self._update(
            workspace_id, lambda telephony: telephony.select(provider), version, by, f"provider {provider}"
        )

    def undo(self, workspace_id: str, undone: int, *, version: int, by: str) -> Versioned[Workspace]:
        """Puts switches and provider back to what they were before a version was made.

        Nothing else of the workspace is touched. Raises as `switch`, and `ConflictError` for the version
        that created the workspace.
        """
        change = self.change(workspace_id, undone)
        before = change.before
        if before is None:
            raise ConflictError(f"version {undone} created the workspace (409); there is nothing before it")
        plain: dict[str, Any] = {"enabled": before.get("enabled", []), "provider": before.get("provider")}
        plain["sip_enabled"] = before.get("sip_enabled", False)
        given = {name: value for name, value in plain.items() if value is not None}
        return self._update(
            workspace_id,
            lambda telephony: telephony.workspace.changed(**given),
            version,
            by,
            f"undo of version {undone}",
        )

    def change(self, workspace_id: str, version: int) -> Change:
        """One version of a workspace. Raises `UnknownNameError` if there is none."""
        for change in self.store.history(workspace_id):
            if change.version == version:
                return change
        raise UnknownNameError(f"workspace {workspace_id!r} has no version {version}; look at its history")

    def switched(self, workspace_id: str, switch: Switch) -> Change | None:
        """The change that put a switch where it is; None where it was never touched."""
        for change in reversed(self.store.history(workspace_id)):
            if _is_on(change.before, switch) != _is_on(change.after, switch):
                return change
        return None

    def health(self) -> dict[str, Any]:
        """Digest, size and age of each deck in force; `age_s` counts from its earliest validity."""
        at = self.now()
        decks = []
        for provider, deck in sorted(self.decks_at(at).items()):
            begins = deck.labels.get("valid_from")
            begin = None if begins is None else datetime.fromisoformat(begins)
            age = None if begin is None else (microseconds(at) - microseconds(begin)) // 1_000_000
            decks.append(
                {
                    "provider": provider,
                    "digest": deck.digest,
                    "prefixes": len(deck),
                    "valid_from": None if begin is None else begin.isoformat(),
                    "age_s": age,
                    "stale_zones": [zone.zone for zone in deck.stale_zones()],
                }
            )
        return {"at": at.isoformat(), "decks": decks, "number_plan": self._number_plan()}

    def _number_plan(self) -> str | None:
        if self.number_plan is None:
            return None
        return WORLD.release if self.number_plan == WORLD else "own"

    def _update(
        self,
        workspace_id: str,
        changed: Callable[[Telephony], Workspace],
        version: int,
        by: str,
        note: str,
    ) -> Versioned[Workspace]:
        # The change is of the version that was looked at: the latest may hold what its reader never saw,
        # and then the store refuses it.
        seen = self.seen(workspace_id)
        return self.store.update(
            changed(seen.telephony), expected_version=version, by=by, at=seen.at, note=note
        )


def _is_on(plain: dict[str, Any] | None, switch: Switch) -> bool:
    return any(
        (one["provider"], one["country_iso"]) == switch[:2] and switch.network_group in one["network_groups"]
        for one in (plain or {}).get("enabled", ())
    )
