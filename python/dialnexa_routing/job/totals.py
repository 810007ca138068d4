"""Control totals: seconds and rupees by provider and network group, read back from the outputs, and exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records import call_files
from dialnexa_routing.records.rated_sums import amounts_of, put_together, rated_sums

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_NONE = pl.DataFrame(
    schema={
        **dict.fromkeys(("country_iso", "network_group", "reason"), pl.String),
        **dict.fromkeys(("rows", "charged", "billed_seconds"), pl.Int64),
        "charge": pl.Decimal(WIDEST, 0),
    }
)
"""The tally of no file."""


def tally(
    rated: Path,
    schema: pl.Schema,
    add_prefix: str,
    workspace: str = "workspace",
    *,
    digest: str | None = None,
) -> pl.DataFrame:
    """Rows, charged rows, seconds and rupees of an output by customer, country, network group and reason.

    A customer is what the column `workspace` names, with plan and deck; null where there is no such column.
    One streaming pass over some columns; in no order. A sum is null where no row has that amount: no
    telephony is not telephony for nothing (R47).

    Args:
        rated: the output.
        schema: the types that its columns were written with, for CSV comes back as text.
        add_prefix: what rating put before the names of its columns.
        workspace: the column of workspaces.
        digest: of the deck that rated all rows; None where each of them names its own.
    """
    own = {name: add_prefix + name for name in ("country_iso", "network_group", "reason")}
    own["workspace"] = workspace
    own |= {name: add_prefix + name for name in ("plan_id", "deck_digest")}
    # What is alike in all rows is no key: each costs as much as reading its column does.
    alike: dict[str, str | None] = {"deck_digest": digest} if digest is not None else {}
    alike |= {name: None for name, column in own.items() if column not in schema}
    keys = {name: column_named(column).cast(pl.String) for name, column in own.items() if name not in alike}
    places = amounts_of(schema, add_prefix)
    found = rated_sums(call_files.scan_written(rated), keys, places, add_prefix=add_prefix, rows="rows")
    whole = found.collect(engine="streaming")
    whole = whole.with_columns(pl.lit(value, pl.String).alias(name) for name, value in alike.items())
    return whole.select(*own, pl.exclude(*own))


class Tallies:
    """Tallies of files, put together as they come: memory goes with customers and groups, not with files."""

    def __init__(self) -> None:
        self._together: list[pl.DataFrame] = []
        self._pending: list[pl.DataFrame] = []

    def add(self, counted: pl.DataFrame) -> None:
        """One more. They are put together when they are as many rows as what is together already."""
        self._pending.append(counted)
        held = sum(one.height for one in self._together)
        if sum(one.height for one in self._pending) > max(held, _AT_ONCE):
            self._put_together()

    def all(self) -> list[pl.DataFrame]:
        """What they come to, in one frame at most."""
        self._put_together()
        return self._together

    def _put_together(self) -> None:
        if self._pending:
            whole = pl.concat([*self._together, *self._pending], how="diagonal_relaxed")
            self._pending.clear()
            keys = [name for name, dtype in whole.schema.items() if not dtype.is_numeric()]
            self._together = [put_together(whole, keys)]


_AT_ONCE = 500_000
"""Rows of tallies that are kept as they came, some 150 bytes each: to put them together costs as much as to
make them, and is done once in four files of two million calls of 300 customers."""


def totals(tallies: Iterable[pl.DataFrame], provider: str) -> pl.DataFrame:
    """The rated rows of all files by provider and network group, in their order.

    ``calls``; ``billed_seconds``, the same as ``minutes`` and ``seconds`` beyond them; ``charge`` INR;
    with plans also ``stt``, ``llm``, ``tts``, ``telephony``, ``platform``. Counts are Int64.
    """
    keys = ["country_iso", "network_group"]
    rated = pl.concat([_NONE, *tallies], how="diagonal_relaxed").filter(pl.col("reason").is_null())
    amounts = [name for name in rated.columns if isinstance(rated.schema[name], pl.Decimal)]
    billed = pl.col("billed_seconds")
    return (
        put_together(rated.rename({"rows": "calls"}), keys)
        .sort(keys, nulls_last=True)
        .select(
            pl.lit(provider).alias("provider"),
            *keys,
            "calls",
            billed,
            (billed // 60).alias("minutes"),
            (billed % 60).alias("seconds"),
            *amounts,
        )
    )


def write_totals(frame: pl.DataFrame, folder: Path) -> None:
    """``totals.csv`` and ``totals.parquet``, the same rows."""
    for suffix in (".csv", ".parquet"):
        call_files.sink(frame.lazy(), folder / f"totals{suffix}")
