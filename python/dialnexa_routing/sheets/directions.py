"""A column that says whether a row prices calls in or out: its price goes to the side it is for (R46)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.intake import clean

if TYPE_CHECKING:
    from dialnexa_routing.sheets.tables.text_table import TextTable

_IN = ("inbound", "incoming", "in", "ingress", "ib", "inward")
_OUT = ("outbound", "outgoing", "out", "egress", "termination", "terminating", "ob", "outward")
_BOTH = ("both", "bothway", "bothways", "bidirectional")
_BESIDE = ("way", "ways", "call", "calls", "voice", "traffic", "only")
WORDS = frozenset((*_IN, *_OUT, *_BOTH))
_WORD = r"[a-z]+"


def with_directions(table: TextTable) -> TextTable:
    """`table` with the price of each row as inbound or outbound rate, by its column ``direction``.

    A row for both has both; one that states nothing is outbound; other words refuse it.
    """
    header = table.header
    if "direction" not in header.columns or "outbound_rate" not in header.columns:
        return table
    cells = clean(table.cells["direction"], escaped=table.escaped)
    known = cells.drop_nulls().unique()
    read = pl.DataFrame(
        {
            "direction": known,
            "words": known.str.to_lowercase().str.extract_all(_WORD),
        }
    ).with_columns(
        inward=pl.col("words").list.set_intersection([*_IN, *_BOTH]).list.len() > 0,
        outward=pl.col("words").list.set_intersection([*_OUT, *_BOTH]).list.len() > 0,
        known=pl.col("words").list.set_difference([*_IN, *_OUT, *_BOTH, *_BESIDE]).list.len() == 0,
    )
    held = cells.alias("direction").to_frame().join(read, on="direction", how="left", maintain_order="left")
    inward, outward = held["inward"].fill_null(False), held["outward"].fill_null(True)
    strange = ~(held["known"] & (held["inward"] | held["outward"])).fill_null(True)
    none = constant(None, len(cells), pl.String)
    rate = table.cells["outbound_rate"]
    priced = table.cells.with_columns(
        rate.zip_with(outward, none).alias("outbound_rate"),
        rate.zip_with(
            inward, table.cells["inbound_rate"] if "inbound_rate" in header.columns else none
        ).alias("inbound_rate"),
    )
    names = {"inbound_rate": header.columns["outbound_rate"]} | header.columns
    called = {"inbound_rate": header.published["outbound_rate"]} | header.published
    reason = "the direction is neither inbound nor outbound: write one of these, or leave the row out"
    refused = table.refused | {int(row): reason for row in table.rows.filter(strange)}
    return replace(
        table, cells=priced, header=replace(header, columns=names, published=called), refused=refused
    )
