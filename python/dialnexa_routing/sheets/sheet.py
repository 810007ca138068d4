"""A rate sheet as this package knows it: canonical rows, the faults beside them, and the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from dialnexa_routing.sheets.cells.prefixes import origin_digits
from dialnexa_routing.sheets.sheet_choices import choices_of
from dialnexa_routing.sheets.sheet_look import SheetLook, look
from dialnexa_routing.sheets.sheet_reading import opened, read, refuse_first
from dialnexa_routing.sheets.sheet_rows import SheetRows
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from dialnexa_routing.files.contents import FileSource
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.sheets import sheet_choices as said
    from dialnexa_routing.sheets.conflicts import OnConflict
    from dialnexa_routing.sheets.sheet_options import SheetOptions
    from dialnexa_routing.sheets.study.diff import SheetDiff
    from dialnexa_routing.sheets.study.sheet_report import SheetReport


@dataclass(frozen=True, repr=False, eq=False)
class RateSheet(SheetRows):
    """A published rate sheet, read: every row of it is in `rows`, in `faults`, or counted as noise.

    `rows` has exactly the columns of `dialnexa_routing.deck.canonical_columns.SHEET`, rates in INR per
    `rate_unit_s` seconds; `faults` states what was refused or changed, where, and what to do about
    it; `conversion` is the exchange rate used, if any (R49); `digests` are the SHA-256 of the files;
    `meanings` are the arguments of `Semantics` that the sheet itself states.
    `timezone` is the zone that dates without an offset were read in, and in which reports write days.
    Rows that depend on the caller are all kept; `origin` is the caller a deck will be compiled for (R19).

    >>> import polars as pl
    >>> frame = pl.DataFrame({"prefix": ["91", "091"], "country": "India", "outbound_rate": "0.74"})
    >>> sheet = RateSheet.read(frame)
    >>> sheet
    <RateSheet frame, canonical: 1 row loaded of 2, 1 refused, 0 noise>
    >>> sheet.faults["reason"][0]
    'the prefix starts with 0: write it with its calling code, without 00 or a trunk zero'
    """

    @classmethod
    def read(
        cls,
        path_or_frame: FileSource | Sequence[FileSource],
        *,
        format: str = "auto",  # noqa: A002 - the word people look for
        provider: str | None = None,
        currency: str | None = None,
        unit: str | None = None,
        inr_per_unit: str | int | Decimal | None = None,
        inr_on: date | str | None = None,
        origin: str | None = None,
        timezone: str | None = None,
        dates: said.Dates | None = None,
        columns: Mapping[str, str | int | None] | None = None,
        sheet: str | Sequence[str] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        decimal: said.DecimalMark | None = None,
        strip: str | Sequence[str] = (),
        calling_code: str | None = None,
        hyphens: said.Hyphens | None = None,
        pulse: str | None = None,
        max_rate: str | int | Decimal | None = None,
        jurisdiction: said.Jurisdiction | None = None,
        number_type: str = "local",
        local_origin: str | None = None,
        ambiguous_groups: said.AmbiguousGroups = "refuse",
        leave_out: str | int | Sequence[str | int] = (),
        ends: said.Ends | None = None,
        country_by: said.CountryBy | None = None,
        countries: Mapping[str, str] | None = None,
        statuses: Mapping[str, said.Status] | None = None,
        profile: str | None = None,
        mode: said.Mode | None = None,
        on_conflict: OnConflict = "error",
        max_refused: float = 0.5,
        strict: bool = False,
    ) -> RateSheet:
        """Reads a rate sheet: text of any delimiter and encoding, workbook, Parquet, Arrow, JSON, frame.

        What a sheet leaves open is never guessed: the error names the candidates and the argument
        that settles it. A list of paths, or a folder, is read as one sheet.

        Args:
            path_or_frame: a path, a Polars frame, a folder, or a list of those, oldest first.
            format: ``auto``, or one of `dialnexa_routing.sheets.providers.formats.NAMES`.
            provider: whose sheet it is, where the sheet does not say.
            currency: ISO 4217 code of the amounts, where the sheet does not say.
            unit: ``cent``, ``pence`` or ``paise`` if amounts are hundredths, ``major`` if they are not.
            inr_per_unit: rupees for one unit of the foreign currency, as text, int or `Decimal`.
            inr_on: the date of `inr_per_unit`.
            origin: the caller's digits a deck is to be compiled for; None is any caller.
            timezone: IANA name of the zone of dates that state no offset.
            dates: ``day_first`` or ``month_first``, where no date of a column decides.
            columns: canonical name to the header, or the number from 1, of the column that holds it.
            sheet: the sheets of a workbook to read; None is all visible ones.
            encoding: of texts, as ``cp1251``; None is what they state themselves, else UTF-8 or Windows-1252.
            delimiter: the character between cells of a text, ``tab``, or ``fixed`` for columns of a fixed
                width; None is what its first rows agree on.
            decimal: ``point`` or ``comma``, where no amount of a column decides.
            strip: digits to take away before codes, as ``00`` or a tech prefix.
            calling_code: digits to put in front of national codes.
            hyphens: whether ``93-70`` is one of ``ranges`` or of ``joins``.
            pulse: increments, as ``60/60``, of rows that state none.
            max_rate: published rate a minute above which a prefix is blocked.
            jurisdiction: ``interstate``, ``intrastate``, ``indeterminate``, or the ``dearest`` of them.
            number_type: which of Plivo's and Twilio's inbound rates is meant.
            local_origin: digits of a caller whose number was bought from the provider in that country.
            ambiguous_groups: what becomes of a prefix that Zentrunk lists under several rates.
            leave_out: columns, by header or number from 1, on which no price depends by the caller's word.
            ends: whether a date alone in an end column is a ``whole_day`` still in force, or ends at its
                ``first_instant``, where no following version decides.
            country_by: whether ``name`` or ``prefix`` decides where they disagree about a group's country;
                ``nothing`` leaves the countries of a sheet that names none unknown.
            countries: network group to the ISO code of its country, in the place of what was found for it.
            statuses: words of a status column to ``active``, ``blocked`` (R47) or ``closed`` (R50).
            profile: the buyer of a CGRateS folder that is meant, as ``tenant:category:subject``.
            mode: whether the later of several decks will ``replace`` or ``update`` the earlier.
            on_conflict: ``error``, or which of two conflicting rows stays (R22).
            max_refused: the share of refused prices above which the sheet is refused whole.
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
        caller = origin_digits(origin)
        choices = choices_of(
            provider=provider,
            currency=currency,
            inr_per_unit=inr_per_unit,
            inr_on=inr_on,
            timezone=timezone,
            columns=columns,
            sheet=sheet,
            unit=unit,
            decimal=decimal,
            dates=dates,
            pulse=pulse,
            strip=strip,
            calling_code=calling_code,
            hyphens=hyphens,
            jurisdiction=jurisdiction,
            max_rate=max_rate,
            mode=mode,
            on_conflict=on_conflict,
            max_refused=max_refused,
            encoding=encoding,
            delimiter=delimiter,
            number_type=number_type,
            local_origin=local_origin,
            ambiguous_groups=ambiguous_groups,
            leave_out=leave_out,
            ends=ends,
            country_by=country_by,
            countries=countries,
            statuses=statuses,
            profile=profile,
        )
        found = read(opened(path_or_frame, format, choices), choices)
        made = cls(**{**vars(found), "origin": caller, "timezone": timezone})
        if strict:
            refuse_first(made.faults)
        return made

    @classmethod
    def look(
        cls, path_or_frame: FileSource | Sequence[FileSource], **options: Unpack[SheetOptions]
    ) -> SheetLook:
        """Format, head and open questions of a sheet, as data; the `options` are those of `read`.

        What is open is handed back and never raised, so a form can ask for all of it, and look again with
        the answers. Raises `SheetError` for a file that cannot be opened or an option wrong by itself.
        >>> import polars as pl
        >>> frame = pl.DataFrame({"code": ["91"], "country": "India", "rate": "1", "setup": "0.5"})
        >>> [question.argument for question in RateSheet.look(frame).questions]
        ['columns', 'currency']
        """
        return look(path_or_frame, dict(options))

    def report(
        self,
        *,
        at: datetime | None = None,
        max_rate: str | int | Decimal = 1000,
        group_ratio: int = 10,
        country_ratio: int = 50,
    ) -> SheetReport:
        """What is in the sheet, what in it can never answer, and what looks wrong.

        Args:
            at: the instant that past and future rows are known by, with a zone; a must for dated rows (R50).
            max_rate: INR a minute from which a rate may mean that the prefix is blocked (quirk 30).
            group_ratio: how many times the median of its network group a rate has to be, or the
                median it, to look wrong.
            country_ratio: the same within a country, where premium numbers are dear rightly.

        Raises:
            DeckTimeError: there are dated rows and no `at`, or it has no zone.

        >>> import polars as pl
        >>> frame = pl.DataFrame({"prefix": ["91", "9198"], "country": "India", "outbound_rate": ["1", "1"]})
        >>> RateSheet.read(frame).report().redundant["prefix"].to_list()
        ['9198']
        """
        refuse_after_fork()
        from dialnexa_routing.sheets.study.sheet_report import report
        from dialnexa_routing.sheets.study.suspicion import Bounds

        return report(self, at, Bounds.of(max_rate, group_ratio, country_ratio))

    def diff(
        self,
        new: RateSheet,
        *,
        at: datetime | None = None,
        origin: str | None = None,
        direction: Direction = "outbound",
    ) -> SheetDiff:
        """What changes for numbers when `new` takes the place of this sheet, by longest match on both.

        Args:
            new: the other sheet; it may be of another provider.
            at: the instant both are asked at, with a zone; a must if either has dated rows (R50).
            origin: the caller's digits; None is the caller both sheets were read for.
            direction: which of the two rates.

        Raises:
            DeckTimeError: there are dated rows and no `at`, or it has no zone.
            SheetError: the sheets were read for different callers and `origin` is not given.

        >>> import polars as pl
        >>> old = RateSheet.read(pl.DataFrame({"prefix": "91", "country": "India", "outbound_rate": ["1"]}))
        >>> ten = pl.DataFrame({"prefix": [f"91{digit}" for digit in range(10)]})
        >>> split = ten.with_columns(country=pl.lit("India"), outbound_rate=pl.lit("1"))
        >>> bool(old.diff(RateSheet.read(split)))
        False
        """
        refuse_after_fork()
        from dialnexa_routing.sheets.study.diff import diff

        return diff(self, new, at=at, origin=origin, direction=direction)
