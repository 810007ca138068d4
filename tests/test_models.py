"""What workspaces, their parts and plans may say: the cases of ``cases/models.toml``, and changes to them."""

from __future__ import annotations

import json
import pydoc
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.files.document_model import Model
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import ConfigError, ConflictError, UnknownNameError
from dialnexa_routing.workspace.agent import Agent, VersionRef
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.sip_trunk import SipTrunk
from dialnexa_routing.workspace.workspace import Workspace
from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("models.toml").read_text("utf-8"))
KINDS: dict[str, type[Model]] = {
    "workspace": Workspace,
    "plan": BillingPlan,
    "number": WorkspaceNumber,
    "trunk": SipTrunk,
    "agent": Agent,
    "window": CallingWindow,
    "country_rule": CountryRule,
}
LINE = "+14155550100"


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases])


def standing_at(model: Any, path: str) -> Any:
    for name in path.split("."):
        if name == "__len__":
            return len(model)
        model = model[int(name)] if name.isascii() and name.isdigit() else getattr(model, name)
    return model


@named(CASES["accepted"])
def test_accepted(case: dict[str, Any]) -> None:
    model = KINDS[case["kind"]].model_validate(case["document"])
    for path, expected in case["is"].items():
        found = standing_at(model, path)
        if isinstance(expected, list):
            assert list(found) == expected
        else:
            assert found == expected if isinstance(expected, bool | int) else str(found) == expected
    with pytest.raises(ConfigError):
        model.changed(colour="blue")
    assert type(model).model_validate(model) is model


@named(CASES["refused"])
def test_refused(case: dict[str, Any]) -> None:
    kind = KINDS[case["kind"]]
    # Parts are no files of their own; the messages are made alike.
    part = kind if issubclass(kind, Document) else type(kind.__name__, (Document, kind), {})
    assert issubclass(part, Document)
    with pytest.raises(ConfigError) as error:
        part.from_dict(case["document"])
    assert [word for word in case["says"] if word not in str(error.value)] == []
    assert len(str(error.value).splitlines()) == 2
    assert "hunter2" not in str(error.value)
    with pytest.raises(ConfigError) as raw:
        kind.model_validate(case["document"])
    assert "hunter2" not in str(raw.value)


def test_r23_a_change_is_another_workspace() -> None:
    before = Workspace(id="acme")
    after = before.with_number(WorkspaceNumber(number=LINE))
    assert (before.numbers, [one.number for one in after.numbers]) == ((), [LINE])
    with pytest.raises(ConfigError, match="frozen"):
        before.name = "Acme"  # type: ignore[misc]
    with pytest.raises(ConfigError, match="default number"):
        before.changed(default_number=LINE)


def test_r28_a_trunk_is_linked_with_its_number() -> None:
    trunk = SipTrunk(number=LINE, termination="sip.example.com", authentication="ip", nickname="desk")
    linked = Workspace(id="acme").with_trunk(trunk)
    number = linked.number(LINE)
    assert number is not None
    assert (number.is_sip, number.provider, number.nickname) == (True, "sip", "desk")
    assert linked.trunks == (trunk,)


def test_r29_registering_a_number_twice_is_a_conflict() -> None:
    trunk = SipTrunk(number=LINE, termination="sip.example.com", authentication="ip")
    for there in (
        Workspace(id="acme").with_number(WorkspaceNumber(number=LINE)),
        Workspace(id="acme").with_trunk(trunk),
    ):
        with pytest.raises(ConflictError, match=r"\+14155550100 is registered already \(409\)"):
            there.with_number(WorkspaceNumber(number=LINE))
        with pytest.raises(ConflictError, match=r"\+14155550100 is registered already \(409\)"):
            there.with_trunk(trunk)


def test_r33_a_slot_that_is_not_named_keeps_what_it_has() -> None:
    workspace = Workspace(id="acme", agents=(Agent(id="a"), Agent(id="b")))
    workspace = workspace.with_number(WorkspaceNumber(number=LINE))
    inbound = workspace.with_slots(LINE, inbound="a@1")
    both = inbound.with_slots(LINE, outbound=VersionRef(agent="b", version=2))
    again = both.with_slots(LINE, inbound="b@3")
    slots = [
        (str(one.inbound_version), str(one.outbound_version))
        for one in (state.numbers[0] for state in (workspace, inbound, both, again))
    ]
    assert slots == [("None", "None"), ("a@1", "None"), ("a@1", "b@2"), ("b@3", "b@2")]
    with pytest.raises(UnknownNameError, match=r"\+12 is no number of workspace 'acme'"):
        workspace.with_slots("+12", inbound="a@1")
    with pytest.raises(ConfigError, match="agent 'c', which is not there"):
        workspace.with_slots(LINE, inbound="c@1")


def test_every_field_of_a_document_is_written_with_its_default() -> None:
    """So that it means the same when a later version has other defaults."""
    assert json.loads(Workspace(id="acme").to_json()) == {
        "id": "acme",
        "name": "",
        "provider": "plivo",
        "numbers": [],
        "trunks": [],
        "agents": [],
        "enabled": [],
        "sip_enabled": False,
        "choices": {
            "winner": "all_groups",
            "sip_bypass": "per_number",
            "trunk_emergency": "refused",
            "at_capacity": "queue",
            "balance_need": "one_pulse",
        },
    }


def all_models(of: type[Model] = Model) -> list[type[Model]]:
    below = [one for one in of.__subclasses__() if one.__module__.startswith("dialnexa_routing.")]
    return [*below, *(deeper for one in below for deeper in all_models(one))]


@pytest.mark.parametrize("kind", all_models(), ids=lambda kind: kind.__name__)
def test_help_describes_every_field_ahead_of_the_methods(kind: type[Model]) -> None:
    told = pydoc.plain(pydoc.render_doc(kind))
    before, _, _ = told.partition("Method resolution order")
    for name, field in kind.model_fields.items():
        assert field.description, f"{kind.__name__}.{name}"
        assert f"{name}: {' '.join(field.description.split())}" in before
    assert len(all_models()) > 15
