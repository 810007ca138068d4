"""A provider's charged records beside ours: every difference once, with its cause, and nothing lost.

Records are joined by a key. Of a key that stands several times on a side, the first of ours belongs
to the first of theirs, the second to the second; what is left over is a duplicate. The differences of
all rows add up to their total minus ours, exactly. Why two charges differ is found by rating again,
see `dialnexa_routing.billing.causes` for the order of causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.call_columns import CallColumns
from dialnexa_routing.billing.causes import Search
from dialnexa_routing.billing.charged_records import PLACES, ChargeFloats, charged_records
from dialnexa_routing.billing.classes import asks_for_currency, classified
from dialnexa_routing.billing.foreign_charges import TheirMoney, is_in_rupees
from dialnexa_routing.billing.pairing import a_key, our_calls, paired
from dialnexa_routing.billing.re_rating import Cause
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.records.call_records import CallRecords
from dialnexa_routing.records.call_report import NO_FAULTS
from dialnexa_routing.records.rated_sums import summed, whole_of
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from altair import LayerChart

    from dialnexa_routing.billing.call_columns import ColumnOptions
    from dialnexa_routing.deck.rates import Rates

_READ = {"charge": "their_charge", "currency": "their_currency", "number": "to"}
"""What columns of `CallRecords` are here; the others have these names."""
_MONEY = ("ours", "theirs", "difference")
_NO_DIFFERENCE = [str(Cause.AGREES), str(Cause.UNANSWERED)]
_ROW = (
    "key",
    "cause",
    "detail",
    "country_iso",
    "network_group",
    "prefix",
    "billed_seconds",
    "their_billed_seconds",
    *_MONEY,
    "our_row",
    "their_row",
)


@dataclass(frozen=True, repr=False, eq=False)
class Reconciliation(Report):
    """Our records and theirs, joined.

    Attributes:
        rows: a row for each pair, and for each record that has none: ``key``, ``cause`` (of `Cause`),
            ``detail``, what the number belongs to, billed seconds of both, ``ours``, ``theirs``,
            ``difference`` (theirs minus ours, a missing charge counting as none), and the places of
            the records in their frames, from 0. In our order, then theirs.
        by_cause: rows, billed seconds and amounts of each cause, and its most frequent detail; the
            greatest difference first.
        by_group: the same by network group and cause, without what agrees.
        totals: rows, agreeing, and the amounts of all.
        rates: what their currencies were converted by, each as a sentence (R49).
        hints: what of theirs counts as nothing, or meets nothing of ours, and what to pass.
    """

    money = ("ours", "theirs", "difference")

    rows: pl.DataFrame
    by_cause: pl.DataFrame
    by_group: pl.DataFrame
    totals: Mapping[str, int | Decimal]
    rates: Sequence[str] = ()
    hints: Sequence[str] = ()

    @property
    def differences(self) -> pl.DataFrame:
        """`rows` without those that agree, and without calls that nobody answered and nobody charged."""
        return self.rows.filter(~pl.col("cause").is_in(_NO_DIFFERENCE))

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many of each list at most."""
        return {
            "totals": {name: tables.plain(value) for name, value in self.totals.items()},
            "rates": list(self.rates),
            "hints": list(self.hints),
            "by_cause": tables.plain_rows(self.by_cause, rows),
            "by_group": tables.plain_rows(self.by_group, rows),
            "differences": tables.plain_rows(self.differences, rows),
        }

    def lines(self) -> list[str]:
        """The totals in words."""
        of = self.totals
        ours, theirs, difference = (rupees(Decimal(tables.cell(of[name]))) for name in _MONEY)
        alone = self.rows.filter(cause=Cause.UNANSWERED).height
        return [
            f"{grouped(int(of['rows']))} rows, {grouped(int(of['agreeing']))} agree:"
            f" ours {ours}, theirs {theirs}, difference {difference}",
            *([f"{grouped(alone)} unanswered calls, which one side alone has"] if alone else []),
            *self.rates,
            *self.hints,
        ]

    def chart(self) -> LayerChart:
        """From our total to theirs, cause by cause, as a waterfall; Altair's (extra ``plot``)."""
        from dialnexa_routing.plot.amounts import waterfall  # brings in Altair, an extra

        steps = self.by_cause.filter(pl.col("difference") != 0).select("cause", "difference").rows()
        ours = Decimal(self.totals["ours"])
        return waterfall(
            ("ours", ours),
            ((cause.replace("_", " "), difference) for cause, difference in steps),
            "theirs",
            title="From our charges to theirs, by cause",
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        """Causes, groups and differences, as people read them."""
        return {
            "by cause": _in_minutes(self.by_cause),
            "by network group": _in_minutes(self.by_group),
            "differences": self.differences.select("key", "cause", "detail", "network_group", *_MONEY),
        }


def reconcile(
    ours: pl.DataFrame | pl.LazyFrame | CallRecords,
    theirs: pl.DataFrame | pl.LazyFrame | CallRecords,
    *,
    deck: Rates,
    key: str = "call_id",
    semantics: Semantics | dict[str, Any] | None = None,
    their_columns: Mapping[str, str] | None = None,
    floats: ChargeFloats | str = ChargeFloats.REFUSED,
    other_decks: Mapping[str, Rates] | None = None,
    other_semantics: Mapping[str, Semantics] | None = None,
    their_timezone: str | None = None,
    charge_sign: str | None = None,
    currency: str | None = None,
    inr_per_unit: Mapping[str, Decimal | str] | Decimal | str | None = None,
    inr_on: date | str | None = None,
    **columns: Unpack[ColumnOptions],
) -> Reconciliation:
    """Join a provider's charges with ours and name the cause of each difference.

    Our calls are rated anew, by what the provider is supposed to charge. If they carry a rating
    already, ``charge`` and ``deck_digest``, it must be this one. Two charges agree if they are equal,
    whatever else the records say.

    Args:
        ours: our call records, rated or not, or as `CallRecords` read them.
        theirs: the provider's records; amounts are text, Decimal or whole numbers. Of `CallRecords` the
            columns are known, and `their_columns` is left out.
        deck: the provider's prices.
        key: the column that states which call it is, of ours, and of theirs unless named otherwise.
        semantics: how the provider should count seconds and charge.
        their_columns: what their columns are called: key, charge, number, seconds, billed_seconds,
            rate, prefix, answered_at, direction, currency. What is not named and stands there under
            this very name is used; only key and charge are a must.
        floats: what floats among their amounts are.
        other_decks: further decks, by name, that a charge may come from.
        other_semantics: further semantics, by name, that it may be counted by.
        their_timezone: zone of their times that have none; ours unless given.
        charge_sign: of what we owe in their file, ``positive`` or ``negative``; None is above zero, and
            asked for where no charge is.
        currency: of their charges where their records name none; None is INR, and asked for where nothing
            agrees and all charges are about the same small part of ours.
        inr_per_unit: INR for a unit of `currency`, or of each currency that their records name, as
            ``{"USD": "83.25"}``. Their charges become rupees once, half-up, with the places of ours (R49).
        inr_on: the day of these rates.
        columns: of ours: `number`, `seconds`, `answered_at`, `direction`, `timezone`, as of
            `dialnexa_routing.records.rate`.

    Raises:
        RecordError: a column is missing, or our calls were rated in another way; sign or currency of their
            charges is open, or a rate has no date.
        MoneyError: their amounts or a rate are floats (R48).

    >>> from dialnexa_routing import RateDeck
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.75"]})
    >>> deck = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    >>> ours = pl.DataFrame({"call_id": [1, 2], "to": ["+919812345678"] * 2, "seconds": [61, 60]})
    >>> theirs = pl.DataFrame({"call_id": [1, 2], "charge": ["0.76", "0.75"]})
    >>> reconcile(ours, theirs, deck=deck).differences.select("key", "cause", "detail").rows()
    [('1', 'pulse', 'pulse 1/1')]
    """
    refuse_after_fork()
    meaning = Semantics.of(semantics)
    if isinstance(ours, CallRecords):
        # Further rows of a call are no calls that they could lack.
        again = pl.col("reason").is_in([str(word) for word in NO_FAULTS])
        ours = ours.rows.filter(~again.fill_null(False))
    if isinstance(theirs, CallRecords):
        if their_columns is not None:
            raise TypeError("their columns are those of CallRecords; leave their_columns out")
        if theirs.charges_open is not None:
            raise RecordError(f"{theirs.name}: {theirs.charges_open}")
        theirs, their_columns = theirs.rows, _READ
    their_names = {"key": key} | dict(their_columns or {})
    money = TheirMoney.of(charge_sign, currency, inr_per_unit, inr_on)
    charged = charged_records(theirs, their_names, ChargeFloats(floats))
    charged = money.applied(charged.with_columns(a_key(pl.col("their_key"))), meaning.decimals)
    calls = our_calls(ours.lazy(), deck, meaning, key, columns)
    zone = columns.get("timezone")
    plan = columns.get("number_plan", WORLD)
    asked = CallColumns.of(calls.columns, number="number", timezone=zone, number_plan=plan)
    pairs = paired(calls, charged, deck, meaning, their_timezone or zone)
    search = Search(
        calls=asked,
        deck=deck,
        semantics=meaning,
        stated={name.removeprefix("their_") for name in charged.columns},
        other_decks=other_decks or {},
        other_semantics=other_semantics or {},
        their_timezone=their_timezone or zone,
    )
    rows = classified(pairs, search)
    if money.currency is None and not money.rates:
        asks_for_currency(charged, rows)
    return _added(rows.select(_ROW), money, _hints(pairs, charged, key))


def _in_minutes(sums: pl.DataFrame) -> pl.DataFrame:
    """Sums as people read them: minutes to the nearest."""
    billed = {"billed_seconds": "minutes", "their_billed_seconds": "their_minutes"}
    return sums.with_columns((pl.col(name) + 30) // 60 for name in billed).rename(billed)


def _hints(pairs: pl.DataFrame, charged: pl.DataFrame, key: str) -> list[str]:
    """What is to be passed where charges were not converted, or no call meets another."""
    foreign = charged.filter(~is_in_rupees() & (pl.col("their_charge") != 0))["their_currency"]
    counts = foreign.str.strip_chars().str.to_uppercase().value_counts(sort=True, name="calls").rows()
    found = [
        f"{grouped(calls)} of their charges are in {code} and count as nothing: pass "
        f"inr_per_unit={{{code!r}: '…'}} with the rupees for one, and inr_on= with its day (R49)"
        for code, calls in counts
    ]
    ours, theirs = pairs["our_row"].count(), pairs["their_row"].count()
    if ours and theirs and ours + theirs == pairs.height:
        found.append(
            f"no call of theirs has the {key} of one of ours: pass key= with the column that both have"
        )
    return found


def _added(rows: pl.DataFrame, money: TheirMoney, hints: Sequence[str]) -> Reconciliation:
    mostly = pl.col("detail").drop_nulls().mode().sort().first().alias("mostly")
    size = pl.col("difference").abs()
    by_cause = _summed(rows, ["cause"], mostly)
    names = ("country_iso", "network_group", "cause")
    by_group = _summed(rows.filter(~pl.col("cause").is_in(_NO_DIFFERENCE)), names)
    return Reconciliation(
        rows=rows,
        by_cause=by_cause.sort(size, "cause", descending=[True, False]),
        by_group=by_group.sort(size, *names, descending=[True, False, False, False]),
        totals={
            "rows": rows.height,
            "agreeing": rows.filter(cause=Cause.AGREES).height,
            **{name: whole_of(by_cause, name) for name in _MONEY},
        },
        rates=money.told(),
        hints=hints,
    )


def _summed(rows: pl.DataFrame, by: Sequence[str], *also: pl.Expr) -> pl.DataFrame:
    return summed(
        rows.lazy(),
        map(pl.col, by),
        rows="rows",
        seconds={name: pl.col(name) for name in ("billed_seconds", "their_billed_seconds")},
        amounts={name: (pl.col(name), PLACES) for name in _MONEY},
        also=also,
    ).collect()
