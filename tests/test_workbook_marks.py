"""What a workbook says of its cells beside their values: money by format, hidden and merged cells."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from dialnexa_routing.files.number_formats import shown
from dialnexa_routing.text.errors import SheetError
from hostile_workbooks import packed
from old_workbooks import ods
from published import USD, prefixes, reasons, sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.sheets import RateSheet

PLAIN = "Code,Destination,Rate"
ROWS = [(91, "India", 0.5), (92, "Pakistan", 0.6), (9198, "India Mobile", 0.7)]


def book(
    money: str = "General",
    more: Callable[[Any, Any], None] | None = None,
    at: int = 0,
    head: str = PLAIN,
) -> bytes:
    """A workbook whose rates have the number format `money`, from column `at` on, and `more` done to it."""
    held = io.BytesIO()
    made = xlsxwriter.Workbook(held, {"in_memory": True})
    page = made.add_worksheet("Rates")
    priced = made.add_format({"num_format": money})
    page.write_row(0, at, head.split(","))
    for place, (code, name, rate) in enumerate(ROWS, start=1):
        page.write_row(place, at, [code, name])
        page.write_number(place, at + 2, rate, priced)
    if more is not None:
        more(made, page)
    made.close()
    return held.getvalue()


def read(data: bytes, **options: Any) -> RateSheet:
    return sheet(data, "deck.xlsx", **{"currency": None, **options})


@pytest.mark.parametrize(
    ("code", "sample"),
    [
        ("#,##0.00\\ [$\u20ac-407]", "1 \u20ac"),
        ("[$Rs.-4009] 0.00", "INR 1"),
        ("[$Rs.] 0.00", "Rs. 1"),
        ("[$$-1009]#,##0.00", "CAD 1"),
        ("[$$-10409]#,##0.00;[Red]-[$$-10409]#,##0.00", "USD 1"),
        ("[$\u00a5-ja-JP]0.00", "JPY 1"),
        ("[$-409]0.00", None),
        ('_-"\u00a3"* #,##0.00_-;-"\u00a3"* #,##0.00_-;_-"\u00a3"* "-"??_-;_-@_-', "\u00a31"),
        ("[>=1]0.00;[<1]0.0000", None),
        ('"+"0', None),
        ("0.00E+00", None),
        ("[h]:mm:ss", None),
        ('"USD/min "0.0000', "USD/min 1"),
    ],
)
def test_a_number_format_is_known_by_how_it_shows_a_one(code: str, sample: str | None) -> None:
    assert shown(code) == sample


@pytest.mark.parametrize(
    ("money", "told", "head"),
    [
        ('"$"#,##0.00', "writes '$', the sign of several currencies: pass currency=", PLAIN),
        ('_("$"* #,##0.0000_);_("$"* (#,##0.0000)', "writes '$', the sign of several currencies", PLAIN),
        ("[$$-409]#,##0.00", "the rates are in USD: pass inr_per_unit=", PLAIN),
        ("#,##0.00 [$\u20ac-407]", "the rates are in EUR: pass inr_per_unit=", PLAIN),
        ('0.0000 "EUR"', "the rates are in EUR: pass inr_per_unit=", PLAIN),
        ('"kr" 0.00', "writes 'kr', the sign of several currencies: pass currency=", PLAIN),
        ("0.00%", "are percents by their number format", PLAIN),
        (
            "[$$-409]#,##0.00",
            "the rates are in USD: pass inr_per_unit=",
            "prefix,network_group,outbound_rate",
        ),
        ('"$"0.00', "writes '$', the sign of several", "prefix,network_group,outbound_rate"),
    ],
)
def test_R49_a_price_in_foreign_money_by_its_format_is_none_in_rupees(
    money: str, told: str, head: str
) -> None:
    with pytest.raises(SheetError) as caught:
        read(book(money, head=head))
    assert told in str(caught.value)
    if money.startswith(("[", '"$')):
        with pytest.raises(SheetError, match=r"'Rate'|'outbound_rate'"):
            read(book(money, head=head), currency="INR")


def test_formats_count_as_what_they_say() -> None:
    for data in (book("[$$-409]0.00"), book('"$"0.00', at=2)):
        found = read(data, **(USD if b"409" not in data else {**USD, "currency": None}))
        assert found.rows["outbound_rate"].to_list() == [Decimal(40), Decimal(48), Decimal(56)]
    assert read(book("[$\u20b9-4009] #,##0.00")).rows["outbound_rate"].to_list()[0] == Decimal("0.5")
    assert read(book('0.00 "paise"')).rows["outbound_rate"].to_list()[0] == Decimal("0.005")
    assert read(book('\u20b9 0.00 "/sec"')).rows["outbound_rate"].to_list()[0] == Decimal(30)
    krone = read(book('"kr" 0.00'), currency="INR")
    assert "3 cells are shown as 'kr 1'" in reasons(krone, "warning")


def test_a_format_above_the_head_or_of_a_text_says_nothing() -> None:
    def more(made: Any, page: Any) -> None:
        dollars = made.add_format({"num_format": '"$"0.00'})
        page.write(4, 0, 93)
        page.write(4, 1, "Afghanistan")
        page.write(4, 2, "blocked", dollars)
        page.write_blank(5, 2, None, dollars)

    assert read(book(more=more), currency="INR").counts.loaded == 4


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_table_may_begin_in_any_column(at: int) -> None:
    def more(_made: Any, page: Any) -> None:
        page.write(0, at + 3, "Effective Date")
        page.write_formula(1, at + 3, "=1+1", None, "")

    found = read(book(at=at), currency="INR")
    assert (prefixes(found), found.rows["outbound_rate"].to_list()[2]) == (
        ["91", "92", "9198"],
        Decimal("0.7"),
    )
    with pytest.raises(SheetError, match=rf"formula in {'DEXG'[at]}2"):
        read(book(at=at, more=more), currency="INR", timezone="UTC")


def test_rows_out_of_sight_are_read_and_told() -> None:
    def hidden(_made: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        page.set_row(3, 0)
        page.set_row(90, None, None, {"hidden": True})

    found = read(book(more=hidden), currency="INR")
    assert found.counts.loaded == 3
    assert "2 rows are hidden, the first is row 2, and were read as any other" in reasons(found, "warning")

    def filtered(_made: Any, page: Any) -> None:
        page.autofilter(0, 0, 3, 2)
        page.filter_column(0, "x == 92")
        page.set_row(1, None, None, {"hidden": True})

    found = read(book(more=filtered), currency="INR")
    assert "1 rows are filtered out of sight, the first is row 2" in reasons(found, "warning")
    assert "hidden" not in reasons(read(book(), currency="INR"))


def test_columns_and_sheets_out_of_sight_are_told() -> None:
    def hidden(made: Any, page: Any) -> None:
        page.set_column(3, 3, None, None, {"hidden": True})
        page.set_column(5, 5, 0)
        page.write_row(0, 3, ["Connect Fee", "Note", "Remarks"])
        page.write_row(1, 3, [0.25, "some words", "other words"])
        old = made.add_worksheet("Old")
        old.write_row(0, 0, ["Code", "Rate"])
        old.hide()

    found = read(book(more=hidden, at=0), currency="INR")
    told = reasons(found, "warning")
    assert "hidden in the workbook, and was read as connect_fee" in told
    assert "pass leave_out=('Connect Fee',)" in told
    assert "hidden: 'Old', show what is meant of them and save" in told
    assert found.rows["connect_fee"].to_list()[0] == Decimal("0.25")


def test_R47_a_merged_price_is_that_of_each_of_its_rows() -> None:
    def merged(_made: Any, page: Any) -> None:
        page.write(0, 3, "Connect Fee")
        page.merge_range(1, 3, 3, 3, 0.9)
        page.write_row(4, 0, [93, "Afghanistan", 0.5])
        page.write_row(5, 0, [94, "Sri Lanka"])
        page.write_row(6, 0, [95, "Myanmar"])
        page.merge_range(4, 2, 5, 2, 0.5)
        page.merge_range(7, 0, 8, 3, "RATES IN RUPEES, FOR A MINUTE")

    found = read(book(more=merged), currency="INR", pulse="60/60")
    assert prefixes(found) == ["91", "92", "9198", "93", "94", "95"]
    rates = [Decimal(text) for text in ("0.5", "0.6", "0.7", "0.5", "0.5")]
    assert found.rows["outbound_rate"].to_list() == [*rates, None]
    assert found.rows["connect_fee"].to_list()[:4] == [Decimal("0.9")] * 3 + [None]
    assert found.rows["blocked"].to_list() == [False] * 5 + [True]


def test_R47_a_blank_price_under_another_is_warned_of_where_no_format_documents_it() -> None:
    text = "Code,Destination,Rate\n91,India,0.5\n9198,India Mobile,\n"
    assert "of cells that were merged only the first kept its price" in reasons(sheet(text), "warning")
    plain = "prefix,network_group,outbound_rate\n91,India,0.5\n9198,India Mobile,\n"
    assert "no rate, so the prefix is loaded as blocked" in reasons(sheet(plain), "note")


@pytest.mark.parametrize("front", ["91", "0091"])
def test_digits_that_only_a_format_shows_are_asked_about(front: str) -> None:
    def more(made: Any, page: Any) -> None:
        page.write(1, 0, 98, made.add_format({"num_format": f'"{front}"0'}))

    with pytest.raises(SheetError, match=rf"shown as '{front}1' by their number format.* calling_code="):
        read(book(more=more), currency="INR")


def test_an_open_document_says_the_same() -> None:
    given = ods([["Code", "Destination", "Rate"], ["91", "India", "0.5"], ["92", "Pakistan", "0.7"]])
    with zipfile.ZipFile(io.BytesIO(given)) as archive:
        parts: dict[str, Any] = {name: archive.read(name).decode() for name in archive.namelist()}
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    money = (
        '<table:table-cell office:value-type="currency" office:currency="USD" office:value="0.5"'
        ' table:number-rows-spanned="2"><text:p>$0.50</text:p></table:table-cell>'
    )
    content = parts["content.xml"].replace(text("0.5"), money)
    content = content.replace(text("0.7"), "<table:covered-table-cell/>")
    hidden = '<table:table-row table:visibility="filter">'
    parts["content.xml"] = content.replace(f"<table:table-row>{text('92')}", hidden + text("92"))
    found = sheet(packed(parts), "deck.ods", **{**USD, "currency": None})
    assert found.rows["outbound_rate"].to_list() == [Decimal(40), Decimal(40)]
    assert "1 rows are filtered out of sight, the first is row 3" in reasons(found, "warning")
