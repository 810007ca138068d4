"""What goes wrong in call records, one kind of dirt a row.

Rating must answer every one of these rows with a reason, and never with a zero bill.
"""

from __future__ import annotations

import polars as pl

_TO, _SECONDS = pl.col("to"), pl.col("seconds")
_BARE = _TO.str.strip_prefix("+")
_GROUPED = (_TO.str.head(3), pl.lit(" "), _TO.str.slice(3, 4), pl.lit(" "), _TO.str.slice(7))

# Each kind of dirt with what becomes of the columns it is in.
KINDS: dict[str, dict[str, pl.Expr]] = {
    "no number": {"to": pl.lit(None, dtype=pl.String)},
    "empty number": {"to": pl.lit("")},
    "letters": {"to": pl.concat_str(_TO.str.head(-4), pl.lit("CALL"))},
    "international prefix": {"to": pl.concat_str(pl.lit("00"), _BARE)},
    "sixteen digits": {"to": pl.concat_str(pl.lit("+"), _BARE.str.pad_end(16, "7"))},
    "Arabic-Indic digits": {"to": _TO.str.replace_many(list("0123456789"), list("٠١٢٣٤٥٦٧٨٩"))},
    "blanks": {"to": pl.concat_str(*_GROUPED)},
    "negative seconds": {"seconds": -1 - _SECONDS},
    "no seconds": {"seconds": pl.lit(None, dtype=pl.Int64)},
    "seconds without an answer": {
        "answered_at": pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        "seconds": pl.max_horizontal(_SECONDS, pl.lit(1, dtype=pl.Int64)),
    },
    "unknown direction": {"direction": pl.lit("transfer")},
}


def soiled(records: pl.DataFrame, kind: pl.Series) -> pl.DataFrame:
    """`records` with the dirt that `kind` names by its place in `KINDS`; null is clean."""
    columns = {name: records[name] for name in ("to", "seconds", "answered_at", "direction")}
    for place, changes in enumerate(KINDS.values()):
        at = (kind == place).arg_true()
        dirty = records[at].with_columns(**changes)
        for column in changes:
            columns[column] = columns[column].scatter(at, dirty[column])
    return records.with_columns(**columns)
