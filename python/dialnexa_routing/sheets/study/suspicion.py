"""Prices and prefixes that are probably not meant: found, shown with what was expected, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Self

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.money.iso_4217 import CURRENCIES
from dialnexa_routing.sheets.cells.prefixes import suspicious as looks_cut
from dialnexa_routing.sheets.study.calling_codes import with_owners
from dialnexa_routing.sheets.study.in_force import has_ended, per_minute
from dialnexa_routing.text.errors import MoneyError, SheetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FINDINGS = pl.Schema(
    {
        "finding": pl.String(),
        "severity": pl.String(),
        "country_iso": pl.String(),
        "network_group": pl.String(),
        "prefixes": pl.UInt32(),  # how many the finding is true of
        "prefix": pl.String(),  # the first of them; null = the whole sheet
        "value": pl.String(),
        "expected": pl.String(),
        "remedy": pl.String(),
        "source_file": pl.String(),
        "source_row": pl.UInt32(),
    }
)

_UNIT = ["prefix", "exact_match", "valid_from", "source_file", "source_row"]
_ENOUGH = 3  # rates, before their median states anything
_MINOR_UNITS_FROM = Decimal(1)  # dollars, euros, pounds a minute
_CODE_DIGITS = 3
_PAISE_FROM = Decimal(100)  # rupees a minute


@dataclass(frozen=True)
class Bounds:
    """How far a rate may be from its neighbours."""

    max_rate: Decimal
    group_ratio: int
    country_ratio: int

    @classmethod
    def of(cls, max_rate: str | int | Decimal, group_ratio: int, country_ratio: int) -> Self:
        """Checked bounds. Raises `MoneyError` or `SheetError` for what is none."""
        if isinstance(max_rate, float):
            raise MoneyError(f"max_rate={max_rate!r} is a float: pass text, int or Decimal (R48)")
        try:
            highest = Decimal(max_rate)
        except ArithmeticError:
            highest = Decimal("NaN")
        if not (highest.is_finite() and 0 < highest < 10**9):
            raise MoneyError(f"max_rate={max_rate!r} is no amount from 0 to a billion: pass rupees a minute")
        for name, ratio in (("group_ratio", group_ratio), ("country_ratio", country_ratio)):
            if isinstance(ratio, bool) or not isinstance(ratio, int) or not 2 <= ratio <= 10**6:
                raise SheetError(f"{name}={ratio!r} is no ratio: pass a whole number from 2 to a million")
        return cls(highest, group_ratio, country_ratio)


def suspicious(rows: pl.DataFrame, at: datetime | None, bounds: Bounds) -> pl.DataFrame:
    """What looks wrong in the rows that hold now or later, as `FINDINGS`, the gravest first."""
    rows = rows.filter(~has_ended(at)).with_columns(
        per_minute("outbound"), pl.col("blocked").fill_null(False)
    )
    priced = rows.filter(pl.col("price").is_not_null() & ~pl.col("blocked"))
    found = [FINDINGS.to_frame(), *_prices(priced, bounds), *_prefixes(rows), _units(priced)]
    rank = pl.col("severity").replace_strict({str(severity): at for at, severity in enumerate(Severity)})
    return pl.concat(found).sort(rank, "finding", "prefix", nulls_last=True)


def _prices(priced: pl.DataFrame, bounds: Bounds) -> Iterator[pl.DataFrame]:
    """Rates that are zero, or so high that they may mean a block, or far from the median of their like."""
    price = pl.col("price")
    yield _findings(
        priced.filter(price == 0),
        "zero rate",
        _amount("price"),
        pl.lit("a rate, or blocked"),
        "calls there are free: where 0 means not offered, write blocked (quirk 28)",
    )
    huge = price >= pl.lit(bounds.max_rate, pl.Decimal(38, 9))
    yield _findings(
        priced.filter(huge),
        "may mean blocked",
        _amount("price"),
        pl.lit(f"below {bounds.max_rate}"),
        "a rate this high often means that calls are refused: write blocked (quirk 30)",
    )
    left = priced.filter((price > 0) & ~huge)
    for name, keys, ratio in (
        ("far from its group", ["country_iso", "network_group"], bounds.group_ratio),
        ("far from its country", ["country_iso"], bounds.country_ratio),
    ):
        ordered = price.sort()
        median = left.group_by(keys).agg(
            median=ordered.get((pl.len().cast(pl.Int64) - 1) // 2), rates=pl.len()
        )
        near = left.join(median.filter(pl.col("rates") >= _ENOUGH), on=keys, nulls_equal=True)
        nano, middle = (pl.col(part).to_physical().cast(pl.Int128) for part in ("price", "median"))
        far = near.filter((nano >= middle * ratio) | (nano * ratio <= middle))
        yield _findings(
            far,
            name,
            _amount("price"),
            pl.format("about {}", _amount("median")),
            f"{ratio} times the median or a {ratio}th of it: compare the decimal point with the source",
        )
        left = left.join(far.select(_UNIT), on=_UNIT, how="anti", nulls_equal=True)


def _prefixes(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Prefixes whose calling code is of another country than their row, and those a spreadsheet cut."""
    rows = with_owners(rows).with_columns(cut=looks_cut(rows["prefix"]))
    stated = pl.col("country_iso").is_not_null()
    foreign = stated & ~pl.col("owners").list.contains(pl.col("country_iso")).fill_null(True)
    owned = pl.col("owners").list.len() > 0
    known = pl.col("owners").list.join(" or ")
    yield _findings(
        rows.filter(pl.col("cut") & foreign),
        "damaged prefix",
        pl.col("prefix"),
        known,
        "a spreadsheet cut it to three digits, and its country is another: export it as text (quirk 15)",
        Severity.ERROR,
    )
    yield _findings(
        rows.filter(pl.col("cut") & ~foreign.fill_null(False)),
        "trailing zeros",
        pl.col("prefix"),
        pl.lit("no six zeros at the end"),
        "a spreadsheet leaves long codes so: compare it with the source (quirk 15)",
    )
    yield _findings(
        rows.filter(foreign & owned & ~pl.col("cut")),
        "country disagrees",
        pl.col("country_iso"),
        known,
        "the calling code is another country's: correct the prefix or the country (quirk 58)",
    )
    unknown = pl.col("calling_code").is_null() & (pl.col("prefix").str.len_bytes() >= _CODE_DIGITS)
    yield _findings(
        rows.filter(unknown),
        "unknown calling code",
        pl.col("prefix"),
        pl.lit("an assigned code"),
        "no country is called by it: look for a lost or an added digit (quirk 58)",
    )


