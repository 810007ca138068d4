"""The pages on Spark, run as they are read: a Delta table rated in three lines, by Sail."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dialnexa_routing import records
from spark_sessions import sail

pytest.importorskip("pyspark", reason="PySpark is not installed")
pytest.importorskip("deltalake", reason="deltalake is not installed")

from test_spark import CALLS, DECK

pytestmark = pytest.mark.filterwarnings("ignore")
DOCS = Path(__file__).parents[1] / "docs"
BLOCKS = re.findall(r"```python\n(.*?)```", (DOCS / "spark.md").read_text(), re.DOTALL)


def test_a_delta_table_is_rated_in_three_lines(tmp_path: Path) -> None:
    import deltalake

    DECK.save(tmp_path / "plivo.deck")
    deltalake.write_deltalake(tmp_path / "calls", CALLS.to_arrow())
    with sail() as session:
        given = {
            "session": session,
            "calls_path": str(tmp_path / "calls"),
            "deck_path": str(tmp_path / "plivo.deck"),
            "rated_path": str(tmp_path / "rated"),
        }
        exec(BLOCKS[0], given)
    back = pl.from_arrow(deltalake.DeltaTable(tmp_path / "rated").to_pyarrow_table())
    assert isinstance(back, pl.DataFrame)
    assert_frame_equal(back.sort("call_id"), records.rate(CALLS, deck=DECK))


def test_files_are_rated_as_the_page_has_it(tmp_path: Path) -> None:
    DECK.save(tmp_path / "plivo.deck")
    (tmp_path / "calls").mkdir()
    for part in (1, 2):
        CALLS.write_parquet(tmp_path / "calls" / f"{part}.parquet")
    block = BLOCKS[1].replace("/calls/", f"{tmp_path}/calls/").replace('"/rated"', f'"{tmp_path}/rated"')
    block = block.replace("/decks/", f"{tmp_path}/")
    from dialnexa_routing import spark

    with sail() as session:
        exec(block, {"session": session, "spark": spark})
    assert sorted(one.name for one in (tmp_path / "rated").iterdir()) == [
        "1.parquet",
        "2.parquet",
        "manifest.json",
    ]
