"""Models as files and text: JSON or TOML, by suffix. Errors name the place, never a secret."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

import tomli_w
from pydantic import SecretStr

from dialnexa_routing.files.document_model import Model
from dialnexa_routing.files.model_errors import clipped, made
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.toml_text import toml_data
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.text.scrub import shown

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

T = TypeVar("T")

MAX_BYTES = 64 << 20
"""A larger file is no configuration; switches of every group there is come to a hundredth of it."""


class Secrets(StrEnum):
    """Whether a dump shows secrets."""

    MASKED = "masked"
    """As stars, which loading refuses: such a dump is for people."""
    REVEALED = "revealed"
    """As they are; a file is then for its owner alone."""


class Document(Model):
    """A model that stands on its own in a file.

    A dump states everything that has a value, defaults too, so that it means the same when a later
    version has other defaults. Amounts are text (R48). The methods that load raise `ConfigError` with
    one message for all that is wrong.
    """

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a ``.json`` or ``.toml`` file."""
        file = Path(path)
        name = shown(str(file))
        read = _by_suffix(file, {".json": cls.from_json, ".toml": cls.from_toml})
        try:
            data = read_whole(file, MAX_BYTES, ConfigError)
        except OSError as error:
            raise ConfigError(f"{name} cannot be read ({error.strerror}): check the path") from error
        return read(data, source=name)

    def save(self, path: str | os.PathLike[str], secrets: Secrets = Secrets.MASKED) -> None:
        """Writes a ``.json`` or ``.toml`` file, whole or not at all.

        Raises `ConfigError` for another suffix or a place that cannot be written.
        """
        file = Path(path)
        text = _by_suffix(file, {".json": self.to_json, ".toml": self.to_toml})(secrets)
        mode = 0o600 if secrets == Secrets.REVEALED else 0o666  # the text "revealed" too
        try:
            with replacing(file, mode=mode) as opened:
                opened.write(text.encode())
        except OSError as error:
            raise ConfigError(f"{file} cannot be written ({error.strerror}): check the folder") from error

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "the JSON text") -> Self:
        """Reads JSON; `source` is what errors call it."""
        return cls.from_dict(json_data(text, source), source=source)

    @classmethod
    def from_toml(cls, text: str | bytes, *, source: str = "the TOML text") -> Self:
        """Reads TOML; `source` is what errors call it."""
        return cls.from_dict(_data(toml_data, text, source), source=source)

    @classmethod
    def from_dict(cls, plain: Any, *, source: str = "the document") -> Self:
        """Checks plain data, as a request brings it; `source` is what errors call it."""
        return made(cls, lambda: cls.validated(plain), plain, source)

    def to_json(self, secrets: Secrets = Secrets.MASKED) -> str:
        """As JSON, indented."""
        return json.dumps(self.to_dict(secrets), ensure_ascii=False, indent=2) + "\n"

    def to_toml(self, secrets: Secrets = Secrets.MASKED) -> str:
        """As TOML."""
        return tomli_w.dumps(self.to_dict(secrets))

    def to_dict(self, secrets: Secrets = Secrets.MASKED) -> dict[str, Any]:
        """Plain data: text, integers, booleans, lists and mappings; what is None is left out."""
        plain: dict[str, Any] = _plain(self.model_dump(), Secrets(secrets))
        return plain


def json_data(text: str | bytes, source: str) -> Any:
    """The data in a JSON text. Raises `ConfigError` in one sentence if it cannot be parsed."""
    return _data(_json, text, source)


def _data(parse: Callable[[str], Any], text: str | bytes, source: str) -> Any:
    try:
        if len(text) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES >> 20} MB")
        return parse(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except RecursionError:
        problem = "it is nested too deeply"
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8"
    except json.JSONDecodeError as error:
        problem = f"it breaks off as JSON in line {error.lineno}, column {error.colno}: {error.msg}"
    except ValueError as error:
        problem = str(error)
    # Outside, because these exceptions hold the whole text, secrets too.
    raise ConfigError(f"{source} cannot be read ({problem}): correct it and load it again")


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constant)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {clipped(name)} stands twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}, which is no amount")


def _by_suffix(file: Path, ways: dict[str, T]) -> T:
    try:
        return ways[file.suffix.lower()]
    except KeyError:
        name = shown(str(file))
        raise ConfigError(f"{name} has the suffix {file.suffix!r}: name it .json or .toml") from None


def _plain(value: Any, secrets: Secrets) -> Any:
    match value:
        case dict():
            return {name: _plain(one, secrets) for name, one in value.items() if one is not None}
        case list() | tuple():
            return [_plain(one, secrets) for one in value]
        case SecretStr():
            return value.get_secret_value() if secrets is Secrets.REVEALED else str(value)
        case Decimal():
            return f"{value:f}"
        case Enum():
            return value.value
        case date() | time():  # an instant is a date too
            return value.isoformat()
    return value