def _units(priced: pl.DataFrame) -> pl.DataFrame:
    """Whether rates as published are so high throughout that they may be cents or paise (quirk 38)."""
    # As published means before any conversion: 14 cents are 14, whatever that is in rupees.
    amount = pl.col("original_rate").str.to_decimal(scale=9).cast(pl.Decimal(38, 9))
    ordered = pl.col("amount").drop_nulls().sort()
    medians = (
        priced.with_columns(amount=amount)
        .group_by("currency")
        .agg(
            median=ordered.get((ordered.len().cast(pl.Int64) - 1) // 2, null_on_oob=True),
            prefixes=pl.len(),
            source_file=pl.col("source_file").first(),
        )
        .filter((pl.col("prefixes") >= _ENOUGH) & pl.col("median").is_not_null())
    )
    rupee = pl.col("currency").fill_null("INR") == "INR"
    most = (
        pl.when(rupee).then(pl.lit(_PAISE_FROM)).otherwise(pl.lit(_MINOR_UNITS_FROM)).cast(pl.Decimal(38, 9))
    )
    whole = [code for code, places in CURRENCIES.items() if places == 0]
    high = medians.with_columns(most=most).filter(
        (pl.col("median") > pl.col("most")) & ~pl.col("currency").is_in(whole).fill_null(False)
    )
    return high.select(
        finding=pl.lit("may be minor units"),
        severity=pl.lit(str(Severity.WARNING)),
        country_iso=pl.lit(None, pl.String),
        network_group=pl.lit(None, pl.String),
        prefixes="prefixes",
        prefix=pl.lit(None, pl.String),
        value=pl.format("median {} {}", _amount("median"), pl.col("currency").fill_null("INR")),
        expected=pl.format("at most {}", _amount("most")),
        remedy=pl.lit("half the rates are above that: are they cents or paise? Convert them (quirk 38)"),
        source_file="source_file",
        source_row=pl.lit(None, pl.UInt32),
    ).cast(dict(FINDINGS))  # type: ignore[arg-type]


def _amount(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.replace(r"\.?0+$", "")


def _findings(
    rows: pl.DataFrame,
    finding: str,
    value: pl.Expr,
    expected: pl.Expr,
    remedy: str,
    severity: Severity = Severity.WARNING,
) -> pl.DataFrame:
    """Rows as findings, one for each group and value, with the first prefix and its place."""
    keys = ["country_iso", "network_group", "value", "expected"]
    return (
        rows.with_columns(value=value, expected=expected)
        .group_by(keys)
        .agg(pl.col("prefix", "source_file", "source_row").sort_by("prefix").first(), prefixes=pl.len())
        .select(
            finding=pl.lit(finding),
            severity=pl.lit(str(severity)),
            country_iso="country_iso",
            network_group="network_group",
            prefixes="prefixes",
            prefix="prefix",
            value="value",
            expected="expected",
            remedy=pl.lit(remedy),
            source_file="source_file",
            source_row="source_row",
        )
        .cast(dict(FINDINGS))  # type: ignore[arg-type]
    )
