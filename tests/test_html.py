"""HTML of our own: valid, escaped, and nothing of a stranger's text gets out of its place."""

from __future__ import annotations

from html.parser import HTMLParser

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing.sheets.study.study_tables import html_table, html_tables
from dialnexa_routing.text.html import Markup, element, joined, lines, page, table, text

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><h1>",
    "<!--",
    "&lt;b&gt;",
    "a\u202eb\x00c",
    "' onmouseover='x",
]
VOID = {"meta", "br"}


class Read(HTMLParser):
    """Elements in their order, and the text of each cell; every element is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_the_text_of_its_cell(name: str) -> None:
    made = table([name, "₹"], [[name, "0.75"]], caption=name, numbers={1})
    read = Read(page(name, joined([lines([name, name]), element("p", name, kind=name), made])))
    assert set(read.tags) == {
        *("html", "head", "meta", "title", "style", "body", "p", "br"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    }
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    assert read.cells == [seen, "₹", seen, "0.75"]


@given(st.text())
def test_a_text_comes_back_as_it_can_be_seen(name: str) -> None:
    read = Read(element("p", name))
    assert read.tags == ["p"]
    assert read.text.isprintable()
    assert len(read.text) == len(name)


def test_markup_is_taken_as_it_is_and_text_beside_it_is_escaped() -> None:
    made = element("b", "x")
    assert text(made) is made
    assert made + "<i>" == "<b>x</b>&lt;i&gt;"
    assert isinstance(made + made, Markup)
    assert element("p", made, "<") == "<p><b>x</b>&lt;</p>"


def test_a_body_that_nobody_escaped_is_no_page() -> None:
    with pytest.raises(TypeError, match="the body of a page is text"):
        page("x", "<p>x</p>")


def test_numbers_are_set_to_the_right_and_rows_have_kinds() -> None:
    made = table(["a", "b"], [["x", "1"], ["y", "2"]], numbers={1}, kinds=[None, "lost"])
    assert made.count('<td class="n" style="text-align:right">') == 2
    assert made.count('<tr class="lost">') == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_frames_of_a_stranger_are_escaped(name: str) -> None:
    frame = pl.DataFrame({name: [name] * 3, "calls": [1200, 2, 3]})
    read = Read(html_tables([name], {name: frame}, 2))
    assert read.cells[3:] == ["1,200", read.cells[2], "2"]
    assert "and 1 more" in read.text
    assert html_table(frame, name).count("<td") == 6
