"""Every format of call records: its sample by value, spoilt twins, random calls written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from call_writers import WRITERS, Call, Writer
from cloud_writers import CLOUDS
from dialnexa_routing import CallRecords, RecordError
from dialnexa_routing.records.formats import FORMATS
from dialnexa_routing.text.errors import FileError
from freeswitch_writers import FREESWITCH
from provider_writers import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = Path(__file__).parent / "call_files"
ALL: dict[str, Writer] = {**WRITERS, **FREESWITCH, **PROVIDERS, **CLOUDS}
OWN = "14155550123"
SAMPLE = (
    Call(11, "14155550100", OWN, "outbound", 1793593800, 5, 125),
    Call(13, "14155550101", OWN, "outbound", 1793594000, 20, None),
    Call(15, OWN, "14155550102", "inbound", 1793594100, 4, 300),
    Call(12, "14155550103", OWN, "outbound", 1793593830, 5, 95, first=11),
    Call(19, "14155550104", OWN, "outbound", 1793595000, 1, 7200),
)
"""Answered, unanswered, inbound, another leg of the first, and two hours long."""


def read(path: Path, writer: Writer) -> CallRecords:
    return CallRecords.read(path, **writer.said)


def told(found: CallRecords) -> list[tuple[Any, ...]]:
    return found.rows.select("to", "from", "direction", "seconds", "reason").rows()


def wanted(calls: Sequence[Call], writer: Writer) -> list[tuple[Any, ...]]:
    """What a reader has to find: number, caller, way, seconds, reason."""
    return [
        (
            f"+{call.to}",
            f"+{call.caller}",
            call.way if writer.directed else "outbound",
            call.talk or 0,
            "other_leg" if writer.legged and call.first is not None else None,
        )
        for call in calls
    ]


def without_caller(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(to, *others) for to, _, *others in rows]


@pytest.mark.parametrize("name", ALL)
def test_a_sample_is_recognised_and_its_rows_are_right_by_value(name: str) -> None:
    writer = ALL[name]
    found = read(FILES / writer.file, writer)
    assert found.format == name.partition(":")[0]
    assert found.recognised_by == next(one.recognised_by for one in FORMATS if one.name == found.format)
    calls = SAMPLE[: writer.most]
    expected = wanted(calls, writer)
    if name == "bandwidth":
        assert without_caller(told(found)) == without_caller(expected)
    else:
        assert told(found) == expected
    counts = found.counts
    joined = 4 if name == "kamailio" else 0
    assert counts.noise == (1 if name == "cucm" else 0)
    assert counts.joined == joined
    assert counts.read == len(calls) + joined + counts.noise
    assert counts.read == counts.loaded + counts.refused + counts.noise + counts.joined
    layout = next(one for one in FORMATS if one.name == found.format)
    at: list[int | None] = [None] * len(calls)
    if "answered_at" in layout.columns:
        at = [None if call.talk is None else call.answer for call in calls]
    read_at = [one and int(one.timestamp()) for one in found.rows["answered_at"]]
    assert [one for one, call in zip(read_at, calls, strict=True) if call.talk is not None] == [
        one for one, call in zip(at, calls, strict=True) if call.talk is not None
    ]


@pytest.mark.parametrize("name", ALL)
def test_the_writer_makes_the_sample(name: str) -> None:
    writer = ALL[name]
    assert writer.write(SAMPLE[: writer.most], 1, 1) == (FILES / writer.file).read_text()


@pytest.mark.parametrize("name", ALL)
def test_what_a_file_leaves_open_is_asked(name: str) -> None:
    writer = ALL[name]
    open_ = {one.argument for one in CallRecords.look(FILES / writer.file).questions}
    # The unit may be that of the column that was asked for.
    hidden = {"epoch_unit"} if "columns" in writer.said else set()
    assert open_ == set(writer.said) - hidden


def never_otherwise(path: Path, writer: Writer) -> None:
    """A spoilt file is refused, or asked about, or each of its rows is refused or as it was."""
    right = {row[0]: row[3] for row in wanted(SAMPLE, writer)}
    try:
        found = read(path, writer)
        rows = told(found)
    except (RecordError, FileError):
        return
    for to, _, _, seconds, reason in rows:
        assert reason is not None or seconds == right[to], (to, seconds)
    counts = found.counts
    assert counts.read == counts.loaded + counts.refused + counts.noise + counts.joined


@pytest.mark.parametrize("name", ALL)
def test_another_unit_is_never_charged(name: str, tmp_path: Path) -> None:
    writer = ALL[name]
    scales = [(1000, 1)] if name != "retell" else [(1000, 1), (1, 1000)]
    for place, (up, down) in enumerate(scales):
        path = tmp_path / f"{place}{writer.file}"
        path.write_text(writer.write(SAMPLE[: writer.most], up, down))
        never_otherwise(path, writer)


@pytest.mark.parametrize("name", ALL)
def test_a_renamed_column_is_never_charged_otherwise(name: str, tmp_path: Path) -> None:
    writer = ALL[name]
    text = (FILES / writer.file).read_text()
    if writer.seconds:
        inside = writer.seconds.strip('",')
        spoilt = text.replace(writer.seconds, writer.seconds.replace(inside, "renamed"))
    else:
        lines = (line.partition(",") for line in text.splitlines())
        spoilt = "".join(f"{others},{first}\n" for first, _, others in lines)
    assert spoilt != text
    path = tmp_path / writer.file
    path.write_text(spoilt)
    never_otherwise(path, writer)


@pytest.mark.parametrize("name", ALL)
def test_a_line_that_was_cut_is_never_charged_otherwise(name: str, tmp_path: Path) -> None:
    writer = ALL[name]
    text = (FILES / writer.file).read_text()
    last = len(text.rstrip("\n").rpartition("\n")[2])
    for share in (4, 2):
        path = tmp_path / f"{share}{writer.file}"
        path.write_text(text[: len(text) - last * (share - 1) // share])
        never_otherwise(path, writer)


@pytest.mark.parametrize("name", ALL)
def test_no_other_format_takes_a_sample(name: str) -> None:
    writer = ALL[name]
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    CallRecords.look(FILES / writer.file)  # raises where several do


def calls_of(draw: st.DrawFn, most: int) -> list[Call]:
    height = draw(st.integers(1, min(6, most)))
    found = []
    for place in range(height):
        way = draw(st.sampled_from(("outbound", "inbound")))
        other = f"1415555{draw(st.integers(1000, 9999))}"
        to, caller = (other, OWN) if way == "outbound" else (OWN, other)
        begin = draw(st.integers(1_700_000_000, 1_800_000_000))
        talk = draw(st.none() | st.integers(1, 7200))
        found.append(Call(2 * place + 11, to, caller, way, begin, draw(st.integers(1, 40)), talk))
    return found


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_random_calls_come_back_equal(name: str, tmp_path: Path, data: st.DataObject) -> None:
    writer = ALL[name]
    calls = data.draw(st.composite(calls_of)(writer.most))
    if all(call.talk is None for call in calls) and name == "bland":
        return
    path = tmp_path / writer.file
    path.write_text(writer.write(calls, 1, 1))
    found = CallRecords.read(path, format=name.partition(":")[0], **writer.said)
    assert without_caller(told(found)) == without_caller(wanted(calls, writer))
    counts = found.counts
    assert counts.read == counts.loaded + counts.refused + counts.noise + counts.joined
    assert counts.loaded == sum(row[-1] is None for row in told(found))


def test_every_format_has_a_writer_and_a_sample() -> None:
    assert {name.partition(":")[0] for name in ALL} == {one.name for one in FORMATS}
    assert {writer.file for writer in ALL.values()} <= {path.name for path in FILES.iterdir()}


def test_the_page_of_formats_shows_each_as_its_data_have_it() -> None:
    page = (Path(__file__).parents[1] / "docs" / "call-records.md").read_text()
    rows = {line.split(" | ")[0].strip("| `"): line for line in page.splitlines() if line.startswith("| `")}
    assert list(rows) == [one.name for one in FORMATS]
    for one in FORMATS:
        assert one.title in rows[one.name]
        assert one.recognised_by in rows[one.name]
        assert one.written_by.replace("&", "and") in rows[one.name]
    for name, writer in ALL.items():
        for argument in writer.said:
            assert f"`{argument}=" in rows[name.partition(":")[0]]
