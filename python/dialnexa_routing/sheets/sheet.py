"""A rate sheet as this package knows it: canonical rows, the faults beside them, and the counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.canonical import Canonical, Reading, read_table
from dialnexa_routing.sheets.columns import SHEET, Severity
from dialnexa_routing.sheets.conflicts import POLICIES, OnConflict, settle
from dialnexa_routing.sheets.dates import zone
from dialnexa_routing.sheets.faults import Counts
from dialnexa_routing.sheets.formats import Choices, choose
from dialnexa_routing.sheets.money import Conversion, Prices
from dialnexa_routing.sheets.prefixes import origin_digits
from dialnexa_routing.sheets.source import Given, sources
from dialnexa_routing.sheets.writing import write

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from dialnexa_routing.deck import RateDeck


@dataclass(frozen=True, repr=False, eq=False)
class RateSheet:
    """A published rate sheet, read: every row of it is in `rows`, in `faults`, or counted as noise.

    `rows` has exactly the columns of `dialnexa_routing.sheets.columns.SHEET`, rates in INR per
    `rate_unit_s` seconds; `faults` says what was refused or changed, where, and what to do about
    it; `conversion` is the exchange rate used, if any (R49); `digests` are the SHA-256 of the files.
    Rows that depend on the caller are all kept; `origin` is the caller a deck will be compiled for (R19).

    >>> import polars as pl
    >>> frame = pl.DataFrame({"prefix": ["91", "091"], "country": "India", "outbound_rate": "0.74"})
    >>> sheet = RateSheet.read(frame)
    >>> sheet
    <RateSheet frame, canonical: 1 row loaded of 2, 1 refused, 0 noise>
    >>> sheet.faults["reason"][0]
    'the prefix starts with 0: write it with its calling code, without 00 or a trunk zero'
    """

    rows: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    provider: str | None
    origin: str | None
    format: str
    recognised_by: str
    files: tuple[str, ...]
    conversion: Conversion | None = None
    digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        path_or_frame: Given | Sequence[Given],
        *,
        provider: str | None = None,
        currency: str | None = None,
        inr_per_unit: str | int | Decimal | None = None,
        inr_on: date | str | None = None,
        origin: str | None = None,
        format: str = "auto",  # noqa: A002 - the word people look for
        timezone: str | None = None,
        number_type: str = "local",
        on_conflict: OnConflict = "error",
        strict: bool = False,
    ) -> RateSheet:
        """Reads a rate sheet: CSV of any delimiter and encoding, gzip, xlsx, Parquet, Arrow IPC, JSON, frame.

        Amounts not in INR need `currency` (unless the sheet has a column of it), `inr_per_unit`
        and `inr_on`; a column of the sheet goes before the argument. `timezone` is for dates
        without an offset. A list of paths, or a folder of JSON files, is read as one sheet.

        Args:
            path_or_frame: a path, a Polars frame, a folder of JSON responses, or a list of those.
            provider: whose sheet it is, where the sheet does not say.
            currency: ISO 4217 code of the amounts, where the sheet does not say.
            inr_per_unit: rupees for one unit of the foreign currency, as text, int or `Decimal`.
            inr_on: the date of `inr_per_unit`.
            origin: the caller's digits a deck is to be compiled for; None is any caller.
            format: ``auto``, ``canonical`` or ``plivo``.
            timezone: IANA name of the zone of dates that state no offset.
            number_type: which of Plivo's inbound rates is meant.
            on_conflict: ``error``, or whether the ``first`` or ``last`` of two conflicting rows stays (R22).
            strict: raise on the first refused row instead of listing it.

        Raises:
            FileNotFoundError: a path is not there.
            SheetError: the sheet cannot be read as it stands, or `strict` found a refused row.
            MoneyError: `inr_per_unit` is a float or not positive.

        >>> import polars as pl
        >>> frame = pl.DataFrame({"prefix": ["1"], "network_group": ["US"], "rate": ["0.012"]})
        >>> sheet = RateSheet.read(frame, currency="USD", inr_per_unit="84.2150", inr_on="2026-01-05")
        >>> sheet.rows["outbound_rate"][0], sheet.rows["original_rate"][0]
        (Decimal('1.010580000'), '0.012')
        """
        if on_conflict not in POLICIES:
            raise SheetError(f"on_conflict={on_conflict!r} is not known: pass one of {', '.join(POLICIES)}")
        prices = Prices(currency, inr_per_unit, inr_on)
        naive_zone, caller = zone(timezone), origin_digits(origin)
        found = sources(path_or_frame)
        form, why = choose(found, format)
        reading = Reading(provider or form.provider, prices, naive_zone)
        choices = Choices(number_type)
        tables = [read_table(table, reading) for source in found for table in form.tables(source, choices)]
        sheet = cls._of(tables, on_conflict)
        used = next((table.conversion for table in tables if table.conversion), None)
        files = tuple(dict.fromkeys(source.file for source in found))
        sheet = replace(
            sheet,
            origin=caller,
            format=form.name,
            recognised_by=why,
            files=files,
            conversion=used,
            digests={source.file: source.digest for source in found if source.digest},
            provider=sheet.provider or reading.provider,
        )
        if strict:
            sheet._raise_first_error()
        return sheet

    @classmethod
    def _of(cls, tables: list[Canonical], on_conflict: OnConflict) -> RateSheet:
        rows, dropped, warnings = settle(pl.concat([table.rows for table in tables]), on_conflict)
        counts = sum((table.counts for table in tables), Counts()).dropped_as_noise(dropped)
        faults = pl.concat([*(table.faults for table in tables), warnings])
        providers = rows["provider"].drop_nulls().unique().sort().to_list()
        if len(providers) > 1:
            raise SheetError(f"the sheets are of {' and '.join(providers)}: read one provider at a time")
        provider = providers[0] if providers else None
        return cls(rows.select(list(SHEET)), faults, counts, provider, None, "", "", ())

    def _raise_first_error(self) -> None:
        errors = self.faults.filter(pl.col("severity") == str(Severity.ERROR))
        if errors.height:
            first = errors.row(0, named=True)
            sheet = f", sheet {first['sheet']!r}" if first["sheet"] else ""
            raise SheetError(
                f"{first['file']}{sheet}, row {first['row']}, column {first['column']!r},"
                f" value {first['value']!r}: {first['reason']}"
                f" ({errors.height} such fault{'s' if errors.height > 1 else ''} in all)"
            )

    def compile(self, **options: Any) -> RateDeck:
        """The deck of this sheet alone, for its own `origin` (R19): `RateDeck.compile([self], **options)`."""
        from dialnexa_routing.deck import RateDeck

        return RateDeck.compile([self], **{"origin": self.origin, **options})

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes `rows` as Parquet, CSV or Arrow IPC, by the suffix; reading it back gives equal rows.

        In CSV a cell that a spreadsheet would take for a formula is guarded with ``'``. Raises
        `SheetError` for another suffix, or when the file cannot be written.

        >>> import tempfile, pathlib, polars as pl
        >>> frame = pl.DataFrame({"prefix": ["91"], "country": ["=1+1"], "outbound_rate": ["1"]})
        >>> sheet = RateSheet.read(frame)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sheet.write(pathlib.Path(folder) / "sheet.csv")
        ...     RateSheet.read(pathlib.Path(folder) / "sheet.csv").rows.equals(sheet.rows)
        True
        """
        write(self.rows, path)

    def __repr__(self) -> str:
        name = self.files[0] if len(self.files) == 1 else f"{len(self.files)} files"
        whose = f" of {self.provider}" if self.provider else ""
        rows = "row" if self.counts.loaded == 1 else "rows"
        counts = self.counts
        return (
            f"<RateSheet {name}{whose}, {self.format}: {counts.loaded} {rows} loaded of {counts.read},"
            f" {counts.refused} refused, {counts.noise} noise>"
        )
