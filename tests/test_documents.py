"""Workspaces and plans as files: what is saved is what is loaded."""

from __future__ import annotations

import json
import os
import tomllib
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dialnexa_routing.files.model_files as documents
from dialnexa_routing.files.model_files import Document, Secrets
from dialnexa_routing.files.toml_text import DEEPEST, toml_data
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import DeckPrices
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.workspace import Workspace
from workspace_strategies import plans, workspaces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINE = "+14155550100"
DOCUMENTS: st.SearchStrategy[Workspace | BillingPlan] = st.one_of(workspaces(), plans())


def message(call: Callable[..., object], *arguments: Any) -> str:
    with pytest.raises(ConfigError) as error:
        call(*arguments)
    assert error.value.args == (str(error.value),)
    # What a traceback would print beside it, and what a debugger would find, is of files alone.
    assert isinstance(error.value.__context__, OSError | KeyError | None)
    return str(error.value)


@given(DOCUMENTS)
def test_json_and_toml_say_the_same_and_come_back_equal(document: Document) -> None:
    text, toml = document.to_json(Secrets.REVEALED), document.to_toml(Secrets.REVEALED)
    assert type(document).from_json(text) == document
    assert type(document).from_json(text.encode()) == document
    assert type(document).from_toml(toml) == document
    assert json.loads(text) == tomllib.loads(toml) == document.to_dict(Secrets.REVEALED)


@given(DOCUMENTS)
def test_a_dump_has_no_floats_and_no_nulls(document: Document) -> None:
    def check(value: Any) -> None:
        assert type(value) in (str, int, bool, list, dict)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(one)

    check(document.to_dict())


@given(DOCUMENTS, st.sampled_from([".json", ".toml", ".JSON"]))
def test_saved_and_loaded_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, document: Document, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("saved") / f"ünïcode ₹{suffix}"
    document.save(path, Secrets.REVEALED)
    assert type(document).load(path) == type(document).load(str(path)) == document
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_field_that_is_none_is_told_with_those_most_like_it(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_text('{"id": "acme", "plan": "growth"}')
    assert "plan: is no field there; nearest: 'billing_plan'; correct its name" in message(
        Workspace.load, path
    )


def test_all_problems_are_in_one_message_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_text(
        json.dumps(
            {
                "numbers": [{"number": LINE}, {"number": "919812345678", "nick": 1}, {}],
                "agents": [{"id": "a", "versions": [{"version": 1}, {"version": "2"}]}],
                "choices": {"winner": "first"},
                "a b\n": 1,
            }
        )
    )
    assert message(Workspace.load, path).splitlines() == [
        f"{path} is no Workspace as it stands:",
        "  id: is missing; add it",
        "  numbers[1].number: '919812xxxxxx' is no E.164 number: write a plus, then 1 to 15 digits,"
        " the first not 0",
        "  numbers[1].nick: is no field there; correct its name or leave it out",
        "  numbers[2].number: is missing; add it",
        "  agents[0].versions[1].version: input should be a valid integer",
        "  choices.winner: input should be 'all_groups' or 'enabled_groups'",
        "  a … (4 characters): is no field there; correct its name or leave it out",
    ]


def test_ten_problems_are_told_and_the_others_counted() -> None:
    plain = {"id": "a", "numbers": [{"number": "1"}] * 23}
    lines = message(Workspace.from_dict, plain).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "  and 13 more"
    assert lines[-2].startswith("  numbers[9].number: ")


def test_places_inside_a_choice_of_models_are_those_of_the_file() -> None:
    price = {"country_iso": "IN", "network_group": "Mobile", "outbound": 0.75}
    plain = {"id": "a", "telephony": {"kind": "price_list", "prices": [price]}}
    assert message(BillingPlan.from_dict, plain).splitlines()[1:] == [
        "  telephony.prices[0].outbound: an amount is a float, which is not exact; write it as text,"
        " as '0.75' (R48)"
    ]
    plain = {"id": "a", "telephony": {"kind": "price_list", "prices": [price | {"outbound": "1"}] * 2}}
    assert message(BillingPlan.from_dict, plain).splitlines()[1:] == [
        "  telephony: IN 'Mobile' has two prices; leave one"
    ]


UNREADABLE = {
    '{"id": "a", "id": "a"}': "the key id stands twice in one object",
    '{"id": "a", "numbers": [{"number": "+1", "number": "+1"}]}': "the key number stands twice",
    '{"id": "a"': "it breaks off as JSON in line 1, column 11",
    "": "it breaks off as JSON in line 1, column 1",
    '{"id": NaN}': "it holds NaN",
    '{"id": -Infinity}': "it holds -Infinity",
    "[" * 200_000: "nested too deeply",
    '{"id":' * 200_000: "nested too deeply",
    '{"id": ' + "9" * 5000 + "}": "4300 digits",
}


PARTS = DEEPEST + 1
TOO_DEEP = [
    "[" + ".".join(["a"] * PARTS) + "]\nb = 1",
    "[[" + " . ".join(["a"] * PARTS) + "]]",
    ".".join(["1"] * PARTS) + " = 1",
    "a = {" + ".".join(['"b"'] * PARTS) + " = 1}",
    "a = {" + ".".join([r'"\"="', "'.'"] * PARTS) + " = 1}",
]
"""Keys of one part too many: the reader of TOML takes the square of their number."""


@pytest.mark.parametrize("text", TOO_DEEP, ids=range(len(TOO_DEEP)))
def test_toml_keys_of_many_parts_are_refused(text: str) -> None:
    tomllib.loads(text)
    assert "nested too deeply, a key of more than 16 parts" in message(Workspace.from_toml, text)


def test_keys_of_few_parts_and_texts_of_many_dots_are_no_deep_nesting() -> None:
    text = f"[a.b.c.'d']\n\"e.f\".g = '{'x.y' * 1_000}'\nh = [{'0.75, ' * 1_000}]\ni = 1.5\n# {'.' * 1_000}\n"
    found = toml_data(text)["a"]["b"]["c"]["d"]
    assert (found["e.f"]["g"], len(found["h"]), found["i"]) == ("x.y" * 1_000, 1_000, 1.5)


@pytest.mark.parametrize(("text", "problem"), UNREADABLE.items(), ids=range(len(UNREADABLE)))
def test_json_that_is_none_is_told_in_one_sentence(text: str, problem: str) -> None:
    told = message(Workspace.from_json, text)
    assert told.startswith("the JSON text cannot be read (")
    assert problem in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["id = ", "id = 'a'\nid = 'a'", "a=" + "[" * 200_000, "id = 'a", "\x00", "a = 1e"], ids=range(6)
)
def test_toml_that_is_none_is_told_in_one_sentence(text: str) -> None:
    told = message(Workspace.from_toml, text)
    assert told.startswith("the TOML text cannot be read (")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("plain", [None, [], "a", 7, {"id": "\ud800"}, {"id": "a", "\ud800": 1}])
