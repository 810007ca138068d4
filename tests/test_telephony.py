"""Telephony Config under any deck, switches and search, against scans of the rows (R23-R26)."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, deck_of
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import DeckTimeError, UnknownNameError
from dialnexa_routing.workspace.telephony import PriceRange, Switch, SwitchStatus, Telephony, frames
from dialnexa_routing.workspace.telephony.switch import switched_on, with_switches
from dialnexa_routing.workspace.workspace import Workspace
from strategies import PREFIX, TIMES, sheets
from test_import import fresh

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing import RateDeck

Row = dict[str, Any]

GROUPS = ["India", "India - Mobile", "São Tomé", "STRASSE 9198", "Straße 9198", "Ωmega"]
ISOS = ["IN", "CI", "AX", "US", "JM", "XX", None]


@st.composite
def decks(draw: st.DrawFn) -> dict[str, list[Row]]:
    """The rows of two providers' sheets."""
    made: dict[str, list[Row]] = {}
    for provider in ("plivo", "exotel"):
        prefixes = draw(st.lists(PREFIX, min_size=1, max_size=8, unique=True))
        words: st.SearchStrategy[Row] = st.fixed_dictionaries(
            {"network_group": st.sampled_from(GROUPS), "country_iso": st.sampled_from(ISOS)}
        )
        made[provider] = [{"prefix": prefix} | draw(words) for prefix in prefixes]
    return made


def switch(provider: str, row: Row) -> Switch:
    return Switch(provider, row["country_iso"] or "ZZ", row["network_group"])


def switches(rows: dict[str, list[Row]]) -> list[Switch]:
    return sorted({switch(provider, row) for provider, each in rows.items() for row in each})


def compiled(rows: dict[str, list[Row]]) -> dict[str, RateDeck]:
    return {provider: deck_of(each) for provider, each in rows.items()}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, list[Row]], Telephony]:
    """Sheets, and a workspace with some switches on, among them one that no sheet knows."""
    rows = draw(decks())
    stale = [Switch("plivo", "IN", "gone"), Switch("gone", "IN", "gone")]
    on = draw(st.sets(st.sampled_from(switches(rows) + stale)))
    workspace = with_switches(Workspace(id="w"), on)
    assert switched_on(workspace) == on
    return rows, Telephony(workspace, compiled(rows))


@given(worlds(), st.data())
def test_r23_switching_moves_what_is_named_and_nothing_else(
    world: tuple[dict[str, list[Row]], Telephony], data: st.DataObject
) -> None:
    rows, telephony = world
    one = data.draw(st.sampled_from(switches(rows)))
    words = {"provider": one.provider, "country": one.country_iso, "group": one.network_group}
    named = data.draw(st.sampled_from([("provider",), ("provider", "country"), tuple(words)]))
    arguments: dict[str, Any] = {name: words[name] for name in named}
    meant = {other for other in switches(rows) if other[: len(named)] == one[: len(named)]}
    before, text = switched_on(telephony.workspace), telephony.workspace.model_dump_json()

    enabled = telephony.enable(**arguments)
    assert switched_on(enabled) == before | meant
    again = Telephony(enabled, compiled(rows))
    assert again.enable(**arguments) == enabled
    off = again.disable(**arguments)
    known = {other for other in before if other not in telephony.unknown_switches()}
    assert switched_on(off) & set(switches(rows)) == known - meant
    assert Telephony(off, compiled(rows)).disable(**arguments) == off
    if not meant & before and len(named) == 3:
        assert off == telephony.workspace

    assert telephony.workspace.model_dump_json() == text
    assert type(enabled) is Workspace
    assert set(telephony.unknown_switches()) == before - set(switches(rows))


def bare(text: str) -> str:
    """Letter by letter: no case, no marks, no blanks."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in letters if unicodedata.category(one)[0] not in "MZ" and one not in "\t\n")


SEARCH = st.one_of(
    st.sampled_from([*GROUPS, *(iso for iso in ISOS if iso), "india", "côte", "ÅLAND", "", " ", "+", "ss"]),
    st.text("aåIiDnsß 19+", max_size=5),
    PREFIX,
)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A search as people may type it: of another case, with blanks, with a plus."""
    text = draw(SEARCH)
    if draw(st.booleans()):
        text = " ".join(text)
    if text[:1].isascii() and text[:1].isdigit() and draw(st.booleans()):
        text = f"+{text}"
    return draw(st.sampled_from([text, text.upper(), f" {text}\t"]))


