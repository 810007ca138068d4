"""A password is in no dump, no repr and no error; a dump that hides it cannot be loaded (R28)."""

from __future__ import annotations

import json
import os
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.files.model_files import Secrets
from dialnexa_routing.text.errors import ConfigError, RoutingError
from dialnexa_routing.workspace.sip_trunk import SipTrunk
from dialnexa_routing.workspace.workspace import Workspace
from workspace_strategies import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINE = "+14155550100"
LOGIN = {"termination": "sip.example.com:5060", "username": "user"}


def linked(password: str) -> Workspace:
    return Workspace(id="acme").with_trunk(SipTrunk(number=LINE, password=password, **LOGIN))


@given(PASSWORD.filter(lambda text: len(text) > 6 and text not in repr(linked("secret word"))))
def test_r28_a_password_is_in_no_dump_and_no_repr(password: str) -> None:
    workspace = linked(password)
    shown = [
        repr(workspace),
        str(workspace),
        repr(workspace.trunks),
        workspace.to_toml(),
        json.dumps(workspace.to_dict(), ensure_ascii=False),
        workspace.model_dump_json(),
        repr(workspace.model_dump()),
    ]
    assert [text for text in shown if password in text] == []
    assert workspace.to_dict(Secrets.REVEALED)["trunks"][0]["password"] == password


@given(
    PASSWORD.map(lambda text: f"hunter2{text}"),
    st.sampled_from(
        [
            {"termination": "sip:sip.example.com"},
            {"number": "9"},
            {"authentication": "ip"},
            {"username": None},
            {"username": 7},
            {"port": 5060},
            {"number": "+15005550006"},
        ]
    ),
)
def test_r28_a_password_is_in_no_error(password: str, wrong: dict[str, Any]) -> None:
    plain = linked(password).to_dict(Secrets.REVEALED)
    plain["trunks"][0] |= wrong
    nested = linked("x").to_dict() | {"trunks": [{"password": {"value": password}}, password]}
    twice = json.dumps(plain)[:-1] + ', "id": "again"}'
    for text in (json.dumps(plain), json.dumps(nested), twice, json.dumps(plain)[:-1]):
        with pytest.raises(ConfigError) as refused:
            Workspace.from_json(text)
        assert "hunter2" not in str(refused.value)
        # Nor where a debugger, or a log of chained exceptions, would find it.
        assert refused.value.__context__ is None
    with pytest.raises(ConfigError) as error:
        Workspace.model_validate(plain)
    assert "hunter2" not in str(error.value) + repr(error.value)


@given(st.integers(1, 300))
def test_r28_stars_are_refused_however_many(stars: int) -> None:
    plain = linked("secret").to_dict()
    assert set(plain["trunks"][0]["password"]) == {"*"}
    plain["trunks"][0]["password"] = "*" * stars
    with pytest.raises(ConfigError, match=r"trunks\[0\].password: password is empty or all stars"):
        Workspace.from_dict(plain)


def test_r28_a_masked_file_is_for_reading_only(tmp_path: Path) -> None:
    linked("secret").save(tmp_path / "acme.toml")
    with pytest.raises(ConfigError, match=r"acme.toml is no Workspace(.|\n)*give the password itself"):
        Workspace.load(tmp_path / "acme.toml")


@pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")
def test_a_file_with_secrets_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    linked("secret").save(path)
    assert path.stat().st_mode & 0o044
    revealed: list[Any] = [Secrets.REVEALED, "revealed"]
    for secrets in revealed:
        linked("secret").save(path)
        linked("secret").save(path, secrets)
        assert Workspace.load(path) == linked("secret")
        assert path.stat().st_mode & 0o777 == 0o600


def test_pickling_keeps_secrets_hidden_in_the_repr() -> None:
    again = pickle.loads(pickle.dumps(linked("secret")))
    assert again == linked("secret")
    assert "secret" not in repr(again)


SECRET = "hunter2hunter2"
NUMBER = "+912235550100"


@pytest.mark.parametrize(
    "make",
    [
        lambda: SipTrunk(number=NUMBER, termination="sip://x", username="u", password=SECRET),
        lambda: SipTrunk(number=NUMBER, termination="a.example", username="u", password=[SECRET]),
        lambda: SipTrunk(number=NUMBER, termination="a.example", username="u", **{SECRET: "x"}),
        lambda: SipTrunk.model_validate({"number": NUMBER, SECRET: SECRET}),
        lambda: SipTrunk.model_validate_strings({"number": NUMBER, "password": SECRET, SECRET: SECRET}),
        lambda: SipTrunk.model_validate_json('{"password": "hunter2hunter2", "hunter2hunter2": 1}'),
        lambda: Workspace(id="a", trunks=[{"number": NUMBER, "password": SECRET, "authentication": SECRET}]),
        lambda: setattr(_trunk(), "password", SECRET),
        lambda: setattr(_trunk(), "passwd", SECRET),
        lambda: setattr(linked("secret"), "password", SECRET),
        lambda: delattr(_trunk(), "password"),
    ],
)
def test_no_secret_is_in_an_error_nor_in_what_a_framework_makes_of_it(make: Callable[[], object]) -> None:
    with pytest.raises(RoutingError) as caught:
        make()
    error = caught.value
    assert isinstance(error, ConfigError)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.errors()) == (str(error), error.errors())
    shown = [str(error), repr(error), error.json(), str(error.errors()), repr(pickle.dumps(error))]
    assert SECRET not in "".join(shown)
    assert error.__cause__ is None
    assert error.__context__ is None


def _trunk() -> SipTrunk:
    return SipTrunk(number=NUMBER, termination="a.example", username="u", password="x-y-z")
