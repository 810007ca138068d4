"""What is wrong with a model, as one error of ours: places and sentences, never a value that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.text.nearest import closest, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

T = TypeVar("T")

MAX_PROBLEMS = 10
"""Problems that one message names; those after it are counted."""
MAX_KEPT = 1000
"""Problems that an error has as data; each key is compared with the names of all fields."""
_LONGEST = 500
"""Characters of a sentence, which may quote what was given."""


def made(model: type[BaseModel], make: Callable[[], T], plain: Any, source: str | None = None) -> T:
    """What `make` gives. Raises `ConfigError` where pydantic finds fault with `plain`, all in one message.

    `source` is what the message calls it; without one it names the model alone.
    """
    try:
        return make()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    # Outside, because pydantic's error holds what was given.
    known = {name for one in (model, *_within(model)) for name in one.model_fields}
    lines = [f"{_place(plain, one, known)}{_sentence(one, model)}" for one in found[:MAX_PROBLEMS]]
    if len(found) > MAX_PROBLEMS:
        lines.append(f"and {len(found) - MAX_PROBLEMS} more")
    head = (
        f"this is no {model.__name__}:"
        if source is None
        else f"{source} is no {model.__name__} as it stands:"
    )
    message = f"{head} {lines[0]}" if source is None and len(lines) == 1 else "\n  ".join([head, *lines])
    problems = [
        {
            "type": one["type"],
            "loc": tuple(_part(part, known) for part in one["loc"]),
            "msg": _sentence(one, model),
        }
        for one in found[:MAX_KEPT]
    ]
    raise ConfigError(message, problems)


def _within(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The models that stand in the fields of a model, at any depth."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [field.annotation for field in model.model_fields.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            if one not in found:
                found.add(one)
                waiting += [field.annotation for field in one.model_fields.values()]
        else:
            waiting += getattr(one, "__args__", ())
    return found


def _part(part: str | int, known: set[str]) -> str | int:
    """A key as messages show it: whole if it is a field or nearly one, for it may be a secret."""
    if isinstance(part, int) or part in known:
        return part
    return clipped(part) if closest(part, known) else f"{ascii(part[:2])[1:-1]}… ({len(part)} characters)"


def _place(plain: Any, problem: ErrorDetails, known: set[str]) -> str:
    """Where a problem is, as ``numbers[3].number: ``; nothing for one of the whole document."""
    place, last = "", len(problem["loc"]) - 1
    for depth, part in enumerate(problem["loc"]):
        if isinstance(part, int):
            place += f"[{part}]"
            plain = plain[part] if isinstance(plain, list | tuple) else None
        elif (isinstance(plain, dict) and part in plain) or (depth == last and problem["type"] == "missing"):
            place += f".{_part(part, known)}"
            plain = plain.get(part) if isinstance(plain, dict) else None
        # Any other part names a choice among models, and stands nowhere in the document.
    return f"{place.removeprefix('.')}: " if place else ""


def _sentence(problem: ErrorDetails, model: type[BaseModel]) -> str:
    match problem["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            # Of the document's own fields; which model stands deeper is not known by the place alone.
            near = nearest(str(problem["loc"][-1]), model.model_fields) if len(problem["loc"]) == 1 else ""
            return f"is no field there{near}; correct its name or leave it out"
        case "value_error":
            told = str(problem["ctx"]["error"])
            return told if len(told) <= _LONGEST else told[:_LONGEST] + "…"
        case "union_tag_invalid":
            return f"its kind is none of {problem['ctx']['expected_tags']}"
    return problem["msg"][:1].lower() + problem["msg"][1:]


def clipped(name: str) -> str:
    """A key as messages show it."""
    return name if name.isidentifier() and len(name) <= 40 else ascii(name[:40])