@given(worlds(), disguised())
def test_r25_searches_find_what_a_scan_finds(
    world: tuple[dict[str, list[Row]], Telephony], search: str
) -> None:
    rows, telephony = world
    term = bare(search)
    digits = term.removeprefix("+")
    is_digits = bool(digits) and set(digits) <= set("0123456789")
    for provider, each in rows.items():
        isos = {row["country_iso"] or "ZZ" for row in each}
        wanted = set()
        for iso in isos:
            name = COUNTRIES[iso].name if iso in COUNTRIES else {"ZZ": "No country"}.get(iso, iso)
            code = COUNTRIES[iso].calling_code if iso in COUNTRIES else ""
            if term in bare(name) or bare(iso).startswith(term) or (is_digits and code.startswith(digits)):
                wanted.add(iso)
        found = telephony.countries(provider, search)
        assert {view.iso for view in found} == wanted
        assert found == tuple(view for view in telephony.countries(provider) if view.iso in wanted)

        above = [len(row["prefix"]) for row in each if digits.startswith(row["prefix"])]
        owners = {
            switch(provider, row)
            for row in each
            if is_digits
            and (
                row["prefix"].startswith(digits)
                or (digits.startswith(row["prefix"]) and len(row["prefix"]) == max(above))
            )
        }
        for iso in isos:
            inside = {switch(provider, row) for row in each if (row["country_iso"] or "ZZ") == iso}
            groups = telephony.network_groups(iso, provider, search)
            names = {one.network_group for one in inside if one in owners or term in bare(one.network_group)}
            assert [view.name for view in groups] == sorted(names)


@given(worlds())
def test_r24_views_say_what_the_rows_and_the_switches_say(
    world: tuple[dict[str, list[Row]], Telephony],
) -> None:
    rows, telephony = world
    on = switched_on(telephony.workspace)
    for provider, each in rows.items():
        for country in telephony.countries(provider):
            groups = telephony.network_groups(country.iso, provider)
            assert (country.groups, country.enabled) == (len(groups), sum(view.enabled for view in groups))
            expected = {0: SwitchStatus.NONE, country.groups: SwitchStatus.ALL}.get(
                country.enabled, SwitchStatus.SOME
            )
            assert country.status is expected
            for view in groups:
                key = Switch(provider, country.iso, view.name)
                owned = {row["prefix"] for row in each if switch(provider, row) == key}
                assert view.enabled == (key in on)
                # What a shorter prefix of the same group says already is left out of the deck.
                assert set(view.prefixes) <= owned
                assert all(any(one.startswith(kept) for kept in view.prefixes) for one in owned)
                assert view.outbound is None
        listed = [
            view
            for one in telephony.countries(provider)
            for view in telephony.network_groups(one.iso, provider)
        ]
        assert {Switch(view.provider, view.country_iso, view.name) for view in listed} == {
            switch(provider, row) for row in each
        }


@given(sheets(), st.sampled_from(TIMES), st.sampled_from(["0", "12.5", "-100"]))
def test_r26_a_price_is_the_range_of_the_rows_in_force(rows: list[Row], at: Any, markup: str) -> None:
    plan = BillingPlan.model_validate(
        {"id": "p", "telephony": {"kind": "deck_prices", "markup_percent": markup}}
    )
    telephony = Telephony(Workspace(id="w"), {"plivo": deck_of(rows)}, plan, at)
    shown = {
        (view.country_iso, view.name): view
        for country in telephony.countries()
        for view in telephony.network_groups(country.iso)
    }
    factor = 1 + Fraction(markup) / 100
    for key, view in shown.items():
        own = [
            row
            for row in rows
            if (row["country_iso"] or "ZZ", row["network_group"]) == key and not row["blocked"]
            if (begin := row.get("valid_from")) is None or begin <= at
            if (end := row.get("valid_to")) is None or at < end
        ]
        for direction in ("outbound", "inbound"):
            prices = [
                Decimal(floor(Fraction(rate) * 60 / row["rate_unit_s"] * factor * 10**9 + Fraction(1, 2)))
                for row in own
                if (rate := row[f"{direction}_rate"]) is not None
            ]
            expected = PriceRange(min(prices).scaleb(-9), max(prices).scaleb(-9)) if prices else None
            assert getattr(view, direction) == expected


def test_r26_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(DeckTimeError, match="no time zone"):
        Telephony(Workspace(id="w"), {}, at=datetime(2026, 4, 1))


def test_r23_what_is_switched_on_is_shown_on() -> None:
    decks = {"plivo": deck_of(INDIA)}
    workspace = Telephony(Workspace(id="w"), decks).enable(country="IN")
    telephony = Telephony(workspace, decks)
    assert [view.status for view in telephony.countries(search="in")] == [SwitchStatus.ALL]
    assert Telephony(workspace, decks).disable(provider="plivo") == Workspace(id="w")


def test_r27_the_switch_of_sip_is_one() -> None:
    telephony = Telephony(Workspace(id="w"), {})
    on = telephony.enable_sip()
    assert (on.sip_enabled, telephony.workspace.sip_enabled) == (True, False)
    assert Telephony(on, {}).enable_sip() == on
    assert Telephony(on, {}).disable_sip() == telephony.workspace
    assert Telephony(on, {}).sip().enabled


