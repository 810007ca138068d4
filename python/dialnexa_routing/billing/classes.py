"""Each pair of records into one class: the plain ones by what stands in it, the others by rating again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.charged_records import AMOUNT
from dialnexa_routing.billing.foreign_charges import is_in_rupees
from dialnexa_routing.billing.re_rating import Cause, Fit, as_text
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.billing.causes import Search

_FACTS = ("seconds", "billed_seconds", "prefix")
_OF_A_CALL = ("their_number", "their_answered_at", "their_seconds", "their_charge")
_STRONG = (20, 140)
"""How many times ours may be theirs where theirs are units of a currency that costs so many rupees."""
_ALIKE = 1.25


def classified(pairs: pl.DataFrame, search: Search) -> pl.DataFrame:
    """The pairs with ``cause``, ``detail`` and ``difference``."""
    ours, theirs = pl.col("our_row").is_not_null(), pl.col("their_row").is_not_null()
    again = pl.col("nth") > 0
    reason, text = pl.col("reason"), pl.col("their_text").fill_null("blank")
    plain = {
        Cause.DUPLICATE_OURS: (~theirs & again, pl.lit("our further record of the key")),
        Cause.DUPLICATE_THEIRS: (~ours & again, pl.lit("their further record of the key")),
        Cause.DOUBLE_CHARGE: (
            ~ours & _twin(pairs).is_not_null(),
            pl.format("the call of key {}", _twin(pairs)),
        ),
        Cause.UNANSWERED: (_unanswered(pairs), pl.lit("0 s, and no charge")),
        Cause.MISSING_OURS: (~ours, pl.lit("only they have it")),
        Cause.MISSING_THEIRS: (~theirs, pl.lit("only we have it")),
        Cause.UNREADABLE: (pl.col("their_charge").is_null(), pl.format("their charge is {}", text)),
        Cause.CURRENCY: (~is_in_rupees(), pl.format("they charge {} {}", text, "their_currency")),
        Cause.AGREES: (pl.col("ours") == pl.col("theirs"), pl.lit(None, pl.String)),
        Cause.NOT_RATED: (reason.is_not_null(), reason),
        Cause.SIGN: (
            (pl.col("ours") != 0) & (pl.col("theirs") == -pl.col("ours")),
            pl.format("theirs is {}", text),
        ),
    }
    cause, detail = pl.lit(None, pl.String), pl.lit(None, pl.String)
    for name, (holds, told) in reversed(plain.items()):
        cause = pl.when(holds).then(pl.lit(str(name))).otherwise(cause)
        detail = pl.when(holds).then(told).otherwise(detail)
    pairs = pairs.with_columns(cause.alias("cause"), detail.alias("detail"))
    blocked = pairs.filter(cause=Cause.NOT_RATED, reason=Reason.BLOCKED)
    unblocked, _ = search.tried(blocked, search.prefixes(blocked), Fit.EXACT)
    open_rows = pairs.filter(pl.col("cause").is_null())
    abroad = search.rounded_abroad(open_rows)
    open_rows = open_rows.join(abroad, on="place", how="anti", maintain_order="left")
    causes = search.causes(open_rows)
    left = open_rows.join(causes, on="place", how="anti", maintain_order="left")
    found = pl.concat([abroad, causes, _times_ours(left), unblocked])
    return pairs.join(found, on="place", how="left", suffix="_found", maintain_order="left").with_columns(
        pl.coalesce("cause_found", "cause", pl.lit(str(Cause.OTHER))).alias("cause"),
        pl.coalesce(
            "detail_found",
            "detail",
            pl.when(pl.col("cause").is_null()).then(_stated_otherwise(pairs.columns)),
        ).alias("detail"),
        (pl.col("theirs").fill_null(0) - pl.col("ours").fill_null(0)).cast(AMOUNT).alias("difference"),
    )


def _stated_otherwise(columns: list[str]) -> pl.Expr:
    """What their record states that ours does not, where no one thing explains the charge."""
    facts = [name for name in _FACTS if f"their_{name}" in columns]
    said = []
    for name in facts:
        theirs, ours = as_text(f"their_{name}"), as_text(name)
        told = pl.format(f"{name.replace('_', ' ')} {{}}, ours {{}}", theirs, ours.fill_null("none"))
        said.append(pl.when(theirs.ne_missing(ours) & theirs.is_not_null()).then(told))
    return pl.concat_str(said, separator="; ", ignore_nulls=True).replace("", None)


def asks_for_currency(charged: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Raise `RecordError` where their charges look like another currency, and they name none.

    That is: none agrees or is explained, and all are about the same small part of ours.
    """
    if charged["their_currency"].count():
        return
    both = rows.filter((pl.col("ours") > 0) & (pl.col("theirs") > 0))
    parts = (pl.col("ours").cast(pl.Float64) / pl.col("theirs").cast(pl.Float64)).alias("ratio")
    ratios = sorted(both.select(parts)["ratio"].to_list())
    if both.is_empty() or (both["cause"] != Cause.OTHER).any():
        return
    least, most = ratios[0], ratios[-1]
    if _STRONG[0] <= least and most <= min(_STRONG[1], least * _ALIKE):
        raise RecordError(
            f"their charges are about 1/{ratios[len(ratios) // 2]:.0f} of ours, and no currency is stated: "
            "pass currency='USD' with inr_per_unit= and inr_on=, or currency='INR'"
        )


def _twin(pairs: pl.DataFrame) -> pl.Expr:
    """The key of a paired record that is of the same call: number, answer, seconds and charge."""
    stated = [name for name in _OF_A_CALL if name in pairs.columns]
    if len(stated) < len(_OF_A_CALL):
        return pl.lit(None, pl.String)
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in stated) & (pl.col("their_charge") != 0)
    paired = pl.col("our_row").is_not_null() & pl.col("their_row").is_not_null()
    return pl.when(known).then(pl.col("key").filter(paired).first().over(stated))


def _unanswered(pairs: pl.DataFrame) -> pl.Expr:
    """Whether one side alone has the call, and neither seconds nor money are in it."""
    nobody = (pl.col("ours") == 0) & (pl.col("billed_seconds") == 0)
    alone = pl.col("their_row").is_null() & nobody
    seconds = [name for name in ("their_seconds", "their_billed_seconds") if name in pairs.columns]
    said = pl.coalesce(pl.col(name).cast(pl.Float64, strict=False) for name in seconds)
    return alone | (
        pl.col("our_row").is_null() & (pl.col("their_charge") == 0) & (said == 0).fill_null(False)
    )


def _times_ours(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose charge is twice or three times ours, and that nothing else explains."""
    times = pl.coalesce(
        pl.when((pl.col("ours") > 0) & (pl.col("theirs") == pl.col("ours") * count)).then(pl.lit(f"{count}"))
        for count in (2, 3)
    )
    return rows.select(
        "place", cause=pl.lit(str(Cause.DOUBLE_CHARGE)), detail=pl.format("{} times our charge", times)
    ).filter(pl.col("detail").is_not_null())