def test_what_is_no_document_is_refused(plain: Any) -> None:
    assert message(Workspace.from_dict, plain).isascii()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_data_is_a_document_or_a_config_error(value: Any) -> None:
    for field in (*Workspace.model_fields, "x"):
        try:
            assert Workspace.from_dict({"id": "a", field: value}).to_dict()
        except ConfigError as error:
            told = str(error)
            assert told.startswith("the document is no Workspace as it stands:\n  ")


def test_places_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "latin.json").write_bytes(b'{"id": "caf\xe9"}')
    (tmp_path / "plan.yaml").write_text("id: a")
    told = {
        "missing.json": "cannot be read (No such file or directory)",
        "folder.json": "cannot be read (Is a directory)",
        "latin.json": "cannot be read (byte 11 is not UTF-8)",
        "plan.yaml": "has the suffix '.yaml': name it .json or .toml",
        "plan": "has the suffix '': name it .json or .toml",
    }
    for name, problem in told.items():
        assert message(Workspace.load, tmp_path / name).startswith(f"{tmp_path / name} {problem}")


def test_a_file_that_is_no_configuration_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 1 << 20)
    (tmp_path / "large.json").write_bytes(b" " * (2 << 20))
    assert "larger than 1 MB" in message(Workspace.load, tmp_path / "large.json")


def test_a_mark_of_utf_8_in_front_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"id": "acme"}')
    assert Workspace.load(path) == Workspace(id="acme")


def test_what_cannot_be_saved_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    Workspace(id="acme").save(path)
    (tmp_path / "folder.json").mkdir()
    for place in (tmp_path / "missing" / "a.json", path / "a.json", tmp_path / "folder.json"):
        assert " cannot be written (" in message(Workspace(id="new").save, place)
    assert "suffix" in message(Workspace(id="new").save, tmp_path / "acme.ini")
    assert Workspace.load(path).id == "acme"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["acme.json", "folder.json"]


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "acme.json"
    Workspace(id="acme").save(path)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in message(Workspace(id="new").save, path)
    assert Workspace.load(path).id == "acme"
    assert [file.name for file in tmp_path.iterdir()] == ["acme.json"]


@pytest.mark.parametrize("amount", ["0.75", "1E-9", 1, "00.10", "9223372036.854775807"])
def test_r48_amounts_are_text_or_whole(amount: str | int) -> None:
    plan = BillingPlan.from_dict({"id": "a", "stt": amount})
    assert plan.stt == Decimal(amount)
    assert BillingPlan.from_toml(plan.to_toml()) == plan
    assert "E" not in plan.to_dict()["stt"]


AMOUNTS = [
    0.75,
    1e400,
    float("nan"),
    True,
    "0,75",
    "٣",
    "1e30",
    "1e999999999",
    10**30,
    "nan",
    "-1",
    "1e-10",
    "",
]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_r48_other_amounts_are_refused(amount: object) -> None:
    assert message(BillingPlan.from_dict, {"id": "a", "stt": amount}).splitlines()[1].startswith("  stt: ")


def test_r48_an_amount_does_not_depend_on_the_decimal_context() -> None:
    with localcontext(prec=3):
        plan = BillingPlan.from_dict({"id": "a", "stt": "123456789.123456789"})
        assert plan.to_dict()["stt"] == "123456789.123456789"
        with pytest.raises(ConfigError):
            BillingPlan.from_dict({"id": "a", "stt": "123456789.1234567891"})


def test_r48_a_markup_that_is_a_float_is_refused() -> None:
    with pytest.raises(ConfigError, match="not exact"):
        DeckPrices.model_validate({"markup_percent": 2.5})


def test_of_many_problems_few_are_told_and_long_values_are_cut() -> None:
    plain = {f"unknown{number}": 1 for number in range(3_000)}
    with pytest.raises(ConfigError, match="and 2991 more") as failed:
        Workspace.from_dict(plain)
    assert len(failed.value.errors()) == 1_000
    for key, value in (("pulse", "6" * 100_000), ("6" * 100_000, "x")):
        assert len(message(BillingPlan.from_dict, {"id": "a", "llm": "1", key: value})) < 1_000
