"""Workspaces and plans in a database: versions, numbers, secrets, damage; on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from dialnexa_routing.files.model_files import Secrets
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import GroupPrice, PriceList
from dialnexa_routing.store import ConfigStore, StaleVersionError
from dialnexa_routing.text.errors import ConfigError, ConflictError, DeckTimeError, UnknownNameError
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.workspace import Workspace
from stores import LINE, OTHER, day, groups, with_group, with_line, workspace


def test_what_is_created_is_read_again(store: ConfigStore, place: str) -> None:
    made = store.create(workspace(), by="asha", at=day(1))
    assert (made.document, made.version, made.changed_at, made.changed_by) == (workspace(), 1, day(1), "asha")
    assert store.read("acme") == made
    with ConfigStore(place) as again:
        assert again.read("acme") == made
        assert again.workspaces() == ["acme"]


def test_every_change_is_a_version_and_the_past_stays(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    changed = with_group(workspace(), "India - Mobile")
    assert store.update(changed, expected_version=1, by="ravi", at=day(3), note="asked for").version == 2
    assert store.read("acme").document == changed
    for at, version in [(day(1), 1), (day(2), 1), (day(3) - timedelta(microseconds=1), 1), (day(3), 2)]:
        assert store.read("acme", at=at).version == version
    kolkata = day(2).astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert store.read("acme", at=kolkata).document == workspace()
    with pytest.raises(UnknownNameError, match="there is no workspace 'acme'"):
        store.read("acme", at=day(0))
    assert store.ids(at=day(0)) == []
    created, enabled = store.history("acme")
    assert (created.what, created.before, created.after) == (("created",), None, workspace().to_dict())
    assert (enabled.version, enabled.changed_at, enabled.changed_by) == (2, day(3), "ravi")
    assert (enabled.note, enabled.what) == ("asked for", ("enabled[plivo/IN]: +India - Mobile",))
    assert (enabled.before, enabled.after) == (created.after, changed.to_dict())


def test_a_lost_update_is_refused_and_names_both(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    store.update(with_group(workspace(), "one"), expected_version=1, by="ravi", at=day(2))
    with pytest.raises(StaleVersionError) as error:
        store.update(with_group(workspace(), "two"), expected_version=1, by="mina", at=day(3))
    for word in ("'acme'", "version 2", "'ravi'", day(2).isoformat(), "version 1 (409)"):
        assert word in str(error.value)
    assert groups(store.read("acme").document) == ("one",)
    with pytest.raises(StaleVersionError):
        store.delete("acme", expected_version=3, by="mina", at=day(3))


def test_what_says_the_same_makes_no_version(store: ConfigStore) -> None:
    made = store.create(workspace(), by="asha", at=day(1))
    assert store.update(workspace(), expected_version=1, by="ravi", at=day(2)) == made
    assert store.change("acme", lambda found: found, by="ravi", at=day(2)) == made
    assert len(store.history("acme")) == 1
    with pytest.raises(StaleVersionError):
        store.update(workspace(), expected_version=2, by="ravi", at=day(2))


def test_a_change_is_never_dated_before_the_last_one(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(2))
    changed = with_group(workspace(), "one")
    with pytest.raises(ConflictError, match="date it later"):
        store.update(changed, expected_version=1, by="ravi", at=day(1))
    with pytest.raises(DeckTimeError, match="no time zone"):
        store.update(changed, expected_version=1, by="ravi", at=datetime(2026, 5, 1))
    with pytest.raises(DeckTimeError, match="no time zone"):
        store.read("acme", at=datetime(2026, 5, 1))
    assert store.update(changed, expected_version=1, by="ravi", at=day(2)).version == 2
    assert store.read("acme", at=day(2)).document == changed


def test_change_reads_applies_and_writes(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    found = store.change("acme", lambda old: with_group(old, "one"), by="ravi", at=lambda: day(2), note="n")
    assert (found.version, found.changed_at, groups(found.document)) == (2, day(2), ("one",))
    assert store.read("acme") == found
    with pytest.raises(ConfigError, match="an id does not change"):
        store.change("acme", lambda old: old.changed(id="new"), by="ravi", at=day(3))
    with pytest.raises(UnknownNameError, match="there is no workspace 'acne'"):
        store.change("acne", lambda old: old, by="ravi", at=day(3))


def test_a_deleted_workspace_keeps_its_history_and_frees_its_numbers(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    store.delete("acme", expected_version=1, by="ravi", at=day(2), note="closed")
    assert store.workspaces() == []
    assert store.ids(at=day(1)) == ["acme"]
    with pytest.raises(UnknownNameError, match="deleted in version 2, by 'ravi'"):
        store.read("acme")
    with pytest.raises(UnknownNameError):
        store.update(workspace(), expected_version=2, by="ravi", at=day(3))
    with pytest.raises(UnknownNameError):
        store.delete("acme", expected_version=2, by="ravi", at=day(3))
    assert store.read("acme", at=day(1)).document == workspace()
    store.create(workspace("other"), by="asha", at=day(3))
    assert store.create(Workspace(id="acme"), by="asha", at=day(4)).version == 3
    assert [change.what for change in store.history("acme")] == [("created",), ("deleted",), ("created",)]
    assert [change.after is None for change in store.history("acme")] == [False, True, False]


def test_what_is_there_is_not_created_again(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    with pytest.raises(ConflictError, match=r"'acme' is there already \(409\), at version 1, by 'asha'"):
        store.create(workspace(number=OTHER), by="ravi", at=day(2))


def test_r29_a_number_is_in_one_workspace_of_the_store(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    with pytest.raises(ConflictError, match=r"\+14155550100 is registered in another workspace \(409\)"):
        store.create(workspace("other"), by="ravi", at=day(2))
    assert store.workspaces() == ["acme"]
    store.create(workspace("other", OTHER), by="ravi", at=day(2))
    with pytest.raises(ConflictError, match=r"\+14155550100 is registered in another"):
        store.change("other", lambda old: with_line(old, LINE), by="ravi", at=day(3))
    assert store.read("other").version == 1
    store.change("acme", lambda old: Workspace(id="acme"), by="asha", at=day(3))
    assert store.change("other", lambda old: with_line(old, LINE), by="ravi", at=day(3)).version == 2


def test_plans_are_kept_the_same_way(store: ConfigStore) -> None:
    plan = BillingPlan(id="acme", stt="0.5")
    store.create(Workspace(id="acme"), by="asha", at=day(1))
    made = store.plans.create(plan, by="asha", at=day(1))
    assert store.plans.read("acme") == made
    store.plans.change("acme", lambda old: old.changed(stt="0.75", llm=1), by="ravi", at=day(2))
    assert store.plans.history("acme")[1].what == ("stt: 0.5 → 0.75", "llm: none → 1")
    assert store.plans.ids() == store.ids() == ["acme"]
    store.plans.delete("acme", expected_version=2, by="ravi", at=day(3))
    assert (store.plans.ids(), store.ids()) == ([], ["acme"])
    with pytest.raises(UnknownNameError, match="there is no plan 'acme'"):
        store.plans.read("acme")


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800"])
def test_what_no_database_can_hold_is_refused(store: ConfigStore, text: str) -> None:
    with pytest.raises(ConfigError, match="by is empty, or holds"):
        store.create(workspace(), by=text, at=day(1))
    with pytest.raises(UnknownNameError):
        store.read(text)
    if text == "a\0b":
        with pytest.raises(ConfigError, match="id is empty, or holds"):
            store.create(Workspace(id=text), by="asha", at=day(1))


def test_texts_go_in_and_come_out_as_they_are(store: ConfigStore) -> None:
    odd = "'; DROP TABLE routing_versions; -- ₹ %s :x \\ \" \n 😀"
    made = store.create(Workspace(id=odd, name=odd), by=odd, at=day(1), note=odd)
    assert store.read(odd) == made
    assert store.history(odd)[0].note == odd
    assert store.read(odd).document.to_dict(Secrets.REVEALED)["name"] == odd


def test_changes_are_told_in_words(store: ConfigStore) -> None:
    store.create(workspace(), by="asha", at=day(1))
    agents = [{"id": "sales", "versions": [{"version": 1}, {"version": 2}]}]
    second = workspace().changed(name="Acme", agents=agents, default_number=LINE)
    second = with_line(with_group(with_group(second, "A"), "B"), OTHER)
    second = second.changed(calling_window=CallingWindow(start="09:00", end="21:00"))
    agents = [{"id": "sales", "versions": [{"version": 1, "status": "published"}]}]
    third = second.changed(agents=agents, trunks=(), enabled=second.enabled[:0])
    third = with_group(third.with_slots(LINE, inbound="sales@1"), "B").changed(calling_window=None)
    store.update(second, expected_version=1, by="asha", at=day(2))
    store.update(third, expected_version=2, by="asha", at=day(3))
    assert [change.what for change in store.history("acme")[1:]] == [
        (
            "name:  → Acme",
            f"numbers[{OTHER}]: added",
            f"default_number: none → {LINE}",
            "agents[sales]: added",
            "enabled[plivo/IN]: +A, +B",
            "calling_window.start: none → 09:00:00",
            "calling_window.end: none → 21:00:00",
        ),
        (
            f"numbers[{LINE}].inbound_version: none → sales@1",
            f"trunks[{LINE}]: removed",
            "agents[sales].versions[1]: draft → published",
            "agents[sales].versions[2]: draft → none",
            "enabled[plivo/IN]: -A",
            "calling_window.start: 09:00:00 → none",
            "calling_window.end: 21:00:00 → none",
        ),
    ]
    prices = [GroupPrice(country_iso="IN", network_group="Mobile", outbound="0.75")]
    plan = BillingPlan(id="growth", telephony=PriceList(prices=tuple(prices)))
    store.plans.create(plan, by="asha", at=day(1))
    dearer = (prices[0].changed(outbound="1.5"), GroupPrice(country_iso="US", network_group="1"))
    changed = plan.changed(telephony=PriceList(prices=dearer))
    store.plans.update(changed, expected_version=1, by="asha", at=day(2))
    assert store.plans.history("growth")[1].what == (
        "telephony.prices[IN/Mobile].outbound: 0.75 → 1.5",
        "telephony.prices[US/1]: added",
    )
