"""One face: what stands in a public signature can be imported from the top, and ``**`` hides nothing."""

from __future__ import annotations

import ast
import importlib
import inspect
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import pytest

import dialnexa_routing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType

ROOMS = ("billing", "job", "records", "screening", "sheets", "store")


def public() -> Iterator[tuple[str, Any]]:
    """Everything that the top and its rooms offer, by name."""
    for name in dialnexa_routing.__all__:
        if name not in ROOMS and not name.startswith("_"):
            yield name, getattr(dialnexa_routing, name)
    for room in ROOMS:
        module = getattr(dialnexa_routing, room)
        for name in module.__all__:
            yield f"{room}.{name}", getattr(module, name)


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_takes_the_place_of_what_has_its_name(room: str) -> None:
    """An import of a module makes it an attribute of its package, where a function of its name stood."""
    module = getattr(dialnexa_routing, room)
    for name in module.__all__:
        with suppress(ModuleNotFoundError):
            importlib.import_module(f"{module.__name__}.{name}")
        assert name == "period" or not inspect.ismodule(getattr(module, name)), name


def functions() -> Iterator[tuple[str, FunctionType]]:
    for name, found in public():
        if inspect.isfunction(found):
            yield name, found
        elif inspect.isclass(found) and found.__module__.startswith("dialnexa_routing."):
            for part, member in vars(found).items():
                member = getattr(member, "__func__", getattr(member, "fget", member))
                if inspect.isfunction(member) and (not part.startswith("_") or part == "__init__"):
                    yield f"{name}.{part}", member


FUNCTIONS = dict(functions())


MADE_BY_OTHERS = frozenset(
    {"CallRecords.__init__", "CallFormat.__init__", "CallFormat.recognises", "SheetLook.__init__"}
)
"""Records are made by `CallRecords.read`, looks by `look`; whoever adds a format writes it in its room."""


@cache
def names_of(module: str) -> dict[str, str]:
    """Names of ours that a module knows, and the modules that define them."""
    if module.rpartition(".")[2] == "_deck":
        return {}
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dialnexa_routing"):
            found |= {one.asname or one.name: str(node.module) for one in node.names}
    found |= {node.name: module for node in tree.body if isinstance(node, ast.ClassDef)}
    return found


def named(annotation: object) -> set[str]:
    """Names of classes in an annotation; that of a generated constructor may be no text."""
    if not isinstance(annotation, str):
        return set()
    return {
        node.id
        for node in ast.walk(ast.parse(annotation, mode="eval"))
        if isinstance(node, ast.Name) and node.id[0].isupper()
    }


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - MADE_BY_OTHERS))
def test_every_type_of_a_signature_can_be_imported_from_the_top(name: str) -> None:
    function = FUNCTIONS[name]
    known = names_of(function.__module__)
    for annotation in inspect.get_annotations(function).values():
        for word in named(annotation) & known.keys():
            defined = getattr(importlib.import_module(known[word]), word, None)
            if word.startswith("_") or isinstance(defined, TypeVar) or known[word].endswith("_deck"):
                continue
            assert word in dialnexa_routing.__all__, f"{name} names {known[word]}.{word}"
            if defined is not None:
                assert getattr(dialnexa_routing, word) == defined, word


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_public_function_takes_anything(name: str) -> None:
    for one in inspect.signature(FUNCTIONS[name]).parameters.values():
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            assert one.annotation != "Any", f"{name}(**{one.name}) takes anything"


@pytest.mark.parametrize(
    ("read", "options", "besides"),
    [
        (dialnexa_routing.RateSheet.read, dialnexa_routing.SheetOptions, {"path_or_frame"}),
        (dialnexa_routing.CallRecords.read, dialnexa_routing.CallOptions, {"source"}),
    ],
)
def test_what_can_be_looked_at_takes_all_that_can_be_read(read: Any, options: Any, besides: set[str]) -> None:
    parameters = inspect.signature(read).parameters
    assert parameters.keys() ^ options.__annotations__.keys() == besides
    for name in options.__annotations__.keys() - besides:
        assert str(options.__annotations__[name].__forward_arg__) == parameters[name].annotation, name


def test_public_classes_have_names_of_their_own() -> None:
    seen: dict[str, Any] = {}
    for name, found in public():
        if inspect.isclass(found):
            short = name.rpartition(".")[2]
            assert seen.setdefault(short, found) is found, f"two classes are called {short}"


def test_rooms_are_attributes_and_say_what_they_offer() -> None:
    for room in ROOMS:
        module = getattr(dialnexa_routing, room)
        assert set(module.__all__) <= set(dir(module))
        assert module.__doc__
    assert get_type_hints(dialnexa_routing.Rates.deck_at, {"datetime": Any, "RateDeck": Any}) is not None
