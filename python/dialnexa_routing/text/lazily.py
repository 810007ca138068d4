"""Names of a package that are imported when they are asked for, so that an import of it costs nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Lazily = tuple[Callable[[str], Any], Callable[[], list[str]]]


def lazily(package: str, names: Mapping[str, str], rooms: Mapping[str, str] | None = None) -> Lazily:
    """``__getattr__`` and ``__dir__`` of a package.

    Args:
        package: its name.
        names: what it offers, and the modules below it that have that.
        rooms: modules below it that are attributes, by the names they have there.
    """
    modules = rooms or {}

    def found(name: str) -> Any:
        if name in modules:
            return import_module(f"{package}.{modules[name]}")
        if name in names:
            return getattr(import_module(f"{package}.{names[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return found, lambda: sorted((*names, *modules))
