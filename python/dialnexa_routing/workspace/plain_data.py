"""Values of this room as plain data: text, integers, booleans, lists and mappings; amounts are text (R48)."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def plain_fields(value: DataclassInstance) -> dict[str, Any]:
    """The fields of a dataclass by their names."""
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def plain(value: Any) -> Any:
    """What `to_dict` shows of a value: its own `to_dict` if it has one.

    >>> from decimal import Decimal
    >>> plain((Decimal("0E-9"), None, 3))
    ['0.000000000', None, 3]
    """
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case tuple() | list():
            return [plain(one) for one in value]
        case None | bool() | int() | str():
            return value
    return value.to_dict() if hasattr(value, "to_dict") else str(value)
