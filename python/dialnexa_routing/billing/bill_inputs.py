"""What bills take besides calls, as files: adjustments, payments and balances; customers as documents."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.bill import Balance
from dialnexa_routing.billing.bill_making import Adjustment
from dialnexa_routing.billing.party import Party
from dialnexa_routing.money.exact import fits, minus, rounded, total
from dialnexa_routing.records import call_files
from dialnexa_routing.records.rated_sums import summed
from dialnexa_routing.text.errors import ConfigError, MoneyError, RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_PAISE = 2


def adjustments_of(path: Path) -> dict[str, list[Adjustment]]:
    """Lines that are of no call, by workspace: columns ``workspace``, ``caption``, ``amount``.

    Raises `RecordError` for a column that is missing, `MoneyError` for an amount that is none.
    """
    found: dict[str, list[Adjustment]] = {}
    for workspace, caption, amount in _rows(path, ("workspace", "caption", "amount")):
        found.setdefault(workspace, []).append(Adjustment(caption, _amount(amount, path)))
    return found


def allowance_lines(applied: pl.DataFrame, *, workspace: str = "workspace") -> dict[str, list[Adjustment]]:
    """What allowances take off the charges of a period, as one line for each plan of a workspace.

    Args:
        applied: rated rows with ``net_charge``, what each comes to after allowances, and ``plan_id``.
        workspace: column of workspaces.

    Returns:
        Lines below zero where something was taken off, by workspace; none where nothing was.

    Raises:
        RecordError: a column is missing, or a charge is no Decimal.

    >>> rows = {"workspace": ["acme", "acme"], "plan_id": ["growth"] * 2}
    >>> rows |= {"charge": [Decimal("2.00"), Decimal("3.00")]}
    >>> rows |= {"net_charge": [Decimal("0.00"), Decimal("3.00")]}
    >>> allowance_lines(pl.DataFrame(rows))
    {'acme': [Adjustment(caption='Allowances of growth', amount=Decimal('-2.00'))]}
    """
    for name in (workspace, "plan_id", "charge", "net_charge"):
        if name not in applied.columns:
            raise RecordError(f"there is no column {name!r}{nearest_or_all(name, applied.columns)}")
    places = {name: applied.schema[name] for name in ("charge", "net_charge")}
    for name, dtype in places.items():
        if not isinstance(dtype, pl.Decimal):
            raise RecordError(f"column {name!r} is {dtype}; charges are Decimal, as rating makes them (R48)")
    counted = applied.filter(pl.col("net_charge").is_not_null())
    sums = (
        summed(
            counted.lazy(),
            [pl.col(workspace).alias("workspace"), pl.col("plan_id")],
            amounts={name: (pl.col(name), dtype.scale) for name, dtype in places.items()},  # type: ignore[attr-defined]
        )
        .sort("workspace", "plan_id", nulls_last=True)
        .collect()
    )
    found: dict[str, list[Adjustment]] = {}
    for who, plan, charge, net in sums.select("workspace", "plan_id", *places).iter_rows():
        if amount := minus(net, charge):
            of = f" of {plan}" if plan else ""
            found.setdefault(who or "", []).append(Adjustment(f"Allowances{of}", amount))
    return found


def payments_of(path: Path) -> dict[str, Decimal]:
    """What each workspace has paid since, in all: columns ``workspace``, ``amount``, in whole paise."""
    found: dict[str, list[Decimal]] = {}
    for workspace, amount in _rows(path, ("workspace", "amount")):
        found.setdefault(workspace, []).append(_paise(amount, path))
    return {name: total(amounts, _PAISE) for name, amounts in found.items()}


def balances(
    due: Mapping[str, Decimal], payments: Mapping[str, Decimal], given_back: Mapping[str, Decimal]
) -> dict[str, Balance]:
    """What stood before by workspace: what the period before left due, payments, and credit notes."""
    nothing = rounded(0, _PAISE)
    return {
        name: Balance(due.get(name, nothing), payments.get(name, nothing), given_back.get(name, nothing))
        for name in sorted({*due, *payments, *given_back})
    }


def customers_of(paths: Sequence[Path]) -> dict[str, Party]:
    """Customers by their workspace, from documents and folders of them. Raises `ConfigError`."""
    files: list[Path] = []
    for path in paths:
        found = [path]
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix.lower() in (".json", ".toml"))
        if not found:
            raise ConfigError(f"{path} holds no .json or .toml file; name the folder of the customers")
        files += found
    customers: dict[str, Party] = {}
    for file in files:
        one = Party.load(file)
        if one.id in customers:
            raise ConfigError(f"{file}: the workspace {one.id!r} has two customers; leave one")
        customers[one.id] = one
    return customers


def _rows(path: Path, names: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    lazy = call_files.scan(path)
    columns = lazy.collect_schema().names()
    for name in names:
        if name not in columns:
            raise RecordError(f"{path}: there is no column {name!r}{nearest_or_all(name, columns)}")
    frame = lazy.select(names).collect()
    for row in frame.iter_rows():
        if any(cell is None or not str(cell).strip() for cell in row):
            raise RecordError(f"{path}: a row has a blank {', '.join(names)}; fill it in")
        yield tuple(str(cell).strip() for cell in row)


def _amount(text: str, path: Path) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise MoneyError(f"{path}: {text[:40]!r} is no amount; write 1234.50 (R48)")
    return Decimal(text)


def _paise(text: str, path: Path) -> Decimal:
    amount = _amount(text, path)
    if not fits(amount, _PAISE):
        raise MoneyError(f"{path}: {text} has a part of a paisa; write 1234.50 (R48)")
    return rounded(amount, _PAISE)