def test_r10_selecting_gives_another_workspace() -> None:
    decks = {"plivo": deck_of(INDIA), "exotel": deck_of(INDIA)}
    workspace = Workspace(id="w")
    for name in ("exotel", "sip"):
        chosen = Telephony(workspace, decks).select(name)
        views = Telephony(chosen, decks).providers()
        assert [view.name for view in views if view.selected] == [chosen.provider] == [name]
    assert workspace.provider == "plivo"


def test_r24_names_of_countries_that_iso_does_not_know_are_the_sheets_own() -> None:
    rows = [{"prefix": "1", "country_iso": "XX", "country": "Utopia"}, {"prefix": "2", "country_iso": "XY"}]
    telephony = Telephony(Workspace(id="w"), {"plivo": deck_of(rows)})
    assert [(view.name, view.calling_code) for view in telephony.countries()] == [
        ("Utopia", None),
        ("XY", None),
    ]
    assert len(telephony.network_groups("utopia")) == 1
    with pytest.raises(UnknownNameError, match="Utopia"):
        telephony.network_groups("Utopai")


def test_r24_a_group_that_a_deck_numbers_twice_has_one_switch() -> None:
    rows = [
        {"prefix": "91", "country_iso": "IN", "country": "India"},
        {"prefix": "92", "country_iso": "IN", "country": "Bharat"},
    ]
    telephony = Telephony(Workspace(id="w"), {"plivo": deck_of(rows)})
    (country,) = telephony.countries()
    (group,) = telephony.network_groups("India", search="92")
    assert (country.groups, group.prefixes) == (1, ("91", "92"))


@given(worlds())
def test_r24_frames_and_plain_data_say_what_the_views_say(
    world: tuple[dict[str, list[Row]], Telephony],
) -> None:
    _, telephony = world
    shown, plain = telephony.frames(), telephony.to_dict()
    assert [frame.schema for frame in shown.values()] == [frames.COUNTRIES, frames.NETWORK_GROUPS]
    views = [(one.name, view) for one in telephony.providers() for view in telephony.countries(one.name)]
    assert shown["countries"].rows() == [
        (name, view.iso, view.name, view.calling_code, view.groups, view.enabled, view.status)
        for name, view in views
    ]
    groups = [group for name, view in views for group in telephony.network_groups(view.iso, name)]
    columns = ["provider", "country_iso", "network_group", "prefixes", "enabled"]
    assert shown["network_groups"].select(columns).rows() == [
        (one.provider, one.country_iso, one.name, list(one.prefixes), one.enabled) for one in groups
    ]
    assert json.loads(json.dumps(plain)) == plain
    assert [one["name"] for one in plain["providers"]] == [one.name for one in telephony.providers()]
    countries = [country for one in plain["providers"] for country in one["countries"]]
    listed = [group for country in countries for group in country["network_groups"]]
    assert listed == [group.to_dict() for group in groups]


def test_r26_frames_have_null_for_no_price() -> None:
    plan = BillingPlan.model_validate({"id": "p", "telephony": {"kind": "deck_prices"}})
    workspace, decks = Workspace(id="w"), {"plivo": deck_of(INDIA)}
    prices = ["outbound_lowest", "outbound_highest", "inbound_lowest", "inbound_highest"]
    india = Telephony(workspace, decks, plan).frames()["network_groups"]
    india = india.filter(pl.col("country_iso") == "IN").select(prices)
    assert india.row(0) == (Decimal("0.60"), Decimal("0.60"), Decimal("0.20"), Decimal("0.20"))
    assert india.rows()[1:] == [(None,) * 4, (Decimal("0.75"), Decimal("0.75"), None, None)]
    absent = Telephony(workspace, decks).frames()["network_groups"].select(prices)
    assert set(absent.null_count().row(0)) == {len(absent)}
    (group,) = Telephony(workspace, decks, plan).network_groups("IN", search="9198")
    assert group.to_dict()["outbound"] == {"lowest": "0.750000000", "highest": "0.750000000"}


def test_looking_and_switching_import_no_data_frames(tmp_path: Path) -> None:
    deck_of(INDIA).save(tmp_path / "plivo.deck")
    script = (
        "import sys\n"
        "from dialnexa_routing import RateDeck, Telephony, Workspace\n"
        "decks = {'plivo': RateDeck.open(sys.argv[1])}\n"
        "workspace = Telephony(Workspace(id='w'), decks).enable(country='IN')\n"
        "telephony = Telephony(workspace, decks)\n"
        "print(len(telephony.network_groups('IN', search='9198')), '9140' in telephony.page())\n"
        "print('polars' in sys.modules)\n"
    )
    assert fresh(script, str(tmp_path / "plivo.deck")).splitlines() == ["1 True", "False"]
